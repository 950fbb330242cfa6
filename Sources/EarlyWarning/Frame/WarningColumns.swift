package import Diagnostics
package import Telemetry

/// Which signals of a log play which part in an early warning.
package struct WarningColumns: Sendable, Equatable {
  /// Temperature that has a limit. [°C]
  package var temperature: String
  /// Current that heats it; either sign. [A]
  package var current: String?
  /// Current that a plan wants, at the time for which it wants it. [A]
  package var plannedCurrent: String?
  /// Voltage of the cell, the pack or the bus. [V]
  package var voltage: String?
  /// Temperature of the air or the coolant around it. [°C]
  package var surroundings: String?
  /// Other sensors of the same thing; `*` stands for any text. [°C]
  package var otherTemperatures: [String] = []
  /// Voltages of single cells; `*` stands for any text. [V]
  package var cellVoltages: [String] = []
  /// Further signals to learn from.
  package var extras: [String] = []

  /// Names the temperature that has a limit.
  package init(temperature: String) { self.temperature = temperature }

  /// Returns the parts with the names of signals that a log has.
  ///
  /// - Parameter log: The log.
  /// - Returns: The parts, patterns written out.
  /// - Throws: `InputError` for a name without a signal, or one in another unit than °C, A or V.
  package func resolved(in log: SignalLog) throws(InputError) -> WarningColumns {
    var found = Findings()
    let names = log.signals.map(\.name)
    func one(_ text: String, _ part: String, _ unit: String) -> String {
      let name = SignalLog.canonicalName(text)
      guard let signal = log[name] else {
        let near = suggestion(for: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        found.append(
          contentsOf: [
            .error(
              "there is no signal '\(text)' for the \(part)\(near)",
              notes: ["the signals are \(names.map { "'\($0)'" }.joined(separator: ", "))"])
          ])
        return name
      }
      if !unit.isEmpty, !signal.unit.isEmpty, signal.unit != unit {
        found.append(
          contentsOf: [
            .error("'\(name)' for the \(part) must be in \(unit), found '\(signal.unit)'")
          ])
      }
      return name
    }
    func several(_ patterns: [String], _ part: String, _ unit: String) -> [String] {
      var result: [String] = []
      for pattern in patterns {
        let matches =
          pattern.contains("*")
          ? names.filter { Self.matches($0, pattern.lowercased()) } : [one(pattern, part, unit)]
        if matches.isEmpty {
          found.append(contentsOf: [.error("no signal is like '\(pattern)' for the \(part)")])
        }
        result += matches.filter { !result.contains($0) }
      }
      return result
    }
    var columns = self
    columns.temperature = one(temperature, "temperature", "°C")
    columns.current = current.map { one($0, "current", "A") }
    columns.plannedCurrent = plannedCurrent.map { one($0, "planned current", "A") }
    columns.voltage = voltage.map { one($0, "voltage", "V") }
    columns.surroundings = surroundings.map { one($0, "surroundings", "°C") }
    columns.otherTemperatures = several(otherTemperatures, "other temperatures", "°C")
      .filter { $0 != columns.temperature }
    columns.cellVoltages = several(cellVoltages, "cell voltages", "V")
    columns.extras = several(extras, "features", "")
    try found.throwIfErrors()
    return columns
  }

  /// Every signal named, once.
  var all: [String] {
    var names = [temperature]
    let others =
      [current, plannedCurrent, voltage, surroundings].compactMap(\.self) + otherTemperatures
      + cellVoltages + extras
    for name in others where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether a name is what a pattern with `*` stands for.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map { $0 }
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return name == pattern
    }
    guard name.hasPrefix(first), name.count >= first.count + last.count else { return false }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(last)
  }
}
