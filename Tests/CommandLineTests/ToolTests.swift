import CommandLine
import TestSupport
import Testing

/// Adds whole numbers.
private struct AddCommand: Subcommand {
  static let name = "add"
  static var grammar: Grammar<AddCommand> {
    Grammar(
      summary: "Adds numbers.", arguments: [.arguments("NUMBER", "A summand.", \.numbers)],
      options: [
        .option("--times", short: "-t", "N", "Multiply the sum.", \.times),
        .flag("--fail", "Fail instead.", \.fails),
      ])
  }

  var numbers: [Int] = []
  var times = 1
  var fails = false

  func validate() throws(UsageError) {
    if numbers.count == 1 { throw UsageError("one number is no sum") }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    if fails { throw RunFailure("no sum today") }
    context.print("\(times * numbers.reduce(0, +))")
    return .done
  }
}

@Suite("A program of subcommands") struct ToolTests {
  private func run(_ arguments: String...) -> (code: ExitCode, output: String, error: String) {
    let collector = CollectingConsole()
    let tool = Tool(
      name: "sum", version: "7", summary: ["Sums."], remarks: ["That is all."],
      subcommands: [AnySubcommand(AddCommand.self)])
    let code = tool.run(
      arguments,
      CommandContext(console: collector.console, environment: [:], isInterrupted: { false }))
    return (code, collector.output, collector.error)
  }

  @Test("options stand before, between and after arguments, in all three forms") func forms() {
    #expect(run("add", "2", "3").output == "5\n")
    #expect(run("add", "--times", "4", "2", "3").output == "20\n")
    #expect(run("add", "2", "-t=4", "3").output == "20\n")
    #expect(run("add", "2", "3", "-t", "4").output == "20\n")
    #expect(run("add", "-t", "4", "--", "2", "3").output == "20\n")
  }

  @Test("a mistake names the rule, the value found and where help is") func mistakes() {
    #expect(
      run("add", "2", "x").error
        == "error: 'NUMBER' must be a positive whole number, a billion at most, found 'x'\n"
        + "note: see 'sum add --help'\n")
    #expect(
      run("add", "2", "3", "--tims", "4").error
        == "error: unknown option '--tims'; did you mean '--times'?\n"
        + "note: see 'sum add --help'\n")
    #expect(
      run("add", "2", "3", "--times").error
        == "error: '--times' needs a value: --times N\nnote: see 'sum add --help'\n")
    #expect(
      run("ad").error
        == "error: unknown subcommand 'ad'; did you mean 'add'?\n"
        + "note: 'sum --help' lists them\n")
    #expect(run("add", "2").error == "error: one number is no sum\nnote: see 'sum add --help'\n")
    #expect(run("add", "2").code == .badCommandLine)
  }

  @Test("a run that fails says why and ends with 1") func failure() {
    let outcome = run("add", "2", "3", "--fail")
    #expect(outcome == (.failed, "", "error: no sum today\n"))
  }

  @Test("help comes from the declaration") func help() {
    #expect(
      run("add", "--help").output == """
        Usage: sum add [options] NUMBER...

        Adds numbers.

        Arguments:
          NUMBER                A summand.

        Options:
          -t, --times N         Multiply the sum.
          --fail                Fail instead.
          -h, --help            Show this text.

        """)
    #expect(run("--version").output == "sum 7\n")
    #expect(run("help").output.hasPrefix("Usage: sum SUBCOMMAND [options]\n\nSums.\n"))
    #expect(run("help").output.hasSuffix("\nThat is all.\n"))
  }
}
