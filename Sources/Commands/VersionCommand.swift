import CommandLine
import Documents

/// `wattif version`: the version, for scripts and bug reports.
struct VersionCommand: Subcommand {
  static let name = "version"

  static var grammar: Grammar<VersionCommand> {
    Grammar(
      summary: "Shows the version.",
      options: [.flag("--json", "Print one JSON object on standard output.", \.isJSON)])
  }

  var isJSON = false

  func run(_ context: CommandContext) -> ExitCode {
    if isJSON {
      context.print(["schema": "wattif.version/1", "version": .string(Tool.wattif.version)])
    } else {
      context.print("wattif \(Tool.wattif.version)")
    }
    return .done
  }
}
