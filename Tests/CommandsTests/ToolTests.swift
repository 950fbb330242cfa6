import CommandLine
import Commands
import Foundation
import TestSupport
import Testing

/// What a run wrote and how it ended.
struct Outcome: Equatable {
  var code: ExitCode
  var output: String
  var error: String
}

func wattif(_ arguments: String..., environment: [String: String] = [:]) -> Outcome {
  wattif(arguments, environment: environment)
}

/// Runs the tool with the batteries of the package; results take as many columns as they need without a width.
func wattif(
  _ arguments: [String], environment: [String: String] = [:], outputWidth: Int? = nil
) -> Outcome {
  let collector = CollectingConsole(outputWidth: outputWidth)
  let batteries = KeyReference.package.appendingPathComponent("batteries").path
  let context = CommandContext(
    console: collector.console,
    environment: ["WATTIF_BATTERIES": batteries].merging(environment) { $1 },
    isInterrupted: { false })
  let code = Tool.wattif.run(arguments, context)
  return Outcome(
    code: code, output: collector.output, error: collector.error)
}

@Suite("The command line") struct ToolTests {
  @Test("mistakes are refused with a suggestion and code 64") func mistakes() {
    #expect(
      wattif("versoin")
        == Outcome(
          code: .badCommandLine, output: "",
          error: "error: unknown subcommand 'versoin'; did you mean 'version'?\n"
            + "note: 'wattif --help' lists them\n"))
    #expect(
      wattif("version", "--jsn")
        == Outcome(
          code: .badCommandLine, output: "",
          error: "error: unknown option '--jsn'; did you mean '--json'?\n"
            + "note: see 'wattif version --help'\n"))
    #expect(
      wattif("completions").error
        == "error: missing argument SHELL\nnote: see 'wattif completions --help'\n")
    #expect(
      wattif("completions", "tcsh").error
        == "error: 'SHELL' must be bash, zsh or fish, found 'tcsh'\n"
        + "note: see 'wattif completions --help'\n")
    #expect(
      wattif("completions", "bash", "zsh").error
        == "error: unexpected argument 'zsh'\nnote: see 'wattif completions --help'\n")
    #expect(
      wattif("version", "--json=yes").error
        == "error: '--json' takes no value\nnote: see 'wattif version --help'\n")
    #expect(
      wattif("version", "--json", "--json").error
        == "error: '--json' may be given once\nnote: see 'wattif version --help'\n")
  }

  @Test("without arguments the overview goes to standard error") func bare() {
    let outcome = wattif()
    #expect(outcome.code == .badCommandLine)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasPrefix("Usage: wattif SUBCOMMAND"))
  }

  @Test("the version is printed in both forms") func version() {
    #expect(
      wattif("--version")
        == Outcome(code: .done, output: "wattif \(Tool.wattif.version)\n", error: ""))
    #expect(wattif("version") == wattif("--version"))
    #expect(
      wattif("version", "--json").output
        == "{\n  \"schema\": \"wattif.version/1\",\n  \"version\": \"\(Tool.wattif.version)\"\n}\n")
  }

  @Test("help texts are as recorded") func help() throws {
    try expectGolden(wattif("--help").output, "help.txt")
    for name in Tool.wattif.subcommands.map(\.name) {
      try expectGolden(wattif(name, "--help").output, "help-\(name).txt")
      #expect(wattif("help", name) == wattif(name, "-h"))
    }
  }

  @Test("no line of a help text is wider than 80 columns") func width() {
    for name in Tool.wattif.subcommands.map(\.name) {
      for line in wattif(name, "--help").output.split(separator: "\n")
      where !line.hasPrefix("  wattif ") {
        #expect(line.count <= 80, "\(name): \(line)")
      }
    }
  }

  @Test("completion scripts name every subcommand", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) {
    let outcome = wattif("completions", shell)
    #expect(outcome.code == .done)
    for name in Tool.wattif.subcommands.map(\.name) { #expect(outcome.output.contains(name)) }
  }
}
