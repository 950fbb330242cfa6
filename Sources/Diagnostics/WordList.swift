/// Joins names as a sentence lists them: `a, b and c`.
///
/// - Parameters:
///   - names: The names.
///   - conjunction: The word before the last one, such as `and` or `or`.
/// - Returns: The list; a single name as it is.
package func listed(_ names: [String], _ conjunction: String) -> String {
  guard let last = names.last, names.count > 1 else { return names.joined() }
  return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
