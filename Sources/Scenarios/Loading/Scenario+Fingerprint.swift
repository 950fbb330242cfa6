import Documents
package import Forecasting
package import Numerics
package import Store
package import TimeSeries

extension Scenario {
  /// Returns everything that was read for a run besides the document: every file it names, the
  /// history, and forecasts made elsewhere.
  ///
  /// A file counts with its bytes. A project database changes with every run that is kept in it, so
  /// what was read of it counts instead; history and forecasts count in any case.
  ///
  /// - Parameters:
  ///   - history: The history as it is replayed.
  ///   - forecasts: Forecasts made elsewhere, or nothing.
  /// - Returns: One entry per file, per column of the history, those of planes as well, and per version of forecasts.
  /// - Throws: `InputError` when a file can no longer be read.
  package func inputs(
    history: SiteHistory, forecasts: ExternalForecasts?
  ) throws -> [RunInput] {
    var inputs: [RunInput] = []
    for file in files where !databases.contains(file) {
      let bytes = try TextFile.contents(file)
      var print = Fingerprint()
      print.combine(bytes: bytes)
      inputs.append(RunInput(kind: .file, name: file, fingerprint: print, count: bytes.count))
    }
    for quantity in Quantity.allCases {
      guard let values = history[quantity] else { continue }
      inputs.append(RunInput(kind: .history, name: quantity.rawValue, values: values))
    }
    for plane in history.planeNames {
      guard let values = history[plane: plane] else { continue }
      inputs.append(
        RunInput(kind: .history, name: "\(Quantity.pv.rawValue) \(plane)", values: values))
    }
    var issued: [String: (print: Fingerprint, values: [Double])] = [:]
    for row in forecasts?.rows ?? [] {
      let name = ([row.version, row.quantity.rawValue] + [row.plane].compactMap { $0 })
        .joined(separator: " ")
      var entry = issued[name] ?? (Fingerprint(), [])
      entry.print.combine(word: UInt64(bitPattern: Int64(row.issuedAt)))
      entry.print.combine(word: UInt64(bitPattern: Int64(row.validAt)))
      entry.print.combine(row.quantile ?? .nan)
      entry.values.append(row.value)
      issued[name] = entry
    }
    for (name, entry) in issued.sorted(by: { $0.key < $1.key }) {
      inputs.append(
        RunInput(kind: .forecasts, name: name, values: entry.values, startingWith: entry.print))
    }
    return inputs
  }

  /// Returns the fingerprint of the document and of everything else that was read.
  package func fingerprint(of inputs: [RunInput]) -> Fingerprint {
    var result = Fingerprint(text)
    for input in inputs {
      result.combine(input.kind.rawValue)
      if input.kind != .file { result.combine(input.name) }
      result.combine(word: UInt64(input.count))
      result.combine(word: input.fingerprint.value)
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
