import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Studies

/// `[VERSION:]MEASURE RELATION NUMBER` on the command line: what a comparison must reach.
///
/// Without a version the cheapest honest one is held to it. A value that does not exist meets nothing.
struct Requirement: ArgumentValue, Sendable {
  /// How a figure must stand to the limit.
  enum Relation: String, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"

    func holds(_ value: Double, _ limit: Double) -> Bool {
      switch self {
      case .atLeast: value >= limit
      case .atMost: value <= limit
      case .above: value > limit
      case .below: value < limit
      }
    }
  }

  /// Name of a version or counterfactual.
  let version: String?
  /// Column of `leaderboard.csv`.
  let measure: String
  let relation: Relation
  let limit: Double

  init?(argument: String) {
    guard
      let (relation, range) = Relation.allCases.lazy.compactMap({ relation in
        argument.firstRange(of: relation.rawValue).map { (relation, $0) }
      }).first,
      let limit = NumberScanner().number(argument[range.upperBound...])
    else { return nil }
    let subject = argument[..<range.lowerBound]
    let colon = subject.lastIndex(of: ":")
    let version = colon.map { trimmedText(String(subject[..<$0])) }
    measure = trimmedText(String(colon.map { subject[subject.index(after: $0)...] } ?? subject))
    guard !measure.isEmpty, version?.isEmpty != true else { return nil }
    self.version = version
    self.relation = relation
    self.limit = limit
  }

  static var phrase: String {
    "[VERSION:]MEASURE and >, >=, < or <= with a number, such as 'share_captured>=0.8'"
  }

  /// Refuses a measure or a version that a comparison does not have.
  ///
  /// - Parameter versions: Names of the versions and counterfactuals.
  /// - Throws: `UsageError` that names what was meant.
  func check(versions: [String]) throws(UsageError) {
    let measures = VersionScore.measures.measures.filter { $0.places.contains(.csv) }.map(\.key)
    try check(subjects: versions, called: "version", measures: measures)
  }

  /// Refuses a measure or a subject that a result does not have.
  ///
  /// - Parameters:
  ///   - subjects: Names that may stand before the colon.
  ///   - word: What they are called.
  ///   - measures: Keys of the measures.
  /// - Throws: `UsageError` that names what was meant.
  func check(
    subjects: [String], called word: String, measures: [String]
  ) throws(UsageError) {
    try check(measure, "measure", among: measures)
    if let version { try check(version, word, among: subjects) }
  }

  private func check(
    _ word: String, _ kind: String, among known: [String]
  ) throws(UsageError) {
    guard !known.contains(word) else { return }
    let meant =
      suggestion(for: word, among: known).map { "; did you mean '\($0)'?" }
      ?? "; known are \(listed(known, "and"))"
    throw UsageError("'--require' names an unknown \(kind) '\(word)'\(meant)")
  }

  /// What a comparison made of a requirement.
  struct Answer {
    let requirement: Requirement
    /// Who was held to it.
    let version: String?
    let value: Double?

    var isMet: Bool {
      value.map { requirement.relation.holds($0, requirement.limit) } ?? false
    }

    /// The condition with what was found, in a sentence.
    var sentence: String {
      let condition =
        "\(requirement.measure) \(requirement.relation.rawValue) \(JSONValue.text(of: requirement.limit))"
      let found = value.map { JSONValue.text(of: $0) } ?? "no value"
      let who = version.map { " of '\($0)'" } ?? ""
      return "\(isMet ? "Met" : "Not met"): \(condition)\(who), found \(found)."
    }

    var json: JSONValue {
      [
        "version": version.map { .string($0) } ?? .null, "measure": .string(requirement.measure),
        "relation": .string(requirement.relation.rawValue), "limit": .number(requirement.limit),
        "value": value.map { .number($0) } ?? .null, "met": .boolean(isMet),
      ]
    }
  }

  /// Returns what a comparison makes of it.
  func answer(_ comparison: ForecastComparison) -> Answer {
    let score =
      version.map { name in comparison.scores.first { $0.outcome.name == name } }
      ?? comparison.reference
    return Answer(
      requirement: self, version: score?.outcome.name,
      value: score.flatMap { VersionScore.measures.scores($0)[measure] })
  }
}
