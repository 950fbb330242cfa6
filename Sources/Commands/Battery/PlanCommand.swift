import CommandLine
import Diagnostics
import Documents
import Planning
import Replay
import Reports
import Scenarios
import Tariffs
import TimeSeries

/// `wattif plan`: one plan of a replay, and why it is as it is.
struct PlanCommand: WorkingSubcommand {
  static let name = "plan"

  static var grammar: Grammar<PlanCommand> {
    Grammar(
      summary: "Shows one plan and why it is so.",
      discussion: """
        The scenario is replayed up to the instant, so the battery, the peaks and the forecasts are \
        those of that moment. The table has for every slot the flows, what a stored kWh is worth and \
        the limits that bind. --lp and --mps write the linear program of the plan. Of a scenario \
        with 'batteries' the battery is that of the section 'battery', or the one that --battery names.
        """,
      arguments: [.scenario(\.scenario)],
      options: [
        .option(
          "--at", "TIME",
          "The instant, as 2024-07-01T12:00 on the site's clock or with Z in UTC; the start of the "
            + "period if left out.", \.at),
        .option("--version", "NAME", "Plan with this forecast version.", \.version),
        .option("--planner", "NAME", "Plan as this variant of the section 'planner'.", \.planner),
        .battery(\.battery),
        .option("--lp", "FILE", "Write the linear program for people.", \.lp),
        .option("--mps", "FILE", "Write the linear program for other solvers.", \.mps),
      ] + commonOptions,
      examples: [
        (
          "wattif plan scenarios/quickstart.yaml --at 2024-07-01T12:00",
          "The plan in force at noon."
        )
      ])
  }

  var scenario = ""
  var at: String?
  var version: String?
  var planner: String?
  var lp: String?
  var mps: String?
  var battery: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder + OutputPlace.files(lp, mps) }

  func run(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: scenario, common: common, context: context)
      .taking(battery: battery)
    let version = try loaded.version(named: version)
    let replay = try loaded.replay(plannedBy: planner)
    let instant =
      try at.map { try Self.instant($0, zone: replay.history.zone) }
      ?? replay.period.start
    guard let end = replay.period.index(containing: instant) else {
      throw UsageError("'--at' must lie within the period of the scenario, found '\(at ?? "")'")
    }
    let progress = context.progress("plan", total: end + 1, options: common)
    let found = try Replayer(replay).plan(
      version, at: instant, monitor: loaded.monitor(progress, context: context))
    progress.finish()
    guard let found else { throw RunFailure("no plan was made") }
    for (file, path) in [(PlanProgramFile.lp, lp), (.mps, mps)] {
      guard let path else { continue }
      context.keep {
        try FileWriter.whole(path) { file.write(found.request, to: $0) }
      }
    }
    let report = PlanReport(found, zone: replay.history.zone)
    let json = loaded.named(report.json)
    if let folder = common.output {
      try context.write(json.text() + "\n", to: "plan.json", in: folder)
    }
    if common.isJSON {
      context.print(json)
    } else {
      context.print(loaded.heading + report.text(currency: replay.tariff.currency))
    }
    return .done
  }

  /// Reads `2024-07-01T12:00`, with `Z` or an offset at the end for another clock than the site's.
  static func instant(_ text: String, zone: Zone) throws(UsageError) -> Int {
    let refusal = UsageError(
      "'--at' must be a time like 2024-07-01T12:00 or 2024-07-01T12:00Z, found '\(text)'")
    // A date alone says no time, and digits alone are no time that people write.
    guard text.contains("T") else { throw refusal }
    var stamps = StampScanner(zone: zone)
    switch stamps.scan(text) {
    case .instant(let stamp), .repeated(let stamp): return stamp / 1000
    case .malformed: throw refusal
    case .nonexistent:
      throw UsageError("'--at' must be a time that exists on the site's clock, found '\(text)'")
    }
  }
}
