import Diagnostics
import Documents
import Twin

extension MappingReader {
  /// Reads `cell`: the name of a library cell, the path of a cell's document, or a section that starts
  /// from a library cell.
  func cellSpecification(_ key: String, default chemistry: Chemistry) -> CellSpecification? {
    let fallback = CellSpecification.standard(for: chemistry)
    guard has(key) else { return fallback }
    return sectionOrNode(
      key, section: { CellSpecification($0, startingFrom: fallback) },
      other: { node in
        guard let text = node.scalar?.text, text.hasSuffix(".yaml") || text.hasSuffix(".yml") else {
          return context.libraryCell(node, named: key)
        }
        guard let path = context.path(node, named: key) else { return nil }
        return attempt { try CellDocument.read(path, context: context, startingFrom: fallback) }
          ?? nil
      })
  }
}

extension CellSpecification {
  /// The library cell that stands for a chemistry.
  static func standard(for chemistry: Chemistry) -> CellSpecification {
    switch chemistry {
    case .lfp: .lfpPrismatic280
    case .nmc: .nmcCylindrical21700
    }
  }

  /// Reads a cell given by its tables; what is left out comes from the library cell named in `like`.
  init?(_ reader: MappingReader, startingFrom fallback: CellSpecification) {
    var base = fallback
    if let node = reader.node("like") {
      base = reader.context.libraryCell(node, named: "like") ?? fallback
    }
    let nodes = reader.optionalNumbers("soc_fraction", .fraction)
    func curve(_ key: String, _ rule: NumberRule, _ inherited: [Double]) -> [Double]? {
      let values = reader.optionalNumbers(key, rule)
      guard let nodes else {
        reader.require(
          values == nil, key, "'\(key)' needs 'soc_fraction', the states of charge it is given at")
        return inherited
      }
      if let values {
        reader.require(
          values.count == nodes.count, key,
          "'\(key)' needs one value per entry of 'soc_fraction' (\(nodes.count)), "
            + "found \(values.count)")
      }
      return values
    }
    func pair(_ key: String, _ inherited: ResistorCapacitor) -> ResistorCapacitor {
      reader.optionalSection(key) { pair in
        ResistorCapacitor(
          resistanceOhm: pair.number("resistance_ohm", .zeroOrMore),
          timeConstantS: pair.number("time_constant_s", .positive),
          activationJPerMol: pair.number(
            "activation_j_per_mol", .zeroOrMore, default: inherited.activationJPerMol))
      } ?? inherited
    }
    let capacity = reader.number("capacity_ah", .positive, default: base.capacityAh)
    let scaled = base.scaled(toCapacityAh: capacity)
    if nodes != nil, !reader.has("open_circuit_v") { _ = reader.requiredNode("open_circuit_v") }
    let cell = CellSpecification(
      name: reader.text("name", default: base.name),
      chemistry: reader.choice("chemistry", default: base.chemistry),
      sources: reader.optionalTexts("sources") ?? (nodes == nil ? base.sources : []),
      capacityAh: capacity, socFraction: nodes ?? base.socFraction,
      openCircuitV: curve("open_circuit_v", .positive, base.openCircuitV) ?? [],
      entropicVPerK: curve("entropic_v_per_k", .finite, base.entropicVPerK),
      hysteresisV: curve("hysteresis_v", .zeroOrMore, base.hysteresisV),
      hysteresisRate: reader.number(
        "hysteresis_rate", .positive, default: base.hysteresisRate),
      seriesOhm: reader.number("series_ohm", .positive, default: scaled.seriesOhm),
      seriesActivationJPerMol: reader.number(
        "series_activation_j_per_mol", .zeroOrMore, default: base.seriesActivationJPerMol),
      seriesShape: curve("series_shape", .positive, base.seriesShape),
      seriesChargeShape: curve("series_charge_shape", .positive, base.seriesChargeShape),
      fast: pair("fast", scaled.fast), slow: pair("slow", scaled.slow),
      pairShape: curve("pair_shape", .positive, base.pairShape),
      slowShape: curve("slow_shape", .positive, base.slowShape),
      surfaceLag: SurfaceLag.read(reader, base: base),
      chargeEfficiency: reader.number(
        "charge_efficiency", .within(0.5...1), default: base.chargeEfficiency),
      selfDischargePerMonth: reader.number(
        "self_discharge_per_month", .within(0...0.99), default: base.selfDischargePerMonth),
      minimumV: reader.number("min_v", .positive, default: base.minimumV),
      maximumV: reader.number("max_v", .positive, default: base.maximumV),
      maximumChargeC: reader.number("max_charge_c", .positive, default: base.maximumChargeC),
      maximumDischargeC: reader.number(
        "max_discharge_c", .positive, default: base.maximumDischargeC),
      heatCapacityJPerK: reader.number(
        "heat_capacity_j_per_k", .within(0.01...1e9), default: scaled.heatCapacityJPerK))
    guard reader.isSound else { return nil }
    reader.add(cell.problems())
    self = cell
  }
}

extension SurfaceLag {
  /// Reads `surface_lag` or `usable_charge` of a cell.
  fileprivate static func read(
    _ reader: MappingReader, base: CellSpecification
  ) -> SurfaceLag? {
    if reader.has("usable_charge") {
      reader.require(
        reader.node("surface_lag") == nil, "usable_charge",
        "'usable_charge' stands in place of 'surface_lag', not beside it")
    }
    let usual = base.surfaceLag ?? SurfaceLag()
    func own(_ section: MappingReader) -> SurfaceLag {
      SurfaceLag(
        timeConstantS: section.number("time_constant_s", .positive, default: usual.timeConstantS),
        socPerC: section.number("soc_per_c", .zeroOrMore, default: usual.socPerC),
        activationJPerMol: section.number(
          "activation_j_per_mol", .zeroOrMore, default: usual.activationJPerMol))
    }
    if reader.has("usable_charge") {
      let points = reader.list("usable_charge") { point in
        UsableCharge(
          temperatureC: point.number("temperature_c", .within(-60...80)),
          fraction: point.number("fraction", .within(0.01...1)),
          rateC: point.number("rate_c", .positive))
      }
      guard reader.isSound, !points.isEmpty else { return nil }
      let lag = SurfaceLag(usable: points, base: usual)
      reader.require(
        lag != nil, "usable_charge",
        "'usable_charge' needs a fraction below 1, and fractions that fall as it gets colder")
      return lag
    }
    return reader.optionalSection("surface_lag", own) ?? base.surfaceLag
  }
}

extension DecodingContext {
  /// Reads the name of a library cell.
  fileprivate func libraryCell(_ node: YAMLNode, named key: String) -> CellSpecification? {
    choice(node, named: key, among: CellSpecification.library.map { ($0.name, $0) })
  }
}
