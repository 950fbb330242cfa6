import Planning
import Replay
import Studies
import Twin

/// Stress studies: random faulted days in closed loop.
enum StressBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(
        name: "stress.500", unit: "times twin.year_16", target: 20, measure: fiveHundredDays)
    ]
  }

  /// 500 random faulted days of a pack of 16 cells in steps of 10 s, over a year of such a pack in steps of 60 s.
  ///
  /// The days share the plan of a replay, which is made before; building each day's battery counts.
  private static func fiveHundredDays() throws -> BenchmarkCase.Measurement {
    let year = try TwinBenchmarks.year(cells: 16)
    let replay = try ReplayBenchmarks.home(engine: .automatic, days: 366)
    let days = try PlannedDays(replay, following: try Replayer(replay).run(.selfConsumption))
    var errors = 0.0
    var steps = 0
    var hours: [Double] = []
    let seconds = try Stopwatch.median(repeats: 3) {
      let campaign = try StressCampaign(
        days, start: { $0 }, policies: ["residential"], healthy: replay.battery, count: 500,
        seed: 1,
        twin: { try .sized(capacityKWh: 10, powerKW: 5, derating: .residential, faults: $1) },
        threads: 1)
      errors = campaign.scores.map(\.balanceError).max() ?? .infinity
      steps = campaign.runs.reduce(0) { $0 + $1.outcomes[0].ledger.steps }
      hours = campaign.runs.map { $0.outcomes[0].ledger.seconds / 3600 }
    }
    return BenchmarkCase.Measurement(
      value: seconds / year.value,
      // Days on which the clock changes have an hour less or more.
      isChecked: year.isChecked && errors < 1e-9 && hours.count == 500
        && hours.allSatisfy { 23...25 ~= $0 } && Double(steps) == 360 * hours.reduce(0, +),
      details: [
        ("500 days, s", seconds), ("twin.year_16, s", year.value),
        ("largest balance error, billionths", errors * 1e9), ("steps per day", Double(steps) / 500),
      ])
  }
}
