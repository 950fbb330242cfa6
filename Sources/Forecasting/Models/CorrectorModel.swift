/// A version with its own trailing bias taken off.
///
/// `f' = f + r̄·n/(n + 14)`, `r̄` the mean of `y − f` over the matured issues of the last 28 days at
/// the same slot of the day and in the same bucket of two hours of lead, `n` their number; renewed
/// every day at local midnight.
struct CorrectorModel: SlotModel {
  static let windowDays = 28
  static let shrinkage = 14.0

  private var base: any SlotModel
  private var log: ScheduledLog
  private var sums: [Double] = []
  private var counts: [Double] = []
  private var renewedAt = -1

  init(base: any SlotModel, schedule: TrainingSchedule) {
    self.base = base
    log = ScheduledLog(windowDays: CorrectorModel.windowDays, schedule: schedule)
  }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws {
    let day = state.profile.slotsPerDay
    for issue in log.due(known: frame.known, state: state) {
      let past = frame.scheduled(at: issue, state: state)
      var column = [Double](repeating: .nan, count: day)
      try base.predict(past, state: state, into: &column)
      log.record(issue, column)
    }
    renew(frame, state)
    try base.predict(frame, state: state, into: &values)
    for k in 0..<frame.count {
      let cell = cell(state.slotOfDay(frame.first + k), lead: k, day)
      guard counts[cell] > 0 else { continue }
      values[k] += sums[cell] / (counts[cell] + CorrectorModel.shrinkage)
    }
  }

  private func cell(_ slot: Int, lead: Int, _ day: Int) -> Int {
    // Beyond a day the last bucket's bias is the best there is.
    slot * 12 + min(11, lead * 12 / day)
  }

  private mutating func renew(_ frame: IssueFrame, _ state: QuantityState) {
    let boundary = log.boundary(every: 1, known: frame.known, state: state)
    guard boundary != renewedAt else { return }
    renewedAt = boundary
    let day = state.profile.slotsPerDay
    sums = [Double](repeating: 0, count: day * 12)
    counts = sums
    let gap = frame.first - frame.known
    for position in log.matured(before: boundary, gap: gap, state: state) {
      let first = log.issues[position] + gap
      for k in 0..<day {
        let residual = state.profile.values[first + k] - log.values[position][k]
        guard residual.isFinite else { continue }
        let cell = cell(state.slotOfDay(first + k), lead: k, day)
        sums[cell] += residual
        counts[cell] += 1
      }
    }
  }
}
