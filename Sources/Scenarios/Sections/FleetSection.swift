import Diagnostics
import Documents
import Forecasting
import Planning
import Replay
import Studies
import TimeSeries
import Twin

/// One of several batteries that a site has at the same time: an entry of the list `fleet`.
package struct FleetBattery: Sendable {
  /// What it is.
  package var variant: BatteryVariant
  /// First instant at which it is there; from the start when absent. [UTC epoch s]
  package var since: Int?
  /// Price of wear per kWh discharged; that of the planner when absent. [currency/kWh]
  package var wearPerKWh: Double?

  /// Returns the battery as a replay takes it.
  ///
  /// - Throws: `InputError` as the twin does.
  func siteBattery() throws -> SiteBattery {
    SiteBattery(
      name: variant.name, system: try variant.system.twin(),
      initialSOCFraction: variant.initialSOCFraction, wearPerKWh: wearPerKWh, since: since,
      warranty: variant.warranty)
  }
}

extension YAMLNode {
  /// A scenario in which each battery of `fleet` is written out, and the first stands as `battery` and `inverter`.
  ///
  /// What the document itself has as `battery` and `inverter` is what the batteries have in common; an entry's own
  /// keys stand in place of it, and an entry that names a product takes nothing from the document.
  ///
  /// - Parameter context: Gets the findings, and the files of products as ones that were read.
  /// - Returns: The scenario; itself when it has no such list.
  func withFleet(_ context: DecodingContext) -> YAMLNode {
    let common = withProduct(context)
    guard var entries = common.entries,
      let at = entries.firstIndex(where: { $0.key == "fleet" }),
      let items = entries[at].value.items, !items.isEmpty
    else { return common }
    func node(_ key: String, _ entries: [YAMLEntry]) -> YAMLNode? {
      entries.first { $0.key == key }.flatMap { $0.value.isNull ? nil : $0.value }
    }
    let place = entries[at].value.position
    let empty = YAMLNode(position: place, content: .mapping([]))
    let battery = node("battery", entries)
    let inverter = node("inverter", entries)
    var written: [YAMLNode] = []
    var first: (battery: YAMLNode, inverter: YAMLNode)?
    for item in items {
      guard var own = item.entries else {
        written.append(item)
        continue
      }
      let whole = YAMLNode.battery(
        node("battery", own), node("inverter", own),
        over: battery ?? YAMLNode(position: item.position, content: .mapping([])),
        inverter ?? YAMLNode(position: item.position, content: .mapping([])), context)
      func put(_ key: String, _ value: YAMLNode) {
        if let k = own.firstIndex(where: { $0.key == key }) {
          own[k].value = value
        } else {
          own.append(YAMLEntry(key: key, keyPosition: item.position, value: value))
        }
      }
      put("battery", whole.battery)
      put("inverter", whole.inverter)
      if first == nil { first = whole }
      written.append(YAMLNode(position: item.position, content: .mapping(own)))
    }
    entries[at].value = YAMLNode(position: place, content: .sequence(written))
    for (key, value) in [
      ("battery", first?.battery ?? empty), ("inverter", first?.inverter ?? empty),
    ] {
      if let k = entries.firstIndex(where: { $0.key == key }) {
        entries[k].value = value
      } else {
        entries.append(YAMLEntry(key: key, keyPosition: place, value: value))
      }
    }
    return YAMLNode(position: common.position, content: .mapping(entries))
  }
}

extension MappingReader {
  /// Reads `fleet`: several batteries of one site; each entry has its sections written out.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - zone: The site's clock.
  ///   - first: The section `battery` of the document, which is that of the first entry.
  /// - Returns: The batteries; their names are distinct.
  func fleet(_ key: String, zone: Zone, first: BatterySection?) -> [FleetBattery] {
    var taken: [String: String] = [:]
    var place = 0
    return optionalList(key) { entry in
      let isFirst = place == 0
      place += 1
      let name = entry.text("name")
      if let other = taken.updateValue(name, forKey: fileName(name).lowercased()) {
        entry.error(
          "name", "batteries need names that differ in more than case and signs, found '\(name)'",
          notes: ["there is '\(other)' as well; columns of results are named after them"])
      }
      let since = entry.optionalDate("installed").map { zone.startOfDay($0.dayNumber) }
      let wear = entry.optionalNumber("wear_per_kwh", .zeroOrMore)
      let (battery, inverter) = (entry.node("battery"), entry.node("inverter"))
      var found = first
      if !isFirst, let battery, let inverter {
        let converter = read(inverter, path: "inverter") { ConverterSpecification($0) }
        found = read(battery, path: "battery") { BatterySection($0, converter: converter) }
      }
      guard let found else { return nil }
      return FleetBattery(
        variant: BatteryVariant(
          name: name, system: found.system, initialSOCFraction: found.initialSOCFraction,
          product: found.product, datasheetMatch: found.match, warranty: found.warranty),
        since: since, wearPerKWh: wear)
    } ?? []
  }
}

extension ScenarioDraft {
  /// Refuses what several batteries cannot be combined with yet.
  func checkFleet(_ reader: MappingReader) {
    guard reader.has("fleet") else { return }
    func refuse(_ text: String, at key: String) {
      let section = key.split(separator: ".").first.map(String.init) ?? key
      reader.context.error(
        text, at: reader.allPositions[key] ?? reader.position(of: section))
    }
    if reader.has("batteries") {
      refuse(
        "a document has 'fleet', batteries that one site has at the same time, or 'batteries', which are compared "
          + "side by side, not both", at: "batteries")
    }
    guard fleet.count > 1 || fleet.contains(where: { $0.since != nil }) else { return }
    for battery in fleet where battery.variant.system.converter.pvCoupling == .dc {
      refuse(
        "'pv_coupling: dc' of '\(battery.variant.name)' needs a battery that stands alone; which of several "
          + "inverters production works on is not modelled", at: "inverter.pv_coupling")
    }
    let ways: [(key: String, engine: PlannerChoice, heat: HeatForesight)] =
      (settings.map { [("planner", $0.engine, $0.heat)] } ?? [])
      + planners.map { ("planner.variants", $0.engine, $0.heat) }
    for way in ways {
      if way.engine == .valueFunction {
        refuse(
          "the value function plans one battery; with several 'engine' must be 'auto' or 'glpk'",
          at: way.key == "planner" ? "planner.engine" : way.key)
      }
      if way.heat == .inPlan || way.heat == .iterated {
        refuse(
          "'heat: \(way.heat.rawValue)' plans one battery; with several it must be 'envelope' or 'blind'",
          at: way.key == "planner" ? "planner.heat" : way.key)
      }
    }
    if settings?.batteryPowerMethod == .ridge {
      refuse(
        "'battery_outlook: ridge' learns from one battery; with several it must be another",
        at: "planner.battery_outlook")
    }
    if case .table = settings?.terminal {
      refuse(
        "a 'table' values the energy left of one battery; with several 'terminal' must be another rule",
        at: "planner.terminal")
    }
    for (key, section) in [("size", size != nil), ("stress", stress != nil)] where section {
      refuse("'\(key)' studies one battery; leave '\(key)' or 'fleet' out", at: key)
    }
    for version in forecasts?.versions ?? []
    where [Quantity.load, .pv, .price].contains(where: {
      version.recipe(for: $0).kind.followsMoney
    }) {
      refuse(
        "version '\(version.name)' follows what others cost with one battery; with several it cannot",
        at: "forecasts.versions")
    }
  }
}
