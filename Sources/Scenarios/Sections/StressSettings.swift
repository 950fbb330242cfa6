import Diagnostics
import Documents
package import Studies
package import Twin
import TimeSeries

/// What the battery is put through: the section `stress`.
package struct StressSettings: Sendable {
  /// A named set of things that go wrong together.
  package struct Fault: Sendable {
    /// Name shown in results.
    package var name: String
    /// What goes wrong; empty for the healthy battery.
    package var faults: [FaultSpecification]
  }

  /// Name of the forecast version that plans; the first one when absent.
  package var version: String?
  /// Policies to compare, the reference first.
  package var policies: [DeratingPolicy]
  /// Faults to go through, none first.
  package var faults: [Fault]
  /// Changes of the weather, none first.
  package var weathers: [WeatherStress]
}

extension StressSettings {
  /// Reads the section for a battery and a period.
  init?(
    _ reader: MappingReader, battery: BatterySystemSpecification?, zone: Zone,
    period: PeriodSettings?
  ) {
    version = reader.optionalText("version")
    policies = reader.namedItems("policies") { item in
      item.entries == nil
        ? reader.context.deratingPolicy(item, named: "policies")
        : reader.read(item, path: reader.path(of: "policies")) { DeratingPolicy($0) }
    }
    if policies.isEmpty { policies = battery.map { [$0.derating] } ?? [] }
    faults = [Fault(name: "none", faults: [])]
    faults += reader.optionalList("faults") { Fault($0, battery: battery, period: period) } ?? []
    weathers = [WeatherStress(name: "as measured", ambientOffsetK: 0)]
    weathers +=
      reader.optionalList("weather") { WeatherStress($0, zone: zone) } ?? []
    for (key, names) in [
      ("policies", policies.map(\.name)), ("faults", faults.map(\.name)),
      ("weather", weathers.map(\.name)),
    ] {
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        reader.error(key, "entries of '\(key)' need distinct names, found '\(name)' again")
      }
    }
  }
}

extension MappingReader {
  /// Reads a list whose items are names or sections.
  fileprivate func namedItems<Value>(_ key: String, _ body: (YAMLNode) -> Value?) -> [Value] {
    guard let node = node(key) else { return [] }
    guard let items = node.items else {
      context.error("'\(key)' must be a list, found \(node.found)", at: node.position)
      return []
    }
    return items.compactMap(body)
  }
}

extension StressSettings.Fault {
  private enum Kind: String, CaseIterable {
    case fan = "fan_failure"
    case hvac = "hvac_failure"
    case vent = "blocked_vent"
    case hotCell = "hot_cell"
    case weakCell = "weak_cell"
    case bias = "sensor_bias"
    case stuck = "sensor_stuck"
    case aged = "aged_pack"
  }

  /// Reads one fault: its kind, its strength and when it is there.
  fileprivate init?(
    _ reader: MappingReader, battery: BatterySystemSpecification?, period: PeriodSettings?
  ) {
    guard let kind = reader.choice("kind", Kind.self) else {
      reader.passOver()
      return nil
    }
    name = reader.text("name", default: kind.rawValue)
    let fault: FaultSpecification.Kind
    switch kind {
    case .fan: fault = .fanFailure
    case .hvac: fault = .hvacFailure
    case .vent:
      let first = reader.integer("first_cell", default: 0)
      let count = reader.integer("cell_count", 1...100_000)
      fault = .blockedVent(
        cells: first..<first + count,
        remaining: reader.number("remaining_fraction", .fraction, default: 0))
    case .hotCell:
      fault = .hotCell(
        index: reader.integer("cell", default: 0), factor: reader.number("factor", .positive))
    case .weakCell:
      fault = .weakCell(
        index: reader.integer("cell", default: 0), factor: reader.number("factor", .efficiency))
    case .bias: fault = .sensorBias(kelvin: reader.number("bias_k", .within(-50...50)))
    case .stuck:
      fault = .sensorStuck(temperatureC: reader.number("temperature_c", .within(-50...100)))
    case .aged:
      fault = .agedPack(
        capacityFactor: reader.number("capacity_factor", .efficiency, default: 0.8),
        resistanceFactor: reader.number("resistance_factor", .atLeast(1), default: 1.5))
    }
    let from = reader.optionalNumber("from_day", .zeroOrMore) ?? 0
    let days = reader.optionalNumber("days", .positive)
    if let period {
      reader.require(
        from * 86_400 < Double(period.end - period.start), "from_day",
        "'from_day' lies after the end of the period")
    }
    let specification = FaultSpecification(
      fault, startSeconds: from * 86_400,
      endSeconds: days.map { (from + $0) * 86_400 } ?? .infinity)
    if let battery, reader.isSound {
      reader.add(specification.problems(cellCount: battery.cellCount))
    }
    faults = [specification]
  }
}

extension WeatherStress {
  /// Reads one change of the weather: by how much the air is warmer, and when.
  fileprivate init?(_ reader: MappingReader, zone: Zone) {
    let name = reader.text("name")
    let offset = reader.number("ambient_offset_k", .within(-40...40))
    let from = reader.optionalDate("from")
    let to = reader.optionalDate("to")
    reader.require(
      (from == nil) == (to == nil), from == nil ? "to" : "from",
      "'from' and 'to' must be given together")
    var window: Range<Int>?
    if let from, let to {
      reader.require(
        from < to, "to", "'to' is the day after the last one, so it must be later than 'from'")
      guard from < to else { return nil }
      window = zone.startOfDay(from.dayNumber)..<zone.startOfDay(to.dayNumber)
    }
    self.init(name: name, ambientOffsetK: offset, window: window)
  }
}
