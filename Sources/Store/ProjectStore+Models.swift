package import TimeSeries

/// What a forecast version was fitted on.
package struct StoredModel: Sendable, Hashable {
  /// Name of the forecast version.
  package var version: String
  /// What it forecasts.
  package var quantity: Quantity
  /// Identifies settings and fitted values.
  package var hash: String
  /// Begin of the training window. [UTC epoch s]
  package var trainedFrom: Int?
  /// End of the training window. [UTC epoch s]
  package var trainedTo: Int?
  /// Number of rows it was fitted on.
  package var rows: Int
  /// Names of its columns; without line breaks.
  package var features: [String]
  /// Seed of everything random in it.
  package var seed: UInt64
  /// Time that fitting took; nothing in the store of a run, whose bytes are the same every time. [s]
  package var seconds: Double?
  /// What the fit says of itself, by name.
  package var metrics: [String: Double]

  /// Creates the record of a model.
  package init(
    version: String, quantity: Quantity, hash: String, trainedFrom: Int?, trainedTo: Int?,
    rows: Int,
    features: [String], seed: UInt64, seconds: Double?, metrics: [String: Double]
  ) {
    self.version = version
    self.quantity = quantity
    self.hash = hash
    self.trainedFrom = trainedFrom
    self.trainedTo = trainedTo
    self.rows = rows
    self.features = features
    self.seed = seed
    self.seconds = seconds
    self.metrics = metrics
  }
}

/// Models of forecast versions, one record per fit.
extension ProjectStore {
  /// Writes the record of a fit; the record of the same site, version, quantity and hash is replaced.
  ///
  /// - Throws: `StoreError`, also for a training window that ends before it begins.
  package func write(_ model: StoredModel, site: String, zone: Zone) throws {
    if let from = model.trainedFrom, let to = model.trainedTo, from > to {
      throw StoreError(
        message: "model \(model.hash) of '\(model.version)' has a training window that begins at "
          + "\(Instant.utcText(from)), after its end \(Instant.utcText(to))")
    }
    let key: [SQLValue] = [
      .text(site), .text(model.version), .text(model.quantity.rawValue), .text(model.hash),
    ]
    try connection.transaction {
      try register(site: site, zone: zone)
      try connection.run(
        """
        DELETE FROM forecast_models
        WHERE site = ? AND version = ? AND quantity = ? AND model_hash = ?
        """, key)
      try connection.run(
        """
        INSERT INTO forecast_models(
          site, version, quantity, model_hash, trained_from, trained_to, row_count, features, seed,
          seconds)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        key + [
          SQLValue(model.trainedFrom), SQLValue(model.trainedTo), .integer(model.rows),
          .text(model.features.joined(separator: "\n")), .text("\(model.seed)"),
          model.seconds.map { .real($0) } ?? .null,
        ])
      for (name, value) in model.metrics.sorted(by: { $0.key < $1.key }) where value.isFinite {
        try connection.run(
          "INSERT INTO forecast_model_metrics VALUES(?, ?, ?, ?, ?, ?)",
          key + [.text(name), .real(value)])
      }
    }
  }

  /// Returns the models of a site, in order of version, quantity and end of training.
  package func models(site: String) throws -> [StoredModel] {
    var models: [StoredModel] = []
    try connection.query(
      """
      SELECT version, quantity, model_hash, trained_from, trained_to, row_count, features, seed, seconds
      FROM forecast_models WHERE site = ?
      ORDER BY version, quantity, ifnull(trained_to, 0), model_hash
      """, [.text(site)]
    ) { row in
      guard let quantity = row.text(1).flatMap(Quantity.init(rawValue:)) else { return }
      let seconds = row.real(8)
      models.append(
        StoredModel(
          version: row.text(0) ?? "", quantity: quantity, hash: row.text(2) ?? "",
          trainedFrom: row.integer(3), trainedTo: row.integer(4), rows: row.integer(5) ?? 0,
          features: (row.text(6) ?? "").split(separator: "\n").map(String.init),
          seed: row.text(7).flatMap { UInt64($0) } ?? 0, seconds: seconds.isNaN ? nil : seconds,
          metrics: [:]))
    }
    for i in models.indices {
      try connection.query(
        """
        SELECT metric, value FROM forecast_model_metrics
        WHERE site = ? AND version = ? AND quantity = ? AND model_hash = ?
        """,
        [
          .text(site), .text(models[i].version), .text(models[i].quantity.rawValue),
          .text(models[i].hash),
        ]
      ) { row in
        if let name = row.text(0) { models[i].metrics[name] = row.real(1) }
      }
    }
    return models
  }
}
