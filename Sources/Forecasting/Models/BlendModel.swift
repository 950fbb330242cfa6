import Numerics
import TimeSeries

/// A weighted mean of versions, weighted by their trailing error.
///
/// `w ∝ MAE⁻⁴` over the issues of the last 28 days whose day had ended, renewed every day at local
/// midnight; equal weights until 28 issues have matured. A member without a value for a slot
/// is left out there.
struct BlendModel: SlotModel {
  static let windowDays = 28
  static let renewalDays = 1
  static let firstIssues = 28
  static let errorPower = 4.0

  let names: [String]
  private(set) var members: [any SlotModel]
  private var log: ScheduledLog
  private(set) var weights: [Double]
  /// Mean absolute error of each member over the window; empty before enough issues matured.
  private(set) var trailingErrors: [Double] = []
  private var weightedAt = -1

  init(members: [(name: String, model: any SlotModel)], schedule: TrainingSchedule) {
    names = members.map(\.name)
    self.members = members.map(\.model)
    log = ScheduledLog(windowDays: BlendModel.windowDays, schedule: schedule)
    weights = members.map { _ in 1 / Double(members.count) }
  }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws {
    let day = state.profile.slotsPerDay
    for issue in log.due(known: frame.known, state: state) {
      let past = frame.scheduled(at: issue, state: state)
      var columns: [Double] = []
      columns.reserveCapacity(members.count * day)
      for m in members.indices { columns += try column(m, past, state) }
      log.record(issue, columns)
    }
    renewWeights(frame, state)
    var sums = [Double](repeating: 0, count: frame.count)
    var totals = sums
    for m in members.indices {
      let column = try column(m, frame, state)
      for k in column.indices where column[k].isFinite {
        sums[k] += weights[m] * column[k]
        totals[k] += weights[m]
      }
    }
    for k in sums.indices { values[k] = totals[k] > 0 ? sums[k] / totals[k] : .nan }
  }

  private mutating func column(
    _ m: Int, _ frame: IssueFrame, _ state: QuantityState
  ) throws -> [Double] {
    var result = [Double](repeating: .nan, count: frame.count)
    try members[m].predict(frame, state: state, into: &result)
    ForecastGuards.limit(&result, frame, state: state)
    return result
  }

  private mutating func renewWeights(_ frame: IssueFrame, _ state: QuantityState) {
    let boundary = log.boundary(
      every: BlendModel.renewalDays, known: frame.known, state: state)
    guard boundary != weightedAt else { return }
    weightedAt = boundary
    weights = members.map { _ in 1 / Double(members.count) }
    trailingErrors = []
    let gap = frame.first - frame.known
    let matured = log.matured(before: boundary, gap: gap, state: state)
    guard matured.count >= BlendModel.firstIssues else { return }
    let day = state.profile.slotsPerDay
    let errors = members.indices.map { m -> Double in
      var sum = 0.0
      var count = 0
      for position in matured {
        let first = log.issues[position] + gap
        for k in 0..<day {
          let error = abs(log.values[position][m * day + k] - state.profile.values[first + k])
          if error.isFinite {
            sum += error
            count += 1
          }
        }
      }
      return count > 0 ? sum / Double(count) : .infinity
    }
    trailingErrors = errors
    let best = errors.min() ?? .infinity
    guard best.isFinite else { return }
    // Relative to the best, so that small errors do not overflow.
    let raw = errors.map {
      $0.isFinite ? raise(max(best, 1e-12) / max($0, 1e-12), to: Self.errorPower) : 0
    }
    let total = raw.reduce(0, +)
    weights = raw.map { $0 / total }
  }
}

/// A version made elsewhere as a member of a blend.
struct ExternalModel: SlotModel {
  let forecasts: ExternalForecasts
  let version: String
  let quantity: Quantity

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let start = state.profile.start
    let step = state.profile.stepSeconds
    values = forecasts.values(
      version: version, quantity: quantity,
      over: TimeGrid(start: start + frame.first * step, stepSeconds: step, count: frame.count),
      asOf: frame.issuedAt ?? start + frame.first * step)
  }
}
