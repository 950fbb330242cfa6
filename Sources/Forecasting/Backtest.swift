import Diagnostics
public import TimeSeries

/// A rolling-origin test of forecast versions on measured history.
///
/// At every issue time each version is asked for the same horizon from the history cut there; with
/// a gap, the newest slots before the issue are withheld as well. Built-in learned versions count a
/// training issue only when its whole window had ended by the refit (embargo).
public struct Backtest: Sendable {
  /// What is forecast.
  public var quantity: Quantity
  /// The issue times, increasing. [UTC epoch s]
  public var issues: [Int]
  /// Slots per forecast.
  public var horizonSlots: Int
  /// Slots withheld before each issue.
  public var gapSlots: Int
  /// Observed columns handed over as if they had been known ahead; scores made with any are to be
  /// labelled *oracle weather*.
  public var oracleCovariates: [Quantity]

  /// Plans a test.
  public init(
    quantity: Quantity, issues: [Int], horizonSlots: Int, gapSlots: Int = 0,
    oracleCovariates: [Quantity] = []
  ) {
    self.quantity = quantity
    self.issues = issues
    self.horizonSlots = horizonSlots
    self.gapSlots = gapSlots
    self.oracleCovariates = oracleCovariates
  }

  /// Plans a test that issues at hours of the local day.
  ///
  /// - Parameters:
  ///   - quantity: What is forecast.
  ///   - history: The measured history.
  ///   - firstDay: Days of history before the first issue. [d]
  ///   - localHours: Hours of the local day at which forecasts are issued. [h]
  ///   - horizonHours: Length of the horizon. [h]
  ///   - gapSlots: Slots withheld before each issue.
  ///   - oracleCovariates: Observed columns handed over as known ahead.
  public init(
    quantity: Quantity, history: SiteHistory, firstDay: Int = 56,
    localHours: [Int] = [0, 6, 12, 18], horizonHours: Int = 24, gapSlots: Int = 0,
    oracleCovariates: [Quantity] = []
  ) {
    let grid = history.grid
    let horizon = horizonHours * 3600 / grid.stepSeconds
    var issues: [Int] = []
    let first = firstDay * 86_400 / grid.stepSeconds
    if grid.count - horizon >= first {
      for i in first...(grid.count - horizon) {
        let instant = grid.instant(i)
        let local = instant + history.zone.offsetSeconds(at: instant)
        if local % 3600 == 0, localHours.contains((local % 86_400 + 86_400) % 86_400 / 3600) {
          issues.append(instant)
        }
      }
    }
    self.init(
      quantity: quantity, issues: issues, horizonSlots: horizon, gapSlots: gapSlots,
      oracleCovariates: oracleCovariates)
  }

  /// Asks a version for every issue and returns the forecasts in order.
  ///
  /// - Throws: `InputError` when the history does not measure the quantity, and whatever the
  ///   version throws.
  public func forecasts(
    of forecaster: inout any Forecaster, history: SiteHistory
  ) throws -> [Forecast] {
    guard history[quantity] != nil else {
      throw InputError("the history does not measure '\(quantity.rawValue)'")
    }
    var result: [Forecast] = []
    result.reserveCapacity(issues.count)
    for issue in issues {
      let grid = TimeGrid(
        start: issue, stepSeconds: history.grid.stepSeconds, count: horizonSlots)
      let request = ForecastRequest(
        past: history.known(before: issue - gapSlots * grid.stepSeconds), quantity: quantity,
        grid: grid, knownFuture: covariates(over: grid, history))
      result.append(try forecaster.forecast(request))
    }
    return result
  }

  private func covariates(over grid: TimeGrid, _ history: SiteHistory) -> [Quantity: [Double]] {
    var result: [Quantity: [Double]] = [:]
    for covariate in oracleCovariates {
      guard let column = history[covariate] else { continue }
      result[covariate] = grid.indices.map { k in
        history.grid.index(containing: grid.instant(k)).map { column[$0] } ?? .nan
      }
    }
    return result
  }

  /// Scores forecasts against what happened.
  public func scores(of forecasts: [Forecast], history: SiteHistory) -> BacktestScores {
    var scores = BacktestScores(quantity: quantity, history: history)
    for forecast in forecasts { scores.add(forecast) }
    return scores
  }

  /// Runs a version and scores it.
  ///
  /// - Throws: What `forecasts(of:history:)` throws.
  public func scores(
    of forecaster: inout any Forecaster, history: SiteHistory
  ) throws -> BacktestScores {
    scores(of: try forecasts(of: &forecaster, history: history), history: history)
  }
}
