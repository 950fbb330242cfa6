package import Diagnostics
package import TimeSeries

/// Forecasts made elsewhere: rows of version, quantity, issue time, valid time, quantile and value.
///
/// Rows are kept by version and quantity. A reader states an instant and can only get rows that had
/// been issued by then, the newest issue first.
package struct ExternalForecasts: Sendable {
  /// One value of one issue.
  package struct Row: Sendable, Hashable {
    /// Name of the forecast version.
    package var version: String
    /// What is forecast.
    package var quantity: Quantity
    /// When the forecast was issued. [UTC epoch s]
    package var issuedAt: Int
    /// Begin of the slot forecast. [UTC epoch s]
    package var validAt: Int
    /// Probability level, or nothing for the point forecast.
    package var quantile: Double?
    /// Value in the unit of the quantity.
    package var value: Double
    /// Name of the plane of modules that it is of; nothing for the whole site.
    package var plane: String?

    /// Names one value.
    package init(
      version: String, quantity: Quantity, issuedAt: Int, validAt: Int, quantile: Double? = nil,
      value: Double, plane: String? = nil
    ) {
      self.version = version
      self.quantity = quantity
      self.issuedAt = issuedAt
      self.validAt = validAt
      self.quantile = quantile
      self.value = value
      self.plane = plane
    }
  }

  struct Key: Hashable, Sendable {
    var version: String
    var quantity: Quantity
    var plane: String?
  }

  /// Columns sorted by level, valid time and issue time.
  struct Table: Sendable {
    var levels: [Double?] = []
    var validAt: [[Int]] = []
    var issuedAt: [[Int]] = []
    var values: [[Double]] = []
  }

  var tables: [Key: Table] = [:]
  /// How the planes of each version add up, by its name.
  var planeRules: [String: PlaneRule] = [:]
  /// Rows that repeat version, quantity, issue, valid time and level; the first one counts.
  package private(set) var duplicateRows = 0
  /// What is worth knowing about the files they come from.
  package var warnings: [Diagnostic] = []
  /// The kind of frame that was recognised, nothing for rows of one value each.
  package var layout: String?

  /// Sorts rows into versions.
  package init(rows: [Row]) {
    var groups: [Key: [Row]] = [:]
    for row in rows {
      groups[
        Key(version: row.version, quantity: row.quantity, plane: row.plane), default: []
      ].append(row)
    }
    for (key, group) in groups {
      tables[key] = makeTable(group)
    }
  }

  private mutating func makeTable(_ rows: [Row]) -> Table {
    var table = Table()
    var byLevel: [Double?: [Row]] = [:]
    for row in rows { byLevel[row.quantile, default: []].append(row) }
    let levels = byLevel.keys.sorted { ($0 ?? -1) < ($1 ?? -1) }
    for level in levels {
      let sorted = (byLevel[level] ?? []).enumerated().sorted { a, b in
        (a.element.validAt, a.element.issuedAt, a.offset)
          < (b.element.validAt, b.element.issuedAt, b.offset)
      }
      var validAt: [Int] = []
      var issuedAt: [Int] = []
      var values: [Double] = []
      for (_, row) in sorted {
        if validAt.last == row.validAt, issuedAt.last == row.issuedAt {
          duplicateRows += 1
          continue
        }
        validAt.append(row.validAt)
        issuedAt.append(row.issuedAt)
        values.append(row.value)
      }
      table.levels.append(level)
      table.validAt.append(validAt)
      table.issuedAt.append(issuedAt)
      table.values.append(values)
    }
    return table
  }

  /// The versions held, in alphabetical order.
  package var versions: [String] { Set(tables.keys.map(\.version)).sorted() }

  /// Tells whether a version has rows of a quantity.
  package func contains(version: String, quantity: Quantity) -> Bool {
    tables[Key(version: version, quantity: quantity)] != nil
      || quantity == .pv && planeRules[version] != nil
  }

  /// Takes in the rows of another set; its rows come second where both have the same one.
  package mutating func merge(_ other: ExternalForecasts) {
    let found = warnings + other.warnings
    let rules = planeRules.merging(other.planeRules) { first, _ in first }
    self = ExternalForecasts(rows: rows + other.rows)
    warnings = found
    planeRules = rules
  }

  /// All rows, sorted by version, quantity, level, valid time and issue time.
  package var rows: [Row] {
    let keys = tables.keys.sorted {
      ($0.version, $0.quantity.rawValue, $0.plane ?? "")
        < ($1.version, $1.quantity.rawValue, $1.plane ?? "")
    }
    return keys.flatMap { key -> [Row] in
      guard let table = tables[key] else { return [] }
      return table.levels.indices.flatMap { l in
        table.values[l].indices.map { i in
          Row(
            version: key.version, quantity: key.quantity, issuedAt: table.issuedAt[l][i],
            validAt: table.validAt[l][i], quantile: table.levels[l], value: table.values[l][i],
            plane: key.plane)
        }
      }
    }
  }

  /// Returns the newest value of each slot that had been issued by an instant, NaN where none had.
  ///
  /// Production that is forecast plane by plane is the sum of the planes' newest values, missing where one of them is;
  /// the sum is known once the last of its parts was issued. O(log rows) per slot.
  ///
  /// - Parameters:
  ///   - version: Name of the forecast version.
  ///   - quantity: What is forecast.
  ///   - level: Probability level, or nothing for the point forecast.
  ///   - grid: The slots asked for.
  ///   - asOf: Nothing issued later is looked at. [UTC epoch s]
  ///   - maxAgeSeconds: Issues older than this are not used. [s]
  /// - Returns: One value per slot, in the unit of the quantity.
  package func values(
    version: String, quantity: Quantity, level: Double? = nil, over grid: TimeGrid, asOf: Int,
    maxAgeSeconds: Int? = nil
  ) -> [Double] {
    if quantity == .pv, planeRules[version] != nil {
      return production(
        version: version, level: level, over: grid, asOf: asOf, maxAgeSeconds: maxAgeSeconds
      ).map(\.powerKW)
    }
    return values(
      Key(version: version, quantity: quantity), level: level, over: grid, asOf: asOf,
      maxAgeSeconds: maxAgeSeconds)
  }

  /// The same of one table.
  func values(
    _ key: Key, level: Double?, over grid: TimeGrid, asOf: Int, maxAgeSeconds: Int?
  ) -> [Double] {
    var result = [Double](repeating: .nan, count: grid.count)
    guard let table = tables[key],
      let l = table.levels.firstIndex(of: level)
    else { return result }
    for k in grid.indices {
      let valid = grid.instant(k)
      // The first row that is later in (valid time, issue time) than what is asked for.
      var low = 0
      var high = table.values[l].count
      while low < high {
        let middle = (low + high) / 2
        if (table.validAt[l][middle], table.issuedAt[l][middle]) <= (valid, asOf) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low > 0, table.validAt[l][low - 1] == valid else { continue }
      if let maxAgeSeconds, asOf - table.issuedAt[l][low - 1] > maxAgeSeconds { continue }
      result[k] = table.values[l][low - 1]
    }
    return result
  }

  /// The probability levels a version gives for a quantity, increasing.
  package func levels(version: String, quantity: Quantity) -> [Double] {
    if quantity == .pv, let rule = planeRules[version] { return rule.levels }
    return (tables[Key(version: version, quantity: quantity)]?.levels ?? []).compactMap { $0 }
  }
}

/// A version whose values were made elsewhere, read as of each issue time.
///
/// A slot without a row issued by then is filled with the mean of the newest seven known days and
/// counted. A version that gives quantiles only has its median, or the mean of the two levels
/// around it, as the point forecast.
package struct ExternalForecaster: Forecaster {
  private let forecasts: ExternalForecasts
  private let version: String
  private let maxAgeSeconds: Int?
  private let site: SiteContext

  /// Reads a version.
  ///
  /// - Throws: `InputError` when there is no such version, with a suggestion.
  package init(
    _ forecasts: ExternalForecasts, version: String, site: SiteContext,
    maxAgeSeconds: Int? = nil
  ) throws {
    guard forecasts.versions.contains(version) else {
      let near = suggestion(for: version, among: forecasts.versions)
      throw InputError(
        "there is no forecast version '\(version)'" + (near.map { "; did you mean '\($0)'?" } ?? "")
      )
    }
    self.forecasts = forecasts
    self.version = version
    self.site = site
    self.maxAgeSeconds = maxAgeSeconds
  }

  package mutating func forecast(_ request: ForecastRequest) throws -> Forecast {
    _ = try request.frame()
    let grid = request.grid
    func column(_ level: Double?) -> [Double] {
      forecasts.values(
        version: version, quantity: request.quantity, level: level, over: grid,
        asOf: request.issuedAt, maxAgeSeconds: maxAgeSeconds)
    }
    let levels = forecasts.levels(version: version, quantity: request.quantity)
    var forecast = Forecast(
      grid: grid, values: column(nil), quantileLevels: levels, quantiles: levels.map(column))
    if request.quantity == .pv {
      forecast.counts.capped = forecasts.production(
        version: version, level: nil, over: grid, asOf: request.issuedAt,
        maxAgeSeconds: maxAgeSeconds
      ).count { $0.isCut }
    }
    for k in grid.indices {
      if !forecast.values[k].isFinite { forecast.values[k] = forecast.median(k) }
      if !forecast.values[k].isFinite {
        forecast.values[k] = CausalFallback.value(at: grid.instant(k), request: request)
        forecast.counts.filled += 1
      }
      for q in forecast.quantiles.indices where !forecast.quantiles[q][k].isFinite {
        forecast.quantiles[q][k] = forecast.values[k]
      }
      forecast.limit(k, quantity: request.quantity, site: site)
    }
    forecast.sortQuantiles()
    return forecast
  }
}

extension Forecast {
  /// The median of slot `k`, interpolated between the levels around ½; NaN without both.
  func median(_ k: Int) -> Double {
    if let exact = quantileLevels.firstIndex(of: 0.5) { return quantiles[exact][k] }
    guard let above = quantileLevels.firstIndex(where: { $0 > 0.5 }), above > 0 else { return .nan }
    let share =
      (0.5 - quantileLevels[above - 1]) / (quantileLevels[above] - quantileLevels[above - 1])
    return quantiles[above - 1][k] * (1 - share) + quantiles[above][k] * share
  }

  /// Puts the quantiles of each slot in order and counts the slots where they were not.
  mutating func sortQuantiles() {
    guard quantiles.count > 1 else { return }
    for k in values.indices {
      let column = quantiles.indices.map { quantiles[$0][k] }
      let sorted = column.sorted()
      if sorted != column {
        counts.crossed += 1
        for q in sorted.indices { quantiles[q][k] = sorted[q] }
      }
    }
  }

  /// Applies floor, cap and night to slot `k` of a forecast that no profile stands behind.
  mutating func limit(_ k: Int, quantity: Quantity, site: SiteContext) {
    guard site.isGuarded(quantity) else { return }
    var cap = Double.infinity
    if quantity == .pv {
      cap = site.mostPVKW
      if let place = site.place {
        let heights = [0, grid.stepSeconds / 2, grid.stepSeconds].map {
          SunPosition(at: grid.instant(k) + $0, place: place).elevationDeg
        }
        if (heights.max() ?? 0) <= ForecastGuards.horizonDeg {
          if abs(values[k]) > ForecastGuards.countedKW { counts.night += 1 }
          cap = 0
        }
      }
    }
    if values[k] < 0 {
      if values[k] < -ForecastGuards.countedKW { counts.floored += 1 }
      values[k] = 0
    } else if values[k] > cap {
      if cap > 0 { counts.capped += 1 }
      values[k] = cap
    }
    for q in quantiles.indices { quantiles[q][k] = min(cap, max(0, quantiles[q][k])) }
  }
}
