import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import Studies
import Twin

/// `wattif stress`: what a derating policy costs and what it protects.
struct StressCommand: WorkingSubcommand {
  static let name = "stress"

  static var grammar: Grammar<StressCommand> {
    Grammar(
      summary: "Replays derating policies under faults and hot weather.",
      discussion: """
        Every combination of policy, fault and weather in the scenario's section 'stress' is \
        replayed over the period. The first sentence says which policy to take: the cheapest of \
        those whose cells are above their limit for the least time. With --output the folder gets \
        stress.csv, stress.json and report.html. Of a scenario with 'batteries' the battery is \
        that of the section 'battery', or the one that --battery names.
        """,
      arguments: [.scenario(\.scenario, section: "stress")],
      options: [.battery(\.battery), .page(\.html)] + commonOptions,
      examples: [("wattif stress scenarios/quickstart.yaml", "The policies of the example.")])
  }

  var scenario = ""
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolderAndRuns + OutputPlace.files(html) }

  func run(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: scenario, common: common, context: context)
      .taking(battery: battery)
    guard let stress = loaded.scenario.stress else {
      throw InputError(
        "the scenario needs a section 'stress'", at: SourcePosition(file: scenario))
    }
    let version = try loaded.version(named: stress.version)
    let progress = context.progress(
      "stress",
      total: StressStudy.intervalCount(
        loaded.replay, policies: stress.policies.count, faults: stress.faults.count,
        weathers: stress.weathers.count), options: common)
    let battery = loaded.scenario.battery
    let study = try StressStudy(
      loaded.replay, version: version, policies: stress.policies.map(\.name),
      faults: stress.faults.map(\.name), weathers: stress.weathers,
      twin: { try battery.twin(derating: stress.policies[$0], faults: stress.faults[$1].faults) },
      threads: context.workers(common), monitor: loaded.monitor(progress, context: context))
    progress.finish()
    let report = StressReport(study, of: loaded.replay, versionName: version.name)
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: [version.name], common: common,
      page: report.page(title: loaded.title), html: html, context: context
    ) { ["stress.csv": report.csv] }
    return .done
  }
}
