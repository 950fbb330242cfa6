/// One part of the bill before and after a battery.
package struct BillChange: Sendable, Hashable {
  /// Name of the charge or the month.
  package let name: String
  /// Without the battery. [currency]
  package let before: Double
  /// With it. [currency]
  package let after: Double

  /// Compares two bills part by part, in the order in which parts first stand in either.
  ///
  /// - Parameters:
  ///   - none: The parts without the battery.
  ///   - battery: The parts with it.
  ///   - factor: Factor by which money is scaled, such as to a year.
  /// - Returns: One entry per part.
  package static func changes(
    from none: [SizedRun.Part], to battery: [SizedRun.Part], factor: Double = 1
  ) -> [BillChange] {
    let names =
      none.map(\.name)
      + battery.map(\.name).filter { name in
        !none.contains { $0.name == name }
      }
    func amount(_ name: String, in parts: [SizedRun.Part]) -> Double {
      parts.first { $0.name == name }?.amount ?? 0
    }
    return names.map {
      BillChange(
        name: $0, before: amount($0, in: none) * factor, after: amount($0, in: battery) * factor)
    }
  }
}
