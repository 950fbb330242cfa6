import TimeSeries

/// Gradient-boosted trees on calendar, lag and level columns, direct and pooled over the steps.
///
/// For loads the trees learn what `slot_ewma` leaves over, for PV the output where the plant's
/// envelope is positive. Trained on issues at 0, 6, 12 and 18 h of the local clock and the 24 h after
/// each; an issue counts only when its whole window had ended by the refit.
struct TreeModel: SlotModel {
  enum Loss: Sendable, Hashable {
    case squared
    /// Pinball losses of these levels.
    case pinball([Double])
  }

  /// Most training rows of one issue of a load, on steps shorter than a quarter of an hour.
  static let rowsPerIssue = 96

  let schedule: TrainingSchedule
  let loss: Loss
  let settings: TreeSettings
  let seed: UInt64
  private(set) var ensembles: [TreeEnsemble] = []
  private var rows: [Float] = []
  private(set) var targets: [Float] = []
  /// Each training issue with the position of its first row.
  private var issueRows: [(issue: Int, row: Int)] = []
  private(set) var weather: [Quantity]?
  private var nextIssue = 0
  private var issueCount = 0
  private(set) var fittedUntil = -1

  init(
    schedule: TrainingSchedule, loss: Loss, settings: TreeSettings = TreeSettings(), seed: UInt64
  ) {
    self.schedule = schedule
    self.loss = loss
    self.settings = settings
    self.seed = seed
  }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws {
    let columns = try outputs(frame, state: state)
    guard let middle = columns.indices.dropFirst(columns.count / 2).first else { return }
    for k in 0..<frame.count { values[k] = columns[middle][k] }
  }

  /// One column per ensemble; empty before the first fit.
  mutating func outputs(_ frame: IssueFrame, state: QuantityState) throws -> [[Double]] {
    let wanted = TreeFeatures.weather(for: state.quantity, ahead: frame.ahead)
    if weather != wanted {
      weather = wanted
      rows = []
      targets = []
      issueRows = []
      ensembles = []
      nextIssue = schedule.firstIssue(state)
      issueCount = 0
      fittedUntil = -1
    }
    try refit(frame, state, wanted)
    guard !ensembles.isEmpty else { return [] }
    let features = TreeFeatures(known: frame.known, state: state, weather: wanted)
    let covariates = CovariateColumns(frame: frame, state: state)
    var buffer: [Float] = []
    let width = TreeFeatures.names(for: state.quantity, weather: wanted).count
    buffer.reserveCapacity(frame.count * width)
    for k in 0..<frame.count {
      features.append(
        to: &buffer, slot: frame.first + k, lead: k, state: state, covariates: covariates)
    }
    let isPV = state.quantity == .pv
    return ensembles.map { trees in
      (0..<frame.count).map { k in
        let v = frame.first + k
        if isPV, !(features.envelope(v, state) > 0) { return .nan }
        let value = Double(trees.value(buffer, row: k, width: width))
        return value + (isPV ? 0 : features.smoothed(v, lead: k, state: state))
      }
    }
  }

  private mutating func refit(
    _ frame: IssueFrame, _ state: QuantityState, _ weather: [Quantity]
  ) throws {
    let until = schedule.refitBoundary(known: frame.known, state: state)
    guard until > fittedUntil else { return }
    fittedUntil = until
    let horizon = state.profile.slotsPerDay
    let gap = frame.first - frame.known
    while nextIssue + gap + horizon <= until {
      issueRows.append((nextIssue, targets.count))
      addIssue(nextIssue, gap, horizon, state, weather)
      issueCount += 1
      nextIssue = schedule.issue(after: nextIssue, state)
    }
    let width = TreeFeatures.names(for: state.quantity, weather: weather).count
    dropRows(before: schedule.windowStart(until, state), width: width)
    guard targets.count >= 200 else { return }
    switch loss {
    case .squared:
      ensembles = [
        try BoostedTrees.fitSquaredError(
          rows: rows, width: width, targets: targets, settings: settings, seed: seed)
      ]
    case .pinball(let levels):
      ensembles = try BoostedTrees.fitQuantiles(
        rows: rows, width: width, targets: targets, levels: levels, settings: settings, seed: seed)
    }
  }

  /// Forgets the issues before a slot.
  private mutating func dropRows(before slot: Int, width: Int) {
    let kept = issueRows.firstIndex { $0.issue >= slot } ?? issueRows.count
    guard kept > 0 else { return }
    let row = kept < issueRows.count ? issueRows[kept].row : targets.count
    rows.removeFirst(row * width)
    targets.removeFirst(row)
    issueRows.removeFirst(kept)
    for i in issueRows.indices { issueRows[i].row -= row }
  }

  /// Mean absolute error of the middle ensemble on its training rows, a sample of 4,096 at most.
  var trainingMAE: Double {
    guard let trees = ensembles.indices.dropFirst(ensembles.count / 2).first else { return .nan }
    let width = rows.count / max(1, targets.count)
    let sample = stride(from: 0, to: targets.count, by: targets.count / 4096 + 1)
    var sum = 0.0
    for i in sample {
      sum += Double(abs(targets[i] - ensembles[trees].value(rows, row: i, width: width)))
    }
    return sum / Double(sample.underestimatedCount)
  }

  private mutating func addIssue(
    _ issue: Int, _ gap: Int, _ horizon: Int, _ state: QuantityState, _ weather: [Quantity]
  ) {
    let features = TreeFeatures(known: issue, state: state, weather: weather)
    let covariates = CovariateColumns(
      frame: state.trainingFrame(issue, gap: gap, count: horizon, weather: weather), state: state)
    let isPV = state.quantity == .pv
    // Neighbouring minutes of a load say nearly the same: one in a quarter of an hour is enough,
    // other ones with the next issue. PV has fewer rows already, those of the day.
    let thinning = isPV ? 1 : max(1, state.profile.slotsPerDay / TreeModel.rowsPerIssue)
    for k in 0..<horizon where (k + issueCount) % thinning == 0 {
      let v = issue + gap + k
      let target = state.profile.values[v]
      guard target.isFinite else { continue }
      if isPV, !(features.envelope(v, state) > 0) { continue }
      features.append(
        to: &rows, slot: v, lead: k, state: state, covariates: covariates)
      targets.append(Float(isPV ? target : target - features.smoothed(v, lead: k, state: state)))
    }
  }
}
