package import TimeSeries

/// One issue of a forecast, with where it comes from.
package struct ForecastIssue: Sendable, Hashable {
  /// Name of the site.
  package var site: String
  /// Name of the forecast version.
  package var version: String
  /// What is forecast.
  package var quantity: Quantity
  /// The instant whose knowledge it uses. [UTC epoch s]
  package var issuedAt: Int
  /// When it was computed; after `issuedAt` it is a hindcast. [UTC epoch s]
  package var createdAt: Int?
  /// Identifies the fitted model.
  package var modelHash: String?
  /// Begin of the data it was fitted on. [UTC epoch s]
  package var trainedFrom: Int?
  /// End of the data it was fitted on. [UTC epoch s]
  package var trainedTo: Int?

  /// Names an issue.
  package init(
    site: String, version: String, quantity: Quantity, issuedAt: Int, createdAt: Int? = nil,
    modelHash: String? = nil, trainedFrom: Int? = nil, trainedTo: Int? = nil
  ) {
    self.site = site
    self.version = version
    self.quantity = quantity
    self.issuedAt = issuedAt
    self.createdAt = createdAt
    self.modelHash = modelHash
    self.trainedFrom = trainedFrom
    self.trainedTo = trainedTo
  }
}

/// One row of a forecast.
package struct ForecastValue: Sendable, Hashable {
  /// First instant of the slot. [UTC epoch s]
  package var slotStart: Int
  /// Probability of the quantile; nothing for the point forecast.
  package var quantile: Double?
  /// Value in the unit of the quantity.
  package var value: Double

  /// Creates a row.
  package init(slotStart: Int, quantile: Double? = nil, value: Double) {
    self.slotStart = slotStart
    self.quantile = quantile
    self.value = value
  }
}

