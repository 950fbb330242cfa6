/// One column that a model learns from, computable at the time of issue.
package struct WarningFeature: Sendable, Equatable {
  /// Where the values come from.
  enum Source: Sendable, Equatable {
    case temperature
    /// Above the surroundings, or above the start of the run where nothing measures them.
    case rise
    case heat
    case meanHeat(window: Int)
    case change(window: Int)
    case held(String)
    case mean(String, window: Int)
    /// Highest minus lowest of some signals.
    case spread([String])
    case spreadChange([String], window: Int)
    /// Temperature minus the mean of the other sensors.
    case excess([String])
    case excessDrift([String], window: Int)
    /// Temperature minus that of the twin, simulated from the start of the run.
    case twinExcess
    /// Planned mean of I² from one share of the lead to its end.
    case plannedHeat(fromShare: Double)
  }

  /// Name in tables and models.
  package let key: String
  /// Unit of the values.
  package let unit: String
  /// What it is, in a sentence.
  package let meaning: String
  let source: Source

  /// How far after the time of issue its values reach, because a plan sets them. [s]
  package func knownAhead(_ task: WarningTask) -> Int {
    if case .plannedHeat = source { return task.leadSeconds }
    return 0
  }

  /// Whether a plan sets its values.
  package var isPlanned: Bool {
    if case .plannedHeat = source { return true }
    return false
  }

  /// The change of the temperature over the last so many seconds.
  static func change(window: Int) -> WarningFeature {
    WarningFeature(
      key: "change_\(window)s", unit: "K",
      meaning: "Change of the temperature over the last \(window) s.",
      source: .change(window: window))
  }

  /// Returns the columns that a frame can give for a task, in order.
  package static func all(_ frame: TelemetryFrame, task: WarningTask) -> [WarningFeature] {
    let columns = frame.columns
    let windows = task.windows(typicalSeconds: frame.typicalSeconds)
    func unit(_ name: String) -> String { frame.channels[name]?.unit ?? "" }
    var list = [
      WarningFeature(
        key: "temperature", unit: "°C", meaning: "Temperature with the limit.",
        source: .temperature),
      WarningFeature(
        key: "rise", unit: "K",
        meaning: columns.surroundings == nil
          ? "Temperature above that at the start of the run."
          : "Temperature above the surroundings.",
        source: .rise),
    ]
    func add(_ key: String, _ unit: String, _ meaning: String, _ source: Source) {
      list.append(WarningFeature(key: key, unit: unit, meaning: meaning, source: source))
    }
    if columns.current != nil {
      add("heat", "A²", "Square of the current.", .heat)
    }
    for window in windows {
      if columns.current != nil {
        add(
          "heat_\(window)s", "A²", "Mean square of the current over the last \(window) s.",
          .meanHeat(window: window))
      }
      list.append(change(window: window))
    }
    let longest = task.windowSeconds
    if let voltage = columns.voltage {
      add("voltage", unit(voltage), "Voltage '\(voltage)'.", .held(voltage))
    }
    if let surroundings = columns.surroundings {
      add(
        "surroundings", "°C", "Temperature of the surroundings, '\(surroundings)'.",
        .held(surroundings))
    }
    if columns.cellVoltages.count > 1 {
      let cells = columns.cellVoltages
      add(
        "cell_spread", "V", "Highest minus lowest of \(cells.count) cell voltages.", .spread(cells))
      add(
        "cell_spread_change", "V", "Change of the cell spread over the last \(longest) s.",
        .spreadChange(cells, window: longest))
    }
    if !columns.otherTemperatures.isEmpty {
      let others = columns.otherTemperatures
      let sensors = [columns.temperature] + others
      add(
        "sensor_spread", "K", "Highest minus lowest of \(sensors.count) temperatures.",
        .spread(sensors))
      add(
        "sensor_excess", "K", "Temperature minus the mean of the other sensors.", .excess(others))
      add(
        "sensor_drift", "K",
        "Change over the last \(longest) s of the temperature minus the mean of the other sensors.",
        .excessDrift(others, window: longest))
    }
    for extra in columns.extras {
      add(extra, unit(extra), "Signal '\(extra)'.", .held(extra))
      add(
        "\(extra)_\(longest)s", unit(extra), "Mean of '\(extra)' over the last \(longest) s.",
        .mean(extra, window: longest))
    }
    if columns.current != nil {
      add(
        "measured_minus_twin", "K",
        "Temperature minus that of the twin, simulated from the start of the run.", .twinExcess)
      if task.knowsPlan {
        add(
          "planned_heat", "A²", "Mean square of the planned current over the lead; known ahead.",
          .plannedHeat(fromShare: 0))
        add(
          "planned_heat_late", "A²",
          "Mean square of the planned current over the second half of the lead; known ahead.",
          .plannedHeat(fromShare: 0.5))
      }
    }
    return list
  }
}
