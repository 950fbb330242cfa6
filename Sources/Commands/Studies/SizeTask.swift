import CommandLine
import Diagnostics
import Documents
import Forecasting
import Replay
import Reports
import Scenarios
import Studies
import Twin

/// One scenario whose battery is sized: read, and checked as far as that goes before the work.
struct SizeTask {
  /// Name among several scenarios; nothing for the only one.
  let name: String?
  let loaded: LoadedScenario
  let work: SizingWork
  private let versionName: String
  private let settings: SizingSettings

  /// Reads a scenario.
  ///
  /// - Throws: `InputError` where it cannot be sized.
  init(
    _ path: String, name: String? = nil, battery: String?, common: CommonOptions,
    context: CommandContext
  ) throws {
    let loaded = try LoadedScenario(path: path, common: common, context: context)
      .taking(battery: battery)
    guard let size = loaded.scenario.size else {
      throw InputError("the scenario needs a section 'size'", at: SourcePosition(file: path))
    }
    if let refusal = size.study.refusal(of: loaded.replay.period) {
      throw InputError(refusal, at: loaded.scenario.positions["period.to"])
    }
    let version = try loaded.version(named: size.version)
    let system = loaded.scenario.battery
    self.name = name
    self.loaded = loaded
    settings = size.study
    versionName = version.name
    work = try SizingWork(
      loaded.replay, version: version, settings: size.study,
      twinOfSize: { try system.twin(capacityKWh: $0, powerKW: $1) },
      batteries: try loaded.scenario.sizedBatteries(),
      sites: try loaded.scenario.sizingSites(loaded.replay, version: version),
      others: try size.study.otherVersions.map { try loaded.version(named: $0) })
  }

  /// Reads the scenario of a path, or each one of a folder.
  ///
  /// - Throws: `InputError` where one cannot be sized, or the folder has none; `UsageError` for a battery of several.
  static func all(
    _ path: String, battery: String?, common: CommonOptions, context: CommandContext
  ) throws -> [SizeTask] {
    guard ScenarioFolder.isFolder(path) else {
      return [try SizeTask(path, battery: battery, common: common, context: context)]
    }
    return try ScenarioFolder.scenarios(in: path).map {
      try SizeTask($0.path, name: $0.name, battery: battery, common: common, context: context)
    }
  }

  /// A folder of this scenario among those of others.
  func folder(in path: String) -> String { name.map { "\(path)/\(fileName($0))" } ?? path }

  /// Makes the words and numbers of a study.
  func report(_ study: SizingStudy) -> SizingReport {
    SizingReport(study, of: loaded.replay, versionName: versionName, settings: settings)
  }

  /// Publishes a study as `wattif size` does, whichever subcommand made it.
  func publish(
    _ report: SizingReport, common: CommonOptions, html: String?, context: CommandContext
  ) throws {
    if let warning = report.warning { context.report([.warning(warning)]) }
    var common = common
    common.output = common.output.map { folder(in: $0) }
    try loaded.publish(
      report.json, text: report.text, command: SizeCommand.name, versions: [versionName],
      common: common, prints: name == nil, page: report.page(title: loaded.title), html: html,
      context: context
    ) { ["sizes.csv": report.csv, "cash_flows.csv": report.flowCSV] }
  }
}

/// Sizes the batteries of one scenario or of several, for the subcommands that do.
struct SizeRun {
  let tasks: [SizeTask]
  let common: CommonOptions
  let html: String?
  let context: CommandContext

  /// Makes the study of each scenario and publishes it; of several there is a table as well.
  ///
  /// - Parameters:
  ///   - label: What progress is called.
  ///   - cells: What was replayed before, and what becomes of the rest.
  ///   - missed: Turns candidates that are missing into what the user is told.
  /// - Throws: What the studies throw, or what `missed` makes of it.
  func publish(
    label: String, cells: (SizeTask) throws -> SizingCells,
    missed: (SizeTask, MissingCandidates) -> any Error = { $1 }
  ) throws {
    let progress = progress(label)
    var reports: [(task: SizeTask, report: SizingReport)] = []
    for task in tasks {
      do {
        let study = try SizingStudy(
          task.work, cells: try cells(task), threads: context.workers(common),
          monitor: task.loaded.monitor(progress, context: context))
        reports.append((task, task.report(study)))
      } catch let error as MissingCandidates {
        progress.finish()
        throw missed(task, error)
      }
    }
    progress.finish()
    for (task, report) in reports {
      try task.publish(report, common: common, html: html, context: context)
    }
    guard tasks.contains(where: { $0.name != nil }) else { return }
    let sites = SizedSitesReport(reports.map { ($0.task.name ?? "", $0.report) })
    if let folder = common.output {
      try context.write(sites.csv, to: "sites.csv", in: folder)
      try context.write(sites.json.text() + "\n", to: "size.json", in: folder)
    }
    if common.isJSON { context.print(sites.json) } else { context.print(sites.text) }
  }

  func progress(_ label: String) -> Progress {
    context.progress(
      label, total: tasks.reduce(0) { $0 + $1.work.intervalCount }, options: common)
  }
}
