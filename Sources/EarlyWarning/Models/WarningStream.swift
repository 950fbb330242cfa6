package import Diagnostics
package import Twin

/// A kept model that is asked sample by sample, as a controller does.
///
/// What it says is what ``WarningModelFile/answer(_:)`` says of a frame that ends at the sample, besides the climb of a
/// logger's filter after a restart, which only later samples tell. A gap of more than one and a half steps, or a
/// signal without a value for longer than it may be held, begins a new stretch. All that it remembers is the past that
/// it is given.
package struct WarningStream: HeatForecast {
  /// The model that is asked.
  package let file: WarningModelFile
  package let signals: [HeatSignal]
  private let names: [String]
  private let maxAgeSeconds: Int

  package var leadSeconds: Double { Double(file.model.task.leadSeconds) }
  package var limitC: Double { file.model.task.limitC }
  package var stepSeconds: Double { Double(file.typicalSeconds) }

  /// Prepares a model.
  ///
  /// The temperature is that of the hottest cell, the current that of the pack and the surroundings the air around the
  /// inverter, where nothing else is said; a signal with the name of a measurement is that measurement.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - stated: What stands for signals of the model, by their names.
  ///   - temperature: What stands for the temperature with the limit where it is not stated.
  /// - Throws: `InputError` for a signal that nothing stands for, one that the model does not have, and a model that
  ///   looks at more than samples can carry.
  package init(
    _ file: WarningModelFile, signals stated: [String: HeatSignal] = [:],
    temperature: HeatSignal = .hottestCell
  ) throws(InputError) {
    self.file = file
    var columns = file.columns
    columns.plannedCurrent = nil
    names = columns.all
    maxAgeSeconds = max(5, 3 * file.typicalSeconds)
    let task = file.model.task
    guard task.windowSeconds / file.typicalSeconds <= 20_000 else {
      throw InputError(
        "the model looks back \(task.windowSeconds) s by steps of \(file.typicalSeconds) s, "
          + "more than can be asked sample by sample")
    }
    var found = Findings()
    let choices = listed(HeatSignal.allCases.map { "'\($0.rawValue)'" }, "or")
    var signals: [HeatSignal] = []
    for name in names {
      let usual: HeatSignal? =
        switch name {
        case columns.temperature: temperature
        case columns.current: .current
        case columns.surroundings: .air
        default: nil
        }
      if let signal = stated[name] ?? HeatSignal(rawValue: name) ?? usual {
        signals.append(signal)
      } else {
        found.error(
          "the model looks at '\(name)': 'signals' must say which of \(choices) stands for it",
          key: "signals")
      }
    }
    for name in stated.keys.sorted() where !names.contains(name) {
      let near = suggestion(for: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      found.error(
        "the model looks at no signal '\(name)'\(near)",
        key: "signals", notes: ["it looks at \(listed(names.map { "'\($0)'" }, "and"))"])
    }
    try found.throwIfErrors()
    self.signals = signals
    try file.checkColumns(
      TelemetryFrame(
        instants: [0], known: 1, channels: [:], columns: file.columns,
        typicalSeconds: file.typicalSeconds, startC: 0))
  }

  package func foresee(
    _ past: inout HeatPast, at instant: Int, _ values: [Double], plannedA: Double?
  ) -> HeatOutlook? {
    if let last = past.instants.last, instant <= last { return nil }
    if past.newest.count != names.count {
      past.newest = [Double](repeating: 0, count: names.count)
      past.newestAt = [Int?](repeating: nil, count: names.count)
    }
    for (k, value) in values.enumerated() where value.isFinite {
      past.newest[k] = value
      past.newestAt[k] = instant
    }
    let isKnown = past.newestAt.allSatisfy { $0.map { instant - $0 <= maxAgeSeconds } ?? false }
    if let last = past.instants.last, !isKnown || 2 * (instant - last) > 3 * file.typicalSeconds {
      past.instants = []
      past.rows = []
    }
    guard isKnown else { return nil }
    move(&past, to: instant)
    past.instants.append(instant)
    past.rows.append(past.newest)
    let kept =
      file.model.task.windowSeconds + max(file.model.task.leadSeconds, 2 * file.typicalSeconds)
    let old = past.instants.firstIndex { $0 >= instant - kept } ?? 0
    // One sample from before the window tells what held at its start.
    if old > 64 + past.instants.count / 4 {
      past.instants.removeFirst(old - 1)
      past.rows.removeFirst(old - 1)
    }
    return outlook(past, plannedA)
  }

  /// Moves the twin, which is simulated from the start of the stretch.
  private func move(_ past: inout HeatPast, to instant: Int) {
    let now = past.newest[0]
    past.first = past.first ?? now
    guard let twin = file.model.twin, let last = past.instants.last,
      let current = names.firstIndex(where: { $0 == file.columns.current })
    else {
      past.bodyC = now
      return
    }
    let around =
      names.firstIndex { $0 == file.columns.surroundings }.map { past.newest[$0] } ?? past.first
    past.bodyC = twin.moved(
      past.bodyC ?? now, seconds: instant - last, currentA: past.newest[current],
      aroundC: around ?? now)
  }

  private func outlook(_ past: HeatPast, _ plannedA: Double?) -> HeatOutlook? {
    let task = file.model.task
    guard let instant = past.instants.last else { return nil }
    var columns = file.columns
    var steps = past.instants
    var channels: [String: TelemetryFrame.Channel] = [:]
    for (k, name) in names.enumerated() {
      let held = past.rows.map { $0[k] }
      channels[name] = TelemetryFrame.Channel(unit: "", held: held, measured: held)
    }
    if task.knowsPlan, let current = columns.current, let own = channels[current]?.held {
      // The plan over the lead: two steps that nothing else is known of.
      steps += [instant + task.leadSeconds / 2, instant + task.leadSeconds]
      let planned = own + [Double](repeating: plannedA ?? own[own.count - 1], count: 2)
      for name in channels.keys {
        channels[name]?.held += [.nan, .nan]
        channels[name]?.measured += [.nan, .nan]
      }
      columns.plannedCurrent = "planned over the lead"
      channels["planned over the lead"] = TelemetryFrame.Channel(
        unit: "A", held: planned, measured: planned)
    }
    let frame = TelemetryFrame(
      instants: steps, known: past.instants.count, channels: channels, columns: columns,
      typicalSeconds: file.typicalSeconds, startC: past.first ?? .nan)
    // The columns were looked at when the model was prepared: nothing is thrown.
    let answer = try? file.answer(
      [frame], from: past.instants.count - 1,
      twinExcessK: past.newest[0] - (past.bodyC ?? past.newest[0]))
    guard let said = answer?.predictions.last, said.probability.isFinite else { return nil }
    return HeatOutlook(
      riseK: said.changeK.isFinite ? said.changeK : nil, probability: said.probability)
  }
}
