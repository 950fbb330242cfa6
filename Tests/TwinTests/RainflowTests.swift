import Foundation
import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Rainflow counting", .tags(.physics)) struct RainflowTests {
  /// python rainflow 3.2.0: `reference/twin/rainflow`, cycles in the order they are emitted.
  @Test(
    "cycles agree exactly with the reference",
    .enabled(if: RealData.reference != nil, "no reference folder: WATTIF_REFERENCE"),
    arguments: ["astm_example", "plateaus", "monotone", "random1000", "soc_60days_15min"])
  func reference(_ name: String) throws {
    let folder = try #require(RealData.reference)
    let series = try ReferenceTable("rainflow/\(name)_series.csv", in: folder)
    let table = try ReferenceTable("rainflow/\(name)_cycles.csv", in: folder)
    let samples = try #require(series.columns.values.first)
    let cycles = RainflowCounter.cycles(of: samples)
    #expect(cycles.count == table.count)
    let (ranges, means, counts) = (table["range"], table["mean"], table["count"])
    let (starts, ends) = (table["i_start"], table["i_end"])
    for (i, cycle) in cycles.enumerated() where i < table.count {
      #expect(isClose(cycle.range, ranges[i], absolute: 1e-9))
      #expect(isClose(cycle.mean, means[i], absolute: 1e-9))
      #expect(cycle.count == counts[i])
      #expect(cycle.start == Int(starts[i]) && cycle.end == Int(ends[i]))
    }
  }

  /// ASTM E1049-85 (2017), figure 6: ranges and counts of the example history.
  @Test("the example of the standard")
  func standard() {
    let cycles = RainflowCounter.cycles(of: [-2, 1, -3, 5, -1, 3, -4, 4, -2])
    var counts: [Double: Double] = [:]
    for cycle in cycles { counts[cycle.range, default: 0] += cycle.count }
    #expect(counts == [3: 0.5, 4: 1.5, 6: 0.5, 8: 1, 9: 0.5])
  }

  @Test("the sum of ranges is the travel of the signal", arguments: 1...5)
  func travel(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let samples = (0..<500).map { _ in generator.uniform() }
    let travelled = zip(samples, samples.dropFirst()).reduce(0) { $0 + abs($1.0 - $1.1) }
    let counted = RainflowCounter.cycles(of: samples).reduce(0) { $0 + 2 * $1.count * $1.range }
    #expect(isClose(travelled, counted, relative: 1e-12), "seed \(seed)")
  }

  @Test("a counter saved and restored goes on as if nothing happened")
  func resumption() throws {
    var generator = SeededGenerator(seed: 4)
    let samples = (0..<400).map { _ in generator.uniform() }
    var whole = RainflowCounter()
    var first: [RainflowCycle] = []
    whole.add(samples) { first.append($0) }
    var part = RainflowCounter()
    var second: [RainflowCycle] = []
    part.add(Array(samples[..<177])) { second.append($0) }
    let saved = try JSONEncoder().encode(part)
    var restored = try JSONDecoder().decode(RainflowCounter.self, from: saved)
    restored.add(Array(samples[177...])) { second.append($0) }
    #expect(first == second)
    #expect(whole == restored)
  }
}
