import Diagnostics
package import Documents
package import Twin

/// A battery of the catalogue: what its datasheet states and what its twin does.
package struct ProductFigures: Sendable {
  private let name: String
  private let title: String
  private let sources: [String]
  private let retrieved: String
  private let assumptions: [String]
  private let system: BatterySystemSpecification
  private let match: DatasheetMatch?
  private let datasheet: Datasheet
  private let warranty: Warranty?
  private let standbyW: Double?
  private let usableKWh: Double
  private let roundTrip: Double

  /// Simulates the cycles of a product.
  ///
  /// - Parameters:
  ///   - name: Name that scenarios use.
  ///   - title: Maker and model.
  ///   - sources: Where the numbers come from.
  ///   - retrieved: Day on which the sources were read.
  ///   - assumptions: What the sources do not say.
  ///   - system: The battery system as scenarios get it.
  ///   - match: How it was scaled to its datasheet.
  ///   - datasheet: What is promised.
  ///   - warranty: What is promised of its life.
  ///   - standbyW: Standby as stated or measured. [W]
  /// - Throws: `InputError` when the system cannot do a cycle.
  package init(
    name: String, title: String, sources: [String], retrieved: String, assumptions: [String],
    system: BatterySystemSpecification, match: DatasheetMatch?, datasheet: Datasheet,
    warranty: Warranty?, standbyW: Double?
  ) throws {
    self.name = name
    self.title = title
    self.sources = sources
    self.retrieved = retrieved
    self.assumptions = assumptions
    self.system = system
    self.match = match
    self.datasheet = datasheet
    self.warranty = warranty
    self.standbyW = standbyW
    usableKWh = try DatasheetCycle(system, side: .dc, powerKW: nil).dischargedKWh
    roundTrip = try DatasheetCycle(system, side: .ac, powerKW: halfPowerKW(system)).efficiency
  }

  /// What the table and JSON show.
  package static let measures = MeasureList<ProductFigures>([
    Measure("name", header: "name", unit: .words, in: .json, "Name that scenarios use.") {
      .text($0.name)
    },
    Measure("product", header: "product", unit: .words, in: .json, "Maker and model.") {
      .text($0.title)
    },
    Measure("chemistry", header: "cells", unit: .words, in: .json, "Kind of electrodes.") {
      .text($0.system.cell.chemistry.rawValue)
    },
    Measure(
      "usable_kwh", header: "usable", unit: .kWh, decimals: 1,
      in: .json,
      "Energy that a full pack lets out at its terminals in a simulated cycle of five hours."
    ) { .number($0.usableKWh) },
    Measure(
      "nominal_kwh", unit: .kWh, in: .json, "Nominal energy of the cells between empty and full."
    ) {
      .number($0.system.nominalKWh)
    },
    Measure(
      "power_kw", header: "inverter", unit: .kW, decimals: 1, in: .json, "Rating of the inverter."
    ) {
      .number($0.system.converter.ratedKW)
    },
    Measure(
      "charge_kw", header: "charge", unit: .kW, decimals: 1,
      in: .json, "Highest power into the pack at the nominal voltage."
    ) { .number($0.packKW(\.limits.maximumChargeC, $0.system.cell.maximumChargeC)) },
    Measure(
      "discharge_kw", header: "discharge", unit: .kW, decimals: 1,
      in: .json, "Highest power out of the pack at the nominal voltage."
    ) { .number($0.packKW(\.limits.maximumDischargeC, $0.system.cell.maximumDischargeC)) },
    Measure(
      "round_trip_fraction", header: "AC round trip", unit: .fraction, decimals: 1,
      in: .json,
      "Energy out for energy in at the grid terminals in a simulated cycle at half power, 25 °C, "
        + "without standby."
    ) { .number($0.roundTrip) },
    Measure(
      "standby_w", header: "standby W", decimals: 1, in: .json,
      "Draw while nothing is asked for. [W]"
    ) {
      .number($0.system.converter.standbyKW * 1000)
    },
    Measure(
      "standby_is_stated", in: .json,
      "Whether a source states the standby; otherwise it is assumed."
    ) {
      .flag($0.standbyW != nil)
    },
    Measure(
      "resistance_factor",
      in: .json,
      "Factor on the resistances of the library's cell that meets the stated round trip of the "
        + "pack; null where none is stated."
    ) { .number($0.match?.resistanceFactor) },
    Measure(
      "converter_factor",
      in: .json,
      "Factor on the losses of the inverter class that meets the stated round trip at the grid; "
        + "null where none is stated."
    ) { .number($0.match?.converterFactor) },
    Measure(
      "warranty_years", unit: .years, in: .json,
      "Length of the warranty; null where none was found."
    ) {
      .number($0.warranty?.years)
    },
    Measure(
      "warranty_capacity_fraction", unit: .fraction,
      in: .json, "Capacity promised at its end; null where none is stated."
    ) { .number($0.warranty?.capacityFraction) },
    Measure(
      "warranty_throughput_mwh",
      in: .json, "Energy let out until it ends, in MWh; null where none is stated."
    ) { .number($0.warranty?.throughputMWh) },
    Measure(
      "warranty_cycles", in: .json,
      "Equivalent full cycles until it ends; null where none are stated."
    ) { .number($0.warranty?.cycles) },
    Measure("retrieved", unit: .words, in: .json, "Day on which the sources were read.") {
      .text($0.retrieved)
    },
    Measure("sources", in: .json, "Where the numbers come from.") {
      .json(.array($0.sources.map(JSONValue.string)))
    },
    Measure("assumptions", in: .json, "What the sources do not say and the product assumes.") {
      .json(.array($0.assumptions.map(JSONValue.string)))
    },
  ])

  /// All products as a table.
  package static func table(_ products: [ProductFigures]) -> String {
    measures.table(products).text
  }

  /// All products in the form of `wattif.products/1`.
  package static func json(_ products: [ProductFigures]) -> JSONValue {
    ["schema": "wattif.products/1", "products": measures.list(products)]
  }

  /// One product in words: what is stated, what its twin does, and where both come from.
  package func text() throws -> String {
    var lines = ["\(title) ('battery: \(name)')", ""]
    var table = TextTable([("", .left), ("datasheet", .right), ("twin", .right)])
    if let usable = datasheet.usable {
      let shown = try DatasheetCycle(system, side: usable.side, powerKW: nil).dischargedKWh
      table.add([
        "usable energy, \(usable.side.rawValue), kWh",
        NumberText.fixed(usable.energyKWh, decimals: 2), NumberText.fixed(shown, decimals: 2),
      ])
    }
    for promise in datasheet.roundTrips {
      let cycle = try DatasheetCycle(system, side: promise.side, powerKW: promise.powerKW)
      let power = NumberText.rounded(promise.powerKW ?? system.nominalKWh / 5, decimals: 2)
      table.add([
        "round trip, \(promise.side.rawValue), at \(power) kW",
        NumberText.percent(promise.efficiency), NumberText.percent(cycle.efficiency),
      ])
    }
    table.add([
      "AC round trip at \(NumberText.rounded(halfPowerKW(system), decimals: 2)) kW", "–",
      NumberText.percent(roundTrip),
    ])
    table.add([
      "standby, W", NumberText.fixed(standbyW, decimals: 1),
      NumberText.fixed(system.converter.standbyKW * 1000, decimals: 1),
    ])
    lines.append(table.text)
    if let match { lines.append("Scaled: \(match.terms).") }
    if let warranty { lines.append("Warranty: \(warranty.terms).") }
    lines += ["", "Sources, read on \(retrieved):"] + sources.map { "- \($0)" }
    if !assumptions.isEmpty { lines += ["", "Assumed:"] + assumptions.map { "- \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  private func packKW(
    _ limit: KeyPath<BatterySystemSpecification, Double?>, _ ofCell: Double
  ) -> Double {
    (system[keyPath: limit] ?? ofCell) * system.nominalKWh
  }
}

/// Half of what the inverter and the pack can both do. [kW]
private func halfPowerKW(_ system: BatterySystemSpecification) -> Double {
  let limits = system.limits
  let rates = [
    limits.maximumChargeC ?? system.cell.maximumChargeC,
    limits.maximumDischargeC ?? system.cell.maximumDischargeC,
  ]
  return 0.5 * min(system.converter.ratedKW, (rates.min() ?? 1) * system.nominalKWh)
}

extension Warranty {
  /// The promise in words.
  package var terms: String {
    var text = "\(NumberText.rounded(years, decimals: 1)) years"
    let others = [
      throughputMWh.map { "\(NumberText.rounded($0, decimals: 2)) MWh" },
      cycles.map { "\(NumberText.rounded($0, decimals: 0)) full cycles" },
    ].compactMap(\.self)
    if !others.isEmpty {
      text += " or \(others.joined(separator: " or ")), whichever ends first"
    }
    if let capacityFraction {
      text +=
        ", with \(NumberText.percent(capacityFraction, decimals: 0)) of the capacity at its end"
    }
    return text
  }
}

extension DatasheetMatch {
  /// How the system was scaled, in words.
  package var terms: String {
    var parts: [String] = []
    if let nominalKWh {
      parts.append(
        "cells of \(NumberText.rounded(nominalKWh, decimals: 2)) kWh let out the usable energy")
    }
    if let resistanceFactor {
      parts.append(
        "resistances of the cells × \(NumberText.rounded(resistanceFactor, decimals: 2))")
    }
    if let converterFactor {
      parts.append("losses of the inverter × \(NumberText.rounded(converterFactor, decimals: 2))")
    }
    return listed(parts, "and")
  }
}
