import CommandLine
import Diagnostics
import Documents
import Reports
import Scenarios
import Store
import Studies
import Telemetry
import TimeSeries

/// `wattif shadow`: versions beside a running planner, day by day.
struct ShadowCommand: WorkingSubcommand {
  static let name = "shadow"

  static var grammar: Grammar<ShadowCommand> {
    Grammar(
      summary: "Follows a running planner and says when its forecast version should change.",
      discussion: """
        SOURCE is a scenario, or with --scenario a database that stands in for the scenario's: the \
        planner_learning.db of Darkstar, which is only read, or a project database. To be run once a day, by cron.

        Each run keeps the forecasts that the planner has made since, before it overwrites them; replays the days that \
        have been measured since, with every version of the scenario and every version that was kept; and compares \
        the active version (active_forecast_version) with each other one over the newest months. A change is due \
        only where a version is cheaper beyond luck. Days are replayed with the other days of their month, so that \
        peaks cost what they cost.

        --output is the folder of the shadow: wattif.sqlite holds the forecasts, shadow.json the state, the verdict \
        and what each day cost. It is replaced as a whole, and a run that is killed is made up for by the next. \
        'period.from' is the first day that counts; 'period.to' is not looked at.

        A database without --scenario is only kept. So is one with --keep, for a planner that runs several times a day.
        """,
      arguments: [
        .argument(
          "SOURCE", "Scenario, or database of a planner.", \.source,
          completion: .file(suffixes: ["yaml", "yml", "db", "sqlite"]))
      ],
      options: [
        .option(
          "--scenario", "FILE", "Scenario of the site, where SOURCE is a database.", \.scenario,
          completion: .file(suffixes: ["yaml", "yml"])),
        .flag("--keep", "Only keep the forecasts made since.", \.onlyKeeps),
        .option(
          "--day", "DATE", "Last day to replay; the last one measured to its end if left out.",
          \.day),
        .option(
          "--months", "COUNT", "How many of the newest months count; 12 if left out.", \.months),
        .flag("--allow-exec", "Let forecast versions start programs.", \.allowsPrograms),
      ] + commonOptions,
      examples: [
        (
          "wattif shadow planner_learning.db --scenario site.yaml -o shadow -q",
          "The line for cron."
        ),
        (
          "wattif shadow planner_learning.db --keep -o shadow -q",
          "The same each hour, to keep only."
        ),
      ])
  }

  var source = ""
  var scenario: String?
  var onlyKeeps = false
  var day: DateArgument?
  var months = 12
  var allowsPrograms = false
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder }

  func validate() throws(UsageError) {
    if common.output == nil {
      throw UsageError("'shadow' needs the folder of its state: --output DIR")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    let folder = common.output ?? ""
    let isDatabase = TextFile.head(source, bytes: 16).starts(with: Array("SQLite format 3".utf8))
    if scenario != nil, !isDatabase {
      throw UsageError("'--scenario' goes with a database, and '\(source)' is none")
    }
    try FileWriter.makeFolder(folder)
    do {
      let keeper = try ForecastKeeper(folder: folder)
      if isDatabase, scenario == nil {
        let kept = try keeper.keep(darkstar: source, zone: .utc, undated: nil)
        tell(kept, context)
        return .done
      }
      let path = scenario ?? source
      var site = try Scenario.read(path: path, environment: context.environment)
      try site.needsOneBattery(for: "'shadow' follows")
      if isDatabase { site = try site.reading(database: source) }
      let kept = try keeper.keep(site)
      if onlyKeeps {
        tell(kept, context)
        return .done
      }
      return try follow(site, path: path, keeper, kept, context)
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
  }

  private func tell(_ kept: ShadowReport.Kept, _ context: CommandContext) {
    if common.isJSON {
      context.print([
        "schema": "wattif.shadow_kept/1", "issues": .integer(kept.held.issues),
        "rows": .integer(kept.held.rows), "new_issues": .integer(kept.added.issues),
        "new_rows": .integer(kept.added.rows), "left_out_rows": .integer(kept.leftOut),
      ])
    } else {
      context.print(
        "Kept \(kept.added.issues) new issues with \(kept.added.rows) rows; there are \(kept.held.issues) "
          + "with \(kept.held.rows).\n")
    }
  }
}
