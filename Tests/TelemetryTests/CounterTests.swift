import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Counters to slots") struct CounterTests {
  struct Golden: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Minute after the start and reading.
    let readings: [(Double, Double)]
    /// Energy per slot of 15 min; NaN is missing.
    let slotsKWh: [Double]
    /// last − first + totals at restarts.
    let energyKWh: Double
    var rule = CounterRule()
    var quality: [SlotQuality]?
  }

  // Expected slots are hand-made: power is constant between readings, 900 s per slot.
  @Test(
    "golden cases",
    arguments: [
      Golden(
        testDescription: "plain", readings: [(0, 1000), (15, 1000.5), (30, 1001.5), (60, 1002)],
        slotsKWh: [0.5, 1, 0.25, 0.25], energyKWh: 2),
      Golden(
        testDescription: "a counter that starts in mid-window is not energy",
        readings: [(30, 5000), (45, 5001), (60, 5003)], slotsKWh: [.nan, .nan, 1, 2],
        energyKWh: 3, quality: [.gap, .gap, .ok, .ok]),
      Golden(
        testDescription: "reset to zero: what is counted after it is energy",
        readings: [(0, 10), (15, 10.6), (30, 0.3), (45, 0.9), (60, 0.9)],
        slotsKWh: [0.6, 0.3, 0.6, 0], energyKWh: 0.9 - 10 + 10.6,
        quality: [.ok, .reset, .ok, .ok]),
      Golden(
        testDescription: "reset to a non-zero total", readings: [(0, 100), (15, 40), (30, 41)],
        slotsKWh: [40, 1, .nan, .nan], energyKWh: 41 - 100 + 100),
      Golden(
        testDescription: "a dip of less than a tenth is noise",
        readings: [(0, 10), (15, 11), (30, 10.9), (45, 12), (60, 12)], slotsKWh: [1, 0, 1, 0],
        energyKWh: 2),
      Golden(
        testDescription: "a gap is spread and marked",
        readings: [(0, 7), (15, 7), (60, 8.5)], slotsKWh: [0, 0.5, 0.5, 0.5], energyKWh: 1.5,
        quality: [.ok, .gap, .gap, .gap]),
      Golden(
        testDescription: "a gap is left missing on request",
        readings: [(0, 7), (15, 8), (60, 9.5)], slotsKWh: [1, .nan, .nan, .nan], energyKWh: 1,
        rule: CounterRule(spreadsGaps: false), quality: [.ok, .gap, .gap, .gap]),
      Golden(
        testDescription: "more than the fuse allows is a spike",
        readings: [(0, 7), (15, 8), (30, 108), (45, 108.5), (60, 109)],
        slotsKWh: [1, .nan, 0.5, 0.5], energyKWh: 2, rule: CounterRule(maximumKW: 11),
        quality: [.ok, .spike, .ok, .ok]),
      Golden(
        testDescription: "readings off the slot boundaries are divided by time",
        readings: [(0, 0), (10, 1), (20, 2), (40, 2), (60, 4)],
        slotsKWh: [1.5, 0.5, 0.5, 1.5], energyKWh: 4),
      Golden(
        testDescription: "a total that stays the same and then catches up was not read",
        readings: [(0, 7), (15, 8), (30, 8), (45, 8), (60, 11)], slotsKWh: [1, 1, 1, 1],
        energyKWh: 4, rule: CounterRule(staleSeconds: 1800), quality: [.ok, .gap, .gap, .gap]),
      Golden(
        testDescription: "one reading is no energy", readings: [(5, 100)],
        slotsKWh: [.nan, .nan, .nan, .nan], energyKWh: 0),
    ])
  func golden(golden: Golden) {
    let grid = TimeGrid(start: newYear2024, stepSeconds: 900, count: 4)
    let readings = golden.readings.map {
      CounterReading(time: newYear2024 * 1000 + Int($0.0 * 60_000), totalKWh: $0.1)
    }
    // Readings come every 15 min or 20 min; 30 min is a plain interval, 45 min a gap.
    let outcome = golden.rule.slots(readings, grid: grid, gapSeconds: 1800)
    let slots = outcome.accumulator.totals()
    var sum = 0.0
    for k in grid.indices {
      let energy = slots.values[k] * 0.25
      #expect(
        golden.slotsKWh[k].isNaN
          ? energy.isNaN : isClose(energy, golden.slotsKWh[k], absolute: 1e-9), "slot \(k)")
      if !energy.isNaN { sum += energy }
    }
    #expect(isClose(sum, golden.energyKWh, absolute: 1e-9))
    #expect(isClose(outcome.energyKWh, golden.energyKWh, absolute: 1e-9))
    if let quality = golden.quality { #expect(slots.quality == quality) }
  }

  @Test("from a file, over the hour that is repeated in autumn, in Wh") func file() throws {
    // 2024-10-27T00:00 in Berlin is 2024-10-26T22:00Z; the day has 25 hours.
    let labels = ["00", "01", "02", "02", "03", "04"]
    let file = try ScratchFile(
      "time,total_wh\n"
        + labels.enumerated().map { "2024-10-27 \($0.element):00,\(5_000_000 + $0.offset * 750)" }
        .joined(separator: "\n"))
    let source = CSVSource(
      path: file.path, timeColumn: "time",
      columns: [
        ColumnMapping(column: "total_wh", quantity: .load, reading: .counter(CounterRule()))
      ])
    let grid = TimeGrid(start: 1_729_980_000, stepSeconds: 900, count: 20)
    let (history, report) = try readHistory([source], grid: grid, zone: try Zone("Europe/Berlin"))
    let load = try #require(history[.load])
    for value in load { #expect(isClose(value, 0.75, absolute: 1e-9)) }
    #expect(report.resets == 0 && report.slots[.load]?.ok == 20)
  }
}
