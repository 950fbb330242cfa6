import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import Store
import Studies
import Tariffs
import TimeSeries

extension ShadowCommand {
  /// Replays the days that are new, judges, and writes the state.
  func follow(
    _ scenario: Scenario, path: String, _ keeper: ForecastKeeper, _ kept: ShadowReport.Kept,
    _ context: CommandContext
  ) throws -> ExitCode {
    let folder = common.output ?? ""
    let stateFile = "\(folder)/shadow.json"
    var state =
      TextFile.exists(stateFile) ? try ShadowState(try TextFile(stateFile)) : ShadowState()
    let site = scenario.comparing(
      try keeper.forecasts(), keptIn: keeper.path, site: ForecastKeeper.site)
    var calendar = ShadowCalendar(
      zone: site.site.zone, firstKept: try keeper.firstDays(zone: site.site.zone), of: site)
    let last = try day?.dayNumber ?? site.lastMeasuredDay()
    let spans = calendar.spans(after: state.ledger, through: last)
    guard state.ledger.lastDay != nil || !spans.isEmpty else {
      throw InputError(
        "no day can be replayed yet: the first is \(dayText(calendar.firstDay)), and the history is measured to the "
          + "end of \(dayText(last))", at: site.positions["period"])
    }
    for span in spans {
      let loaded = try LoadedScenario(
        calendar.scenario(of: span), path: path, common: common, context: context)
      let days = try replayed(span, loaded, context)
      state.labelled.formUnion(days.labelled)
      if let month = days.month { state.ledger.take(month) }
    }
    let active = site.forecasts.active ?? site.forecasts.versions.first?.name ?? ""
    let report = ShadowReport(
      name: site.name, currency: site.tariff.currency, kept: kept,
      verdict: ShadowVerdict(
        state.ledger, active: active, labelled: state.labelled, newest: months),
      newest: months, state: state, notes: calendar.notes(site.tariff, through: last))
    try context.write(report.json.text() + "\n", to: "shadow.json", in: folder)
    if common.isJSON { context.print(report.json) } else { context.print(report.text) }
    return .done
  }

  /// Replays every version over the days of a span.
  private func replayed(
    _ span: ShadowCalendar.Span, _ given: LoadedScenario, _ context: CommandContext
  ) throws -> ShadowDays {
    var loaded = given
    loaded.allowPrograms(allowsPrograms)
    let progress = context.progress(
      "shadow", total: (loaded.versions.count + 1) * loaded.replay.period.count, options: common)
    let days = try ShadowDays(
      loaded.replay, versions: loaded.versions, firstDay: span.first, lastDay: span.last,
      threads: context.workers(common), monitor: loaded.monitor(progress, context: context))
    progress.finish()
    return days
  }
}
