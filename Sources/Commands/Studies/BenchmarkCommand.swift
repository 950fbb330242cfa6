import CommandLine
import Diagnostics
import Documents
import Forecasting
import Foundation
import Replay
import Reports
import Scenarios
import Studies
import TimeSeries

/// `wattif benchmark`: one leaderboard over a folder of sites.
struct BenchmarkCommand: WorkingSubcommand {
  static let name = "benchmark"

  static var grammar: Grammar<BenchmarkCommand> {
    Grammar(
      summary: "Ranks forecast versions by money over a folder of sites.",
      discussion: """
        Every scenario (*.yaml) of the folder is compared as 'wattif compare' does, each with its own versions and \
        planners. The leaderboard shows the share of the saving of perfect forecasts that each version captures, with \
        intervals over places, wins and losses against a reference that is fixed beforehand, and the exact signed-rank \
        test with Holm's correction; accuracy stands last.

        A new site is one more scenario. A new model is one CSV file in the folder 'models', with the rows of \
        'wattif forecast import' and a column 'site' that names the scenario without its suffix.

        Data are fetched by whoever runs it: ${WATTIF_DATA} in scenarios stands for the folder of --data-root. \
        benchmark.lock in the folder states the hash of everything that is read; a run on anything else says so. \
        With --output the folder gets benchmark.csv, benchmark_sites.csv and benchmark.json.
        """,
      arguments: [
        .argument("DIR", "Folder with one scenario per site.", \.folder, completion: .folder)
      ],
      options: [
        .option(
          "--data-root", "DIR", "Folder that ${WATTIF_DATA} stands for; the variable if left out.",
          \.dataRoot, completion: .folder),
        .option(
          "--reference", "VERSION", "The version that the others are tested against.", \.reference),
        .flag(
          "--small",
          "The small form: the last 14 days, 7 days of history, one plan of 24 h a day, persistence among the versions.",
          \.isSmall),
        .flag("--write-lock", "State the hashes of what is read in benchmark.lock.", \.writesLock),
      ] + commonOptions,
      examples: [
        (
          "wattif benchmark scenarios/benchmark --data-root data",
          "The benchmark of the project, on data in the folder 'data'."
        ),
        ("wattif benchmark scenarios/benchmark --small", "A first look in a minute."),
      ])
  }

  var folder = ""
  var dataRoot: String?
  var reference = "baseline_7_day_avg"
  var isSmall = false
  var writesLock = false
  var common = CommonOptions()

  var outputs: [OutputPlace] {
    resultFolder + OutputPlace.files(writesLock ? "\(folder)/\(BenchmarkLock.name)" : nil)
  }

  /// The variable that stands for the data folder.
  private static let variable = "WATTIF_DATA"

  func run(_ context: CommandContext) throws -> ExitCode {
    let sites = try ScenarioFolder.scenarios(in: folder)
    let modelFiles = try models(of: sites.map(\.name))
    let root = dataRoot ?? context.environment[Self.variable]
    // Findings of one of many sites would not say which; each is in the result of the site.
    let quiet = CommandContext(
      console: context.console,
      environment: root.map { context.environment.merging([Self.variable: $0]) { $1 } }
        ?? context.environment, isInterrupted: context.isInterrupted)
    var models: [String: [String]] = [:]
    let loaded = try sites.map { site -> LoadedScenario in
      var names: [String] = []
      let loaded = try LoadedScenario(
        path: site.path, common: common, context: quiet, tells: false
      ) { scenario in
        for model in modelFiles {
          names += try scenario.addModels(of: model, site: site.name)
        }
        if isSmall { scenario = scenario.small() }
      }
      if !names.isEmpty { models[site.name] = names }
      return loaded
    }
    let files = Set(
      zip(sites, loaded).flatMap { site, loaded in [site.path] + loaded.scenario.files })
    let lock = try BenchmarkLock(of: files.sorted(), folder: folder, dataRoot: root)
    let lockWords = try checked(lock)
    let tasks = zip(sites, loaded).map { site, loaded in
      BenchmarkSite.Task(
        name: site.name, place: loaded.scenario.site.placeWords ?? site.name, replay: loaded.replay,
        versions: loaded.versions, planners: loaded.scenario.planners)
    }
    try checkReference(tasks)
    let progress = context.progress(
      Self.name, total: tasks.reduce(0) { $0 + BenchmarkStudy.intervalCount($1) }, options: common)
    let study = try BenchmarkStudy(
      tasks, reference: reference, threads: context.workers(common),
      monitor: ReplayMonitor(
        advanced: { progress.advance(by: $0) }, isCancelled: { context.isInterrupted() }))
    progress.finish()
    let report = BenchmarkReport(
      study,
      conditions: conditions(lockWords, models: models) + warnings(sites.map(\.name), loaded))
    if let output = common.output {
      try context.write(report.csv, to: "benchmark.csv", in: output)
      try context.write(report.sitesCSV, to: "benchmark_sites.csv", in: output)
      try context.write(report.json.text() + "\n", to: "benchmark.json", in: output)
    }
    if common.isJSON { context.print(report.json) } else { context.print(report.text) }
    return .done
  }

