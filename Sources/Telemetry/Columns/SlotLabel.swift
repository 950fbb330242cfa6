/// Which end of its interval a stamp names.
package enum SlotLabel: String, Sendable, Hashable, CaseIterable, Codable {
  /// The stamp is the first instant of the interval.
  case start
  /// The stamp is the end of the interval ("hour ending").
  case end
}
