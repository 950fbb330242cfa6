/// What a model said at the scheduled issues of the recent past, to be judged once they matured.
///
/// The schedule is that of the training issues. A forecaster asked for the first time late in a
/// history catches up on the window it needs, so that its answer does not depend on having been
/// asked before.
struct ScheduledLog: Sendable {
  /// Days of matured issues that are judged.
  let windowDays: Int
  let schedule: TrainingSchedule
  private(set) var issues: [Int] = []
  /// Per issue, the values of one day; several models lie one after the other.
  private(set) var values: [[Double]] = []
  private var next = -1

  init(windowDays: Int, schedule: TrainingSchedule) {
    self.windowDays = windowDays
    self.schedule = schedule
  }

  /// Returns the scheduled issues up to `known` that have not been recorded, oldest first.
  mutating func due(known: Int, state: QuantityState) -> [Int] {
    let day = state.profile.slotsPerDay
    let first = schedule.firstIssue(state)
    // A refresh boundary lies up to a week back, a maturing issue a day or two more.
    let needed = known - (windowDays + 10) * day
    if next < 0 {
      next = needed <= first ? first : schedule.issue(after: needed - 1, state)
    }
    var result: [Int] = []
    while next <= known {
      result.append(next)
      next = schedule.issue(after: next, state)
    }
    let expired = issues.firstIndex { $0 >= needed } ?? issues.count
    if expired > 0 {
      issues.removeFirst(expired)
      values.removeFirst(expired)
    }
    return result
  }

  mutating func record(_ issue: Int, _ columns: [Double]) {
    issues.append(issue)
    values.append(columns)
  }

  /// Positions of the issues within the window before `boundary` whose whole day had ended then.
  func matured(before boundary: Int, gap: Int, state: QuantityState) -> [Int] {
    let day = state.profile.slotsPerDay
    return issues.indices.filter {
      issues[$0] >= boundary - windowDays * day && issues[$0] + gap + day <= boundary
    }
  }

  /// The newest local midnight on a grid of `days` days that is not after slot `known`.
  func boundary(every days: Int, known: Int, state: QuantityState) -> Int {
    let first = state.calendar.firstMidnight
    let period = days * state.profile.slotsPerDay
    return known < first ? 0 : first + (known - first) / period * period
  }
}

extension IssueFrame {
  /// The frame of a scheduled issue of the past: one day, with what is known of the covariates.
  ///
  /// Weather is what had been forecast by then; where there is no archive of it, what was observed
  /// stands for it, and beyond the observed slots the forecast at hand.
  func scheduled(at issue: Int, state: QuantityState) -> IssueFrame {
    let gap = first - known
    let covariates = CovariateColumns(frame: self, state: state)
    var frame = state.trainingFrame(
      issue, gap: gap, count: state.profile.slotsPerDay, weather: Array(ahead.keys))
    for quantity in ahead.keys where frame.ahead[quantity] == nil {
      frame.ahead[quantity] = frame.slots.map { covariates.value(quantity, $0) }
    }
    return frame
  }
}
