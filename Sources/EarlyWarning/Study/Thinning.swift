/// Something that telemetry might lack.
package enum Thinning: Sendable, Hashable {
  /// Which signals are left out.
  package enum Part: Sendable, Hashable {
    case current, plan, voltage, surroundings, otherTemperatures, cellVoltages
    case extra(String)
  }

  /// Signals that nobody measures.
  case without(Part)
  /// A sample of every signal so often, held until the next one. [s]
  case every(Int)
  /// Every signal known so much later. [s]
  case late(Int)

  /// What is lacking, in words.
  package var words: String {
    switch self {
    case .without(.current): "without the current"
    case .without(.plan): "without the plan"
    case .without(.voltage): "without the voltage"
    case .without(.surroundings): "without the surroundings"
    case .without(.otherTemperatures): "without the other temperatures"
    case .without(.cellVoltages): "without the cell voltages"
    case .without(.extra(let name)): "without '\(name)'"
    case .every(let seconds): "a sample every \(seconds) s"
    case .late(let seconds): "known \(seconds) s later"
    }
  }

  /// What some telemetry can be thinned by.
  ///
  /// - Parameters:
  ///   - data: The rows.
  ///   - rates: Distances of samples; 2, 5, 10, 30 and 60 steps, up to half of the past that is looked at, when absent. [s]
  ///   - delays: Delays; a sixth, a half and the whole of the lead, in whole steps, when absent. [s]
  /// - Returns: Signals first, then rates and delays in rising order.
  package static func all(
    _ data: WarningData, rates: [Int]? = nil, delays: [Int]? = nil
  ) -> [Thinning] {
    guard let columns = data.frames.first?.columns else { return [] }
    let step = data.typicalSeconds
    let parts: [(Part, Bool)] = [
      (.current, columns.current != nil), (.plan, data.task.knowsPlan),
      (.voltage, columns.voltage != nil), (.surroundings, columns.surroundings != nil),
      (.otherTemperatures, !columns.otherTemperatures.isEmpty),
      (.cellVoltages, columns.cellVoltages.count > 1),
    ]
    let usual = [2, 5, 10, 30, 60].map { $0 * step }.filter { 2 * $0 <= data.task.windowSeconds }
    let lead = data.task.leadSeconds
    let late = [lead / 6, lead / 2, lead].map { max(step, $0 / step * step) }
    return parts.filter(\.1).map { .without($0.0) }
      + columns.extras.map { .without(.extra($0)) }
      + Set(rates ?? usual).sorted().map { .every($0) }
      + Set(delays ?? late).sorted().map { .late($0) }
  }

  /// Time from the start of a stretch in which nothing is known yet. [s]
  var silentSeconds: Int {
    if case .late(let seconds) = self { seconds } else { 0 }
  }
}

extension WarningColumns {
  /// The parts without one of them.
  func without(_ part: Thinning.Part) -> WarningColumns {
    var columns = self
    switch part {
    case .current: (columns.current, columns.plannedCurrent) = (nil, nil)
    case .plan: columns.plannedCurrent = nil
    case .voltage: columns.voltage = nil
    case .surroundings: columns.surroundings = nil
    case .otherTemperatures: columns.otherTemperatures = []
    case .cellVoltages: columns.cellVoltages = []
    case .extra(let name): columns.extras.removeAll { $0 == name }
    }
    return columns
  }
}

extension WarningTask {
  /// The task without what a thinning takes away.
  func thinned(_ thinning: Thinning) -> WarningTask {
    var task = self
    if thinning == .without(.plan) || thinning == .without(.current) { task.knowsPlan = false }
    return task
  }
}

extension TelemetryFrame {
  /// Name of the signal that keeps a plan as it is when the current that it is read from is thinned.
  private static let keptPlan = "current of the plan"

  /// The frame as it would be with less telemetry: the same steps and stretches, other values held.
  func thinned(_ thinning: Thinning, task: WarningTask) -> TelemetryFrame {
    var frame = self
    switch thinning {
    case .without(let part): frame.columns = columns.without(part)
    case .every, .late:
      if task.knowsPlan, columns.plannedCurrent == nil, let current = columns.current {
        frame.columns.plannedCurrent = Self.keptPlan
        frame.channels[Self.keptPlan] = channels[current]
      }
      for (name, channel) in channels where name != columns.plannedCurrent {
        frame.channels[name]?.held = thinned(channel.held, thinning)
      }
    }
    return frame
  }

  private func thinned(_ held: [Double], _ thinning: Thinning) -> [Double] {
    var result = held
    for stretch in stretches {
      var due = instants[stretch.lowerBound]
      var newest = stretch.lowerBound
      for k in stretch {
        switch thinning {
        case .without: break
        case .every(let seconds):
          if instants[k] >= due {
            newest = k
            due += ((instants[k] - due) / seconds + 1) * seconds
          }
        case .late(let seconds):
          // What begins before anything is known is no row, but the sums over a stretch need a value.
          newest = position(at: instants[k] - seconds, in: stretch) ?? stretch.lowerBound
        }
        result[k] = held[newest]
      }
    }
    return result
  }
}

extension WarningLabels {
  /// What came true, seen from a temperature now that is not the one that was measured.
  func seen(from believed: [Double], measured: [Double]) -> WarningLabels {
    var labels = self
    for k in changeK.indices { labels.changeK[k] += measured[k] - believed[k] }
    return labels
  }
}
