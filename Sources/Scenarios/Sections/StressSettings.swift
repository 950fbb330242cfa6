import Diagnostics
import Documents
package import Replay
package import Studies
package import Twin
import TimeSeries

/// What the battery is put through: the section `stress`.
package struct StressSettings: Sendable {
  /// Name of the forecast version that plans; the first one when absent.
  package var version: String?
  /// Policies to compare, `none` first.
  package var policies: [DeratingPolicy]
  /// Faults to go through, none first.
  package var faults: [StressFault]
  /// Changes of the weather, none first.
  package var weathers: [WeatherStress]
  /// Ways in which plans foresee the heat, in the order given; that of the planner when empty.
  package var heats: [HeatForesight] = []
  /// Price of new cells, and years of the project; nothing where no price is known. [currency/kWh]
  package var replacementPerKWh: Double?
  package var years: Int

  /// Returns the price of a battery's life; nothing where none is known.
  package func lifePrice(of battery: TwinSpecification) -> LifePrice? {
    replacementPerKWh.map {
      LifePrice(replacement: $0 * battery.nominalEnergyKWh, years: years)
    }
  }
}

extension StressSettings {
  /// Years of a project when nothing else says.
  private static let usualYears = 15

  /// Reads the section for a battery and a period.
  init?(
    _ reader: MappingReader, battery: BatterySystemSpecification?, zone: Zone,
    period: PeriodSettings?, size: SizingSettings?
  ) {
    version = reader.optionalText("version")
    policies = reader.namedItems("policies") { item in
      item.entries == nil
        ? reader.context.deratingPolicy(item, named: "policies")
        : reader.read(item, path: reader.path(of: "policies")) { DeratingPolicy($0) }
    }
    if policies.isEmpty { policies = battery.map { [$0.derating] } ?? [] }
    policies = StressSettings.withReference(policies)
    faults = [StressFault(name: "none")]
    faults +=
      reader.optionalList("faults") { StressFault($0, battery: battery, period: period) } ?? []
    weathers = [WeatherStress(name: "as measured", ambientOffsetK: 0)]
    weathers +=
      reader.optionalList("weather") { WeatherStress($0, zone: zone) } ?? []
    replacementPerKWh =
      reader.optionalNumber("replacement_per_kwh", .zeroOrMore) ?? size?.finance.replacementPerKWh
    years = reader.integer("years", 1...60, default: size?.finance.years ?? Self.usualYears)
    heats = reader.choices("heat", HeatForesight.self)
    for (key, names) in [
      ("policies", policies.map(\.name)), ("faults", faults.map(\.name)),
      ("weather", weathers.map(\.name)), ("heat", heats.map(\.rawValue)),
    ] {
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        reader.error(key, "entries of '\(key)' need distinct names, found '\(name)' again")
      }
    }
  }

  /// Returns policies with `none` before them, against which all others are told.
  package static func withReference(_ policies: [DeratingPolicy]) -> [DeratingPolicy] {
    [.none] + policies.filter { $0.name != DeratingPolicy.none.name }
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

  /// Reads a list of words.
  fileprivate func choices<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: Choice.Type
  ) -> [Choice] {
    namedItems(key) {
      context.choice($0, named: key, among: Choice.allCases.map { ($0.rawValue, $0) })
    }
  }
}

extension WeatherStress {
  /// Reads one change of the weather: by how much the air is warmer, and when.
  fileprivate init?(_ reader: MappingReader, zone: Zone) {
    let name = reader.text("name")
    let offset = reader.number("ambient_offset_k", .within(-40...40))
    let from = reader.optionalDate("from")
    let to = reader.optionalDate("to")
    let edge = reader.optionalNumber("edge_h", .zeroOrMore)
    reader.require(
      (from == nil) == (to == nil), from == nil ? "to" : "from",
      "'from' and 'to' must be given together")
    reader.require(edge == nil || from != nil, "edge_h", "'edge_h' needs 'from' and 'to'")
    var window: Range<Int>?
    if let from, let to {
      reader.require(
        from < to, "to", "'to' is the day after the last one, so it must be later than 'from'")
      guard from < to else { return nil }
      window = zone.startOfDay(from.dayNumber)..<zone.startOfDay(to.dayNumber)
    }
    self.init(
      name: name, ambientOffsetK: offset, window: window, edgeSeconds: (edge ?? 0) * 3600)
  }
}
