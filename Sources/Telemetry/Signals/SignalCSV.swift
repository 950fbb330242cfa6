package import Diagnostics
import Documents
import TimeSeries

extension SignalLog {
  /// The log as CSV: one row per step with mean, extremes and count of each signal, and RMS and mean magnitude of
  /// each that alternates.
  ///
  /// - Parameter idle: Positions of steps at rest; no column where the current is not known.
  /// - Returns: The whole file.
  package func csv(idle: [Range<Int>]?) -> String {
    let alternating = signals.map(\.alternates)
    var header = ["time_utc"] + samplesPerFile.map { "\($0.name)_rows" }
    if idle != nil { header.append("is_idle") }
    if !temperatures.isEmpty { header.append("is_ramp") }
    for (signal, alternates) in zip(signals, alternating) {
      header += ["mean", "min", "max", "count"].map { "\(signal.name)_\($0)" }
      if alternates { header += ["rms", "abs_mean"].map { "\(signal.name)_\($0)" } }
    }
    let resting = Set((idle ?? []).flatMap(Array.init))
    let ramps = rampSteps
    var rows = CSVWriter(header: header)
    for k in instants.indices {
      rows.add(Instant.utcText(instants[k]))
      for (_, count) in samplesPerFile { rows.add(count[k]) }
      if idle != nil { rows.add(resting.contains(k) ? 1 : 0) }
      if !temperatures.isEmpty { rows.add(ramps.contains(k) ? 1 : 0) }
      for (signal, alternates) in zip(signals, alternating) {
        for values in [signal.mean, signal.minimum, signal.maximum] { rows.add(values[k]) }
        rows.add(signal.count[k])
        if alternates {
          rows.add(signal.rms[k])
          rows.add(signal.absoluteMean[k])
        }
      }
      rows.endRow()
    }
    return rows.text
  }

  /// The log on even steps with values held until the next one, as CSV: each value and its age.
  ///
  /// - Parameter maxAgeSeconds: Older values are empty. [s]
  /// - Returns: The whole file, and the share of slots that each signal has a value in.
  ///
  /// - Throws: `InputError` for more values than anybody looks at, as one stray stamp makes.
  package func heldCSV(
    maxAgeSeconds: Int
  ) throws(InputError) -> (text: String, shares: [Double]) {
    guard let first = instants.first, let last = instants.last else { return ("", []) }
    let steps = (last - first) / stepSeconds + 1
    guard steps <= SignalLog.mostHeldValues / max(1, signals.count) else {
      throw InputError(
        "the signals span \(Instant.utcText(first)) to \(Instant.utcText(last)), which is \(steps) steps "
          + "of \(stepSeconds) s to hold values on; look at the first and last time stamps, or give a "
          + "longer step")
    }
    let grid = TimeGrid(from: first, to: last + stepSeconds, stepSeconds: stepSeconds)
    let columns = signals.map { held($0.name, on: grid, maxAgeSeconds: maxAgeSeconds) }
    var rows = CSVWriter(
      header: ["time_utc"] + signals.flatMap { ["\($0.name)_held", "\($0.name)_age_s"] })
    for slot in grid.indices {
      rows.add(Instant.utcText(grid.instant(slot)))
      for (values, ages) in columns {
        rows.add(values[slot])
        if values[slot].isFinite { rows.add(ages[slot]) } else { rows.add("") }
      }
      rows.endRow()
    }
    let shares = columns.map { column in
      Double(column.values.count { $0.isFinite }) / Double(max(1, grid.count))
    }
    return (rows.text, shares)
  }

  /// Values that are held at most: a week of seconds of 33 signals.
  private static let mostHeldValues = 20_000_000
}