  /// The files with models.
  ///
  /// - Throws: `InputError` when one names a site that the folder does not have.
  private func models(of sites: [String]) throws -> [String] {
    let models = "\(folder)/models"
    guard FileManager.default.fileExists(atPath: models) else { return [] }
    let files = try ScenarioFolder.names(in: models, suffixes: [".csv", ".csv.gz"]).map {
      "\(models)/\($0)"
    }
    for file in files {
      for name in try ExternalForecasts.sites(csv: TextFile(file)).subtracting(sites).sorted() {
        let near = suggestion(for: name, among: sites).map { "; did you mean '\($0)'?" } ?? ""
        throw InputError(
          "the folder has no scenario for site '\(name)'\(near)", at: SourcePosition(file: file))
      }
    }
    return files
  }

  /// Writes the lock, or compares with it; says which.
  private func checked(_ lock: BenchmarkLock) throws -> [String] {
    let path = "\(folder)/\(BenchmarkLock.name)"
    let stated = "Hash of all that was read: \(lock.hash)."
    if writesLock {
      try FileWriter.write(lock.text, to: path)
      return [stated, "Written to \(BenchmarkLock.name)."]
    }
    guard FileManager.default.fileExists(atPath: path) else {
      return [stated, "The folder has no \(BenchmarkLock.name) to compare with."]
    }
    let locked = BenchmarkLock(String(decoding: try TextFile.contents(path), as: UTF8.self))
    let differences = lock.differences(from: locked)
    guard !differences.isEmpty else { return [stated, "It is what \(BenchmarkLock.name) states."] }
    let shown = differences.prefix(5).joined(separator: "; ")
    let more = differences.count > 5 ? "; and \(differences.count - 5) more" : ""
    return [stated, "It is not what \(BenchmarkLock.name) states: \(shown)\(more)."]
  }

  /// Refuses a reference that some site does not have.
  private func checkReference(_ tasks: [BenchmarkSite.Task]) throws(UsageError) {
    for task in tasks {
      let names = task.versions.flatMap { version in
        task.planners.isEmpty ? [version.name] : task.planners.map { $0.naming(version.name) }
      }
      guard !names.contains(reference) else { continue }
      let near = suggestion(for: reference, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("site '\(task.name)' has no version '\(reference)'\(near)")
    }
  }

  private func conditions(_ lock: [String], models: [String: [String]]) -> [String] {
    var lines = lock
    if isSmall {
      lines.append(
        "Small form: the last \(Scenario.smallDays) days of each site, \(Scenario.smallContextDays) days of history, "
          + "one plan of \(Scenario.smallHorizonHours) h a day.")
    }
    for (site, names) in models.sorted(by: { $0.key < $1.key }) {
      lines.append("Models of '\(site)': \(names.joined(separator: ", ")).")
    }
    return lines
  }

  private func warnings(_ names: [String], _ loaded: [LoadedScenario]) -> [String] {
    zip(names, loaded).flatMap { name, loaded in
      loaded.warnings.map { "\(name): \($0.message)." }
    }
  }
}
