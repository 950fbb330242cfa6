package import TimeSeries

/// What is known ahead of the weather, by issue time.
///
/// Weather exists in two forms. As issued, a reader states an instant and gets what had been forecast
/// by then; versions that learn are trained on what had been forecast at each training issue as well.
/// As observed, it stands for a forecast that could not have been made: every score made with it is to
/// be labelled *oracle weather*.
package struct WeatherForecasts: Sendable {
  /// The quantities that weather is made of.
  package static let quantities: [Quantity] = [.irradiance, .cloudCover, .ambient, .windSpeed]

  private enum Source: Sendable {
    case issued(ExternalForecasts, version: String, maxAgeSeconds: Int?)
    case observed(SiteHistory)
  }

  private struct Column: Sendable {
    var quantity: Quantity
    /// Begin of some slot of the forecast. [UTC epoch s]
    var anchor: Int
    /// Step of the forecast. [s]
    var stepSeconds: Int
  }

  private let source: Source
  private let columns: [Column]

  /// Weather as it was forecast.
  ///
  /// - Parameters:
  ///   - forecasts: Forecasts made elsewhere.
  ///   - version: Name of the weather forecast in them; what it does not hold is not known ahead.
  ///   - maxAgeSeconds: Issues older than this are not used. [s]
  package init(issued forecasts: ExternalForecasts, version: String, maxAgeSeconds: Int? = nil) {
    source = .issued(forecasts, version: version, maxAgeSeconds: maxAgeSeconds)
    columns = WeatherForecasts.quantities.compactMap { quantity in
      forecasts.slots(version: version, quantity: quantity).map {
        Column(quantity: quantity, anchor: $0.first, stepSeconds: $0.stepSeconds)
      }
    }
  }

  /// Weather as it was observed: *oracle weather*.
  ///
  /// - Parameters:
  ///   - history: What was observed.
  ///   - quantities: What of it is handed over; what the history does not hold is not known ahead.
  package init(observed history: SiteHistory, quantities: [Quantity] = WeatherForecasts.quantities)
  {
    source = .observed(history)
    columns = quantities.filter { history[$0] != nil }.map {
      Column(quantity: $0, anchor: history.grid.start, stepSeconds: history.grid.stepSeconds)
    }
  }

  /// Whether the weather is that which came true.
  package var isOracle: Bool {
    if case .observed = source { return true }
    return false
  }

  /// The quantities known ahead.
  package var quantities: [Quantity] { columns.map(\.quantity) }

  /// Returns the weather without a quantity, for ablation.
  package func without(_ quantity: Quantity) -> WeatherForecasts {
    WeatherForecasts(source: source, columns: columns.filter { $0.quantity != quantity })
  }

  private init(source: Source, columns: [Column]) {
    self.source = source
    self.columns = columns
  }

  /// Returns what was known of each quantity at an instant, NaN where nothing was.
  ///
  /// A forecast of a longer step holds within it, so that hourly weather serves every quarter of the
  /// hour; of a shorter one the mean is taken.
  ///
  /// - Parameters:
  ///   - grid: The slots asked for.
  ///   - asOf: Nothing issued later is looked at. [UTC epoch s]
  /// - Returns: One value per slot for each quantity.
  package func known(over grid: TimeGrid, asOf: Int) -> [Quantity: [Double]] {
    var result: [Quantity: [Double]] = [:]
    for column in columns { result[column.quantity] = values(column, grid, asOf: asOf) }
    return result
  }

  /// The same of one quantity; nothing when it is never known ahead.
  func known(_ quantity: Quantity, over grid: TimeGrid, asOf: Int) -> [Double]? {
    columns.first { $0.quantity == quantity }.map { values($0, grid, asOf: asOf) }
  }

  private func values(_ column: Column, _ grid: TimeGrid, asOf: Int) -> [Double] {
    switch source {
    case .observed(let history):
      let observed = history[column.quantity] ?? []
      return grid.indices.map { k in
        history.grid.index(containing: grid.instant(k)).map { observed[$0] } ?? .nan
      }
    case .issued(let forecasts, let version, let maxAge):
      let step = column.stepSeconds
      let offset = (grid.start - column.anchor) % step
      let first = grid.start - (offset < 0 ? offset + step : offset)
      let native = TimeGrid(
        start: first, stepSeconds: step, count: (grid.end - first + step - 1) / step)
      let issued = forecasts.values(
        version: version, quantity: column.quantity, over: native, asOf: asOf,
        maxAgeSeconds: maxAge)
      return grid.indices.map { k in
        let from = (grid.instant(k) - first) / step
        let to = max(from + 1, (grid.instant(k) + grid.stepSeconds - first) / step)
        return issued[from..<to].reduce(0, +) / Double(to - from)
      }
    }
  }
}

extension ExternalForecasts {
  /// The begin of the first slot and the step of the point forecasts of a quantity, or nothing when
  /// there are less than two. [UTC epoch s, s]
  func slots(version: String, quantity: Quantity) -> (first: Int, stepSeconds: Int)? {
    guard let table = tables[Key(version: version, quantity: quantity)],
      let level = table.levels.firstIndex(of: nil), let first = table.validAt[level].first
    else { return nil }
    let validAt = table.validAt[level]
    let steps = zip(validAt.dropFirst(), validAt).map { $0 - $1 }.filter { $0 > 0 }
    return steps.min().map { (first, $0) }
  }
}
