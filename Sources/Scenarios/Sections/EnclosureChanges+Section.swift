import Twin

extension MappingReader {
  /// Reads `enclosure`: `cabinet`, `container` or a section with numbers.
  func enclosure(
    _ key: String
  ) -> (kind: BatterySystemSpecification.Enclosure, changes: EnclosureChanges)? {
    let kinds: [(name: String, value: BatterySystemSpecification.Enclosure)] = [
      ("cabinet", .cabinet), ("container", .container),
    ]
    return sectionOrNode(
      key,
      section: { reader in
        let like = reader.node("like").flatMap {
          context.choice($0, named: "like", among: kinds)
        }
        var changes = EnclosureChanges(reader)
        if let like { return (like, changes) }
        // A box of its own needs its air; what else it leaves out is not there.
        let own = EnclosureSpecification(
          airCapacityJPerK: reader.number("air_capacity_j_per_k", .heatCapacity))
        changes.airCapacityJPerK = nil
        return (.custom(own), changes)
      },
      other: { node in
        context.choice(node, named: key, among: kinds).map { ($0, EnclosureChanges()) }
      })
  }
}

extension EnclosureChanges {
  /// Reads the numbers of an enclosure.
  fileprivate init(_ reader: MappingReader) {
    self.init()
    airCapacityJPerK = reader.optionalNumber("air_capacity_j_per_k", .heatCapacity)
    ventilationWPerK = reader.optionalNumber("ventilation_w_per_k", .zeroOrMore)
    leakWPerK = reader.optionalNumber("leak_w_per_k", .zeroOrMore)
    walls = reader.optionalList("walls") { wall in
      WallLayer(
        inwardWPerK: wall.number("inward_w_per_k", .zeroOrMore),
        capacityJPerK: wall.number("capacity_j_per_k", .heatCapacity))
    }
    outsideWPerK = reader.optionalNumber("outside_w_per_k", .zeroOrMore)
    let absorptance = reader.optionalNumber("absorptance", .fraction)
    reader.require(
      absorptance == nil || reader.has("solar_aperture_m2"), "absorptance",
      "'absorptance' needs 'solar_aperture_m2', the area that it belongs to")
    solarApertureM2 = reader.optionalNumber("solar_aperture_m2", .zeroOrMore)
      .map { $0 * (absorptance ?? 1) }
    shadedFraction = reader.number("shaded_fraction", .fraction, default: 0)
    fanKW = reader.optionalNumber("fan_kw", .zeroOrMore)
    hvac = reader.optionalSection("hvac") { HVACSpecification($0) }
    holdsConverter =
      reader.has("holds_inverter") ? reader.boolean("holds_inverter", default: false) : nil
  }
}

extension HVACSpecification {
  /// Reads a thermostat with its cooling and heating.
  fileprivate init?(_ reader: MappingReader) {
    let usual = HVACSpecification(coolingKW: reader.number("cooling_kw", .zeroOrMore))
    self.init(
      coolingKW: usual.coolingKW,
      heatingKW: reader.number("heating_kw", .zeroOrMore, default: usual.heatingKW),
      coolingCOP: reader.number("cooling_cop", .positive, default: usual.coolingCOP),
      heatingCOP: reader.number("heating_cop", .positive, default: usual.heatingCOP),
      setpointC: reader.number("setpoint_c", .within(-20...60), default: usual.setpointC),
      bandK: reader.number("band_k", .zeroOrMore, default: usual.bandK),
      reference: reader.choice("reference", default: usual.reference))
  }
}

extension CoolingSpecification {
  /// Reads the heat paths of a cell; what is left out is usual for it.
  init?(_ reader: MappingReader, usual: CoolingSpecification) {
    let modules = reader.optionalInteger("cells_per_module", 1...100_000)
    let columns = reader.optionalInteger("grid_columns", 1...100_000)
    reader.require(
      modules == nil || columns == nil, "grid_columns",
      "'cells_per_module' and 'grid_columns' exclude each other")
    var topology = usual.topology
    if let modules { topology = .modules(of: modules) }
    if let columns { topology = .grid(columns: columns) }
    self.init(
      topology: topology,
      neighbourWPerK: reader.number(
        "neighbour_w_per_k", .zeroOrMore, default: usual.neighbourWPerK),
      airWPerK: reader.number("air_w_per_k", .zeroOrMore, default: usual.airWPerK),
      stillAirFraction: reader.number(
        "still_air_fraction", .fraction, default: usual.stillAirFraction))
  }
}
