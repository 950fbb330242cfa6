package import Documents
package import Forecasting

extension ForecastCounts {
  /// The counts that a result shows, by key.
  package func members(in places: ForecastCounter.Places) -> [String: JSONValue] {
    Dictionary(
      uniqueKeysWithValues: Self.counters(in: places).map { ($0.key, .integer($0.count(self))) })
  }
}
