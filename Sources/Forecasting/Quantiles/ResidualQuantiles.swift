import Numerics
import TimeSeries

/// Quantiles around a point forecast from its own matured errors.
///
/// For each slot of the day the errors `y − f` of the last 42 days' issues at slots within one hour
/// of it are pooled; `q = f + Q(errors)`. Errors of PV are divided by the plant's envelope and
/// multiplied by it again. Renewed every day at local midnight. Errors that had not matured at the
/// renewal are not in it, so this is split-conformal calibration on a trailing window. With an
/// adaptive rate the levels follow what was covered; see `LevelAdaptation`.
struct ResidualQuantiles: Sendable {
  static let windowDays = 42
  /// Matured issues before quantiles are given.
  static let firstIssues = 40

  private var log: ScheduledLog
  /// Sorted errors per slot of the day.
  private var pools: [[Double]] = []
  private var renewedAt = -1
  private var adaptation: LevelAdaptation?

  /// Sets up the calibration.
  ///
  /// - Parameters:
  ///   - schedule: When issues are judged.
  ///   - adaptiveRate: Step of the levels a day towards their stated coverage; nothing keeps them.
  init(schedule: TrainingSchedule, adaptiveRate: Double? = nil) {
    adaptation = adaptiveRate.map { LevelAdaptation(rate: $0) }
    let reach = adaptation == nil ? 0 : LevelAdaptation.windowDays
    log = ScheduledLog(windowDays: ResidualQuantiles.windowDays + reach, schedule: schedule)
  }

  /// Lets the log catch up by asking the model at the scheduled issues of the past.
  mutating func observe(
    _ model: inout any SlotModel, _ frame: IssueFrame, state: QuantityState
  ) throws {
    let gap = frame.first - frame.known
    for issue in log.due(known: frame.known, state: state) {
      // The level of an actual value is its place among the errors known at its own issue.
      if adaptation != nil { renew(known: issue, gap: gap, state) }
      let past = frame.scheduled(at: issue, state: state)
      var column = [Double](repeating: .nan, count: past.count)
      try model.predict(past, state: state, into: &column)
      ForecastGuards.limit(&column, past, state: state)
      log.record(issue, column)
      adaptation?.note(issue, pools: pools)
    }
    renew(known: frame.known, gap: gap, state)
  }

  private mutating func renew(known: Int, gap: Int, _ state: QuantityState) {
    let boundary = log.boundary(every: 1, known: known, state: state)
    guard boundary != renewedAt else { return }
    renewedAt = boundary
    pools = []
    let day = state.profile.slotsPerDay
    let from = boundary - ResidualQuantiles.windowDays * day
    let matured = log.matured(before: boundary, gap: gap, state: state)
      .filter { log.issues[$0] >= from }
    let floor = 0.02 * state.capKW(known: known)
    if let waiting = adaptation?.waiting {
      for position in log.issues.indices
      where waiting[log.issues[position]] != nil && log.issues[position] + gap + day <= boundary {
        let errors = errors(position, gap, floor, state)
        adaptation?.judge(log.issues[position], errors: errors, at: boundary)
      }
      adaptation?.forget(before: boundary - LevelAdaptation.windowDays * day)
    }
    guard matured.count >= ResidualQuantiles.firstIssues else { return }
    var own = [[Double]](repeating: [], count: day)
    for position in matured {
      for (slot, error) in errors(position, gap, floor, state) { own[slot].append(error) }
    }
    let reach = max(1, day / 24)
    // Neighbours of fine steps say nearly the same; half-hourly ones are enough.
    let step = max(1, day / 48)
    pools = (0..<day).map { slot in
      stride(from: -reach, through: reach, by: step)
        .flatMap { own[(slot + $0 + day) % day] }.sorted()
    }
  }

  /// The finite errors of a recorded issue with their slots of the day; of PV over the envelope.
  private func errors(
    _ position: Int, _ gap: Int, _ floor: Double, _ state: QuantityState
  ) -> [(slot: Int, error: Double)] {
    let day = state.profile.slotsPerDay
    let issue = log.issues[position]
    return (0..<day).compactMap { k in
      let v = issue + gap + k
      var error = state.profile.values[v] - log.values[position][k]
      if state.quantity == .pv {
        let folded = state.profile.folded(v, known: issue)
        let envelope = state.envelope.value(folded, known: issue, profile: state.profile)
        if !(envelope > floor) { return nil }
        error /= envelope
      }
      return error.isFinite ? (state.slotOfDay(v), error) : nil
    }
  }

  /// Returns one column per level, or nothing while too few issues have matured.
  func quantiles(
    _ levels: [Double], around point: [Double], _ frame: IssueFrame, state: QuantityState
  ) -> [[Double]]? {
    guard !pools.isEmpty else { return nil }
    let used = adaptation?.levels(levels) ?? levels
    return used.map { level in
      (0..<frame.count).map { k in
        let v = frame.first + k
        let pool = pools[state.slotOfDay(v)]
        guard pool.count >= 20 else { return point[k] }
        let error = Statistics.quantile(sorted: pool, probability: level)
        guard state.quantity == .pv else { return point[k] + error }
        let folded = state.profile.folded(v, known: frame.known)
        let envelope = state.envelope.value(folded, known: frame.known, profile: state.profile)
        return point[k] + error * (envelope.isFinite ? envelope : 0)
      }
    }
  }
}