/// Forecasts by version and issue time.
extension ProjectStore {
  /// Writes one issue; an issue of the same site, version, quantity and time is replaced.
  ///
  /// - Parameters:
  ///   - issue: Where the forecast comes from.
  ///   - values: Its rows; a slot that begins before the issue time is refused.
  ///   - zone: The site's zone.
  /// - Throws: `StoreError` when the training window or a slot contradicts the issue time, or a value is
  ///   missing; nothing is written then.
  package func write(_ issue: ForecastIssue, values: [ForecastValue], zone: Zone) throws {
    let place =
      "forecast '\(issue.version)' of '\(issue.quantity.rawValue)' issued at "
      + Instant.utcText(issue.issuedAt)
    if let end = issue.trainedTo, end > issue.issuedAt {
      throw StoreError(
        message: "\(place) was trained on data up to \(Instant.utcText(end)), after its issue")
    }
    if let start = issue.trainedFrom, start > issue.trainedTo ?? issue.issuedAt {
      throw StoreError(
        message: "\(place) has a training window that begins at \(Instant.utcText(start)), "
          + "after its end")
    }
    for row in values {
      guard row.slotStart >= issue.issuedAt else {
        throw StoreError(
          message: "\(place) has a value for \(Instant.utcText(row.slotStart)), before its issue")
      }
      guard row.value.isFinite else {
        throw StoreError(
          message: "\(place) has no value for \(Instant.utcText(row.slotStart))")
      }
    }
    try connection.transaction {
      try register(site: issue.site, zone: zone)
      try connection.run(
        "DELETE FROM forecast_issues WHERE site = ? AND version = ? AND quantity = ? AND issued_at = ?",
        [
          .text(issue.site), .text(issue.version), .text(issue.quantity.rawValue),
          .integer(issue.issuedAt),
        ])
      try connection.run(
        """
        INSERT INTO forecast_issues(
          site, version, quantity, issued_at, created_at, model_hash, trained_from, trained_to)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(issue.site), .text(issue.version), .text(issue.quantity.rawValue),
          .integer(issue.issuedAt), SQLValue(issue.createdAt), SQLValue(issue.modelHash),
          SQLValue(issue.trainedFrom), SQLValue(issue.trainedTo),
        ])
      let id = connection.lastInsertedRow
      let statement = try connection.prepare(
        "INSERT INTO slot_forecasts(issue_id, slot_start, quantile, value) VALUES(?, ?, ?, ?)")
      for row in values {
        try statement.runOnce([
          .integer(id), .integer(row.slotStart), row.quantile.map { .real($0) } ?? .null,
          .real(row.value),
        ])
      }
    }
  }

  /// Returns the newest issue that existed at an instant, with its rows in order of slot and quantile.
  ///
  /// - Parameters:
  ///   - site: Name of the site.
  ///   - quantity: What is forecast.
  ///   - version: Forecast version, which must be known to the store.
  ///   - asOf: Only issues at or before it exist for the reader. [UTC epoch s]
  /// - Returns: Nothing when no issue existed by then.
  /// - Throws: `StoreError`, also for a version that was never issued.
  package func forecast(
    site: String, quantity: Quantity, version: String, asOf: Int
  ) throws -> (issue: ForecastIssue, values: [ForecastValue])? {
    try requireVersion(version, site: site, quantity: quantity)
    var found: (Int, ForecastIssue)?
    try connection.query(
      """
      SELECT id, issued_at, created_at, model_hash, trained_from, trained_to FROM forecast_issues
      WHERE site = ? AND version = ? AND quantity = ? AND issued_at <= ?
      ORDER BY issued_at DESC LIMIT 1
      """, [.text(site), .text(version), .text(quantity.rawValue), .integer(asOf)]
    ) { row in
      let issue = ForecastIssue(
        site: site, version: version, quantity: quantity, issuedAt: row.integer(1) ?? 0,
        createdAt: row.integer(2), modelHash: row.text(3), trainedFrom: row.integer(4),
        trainedTo: row.integer(5))
      found = (row.integer(0) ?? 0, issue)
    }
    guard let (id, issue) = found else { return nil }
    var values: [ForecastValue] = []
    try connection.query(
      """
      SELECT slot_start, quantile, value FROM slot_forecasts WHERE issue_id = ?
      ORDER BY slot_start, ifnull(quantile, -1)
      """, [.integer(id)]
    ) { values.append(forecastValue($0)) }
    return (issue, values)
  }

  /// Returns every issue of a site with its rows, in order of version, quantity and issue time.
  ///
  /// For building an index that is itself asked with an instant; a replay that reads the store directly uses
  /// ``forecast(site:quantity:version:asOf:)``.
  package func forecastIssues(
    site: String
  ) throws -> [(issue: ForecastIssue, values: [ForecastValue])] {
    var issues: [(issue: ForecastIssue, values: [ForecastValue])] = []
    var current: Int?
    try connection.query(
      """
      SELECT f.slot_start, f.quantile, f.value, i.id, i.version, i.quantity, i.issued_at, i.created_at,
        i.model_hash, i.trained_from, i.trained_to
      FROM forecast_issues i JOIN slot_forecasts f ON f.issue_id = i.id WHERE i.site = ?
      ORDER BY i.version, i.quantity, i.issued_at, f.slot_start, ifnull(f.quantile, -1)
      """, [.text(site)]
    ) { row in
      guard let quantity = row.text(5).flatMap(Quantity.init(rawValue:)) else { return }
      if row.integer(3) != current {
        current = row.integer(3)
        let issue = ForecastIssue(
          site: site, version: row.text(4) ?? "", quantity: quantity,
          issuedAt: row.integer(6) ?? 0, createdAt: row.integer(7), modelHash: row.text(8),
          trainedFrom: row.integer(9), trainedTo: row.integer(10))
        issues.append((issue, []))
      }
      issues[issues.count - 1].values.append(forecastValue(row))
    }
    return issues
  }

  /// Returns the issues of a site with the number of their rows, in order of version, quantity and time.
  package func issueSizes(
    site: String
  ) throws -> [(version: String, quantity: Quantity, issuedAt: Int, rows: Int)] {
    var sizes: [(version: String, quantity: Quantity, issuedAt: Int, rows: Int)] = []
    try connection.query(
      """
      SELECT i.version, i.quantity, i.issued_at, count(*)
      FROM forecast_issues i JOIN slot_forecasts f ON f.issue_id = i.id
      WHERE i.site = ? GROUP BY i.id ORDER BY i.version, i.quantity, i.issued_at
      """, [.text(site)]
    ) { row in
      guard let quantity = row.text(1).flatMap(Quantity.init(rawValue:)) else { return }
      sizes.append((row.text(0) ?? "", quantity, row.integer(2) ?? 0, row.integer(3) ?? 0))
    }
    return sizes
  }

  /// Forecast versions of a quantity, in order.
  package func forecastVersions(site: String, quantity: Quantity) throws -> [String] {
    var versions: [String] = []
    try connection.query(
      """
      SELECT DISTINCT version FROM forecast_issues WHERE site = ? AND quantity = ? ORDER BY version
      """, [.text(site), .text(quantity.rawValue)]
    ) { row in
      if let version = row.text(0) { versions.append(version) }
    }
    return versions
  }

  private func requireVersion(_ version: String, site: String, quantity: Quantity) throws {
    let known = try forecastVersions(site: site, quantity: quantity)
    guard known.contains(version) else {
      let list = known.isEmpty ? "none" : known.map { "'\($0)'" }.joined(separator: ", ")
      throw StoreError(
        message: "there is no forecast version '\(version)' of '\(quantity.rawValue)' for "
          + "site '\(site)'; stored versions: \(list)")
    }
  }
}

private func forecastValue(_ row: borrowing SQLiteStatement) -> ForecastValue {
  let quantile = row.real(1)
  return ForecastValue(
    slotStart: row.integer(0) ?? 0, quantile: quantile.isNaN ? nil : quantile, value: row.real(2))
}
