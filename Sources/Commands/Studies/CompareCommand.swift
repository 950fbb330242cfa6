import CommandLine
import Documents
import Replay
import Reports
import Scenarios
import Studies
import Synchronization

/// `wattif compare`: which forecast version saves the most money.
struct CompareCommand: WorkingSubcommand {
  static let name = "compare"

  static var grammar: Grammar<CompareCommand> {
    Grammar(
      summary: "Ranks forecast versions by the money they save.",
      discussion: """
        Replays the scenario's period once for each forecast version: forecasts as of each issue \
        time, the twin's power envelope, a plan, its execution against what happened, and the \
        exact bill. The same replay runs without a battery, with rule-based self-consumption and \
        with perfect forecasts. With 'variants' in the section 'planner', each version is replayed \
        with each of them, so that the value of the forecast and that of the planner stand apart. \
        With the list 'batteries' all this is done with each battery; --battery takes one.

        With --require a figure of leaderboard.csv must hold, of the cheapest honest version or of a named \
        one: 'savings_vs_self_consumption>0', 'ridge:share_captured>=0.8'. Exit code 2 tells that one does not; \
        everything is printed and written all the same.

        With --output the folder gets leaderboard.csv, pairs.csv, daily_costs.csv, limits.csv with what \
        limited the battery, one ledger_NAME.csv per version with every interval, report.html and the run in \
        wattif.sqlite.
        """,
      arguments: [.scenario(\.scenario)],
      options: [
        .flag("--allow-exec", "Let forecast versions start programs.", \.allowsPrograms),
        .option(
          "--require", "CONDITION", "End with exit code 2 unless this holds; may be repeated.",
          \.requirements),
        .battery(\.battery),
      ] + commonOptions,
      examples: [
        ("wattif compare scenarios/quickstart.yaml", "The leaderboard of the example."),
        ("wattif compare site.yaml --json --quiet", "The same for programs."),
        (
          "wattif compare site.yaml --require 'savings_vs_self_consumption>0'",
          "A gate for a new forecast: no worse than the plain rule."
        ),
      ])
  }

  var scenario = ""
  var allowsPrograms = false
  var battery: String?
  var requirements: [Requirement] = []
  var common = CommonOptions()

  func run(_ context: CommandContext) throws -> ExitCode {
    var loaded = try LoadedScenario(path: scenario, common: common, context: context)
    loaded.allowPrograms(allowsPrograms)
    try checkRequirements(loaded)
    if let battery {
      loaded = try loaded.with(try loaded.scenario.battery(named: battery))
    } else if !loaded.scenario.batteries.isEmpty {
      return try compareBatteries(loaded, context)
    }
    let progress = context.progress("compare", total: intervalCount(loaded), options: common)
    let comparison = try compared(loaded, progress, folder: common.output, context)
    progress.finish()
    let answers = requirements.map { $0.answer(comparison) }
    try publish(comparison, of: loaded, answers, options: common, context)
    return answers.allSatisfy(\.isMet) ? .done : .unmet
  }

  /// Refuses requirements that the comparison cannot answer, before any work.
  private func checkRequirements(_ loaded: LoadedScenario) throws(UsageError) {
    let batteries = loaded.scenario.batteries
    guard requirements.isEmpty || battery != nil || batteries.isEmpty else {
      throw UsageError("'--require' needs '--battery' where a scenario compares batteries")
    }
    let planners = loaded.scenario.planners
    let versions = loaded.versions.flatMap { version in
      planners.isEmpty ? [version.name] : planners.map { $0.naming(version.name) }
    }
    let counterfactuals = [Controller.oracle, .selfConsumption, .noBattery].map(\.name)
    for requirement in requirements {
      try requirement.check(versions: versions + counterfactuals)
    }
  }

  /// Intervals that the comparison of a site goes through.
  func intervalCount(_ loaded: LoadedScenario) -> Int {
    ForecastComparison.intervalCount(
      loaded.replay, versionCount: loaded.versions.count,
      plannerCount: loaded.scenario.planners.count)
  }

  /// Replays a site with every version and counterfactual; ledgers are kept as they are finished.
  func compared(
    _ loaded: LoadedScenario, _ progress: Progress, folder: String?, _ context: CommandContext
  ) throws -> ForecastComparison {
    var monitor = loaded.monitor(progress, context: context)
    let kept = KeptLedgers(folder: folder, context: context)
    monitor.finished = { kept.keep($0) }
    do {
      return try ForecastComparison(
        loaded.replay, versions: loaded.versions, planners: loaded.scenario.planners,
        threads: context.workers(common), monitor: monitor)
    } catch let error as CancellationError {
      progress.finish()
      if let text = kept.text { context.note(text) }
      throw error
    }
  }

  /// Prints a comparison and writes its files, or only writes them.
  func publish(
    _ comparison: ForecastComparison, of loaded: LoadedScenario,
    _ answers: [Requirement.Answer] = [], options: CommonOptions,
    prints: Bool = true, _ context: CommandContext
  ) throws {
    let report = ComparisonReport(comparison, of: loaded.replay)
    let json = report.json.adding("requirements", .array(answers.map(\.json)))
    let sentences = answers.map { $0.sentence + "\n" }.joined()
    try loaded.publish(
      json, text: report.text + sentences, command: Self.name,
      versions: loaded.versions.map(\.name),
      planners: loaded.scenario.planners.map(\.name), scores: comparison.scores, common: options,
      prints: prints, context: context
    ) {
      [
        "leaderboard.csv": LeaderboardCSV.text(comparison),
        "daily_costs.csv": LeaderboardCSV.dailyCosts(comparison),
        "pairs.csv": LeaderboardCSV.pairs(comparison),
        "limits.csv": LimitReport(comparison.scores).csv,
        "report.html": report.html(title: loaded.scenario.name),
      ]
    }
  }
}

/// Writes the ledger of each replay as soon as it is finished, so that a run that is stopped has
/// not worked for nothing.
final class KeptLedgers: Sendable {
  private let folder: String?
  private let context: CommandContext
  private let names = Mutex<[String]>([])

  init(folder: String?, context: CommandContext) {
    self.folder = folder
    self.context = context
  }

  /// Writes a ledger; one that cannot be written is told of at the end of the run, where all are
  /// written again.
  func keep(_ outcome: ReplayOutcome) {
    guard let folder else { return }
    let file = ledgerFile(outcome.name)
    guard (try? context.write(TraceCSV.text(outcome.trace), to: file, in: folder)) != nil else {
      return
    }
    names.withLock { $0.append(outcome.name) }
  }

  /// What was kept, in words.
  var text: String? {
    let names = names.withLock { $0.sorted() }
    guard let folder, !names.isEmpty else { return nil }
    return "kept in '\(folder)': the ledgers of \(names.joined(separator: ", "))"
  }
}
