import CommandLine
import Diagnostics
import Documents
import Forecasting
import Replay
import Scenarios
import Store
import Telemetry
import TimeSeries

extension ForecastCommand {
  /// `versions`: what a scenario offers, and the built-in kinds.
  func runVersions(_ context: CommandContext) throws -> ExitCode {
    let loaded = try LoadedScenario(path: file, common: common, context: context)
    let models = try store.map { try storedModels($0) } ?? []
    if common.isJSON {
      context.print([
        "schema": "wattif.forecast/1", "action": "versions",
        "versions": .array(
          loaded.versions.map {
            [
              "version": .string($0.name), "load": .string($0.load.kind.rawValue),
              "pv": .string($0.pv.kind.rawValue), "price": .string($0.price.kind.rawValue),
            ]
          }),
        "external": .array((loaded.versions.first?.external?.versions ?? []).map { .string($0) }),
        "kinds": .array(ForecastRecipe.Kind.allCases.map { .string($0.rawValue) }),
        "models": .array(
          models.map {
            [
              "version": .string($0.version), "quantity": .string($0.quantity.rawValue),
              "hash": .string($0.hash), "rows": .integer($0.rows), "seed": .string("\($0.seed)"),
              "trained_from": .optional($0.trainedFrom.map { Instant.utcText($0) }),
              "trained_to": .optional($0.trainedTo.map { Instant.utcText($0) }),
              "features": .array($0.features.map { .string($0) }),
              "fit_s": .optional($0.seconds),
              "metrics": .object($0.metrics.mapValues { .number($0) }),
            ]
          }),
      ])
      return .done
    }
    var table = TextTable([("version", .left), ("load", .left), ("pv", .left), ("price", .left)])
    for version in loaded.versions {
      table.add([
        version.name, version.load.kind.rawValue, version.pv.kind.rawValue,
        version.price.kind.rawValue,
      ])
    }
    let kinds = ForecastRecipe.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    context.print(table.text + "Kinds: \(kinds).\n" + modelText(models))
    return .done
  }

