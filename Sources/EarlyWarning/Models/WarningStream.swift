package import Diagnostics

/// A kept model that is asked sample by sample, as a controller does.
///
/// What it says is what ``WarningModelFile/answer(_:)`` says of a frame that ends at the sample, besides the climb of a
/// logger's filter after a restart, which only later samples tell. A gap of more than one and a half steps, or a
/// signal without a value for longer than it may be held, begins a new stretch.
package struct WarningStream: Sendable {
  /// The model that is asked.
  package let file: WarningModelFile
  private let names: [String]
  private let maxAgeSeconds: Int
  private var instants: [Int] = []
  private var values: [[Double]] = []
  private var newest: [Double]
  private var newestAt: [Int]
  private var startC: Double?
  private var twinC = Double.nan

  /// Starts without a past.
  ///
  /// - Throws: `InputError` for a model that looks at more than samples can carry.
  package init(_ file: WarningModelFile) throws(InputError) {
    self.file = file
    var columns = file.columns
    columns.plannedCurrent = nil
    names = columns.all
    newest = [Double](repeating: .nan, count: names.count)
    newestAt = [Int](repeating: .min, count: names.count)
    maxAgeSeconds = max(5, 3 * file.typicalSeconds)
    let task = file.model.task
    guard task.windowSeconds / file.typicalSeconds <= 20_000 else {
      throw InputError(
        "the model looks back \(task.windowSeconds) s by steps of \(file.typicalSeconds) s, "
          + "more than can be asked sample by sample")
    }
  }

  /// Names of the signals that a sample should have.
  package var signals: [String] { names }

  /// Takes a sample and says what comes.
  ///
  /// - Parameters:
  ///   - instant: Time of the sample, later than the one before. [s]
  ///   - signals: Values by name; one that is left out or not a number is held for a while.
  ///   - plannedA: Current that is to flow over the lead, for a model that knows the plan; that of the
  ///     sample when absent. [A]
  /// - Returns: The prediction, or nothing while the past is not whole.
  /// - Throws: `InputError` for a column that steps of this distance do not give.
  package mutating func add(
    _ instant: Int, _ signals: [String: Double], plannedA: Double? = nil
  ) throws(InputError) -> WarningModel.Prediction? {
    if let last = instants.last, instant <= last { return nil }
    for (k, name) in names.enumerated() {
      if let value = signals[name], value.isFinite {
        newest[k] = value
        newestAt[k] = instant
      }
    }
    let isKnown = newestAt.allSatisfy { $0 > .min && instant - $0 <= maxAgeSeconds }
    if let last = instants.last, !isKnown || 2 * (instant - last) > 3 * file.typicalSeconds {
      instants = []
      values = []
    }
    guard isKnown else { return nil }
    move(to: instant)
    instants.append(instant)
    values.append(newest)
    let kept =
      file.model.task.windowSeconds + max(file.model.task.leadSeconds, 2 * file.typicalSeconds)
    let first = instants.firstIndex { $0 >= instant - kept } ?? 0
    if first > 512 {
      instants.removeFirst(first - 1)
      values.removeFirst(first - 1)
    }
    return try predict(plannedA)
  }

  /// Moves the twin, which is simulated from the start of the stretch.
  private mutating func move(to instant: Int) {
    let now = newest[0]
    startC = startC ?? now
    guard let twin = file.model.twin, let last = instants.last,
      let current = names.firstIndex(where: { $0 == file.columns.current })
    else {
      twinC = now
      return
    }
    let around =
      names.firstIndex { $0 == file.columns.surroundings }.map { newest[$0] } ?? startC ?? now
    twinC = twin.moved(
      twinC, seconds: instant - last, currentA: newest[current], aroundC: around)
  }

  private func predict(_ plannedA: Double?) throws(InputError) -> WarningModel.Prediction? {
    let task = file.model.task
    guard let instant = instants.last else { return nil }
    var columns = file.columns
    var steps = instants
    var channels: [String: TelemetryFrame.Channel] = [:]
    for (k, name) in names.enumerated() {
      let held = values.map { $0[k] }
      channels[name] = TelemetryFrame.Channel(unit: "", held: held, measured: held)
    }
    if task.knowsPlan, let current = columns.current, let past = channels[current]?.held {
      // The plan over the lead: two steps that nothing else is known of.
      steps += [instant + task.leadSeconds / 2, instant + task.leadSeconds]
      let planned = past + [Double](repeating: plannedA ?? past[past.count - 1], count: 2)
      for name in channels.keys {
        channels[name]?.held += [.nan, .nan]
        channels[name]?.measured += [.nan, .nan]
      }
      columns.plannedCurrent = "planned over the lead"
      channels["planned over the lead"] = TelemetryFrame.Channel(
        unit: "A", held: planned, measured: planned)
    }
    let frame = TelemetryFrame(
      instants: steps, known: instants.count, channels: channels, columns: columns,
      typicalSeconds: file.typicalSeconds, startC: startC ?? .nan)
    let answer = try file.answer([frame], twinExcessK: newest[0] - twinC)
    guard let row = answer.data.step.last, row == instants.count - 1 else { return nil }
    return answer.predictions.last
  }
}
