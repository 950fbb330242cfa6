import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Counters of a home that uses 0.4 kW: 0.1 kWh in a quarter of an hour.
@Suite("Counters that leave their line") struct CounterLineTests {
  private func slots(
    _ change: (inout [Double]) -> Void, rule: CounterRule = CounterRule()
  ) -> (energyKWh: Double, outcome: CounterOutcome) {
    var totals = (0...40).map { 8000 + Double($0) * 0.1 }
    change(&totals)
    let grid = TimeGrid(start: newYear2024, stepSeconds: 900, count: 40)
    let outcome = rule.slots(
      totals.enumerated().map {
        CounterReading(time: (newYear2024 + $0.offset * 900) * 1000, totalKWh: $0.element)
      }, grid: grid, gapSeconds: 1350)
    let values = outcome.accumulator.totals().values.filter { !$0.isNaN }
    return (values.reduce(0, +) / 4, outcome)
  }

  @Test("a blip to zero, to a half or far up is left out, and the energy across it kept")
  func blips() {
    for value in [0.0, 4000, 80_000] {
      let (energy, outcome) = slots { $0[20] = value }
      #expect(isClose(energy, 4, absolute: 1e-6), "\(value)")
      #expect(outcome.blips == [20] && outcome.resets.isEmpty && outcome.spikes.isEmpty)
    }
    let (energy, outcome) = slots { for k in 20..<23 { $0[k] = 0 } }
    #expect(isClose(energy, 4, absolute: 1e-6) && outcome.blips == [20, 21, 22])
  }

  @Test("another meter goes on without its total being energy") func exchange() {
    let (energy, outcome) = slots { totals in
      for k in 20..<totals.count { totals[k] -= 7700 }
    }
    // 40 intervals of 0.1 kWh, of which nobody knows the one of the exchange.
    #expect(isClose(energy, 3.9, absolute: 1e-6))
    #expect(outcome.exchanges == [20] && outcome.resets.isEmpty)
  }

  @Test("a step that no site makes is no energy, also upwards and for good") func jump() {
    let (energy, outcome) = slots { totals in
      for k in 20..<totals.count { totals[k] += 7700 }
    }
    #expect(isClose(energy, 3.9, absolute: 1e-6) && outcome.spikes == [20])
  }

  @Test("counters that start again each day are no blips") func daily() {
    let (energy, outcome) = slots { totals in
      for k in totals.indices { totals[k] = Double(k % 20) * 0.1 }
    }
    // Two restarts, at 20 and 40; what stands on the counter there is what was counted since.
    #expect(outcome.blips.isEmpty && outcome.resets == [20, 40])
    #expect(isClose(energy, 38 * 0.1, absolute: 1e-6))
  }

  @Test("files that follow one another share the reading at their boundary") func files() throws {
    func file(_ first: Int, _ count: Int) throws -> ScratchFile {
      try ScratchFile(
        "time,total\n"
          + (first..<first + count).map { "\(newYear2024 + $0 * 900),\(100 + Double($0))" }
          .joined(separator: "\n"))
    }
    let files = try [file(0, 4), file(4, 4)]
    let sources = files.map {
      CSVSource(
        path: $0.path, timeColumn: "time",
        columns: [
          ColumnMapping(
            column: "total", quantity: .load, unit: "kWh", reading: .counter(CounterRule()))
        ])
    }
    let reader = HistoryReader(sources, zone: .utc)
    // The files are gone when nothing holds them any more.
    try withExtendedLifetime(files) {
      let (history, _) = try reader.read(grid: try reader.extent())
      #expect(column(history[.load]) == [String](repeating: "4.0", count: 7) + ["-"])
    }
  }

  @Test("a range of the power holds for counters") func range() throws {
    let text =
      "time,total\n"
      + [0.0, 1, 2, 12, 13, 14].enumerated().map {
        "\(newYear2024 + $0.offset * 3600),\($0.element)"
      }.joined(separator: "\n")
    let counter = ColumnMapping(
      column: "total", quantity: .load, unit: "kWh", reading: .counter(CounterRule()), maximum: 5)
    let (history, report) = try readAlone(text, counter)
    #expect(column(history[.load]) == ["1.0", "1.0", "-", "1.0", "1.0", "-"])
    #expect(report.findings.contains { $0.kind == .spike })
  }
}
