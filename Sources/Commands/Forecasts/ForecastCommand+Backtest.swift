import CommandLine
import Diagnostics
import Documents
import Forecasting
import Replay
import Reports
import Scenarios
import Studies
import TimeSeries

extension ForecastCommand {
  /// The versions named on the command line, or all of the scenario.
  func candidates(_ loaded: LoadedScenario, history: SiteHistory) throws -> [BacktestCandidate] {
    var chosen: [ForecastVersion] = []
    for name in versions { chosen.append(try loaded.version(named: name)) }
    if versions.isEmpty, kinds.isEmpty { chosen = loaded.versions }
    var result = chosen.map { version in
      let recipe =
        switch quantity.quantity {
        case .pv: version.pv
        case .price: version.price
        default: version.load
        }
      return BacktestCandidate(
        name: version.name, recipe: recipe, external: version.external, weather: version.weather)
    }
    for name in kinds {
      guard let kind = ForecastRecipe.Kind(rawValue: name) else { continue }
      result.append(
        BacktestCandidate(
          name: name, recipe: ForecastRecipe(kind), external: loaded.versions.first?.external,
          weather: loaded.versions.first?.weather))
    }
    for i in result.indices {
      if hasQuantiles { result[i].recipe.quantileLevels = (1...9).map { Double($0) / 10 } }
      if hasOracleWeather { result[i].weather = WeatherForecasts(observed: history) }
    }
    return result
  }

  /// Where the versions forecast for.
  func site(of loaded: LoadedScenario) throws -> SiteContext {
    var site = loaded.replay.site
    site.battery = try loaded.replay.storageLimits
    return site
  }

  /// The scenario's history on its planning step.
  func planningHistory(_ loaded: LoadedScenario) throws -> SiteHistory {
    let history = loaded.input.history.resampled(
      stepSeconds: loaded.replay.settings.planningStepSeconds)
    guard history[quantity.quantity] != nil else {
      throw InputError("the history does not measure '\(quantity.quantity.rawValue)'")
    }
    return history
  }

  func runBacktest(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: file, common: common, context: context)
    let history = try planningHistory(loaded)
    var plan = Backtest(
      quantity: quantity.quantity, history: history, firstDay: firstDay,
      localHours: issueHours.isEmpty ? [0, 6, 12, 18] : issueHours.map { Int($0) },
      horizonHours: horizonHours, gapSlots: Int(gapSlots))
    guard !plan.issues.isEmpty else {
      throw InputError("the history is too short for an issue after \(firstDay) days")
    }
    plan.knowsPricesOfToday = loaded.replay.settings.publicationMinute != nil
    let chosen = try candidates(loaded, history: history)
    try refuseToKeepOracles(chosen)
    var settings = BacktestStudy.Settings(
      site: try site(of: loaded), seed: loaded.replay.settings.seed)
    settings.allowsPrograms = allowsPrograms
    settings.windowCount = windowCount
    settings.keepsIssues = store != nil
    if hasAblation {
      settings.withheld = BacktestStudy.Thinning.all(
        plan, history: history,
        weather: Set(chosen.flatMap { $0.weather?.quantities ?? [] }))
    }
    let progress = context.progress(
      "backtest",
      total: BacktestStudy.caseCount(
        candidates: chosen.count, withheld: settings.withheld?.count ?? 0), options: common)
    let study = try BacktestStudy(
      plan, candidates: chosen, history: history, settings: settings,
      threads: context.workers(common), monitor: loaded.monitor(progress, context: context))
    progress.finish()
    if let store {
      try context.keep(in: store) { project in
        for row in study.rows {
          var newestHash: String?
          for issue in row.issues {
            try keep(
              issue.forecast, issue.record, row.candidate, history,
              writesRecord: issue.record?.hash != newestHash, in: project)
            newestHash = issue.record?.hash
          }
        }
      }
    }
    let report = BacktestReport(study, horizonHours: horizonHours)
    if common.output != nil || html != nil {
      let page = loaded.page(
        report.page(title: "\(loaded.title): forecasts of \(quantity.quantity.rawValue)"))
      if let html { context.keep { try FileWriter.write(page, to: html) } }
      if let folder = common.output { try context.write(page, to: "report.html", in: folder) }
    }
    if let folder = common.output {
      try context.write(report.json.text() + "\n", to: "backtest.json", in: folder)
      try context.write(report.dailyLosses, to: "daily_losses.csv", in: folder)
    }
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }
}
