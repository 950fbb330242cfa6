import CommandLine

extension Parameter {
  /// The argument of every subcommand that works on a scenario.
  ///
  /// - Parameters:
  ///   - place: Where its path goes.
  ///   - section: Section that the document has to have; none for any document.
  /// - Returns: The argument `SCENARIO`.
  static func scenario(
    _ place: WritableKeyPath<Command, String>, section: String? = nil
  ) -> Parameter {
    .argument(
      "SCENARIO", "The scenario document\(section.map { ", with a section '\($0)'" } ?? "").",
      place, completion: .file(suffixes: ["yaml", "yml"]))
  }
}
