import Diagnostics
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
        replayed over the period. With --output the folder gets stress.csv and stress.json.
        """,
      arguments: [
        .argument(
          "SCENARIO", "The scenario document, with a section 'stress'.", \.scenario,
          completion: .file(suffixes: ["yaml", "yml"]))
      ],
      options: commonOptions,
      examples: [("wattif stress scenarios/quickstart.yaml", "The policies of the example.")])
  }

  var scenario = ""
  var common = CommonOptions()

  func run(_ session: Session) throws -> ExitCode {
    let work = try ScenarioWork(path: scenario, common: common, session: session)
    guard let stress = work.scenario.stress else {
      throw InputError(
        "the scenario needs a section 'stress'", at: SourcePosition(file: scenario))
    }
    let version = try work.version(named: stress.version)
    let progress = session.progress(
      "stress",
      total: StressStudy.intervalCount(
        work.replay, policies: stress.policies.count, faults: stress.faults.count,
        weathers: stress.weathers.count), options: common)
    let battery = work.scenario.battery
    let study = try StressStudy(
      work.replay, version: version, policies: stress.policies.map(\.name),
      faults: stress.faults.map(\.name), weathers: stress.weathers,
      twin: { try battery.twin(derating: stress.policies[$0], faults: stress.faults[$1].faults) },
      threads: session.workers(common), monitor: work.monitor(progress, session: session))
    progress.finish()
    let report = StressReport(study, of: work.replay, versionName: version.name)
    let json = report.json.adding("history", work.historyJSON)
      .adding("scenario", .string(work.scenario.name))
    if let folder = common.output {
      try session.write(report.csv, to: "stress.csv", in: folder)
      try session.write(json.text() + "\n", to: "stress.json", in: folder)
      try work.store(
        command: Self.name, result: json, outcomes: [], scores: [], folder: folder)
    }
    if common.isJSON {
      session.print(json)
    } else {
      session.print(work.scenario.name + "\n" + report.text + work.historyNotes)
    }
    return .done
  }
}