  /// The models that a project database holds of the site.
  private func storedModels(_ path: String) throws -> [StoredModel] {
    do {
      return try ProjectStore(path: path, creates: false).models(site: site)
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
  }

  private func modelText(_ models: [StoredModel]) -> String {
    guard store != nil else { return "" }
    var table = TextTable([
      ("stored model", .left), ("quantity", .left), ("hash", .left), ("fitted on", .left),
      ("rows", .right), ("columns", .right), ("fit s", .right), ("metrics", .left),
    ])
    for model in models {
      let window = [model.trainedFrom, model.trainedTo].compactMap { $0 }
        .map { CivilTime(localSeconds: $0).dateText }
      let metrics = model.metrics.sorted { $0.key < $1.key }.map {
        "\($0.key) \(NumberText.fixed($0.value, decimals: 4))"
      }
      table.add([
        model.version, model.quantity.rawValue, model.hash, window.joined(separator: " to "),
        "\(model.rows)", "\(model.features.count)",
        NumberText.fixed(model.seconds, decimals: 3), metrics.joined(separator: ", "),
      ])
    }
    return models.isEmpty
      ? "The store holds no models of site '\(site)'.\n" : "\n" + table.text
  }

  /// `import`: rows made elsewhere, checked and kept.
  func runImport(_ context: CommandContext) throws -> ExitCode {
    let clock = try zone.map { try Zone($0) } ?? .utc
    var hindcasts = 0
    let forecasts: ExternalForecasts
    if file.hasSuffix(".db") || file.hasSuffix(".sqlite") {
      (forecasts, hindcasts) = try darkstar(clock)
    } else {
      forecasts = try frame(file, clock, version: versions.first, context)
      context.report(forecasts.warnings)
      if let layout = forecasts.layout { context.note("layout: \(layout)") }
    }
    if let canary {
      // A frame that names no version is named after its file; the canary is of the same one.
      let version = forecasts.versions.count == 1 ? forecasts.versions.first : versions.first
      try refuseLeakage(forecasts, again: try frame(canary, clock, version: version, context))
    }
    if hindcasts > 0, !takesHindcasts {
      context.report([
        .warning(
          "\(hindcasts) rows were made after their slot began and are left out",
          notes: ["take them with --hindcasts; scores made with them are no forecasts"])
      ])
    }
    if let store { try context.keep(in: store) { try keep(forecasts, clock, in: $0) } }
    var counts: [(version: String, quantity: Quantity, rows: Int)] = []
    for version in forecasts.versions {
      for quantity in Quantity.allCases {
        let rows = forecasts.rows.filter { $0.version == version && $0.quantity == quantity }
        if !rows.isEmpty { counts.append((version, quantity, rows.count)) }
      }
    }
    if common.isJSON {
      context.print([
        "schema": "wattif.forecast/1", "action": "import",
        "hindcast_rows": .integer(hindcasts),
        "versions": .array(
          counts.map {
            [
              "version": .string($0.version), "quantity": .string($0.quantity.rawValue),
              "rows": .integer($0.rows),
            ]
          }),
      ])
    } else {
      var table = TextTable([("version", .left), ("quantity", .left), ("rows", .right)])
      for count in counts {
        table.add([count.version, count.quantity.rawValue, "\(count.rows)"])
      }
      context.print(table.text)
    }
    return .done
  }

  /// Rows of a file, which may be a frame with one column per level.
  private func frame(
    _ path: String, _ clock: Zone, version: String?, _ context: CommandContext
  ) throws -> ExternalForecasts {
    var stamps = StampScanner(zone: clock)
    let issuedAt = try issue.map { text in
      guard let instant = stamps.instant(text) else {
        throw UsageError("'--issue' must be an instant, found '\(text)'")
      }
      return instant
    }
    return try ExternalForecasts(
      csv: try context.read(path), allowsHindcasts: takesHindcasts,
      notes: ForecastFrameNotes(
        version: version, quantity: quantityArgument?.quantity, issuedAt: issuedAt,
        zone: zone == nil ? nil : clock, unit: unit,
        roles: Dictionary(roles.map { ($0.column, $0.role) }, uniquingKeysWith: { $1 })))
  }

  /// Refuses forecasts that move when data after their issue are altered: they had seen them.
  private func refuseLeakage(_ first: ExternalForecasts, again: ExternalForecasts) throws {
    func slot(_ row: ExternalForecasts.Row) -> ExternalForecasts.Row {
      var slot = row
      slot.value = 0
      return slot
    }
    var answers: [ExternalForecasts.Row: Double] = [:]
    for row in again.rows { answers[slot(row)] = row.value }
    var found = Findings()
    for row in first.rows {
      let name =
        "'\(row.version)' of \(row.quantity.rawValue) issued \(Instant.utcText(row.issuedAt))"
      let place = SourcePosition(file: file)
      if let answer = answers[slot(row)] {
        if answer == row.value { continue }
        found.error(
          "\(name) moved from \(NumberText.shortest(row.value)) to \(NumberText.shortest(answer)) for "
            + "\(Instant.utcText(row.validAt)) when later data were altered: it had seen them",
          at: place)
      } else {
        found.error("\(name) lacks \(Instant.utcText(row.validAt)) in the canary", at: place)
      }
    }
    try found.throwIfErrors()
  }

  private func darkstar(_ zone: Zone) throws -> (ExternalForecasts, hindcasts: Int) {
    var hindcasts = 0
    let rows = try DarkstarDatabase.forecasts(path: file, zone: zone).compactMap {
      row -> ExternalForecasts.Row? in
      var issuedAt = row.createdAt ?? row.slotStart
      if issuedAt > row.slotStart {
        hindcasts += 1
        if !takesHindcasts { return nil }
        issuedAt = row.slotStart
      }
      return ExternalForecasts.Row(
        version: row.version, quantity: row.quantity, issuedAt: issuedAt,
        validAt: row.slotStart, quantile: row.quantile, value: row.powerKW)
    }
    return (ExternalForecasts(rows: rows), hindcasts)
  }

  private func keep(_ forecasts: ExternalForecasts, _ zone: Zone, in project: ProjectStore) throws {
    struct Key: Hashable {
      var version: String
      var quantity: Quantity
      var issuedAt: Int
    }
    var issues: [Key: [ForecastValue]] = [:]
    for row in forecasts.rows {
      issues[
        Key(version: row.version, quantity: row.quantity, issuedAt: row.issuedAt), default: []
      ].append(
        ForecastValue(slotStart: row.validAt, quantile: row.quantile, value: row.value))
    }
    let keys = issues.keys.sorted {
      ($0.version, $0.quantity.rawValue, $0.issuedAt)
        < ($1.version, $1.quantity.rawValue, $1.issuedAt)
    }
    for key in keys {
      try project.write(
        ForecastIssue(
          site: site, version: key.version, quantity: key.quantity, issuedAt: key.issuedAt),
        values: issues[key] ?? [], zone: zone)
    }
  }
}
