import CommandLine
import Diagnostics
import Documents
import Reports
import Store

/// `wattif runs`: the ledger of the runs that were kept.
struct RunsCommand: Subcommand {
  static let name = "runs"

  /// What is done.
  enum Action: String, ArgumentChoice {
    case list, show, diff, rerun
  }

  static var grammar: Grammar<RunsCommand> {
    Grammar(
      summary: "Lists kept runs, shows them, says what changed, and repeats them.",
      discussion: """
        Every subcommand that replays keeps its run in wattif.sqlite of --output: the scenario, the options, \
        fingerprints of everything that was read, and the result. STORE is that file or its folder. A RUN is a number of \
        the list, or the first digits of its id; left out it is the newest.

        list has a line per run. show has the result of one, the command line that makes it again and what it read. diff \
        says what changed from one run to another in settings, data and money; without runs it takes the two newest, \
        with --other the second is of another store. rerun makes a run again, from the scenario as it was kept and the \
        files as they are now, and says whether the result is the same; with --output the new run is kept there. \
        Exit code 2 tells that it is not the same.
        """,
      arguments: [
        .argument("ACTION", "list, show, diff or rerun.", \.action),
        .store(\.store), .run(\.runs),
      ],
      options: [
        .option(
          "--other", "STORE", "diff: the store of the second run.", \.other,
          completion: .file(suffixes: ["sqlite"])),
        .option(
          "--output", short: "-o", "DIR", "rerun: keep the new run in this folder.", \.output,
          completion: .folder),
        .option("--threads", "N", "rerun: work on this many cases at once.", \.threads),
        .flag("--json", "Print one JSON object on standard output.", \.isJSON),
      ] + progressOptions(\.shown) + [.wide(\.shown.isWide)],
      examples: [
        ("wattif runs list results", "The runs of a result folder."),
        ("wattif runs diff results 1 3", "What changed between two of them."),
        ("wattif runs rerun results 3f9c", "Whether a run still gives what it gave."),
      ])
  }

  var action = Action.list
  var store = ""
  var runs: [String] = []
  var other: String?
  var output: String?
  var threads: Int?
  var isJSON = false
  var shown = CommonOptions()

  func validate() throws(UsageError) {
    let most =
      switch action {
      case .list: 0
      case .show, .rerun: 1
      case .diff: 2
      }
    if runs.count > most {
      throw UsageError(
        "'\(action.rawValue)' takes \(most == 0 ? "no run" : most == 1 ? "one run" : "two runs")")
    }
    if other != nil, action != .diff { throw UsageError("'--other' is for 'diff'") }
    if output != nil || threads != nil, action != .rerun {
      throw UsageError("'\(output != nil ? "--output" : "--threads")' is for 'rerun'")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    do {
      switch action {
      case .list: try list(context)
      case .show: try show(context)
      case .diff: try diff(context)
      case .rerun: return try rerun(context)
      }
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
    return .done
  }

  private func list(_ context: CommandContext) throws {
    let ledger = try RunLedger(store)
    let kept = try ledger.runs.map { try ledger.kept($0) }
    if isJSON {
      context.print(["schema": "wattif.runs_list/1", "runs": KeptRun.measures.list(kept)])
    } else {
      context.print(
        kept.isEmpty ? "The store holds no runs.\n" : KeptRun.measures.table(kept).text)
    }
  }

  private func show(_ context: CommandContext) throws {
    let ledger = try RunLedger(store)
    let report = RunReport(try ledger.kept(try ledger.run(runs.first)))
    if isJSON {
      context.print(report.json.adding("schema", "wattif.runs_show/1"))
    } else {
      context.print(report.text)
    }
  }

  private func diff(_ context: CommandContext) throws {
    let ledger = try RunLedger(store)
    let second: KeptRun
    let first: KeptRun
    var names = ("", "")
    if let other {
      let theirs = try RunLedger(other)
      first = try ledger.kept(try ledger.run(runs.first))
      second = try theirs.kept(try theirs.run(runs.count > 1 ? runs[1] : nil))
      names = ("\(store)#\(first.run.number)", "\(other)#\(second.run.number)")
    } else {
      let (older, newer) = try ledger.pair(runs)
      first = try ledger.kept(older)
      second = try ledger.kept(newer)
      names = ("run \(first.run.number)", "run \(second.run.number)")
    }
    let report = RunDifferenceReport(RunDifference(first, second), names: names)
    if isJSON {
      context.print(report.json.adding("schema", "wattif.runs_diff/1"))
    } else {
      context.print(report.text)
    }
  }
}
