import CommandLine
import Documents
import Replay
import Reports
import Scenarios
import Studies
import Synchronization
import Tariffs

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
        With the list 'batteries' all this is done with each battery, and one page shows them all; --battery takes one.

        With --require a figure of leaderboard.csv must hold, of the cheapest honest version or of a named \
        one: 'savings_vs_self_consumption>0', 'ridge:share_captured>=0.8'. Exit code 2 tells that one does not; \
        everything is printed and written all the same.

        With --explain the regret of a version, its cost less that of perfect forecasts, is split \
        by cause: the version is replayed with the truth of each of load, PV and price, alone and \
        together. That tells what a better forecast of each is worth at most, and in which hours \
        most was lost. These runs are ranked nowhere. --explain-leads asks the same of each range of leads, for the \
        cheapest version explained, and splits what unknown prices cost into those of the next day before they are \
        published and those beyond; --explain-plans splits what no forecast can bring, by replays of the oracle with a \
        horizon of a week, with an envelope in agreement with its plan, and with slots as short as the meter's.

        With --audit each measure of accuracy is held against what planning cost, over versions, from day \
        to day and from week to week: MAE, RMSE, bias, MASE, pinball, CRPS, energy score, peak and ramp \
        errors, Kendall's tau, dispersion and revision of each day's first forecast.

        With --output the folder gets leaderboard.csv, pairs.csv, daily_costs.csv, limits.csv with what \
        limited the battery, bills.csv whose lines add up to each bill, one ledger_NAME.csv per version with every \
        interval, its price and its amount, report.html and the run in wattif.sqlite; --html writes the page alone. \
        With --explain there are also explanation.csv, expensive_hours.csv and regret_profile.csv, with --audit \
        audit.csv and daily_accuracy.csv.
        """,
      arguments: [.scenario(\.scenario)],
      options: [
        .flag("--allow-exec", "Let forecast versions start programs.", \.allowsPrograms),
        .option(
          "--require", "CONDITION", "End with exit code 2 unless this holds; may be repeated.",
          \.requirements),
        .battery(\.battery), .page(\.html),
        .option(
          "--explain", "VERSION",
          "Say why this version costs more than perfect forecasts; 'all' for every version. May be repeated.",
          \.explain),
        .flag(
          "--explain-leads", "With --explain: also by how far ahead a forecast is perfect.",
          \.explainsLeads),
        .flag(
          "--explain-plans", "With --explain: also split what no forecast can bring.",
          \.explainsPlans),
        .flag(
          "--audit", "Say how measures of accuracy go with what planning cost.", \.audits),
      ] + commonOptions,
      examples: [
        ("wattif compare scenarios/quickstart.yaml", "The leaderboard of the example."),
        ("wattif compare site.yaml --json --quiet", "The same for programs."),
        (
          "wattif compare site.yaml --require 'savings_vs_self_consumption>0'",
          "A gate for a new forecast: no worse than the plain rule."
        ),
        ("wattif compare site.yaml --explain all", "With the reasons of each version's regret."),
      ])
  }

  var scenario = ""
  var allowsPrograms = false
  var battery: String?
  var requirements: [Requirement] = []
  var explain: [String] = []
  var html: String?
  var explainsLeads = false
  var explainsPlans = false
  var audits = false
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolderAndRuns + OutputPlace.files(html) }

  func run(_ context: CommandContext) throws -> ExitCode {
    var loaded = try LoadedScenario(path: scenario, common: common, context: context)
    loaded.allowPrograms(allowsPrograms)
    try checkRequirements(loaded)
    loaded.tell(explained: try explainedVersions(loaded).map(\.name))
    if audits { loaded.keepDayAhead() }
    if explain.isEmpty, !details.isEmpty {
      throw UsageError("'--explain-leads' and '--explain-plans' need '--explain'")
    }
    if explainsPlans, battery == nil {
      try loaded.scenario.needsOneBattery(for: "'--explain-plans' plans")
    }
    if explainsLeads { loaded.tell(explained: ["by lead"]) }
    if explainsPlans { loaded.tell(explained: ["plans"]) }
    if let battery {
      loaded = try loaded.with(try loaded.scenario.battery(named: battery))
    } else if !loaded.scenario.batteries.isEmpty {
      return try compareBatteries(loaded, context)
    }
    let progress = context.progress("compare", total: try intervalCount(loaded), options: common)
    let comparison = try compared(loaded, progress, folder: common.output, context)
    let explanation = try explained(comparison, loaded, progress, context)
    progress.finish()
    let answers = requirements.map { $0.answer(comparison) }
    try publish(comparison, explanation, of: loaded, answers, options: common, context)
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
  func intervalCount(_ loaded: LoadedScenario) throws -> Int {
    let wanted = try explainedVersions(loaded)
    return ForecastComparison.intervalCount(
      loaded.replay, versionCount: loaded.versions.count,
      plannerCount: loaded.scenario.planners.count)
      + (wanted.isEmpty
        ? 0
        : RegretStudy.intervalCount(
          loaded.replay, versions: wanted, planners: loaded.scenario.planners, details: details))
  }

  /// The versions that are to be explained, in the order of the scenario.
  ///
  /// - Throws: `UsageError` when the scenario has no version of a name.
  private func explainedVersions(_ loaded: LoadedScenario) throws -> [ForecastVersion] {
    let names = Set(
      try explain.filter { $0 != Self.everyVersion }.map { try loaded.version(named: $0).name })
    return loaded.versions.filter { explain.contains(Self.everyVersion) || names.contains($0.name) }
  }

  /// What is asked besides the causes.
  private var details: RegretStudy.Details {
    var details: RegretStudy.Details = []
    if explainsLeads { details.insert(.leads) }
    if explainsPlans { details.insert(.plans) }
    return details
  }

  /// What `--explain` takes for every version.
  private static let everyVersion = "all"

  /// Says why the wanted versions cost more than the oracle; nothing where none is wanted.
  func explained(
    _ comparison: ForecastComparison, _ loaded: LoadedScenario, _ progress: Progress,
    _ context: CommandContext
  ) throws -> RegretStudy? {
    let wanted = try explainedVersions(loaded)
    if wanted.isEmpty { return nil }
    return try RegretStudy(
      comparison, of: loaded.replay, versions: wanted, planners: loaded.scenario.planners,
      details: details, threads: context.workers(common),
      monitor: loaded.monitor(progress, context: context))
  }

  /// Replays a site with every version and counterfactual; ledgers are kept as they are finished.
  func compared(
    _ loaded: LoadedScenario, _ progress: Progress, folder: String?, _ context: CommandContext
  ) throws -> ForecastComparison {
    var monitor = loaded.monitor(progress, context: context)
    let kept = KeptLedgers(
      folder: folder, schedule: folder == nil ? nil : try loaded.schedule(), context: context)
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
    _ comparison: ForecastComparison, _ explanation: RegretStudy?, of loaded: LoadedScenario,
    _ answers: [Requirement.Answer] = [], options: CommonOptions, prints: Bool = true,
    _ context: CommandContext
  ) throws {
    let report = ComparisonReport(comparison, of: loaded.replay, explained: explanation)
    if let folder = options.output, let explained = report.explanation {
      try context.write(explained.csv, to: "explanation.csv", in: folder)
      try context.write(explained.hoursCSV, to: "expensive_hours.csv", in: folder)
      try context.write(explained.profileCSV, to: "regret_profile.csv", in: folder)
    }
    if let folder = options.output, audits {
      try context.write(AuditReport.csv(comparison.accuracyAudits), to: "audit.csv", in: folder)
      try context.write(
        AuditReport.daysCSV(comparison.accuracyAudits), to: "daily_accuracy.csv", in: folder)
    }
    let json = report.json.adding("requirements", .array(answers.map(\.json)))
    let sentences = answers.map { $0.sentence + "\n" }.joined()
    try loaded.publish(
      json, text: report.text + sentences, command: Self.name,
      versions: loaded.versions.map(\.name),
      planners: loaded.scenario.planners.map(\.name), scores: comparison.scores, common: options,
      prints: prints, page: report.page(title: loaded.title), html: prints ? html : nil,
      context: context
    ) {
      [
        "leaderboard.csv": LeaderboardCSV.text(comparison),
        "daily_costs.csv": LeaderboardCSV.dailyCosts(comparison),
        "pairs.csv": LeaderboardCSV.pairs(comparison),
        "limits.csv": LimitReport(comparison.scores).csv,
      ]
    }
  }
}

/// Writes the ledger of each replay as soon as it is finished, so that a run that is stopped has
/// not worked for nothing.
final class KeptLedgers: Sendable {
  private let folder: String?
  private let schedule: BillingSchedule?
  private let context: CommandContext
  private let names = Mutex<[String]>([])

  init(folder: String?, schedule: BillingSchedule?, context: CommandContext) {
    self.folder = folder
    self.schedule = schedule
    self.context = context
  }

  /// Writes a ledger; one that cannot be written is told of at the end of the run.
  func keep(_ outcome: ReplayOutcome) {
    guard let folder, let schedule else { return }
    let text = TraceCSV.text(outcome.trace, billedBy: schedule)
    guard context.journal.write(text, to: ledgerFile(outcome.name), in: folder) else { return }
    names.withLock { $0.append(outcome.name) }
  }

  /// What was kept, in words.
  var text: String? {
    let names = names.withLock { $0.sorted() }
    guard let folder, !names.isEmpty else { return nil }
    return "kept in '\(folder)': the ledgers of \(names.joined(separator: ", "))"
  }
}
