import TimeSeries

/// Boosted quantile trees on calendar and weather without lags over the last 90 days: the recipe of
/// Darkstar's Aurora, for parity.
///
/// 200 rounds at learning rate 0.05 for the levels 0.1, 0.5 and 0.9; the point is the median. The
/// trees are XGBoost's rather than LightGBM's. As there, no rows are drawn per tree, because the
/// original names a share but no frequency.
struct AuroraModel: DistributionModel {
  static let days = 90
  static let levels = [0.1, 0.5, 0.9]

  let schedule: TrainingSchedule
  let seed: UInt64
  let rounds: Int
  private var ensembles: [TreeEnsemble] = []
  private var spread: Float = 1
  private var weather: [Quantity]?
  private var fittedUntil = -1

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
    let width = 5 + wanted.count
    return ensembles.map { trees in
      (0..<frame.count).map { Double(trees.value(rows, row: $0, width: width) * spread) }
    }
  }

  private mutating func fit(
    _ until: Int, _ weather: [Quantity], _ state: QuantityState
  ) throws {
    let observed = CovariateColumns(
      frame: IssueFrame(known: until, first: until, count: 0), state: state)
    var rows: [Float] = []
    var targets: [Float] = []
    for i in max(0, until - AuroraModel.days * state.profile.slotsPerDay)..<until {
      guard state.profile.values[i].isFinite else { continue }
      append(i, weather, observed, state, to: &rows)
      targets.append(Float(state.profile.values[i]))
    }
    guard targets.count >= 200 else { return }
    spread = max(1e-6, (targets.map { abs($0) }.reduce(0, +)) / Float(targets.count))
    var settings = TreeSettings.pinball
    settings.rounds = rounds
    settings.eta = 0.15
    settings.depth = 5
    settings.rowShare = 1
    settings.columnShare = 1
    settings.minChildWeight = 20
    settings.lambda = 1
    ensembles = try BoostedTrees.fitQuantiles(
      rows: rows, width: 5 + weather.count, targets: targets.map { $0 / spread },
      weights: targets.map { _ in 1 }, levels: AuroraModel.levels, settings: settings,
      seed: seed)
  }

  private func append(
    _ v: Int, _ weather: [Quantity], _ covariates: CovariateColumns, _ state: QuantityState,
    to rows: inout [Float]
  ) {
    let harmonics = state.calendar.slot[v] * 12
    rows.append(Float(state.calendar.hour[v]))
    rows.append(Float(state.calendar.harmonics[harmonics]))
    rows.append(Float(state.calendar.harmonics[harmonics + 1]))
    rows.append(Float(state.calendar.weekday[v]))
    rows.append(state.calendar.isWeekend(v) ? 1 : 0)
    for quantity in weather { rows.append(Float(covariates.value(quantity, v))) }
  }
}
