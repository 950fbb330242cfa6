import CommandLine
import Documents
import Replay
import Reports
import Scenarios
import Studies
import Tariffs
import TimeSeries

/// `wattif replay`: one forecast version in detail, month by month.
struct ReplayCommand: WorkingSubcommand {
  static let name = "replay"

  static var grammar: Grammar<ReplayCommand> {
    Grammar(
      summary: "Replays one forecast version and prints its bill month by month.",
      discussion: """
        The version is the first of the scenario, or the one named with --version. With --output \
        the folder gets ledger_NAME.csv with every interval, its price and its amount, bills.csv \
        whose lines add up to the bill, replay.json, report.html and the run in wattif.sqlite; --html writes that \
        page alone. Of a scenario with 'batteries' the battery is that of the section 'battery', \
        or the one that --battery names.
        """,
      arguments: [.scenario(\.scenario)],
      options: [
        .option("--version", "NAME", "Replay this forecast version.", \.version),
        .option("--planner", "NAME", "Plan as this variant of the section 'planner'.", \.planner),
        .battery(\.battery),
        .flag("--allow-exec", "Let forecast versions start programs.", \.allowsPrograms),
        .page(\.html),
      ] + commonOptions,
      examples: [
        (
          "wattif replay scenarios/quickstart.yaml --version ridge",
          "The months of one version."
        )
      ])
  }

  var scenario = ""
  var version: String?
  var planner: String?
  var allowsPrograms = false
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolderAndRuns + OutputPlace.files(html) }

  func run(_ context: CommandContext) throws -> ExitCode {
    var loaded = try LoadedScenario(path: scenario, common: common, context: context)
      .taking(battery: battery)
    loaded.allowPrograms(allowsPrograms)
    let version = try loaded.version(named: version)
    let replay = try loaded.replay(plannedBy: planner)
    let progress = context.progress(
      "replay", total: 5 * replay.period.count, options: common)
    let comparison = try ForecastComparison(
      replay, versions: [version], threads: context.workers(common),
      monitor: loaded.monitor(progress, context: context))
    progress.finish()
    let score = comparison.versions[0]
    let report = ReplayReport(score, in: comparison, of: replay)
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: [version.name],
      planners: planner.map { [$0] } ?? [], scores: [score], common: common,
      page: report.page(title: loaded.title), html: html, context: context)
    return .done
  }
}
