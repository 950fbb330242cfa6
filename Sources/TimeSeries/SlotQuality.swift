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

extension SlotQuality {
  /// Its number in files and in the project database, 0…5; never another one once released.
  package var number: Int {
    switch self {
    case .ok: 0
    case .gap: 1
    case .reset: 2
    case .spike: 3
    case .clamped: 4
    case .filled: 5
    }
  }

  /// The qualities by their numbers.
  package static let byNumber: [SlotQuality] = [.ok, .gap, .reset, .spike, .clamped, .filled]
}
