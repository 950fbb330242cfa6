import Forecasting
import Planning
import Replay
import Studies
import Synthesis
import Tariffs
import TimeSeries
import Twin

/// A year at 15 min with hourly plans of 36 h for a synthetic home on spot prices.
///
/// The battery is a pack of 16 cells stepped at 1 min. An answer is checked by the balance at the
/// meter, the number of plans, none of them failed, and the foresight bound, which nobody may beat
/// by more than the model gap.
enum ReplayBenchmarks {
  @Sendable static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(name: "replay.year", unit: "s", target: 3) {
        try year(engine: .automatic, days: 366, repeats: 5)
      },
      BenchmarkCase(name: "replay.year_hedged", unit: "s", target: 4.5) {
        try year(engine: .automatic, days: 366, repeats: 5, hedge: .automatic)
      },
      BenchmarkCase(name: "replay.year_glpk", unit: "s", target: 90) {
        try year(engine: .glpk, days: 366, repeats: 1)
      },
      BenchmarkCase(name: "replay.compare_4", unit: "s", target: 12, measure: compareFour),
      BenchmarkCase(
        name: "replay.compare_4_explained", unit: "s", target: 48, measure: explainFour),
    ]
  }

  /// The case; every run of the benchmark makes the same one.
  static func home(
    engine: PlannerChoice, days: Int, hedge: HedgeSettings = HedgeSettings()
  ) throws -> ReplayCase {
    let zone = try Zone("Europe/Berlin")
    let first = CivilTime(year: 2024, month: 1, day: 1).dayNumber
    let from = zone.startOfDay(first)
    let to = zone.startOfDay(first + days)
    let grid = TimeGrid(
      from: zone.startOfDay(first - 28), to: to, stepSeconds: 900)
    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4),
      load: SyntheticLoad(kind: .home, annualKWh: 4500), pv: SyntheticPV(peakKW: 8))
    let tariff = try Tariff(
      name: "spot", currency: "EUR", vatFraction: 0.19,
      energy: [.spot("energy", adderPerKWh: 0.12)], export: .spot(minusPerKWh: 0.005))
    return try ReplayCase(
      history: site.history(grid: grid, zone: zone, seed: 7),
      site: SiteContext(
        zone: zone, latitudeDeg: 52.5, longitudeDeg: 13.4, pvCapacityKW: 8),
      from: from, to: to, battery: .sized(capacityKWh: 10, powerKW: 5), tariff: tariff,
      settings: ReplaySettings(engine: engine, hedge: hedge, wearPerKWh: 0.01))
  }

  private static func version(_ kind: ForecastRecipe.Kind) -> ForecastVersion {
    let recipe = ForecastRecipe(kind)
    return ForecastVersion(
      name: kind.rawValue, load: recipe, pv: recipe, price: ForecastRecipe(.naiveDay))
  }

  private static func year(
    engine: PlannerChoice, days: Int, repeats: Int, hedge: HedgeSettings = HedgeSettings()
  ) throws -> BenchmarkCase.Measurement {
    let replay = try home(engine: engine, days: days, hedge: hedge)
    var outcomes: [ReplayOutcome] = []
    var times: [Double] = []
    for _ in 0..<repeats {
      times.append(
        try Stopwatch.seconds {
          outcomes.append(
            try Replayer(replay).run(.planned(version(.sevenDayAverage))))
        })
    }
    let seconds = Stopwatch.median(times)
    let bound = try ForesightBound(replay)
    let isChecked = outcomes.allSatisfy { outcome in
      outcome.trace.largestImbalanceKWh < 1e-6 && outcome.planning.plans == days * 24
        && outcome.planning.failed == 0 && outcome.cost == outcomes[0].cost
        && outcome.cost >= bound.cost - abs(bound.modelGap)
    }
    let cellSteps = 16 * Double(replay.period.end - replay.period.start) / 60
    return BenchmarkCase.Measurement(
      value: seconds, isChecked: isChecked,
      details: [
        ("plans_per_s", Double(days * 24) / seconds),
        ("executed_cell_steps_per_s", cellSteps / seconds),
      ])
  }

  private static let kinds = [
    ForecastRecipe.Kind.naiveDay, .naiveWeek, .sevenDayAverage, .slotEWMA,
  ]

  /// The same four versions compared and explained on two threads, counterfactuals and all.
  @Sendable private static func explainFour() throws -> BenchmarkCase.Measurement {
    let replay = try home(engine: .automatic, days: 366)
    let versions = kinds.map { version($0) }
    var studies: [RegretStudy] = []
    let seconds = try Stopwatch.seconds {
      let comparison = try ForecastComparison(replay, versions: versions, threads: 2)
      studies.append(try RegretStudy(comparison, of: replay, versions: versions, threads: 2))
    }
    let explained = studies[0].versions
    return BenchmarkCase.Measurement(
      value: seconds,
      isChecked: explained.count == kinds.count
        && explained.allSatisfy { version in
          let sum = version.parts.values.reduce(version.planning, +)
          return abs(sum - version.score.regret) < 0.01 && version.planning == 0
        })
  }

  /// Four versions in turn on one core.
  @Sendable private static func compareFour() throws -> BenchmarkCase.Measurement {
    let replay = try home(engine: .automatic, days: 366)
    var costs: [Double] = []
    var times: [Double] = []
    for _ in 0..<5 {
      times.append(
        try Stopwatch.seconds {
          costs = try kinds.map { try Replayer(replay).run(.planned(version($0))).cost }
        })
    }
    let oracle = try Replayer(replay).run(.oracle)
    return BenchmarkCase.Measurement(
      value: Stopwatch.median(times),
      isChecked: costs.allSatisfy { $0.isFinite && $0 >= oracle.cost })
  }
}
