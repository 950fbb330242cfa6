/// How columns for one quantity combine.
package enum Combination: String, Sendable, Hashable, CaseIterable, Codable {
  /// The first column that has a value for a slot supplies it.
  case join
  /// Values add up; the sum is missing where one is.
  case sum
}
