import Diagnostics
package import TimeSeries

/// A rolling-origin test of forecast versions on measured history.
///
/// At every issue time each version is asked for the same horizon from the history cut there; with
/// a gap, the newest slots before the issue are withheld as well. Built-in learned versions count a
/// training issue only when its whole window had ended by the refit (embargo).
package struct Backtest: Sendable {
  /// What is forecast.
  package var quantity: Quantity
  /// The issue times, increasing. [UTC epoch s]
  package var issues: [Int]
  /// Slots per forecast.
  package var horizonSlots: Int
  /// Slots withheld before each issue.
  package var gapSlots: Int
  /// Where weather forecasts come from; scores made with observed weather are to be labelled
  /// *oracle weather*.
  package var weather: WeatherForecasts?
  /// Whether prices are known to the end of the local day of an issue, as on a day-ahead market; they
  /// are handed to forecasts of battery power.
  package var knowsPricesOfToday = false

  /// Plans a test.
  package init(
    quantity: Quantity, issues: [Int], horizonSlots: Int, gapSlots: Int = 0,
    weather: WeatherForecasts? = nil
  ) {
    self.quantity = quantity
    self.issues = issues
    self.horizonSlots = horizonSlots
    self.gapSlots = gapSlots
    self.weather = weather
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
  ///   - weather: Where weather forecasts come from.
  package init(
    quantity: Quantity, history: SiteHistory, firstDay: Int = 56,
    localHours: [Int] = [0, 6, 12, 18], horizonHours: Int = 24, gapSlots: Int = 0,
    weather: WeatherForecasts? = nil
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
      weather: weather)
  }

  /// Asks a version for every issue and returns the forecasts in order.
  ///
  /// - Parameters:
  ///   - forecaster: The version.
  ///   - history: What was measured.
  ///   - issued: Told each forecast with the version as it was then.
  /// - Returns: One forecast per issue.
  /// - Throws: `InputError` when the history does not measure the quantity, and whatever the
  ///   version or `issued` throws.
  package func forecasts(
    of forecaster: inout any Forecaster, history: SiteHistory,
    issued: (Forecast, any Forecaster) throws -> Void = { _, _ in }
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
        grid: grid, knownFuture: pricesOfToday(over: grid, history), weather: weather)
      let forecast = try forecaster.forecast(request)
      try issued(forecast, forecaster)
      result.append(forecast)
    }
    return result
  }

  private func pricesOfToday(
    over grid: TimeGrid, _ history: SiteHistory
  ) -> [Quantity: [Double]] {
    guard knowsPricesOfToday, quantity == .batteryPower, let prices = history[.price] else {
      return [:]
    }
    let today = history.zone.civil(at: grid.start).dayNumber
    let end = history.zone.startOfDay(today + 1)
    return [
      .price: grid.indices.map { k in
        let instant = grid.instant(k)
        guard instant < end, let i = history.grid.index(containing: instant) else { return .nan }
        return prices[i]
      }
    ]
  }

  /// Scores forecasts against what happened.
  package func scores(of forecasts: [Forecast], history: SiteHistory) -> BacktestScores {
    var scores = BacktestScores(quantity: quantity, history: history)
    for forecast in forecasts { scores.add(forecast) }
    return scores
  }

  /// Runs a version and scores it.
  ///
  /// - Throws: What `forecasts(of:history:)` throws.
  package func scores(
    of forecaster: inout any Forecaster, history: SiteHistory
  ) throws -> BacktestScores {
    scores(of: try forecasts(of: &forecaster, history: history), history: history)
  }
}
