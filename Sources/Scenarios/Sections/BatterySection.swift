import Diagnostics
import Documents
import Twin

extension BatterySettings {
  /// Reads the section `battery`; the inverter has its own.
  init?(_ reader: MappingReader, converter: ConverterSpecification?) {
    let chemistry = reader.choice("chemistry", default: Chemistry.lfp)
    let cell = reader.cellSpecification("cell", default: chemistry)
    let series = reader.optionalInteger("series", 1...10_000)
    let parallel = reader.optionalInteger("parallel", 1...10_000)
    let capacity = reader.optionalNumber("capacity_kwh", .positive)
    if let capacity {
      reader.require(
        parallel == nil, "parallel",
        "'capacity_kwh' decides how many cells are in parallel; leave 'parallel' out")
      arrangement = .capacity(kWh: capacity, series: series ?? 16)
    } else {
      if reader.isSound, series == nil || parallel == nil {
        reader.context.error(
          "a battery needs 'capacity_kwh', or 'series' and 'parallel'", at: reader.position)
      }
      arrangement = .cells(series: series ?? 1, parallel: parallel ?? 1)
    }
    let minimum = reader.number("soc_min_fraction", .fraction, default: 0.05)
    let maximum = reader.number("soc_max_fraction", .fraction, default: 0.95)
    reader.require(
      minimum < maximum, "soc_max_fraction",
      "'soc_max_fraction' must be greater than 'soc_min_fraction', found '\(plain(maximum))'")
    initialSOCFraction = reader.optionalNumber("initial_soc_fraction", .fraction)
    if let initialSOCFraction, reader.isSound {
      reader.require(
        (minimum...maximum).contains(initialSOCFraction), "initial_soc_fraction",
        "'initial_soc_fraction' must lie from 'soc_min_fraction' to 'soc_max_fraction', "
          + "found '\(plain(initialSOCFraction))'")
    }
    limits = LimitSpecification(
      minimumSOC: minimum, maximumSOC: maximum,
      maximumChargeC: reader.optionalNumber("max_charge_c", .positive),
      maximumDischargeC: reader.optionalNumber("max_discharge_c", .positive))
    strings = reader.integer("strings", 1...10_000, default: 1)
    linkOhm = reader.number("link_ohm", .zeroOrMore, default: 0)
    spread = reader.cellSpread("spread")
    enclosure = reader.enclosure("enclosure")
    cooling = reader.optionalSection("cooling") { CoolingSpecification($0) }
    derating = reader.deratingPolicy("derating") ?? .residential
    balancing = reader.balancing("balancing")
    ageing = reader.ageing("ageing")
    temperatureLimitC = reader.number("hot_above_c", .within(0...100), default: 45)
    guard let cell, let converter else { return nil }
    self.cell = cell
    self.converter = converter
    // What only shows when everything is put together.
    if reader.isSound {
      _ = reader.attempt { () throws -> TwinSpecification in try twin() }
    }
  }
}

extension MappingReader {
  /// Reads `spread`: `none`, `new`, `second_life` or a section with standard deviations.
  fileprivate func cellSpread(_ key: String) -> CellSpread {
    sectionOrNode(
      key,
      section: { reader in
        let usual = CellSpread()
        return CellSpread(
          capacity: reader.number(
            "capacity_fraction", .within(0...0.2), default: usual.capacity),
          resistance: reader.number(
            "resistance_fraction", .within(0...0.2), default: usual.resistance),
          soc: reader.number("soc_fraction", .within(0...0.2), default: usual.soc))
      },
      other: { node in
        context.choice(
          node, named: key,
          among: [
            ("none", CellSpread.none), ("new", CellSpread()), ("second_life", .secondLife),
          ])
      }) ?? CellSpread()
  }

  /// Reads `balancing`: `none` or a section.
  fileprivate func balancing(_ key: String) -> BalancingSpecification? {
    let usual = BalancingSpecification()
    guard let node = node(key) else { return usual }
    if node.scalar?.text == "none" { return nil }
    return read(node, path: path(of: key)) { reader in
      BalancingSpecification(
        bleedA: reader.number("bleed_a", .positive, default: usual.bleedA),
        startV: reader.optionalNumber("start_v", .positive),
        windowV: reader.number("window_v", .zeroOrMore, default: usual.windowV))
    } ?? usual
  }

