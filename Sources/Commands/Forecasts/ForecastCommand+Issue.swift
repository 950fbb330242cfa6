import CommandLine
import Diagnostics
import Documents
import Forecasting
import Replay
import Reports
import Scenarios
import Store
import Studies
import TimeSeries

extension ForecastCommand {
  /// `predict` and `train`: one issue of one version.
  func runSingle(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: file, common: common, context: context)
    let history = try planningHistory(loaded)
    let chosen = try candidates(loaded, history: history)
    guard let candidate = chosen.first else {
      throw InputError("the scenario has no forecast version")
    }
    try refuseToKeepOracles([candidate])
    var forecaster = try candidate.forecaster(
      site: site(of: loaded), seed: loaded.replay.settings.seed, allowsPrograms: allowsPrograms,
      history: history)
    let issuedAt = try issueInstant(history)
    let step = history.grid.stepSeconds
    let grid = TimeGrid(
      start: issuedAt, stepSeconds: step, count: horizonHours * 3600 / step)
    let request = ForecastRequest(
      past: history.known(before: issuedAt - Int(gapSlots) * step), quantity: quantity.quantity,
      grid: grid, weather: candidate.weather)
    let forecast = try forecaster.forecast(request)
    let record = forecaster.record(
      of: quantity.quantity, version: candidate.name, seed: loaded.replay.settings.seed)
    if let store {
      try context.keep(in: store) { try keep(forecast, record, candidate, history, in: $0) }
    }
    let json = json(forecast, record, candidate, issuedAt)
    if let folder = common.output {
      try context.write(json.text() + "\n", to: "forecast.json", in: folder)
      try context.write(csv(forecast, candidate), to: "forecasts.csv", in: folder)
    }
    if common.isJSON {
      context.print(json)
    } else {
      context.print(
        action == .train ? recordText(record, candidate) : table(forecast, history))
    }
    return .done
  }

  /// The issue time asked for, or the end of the history.
  private func issueInstant(_ history: SiteHistory) throws -> Int {
    guard let issue else { return history.grid.end }
    var stamps = StampScanner(zone: nil)
    guard let instant = stamps.instant(issue) else {
      throw UsageError("'--issue' must be an instant such as 2025-03-01T00:00Z, found '\(issue)'")
    }
    let step = history.grid.stepSeconds
    guard instant > history.grid.start, instant <= history.grid.end,
      (instant - history.grid.start) % step == 0
    else {
      throw InputError(
        "an issue lies on a slot of the history, from \(Instant.utcText(history.grid.start))"
          + " to \(Instant.utcText(history.grid.end)), found \(Instant.utcText(instant))")
    }
    return instant
  }

  /// Refuses to write what a forecaster could not have known where it would pass for a forecast.
  func refuseToKeepOracles(_ candidates: [BacktestCandidate]) throws {
    guard store != nil, let oracle = candidates.first(where: { !$0.label.isEmpty }) else { return }
    throw UsageError(
      "'\(oracle.name)' is made with the truth (\(oracle.label)) and cannot be kept: read back it would"
        + " pass for a forecast")
  }

  /// Keeps an issue, and the record of the model that made it.
  func keep(
    _ forecast: Forecast, _ record: ModelRecord?, _ candidate: BacktestCandidate,
    _ history: SiteHistory,
    writesRecord: Bool = true, in project: ProjectStore
  ) throws {
    var values: [ForecastValue] = []
    for k in forecast.grid.indices {
      let start = forecast.grid.instant(k)
      values.append(ForecastValue(slotStart: start, value: forecast.values[k]))
      for (level, column) in zip(forecast.quantileLevels, forecast.quantiles) {
        values.append(ForecastValue(slotStart: start, quantile: level, value: column[k]))
      }
    }
    try project.write(
      ForecastIssue(
        site: site, version: candidate.name, quantity: quantity.quantity,
        issuedAt: forecast.grid.start, modelHash: record?.hash, trainedFrom: record?.trainedFrom,
        trainedTo: record?.trainedTo), values: values, zone: history.zone)
    if writesRecord, let record {
      try project.write(record.stored, site: site, zone: history.zone)
    }
  }

  private func json(
    _ forecast: Forecast, _ record: ModelRecord?, _ candidate: BacktestCandidate, _ issuedAt: Int
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "schema": "wattif.forecast/1", "action": .string(action.rawValue),
      "version": .string(candidate.name), "kind": .string(candidate.recipe.kind.rawValue),
      "oracle": .boolean(!candidate.label.isEmpty),
      "quantity": .string(quantity.quantity.rawValue),
      "unit": .string(quantity.quantity.unit), "issued_at": .string(Instant.utcText(issuedAt)),
      "step_s": .integer(forecast.grid.stepSeconds), "values": .numbers(forecast.values),
      "quantiles": .array(
        zip(forecast.quantileLevels, forecast.quantiles).map { level, values in
          ["level": .number(level), "values": .numbers(values)]
        }),
    ]
    if let record {
      members["model"] = ModelRecord.measures.json(record)
    }
    return .object(members).adding(ForecastCounts.measures(in: .issue).json(forecast.counts))
  }

  private func csv(_ forecast: Forecast, _ candidate: BacktestCandidate) -> String {
    ExternalForecasts(
      forecast: forecast, version: candidate.name, quantity: quantity.quantity
    ).csv
  }

  private func table(_ forecast: Forecast, _ history: SiteHistory) -> String {
    var table = TextTable(
      [("slot", .left), (quantity.quantity.unit, .right)]
        + forecast.quantileLevels.map { ("q\(Int(($0 * 100).rounded()))", .right) })
    for k in forecast.grid.indices {
      table.add(
        [Instant.localText(forecast.grid.instant(k), zone: history.zone)]
          + ([forecast.values[k]] + forecast.quantiles.map { $0[k] })
          .map { NumberText.fixed($0, decimals: 3) })
    }
    return table.text
  }

  private func recordText(_ record: ModelRecord?, _ candidate: BacktestCandidate) -> String {
    guard let record else { return "\(candidate.name) is not fitted here" }
    var lines = ["\(candidate.name) (\(candidate.recipe.kind.rawValue)), model \(record.hash)"]
    if let from = record.trainedFrom, let to = record.trainedTo {
      lines.append(
        "fitted on \(record.rows) rows from \(Instant.utcText(from)) to \(Instant.utcText(to))")
    } else {
      lines.append("not fitted: this kind has no parameters, or too little history")
    }
    let order = record.gainShares.indices.sorted { record.gainShares[$0] > record.gainShares[$1] }
    for i in order.prefix(10) {
      lines.append(
        "  \(record.features[i]) \(NumberText.percent(record.gainShares[i])) of the gain")
    }
    for (name, weight) in zip(record.members, record.weights) {
      lines.append("  \(name) \(NumberText.percent(weight)) of the blend")
    }
    for (name, value) in record.metrics.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(name) \(NumberText.fixed(value, decimals: 4))")
    }
    return lines.joined(separator: "\n")
  }
}

extension ModelRecord {
  /// The record as the store keeps it.
  var stored: StoredModel {
    StoredModel(
      version: version, quantity: quantity, hash: hash, trainedFrom: trainedFrom,
      trainedTo: trainedTo, rows: rows, features: features, seed: seed, seconds: seconds,
      metrics: metrics)
  }
}
