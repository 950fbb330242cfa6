import Numerics
import TimeSeries

/// Boosted quantile trees on calendar and weather without lags over the last 90 days: the recipe of
/// Darkstar's Aurora, for parity.
///
/// 200 rounds at learning rate 0.05 for the levels 0.1, 0.5 and 0.9, at most 31 leaves grown where
/// the loss falls most and at least 20 rows in each, four fifths of the columns a tree; the point is
/// the median. Calendar columns count whole hours, as there. The trees are XGBoost's in LightGBM's
/// form; no rows are drawn per tree, because the original names a share but no frequency, which
/// LightGBM takes for no drawing.
struct AuroraModel: DistributionModel {
  static let days = 90
  static let levels = [0.1, 0.5, 0.9]
  /// Rows below which nothing is fitted.
  static let leastRows = 500
  static let calendar = ["hour", "weekday", "month", "weekend", "sin_hour", "cos_hour"]

  let schedule: TrainingSchedule
  let seed: UInt64
  let rounds: Int
  private(set) var ensembles: [TreeEnsemble] = []
  private(set) var weather: [Quantity]?
  private(set) var fittedUntil = -1
  private(set) var rowCount = 0

  init(schedule: TrainingSchedule, seed: UInt64, rounds: Int?) {
    self.schedule = schedule
    self.seed = seed
    self.rounds = rounds ?? 200
  }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws {
    if let columns = try outputs(frame, state) { values = columns[1] }
  }

  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) throws -> [[Double]]? {
    guard let columns = try outputs(frame, state) else { return nil }
    return levels.map { level in
      (0..<frame.count).map { k in
        let sorted = columns.map { $0[k] }.sorted()
        // Between the three levels along a line; nothing is known beyond them.
        let place = min(max(level, 0.1), 0.9)
        let share = place < 0.5 ? (place - 0.1) / 0.4 : (place - 0.5) / 0.4
        let low = place < 0.5 ? 0 : 1
        return sorted[low] + share * (sorted[low + 1] - sorted[low])
      }
    }
  }

  private mutating func outputs(
    _ frame: IssueFrame, _ state: QuantityState
  ) throws -> [[Double]]? {
    let wanted = [Quantity.ambient, .cloudCover, .irradiance].filter { frame.ahead[$0] != nil }
    if weather != wanted {
      weather = wanted
      fittedUntil = -1
    }
    let covariates = CovariateColumns(frame: frame, state: state)
    let until = schedule.refitBoundary(known: frame.known, state: state)
    if until > fittedUntil {
      fittedUntil = until
      try fit(until, wanted, state)
    }
    guard !ensembles.isEmpty else { return nil }
    var rows: [Float] = []
    for v in frame.slots { append(v, wanted, covariates, state, to: &rows) }
    let width = AuroraModel.calendar.count + wanted.count
    return ensembles.map { trees in
      (0..<frame.count).map { Double(trees.value(rows, row: $0, width: width)) }
    }
  }

  /// The first slot that a fit at slot `until` uses.
  func windowStart(_ until: Int, _ state: QuantityState) -> Int {
    max(0, until - (schedule.windowDays ?? AuroraModel.days) * state.profile.slotsPerDay)
  }

  private mutating func fit(
    _ until: Int, _ weather: [Quantity], _ state: QuantityState
  ) throws {
    let observed = CovariateColumns(
      frame: IssueFrame(known: until, first: until, count: 0), state: state)
    var rows: [Float] = []
    var targets: [Float] = []
    for i in windowStart(until, state)..<until {
      guard state.profile.values[i].isFinite else { continue }
      append(i, weather, observed, state, to: &rows)
      targets.append(Float(state.profile.values[i]))
    }
    guard targets.count >= AuroraModel.leastRows else { return }
    rowCount = targets.count
    let width = AuroraModel.calendar.count + weather.count
    var settings = TreeSettings()
    settings.rounds = rounds
    settings.leaves = 31
    settings.depth = 0
    settings.rowShare = 1
    // LightGBM rounds the number of columns to the nearest, XGBoost cuts it off.
    settings.columnShare = ((0.8 * Double(width)).rounded() + 0.1) / Double(width)
    settings.minChildWeight = 20
    settings.lambda = 0
    ensembles = try BoostedTrees.fitQuantiles(
      rows: rows, width: width, targets: targets, levels: AuroraModel.levels, settings: settings,
      seed: seed)
  }

  private func append(
    _ v: Int, _ weather: [Quantity], _ covariates: CovariateColumns, _ state: QuantityState,
    to rows: inout [Float]
  ) {
    let hour = state.calendar.hour[v].rounded(.down)
    let angle = 2 * Double.pi * hour / 24
    rows.append(Float(hour))
    rows.append(Float(state.calendar.weekday[v]))
    rows.append(Float(state.calendar.month[v]))
    rows.append(state.calendar.weekday[v] >= 6 ? 1 : 0)
    rows.append(Float(sine(angle)))
    rows.append(Float(cosine(angle)))
    for quantity in weather { rows.append(Float(covariates.value(quantity, v))) }
  }
}
