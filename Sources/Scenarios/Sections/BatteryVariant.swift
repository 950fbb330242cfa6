import Diagnostics
import Documents
import Replay
package import Twin

/// One of several batteries that a scenario compares, by name.
package struct BatteryVariant: Sendable {
  /// Name in every result.
  package var name: String
  /// The battery system.
  package var system: BatterySystemSpecification
  /// State of charge at the first instant; the lowest allowed one when absent.
  package var initialSOCFraction: Double?
  /// Name of the product that it is, in the catalogue.
  package var product: String?
  /// How it was scaled to keep its datasheet.
  package var datasheetMatch: DatasheetMatch?
  /// What the maker promises of its life.
  package var warranty: Warranty?
}

extension Scenario {
  /// Returns the scenario with one of its batteries.
  package func with(_ variant: BatteryVariant) -> Scenario {
    var copy = self
    copy.fleet = []
    copy.battery = variant.system
    copy.product = variant.product
    copy.datasheetMatch = variant.datasheetMatch
    copy.warranty = variant.warranty
    copy.settings.initialSOCFraction = variant.initialSOCFraction
    return copy
  }
}

extension MappingReader {
  /// Reads `batteries`: what each has in place of the sections `battery` and `inverter` of the document.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - isSound: Whether the document's own battery is; its mistakes are told once.
  /// - Returns: The batteries; their names are distinct.
  func batteryVariants(_ key: String, isSound: Bool) -> [BatteryVariant] {
    let (battery, inverter) = (node("battery"), node("inverter"))
    var taken: [String: String] = [:]
    return optionalList(key) { entry in
      let name = entry.text("name")
      if let first = taken.updateValue(name, forKey: fileName(name).lowercased()) {
        entry.error(
          "name", "batteries need names that differ in more than case and signs, found '\(name)'",
          notes: ["there is '\(first)' as well; folders of results are named after them"])
      }
      let (changed, changedInverter) = (entry.node("battery"), entry.node("inverter"))
      guard isSound, let battery, let inverter else { return nil }
      let own = YAMLNode.battery(changed, changedInverter, over: battery, inverter, context)
      let converter = read(own.inverter, path: "inverter") { ConverterSpecification($0) }
      guard
        let found = read(own.battery, path: "battery", { BatterySection($0, converter: converter) })
      else { return nil }
      return BatteryVariant(
        name: name, system: found.system, initialSOCFraction: found.initialSOCFraction,
        product: found.product, datasheetMatch: found.match, warranty: found.warranty)
    } ?? []
  }
}
