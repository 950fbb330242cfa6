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
import Twin

/// `wattif stress`: what a derating policy costs and what it protects.
struct StressCommand: WorkingSubcommand {
  static let name = "stress"

  static var grammar: Grammar<StressCommand> {
    Grammar(
      summary: "Replays derating policies under faults and hot weather.",
      discussion: """
        Every combination of policy, fault, weather and way of planning in the scenario's section \
        'stress' is replayed over the period, 'none' before all policies. --policy takes others \
        than the scenario: by the name of the program's own or of a document in a folder \
        'policies', as scenarios/policies has them, or by the path of a document. The first \
        sentence says which policy to take: the cheapest of those under which the battery's own \
        protection opens the circuit least often, with the money of the life used where \
        'stress.replacement_per_kwh' prices it. With --output the folder gets stress.csv, \
        stress.json and report.html, with --campaign campaign.csv in place of tables and page. \
        Of a scenario with 'batteries' the battery is that of the section 'battery', or the one \
        that --battery names.
        """,
      arguments: [.scenario(\.scenario, section: "stress")],
      options: [
        .option(
          "--policy", "NAME|FILE",
          "A derating policy in place of those of the scenario; repeatable.",
          \.policies, completion: .file(suffixes: [".yaml", ".yml"])),
        .option(
          "--heat", "WAY",
          "A way in which plans foresee heat, in place of that of the scenario; repeatable. The first one is that of "
            + "the verdict, and with 'blind' among them the result says what knowing is worth.",
          \.heats),
        .option(
          "--campaign", "N",
          "Run N random faulted days under every policy in place of the matrix, in steps of 10 s; the faults of the "
            + "scenario are drawn beside the usual kinds, and --seed draws others.",
          \.campaign),
        .battery(\.battery), .page(\.html),
      ] + commonOptions,
      examples: [
        ("wattif stress scenarios/hot-cabinet.yaml", "A hot cabinet in a southern summer."),
        (
          "wattif stress scenarios/hot-cabinet.yaml --policy residential --policy mine.yaml",
          "A policy of your own against one of the program."
        ),
      ])
  }

  var scenario = ""
  var policies: [String] = []
  var heats: [HeatForesight] = []
  var campaign: Int?
  var battery: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolderAndRuns + OutputPlace.files(html) }

  func validate() throws(UsageError) {
    if let campaign, !(1...100_000).contains(campaign) {
      throw UsageError("'--campaign' must be within 1…100000, found '\(campaign)'")
    }
    for (name, isGiven) in [("--heat", !heats.isEmpty), ("--html", html != nil)]
    where campaign != nil && isGiven {
      throw UsageError("'\(name)' and '--campaign' exclude each other")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    var loaded = try LoadedScenario(path: scenario, common: common, context: context)
      .taking(battery: battery)
    guard let stress = loaded.scenario.stress else {
      throw InputError(
        "the scenario needs a section 'stress'", at: SourcePosition(file: scenario))
    }
    let policies = try chosenPolicies(stress, loaded: &loaded, context: context)
    for policy in policies {
      guard campaign != nil else {
        try loaded.replay.checkModels(of: policy)
        continue
      }
      let step = Double(StressCampaign.usualStepSeconds)
      try policy.problems(stepSeconds: step, named: nil).throwIfErrors()
    }
    let version = try loaded.version(named: stress.version)
    let battery = loaded.scenario.battery
    if let campaign {
      return try runCampaign(
        campaign, loaded, policies: policies, own: stress.faults, version: version,
        context: context)
    }
    let plan = StressPlan(
      policies: policies.map(\.name), faults: stress.faults, weathers: stress.weathers,
      heats: try chosenHeats(stress, loaded: &loaded),
      lifePrice: stress.lifePrice(of: loaded.replay.battery))
    let progress = context.progress(
      "stress", total: plan.intervalCount(of: loaded.replay), options: common)
    let study = try StressStudy(
      loaded.replay, version: version, plan: plan,
      twin: { try battery.twin(derating: policies[$0], faults: plan.faults[$1].battery) },
      threads: context.workers(common), monitor: loaded.monitor(progress, context: context))
    progress.finish()
    let report = StressReport(
      study, of: loaded.replay, versionName: version.name, policies: policies)
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: [version.name], common: common,
      page: report.page(title: loaded.title), html: html, context: context
    ) { ["stress.csv": report.csv] }
    return .done
  }

  /// Runs random days in place of the matrix.
  private func runCampaign(
    _ count: Int, _ loaded: LoadedScenario, policies: [DeratingPolicy], own: [StressFault],
    version: ForecastVersion, context: CommandContext
  ) throws -> ExitCode {
    var loaded = loaded
    loaded.tell(campaign: count)
    let battery = loaded.scenario.battery
    let replay = loaded.replay.with(battery: try battery.twin(derating: policies[0]))
    let progress = context.progress(
      "campaign", total: replay.period.count + count, options: common)
    let monitor = loaded.monitor(progress, context: context)
    let outcome = try Replayer(replay).run(.planned(version), monitor: monitor)
    let grid = replay.period
    let campaign = try StressCampaign(
      PlannedDays(replay, following: outcome), start: { grid.instant($0) },
      policies: policies.map(\.name), healthy: replay.battery, own: own, count: count,
      seed: replay.settings.seed,
      twin: { try battery.twin(derating: policies[$0], faults: $1) },
      threads: context.workers(common),
      finished: {
        monitor.advanced(1)
        if monitor.isCancelled() { throw CancellationError() }
      })
    progress.finish()
    let report = CampaignReport(
      campaign, of: replay, versionName: version.name, seed: replay.settings.seed)
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: [version.name], common: common,
      context: context
    ) { ["campaign.csv": report.csv] }
    return .done
  }

  /// The ways of foreseeing heat of the command line in place of those of the scenario, or that of its planner.
  private func chosenHeats(
    _ stress: StressSettings, loaded: inout LoadedScenario
  ) throws -> [HeatForesight] {
    guard !heats.isEmpty else {
      return stress.heats.isEmpty ? [loaded.replay.settings.heat] : stress.heats
    }
    var chosen: [HeatForesight] = []
    for heat in heats {
      guard !chosen.contains(heat) else {
        throw UsageError("'--heat \(heat.rawValue)' is given twice")
      }
      chosen.append(heat)
    }
    loaded.tell(heats: chosen.map(\.rawValue))
    return chosen
  }

  /// The policies of the command line in place of those of the scenario.
  ///
  /// - Throws: `InputError` for one that cannot be read or does not suit the battery, `UsageError` for a name
  ///   given twice.
  private func chosenPolicies(
    _ stress: StressSettings, loaded: inout LoadedScenario, context: CommandContext
  ) throws -> [DeratingPolicy] {
    guard !policies.isEmpty else { return stress.policies }
    let folder = URL(fileURLWithPath: scenario).deletingLastPathComponent().path
    var chosen: [DeratingPolicy] = []
    for text in policies {
      let found = try PolicyCatalogue.policy(
        text, folders: ["", folder], environment: context.environment)
      guard !chosen.contains(where: { $0.name == found.policy.name }) else {
        throw UsageError("two policies are named '\(found.policy.name)'")
      }
      _ = try loaded.scenario.battery.twin(derating: found.policy)
      try loaded.tell(policy: text, path: found.path, as: found.policy)
      chosen.append(found.policy)
    }
    return StressSettings.withReference(chosen)
  }
}

extension HeatForesight: ArgumentChoice {}
