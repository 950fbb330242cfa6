import Documents
package import Forecasting
package import Numerics
package import TimeSeries

extension Scenario {
  /// Returns the fingerprint of everything that was read for a run: the document, every file it
  /// names, the history, and forecasts made elsewhere.
  ///
  /// A file counts with its bytes. A project database changes with every run that is kept in it, so
  /// what was read of it counts instead; history and forecasts count in any case.
  ///
  /// - Parameters:
  ///   - history: The history as it is replayed.
  ///   - forecasts: Forecasts made elsewhere, or nothing.
  /// - Returns: The fingerprint of all inputs.
  /// - Throws: `InputError` when a file can no longer be read.
  package func inputsFingerprint(
    history: SiteHistory, forecasts: ExternalForecasts?
  ) throws -> Fingerprint {
    var result = Fingerprint(text)
    for file in files where !databases.contains(file) {
      let bytes = try TextFile.contents(file)
      result.combine(word: UInt64(bytes.count))
      result.combine(bytes: bytes)
    }
    for quantity in Quantity.allCases {
      guard let values = history[quantity] else { continue }
      result.combine(quantity.rawValue)
      // One bit pattern stands for every missing value.
      for value in values { result.combine(value.isNaN ? .nan : value) }
    }
    for row in forecasts?.rows ?? [] {
      result.combine(row.version)
      result.combine(row.quantity.rawValue)
      result.combine(word: UInt64(bitPattern: Int64(row.issuedAt)))
      result.combine(word: UInt64(bitPattern: Int64(row.validAt)))
      result.combine(row.quantile ?? .nan)
      result.combine(row.value)
    }
    return result
  }

  /// Project databases among the files.
  private var databases: Set<String> {
    var paths: Set<String> = []
    if case .store(let path, _) = history.source { paths.insert(path) }
    for file in forecasts.external {
      if case .store(let path, _) = file.layout { paths.insert(path) }
    }
    return paths
  }
}
