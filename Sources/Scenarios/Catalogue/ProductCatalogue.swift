import Diagnostics
import Documents

/// The folders in which batteries are found by name.
///
/// A name stands for `batteries/NAME.yaml` in the folder of the scenario or in one above it, or for
/// `NAME.yaml` in the folder that the variable `WATTIF_BATTERIES` names.
package struct ProductCatalogue: Sendable {
  /// The variable that names a folder of products.
  package static let variable = "WATTIF_BATTERIES"

  /// The folders, the first one first.
  package var folders: [String]

  /// Finds the folders.
  ///
  /// - Parameters:
  ///   - folder: Folder of a scenario; empty for the working directory.
  ///   - environment: Variables.
  package init(folder: String, environment: [String: String]) {
    folders = ProductCatalogue.folder(above: folder.isEmpty ? "." : folder).map { [$0] } ?? []
    if let named = environment[ProductCatalogue.variable], !named.isEmpty { folders.append(named) }
  }

  /// Returns the folder `batteries` in a folder or in the nearest one above it.
  package static func folder(above start: String) -> String? {
    DocumentFolder.nearest(to: start, named: "batteries")
  }

  /// Paths of all products by name; of two with one name the first folder's counts.
  package var paths: [(name: String, path: String)] { DocumentFolder.documents(in: folders) }

  /// The name of the product that a document describes.
  static func name(of path: String) -> String { DocumentFolder.name(of: path) }
}

extension YAMLNode {
  /// A scenario in which the product that `battery` names is written out: the product's sections `battery`
  /// and `inverter` with the scenario's own keys in place of theirs.
  ///
  /// - Parameter context: Gets the findings, and the product's file as one that was read.
  /// - Returns: The scenario; itself when it names no product.
  func withProduct(_ context: DecodingContext) -> YAMLNode {
    guard var entries, let at = entries.firstIndex(where: { $0.key == "battery" }) else {
      return self
    }
    let battery = entries[at].value
    let named: YAMLNode
    if battery.scalar != nil, !battery.isNull {
      named = battery
    } else if let entry = battery.entries?.first(where: { $0.key == "product" }) {
      named = entry.value
    } else {
      return self
    }
    let found = context.text(named, named: "battery").flatMap { context.product($0, at: named) }
    // A stand-in lets the rest of the document be checked when there is no such product.
    let standIn = "battery: {capacity_kwh: 1}\ninverter: {power_kw: 1}"
    let product =
      (found ?? (try? YAMLParser.parse(standIn, file: named.position.file)))?.entries ?? []
    func section(_ key: String) -> YAMLNode? { product.first { $0.key == key }?.value }
    let label = YAMLEntry(key: "product", keyPosition: named.position, value: named)
    var own = battery
    own.content = .mapping([label] + (battery.entries ?? []).filter { $0.key != "product" })
    entries[at].value = section("battery")?.overlaid(with: own) ?? own
    if let inverter = section("inverter") {
      if let place = entries.firstIndex(where: { $0.key == "inverter" }) {
        entries[place].value = inverter.overlaid(with: entries[place].value)
      } else {
        entries.append(
          YAMLEntry(key: "inverter", keyPosition: named.position, value: inverter))
      }
    }
    var whole = self
    whole.content = .mapping(entries)
    return whole
  }

  /// The sections `battery` and `inverter` of one of several batteries.
  ///
  /// They are those of the document with the entry's own keys in place of theirs. An entry that names a product
  /// takes nothing from the document.
  ///
  /// - Parameters:
  ///   - own: Section or product of the entry; nil where it changes nothing.
  ///   - ownInverter: Its inverter.
  ///   - battery: Section of the document, with its product written out.
  ///   - inverter: The same of the inverter.
  ///   - context: Gets the findings.
  /// - Returns: Both sections.
  static func battery(
    _ own: YAMLNode?, _ ownInverter: YAMLNode?, over battery: YAMLNode, _ inverter: YAMLNode,
    _ context: DecodingContext
  ) -> (battery: YAMLNode, inverter: YAMLNode) {
    func namesProduct(_ node: YAMLNode) -> Bool {
      node.scalar != nil || node.entries?.contains { $0.key == "product" } ?? false
    }
    guard let own, namesProduct(own) else {
      return (
        own.map { battery.overlaid(with: $0) } ?? battery,
        ownInverter.map { inverter.overlaid(with: $0) } ?? inverter
      )
    }
    func entry(_ key: String, _ node: YAMLNode) -> YAMLEntry {
      YAMLEntry(key: key, keyPosition: node.position, value: node)
    }
    var entries = [entry("battery", own)]
    if let ownInverter { entries.append(entry("inverter", ownInverter)) }
    let document = YAMLNode(position: own.position, content: .mapping(entries))
    let whole = document.withProduct(context).entries ?? []
    func section(_ key: String) -> YAMLNode? { whole.first { $0.key == key }?.value }
    return (section("battery") ?? battery, section("inverter") ?? inverter)
  }

  /// The section with another one's keys in place of its own; sections within are laid over each other.
  private func overlaid(with other: YAMLNode) -> YAMLNode {
    guard let base = entries, let over = other.entries else { return other }
    let given = Set(over.map(\.key))
    let replaced = YAMLNode.alternatives.filter { !$0.isDisjoint(with: given) }
      .reduce(into: given) { $0.formUnion($1) }
    var merged = base.filter { !replaced.contains($0.key) }
    for entry in over {
      var entry = entry
      if let mine = base.first(where: { $0.key == entry.key })?.value {
        entry.value = mine.overlaid(with: entry.value)
      }
      merged.append(entry)
    }
    return YAMLNode(position: other.position, content: .mapping(merged))
  }

  /// Keys that say the same in other words, so that one of them replaces all.
  private static let alternatives: [Set<String>] = [
    ["capacity_kwh", "usable_kwh", "usable_side", "parallel"],
    ["max_charge_c", "max_charge_kw", "max_charge_a"],
    ["max_discharge_c", "max_discharge_kw", "max_discharge_a"],
    ["standby_kw", "standby_w"],
  ]
}

extension DecodingContext {
  /// Reads the document of a product.
  fileprivate func product(_ name: String, at node: YAMLNode) -> YAMLNode? {
    let catalogue = ProductCatalogue(folder: folder, environment: environment)
    let paths = catalogue.paths
    guard let found = paths.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: paths.map(\.name)).map { "; did you mean '\($0)'?" }
      error(
        "no battery of the catalogue is named '\(name)'\(near ?? "")", at: node.position,
        notes: [
          catalogue.folders.isEmpty
            ? "there is no folder 'batteries' above the scenario, and \(ProductCatalogue.variable) "
              + "names none"
            : "'wattif twin list' names the \(paths.count) of "
              + listed(catalogue.folders.map { "'\($0)'" }, "and")
        ])
      return nil
    }
    reads(found.path)
    do {
      // Its own mistakes are reported at their places.
      return try BatteryProduct(path: found.path).document
    } catch let failure as InputError {
      add(failure.diagnostics) { _ in node.position }
    } catch {
      self.error("\(error)", at: node.position)
    }
    return nil
  }
}
