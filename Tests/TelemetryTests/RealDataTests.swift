import Diagnostics
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Sums and counts were computed from the same files by a separate Python script.
@Suite(
  "Measured data sets",
  .enabled(if: RealData.folder != nil, "no measured data: the variable WATTIF_DATA names no folder")
)
struct RealDataTests {
  func path(_ name: String) -> String { "\(RealData.folder ?? "")/\(name)" }

  func sum(_ values: [Double]?) -> Double {
    (values ?? []).reduce(0) { $1.isNaN ? $0 : $0 + $1 }
  }

  @Test("house in France: night gaps of PV stay missing unless filled on purpose") func french()
    throws
  {
    func source(_ fill: FillRule) -> CSVSource {
      CSVSource(
        path: path("house_fr_emhass/load_pv_30min.csv"), timeColumn: "time_utc",
        columns: [
          ColumnMapping(column: "load_w", quantity: .load),
          ColumnMapping(column: "pv_w", quantity: .pv, fill: fill),
        ])
    }
    let paris = try Zone("Europe/Paris")
    let grid = try HistoryReader([source(.none)], zone: paris).extent()
    #expect(grid == TimeGrid(start: 1_709_154_000, stepSeconds: 1800, count: 17_524))
    let (history, report) = try readHistory([source(.none)], grid: grid, zone: paris)
    #expect(isClose(sum(history[.load]), 15_348.542645327857, relative: 1e-12))
    #expect(isClose(sum(history[.pv]), 10_406.93633099775, relative: 1e-12))
    #expect(report.slots[.load]?.gap == 336 && report.slots[.load]?.ok == 17_188)
    #expect(report.slots[.pv]?.gap == 8781 && report.slots[.pv]?.ok == 8743)
    #expect(report.rowsKept == 17_524 && report.rowsReported == 0)
    let place = GeographicPosition(latitudeDeg: 46.5, longitudeDeg: 2.5)
    let (filled, counts) = try readHistory(
      [source(.zeroAtNight(maxElevationDeg: 3))], grid: grid, zone: paris, place: place)
    let slots = try #require(counts.slots[.pv])
    #expect(slots.filled > 7000 && slots.filled + slots.gap == 8781)
    #expect(isClose(sum(filled[.pv]), 10_406.93633099775, relative: 1e-12))
  }

  @Test("PV forecast of the same house: stand-by power is raised to zero") func standby() throws {
    let source = CSVSource(
      path: path("house_fr_emhass/load_pv_30min.csv"), timeColumn: "time_utc",
      columns: [ColumnMapping(column: "pv_forecast_w", quantity: .pv)])
    let grid = TimeGrid(start: 1_709_154_000, stepSeconds: 1800, count: 17_524)
    let (history, report) = try readHistory([source], grid: grid, zone: .utc)
    #expect(report.slots[.pv]?.clamped == 728)
    #expect(isClose(sum(history[.pv]), 7194.509748333336, relative: 1e-12))
  }

  @Test("Victorian prices: two months join, labelled at the end, mostly without DST") func aemo()
    throws
  {
    let sources = ["09", "10"].map {
      CSVSource(
        path: path("campus_monash/aemo_price_and_demand_2020\($0)_VIC1.csv"),
        timeColumn: "SETTLEMENTDATE", zone: try? Zone("Australia/Brisbane"), label: .end,
        columns: [ColumnMapping(column: "RRP", quantity: .price, unit: "$/MWh")])
    }
    let melbourne = try Zone("Australia/Melbourne")
    // 2020-09-01T00:00+10:00 is 2020-08-31T14:00Z.
    let grid = TimeGrid(start: 1_598_882_400, stepSeconds: 1800, count: 2928)
    #expect(try HistoryReader(sources, zone: melbourne).extent() == grid)
    let (history, report) = try readHistory(sources, grid: grid, zone: melbourne)
    let price = try #require(history[.price])
    #expect(isClose(sum(price), 116.54659, relative: 1e-9))
    #expect(price.count { $0 < 0 } == 203)
    #expect(isClose(price[0], 0.05713, absolute: 1e-12))
    #expect(report.slots[.price]?.ok == 2928 && report.findings.isEmpty)
  }

  @Test("campus: absurd values are refused by their range and named") func campus() throws {
    let source = CSVSource(
      path: path("campus_monash/load_15min_2019-01_2020-10.csv"), timeColumn: "time_utc",
      columns: [ColumnMapping(column: "building0_kw", quantity: .load, maximum: 600)])
    let grid = TimeGrid(start: 1_546_300_800, stepSeconds: 900, count: 64_320)
    let (history, report) = try readHistory([source], grid: grid, zone: .utc)
    let slots = try #require(report.slots[.load])
    #expect(slots.spike == 20 && slots.ok == 38_411 && slots.gap == 25_889)
    #expect(isClose(sum(history[.load]), 6_628_455.6, relative: 1e-9))
    #expect(report.findings.count { $0.kind == .spike } == 20)
  }

