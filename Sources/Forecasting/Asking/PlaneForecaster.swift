import Diagnostics
import Numerics
package import TimeSeries

/// A version that forecasts the production of each plane of modules by itself and adds them up.
///
/// Each plane has a model of its own, which is told the measured production, tilt, direction and power of that plane
/// alone, and every other column as it is. Planes stand under one sky, so quantiles are added level by level: a
/// cloud that makes the east small makes the west small as well. Other quantities are forecast as by the version
/// without planes.
package struct PlaneForecaster: Forecaster {
  private var whole: VersionForecaster
  private var parts: [(plane: String, forecaster: VersionForecaster)]
  private let sum: PlaneSum

  /// Makes a forecaster for each plane of a site.
  init(site: SiteContext, of make: (SiteContext, _ plane: String?) -> VersionForecaster) {
    whole = make(site, nil)
    parts = site.planes.map { ($0.name, make(site.alone($0), $0.name)) }
    sum = PlaneSum(site)
  }

  package mutating func forecast(_ request: ForecastRequest) throws -> Forecast {
    guard request.quantity == .pv else { return try whole.forecast(request) }
    var issued: [Forecast] = []
    for k in parts.indices {
      guard let past = request.past.ofPlane(parts[k].plane) else {
        throw InputError(
          "the history does not measure the production of plane '\(parts[k].plane)' by itself")
      }
      var own = request
      own.past = past
      issued.append(try parts[k].forecaster.forecast(own))
    }
    return added(issued, over: request.grid)
  }

  /// Adds up forecasts of one issue, one per plane.
  private func added(_ issued: [Forecast], over grid: TimeGrid) -> Forecast {
    let levels = issued.first?.quantileLevels ?? []
    var forecast = Forecast(
      grid: grid, values: [Double](repeating: 0, count: grid.count), quantileLevels: levels,
      quantiles: levels.map { _ in [Double](repeating: 0, count: grid.count) })
    // What was done to a slot was done to it once, for however many planes.
    for part in issued { forecast.counts.raise(to: part.counts) }
    for k in grid.indices {
      let point = sum.total(issued.map { $0.values[k] })
      forecast.values[k] = point.powerKW
      if point.isCut { forecast.counts.capped += 1 }
      for q in levels.indices {
        forecast.quantiles[q][k] = sum.total(issued.map { $0.quantiles[q][k] }).powerKW
      }
    }
    return forecast
  }

  package func fittedUntil(_ quantity: Quantity) -> Int? {
    guard quantity == .pv else { return whole.fittedUntil(quantity) }
    return parts.compactMap { $0.forecaster.fittedUntil(quantity) }.max()
  }

  /// What the planes' models were fitted on, as one: columns of the first, rows of all, and what each fit says of
  /// itself under the name of its plane.
  package func record(of quantity: Quantity, version: String, seed: UInt64) -> ModelRecord? {
    guard quantity == .pv else { return whole.record(of: quantity, version: version, seed: seed) }
    let records = parts.compactMap { part in
      part.forecaster.record(of: quantity, version: version, seed: seed).map { (part.plane, $0) }
    }
    guard let first = records.first?.1, records.count == parts.count else { return nil }
    var record = ModelRecord(
      version: version, quantity: quantity, features: first.features,
      trainedFrom: records.compactMap(\.1.trainedFrom).min(),
      trainedTo: records.compactMap(\.1.trainedTo).max(),
      rows: records.reduce(0) { $0 + $1.1.rows },
      hash: Fingerprint(records.map { "\($0) \($1.hash)" }.joined(separator: " ")).text, seed: seed)
    let seconds = records.compactMap(\.1.seconds)
    if !seconds.isEmpty { record.seconds = seconds.reduce(0, +) }
    for (plane, own) in records {
      for (name, value) in own.metrics { record.metrics["\(plane)_\(name)"] = value }
    }
    return record
  }
}
