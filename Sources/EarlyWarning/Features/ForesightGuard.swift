/// Finds a signal that is the label, the change to be forecast or the temperature, moved to an earlier time.
///
/// A change over the lead that began less than the lead ago has its end in the future; such a column makes any score
/// look good and cannot be had when it is needed. One that began the whole lead ago is known and allowed.
package struct ForesightGuard: Sendable {
  /// What is wrong, in a sentence; nothing when no signal knows the future.
  package let finding: String?

  /// Compares the signals to learn from with what they must not be.
  package init(_ data: WarningData) {
    let columns = data.frames.first?.columns
    for extra in columns?.all ?? []
    where extra != columns?.temperature && extra != columns?.plannedCurrent {
      for (place, frame) in data.frames.enumerated() {
        if let found = Self.match(extra, frame, data.labels[place], data.task) {
          finding = "the signal '\(extra)' cannot be learned from: it is \(found)"
          return
        }
      }
    }
    finding = nil
  }

  /// What a signal is, if it is something that is known later only.
  private static func match(
    _ name: String, _ frame: TelemetryFrame, _ labels: WarningLabels, _ task: WarningTask
  ) -> String? {
    guard let signal = frame.held(name) else { return nil }
    let now = frame.temperatureC
    let step = frame.typicalSeconds
    var lag = 0
    while lag < task.leadSeconds {
      let words = lag == 0 ? "" : ", \(lag) s ago"
      if isSame(frame, signal, labels.changeK, lag: lag / step) {
        return "the change to be forecast\(words), known \(task.leadSeconds - lag) s from now"
      }
      if isSame(frame, signal, labels.willBeHot, lag: lag / step) {
        return "the label\(words), known \(task.leadSeconds - lag) s from now"
      }
      lag += step
    }
    var ahead = step
    while ahead <= task.leadSeconds {
      if isSame(frame, signal, now, lag: -ahead / step) {
        return "the temperature \(ahead) s from now"
      }
      ahead += step
    }
    return nil
  }

  /// Whether a signal repeats a series that many steps later, in 98 of 100 rows and in 30 that differ from the
  /// temperature's usual rest.
  private static func isSame(
    _ frame: TelemetryFrame, _ signal: [Double], _ series: [Double], lag: Int
  ) -> Bool {
    var (compared, equal, moving) = (0, 0, 0)
    var first: Double?
    for stretch in frame.stretches {
      for k in stretch {
        let j = k - lag
        guard stretch.contains(j), series[j].isFinite, signal[k].isFinite else { continue }
        compared += 1
        if abs(series[j] - signal[k]) <= 1e-6 * (1 + abs(series[j])) {
          equal += 1
          if let first, series[j] != first { moving += 1 }
          first = first ?? series[j]
        } else if compared > 200, 10 * equal < compared {
          return false
        }
      }
    }
    return compared >= 50 && 50 * equal >= 49 * compared && moving >= 5
  }
}