  /// Reads `ageing`: `none`, the name of a model, or a section.
  fileprivate func ageing(_ key: String) -> AgeingSpecification? {
    let models: [(name: String, value: AgeingModel)] = AgeingModel.allCases
      .map { ($0.rawValue, $0) }
    guard let node = node(key) else { return AgeingSpecification() }
    if node.scalar?.text == "none" { return nil }
    return sectionOrNode(
      key,
      section: { reader in
        let usual = AgeingSpecification()
        return AgeingSpecification(
          model: reader.has("model") ? reader.choice("model", among: models) : nil,
          counting: reader.choice("counting", default: usual.counting),
          endOfLifeFraction: reader.number(
            "end_of_life_fraction", .within(0.1...0.99), default: usual.endOfLifeFraction))
      },
      other: { node in
        context.choice(node, named: key, among: models).map { AgeingSpecification(model: $0) }
      }) ?? AgeingSpecification()
  }

  /// Reads `enclosure`: `cabinet`, `container` or a section with its own numbers.
  fileprivate func enclosure(_ key: String) -> BatterySettings.Enclosure {
    sectionOrNode(
      key, section: { EnclosureSpecification($0).map(BatterySettings.Enclosure.custom) },
      other: { node in
        context.choice(
          node, named: key,
          among: [("cabinet", BatterySettings.Enclosure.cabinet), ("container", .container)])
      }) ?? .cabinet
  }
}

extension EnclosureSpecification {
  /// Reads an enclosure given by its numbers.
  fileprivate init?(_ reader: MappingReader) {
    let walls =
      reader.optionalList("walls") { wall in
        WallLayer(
          inwardWPerK: wall.number("inward_w_per_k", .zeroOrMore),
          capacityJPerK: wall.number("capacity_j_per_k", .positive))
      } ?? []
    self.init(
      airCapacityJPerK: reader.number("air_capacity_j_per_k", .positive),
      ventilationWPerK: reader.number("ventilation_w_per_k", .zeroOrMore, default: 0),
      leakWPerK: reader.number("leak_w_per_k", .zeroOrMore, default: 0), walls: walls,
      outsideWPerK: reader.number("outside_w_per_k", .zeroOrMore, default: 0),
      solarApertureM2: reader.number("solar_aperture_m2", .zeroOrMore, default: 0),
      fanKW: reader.number("fan_kw", .zeroOrMore, default: 0),
      hvac: reader.optionalSection("hvac") { HVACSpecification($0) },
      holdsConverter: reader.boolean("holds_inverter", default: false))
  }
}

extension HVACSpecification {
  /// Reads a thermostat with its cooling and heating.
  fileprivate init?(_ reader: MappingReader) {
    self.init(
      coolingKW: reader.number("cooling_kw", .zeroOrMore),
      heatingKW: reader.number("heating_kw", .zeroOrMore, default: 0),
      coolingCOP: reader.number("cooling_cop", .positive, default: 3),
      heatingCOP: reader.number("heating_cop", .positive, default: 2.5),
      setpointC: reader.number("setpoint_c", .within(-20...60), default: 25),
      bandK: reader.number("band_k", .zeroOrMore, default: 5),
      reference: reader.choice("reference", default: .hottestCell))
  }
}

extension CoolingSpecification {
  /// Reads the heat paths of a cell.
  fileprivate init?(_ reader: MappingReader) {
    let usual = CoolingSpecification()
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

extension ConverterSpecification {
  /// Reads the section `inverter`.
  init?(_ reader: MappingReader) {
    let power = reader.number("power_kw", .positive)
    let base = reader.choice(
      "class",
      among: [
        ("hybrid", ConverterSpecification(ratedKW: power)), ("utility", .utility(ratedKW: power)),
        ("ideal", .ideal(ratedKW: power)),
      ], default: ConverterSpecification(ratedKW: power))
    func loss(_ key: String, _ usual: ConverterLoss) -> ConverterLoss {
      reader.optionalSection(key) { loss in
        ConverterLoss(
          noLoad: loss.number("no_load_fraction", .within(0...0.49), default: usual.noLoad),
          linear: loss.number("linear_fraction", .within(0...0.49), default: usual.linear),
          quadratic: loss.number(
            "quadratic_fraction", .within(0...0.49), default: usual.quadratic))
      } ?? usual
    }
    let common = loss("loss", base.chargeLoss)
    self.init(
      ratedKW: power, chargeLoss: loss("charge_loss", common),
      dischargeLoss: loss("discharge_loss", common),
      standbyKW: reader.number("standby_kw", .zeroOrMore, default: base.standbyKW))
    pvCoupling = reader.choice("pv_coupling", default: .ac)
  }
}
