import CommandLine
import Diagnostics
import Documents
import Forecasting
import Replay
import Reports
import Scenarios
import TimeSeries

extension ForecastCommand {
  /// A version with its recipe for the quantity at hand.
  struct Candidate {
    var name: String
    var recipe: ForecastRecipe
    var external: ExternalForecasts?
    var weather: WeatherOutlook?

    /// Says what no forecaster could have known.
    var label: String {
      var labels: [String] = []
      if recipe.kind.isOracle { labels.append("oracle") }
      if weather?.isOracle == true { labels.append("oracle weather") }
      return labels.joined(separator: ", ")
    }
  }

  /// The versions named on the command line, or all of the scenario.
  func candidates(_ loaded: LoadedScenario, history: SiteHistory) throws -> [Candidate] {
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
      return Candidate(
        name: version.name, recipe: recipe, external: version.external, weather: version.weather)
    }
    for name in kinds {
      guard let kind = ForecastRecipe.Kind(rawValue: name) else { continue }
      result.append(
        Candidate(
          name: name, recipe: ForecastRecipe(kind), external: loaded.versions.first?.external,
          weather: loaded.versions.first?.weather))
    }
    for i in result.indices {
      if hasQuantiles { result[i].recipe.quantileLevels = (1...9).map { Double($0) / 10 } }
      if hasOracleWeather { result[i].weather = WeatherOutlook(observed: history) }
    }
    return result
  }

  /// The forecaster of a candidate.
  func forecaster(
    _ candidate: Candidate, _ loaded: LoadedScenario, history: SiteHistory
  ) throws -> any Forecaster {
    var site = loaded.scenario.site.context
    site.battery = loaded.replay.storageLimits
    return try candidate.recipe.forecaster(
      site: site, seed: loaded.replay.settings.seed,
      resources: ForecastResources(
        truth: candidate.recipe.kind.isOracle ? history : nil, external: candidate.external,
        allowsPrograms: allowsPrograms))
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
    let backtest = Backtest(
      quantity: quantity.quantity, history: history, firstDay: firstDay,
      localHours: issueHours.isEmpty ? [0, 6, 12, 18] : issueHours.map { Int($0) },
      horizonHours: horizonHours, gapSlots: Int(gapSlots))
    guard !backtest.issues.isEmpty else {
      throw InputError("the history is too short for an issue after \(firstDay) days")
    }
    var results: [(candidate: Candidate, scores: BacktestScores)] = []
    let chosen = try candidates(loaded, history: history)
    try refuseToKeepOracles(chosen)
    let database = try store.map { try project(at: $0) }
    let withheld =
      hasAblation
      ? WeatherOutlook.quantities.filter { column in
        history[column] != nil
          || chosen.contains { $0.weather?.quantities.contains(column) == true }
      } : []
    let progress = context.progress(
      "backtest", total: chosen.count * (1 + withheld.count), options: common)
    var ablations: [Ablation] = []
    for candidate in chosen {
      var version = try forecaster(candidate, loaded, history: history)
      var test = backtest
      test.weather = candidate.weather
      test.knowsPricesOfToday = loaded.replay.settings.publicationMinute != nil
      var newestHash: String?
      let forecasts = try test.forecasts(of: &version, history: history) { forecast, version in
        guard let database else { return }
        let record = (version as? VersionForecaster)?
          .record(of: quantity.quantity, version: candidate.name, seed: loaded.replay.settings.seed)
        try keep(
          forecast, record, candidate, history, writesRecord: record?.hash != newestHash,
          in: database)
        newestHash = record?.hash
      }
      let scores = test.scores(of: forecasts, history: history)
      results.append((candidate, scores))
      progress.advance(by: 1)
      for column in withheld {
        ablations.append(
          try ablation(of: candidate, without: column, scores, backtest, loaded, history: history))
        progress.advance(by: 1)
      }
    }
    progress.finish()
    let json = backtestJSON(backtest, results, ablations)
    if let folder = common.output {
      try context.write(json.text() + "\n", to: "backtest.json", in: folder)
      try context.write(dailyLosses(results), to: "daily_losses.csv", in: folder)
    }
    if common.isJSON {
      context.print(json)
    } else {
      context.print(
        backtestTable(backtest, results) + (hasAblation ? "\n" + ablationTable(ablations) : ""))
    }
    return .done
  }

  private func backtestTable(
    _ backtest: Backtest, _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    var table = TextTable(
      [("version", .left)] + BacktestScores.measures.columns()
        + [("against first", .left), ("label", .left)])
    for (candidate, scores) in results {
      var verdict = ""
      if let first = results.first, first.candidate.name != candidate.name {
        verdict = BacktestComparison(scores, first.scores).verdict.rawValue
      }
      table.add(
        [candidate.name] + BacktestScores.measures.row(scores) + [verdict, candidate.label])
    }
    return "\(quantity.quantity.rawValue), \(backtest.issues.count) issues of"
      + " \(backtest.horizonSlots) slots, errors in \(quantity.quantity.unit)\n" + table.text + "\n"
      + leadTable(backtest, results) + regimeTable(results)
      + (windowCount > 1 ? "\n" + windowTable(results) : "")
      + doubts(results)
  }

  private func backtestJSON(
    _ backtest: Backtest, _ results: [(candidate: Candidate, scores: BacktestScores)],
    _ ablations: [Ablation]
  ) -> JSONValue {
    let rows = results.map { candidate, scores -> JSONValue in
      var comparison: JSONValue = nil
      if let first = results.first, first.candidate.name != candidate.name {
        comparison = BacktestComparison.measures.json(BacktestComparison(scores, first.scores))
          .adding("to", .string(first.candidate.name))
      }
      let members: JSONValue = [
        "version": .string(candidate.name), "kind": .string(candidate.recipe.kind.rawValue),
        "label": .string(candidate.label), "against": comparison,
        "leads": leads(scores, backtest), "hours": sums(scores.byHour),
        "windows": .array(
          windows(results).map { window in
            self.window(window, scores, results.first?.scores ?? scores)
          }),
        "weekdays": sums(scores.byWeekday),
        "day_types": .object([
          "working_day": ErrorStatistics.Sums.bucket.json(scores.byDayType[0]),
          "weekend": ErrorStatistics.Sums.bucket.json(scores.byDayType[1]),
        ]),
        "regimes": .object(
          Dictionary(
            uniqueKeysWithValues: zip(
              scores.regimes, scores.byRegime.map { ErrorStatistics.Sums.bucket.json($0) }))),
      ]
      return members.adding(BacktestScores.measures.json(scores))
    }
    return [
      "schema": "wattif.forecast/1", "action": "backtest",
      "quantity": .string(quantity.quantity.rawValue),
      "unit": .string(quantity.quantity.unit), "issues": .integer(backtest.issues.count),
      "horizon_slots": .integer(backtest.horizonSlots), "versions": .array(rows),
      "ablations": .array(ablations.map(\.json)),
    ]
  }

  /// Disjoint windows of the tested days, as many as asked for and of equal length.
  private func windows(
    _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> [Range<Int>] {
    let days = results.flatMap { $0.scores.byDay.keys }
    guard windowCount > 1, let first = days.min(), let last = days.max() else { return [] }
    let length = last + 1 - first
    return (0..<windowCount).map { i in
      (first + i * length / windowCount)..<(first + (i + 1) * length / windowCount)
    }
  }

  private func window(
    _ days: Range<Int>, _ scores: BacktestScores, _ reference: BacktestScores
  ) -> JSONValue {
    BacktestComparison.measures.json(BacktestComparison(scores, reference, days: days)).adding([
      "from": .string(date(days.lowerBound)), "to": .string(date(days.upperBound)),
      "errors": ErrorStatistics.Sums.bucket.json(scores.total(over: days)),
    ])
  }

  /// Errors of every version in each window, and how they stand to the first version there.
  private func windowTable(
    _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    var table = TextTable(
      [("window", .left), ("version", .left)] + ErrorStatistics.Sums.errors.columns()
        + BacktestComparison.measures.columns())
    for days in windows(results) {
      for (candidate, scores) in results {
        let against =
          candidate.name == results.first?.candidate.name
          ? nil : results.first.map { BacktestComparison(scores, $0.scores, days: days) }
        table.add(
          ["\(date(days.lowerBound)) to \(date(days.upperBound - 1))", candidate.name]
            + ErrorStatistics.Sums.errors.row(scores.total(over: days))
            + (against.map { BacktestComparison.measures.row($0) } ?? ["", ""]))
      }
    }
    return table.text
  }

  /// Says where weather went beyond the fits, and where the plant contradicted the sun.
  private func doubts(
    _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    results.flatMap { candidate, scores in
      scores.counts.remarks(in: .backtestSentences).map { "\(candidate.name): \($0)\n" }
    }.joined()
  }

  /// Errors in each regime, and what only battery power has.
  private func regimeTable(
    _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    guard let regimes = results.first?.scores.regimes, !regimes.isEmpty else { return "" }
    let isBattery = quantity.quantity == .batteryPower
    var table = TextTable(
      [("MAE by regime", .left)] + regimes.map { ($0, .right) }
        + (isBattery ? BatteryScores.measures.columns() : []))
    for (candidate, scores) in results {
      table.add(
        [candidate.name]
          + scores.byRegime.map { NumberText.fixed($0.mae, decimals: 4) }
          + (isBattery ? BatteryScores.measures.row(scores.battery) : []))
    }
    return "\n" + table.text
  }

  /// Errors by hours ahead.
  private func leadTable(
    _ backtest: Backtest, _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    let perHour = max(1, backtest.horizonSlots / horizonHours)
    var table = TextTable(
      [("MAE by hours ahead", .left)]
        + zip(leadEdges, leadEdges.dropFirst()).map { ("\($0)–\($1) h", .right) })
    for (candidate, scores) in results {
      table.add(
        [candidate.name]
          + zip(leadEdges, leadEdges.dropFirst()).map { from, to in
            NumberText.fixed(
              scores.errors.over(leads: (from * perHour)..<(to * perHour)).mae, decimals: 4)
          })
    }
    return table.text
  }

  private var leadEdges: [Int] {
    [0, 1, 3, 6, 12, 24, 48, 96].filter { $0 < horizonHours } + [horizonHours]
  }

  private func date(_ day: Int) -> String {
    let date = CivilCalendar.date(fromDays: day)
    let time = CivilTime(year: date.year, month: date.month, day: date.day)
    return String(time.description.prefix(10))
  }

  private func sums(_ list: [ErrorStatistics.Sums]) -> JSONValue {
    ErrorStatistics.Sums.bucket.list(list)
  }

  private func leads(_ scores: BacktestScores, _ backtest: Backtest) -> JSONValue {
    let perHour = max(1, backtest.horizonSlots / horizonHours)
    return .array(
      zip(leadEdges, leadEdges.dropFirst()).map { from, to in
        [
          "from_h": .integer(from), "to_h": .integer(to),
          "errors": ErrorStatistics.Sums.bucket.json(
            scores.errors.over(leads: (from * perHour)..<(to * perHour))),
        ]
      })
  }

  /// One row per version and local day, so that anybody can run a test of their own.
  private func dailyLosses(
    _ results: [(candidate: Candidate, scores: BacktestScores)]
  ) -> String {
    var text = "version,day,mae,rmse,n\n"
    for (candidate, scores) in results {
      for day in scores.byDay.keys.sorted() {
        guard let sums = scores.byDay[day] else { continue }
        text +=
          "\(candidate.name),\(date(day)),\(sums.mae),\(sums.rmse),\(sums.count)\n"
      }
    }
    return text
  }
}
