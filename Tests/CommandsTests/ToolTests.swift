import Commands
import Synchronization
import Testing

/// What a run wrote and how it ended.
struct Outcome: Equatable {
  var code: ExitCode
  var output: String
  var error: String
}

/// A console that collects text; time passes by one second per look at the clock.
final class CollectingConsole: Sendable {
  let output = Mutex("")
  let error = Mutex("")
  let clock = Mutex(0.0)
  let width: Int?

  init(width: Int? = nil) { self.width = width }

  var console: Console {
    Console(
      writeOutput: { text in self.output.withLock { $0 += text } },
      writeError: { text in self.error.withLock { $0 += text } },
      errorWidth: { self.width },
      seconds: {
        self.clock.withLock {
          $0 += 1
          return $0
        }
      })
  }
}

func wattif(_ arguments: String..., environment: [String: String] = [:]) -> Outcome {
  wattif(arguments, environment: environment)
}

func wattif(_ arguments: [String], environment: [String: String] = [:]) -> Outcome {
  let collector = CollectingConsole()
  let session = Session(
    console: collector.console, environment: environment, isInterrupted: { false })
  let code = Tool().run(arguments, session)
  return Outcome(
    code: code, output: collector.output.withLock { $0 }, error: collector.error.withLock { $0 })
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
      wattif("--version") == Outcome(code: .done, output: "wattif \(Tool.version)\n", error: ""))
    #expect(wattif("version") == wattif("--version"))
    #expect(
      wattif("version", "--json").output
        == "{\n  \"schema\": \"wattif.version/1\",\n  \"version\": \"\(Tool.version)\"\n}\n")
  }

  @Test("help texts are as recorded") func help() throws {
    try expectGolden(wattif("--help").output, "help.txt")
    for name in Tool.subcommandNames {
      try expectGolden(wattif(name, "--help").output, "help-\(name).txt")
      #expect(wattif("help", name) == wattif(name, "-h"))
    }
  }

  @Test("no line of a help text is wider than 80 columns") func width() {
    for name in Tool.subcommandNames {
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
    for name in Tool.subcommandNames { #expect(outcome.output.contains(name)) }
  }
}

@Suite("Progress") struct ProgressTests {
  @Test("a terminal gets a bar with rate and time left") func bar() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(
      task: "compare", total: 10, console: collector.console, isQuiet: false)
    progress.advance(by: 4)
    #expect(
      collector.error.withLock { $0 }
        == "\r\u{1B}[2Kcompare [###############------------------------] 40 %  4/10  4.0/s  0:02 left"
    )
    progress.finish()
    #expect(collector.error.withLock { $0.hasSuffix("\r\u{1B}[2K") })
  }

  @Test("anything else gets JSON lines") func lines() {
    let collector = CollectingConsole()
    let progress = Progress(task: "size", total: 4, console: collector.console, isQuiet: false)
    progress.advance()
    progress.advance(to: 4)
    progress.finish()
    let lines = collector.error.withLock { $0 }.split(separator: "\n")
    #expect(
      lines.first
        == "{\"done\":1,\"event\":\"progress\",\"left_s\":3,\"rate_per_s\":1,\"task\":\"size\",\"total\":4}"
    )
    #expect(lines.count == 3)
    #expect(lines.last?.contains("\"done\":4") == true)
  }

  @Test("quiet means nothing at all") func quiet() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(task: "size", total: 4, console: collector.console, isQuiet: true)
    progress.advance()
    progress.finish()
    #expect(collector.error.withLock { $0 }.isEmpty)
  }
}
