import Diagnostics

/// The names that forecast versions and ways of planning give to rows of results and to files.
///
/// Two names must differ in more than case and signs, because the files of a result are named after
/// them; none may be that of a reference, in any spelling.
struct VersionNames {
  /// Rows that every result has, or may have.
  static let references = [
    "oracle", "no battery", "self-consumption", "foresight bound", "foresight plan",
    "perfect foresight", "as measured",
  ]
  /// Longest name of a file, without what is put around it. [bytes]
  static let longest = 200

  /// What is wrong with a name.
  struct Problem {
    var message: String
    var notes: [String] = []
  }

  private var taken: [String: (name: String, line: Int)] = [:]

  /// Takes in a name, and returns what is wrong with it.
  mutating func add(_ name: String, line: Int) -> Problem? {
    if let problem = Self.problem(with: name) { return problem }
    let file = fileName(name).lowercased()
    guard let first = taken[file] else {
      taken[file] = (name, line)
      return nil
    }
    let notes = ["first given at line \(first.line)"]
    guard first.name != name else {
      return Problem(
        message: "forecast versions need distinct names, found '\(name)' again", notes: notes)
    }
    return Problem(
      message: "names of forecast versions must differ in more than case and signs, found "
        + "'\(name)' beside '\(first.name)'",
      notes: notes + ["files are named after them: ledger_\(file).csv"])
  }

  /// What is wrong with a name by itself.
  static func problem(with name: String) -> Problem? {
    func letters(_ text: String) -> String {
      String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
    if name.allSatisfy(\.isWhitespace) {
      return Problem(message: "a forecast version needs a name, found '\(name)'")
    }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return Problem(
        message: "a name must not hold control characters, found \(name.debugDescription)")
    }
    if fileName(name).utf8.count > longest {
      return Problem(
        message: "a name must have at most \(longest) bytes, found \(fileName(name).utf8.count)")
    }
    if let reference = references.first(where: { letters($0) == letters(name) }) {
      return Problem(
        message: "a forecast version must not be named as the reference '\(reference)', found "
          + "'\(name)'")
    }
    return nil
  }
}

/// Returns a name with only what is safe in the name of a file.
package func fileName(_ text: String) -> String {
  String(text.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
}
