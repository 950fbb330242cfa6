import CommandLine
import Documents
import Replay
import Reports
import Scenarios
import Studies

extension CompareCommand {
  /// Compares the versions with each battery of the scenario, and the batteries with each other.
  ///
  /// Each battery's files go to a folder of its own.
  func compareBatteries(_ loaded: LoadedScenario, _ context: CommandContext) throws -> ExitCode {
    let sites = try loaded.scenario.batteries.map { (name: $0.name, loaded: try loaded.with($0)) }
    let progress = context.progress(
      "compare", total: try intervalCount(loaded) * sites.count, options: common)
    var runs: [BatteryRun] = []
    for site in sites {
      var options = common
      options.output = common.output.map { "\($0)/\(fileName(site.name))" }
      let comparison = try compared(site.loaded, progress, folder: options.output, context)
      let explanation = try explained(comparison, site.loaded, progress, context)
      runs.append(
        BatteryRun(
          name: site.name, replay: site.loaded.replay, comparison: comparison,
          explanation: explanation))
      try publish(
        comparison, explanation, of: site.loaded, options: options, prints: false, context)
    }
    progress.finish()
    let report = BatteryReport(BatteryComparison(runs))
    try loaded.publish(
      report.json, text: report.text, command: Self.name, versions: loaded.versions.map(\.name),
      planners: loaded.scenario.planners.map(\.name), common: common,
      page: report.page(title: loaded.title), html: html, context: context
    ) { ["batteries.csv": report.csv] }
    return .done
  }
}
