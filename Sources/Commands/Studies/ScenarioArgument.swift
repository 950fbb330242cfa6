import CommandLine
import Diagnostics
import Scenarios

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

  /// The option that takes one of a scenario's batteries.
  static func battery(_ place: WritableKeyPath<Command, String?>) -> Parameter {
    .option(
      "--battery", "NAME",
      "The battery of this name in the scenario's 'batteries' or 'fleet', alone.", place)
  }

  /// The option that writes the result as a page.
  static func page(_ place: WritableKeyPath<Command, String?>) -> Parameter {
    .option(
      "--html", "FILE", "Write a page with charts to this file.", place,
      completion: .file(suffixes: ["html"]))
  }
}

extension Scenario {
  /// The battery of a name.
  ///
  /// - Throws: `UsageError` when the scenario has none of that name.
  func battery(named name: String) throws(UsageError) -> BatteryVariant {
    let all = fleet.map(\.variant) + batteries
    guard let found = all.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: all.map(\.name))
      throw UsageError(
        "the scenario has no battery '\(name)' among its '\(fleet.isEmpty ? "batteries" : "fleet")'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    return found
  }
}

extension Scenario {
  /// Refuses a site with several batteries where a study takes one.
  ///
  /// - Parameter study: The study, as the subject of the sentence.
  /// - Throws: `UsageError` that says how one of them is taken.
  func needsOneBattery(for study: String) throws(UsageError) {
    guard fleet.count > 1 else { return }
    throw UsageError(
      "\(study) one battery, and 'fleet' of the scenario has \(fleet.count): "
        + listed(fleet.map { "'\($0.variant.name)'" }, "and"))
  }
}
