import Documents
import Twin

/// A highest power or current of a pack, as its datasheet states it.
enum RateLimit {
  case power(kW: Double)
  case current(ampere: Double)

  /// The rate that a battery system has at the limit. [1/h]
  func rate(of system: BatterySystemSpecification) -> Double {
    switch self {
    case .power(let kW): system.rate(ofPowerKW: kW)
    case .current(let ampere): system.rate(ofCurrentA: ampere)
    }
  }
}

extension MappingReader {
  /// Reads the keys of `battery` that state a limit of a direction in kW or A.
  func rateLimit(_ direction: String) -> RateLimit? {
    let power = optionalNumber("max_\(direction)_kw", .positive)
    let current = optionalNumber("max_\(direction)_a", .positive)
    let given = ["c", "kw", "a"].map { "max_\(direction)_\($0)" }.filter(has)
    if let last = given.last {
      require(
        given.count == 1, last, "'\(given[0])' and '\(last)' state one limit; give one of them")
    }
    return power.map { .power(kW: $0) } ?? current.map { .current(ampere: $0) }
  }

  /// Reads the keys of `battery` that state what a simulated cycle has to show.
  func datasheet() -> Datasheet {
    let side = choice("usable_side", default: Datasheet.Side.dc)
    require(
      !has("usable_side") || has("usable_kwh"), "usable_side", "'usable_side' needs 'usable_kwh'")
    let usable = optionalNumber("usable_kwh", .positive).map {
      Datasheet.Usable(energyKWh: $0, side: side)
    }
    var promises: [Datasheet.RoundTrip] = []
    if let node = node("round_trip_efficiency") {
      let path = path(of: "round_trip_efficiency")
      promises = (node.items ?? [node]).compactMap { item in
        read(item, path: path) { Datasheet.RoundTrip($0) }
      }
      require(
        node.entries != nil || node.items != nil, "round_trip_efficiency",
        "'round_trip_efficiency' must be a section with 'fraction' and 'side', or a list of two; an "
          + "efficiency without its side is none, found \(node.found)")
      require(
        Set(promises.map(\.side)).count == promises.count, "round_trip_efficiency",
        "'round_trip_efficiency' must state each side once")
    }
    return Datasheet(usable: usable, roundTrips: promises)
  }
}

extension Datasheet.RoundTrip {
  /// Reads one entry of `round_trip_efficiency`.
  fileprivate init?(_ reader: MappingReader) {
    let fraction = reader.number("fraction", .within(0.3...0.999))
    let side: Datasheet.Side? = reader.choice("side")
    let power = reader.optionalNumber("power_kw", .positive)
    guard let side else { return nil }
    self.init(efficiency: fraction, side: side, powerKW: power)
  }
}

extension Warranty {
  /// Reads the section `warranty`.
  init?(_ reader: MappingReader) {
    self.init(
      years: reader.number("years", .within(0.5...50)),
      capacityFraction: reader.optionalNumber("capacity_fraction", .within(0.1...1)),
      throughputMWh: reader.optionalNumber("throughput_mwh", .positive),
      cycles: reader.optionalNumber("cycles", .positive))
  }
}
