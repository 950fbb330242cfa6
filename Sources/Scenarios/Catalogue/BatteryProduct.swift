import Diagnostics
import Documents
package import Twin

/// A battery as it is sold: a document of the catalogue.
///
/// Its sections `battery` and `inverter` have the keys that a scenario has, so that a scenario may name the
/// product and change any of them.
package struct BatteryProduct: Sendable {
  /// Name that scenarios use: that of the file.
  package var name: String
  /// Maker and model.
  package var title: String
  /// Where the numbers come from.
  package var sources: [String]
  /// Day on which the sources were read.
  package var retrieved: String
  /// What the sources do not say and the document assumes.
  package var assumptions: [String]
  /// Power drawn while nothing is asked for, as stated or measured; nil when no source has it. [W]
  package var standbyW: Double?
  /// The battery system, scaled to its datasheet.
  package var system: BatterySystemSpecification
  /// How it was scaled; nil when it did not have to be.
  package var match: DatasheetMatch?
  /// What the datasheet promises.
  package var datasheet: Datasheet
  /// What the maker promises of its life.
  package var warranty: Warranty?
  /// The document as it was read.
  let document: YAMLNode

  /// Reads a product.
  ///
  /// - Parameter path: Its document.
  /// - Throws: `InputError` with every mistake in it.
  package init(path: String) throws {
    document = try YAMLParser.parse(try TextFile(path, isUnicode: true).bytes, file: path)
    let context = DecodingContext()
    let reader = MappingReader(document, context: context)
    name = ProductCatalogue.name(of: path)
    title = reader.text("product")
    sources = reader.optionalTexts("sources") ?? []
    reader.require(!sources.isEmpty, "sources", "a product needs 'sources'")
    retrieved = reader.text("retrieved")
    assumptions = reader.optionalTexts("assumptions") ?? []
    var statesStandby = false
    let converter = reader.section("inverter") { inverter in
      statesStandby = inverter.has("standby_w")
      return ConverterSpecification(inverter)
    }
    let battery = reader.section("battery") { BatterySection($0, converter: converter) }
    reader.finish()
    try context.throwIfErrors()
    guard let battery else { throw InputError("the product could not be read") }
    standbyW = statesStandby ? battery.system.converter.standbyKW * 1000 : nil
    datasheet = battery.datasheet
    system = battery.system
    match = battery.match
    warranty = battery.warranty
  }
}
