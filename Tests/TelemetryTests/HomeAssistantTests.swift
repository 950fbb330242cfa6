import Diagnostics
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Home Assistant") struct HomeAssistantTests {
  let hours = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 4)

  func read(
    _ file: ScratchFile, _ format: LogFormat, _ channels: [ColumnMapping], grid: TimeGrid,
    zone: Zone = .utc, maxAge: Int = 3600, policy: FindingPolicy = .refuse
  ) throws -> (SiteHistory, IngestReport) {
    let log = LogSource(
      path: file.path, format: format, maxAgeSeconds: maxAge, channels: channels)
    return try HistoryReader([], logs: [log], zone: zone, policy: policy).read(grid: grid)
  }

  @Test("history as JSON: the minimal form, units from attributes, unavailable is missing")
  func historyJSON() throws {
    let file = try ScratchFile(
      """
      [[{"entity_id":"sensor.load","state":"1000","last_changed":"2024-01-01T00:00:00+00:00",
         "attributes":{"unit_of_measurement":"W","friendly_name":"L\\u00e4st"}},
        {"state":"3000","last_changed":"2024-01-01T00:30:00.000000+00:00"},
        {"state":"unavailable","last_changed":"2024-01-01T01:00:00+00:00"},
        {"state":"2000","last_changed":"2024-01-01T01:30:00+00:00"}],
       [{"entity_id":"sensor.energy","state":"10.0","last_changed":"2024-01-01T00:00:00+00:00",
         "attributes":{"unit_of_measurement":"kWh","state_class":"total_increasing"}},
        {"state":"10.5","last_changed":"2024-01-01T00:45:00+00:00"},
        {"state":"0.4","last_changed":"2024-01-01T02:00:00+00:00"}]]
      """, name: "history.json")
    let (history, report) = try read(
      file, .homeAssistantHistoryJSON,
      [
        ColumnMapping(column: "sensor.load", quantity: .load),
        ColumnMapping(
          column: "sensor.energy", quantity: .pv, reading: .counter(CounterRule())),
      ], grid: hours, maxAge: 7200)
    // Half an hour each of 1 and 3 kW; half an hour of 2 kW; 2 kW until its age ends at 03:30.
    #expect(column(history[.load]) == ["2.0", "2.0", "2.0", "2.0"])
    // 0.5 kWh in 45 min, then the restart: 0.4 kWh over 75 min, 0.08 of it before 01:00.
    let pv = try #require(history[.pv])
    #expect(isClose(pv[0], 0.58, absolute: 1e-9))
    #expect(isClose(pv[1], 0.32, absolute: 1e-9))
    #expect(pv[2].isNaN)
    #expect(report.resets == 1 && report.cellsMissing == 1)
    #expect(report.slots[.pv]?.reset == 2)
    #expect(report.findings.first?.diagnostic.position?.line == 9)
  }

  @Test("history as CSV keeps one entity") func historyCSV() throws {
    let file = try ScratchFile(
      "entity_id,state,last_changed\nsensor.a,5,2024-01-01T00:00:00.000Z\n"
        + "sensor.b,7,2024-01-01T00:30:00.000Z\nsensor.a,,2024-01-01T01:00:00.000Z\n")
    let (history, report) = try read(
      file, .homeAssistantHistoryCSV,
      [ColumnMapping(column: "sensor.a", quantity: .load, unit: "kW")], grid: hours)
    #expect(column(history[.load]) == ["5.0", "-", "-", "-"])
    #expect(report.rowsOutside == 1 && report.rowsKept == 2)
  }

  /// The first period ends an hour before it starts; the others are hours of 0.5, 1 and 2 kWh.
  @Test("a period that ends before it starts is refused, and decides no length") func backwards()
    throws
  {
    let start = newYear2024 * 1000
    func period(_ from: Int, _ to: Int, _ energy: Double) -> String {
      "{\"start\":\(start + from * 3_600_000),\"end\":\(start + to * 3_600_000),\"change\":\(energy)}"
    }
    let file = try ScratchFile(
      "{\"sensor.import\":[\(period(0, -1, 9)),\(period(1, 2, 0.5)),\(period(2, 3, 1)),\(period(3, 4, 2))]}",
      name: "statistics.json")
    let mappings = [ColumnMapping(column: "sensor.import", quantity: .load, unit: "kWh")]
    let (history, report) = try read(
      file, .homeAssistantStatisticsJSON, mappings, grid: hours, policy: .report)
    #expect(column(history[.load]) == ["-", "0.5", "1.0", "2.0"])
    #expect(
      report.findings.filter { $0.kind == .badStamp }.map(\.diagnostic.message) == [
        "the period does not end after its 'start'"
      ])
    let reader = HistoryReader(
      [],
      logs: [
        LogSource(path: file.path, format: .homeAssistantStatisticsJSON, channels: mappings)
      ], zone: .utc)
    #expect(try reader.extent() == TimeGrid(start: newYear2024 + 3600, stepSeconds: 3600, count: 3))
  }

  @Test("statistics: change, else sum, else mean; known corruptions are spikes") func statistics()
    throws
  {
    let start = newYear2024 * 1000
    func rows(_ key: String, _ values: [Double], state: Bool = false) -> String {
      values.enumerated().map {
        let from = start + $0.offset * 3_600_000
        let total = state ? ",\"state\":\(500 + $0.offset)" : ""
        return "{\"start\":\(from),\"end\":\(from + 3_600_000),\"\(key)\":\($0.element)\(total)}"
      }.joined(separator: ",")
    }
    let file = try ScratchFile(
      """
      {"sensor.import":[\(rows("change", [0.5, 501, -3, 2], state: true))],
       "sensor.pv":[\(rows("sum", [100, 100.5, 102, 102]))],
       "sensor.outside":[\(rows("mean", [-4, -3.5, -3, 1e2]))]}
      """, name: "statistics.json")
    let (history, report) = try read(
      file, .homeAssistantStatisticsJSON,
      [
        ColumnMapping(column: "sensor.import", quantity: .load, unit: "kWh"),
        ColumnMapping(column: "sensor.pv", quantity: .pv, unit: "kWh"),
        ColumnMapping(column: "sensor.outside", quantity: .ambient, unit: "°C", maximum: 60),
      ], grid: hours)
    #expect(column(history[.load]) == ["0.5", "-", "-", "2.0"])
    // The total of a period is that of its end: the first period has no beginning to compare with.
    #expect(column(history[.pv]) == ["-", "0.5", "1.5", "0.0"])
    #expect(column(history[.ambient]) == ["-4.0", "-3.5", "-3.0", "-"])
    #expect(
      report.findings.filter { $0.kind == .spike }.map(\.diagnostic.message) == [
        "the energy of the period, 501.0, is the whole counter of 501.0",
        "an energy of -3.0 in a period is negative",
        "100 °C of 'ambient' lies above 60",
      ])
  }

  @Test("recorder database: five-minute periods first, then hours, old and new schema")
  func recorder() throws {
    for isOld in [false, true] {
      let file = try ScratchFile("", name: "home-assistant_v2.db")
      let database = try SQLiteReader(path: file.path, writing: true)
      let time = isOld ? "start TEXT" : "start_ts REAL"
      try database.execute(
        """
        CREATE TABLE statistics_meta(id INTEGER PRIMARY KEY, statistic_id TEXT, source TEXT,
          unit_of_measurement TEXT, has_mean INTEGER, has_sum INTEGER, name TEXT);
        INSERT INTO statistics_meta VALUES(1,'sensor.load','recorder','Wh',0,1,NULL);
        CREATE TABLE statistics(id INTEGER PRIMARY KEY, metadata_id INTEGER, \(time), mean REAL,
          min REAL, max REAL, state REAL, sum REAL);
        CREATE TABLE statistics_short_term(id INTEGER PRIMARY KEY, metadata_id INTEGER, \(time),
          mean REAL, min REAL, max REAL, state REAL, sum REAL);
        """)
      func insert(_ table: String, _ seconds: Int, _ sum: Double) throws {
        let instant = newYear2024 + seconds
        let stamp =
          isOld
          ? "'\(Instant.utcText(instant).dropLast().replacingOccurrences(of: "T", with: " "))'"
          : "\(Double(instant))"
        try database.execute(
          "INSERT INTO \(table) VALUES(NULL,1,\(stamp),NULL,NULL,NULL,NULL,\(sum))")
      }
      for (k, sum) in [1000.0, 2000, 4000, 4500].enumerated() {
        try insert("statistics", k * 3600 - 3600, sum)
      }
      // The last hour again in periods of five minutes, all its energy in the first of them.
      for k in 0...12 {
        try insert("statistics_short_term", 10_500 + k * 300, k == 0 ? 4500 : 4600)
      }
      let (history, _) = try read(
        file, .homeAssistantRecorder, [ColumnMapping(column: "sensor.load", quantity: .load)],
        grid: hours)
      #expect(column(history[.load]) == ["1.0", "2.0", "0.5", "0.1"])
      let error = #expect(throws: InputError.self) {
        _ = try read(
          file, .homeAssistantRecorder, [ColumnMapping(column: "sensor.laod", quantity: .load)],
          grid: hours)
      }
      #expect(
        error?.diagnostics.first?.message
          == "there is no channel 'sensor.laod'; did you mean 'sensor.load'?")
    }
  }

  @Test("energy dashboard: entities in rows, hours in columns") func dashboard() throws {
    let file = try ScratchFile(
      """
      entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z,2024-01-01T02:00:00.000Z
      sensor.grid,grid_consumption,kWh,0.5,,1.25
      sensor.roof,solar_production,Wh,0,250,500
      """)
    let (history, report) = try read(
      file, .homeAssistantEnergyCSV,
      [
        ColumnMapping(column: "grid_consumption", quantity: .load),
        ColumnMapping(column: "sensor.roof", quantity: .pv),
      ], grid: hours)
    #expect(column(history[.load]) == ["0.5", "-", "1.25", "-"])
    #expect(column(history[.pv]) == ["0.0", "0.25", "0.5", "-"])
    #expect(report.cellsMissing == 1)
  }

  @Test("broken JSON is named with its place") func brokenJSON() throws {
    let file = try ScratchFile("[[{\"entity_id\":\"sensor.a\",\n  \"state\":}]]", name: "h.json")
    let error = #expect(throws: InputError.self) {
      _ = try read(
        file, .homeAssistantHistoryJSON,
        [ColumnMapping(column: "sensor.a", quantity: .load, unit: "kW")], grid: hours)
    }
    #expect(
      error?.diagnostics.first?.description == "\(file.path):2:11: error: a JSON value was expected"
    )
  }
}
