/// What a perfect forecast of one quantity would bring to a version, if only slots of some lead were perfect.
package struct LeadValue: Sendable {
  /// The quantity.
  package let cause: ForecastCause
  /// Leads that are perfect, from the issue time to the slot. [h]
  package let hours: Range<Double>
  /// Cost of the version less its cost with the truth of these leads. [currency]
  package let saving: Double

  /// The leads that are tried; the last range reaches to the end of the horizon.
  package static let buckets: [Range<Double>] = [
    0..<1, 1..<3, 3..<6, 6..<12, 12..<24, 24..<Double.infinity,
  ]
}