  @Test("Swedish meter: energy of the counter is conserved over two gaps") func swedish() throws {
    let source = CSVSource(
      path: path("house_se4_darkstar/load_pv_1h_2025q3.csv"), timeColumn: "time_utc",
      columns: [
        ColumnMapping(
          column: "load_meter_kwh", quantity: .load,
          reading: .counter(CounterRule(delaySeconds: 3600))),
        ColumnMapping(column: "pv_kwh", quantity: .pv),
      ])
    // 2025-07-03T00:00Z, 90 days.
    let grid = TimeGrid(start: 1_751_500_800, stepSeconds: 900, count: 90 * 96)
    let (history, report) = try readHistory(
      [source], grid: grid, zone: try Zone("Europe/Stockholm"))
    // 1680.2 − 7.5, the first and last reading of the meter.
    #expect(isClose(sum(history[.load]) * 0.25, 1672.7, absolute: 1e-6))
    // The file lacks 2025-07-07T19:00Z and 20:00Z: three hours between readings are a gap.
    #expect(report.slots[.load]?.gap == 16)
    #expect(report.slots[.pv]?.gap == 8)
  }

  @Test("Californian homes: a filled clock must be read without its skipped hour") func fontana()
    throws
  {
    var source = CSVSource(
      path: path("homes_fontana_citylearn/load_pv_1h.csv"), timeColumn: "interval_start_local",
      columns: [
        ColumnMapping(column: "load_b06_kwh", quantity: .load),
        ColumnMapping(column: "pv_b01_w_per_kw", quantity: .pv, factor: 4),
      ])
    let zone = try Zone("America/Los_Angeles")
    let grid = TimeGrid(start: 1_470_034_800, stepSeconds: 3600, count: 8760)
    let error = #expect(throws: InputError.self) {
      try readHistory([source], grid: grid, zone: zone)
    }
    #expect(
      error?.diagnostics.first?.message
        == "2017-03-12T02:00 does not exist in America/Los_Angeles")
    source.skipsNonexistentTimes = true
    let (history, report) = try readHistory([source], grid: grid, zone: zone)
    #expect(report.rowsReported == 1 && report.rowsKept == 8759)
    // One hour of the autumn night was never in the file.
    #expect(report.slots[.load]?.gap == 1)
    #expect((history[.load]?.filter { $0 < 1e-6 }.count ?? 0) == 262)
    #expect(isClose(sum(history[.pv]), 1803.1241369170044 * 4, relative: 1e-3))
  }

  @Test("raw Home Assistant states: events become means, negative ones are counted") func states()
    throws
  {
    let source = CSVSource(
      path: path("house_fr_emhass/ha_history_long_2022-10.csv"), timeColumn: "last_changed_utc",
      sampling: .held(maxAgeSeconds: 3600),
      filters: [RowFilter(column: "entity_id", equals: "sensor.power_load_no_var_loads")],
      columns: [ColumnMapping(column: "state", quantity: .load, unit: "W")])
    // 2022-10-19T19:00Z, 24 h.
    let grid = TimeGrid(start: 1_666_206_000, stepSeconds: 1800, count: 48)
    let (history, report) = try readHistory([source], grid: grid, zone: .utc)
    #expect(report.rowsKept == 8723)
    #expect(report.slots[.load]?.gap == 0)
    #expect(report.findings.last?.diagnostic.message == "49 more findings of kind 'clamped'")
    let mean = sum(history[.load]) / 48
    #expect((0.5...0.9).contains(mean))
  }

  @Test("Swedish meter: an outage with one catch-up value is seen, and can be spread") func outage()
    throws
  {
    func source(_ rule: CounterRule) -> CSVSource {
      CSVSource(
        path: path("house_se4_darkstar/load_pv_1h_2025q3.csv"), timeColumn: "time_utc",
        columns: [
          ColumnMapping(column: "load_meter_kwh", quantity: .load, reading: .counter(rule))
        ])
    }
    let grid = TimeGrid(start: 1_751_500_800, stepSeconds: 3600, count: 90 * 24)
    let (raw, _) = try readHistory(
      [source(CounterRule(delaySeconds: 3600))], grid: grid, zone: .utc)
    let findings = try sensorFindings(MarkedHistory(raw)).filter { $0.kind == .catchUp }
    #expect(
      findings.map(\.diagnostic.message) == [
        "'load' is zero in 17 slots from 2025-08-28T19:00:00Z and then 10.3 kW at once, as after "
          + "an outage of the meter"
      ])
    let (spread, report) = try readHistory(
      [source(CounterRule(delaySeconds: 3600, staleSeconds: 3 * 3600))], grid: grid, zone: .utc)
    let load = try #require(spread[.load])
    // 10.3 kWh over 18 hours.
    let first = try #require(grid.index(containing: 1_756_407_600))
    for slot in first..<first + 18 { #expect(isClose(load[slot], 10.3 / 18, absolute: 1e-9)) }
    #expect(isClose(sum(load), sum(raw[.load]), absolute: 1e-9))
    #expect(report.slots[.load]?.gap == 18 + 4)
  }

  @Test("Home Assistant's own answer and the same states as a table agree") func twoWays() throws {
    let packed = path("house_fr_emhass/ha_history_api_2022-10.json.gz")
    let unpacking = Process()
    unpacking.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpacking.arguments = ["gzip", "-dc", packed]
    let pipe = Pipe()
    unpacking.standardOutput = pipe
    try unpacking.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    unpacking.waitUntilExit()
    let file = try ScratchFile(String(decoding: text, as: UTF8.self), name: "history.json")
    let entity = "sensor.power_load_no_var_loads"
    let json = LogSource(
      path: file.path, format: .homeAssistantHistoryJSON,
      channels: [ColumnMapping(column: entity, quantity: .load)])
    let csv = CSVSource(
      path: path("house_fr_emhass/ha_history_long_2022-10.csv"), timeColumn: "last_changed_utc",
      sampling: .held(maxAgeSeconds: 3600),
      filters: [RowFilter(column: "entity_id", equals: entity)],
      columns: [ColumnMapping(column: "state", quantity: .load, unit: "W")])
    let grid = TimeGrid(start: 1_666_206_000, stepSeconds: 900, count: 96)
    let (a, left) = try HistoryReader([], logs: [json], zone: .utc).read(grid: grid)
    let (b, right) = try readHistory([csv], grid: grid, zone: .utc)
    #expect(column(a[.load]) == column(b[.load]))
    #expect(left.rowsKept == 8723 && right.rowsKept == 8723)
    #expect(left.slots == right.slots)
  }

  @Test("hour-ending labels with month first, up to midnight of the last day") func hourEnding()
    throws
  {
    let source = CSVSource(
      path: path("prices_dayahead/caiso_like_dam_1h_2017.csv"), timeColumn: "hour_ending_label",
      stampFormat: .monthDayYear, zone: try Zone("Etc/GMT+8"), label: .end,
      columns: [ColumnMapping(column: "dam_price_usd_per_kwh", quantity: .price)])
    // 2017-01-01T00:00−08:00.
    let grid = TimeGrid(start: 1_483_257_600, stepSeconds: 3600, count: 8760)
    #expect(try HistoryReader([source], zone: .utc).extent() == grid)
    let (history, report) = try readHistory([source], grid: grid, zone: .utc)
    #expect(isClose(sum(history[.price]), 309.08278665, relative: 1e-12))
    #expect(history[.price]?.count { $0 == 0 } == 144)
    #expect(report.slots[.price]?.ok == 8760)
  }

  @Test("five-minute prices per MWh stay negative where they are") func negativePrices() throws {
    let source = CSVSource(
      path: path("prices_dayahead/rt_price_site_load_5min_2019.csv"),
      timeColumn: "interval_start_local", zone: try Zone("Etc/GMT+8"),
      columns: [ColumnMapping(column: "rt_price_usd_per_mwh", quantity: .price)])
    let grid = try HistoryReader([source], zone: .utc).extent()
    let (history, _) = try readHistory([source], grid: grid, zone: .utc)
    #expect(grid.count == 105_120)
    #expect(history[.price]?.count { $0 < 0 } == 2375)
    #expect(isClose(sum(history[.price]), 2662.0924928, relative: 1e-9))
  }

  @Test("an overflow of a cell tester is missing, not a current") func overflow() throws {
    let source = SignalFile(
      path: path("battery_cells_lab/samsung30q_s002_discharge.csv"), name: "s002",
      timeColumn: "time_s")
    let (log, report) = try readSignalLog([source])
    let current = try #require(log["current_a"])
    #expect((current.mean.filter { !$0.isNaN }.max() ?? 1e9) < 20)
    #expect(
      report.findings.map(\.diagnostic.message).contains(
        "1 values of 'current_a' are overflows, hence missing"))
  }
}
