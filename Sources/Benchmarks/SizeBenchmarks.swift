import Forecasting
import Glibc
import Planning
import Replay
import Studies
import TimeSeries
import Twin

/// Sizing studies of the home of ``ReplayBenchmarks``, against a replay of one battery in the same run.
///
/// Time is that of the processor, which other programs disturb less than that of the wall; of the hundred batteries,
/// whose work is dealt out to two threads evenly, half of it. An answer is checked against replays of single batteries,
/// and doing nothing must be worth exactly nothing.
enum SizeBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(name: "size.100", unit: "times replay.year_hedged", target: 35) {
        try hundred(hedge: .automatic)
      },
      BenchmarkCase(name: "size.100_unhedged", unit: "times replay.year", target: 40) {
        try hundred(hedge: HedgeSettings())
      },
      BenchmarkCase(
        name: "size.life_15", unit: "times replay.year", target: 12, measure: fifteenYears),
    ]
  }

  private static let version: ForecastVersion = {
    let recipe = ForecastRecipe(.sevenDayAverage)
    return ForecastVersion(
      name: "average", load: recipe, pv: recipe, price: ForecastRecipe(.naiveDay))
  }()

  private static func settings(energies: Int, powers: Int, years: Int = 15) -> SizingSettings {
    var settings = SizingSettings(
      energiesKWh: (1...energies).map { 2 * Double($0) }, powersKW: (1...powers).map { Double($0) },
      finance: FinanceTerms(capital: CapitalCosts(perKWh: 300, perKW: 100), years: years),
      withOracle: false)
    settings.period = .wholeYears
    return settings
  }

  /// Replays sizes on two threads and says how many seconds of both processors it takes.
  private static func study(
    _ replay: ReplayCase, _ settings: SizingSettings
  ) throws -> (study: SizingStudy, seconds: Double) {
    let work = try SizingWork(
      replay, version: version, settings: settings,
      twinOfSize: { try .sized(capacityKWh: $0, powerKW: $1) })
    let start = processor()
    let study = try SizingStudy(work, threads: 2)
    return (study, processor() - start)
  }

  private static func processor() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds of a replay of one battery: the median of some.
  private static func single(_ replay: ReplayCase) throws -> Double {
    try Stopwatch.median(repeats: 3) { _ = try Replayer(replay).run(.planned(version)) }
  }

  /// A hundred batteries over a year, and how the time grows with their number.
  private static func hundred(hedge: HedgeSettings) throws -> BenchmarkCase.Measurement {
    let replay = try ReplayBenchmarks.home(engine: .automatic, days: 366, hedge: hedge)
    let year = try single(replay)
    let (study, seconds) = try self.study(replay, settings(energies: 10, powers: 10))
    let quarter = try self.study(replay, settings(energies: 5, powers: 5)).seconds
    // The first size, one in the middle and the last.
    let isSame = try [1, 56, 100].allSatisfy { place in
      let candidate = study.candidates[place]
      let alone = try Replayer(
        replay.with(
          battery: .sized(capacityKWh: candidate.energyKWh, powerKW: candidate.powerKW))
      ).run(.planned(version))
      return alone.cost == candidate.run.cost
    }
    return BenchmarkCase.Measurement(
      value: seconds / 2 / year,
      isChecked: isSame && study.candidates.count == 101
        && study.candidates[0].netPresentValue == 0
        && study.candidates.allSatisfy { $0.netPresentValue.isFinite },
      details: [
        ("100 batteries on two threads, s", seconds / 2),
        ("25 batteries on two threads, s", quarter / 2),
        ("one battery, s", year),
      ])
  }

  /// One battery over fifteen years, each replayed, and how the time grows with their number.
  private static func fifteenYears() throws -> BenchmarkCase.Measurement {
    let replay = try ReplayBenchmarks.home(engine: .automatic, days: 366)
    let year = try single(replay)
    func life(_ years: Int) throws -> (study: SizingStudy, seconds: Double) {
      var settings = self.settings(energies: 5, powers: 5, years: years)
      settings.energiesKWh = [10]
      settings.powersKW = [5]
      settings.lifetime.replaysAll = true
      return try self.study(replay, settings)
    }
    let (study, seconds) = try life(15)
    let five = try life(5).seconds
    let one = try life(1).seconds
    let candidate = study.candidates[1]
    let years = candidate.life.years
    let alone = try Replayer(replay).run(.planned(version))
    return BenchmarkCase.Measurement(
      value: seconds / year,
      isChecked: years.count == 15 && years.allSatisfy(\.isReplayed)
        && years[1].startCapacity < 1 && candidate.run.cost == alone.cost,
      details: [
        ("15 years, s", seconds), ("5 years, s", five), ("1 year, s", one),
        ("replay.year, s", year),
      ])
  }
}
