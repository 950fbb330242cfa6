import Diagnostics
import Documents
package import Tariffs
package import Telemetry
import TimeSeries

/// A load with a meter and a tariff of its own, beside the site's: an entry of the list `meters`.
///
/// No battery and no production stands behind the meter, so every run pays the same for it.
package struct MeterSettings: Sendable {
  /// Name in every result.
  package var name: String
  /// The tariff of the meter.
  package var tariff: Tariff
  /// Where its load comes from; columns of several meters add up.
  package var files: [CSVSource]
}

extension MappingReader {
  /// Reads `meters`.
  func meters(_ key: String) -> [MeterSettings] {
    var names: Set<String> = []
    return optionalList(key) { entry in
      let name = entry.text("name")
      entry.require(
        names.insert(name).inserted, "name", "meters need names of their own, found '\(name)' twice"
      )
      let tariff = entry.tariff("tariff")
      var files: [CSVSource] = []
      if let node = entry.requiredNode("files") {
        // An entry has the keys of a file of the history.
        files = (node.items ?? []).compactMap { read($0, path: "history.files") { CSVSource($0) } }
        entry.require(
          !(node.items ?? []).isEmpty, "files",
          "'files' must be a list with at least one entry, found "
            + (node.items == nil ? node.found : "an empty list"))
      }
      let columns = files.flatMap(\.columns)
      entry.require(
        columns.allSatisfy { $0.quantity == .load }, "files",
        "a meter of its own has columns of quantity 'load' only")
      guard let tariff else { return nil }
      return MeterSettings(name: name, tariff: tariff, files: files)
    } ?? []
  }
}

extension ScenarioDraft {
  /// A meter priced by spot needs the prices, and all bills one currency.
  func checkMeters(_ reader: MappingReader) {
    for meter in meters {
      if let tariff, meter.tariff.currency != tariff.currency {
        reader.context.error(
          "the tariff of meter '\(meter.name)' is in \(meter.tariff.currency), that of the site in "
            + tariff.currency, at: reader.position(of: "meters"))
      }
      if meter.tariff.usesSpot, tariff?.usesSpot == false {
        reader.context.error(
          "meter '\(meter.name)' follows the spot market and the site's tariff does not; spot prices are read "
            + "for the site's tariff", at: reader.position(of: "meters"))
      }
    }
  }
}
