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
        the folder gets ledger_NAME.csv with every interval, replay.json and the run in \
        wattif.sqlite.
        """,
      arguments: [
        .argument(
          "SCENARIO", "The scenario document.", \.scenario,
          completion: .file(suffixes: ["yaml", "yml"]))
      ],
      options: [
        .option("--version", "NAME", "Replay this forecast version.", \.version),
        .option("--planner", "NAME", "Plan as this variant of the section 'planner'.", \.planner),
        .flag("--allow-exec", "Let forecast versions start programs.", \.allowsPrograms),
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
  var common = CommonOptions()

  func run(_ session: Session) throws -> ExitCode {
    var work = try ScenarioWork(path: scenario, common: common, session: session)
    work.allowPrograms(allowsPrograms)
    let version = try work.version(named: version)
    let replay = try work.replay(plannedBy: planner)
    let progress = session.progress(
      "replay", total: 5 * replay.period.count, options: common)
    let comparison = try ForecastComparison(
      replay, versions: [version], threads: session.workers(common),
      monitor: work.monitor(progress, session: session))
    progress.finish()
    let score = comparison.versions[0]
    let json = ReplayReport(score, of: replay).json
      .adding("history", work.historyJSON)
      .adding("scenario", .string(work.scenario.name))
    if let folder = common.output {
      try session.write(
        TraceCSV.text(score.outcome.trace), to: "ledger_\(fileName(version.name)).csv", in: folder)
      try session.write(json.text() + "\n", to: "replay.json", in: folder)
      try work.store(
        command: Self.name, result: json, outcomes: [score.outcome],
        scores: [LeaderboardCSV.scores(score)], folder: folder)
    }
    if common.isJSON {
      session.print(json)
    } else {
      session.print(
        work.scenario.name + "\n" + ReplayReport(score, of: replay).text
          + work.historyNotes)
    }
    return .done
  }
}
