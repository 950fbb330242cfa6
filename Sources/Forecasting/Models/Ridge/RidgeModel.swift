import Numerics
import TimeSeries

/// Ridge regression on calendar and lag columns, pooled over the steps of the horizon.
///
/// Trained on issues at 0, 6, 12 and 18 h of the local clock and the 24 h after each; an issue counts
/// only when its whole window had ended by the refit. Columns are standardised; the penalty is the
/// one of {1, 10, 100, 1000} with the least squared error on the newest 15 % of the rows, and the
/// weights are then solved on all rows. Columns of the weather are held within the range they had in the
/// rows fitted on, and each slot where that was needed is counted: a spring has degrees of cooling
/// that no winter has seen, and a line through a handful of small ones leads anywhere. Only sums of products are kept, so a refit costs the new
/// rows and five Cholesky factorisations.
struct RidgeModel: SlotModel {
  let schedule: TrainingSchedule
  private var grams: GramBlocks?
  /// Names of the columns, in order.
  private(set) var columnNames: [String] = []
  private var nextIssue = 0
  private(set) var fittedUntil = -1
  private(set) var fit: RidgeFit?
  private(set) var counts = ForecastCounts()
  /// Number of training rows.
  var rowCount: Int { grams?.rowCount ?? 0 }

  init(schedule: TrainingSchedule = TrainingSchedule()) {
    self.schedule = schedule
  }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let weather = RidgeFeatures.weather(for: state.quantity, ahead: frame.ahead)
    let width = RidgeFeatures.width(state, weather: weather)
    if grams?.width != width {
      // The columns of the weather come last.
      grams = GramBlocks(
        width: width, boundedFrom: RidgeFeatures.width(state, weather: []))
      columnNames = RidgeFeatures.names(state, weather: weather)
      nextIssue = schedule.firstIssue(state)
      fittedUntil = -1
      fit = nil
    }
    refit(frame, state, weather)
    counts = ForecastCounts()
    guard let fit else { return }
    let features = RidgeFeatures(frame, state: state, weather: weather)
    let covariates = CovariateColumns(frame: frame, state: state)
    var row = [Double](repeating: 0, count: width)
    for k in 0..<frame.count {
      let filled = features.fill(
        &row, at: 0, slot: frame.first + k, lead: k, state: state, covariates: covariates)
      if filled, fit.bound(&row) { counts.bounded += 1 }
      values[k] = filled ? fit.value(row) : .nan
    }
  }

  private mutating func refit(
    _ frame: IssueFrame, _ state: QuantityState, _ weather: [Quantity]
  ) {
    let until = schedule.refitBoundary(known: frame.known, state: state)
    guard until > fittedUntil else { return }
    fittedUntil = until
    let horizon = state.profile.slotsPerDay
    let gap = frame.first - frame.known
    while nextIssue + gap + horizon <= until {
      addIssue(nextIssue, gap, horizon, state, weather)
      nextIssue = schedule.issue(after: nextIssue, state)
    }
    grams?.drop(before: schedule.windowStart(until, state))
    if let grams, grams.rowCount >= 10 * grams.width { fit = grams.solve() }
  }

  private mutating func addIssue(
    _ issue: Int, _ gap: Int, _ horizon: Int, _ state: QuantityState, _ weather: [Quantity]
  ) {
    guard var grams else { return }
    self.grams = nil
    let width = grams.width
    let frame = state.trainingFrame(issue, gap: gap, count: horizon, weather: weather)
    let features = RidgeFeatures(frame, state: state, weather: weather)
    let covariates = CovariateColumns(frame: frame, state: state)
    for k in 0..<horizon {
      let v = issue + gap + k
      let target = state.profile.values[v]
      guard target.isFinite else { continue }
      let at = grams.beginRow()
      if features.fill(
        &grams.pending, at: at + 1, slot: v, lead: k, state: state, covariates: covariates)
      {
        grams.pending[at] = 1
        grams.pending[at + width + 1] = target
      } else {
        grams.dropRow()
      }
    }
    grams.endIssue(issue)
    self.grams = grams
  }
}

/// When training issues and refits take place; both are fixed to the calendar, not to the calls,
/// so a model depends on the past and the issue time only.
///
/// The first fit is after 14 days of history; from the 28th day on there is one every `refitDays`.
struct TrainingSchedule: Sendable, Hashable {
  /// Days from one refit to the next; nothing refits once, at the first chance.
  var refitDays: Int? = 28
  /// Newest days a fit uses; nothing uses all.
  var windowDays: Int?
  /// Days of history before the first fit.
  var firstFitDays = 14
  /// Days of history from which refits are counted.
  var alignmentDays = 28
  /// Hours of the local clock from one training issue to the next, from midnight on.
  var strideHours = 6

  /// The training issue that follows slot `i`: the next one at 0, 6, 12 or 18 h of the local clock.
  func issue(after i: Int, _ state: QuantityState) -> Int {
    let stride = max(1, strideHours * state.profile.slotsPerDay / 24)
    var next = i + 1
    while state.calendar.slot[next] % stride != 0 { next += 1 }
    return next
  }

  /// The first training issue: the first local midnight with a week of history.
  func firstIssue(_ state: QuantityState) -> Int {
    state.calendar.firstMidnight + 7 * state.profile.slotsPerDay
  }

  /// The first slot of the issues that a fit at slot `until` uses.
  func windowStart(_ until: Int, _ state: QuantityState) -> Int {
    let first = firstIssue(state)
    guard let windowDays else { return first }
    return max(first, until - windowDays * state.profile.slotsPerDay)
  }

  /// The newest slot at which a refit took place; 0 before the first.
  func refitBoundary(known: Int, state: QuantityState) -> Int {
    let day = state.profile.slotsPerDay
    let first = state.calendar.firstMidnight + firstFitDays * day
    guard known >= first else { return 0 }
    guard let refitDays else { return first }
    let aligned = state.calendar.firstMidnight + alignmentDays * day
    guard known >= aligned else { return first }
    return aligned + (known - aligned) / (refitDays * day) * refitDays * day
  }
}
