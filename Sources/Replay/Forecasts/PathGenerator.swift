import Forecasting
import Numerics
import Planning
import TimeSeries

/// Makes the paths that a hedged plan is decided against, from what was known at the issue time.
///
/// It keeps the forecasts of as many days as there are paths, no matter how long it works.
struct PathGenerator {
  private static let daySeconds = 86_400
  private let settings: HedgeSettings
  private var alike: AlikeDays
  private let seed: UInt64
  /// No path has a load below. [kW]
  private let lowestLoadKW: Double
  private var issued: [Issue] = []
  private var correlation: (day: Int, load: Double, pv: Double)?

  private struct Issue {
    var load: Forecast
    var pv: Forecast?
    var start: Int { load.grid.start }
  }

  init(_ settings: HedgeSettings, site: SiteContext, seed: UInt64) {
    lowestLoadKW = site.lowestLoadKW
    self.settings = settings
    alike = AlikeDays(site)
    self.seed = seed
  }

  /// Deciles that the forecasts have to come with; empty where the paths need none.
  static func levels(for settings: HedgeSettings) -> [Double] {
    settings.hedge != .none && settings.source == .quantiles
      ? (1...9).map { Double($0) / 10 } : []
  }

  /// Returns the paths of a horizon.
  ///
  /// - Parameters:
  ///   - load: The load forecast, which begins at the issue time.
  ///   - pv: The forecast of production; nothing without a plant.
  ///   - past: What was known at the issue time.
  /// - Returns: As many paths as the past holds, at most those wanted.
  mutating func paths(load: Forecast, pv: Forecast?, past: PastHistory) -> [ForecastPath] {
    if settings.hedge == .none { return [] }
    let horizon = load.grid
    switch settings.source {
    case .lastDays: return lastDays(over: horizon, past: past)
    case .alikeDays: return alike.paths(settings.pathCount, over: horizon, past: past)
    case .residuals, .quantiles: break
    }
    let days = settings.pathCount + daysSpanned(horizon)
    issued.removeAll { $0.start < horizon.start - days * Self.daySeconds }
    defer { issued.append(Issue(load: load, pv: pv)) }
    return settings.source == .residuals
      ? residuals(load: load, pv: pv, past: past) : quantiles(load: load, pv: pv, past: past)
  }

  private func daysSpanned(_ horizon: TimeGrid) -> Int {
    max(1, (horizon.end - horizon.start + Self.daySeconds - 1) / Self.daySeconds)
  }

  // MARK: The last days

  /// Days with a gap are passed over; the search goes back four times as far as paths are wanted.
  private func lastDays(over horizon: TimeGrid, past: PastHistory) -> [ForecastPath] {
    var paths: [ForecastPath] = []
    for back in 1...4 * settings.pathCount where paths.count < settings.pathCount {
      guard let load = day(back, of: .load, over: horizon, past: past) else { continue }
      guard past[.pv] != nil else {
        let none = [Double](repeating: 0, count: horizon.count)
        paths.append(ForecastPath(loadKW: load, pvKW: none))
        continue
      }
      guard let pv = day(back, of: .pv, over: horizon, past: past) else { continue }
      paths.append(ForecastPath(loadKW: load, pvKW: pv))
    }
    return paths
  }

  /// The values of the same times so many days before; what lies after the issue time is a day older.
  private func day(
    _ back: Int, of quantity: Quantity, over horizon: TimeGrid, past: PastHistory
  ) -> [Double]? {
    guard let column = past[quantity], Self.daySeconds % horizon.stepSeconds == 0 else {
      return nil
    }
    var values: [Double] = []
    values.reserveCapacity(horizon.count)
    for k in horizon.indices {
      var days = back
      var instant: Int
      repeat {
        instant =
          quantity.followsClock
          ? past.zone.instant(horizon.instant(k), daysBefore: days)
          : horizon.instant(k) - days * Self.daySeconds
        days += 1
      } while instant >= past.grid.end
      guard instant >= past.grid.start else { return nil }
      let place = (instant - past.grid.start) / horizon.stepSeconds
      guard column[column.startIndex + place].isFinite else { return nil }
      values.append(
        max(quantity == .load ? lowestLoadKW : 0, column[column.startIndex + place]))
    }
    return values
  }

