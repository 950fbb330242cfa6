import Diagnostics
import Documents
import EarlyWarning
import Numerics
import Twin

extension KeptHeatModel {
  /// Reads which model of `wattif thermal train` foresees a temperature, and what stands for its signals.
  ///
  /// Nothing where no model is named, and for one that cannot be used, with findings.
  ///
  /// - Parameters:
  ///   - reader: The section of the warning.
  ///   - temperature: What the model's temperature is where nothing else is said.
  init?(_ reader: MappingReader, of temperature: HeatSignal) {
    let pinned = reader.optionalText("fingerprint")
    let signals = KeptHeatModel.signals(reader)
    guard let node = reader.node("model") else {
      for key in ["fingerprint", "signals"] where reader.has(key) {
        reader.error(key, "'\(key)' needs 'model'")
      }
      return nil
    }
    guard
      let path = reader.context.path(
        node, named: "model", from: DocumentFolder.folder(of: node.position.file))
    else { return nil }
    let model = reader.context.attempt(at: node) { () throws -> KeptHeatModel? in
      let file = try WarningModelFile(TextFile(path))
      reader.context.reads(path)
      if let pinned, pinned != file.fingerprint {
        throw InputError(
          "'\(path)' is another model than that of the policy: its fingerprint is \(file.fingerprint), "
            + "'fingerprint' must be found in it, \(pinned)")
      }
      return KeptHeatModel(
        path: path, fingerprint: file.fingerprint, isPinned: pinned != nil, signals: signals,
        forecast: try WarningStream(file, signals: signals, temperature: temperature))
    }
    guard let model else { return nil }
    self = model
  }

  private static func signals(_ reader: MappingReader) -> [String: HeatSignal] {
    guard let node = reader.node("signals") else { return [:] }
    guard let entries = node.entries else {
      reader.error(
        "signals",
        "'signals' must be lines of a signal of the model and what stands for it, found \(node.found)"
      )
      return [:]
    }
    var signals: [String: HeatSignal] = [:]
    for entry in entries {
      signals[entry.key] = reader.context.choice(
        entry.value, named: entry.key, among: HeatSignal.allCases.map { ($0.rawValue, $0) })
    }
    return signals
  }
}
