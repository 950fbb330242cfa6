import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// What is no number, or stands in the wrong cell, is never read as another number, whatever the logger.
@Suite("Cells of loggers") struct CellReadingTests {
  let hours = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 3)

  private func read(
    _ text: String, _ format: LogFormat, _ channels: [ColumnMapping], name: String = "log.csv"
  ) throws -> (SiteHistory, IngestReport) {
    let file = try ScratchFile(text, name: name)
    let log = LogSource(path: file.path, format: format, channels: channels)
    let (history, report) = try HistoryReader([], logs: [log], zone: .utc, policy: .report)
      .read(grid: hours)
    return (history, report)
  }

  /// Kind, line, column and words of the findings that have a place.
  private func found(_ report: IngestReport) -> [String] {
    report.findings.compactMap { finding in
      finding.diagnostic.position.flatMap { place in
        place.line == 0
          ? nil
          : "\(finding.kind.rawValue) \(place.line):\(place.column) \(finding.diagnostic.message)"
      }
    }
  }

  @Test("an energy dashboard names the cell that is no number") func dashboardCell() throws {
    let (history, report) = try read(
      """
      entity_id,type,unit,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,2024-01-01T02:00:00Z
      sensor.grid,grid_consumption,kWh,0.5,0.7x,0x10
      """, .homeAssistantEnergyCSV, [ColumnMapping(column: "sensor.grid", quantity: .load)])
    #expect(column(history[.load]) == ["0.5", "-", "-"])
    #expect(
      found(report) == [
        "bad_number 2:38 '0.7x' is not a number", "bad_number 2:43 '0x10' is not a number",
      ])
    #expect(report.cellsFailed == 2)
  }

  @Test("an energy dashboard does not shift the hours of a row with a cell too many")
  func dashboardRow() throws {
    let error = #expect(throws: InputError.self) {
      try read(
        """
        entity_id,type,unit,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,2024-01-01T02:00:00Z
        sensor.grid,grid_consumption,kWh,0,5,1.5,2.5
        """, .homeAssistantEnergyCSV, [ColumnMapping(column: "sensor.grid", quantity: .load)])
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "the row has 7 cells, the header has 6; a decimal comma needs another separator of cells "
          + "or quotes",
        "no row lies between 2024-01-01T00:00:00Z and 2024-01-01T03:00:00Z",
      ])
    let (history, report) = try read(
      """
      entity_id,type,unit,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,2024-01-01T02:00:00Z
      sensor.grid,grid_consumption,kWh,"0,5",1
      """, .homeAssistantEnergyCSV, [ColumnMapping(column: "sensor.grid", quantity: .load)])
    #expect(column(history[.load]) == ["0.5", "1.0", "-"])
    #expect(found(report) == ["ragged_row 2:41 the row has 5 cells, the header has 6"])
  }

  @Test("rows of Open-Meteo that are too long or too short are told") func weatherRows() throws {
    let (history, report) = try read(
      """
      latitude,longitude,utc_offset_seconds,timezone
      52.5,13.4,0,GMT

      time,temperature_2m (°C),cloud_cover (%)
      2024-01-01T00:00,1,10
      2024-01-01T01:00,2
      2024-01-01T02:00,1.500,5,0
      2024-01-01T03:00,4,40
      """, .openMeteoCSV,
      [
        ColumnMapping(column: "temperature_2m", quantity: .ambient),
        ColumnMapping(column: "cloud_cover", quantity: .cloudCover),
      ])
    #expect(
      found(report) == [
        "ragged_row 7:26 the row has 4 cells, the header has 3; a decimal comma needs another "
          + "separator of cells or quotes",
        "ragged_row 6:19 the row has 2 cells, the header has 3",
        "ragged_row 7:26 the row has 4 cells, the header has 3; a decimal comma needs another "
          + "separator of cells or quotes",
      ])
    #expect(history[.ambient]?[0] == 1.5 && history[.cloudCover]?[0].isNaN == true)
  }

  @Test("a text for a number in JSON is the number that it says, or a mistake") func json() throws {
    let start = newYear2024
    let (history, report) = try read(
      """
      {"sensor.a":[{"start":\(start),"end":\(start + 3600),"mean":"1.5"},
       {"start":\(start + 3600),"end":\(start + 7200),"mean":"1,5"},
       {"start":\(start + 7200),"end":\(start + 10_800),"mean":true}]}
      """, .homeAssistantStatisticsJSON,
      [ColumnMapping(column: "sensor.a", quantity: .load, unit: "kW")], name: "s.json")
    #expect(column(history[.load]) == ["1.5", "-", "-"])
    #expect(
      found(report) == [
        "bad_number 2:2 'mean' must be a number, found '1,5'",
        "bad_number 3:2 'mean' must be a number, found true",
      ])
    let (weather, mistakes) = try read(
      """
      {"timezone":"GMT","hourly_units":{"temperature_2m":"°C"},"hourly":{
       "time":["2024-01-01T00:00","2024-01-01T01:00","2024-01-01T02:00","2024-01-01T03:00"],
       "temperature_2m":["2",4,"warm",[6]]}}
      """, .openMeteoJSON, [ColumnMapping(column: "temperature_2m", quantity: .ambient)],
      name: "w.json")
    #expect(weather[.ambient]?[0] == 3)
    #expect(
      found(mistakes) == [
        "bad_number 3:26 'warm' is not a number for 'ambient'",
        "bad_number 3:33 a number for 'ambient' was expected, found a list of 1",
      ])
  }

  @Test("a text in a number column of a database is no zero") func database() throws {
    let file = try ScratchFile("", name: "home-assistant_v2.db")
    let database = try SQLiteReader(path: file.path, writing: true)
    try database.execute(
      """
      CREATE TABLE statistics_meta(id INTEGER PRIMARY KEY, statistic_id TEXT,
        unit_of_measurement TEXT);
      INSERT INTO statistics_meta VALUES(1,'sensor.load','kW');
      CREATE TABLE statistics(metadata_id INTEGER, start_ts, mean, sum, state);
      INSERT INTO statistics VALUES(1,\(newYear2024),'1.5',NULL,NULL);
      INSERT INTO statistics VALUES(1,\(newYear2024 + 3600),'much',NULL,NULL);
      """)
    let log = LogSource(
      path: file.path, format: .homeAssistantRecorder,
      channels: [ColumnMapping(column: "sensor.load", quantity: .load)])
    let error = #expect(throws: InputError.self) {
      try HistoryReader([], logs: [log], zone: .utc).read(grid: hours)
    }
    #expect(
      error?.description == "\(file.path): error: 'mean' must be a number, found 'much'")
  }

  @Test("a signal keeps to one kind: units that differ and words among numbers are mistakes")
  func signals() throws {
    let file = try ScratchFile(
      "Time,v,door\n2024-01-01 00:00:00,\"364 Volts\",on\n2024-01-01 00:00:01,\"0.36 kV\",1\n"
        + "2024-01-01 00:00:02,\"367 kW\",off\n2024-01-01 00:00:03,true,7\n"
        + "2024-01-01 00:00:04,1,5,on\n")
    let (log, report) = try readSignalLog([SignalFile(path: file.path, name: "x")])
    #expect(column(log["v"]?.mean) == ["364.0", "360.0", "-", "-"])
    #expect(column(log["door"]?.mean) == ["1.0", "1.0", "0.0", "-"])
    #expect(
      found(report) == [
        "ragged_row 6:25 the row has 4 cells, the header has 3; a decimal comma needs another "
          + "separator of cells or quotes",
        "bad_number 4:22 unit 'kW' in '367 kW' differs in kind from the rest of 'v'",
        "bad_number 5:21 'true' is not a number for 'v'",
        "bad_number 5:26 '7' is not a number for 'door'",
      ])
  }

  @Test("a file in another encoding is read with one warning") func encoding() throws {
    let file = try ScratchFile(
      "time;Außenluft [°C]\n2024-01-01T00:00Z;1,5\n2024-01-01T01:00Z;2,5\n", name: "latin.csv",
      encoding: .isoLatin1)
    let source = CSVSource(
      path: file.path, columns: [ColumnMapping(column: "Außenluft", quantity: .ambient)])
    let (history, report) = try readHistory([source], grid: hours, zone: .utc)
    #expect(column(history[.ambient]) == ["1.5", "2.5", "-"])
    #expect(
      report.findings.first?.kind == .encoding
        && report.findings.first?.diagnostic.position?.description == "\(file.path):1:8")
  }
}
