/// How a slot came by its value.
package enum SlotQuality: String, Sendable, Hashable, CaseIterable, Codable {
  /// Measured.
  case ok
  /// Nothing was measured; missing, or spread over the gap for a counter.
  case gap
  /// Measured across a restart of the counter.
  case reset
  /// Measured outside the physical range, hence missing.
  case spike
  /// Moved to the end of the range.
  case clamped
  /// Put in by a fill rule.
  case filled
}
