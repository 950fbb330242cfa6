import CommandLine
import Diagnostics
import Documents
import Studies

/// `wattif merge`: the study of shares that were replayed apart.
struct MergeCommand: WorkingSubcommand {
  static let name = "merge"

  static var grammar: Grammar<MergeCommand> {
    Grammar(
      summary: "Makes the result of 'wattif size' from shares that were replayed apart.",
      discussion: """
        CELLS are folders that 'wattif size --cells' kept batteries in, with --shard or without. Scenario, data, seed \
        and options must be those of the shares; batteries of anything else are refused. The result is that of one run \
        of 'wattif size', to the byte, and so are the files of --output.

        Batteries that are missing are counted, and nothing is printed then; --complete replays them here, which \
        also finishes a study with 'search: refine' whose last rounds are few.
        """,
      arguments: [
        .sizedScenario(\.scenario),
        .arguments(
          "CELLS", "Folders with batteries that were replayed.", \.cells, completion: .folder),
      ],
      options: [
        .flag(
          "--complete", "Replay what is missing, and keep it in the first folder.", \.completes),
        .battery(\.battery), .page(\.html),
      ] + commonOptions,
      examples: [
        (
          "wattif merge scenarios/home.yaml cells --output results",
          "The study of the shares in the folder 'cells'."
        )
      ])
  }

  var scenario = ""
  var cells: [String] = []
  var completes = false
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] {
    resultFolderAndRuns + OutputPlace.files(html)
      + (completes ? cells.prefix(1).map { .folder($0) } : [])
  }

  func validate() throws(UsageError) {
    if html != nil, ScenarioFolder.isFolder(scenario) {
      throw UsageError("'--html' takes the page of one scenario; --output gets those of a folder")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    for folder in cells where !ScenarioFolder.isFolder(folder) {
      throw InputError(
        "a folder that 'wattif size --cells' made was expected", at: SourcePosition(file: folder))
    }
    let run = SizeRun(
      tasks: try SizeTask.all(scenario, battery: battery, common: common, context: context),
      common: common, html: html, context: context)
    try run.publish(label: Self.name) { task in
      let folders = cells.map { CellFolder(task.folder(in: $0), of: task.loaded) }
      let known = try folders.flatMap { try $0.runs(context) }
      return SizingCells(
        known: known, missing: completes ? .replay : .refuse, keep: { try folders[0].keep($0) })
    } missed: { task, error in
      let site = task.name.map { "'\($0)': " } ?? ""
      return RunFailure(
        "\(site)\(batteries(error.count)) \(error.count == 1 ? "is" : "are") missing; start the shares again, or "
          + "'--complete' replays them here")
    }
    return .done
  }
}
