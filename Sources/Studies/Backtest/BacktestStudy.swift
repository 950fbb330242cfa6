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
    /// Columns of weather that each version is tested without as well; nothing for no ablation.
    package var withheld: [Quantity]?
    /// Whether every issue is kept, with the record of the model that made it.
    package var keepsIssues = false

    /// Starts with one window, no program, and nothing withheld or kept.
    package init(site: SiteContext, seed: UInt64) {
      self.site = site
      self.seed = seed
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

  /// A version's errors without one column of weather, neither in the past nor ahead.
  package struct Ablation: Sendable {
    /// Name of the version.
    package let version: String
    /// The column.
    package let withheld: Quantity
    /// Mean absolute error without the column, in the unit of the quantity.
    package let mae: Double
    /// MAE without the column over that with it, less 1.
    package let lossFraction: Double
    /// Without the column against with it.
    package let comparison: BacktestComparison
  }

  /// The issues that every version is asked for.
  package let plan: Backtest
  /// The versions, in the order given.
  package let rows: [Row]
  /// What is lost without a column, by version and column.
  package let ablations: [Ablation]
  /// Whether columns were withheld, if there were any.
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
    let without: [Quantity?] = [nil] + (settings.withheld ?? [])
    let cases = candidates.flatMap { candidate in without.map { (candidate, $0) } }
    let rows = try parallelMap(cases, threads: threads) { candidate, column in
      if monitor.isCancelled() { throw CancellationError() }
      let row = try BacktestStudy.row(
        candidate, without: column, plan, history: history, settings: settings)
      monitor.advanced(1)
      return row
    }
    var whole: [Row] = []
    var ablations: [Ablation] = []
    for ((candidate, column), row) in zip(cases, rows) {
      guard let column, let full = whole.last?.scores else {
        whole.append(row)
        continue
      }
      ablations.append(
        Ablation(
          version: candidate.name, withheld: column, mae: row.scores.errors.mae,
          lossFraction: row.scores.errors.mae / full.errors.mae - 1,
          comparison: BacktestComparison(row.scores, full)))
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
    _ candidate: BacktestCandidate, without column: Quantity?, _ plan: Backtest,
    history: SiteHistory, settings: Settings
  ) throws -> Row {
    var history = history
    var test = plan
    test.weather = candidate.weather
    if let column {
      history[column] = nil
      test.weather = candidate.weather?.without(column)
    }
    var version = try candidate.forecaster(
      site: settings.site, seed: settings.seed, allowsPrograms: settings.allowsPrograms,
      history: history)
    var issues: [Issue] = []
    let forecasts = try test.forecasts(of: &version, history: history) { forecast, version in
      guard settings.keepsIssues, column == nil else { return }
      issues.append(
        Issue(
          forecast: forecast,
          record: (version as? VersionForecaster)?
            .record(of: plan.quantity, version: candidate.name, seed: settings.seed)))
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
