import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import Studies
import Twin

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
        """,
      arguments: [.scenario(\.scenario, section: "size")],
      options: [.battery(\.battery), .page(\.html)] + commonOptions,
      examples: [("wattif size scenarios/quickstart.yaml", "The sizes of the example.")])
  }

  var scenario = ""
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolderAndRuns + OutputPlace.files(html) }

  func run(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: scenario, common: common, context: context)
      .taking(battery: battery)
    guard let size = loaded.scenario.size else {
      throw InputError(
        "the scenario needs a section 'size'", at: SourcePosition(file: scenario))
    }
    if let refusal = size.study.refusal(of: loaded.replay.period) {
      throw InputError(refusal, at: loaded.scenario.positions["period.to"])
    }
    let version = try loaded.version(named: size.version)
    let batteries = try loaded.scenario.sizedBatteries()
    let sites = try loaded.scenario.sizingSites(loaded.replay, version: version)
    let others = try size.study.otherVersions.map { try loaded.version(named: $0) }
    let progress = context.progress(
      "size",
      total: SizingStudy.intervalCount(
        loaded.replay, settings: size.study, batteries: batteries.count, sites: sites.count),
      options: common)
    let battery = loaded.scenario.battery
    let study = try SizingStudy(
      loaded.replay, version: version, settings: size.study,
      twinOfSize: { try battery.twin(capacityKWh: $0, powerKW: $1) }, batteries: batteries,
      sites: sites, others: others,
      threads: context.workers(common), monitor: loaded.monitor(progress, context: context))
    progress.finish()
    let report = SizingReport(
      study, of: loaded.replay, versionName: version.name, settings: size.study)
    if let warning = report.warning { context.report([.warning(warning)]) }
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: [version.name], common: common,
      page: report.page(title: loaded.title), html: html, context: context
    ) { ["sizes.csv": report.csv, "cash_flows.csv": report.flowCSV] }
    return .done
  }
}
