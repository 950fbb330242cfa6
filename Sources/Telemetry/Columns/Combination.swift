/// How columns for one quantity combine.
package enum Combination: String, Sendable, Hashable, CaseIterable, Codable {
  /// The first column that has a value for a slot supplies it.
  case join
  /// Values add up; the sum is missing where one is.
  case sum
  /// Values of columns of one file add up; files are joined.
  case sumInFile = "sum_in_file"
}
