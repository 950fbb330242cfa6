import Diagnostics
import Replay
import Reports
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
        value and payback. With --output the folder gets sizes.csv and size.json.
        """,
      arguments: [
        .argument(
          "SCENARIO", "The scenario document, with a section 'size'.", \.scenario,
          completion: .file(suffixes: ["yaml", "yml"]))
      ],
      options: commonOptions,
      examples: [("wattif size scenarios/quickstart.yaml", "The sizes of the example.")])
  }

  var scenario = ""
  var common = CommonOptions()

  func run(_ session: Session) throws -> ExitCode {
    let work = try ScenarioWork(path: scenario, common: common, session: session)
    guard let size = work.scenario.size else {
      throw InputError(
        "the scenario needs a section 'size'", at: SourcePosition(file: scenario))
    }
    let version = try work.version(named: size.version)
    let progress = session.progress(
      "size", total: SizingStudy.intervalCount(work.replay, settings: size.study),
      options: common)
    let battery = work.scenario.battery
    let study = try SizingStudy(
      work.replay, version: version, settings: size.study,
      twinOfSize: { try battery.twin(capacityKWh: $0, powerKW: $1) },
      threads: session.workers(common), monitor: work.monitor(progress, session: session))
    progress.finish()
    let report = SizingReport(
      study, of: work.replay, versionName: version.name, settings: size.study)
    let json = report.json.adding("history", work.historyJSON)
      .adding("scenario", .string(work.scenario.name))
    if let folder = common.output {
      try session.write(report.csv, to: "sizes.csv", in: folder)
      try session.write(json.text() + "\n", to: "size.json", in: folder)
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
