import Diagnostics
import Documents
package import Twin

/// The section `battery`; the inverter has its own.
struct BatterySection {
  /// The battery system.
  var system: BatterySystemSpecification
  /// State of charge at the first instant; the lowest allowed one when absent.
  var initialSOCFraction: Double?
  /// Name of the product that the section starts from.
  var product: String?
  /// What the datasheet promises.
  var datasheet = Datasheet()
  /// How the system was scaled to keep its datasheet; nil when it states none.
  var match: DatasheetMatch?
  /// What the maker promises of the life.
  var warranty: Warranty?

  /// Reads the section.
  init?(_ reader: MappingReader, converter: ConverterSpecification?) {
    product = reader.optionalText("product")
    let chemistry = reader.choice("chemistry", default: Chemistry.lfp)
    let cell = reader.cellSpecification("cell", default: chemistry)
    var system = BatterySystemSpecification(
      arrangement: reader.arrangement(), converter: converter ?? .ideal(ratedKW: 1))
    let usual = system
    system.limits = LimitSpecification(reader)
    initialSOCFraction = reader.optionalNumber("initial_soc_fraction", .fraction)
    if let initialSOCFraction, reader.isSound {
      let limits = system.limits
      reader.require(
        (limits.minimumSOC...limits.maximumSOC).contains(initialSOCFraction),
        "initial_soc_fraction",
        "'initial_soc_fraction' must lie from 'soc_min_fraction' to 'soc_max_fraction', "
          + "found '\(plain(initialSOCFraction))'")
    }
    system.strings = reader.integer("strings", 1...10_000, default: usual.strings)
    system.linkOhm = reader.number("link_ohm", .zeroOrMore, default: usual.linkOhm)
    system.spread = reader.cellSpread("spread") ?? usual.spread
    system.modules = reader.modules(
      "modules", socFraction: initialSOCFraction ?? system.limits.minimumSOC)
    if let box = reader.enclosure("enclosure") {
      (system.enclosure, system.enclosureChanges) = (box.kind, box.changes)
    }
    system.cooling = reader.optionalSection("cooling") {
      CoolingSpecification($0, usual: .usual(for: cell ?? system.cell))
    }
    system.derating = reader.deratingPolicy("derating") ?? usual.derating
    system.balancing = reader.balancing("balancing", default: usual.balancing)
    system.ageing = reader.ageing("ageing", default: usual.ageing)
    system.temperatureLimitC = reader.number(
      "hot_above_c", .within(0...100), default: usual.temperatureLimitC)
    datasheet = reader.datasheet()
    let charge = reader.rateLimit("charge")
    let discharge = reader.rateLimit("discharge")
    warranty = reader.optionalSection("warranty") { Warranty($0) }
    guard let cell, converter != nil else { return nil }
    system.cell = cell
    self.system = system
    guard reader.isSound else { return }
    // What only shows when everything is put together.
    _ = reader.attempt {
      if !datasheet.isEmpty {
        let match = try system.matched(to: datasheet)
        self.match = match
        self.system = match.system
      }
      self.system.limits.maximumChargeC =
        charge?.rate(of: self.system) ?? system.limits.maximumChargeC
      self.system.limits.maximumDischargeC =
        discharge?.rate(of: self.system) ?? system.limits.maximumDischargeC
      _ = try self.system.twin()
    }
  }
}

extension BatterySystemSpecification {
  /// The arrangement in words: `16 in series, 2.04 × lfp_prismatic_280 in parallel`.
  package var arrangementText: String {
    let count = NumberText.rounded(cellsInParallel, decimals: 2)
    let side = strings > 1 ? ", \(strings) strings" : ""
    return "\(arrangement.series) in series, \(count) × \(cell.name) in parallel\(side)"
  }
}

extension LimitSpecification {
  /// Reads the keys of `battery` that limit charge and rates.
  fileprivate init(_ reader: MappingReader) {
    let usual = LimitSpecification()
    self.init(
      minimumSOC: reader.number("soc_min_fraction", .fraction, default: usual.minimumSOC),
      maximumSOC: reader.number("soc_max_fraction", .fraction, default: usual.maximumSOC),
      maximumChargeC: reader.optionalNumber("max_charge_c", .positive),
      maximumDischargeC: reader.optionalNumber("max_discharge_c", .positive),
      cutOffC: reader.number("cut_off_c", .within(20...150), default: usual.cutOffC))
    reader.add(problems())
  }
}

extension MappingReader {
  /// Reads how the number of cells is found: by energy, or counted.
  fileprivate func arrangement() -> BatterySystemSpecification.Arrangement {
    let series = optionalInteger("series", 1...10_000)
    let parallel = optionalInteger("parallel", 1...10_000)
    if let usable = optionalNumber("usable_kwh", .positive) {
      for key in ["capacity_kwh", "parallel"] {
        require(
          node(key) == nil, key,
          "'usable_kwh' decides how much the cells hold; leave '\(key)' out")
      }
      // A first guess; the simulated cycle decides.
      let capacity = 1.1 * usable
      guard let series else { return .capacity(kWh: capacity) }
      return .capacity(kWh: capacity, series: series)
    }
    if let capacity = optionalNumber("capacity_kwh", .positive) {
      require(
        parallel == nil, "parallel",
        "'capacity_kwh' decides how many cells are in parallel; leave 'parallel' out")
      guard let series else { return .capacity(kWh: capacity) }
      return .capacity(kWh: capacity, series: series)
    }
    if isSound, series == nil || parallel == nil {
      context.error(
        "a battery needs 'capacity_kwh', 'usable_kwh', or 'series' and 'parallel'", at: position)
    }
    return .cells(series: series ?? 1, parallel: parallel ?? 1)
  }
}

extension MappingReader {
  /// Reads `spread`: `none`, `new`, `second_life` or a section with standard deviations.
  fileprivate func cellSpread(_ key: String) -> CellSpread? {
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
      })
  }

  /// Reads `balancing`: `none` or a section.
  fileprivate func balancing(
    _ key: String, default absent: BalancingSpecification?
  ) -> BalancingSpecification? {
    guard let node = node(key) else { return absent }
    if node.scalar?.text == "none" { return nil }
    return read(node, path: path(of: key)) { reader in
      let usual = BalancingSpecification()
      return BalancingSpecification(
        bleedA: reader.number("bleed_a", .positive, default: usual.bleedA),
        startV: reader.optionalNumber("start_v", .positive),
        windowV: reader.number("window_v", .zeroOrMore, default: usual.windowV))
    } ?? absent
  }

  /// Reads `ageing`: `none`, the name of a model, or a section.
  fileprivate func ageing(
    _ key: String, default absent: AgeingSpecification?
  ) -> AgeingSpecification? {
    let models: [(name: String, value: AgeingModel)] = AgeingModel.allCases
      .map { ($0.rawValue, $0) }
    guard let node = node(key) else { return absent }
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
      }) ?? absent
  }
}
