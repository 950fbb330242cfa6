package import Documents
package import TimeSeries

/// Where the sun on an enclosure is known from, for people and for programs.
package struct SunSummary: Sendable {
  /// Slots by source; empty for an enclosure that the sun does not warm.
  private let slots: [HorizontalIrradiance.Source: Int]

  /// Prepares a summary.
  package init(_ slots: [HorizontalIrradiance.Source: Int]) { self.slots = slots }

  /// One line for the foot of a table where anything but measured irradiance was used.
  package var notes: String {
    let parts = [
      (HorizontalIrradiance.Source.cloudCover, "from a clear sky and the cloud cover"),
      (.clearSky, "from a clear sky"), (.unknown, "unknown and taken as dark"),
    ].compactMap { source, words in slots[source].map { "\($0) \(words)" } }
    guard !parts.isEmpty else { return "" }
    let measured = slots[.measured].map { "\($0) measured, " } ?? ""
    return "Sun on the enclosure, slots: \(measured)\(parts.joined(separator: ", ")).\n"
  }

  /// Slots by source; nothing for an enclosure that the sun does not warm.
  package var json: JSONValue? {
    guard !slots.isEmpty else { return nil }
    return .object(
      Dictionary(
        uniqueKeysWithValues: HorizontalIrradiance.Source.allCases.map {
          ("\($0.rawValue)_slots", .integer(slots[$0] ?? 0))
        }))
  }
}