  // MARK: Residuals

  /// The forecast with what the issues of the same hour on earlier days missed over their horizon.
  private func residuals(load: Forecast, pv: Forecast?, past: PastHistory) -> [ForecastPath] {
    var paths: [ForecastPath] = []
    for back in daysSpanned(load.grid)...settings.pathCount + daysSpanned(load.grid)
    where paths.count < settings.pathCount {
      let start = load.grid.start - back * Self.daySeconds
      guard let issue = issued.first(where: { $0.start == start }),
        let missed = missed(issue.load, .load, over: load.grid, past: past)
      else { continue }
      var path = ForecastPath(loadKW: [], pvKW: [Double](repeating: 0, count: load.grid.count))
      path.loadKW = zip(load.values, missed).map { max(lowestLoadKW, $0 + $1) }
      if let pv {
        guard let earlier = issue.pv,
          let missed = self.missed(earlier, .pv, over: load.grid, past: past)
        else { continue }
        path.pvKW = zip(pv.values, missed).map { max(0, $0 + $1) }
      }
      paths.append(path)
    }
    return paths
  }

  /// What an earlier forecast missed, slot by slot; nothing where a value is missing.
  private func missed(
    _ forecast: Forecast, _ quantity: Quantity, over horizon: TimeGrid, past: PastHistory
  ) -> [Double]? {
    guard let actual = past[quantity], forecast.values.count >= horizon.count else { return nil }
    let first = (forecast.grid.start - past.grid.start) / horizon.stepSeconds
    guard first >= 0, first + horizon.count <= past.grid.count else { return nil }
    var missed: [Double] = []
    missed.reserveCapacity(horizon.count)
    for k in horizon.indices {
      let difference = actual[actual.startIndex + first + k] - forecast.values[k]
      guard difference.isFinite else { return nil }
      missed.append(difference)
    }
    return missed
  }

  // MARK: Quantiles

  private mutating func quantiles(
    load: Forecast, pv: Forecast?, past: PastHistory
  ) -> [ForecastPath] {
    guard load.quantileLevels.count > 1 || (pv?.quantileLevels.count ?? 0) > 1 else { return [] }
    let day = load.grid.start / Self.daySeconds
    if correlation?.day != day {
      correlation = (
        day, fitted(past) { ($0.load, .load) }, fitted(past) { issue in issue.pv.map { ($0, .pv) } }
      )
    }
    var random = SeededGenerator(seed: seed &+ UInt64(load.grid.start), label: "forecast paths")
    let count = settings.pathCount
    let loads = QuantilePaths(correlationPerStep: correlation?.load ?? 0)
      .paths(count, of: load, using: &random)
    let plants = pv.map {
      QuantilePaths(correlationPerStep: correlation?.pv ?? 0).paths(count, of: $0, using: &random)
    }
    return (0..<count).map { path in
      ForecastPath(
        loadKW: loads[path].map { max(lowestLoadKW, $0) },
        pvKW: plants.map { $0[path].map { max(0, $0) } }
          ?? [Double](repeating: 0, count: load.grid.count))
    }
  }

  /// Correlation from slot to slot of what the issues that have come true missed; one a day counts.
  private func fitted(
    _ past: PastHistory, _ part: (Issue) -> (Forecast, Quantity)?
  ) -> Double {
    var forecasts: [Forecast] = []
    var actuals: [[Double]] = []
    var last = Int.min
    for issue in issued where issue.start >= last + Self.daySeconds {
      guard let (forecast, quantity) = part(issue), let column = past[quantity],
        forecast.grid.end <= past.grid.end
      else { continue }
      let first = (forecast.grid.start - past.grid.start) / forecast.grid.stepSeconds
      forecasts.append(forecast)
      actuals.append(
        forecast.grid.indices.map { column[column.startIndex + first + $0] })
      last = issue.start
    }
    return QuantilePaths(fittedTo: forecasts, actuals: actuals).correlationPerStep
  }
}
