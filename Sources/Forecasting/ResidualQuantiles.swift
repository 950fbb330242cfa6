import Numerics
import TimeSeries

/// Quantiles around a point forecast from its own matured errors.
///
/// For each slot of the day the errors `y − f` of the last 42 days' issues at slots within one hour
/// of it are pooled; `q = f + Q(errors)`. Errors of PV are divided by the plant's envelope and
/// multiplied by it again. Renewed every day at local midnight. Errors that had not matured at the
/// renewal are not in it, so this is split-conformal calibration on a trailing window.
struct ResidualQuantiles: Sendable {
  static let windowDays = 42
  /// Matured issues before quantiles are given.
  static let firstIssues = 40

  private var log: ScheduledLog
  /// Sorted errors per slot of the day.
  private var pools: [[Double]] = []
  private var renewedAt = -1

  init(schedule: TrainingSchedule) {
    log = ScheduledLog(windowDays: ResidualQuantiles.windowDays, schedule: schedule)
  }

  /// Lets the log catch up by asking the model at the scheduled issues of the past.
  mutating func observe(
    _ model: inout any SlotModel, _ frame: IssueFrame, state: QuantityState
  ) throws {
    for issue in log.due(known: frame.known, state: state) {
      let past = frame.scheduled(at: issue, state: state)
      var column = [Double](repeating: .nan, count: past.count)
      try model.predict(past, state: state, into: &column)
      ForecastGuards.limit(&column, past, state: state)
      log.record(issue, column)
    }
    renew(frame, state)
  }

  private mutating func renew(_ frame: IssueFrame, _ state: QuantityState) {
    let boundary = log.boundary(every: 1, known: frame.known, state: state)
    guard boundary != renewedAt else { return }
    renewedAt = boundary
    pools = []
    let gap = frame.first - frame.known
    let matured = log.matured(before: boundary, gap: gap, state: state)
    guard matured.count >= ResidualQuantiles.firstIssues else { return }
    let day = state.profile.slotsPerDay
    var own = [[Double]](repeating: [], count: day)
    let floor = 0.02 * state.capKW(known: frame.known)
    for position in matured {
      let first = log.issues[position] + gap
      for k in 0..<day {
        let v = first + k
        var residual = state.profile.values[v] - log.values[position][k]
        if state.quantity == .pv {
          let folded = state.profile.folded(v, known: log.issues[position])
          let envelope = state.envelope.value(
            folded, known: log.issues[position], profile: state.profile)
          if !(envelope > floor) { continue }
          residual /= envelope
        }
        if residual.isFinite { own[v % day].append(residual) }
      }
    }
    let reach = max(1, day / 24)
    // Neighbours of fine steps say nearly the same; half-hourly ones are enough.
    let step = max(1, day / 48)
    pools = (0..<day).map { slot in
      stride(from: -reach, through: reach, by: step)
        .flatMap { own[(slot + $0 + day) % day] }.sorted()
    }
  }

  /// Returns one column per level, or nothing while too few issues have matured.
  func quantiles(
    _ levels: [Double], around point: [Double], _ frame: IssueFrame, state: QuantityState
  ) -> [[Double]]? {
    guard !pools.isEmpty else { return nil }
    let day = state.profile.slotsPerDay
    return levels.map { level in
      (0..<frame.count).map { k in
        let v = frame.first + k
        let pool = pools[v % day]
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
