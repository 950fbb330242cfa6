import CommandLine
import Documents
import Reports
import Store

/// `wattif report`: the page of a run that was kept.
struct ReportCommand: Subcommand {
  static let name = "report"

  static var grammar: Grammar<ReportCommand> {
    Grammar(
      summary: "Writes the page of a kept run.",
      discussion: """
        STORE is wattif.sqlite of a result folder, or the folder; 'wattif runs list' names its runs. RUN is a number of \
        that list or the first digits of an id; left out it is the newest. The page is the one that was made with the \
        run, to the byte. Without --output it goes to standard output.
        """,
      arguments: [
        .store(\.store), .run(\.runs),
      ],
      options: [
        .option(
          "--output", short: "-o", "FILE", "Write the page into this file.", \.output,
          completion: .file(suffixes: ["html"]))
      ],
      examples: [("wattif report results 3 -o run3.html", "The page of the third run.")])
  }

  var store = ""
  var runs: [String] = []
  var output: String?

  var outputs: [OutputPlace] { OutputPlace.files(output) }

  func validate() throws(UsageError) {
    if runs.count > 1 { throw UsageError("'report' takes one run") }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    do {
      let ledger = try RunLedger(store)
      let run = try ledger.run(runs.first)
      guard let page = try ledger.page(run) else {
        throw RunFailure(
          "run \(run.number) kept no page; 'wattif runs show' prints its result, and 'wattif runs rerun --output DIR' "
            + "makes it again with the page that '\(run.command)' has now")
      }
      guard let output else {
        context.printDocument(page)
        return .done
      }
      try FileWriter.write(page, to: output)
      context.note("wrote '\(output)': \(try ledger.kept(run).title)")
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
    return .done
  }
}
