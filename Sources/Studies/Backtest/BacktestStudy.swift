package import Forecasting
package import Replay
package import TimeSeries

/// Forecast versions tested on the same issues, whole, in windows of days and with weather withheld.
package struct BacktestStudy: Sendable {
  /// How versions are tested.
  package struct Settings: Sendable {
    /// Where the forecasts are for.
    package var site: SiteContext
    /// Seed of everything random in a version.
    package var seed: UInt64
    /// Whether versions may start programs.
    package var allowsPrograms = false
    /// Number of disjoint windows of days that are scored besides the whole; 1 for none.
    package var windowCount = 1
    /// What each version is tested without as well; nothing for no ablation.
    package var withheld: [Thinning]?
    /// Whether every issue is kept, with the record of the model that made it.
    package var keepsIssues = false

    /// Starts with one window, no program, and nothing withheld or kept.
    package init(site: SiteContext, seed: UInt64) {
      self.site = site
      self.seed = seed
    }
  }

  /// What a site might not measure, or not so often, or not so soon.
  package enum Thinning: Sendable, Hashable {
    /// A column that is neither in the past nor known ahead.
    case column(Quantity)
    /// A history that is metered at longer intervals: means over them. [s]
    case metered(seconds: Int)
    /// A history that is known so much later. [s]
    case late(seconds: Int)

    /// In a word or some.
    package var words: String {
      switch self {
      case .column(let quantity): quantity.rawValue
      case .metered(let seconds): "metered every \(Thinning.time(seconds))"
      case .late(let seconds): "known \(Thinning.time(seconds)) later"
      }
    }

    private static func time(_ seconds: Int) -> String {
      seconds % 3600 == 0 ? "\(seconds / 3600) h" : "\(seconds / 60) min"
    }

    /// What a test can go without.
    ///
    /// Columns of weather and of everything else that is measured; intervals of half an hour to three hours that no
    /// issue cuts, so that no mean reaches beyond it; delays of an hour, six hours and a day.
    ///
    /// - Parameters:
    ///   - plan: The issues.
    ///   - history: What was measured.
    ///   - weather: Columns that some version knows ahead.
    /// - Returns: Columns first, then intervals and delays in rising order.
    package static func all(
      _ plan: Backtest, history: SiteHistory, weather: Set<Quantity>
    ) -> [Thinning] {
      let columns = Quantity.allCases.filter { column in
        column != plan.quantity && (history[column] != nil || weather.contains(column))
      }
      let grid = history.grid
      let intervals = [1800, 3600, 10_800].filter { seconds in
        seconds > grid.stepSeconds && seconds % grid.stepSeconds == 0
          && plan.issues.allSatisfy { ($0 - grid.start) % seconds == 0 }
      }
      let delays = [3600, 21_600, 86_400].filter { $0 % grid.stepSeconds == 0 }
      return columns.map { .column($0) } + intervals.map { .metered(seconds: $0) }
        + delays.map { .late(seconds: $0) }
    }
  }

  /// One issue of a version.
  package struct Issue: Sendable {
    /// What was issued.
    package let forecast: Forecast
    /// What the version was fitted on then; nothing for versions that are not built in.
    package let record: ModelRecord?
  }

  /// One version.
  package struct Row: Sendable {
    /// The version.
    package let candidate: BacktestCandidate
    /// Its errors.
    package let scores: BacktestScores
    /// Its issues in order of time, if they are kept.
    package let issues: [Issue]
  }

  /// A version's errors without something.
  package struct Ablation: Sendable {
    /// Name of the version.
    package let version: String
    /// What it is tested without.
    package let withheld: Thinning
    /// Mean absolute error without it, in the unit of the quantity.
    package let mae: Double
    /// Mean absolute error with everything, in the unit of the quantity.
    package let wholeMAE: Double
    /// MAE without it over that with it, less 1.
    package var lossFraction: Double { mae / wholeMAE - 1 }
    /// Without it against with it.
    package let comparison: BacktestComparison
  }

  /// The issues that every version is asked for.
  package let plan: Backtest
  /// The versions, in the order given.
  package let rows: [Row]
  /// What is lost without something, by version.
  package let ablations: [Ablation]
  /// Whether anything was withheld.
  package let isAblated: Bool
  /// Disjoint windows of the tested days since 1970-01-01, of equal length; empty for one.
  package let windows: [Range<Int>]

  /// Tests every version.
  ///
  /// - Parameters:
  ///   - plan: The issues.
  ///   - candidates: The versions.
  ///   - history: What was measured, on the step of the plans.
  ///   - settings: How versions are tested.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about each test done; there are `caseCount(…)` in all.
  /// - Throws: `InputError` when the history lacks the quantity or a version refuses;
  ///   `CancellationError` when asked to stop.
  package init(
    _ plan: Backtest, candidates: [BacktestCandidate], history: SiteHistory, settings: Settings,
    threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    self.plan = plan
    isAblated = settings.withheld != nil
    let without: [Thinning?] = [nil] + (settings.withheld ?? [])
    let cases = candidates.flatMap { candidate in without.map { (candidate, $0) } }
    let rows = try parallelMap(cases, threads: threads) { candidate, thinning in
      if monitor.isCancelled() { throw CancellationError() }
      let row = try BacktestStudy.row(
        candidate, without: thinning, plan, history: history, settings: settings)
      monitor.advanced(1)
      return row
    }
    var whole: [Row] = []
    var ablations: [Ablation] = []
    for ((candidate, thinning), row) in zip(cases, rows) {
      guard let thinning, let full = whole.last?.scores else {
        whole.append(row)
        continue
      }
      ablations.append(
        Ablation(
          version: candidate.name, withheld: thinning, mae: row.scores.errors.mae,
          wholeMAE: full.errors.mae, comparison: BacktestComparison(row.scores, full)))
    }
    self.rows = whole
    self.ablations = ablations
    windows = BacktestStudy.windows(
      of: whole.flatMap { $0.scores.byDay.keys }, count: settings.windowCount)
  }

  /// Returns how many tests a study reports to its monitor.
  package static func caseCount(candidates: Int, withheld: Int) -> Int {
    candidates * (1 + withheld)
  }

  private static func row(
    _ candidate: BacktestCandidate, without thinning: Thinning?, _ plan: Backtest,
    history: SiteHistory, settings: Settings
  ) throws -> Row {
    var known = history
    var test = plan
    test.weather = candidate.weather
    switch thinning {
    case nil: break
    case .column(let column):
      known[column] = nil
      test.weather = candidate.weather?.without(column)
    case .metered(let seconds):
      known = history.resampled(stepSeconds: seconds).resampled(to: history.grid)
    case .late(let seconds):
      test.gapSlots += seconds / history.grid.stepSeconds
    }
    var version = try candidate.forecaster(
      site: settings.site, seed: settings.seed, allowsPrograms: settings.allowsPrograms,
      history: history)
    var issues: [Issue] = []
    let forecasts = try test.forecasts(of: &version, history: known) { forecast, version in
      guard settings.keepsIssues, thinning == nil else { return }
      issues.append(
        Issue(
          forecast: forecast,
          record: version.record(
            of: plan.quantity, version: candidate.name, seed: settings.seed)))
    }
    return Row(
      candidate: candidate, scores: test.scores(of: forecasts, history: history), issues: issues)
  }

  /// Disjoint windows of days, as many as asked for and of equal length.
  static func windows(of days: [Int], count: Int) -> [Range<Int>] {
    guard count > 1, let first = days.min(), let last = days.max() else { return [] }
    let length = last + 1 - first
    return (0..<count).map { i in
      (first + i * length / count)..<(first + (i + 1) * length / count)
    }
  }
}
