import CommandLine
import Diagnostics
import Documents
import Scenarios
import Studies

/// `wattif size`: which battery earns most.
struct SizeCommand: WorkingSubcommand {
  static let name = "size"

  static var grammar: Grammar<SizeCommand> {
    Grammar(
      summary: "Replays a grid of battery sizes and prints what each earns.",
      discussion: """
        Every pair of energy and power in the scenario's section 'size' is replayed over the \
        period with imperfect forecasts, billed exactly, and turned into savings, net present \
        value and payback, beside doing without. The period must be whole years, unless 'period: \
        scale_to_year' in the section says that it stands for one. With --output the folder gets sizes.csv, \
        cash_flows.csv, size.json and report.html. \
        Of a scenario with 'batteries' the sizes are those of the section 'battery', or of the one that --battery \
        names.

        SCENARIO may be a folder: every scenario (*.yaml) in it is sized, a table says what each site should buy, and \
        --output gets sites.csv and a folder per site.

        With --cells each battery is kept in a file of that folder as soon as it is replayed, and those that are \
        there are not replayed again: a run that was stopped goes on when it is started again. --shard 2/8 replays \
        the second of eight shares and prints no result; shares may run on several machines, and 'wattif merge' makes \
        of them what one run would have made, to the byte. Of 'search: refine' a share knows its next candidates only \
        when the others are done; start all shares again until none is missing, or let 'wattif merge --complete' do \
        the rest.
        """,
      arguments: [.sizedScenario(\.scenario)],
      options: [
        .option(
          "--cells", "DIR", "Keep each battery in this folder, and take those that are there.",
          \.cells, completion: .folder),
        .option("--shard", "K/N", "Replay only the K-th of N shares, into --cells.", \.shard),
        .battery(\.battery), .page(\.html),
      ] + commonOptions,
      examples: [
        ("wattif size scenarios/quickstart.yaml", "The sizes of the example."),
        (
          "wattif size scenarios/home.yaml --cells cells --shard 1/4",
          "A quarter of them; scenarios/cluster has scripts for Slurm and Kubernetes."
        ),
      ])
  }

  var scenario = ""
  var cells: String?
  var shard: Shard?
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] {
    resultFolderAndRuns + OutputPlace.files(html) + (cells.map { [.folder($0)] } ?? [])
  }

  func validate() throws(UsageError) {
    if html != nil, ScenarioFolder.isFolder(scenario) {
      throw UsageError("'--html' takes the page of one scenario; --output gets those of a folder")
    }
    guard shard != nil else { return }
    if cells == nil { throw UsageError("'--shard' needs '--cells'") }
    for (name, isGiven) in [
      ("--html", html != nil), ("--output", common.output != nil), ("--json", common.isJSON),
    ] where isGiven {
      throw UsageError("'--shard' makes no result, so '\(name)' is for 'wattif merge'")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    let run = SizeRun(
      tasks: try SizeTask.all(scenario, battery: battery, common: common, context: context),
      common: common, html: html, context: context)
    if let shard, let cells { return try replay(shard, into: cells, run) }
    do {
      try run.publish(label: Self.name) { task in
        guard let cells else { return SizingCells() }
        let folder = CellFolder(task.folder(in: cells), of: task.loaded)
        return SizingCells(known: try folder.runs(context), keep: { try folder.keep($0) })
      }
    } catch let error as CancellationError {
      if let cells { context.note("kept in '\(cells)': every battery that was finished") }
      throw error
    }
    return .done
  }

  /// Replays a share of the candidates.
  private func replay(_ shard: Shard, into cells: String, _ run: SizeRun) throws -> ExitCode {
    let context = run.context
    let progress = run.progress("share \(shard.number) of \(shard.count)")
    let counter = CellCounter()
    var found = 0
    var missing = 0
    for task in run.tasks {
      let folder = CellFolder(task.folder(in: cells), of: task.loaded)
      let known = try folder.runs(context)
      found += known.count
      missing += try task.work.replayShare(
        SizingCells(known: known, missing: .share(shard)) {
          try folder.keep($0)
          counter.add()
        }, threads: context.workers(common),
        monitor: task.loaded.monitor(progress, context: context))
    }
    progress.finish()
    let there = found > 0 ? ", beside \(found) that were there" : ""
    var text =
      "Share \(shard.number) of \(shard.count): \(batteries(counter.count)) kept in '\(cells)'\(there).\n"
    text +=
      missing == 0
      ? "None is missing: 'wattif merge \(scenario) \(cells)' makes the result.\n"
      : "\(batteries(missing)) of other shares \(missing == 1 ? "is" : "are") missing.\n"
    context.print(text)
    return .done
  }
}

/// Counts batteries in words.
func batteries(_ count: Int) -> String { count == 1 ? "1 battery" : "\(count) batteries" }

extension Parameter {
  /// The argument of subcommands that size the batteries of a scenario or of a folder of them.
  static func sizedScenario(_ place: WritableKeyPath<Command, String>) -> Parameter {
    .argument(
      "SCENARIO", "The scenario document, with a section 'size', or a folder of them.", place,
      completion: .file(suffixes: ["yaml", "yml"]))
  }
}
