import Diagnostics
import Documents
package import Twin

/// A cell as a document of its own, which `battery.cell` takes by its path or as a section.
package enum CellDocument {
  /// Returns the document of a cell.
  package static func text(of cell: CellSpecification, remarks: [String] = []) -> String {
    var writer = YAMLWriter()
    func list(_ values: [Double]) -> String {
      "[\(values.map(NumberText.shortest).joined(separator: ", "))]"
    }
    func pair(_ pair: ResistorCapacitor, _ writer: inout YAMLWriter) {
      writer.add("resistance_ohm", NumberText.shortest(pair.resistanceOhm))
      writer.add("time_constant_s", NumberText.shortest(pair.timeConstantS))
      writer.add("activation_j_per_mol", NumberText.shortest(pair.activationJPerMol))
    }
    writer.add("name", cell.name)
    writer.add("chemistry", cell.chemistry.rawValue)
    let sources = cell.sources.map { "\"\($0.replacing("\"", with: "'"))\"" }
    writer.add("sources", "[\(sources.joined(separator: ", "))]")
    writer.add("capacity_ah", NumberText.shortest(cell.capacityAh))
    for (key, curve) in [
      ("soc_fraction", cell.socFraction), ("open_circuit_v", cell.openCircuitV),
      ("entropic_v_per_k", cell.entropicVPerK), ("hysteresis_v", cell.hysteresisV),
      ("series_shape", cell.seriesShape), ("series_charge_shape", cell.seriesChargeShape),
      ("pair_shape", cell.pairShape), ("slow_shape", cell.slowShape),
    ] { writer.add(key, list(curve)) }
    for (key, value) in [
      ("hysteresis_rate", cell.hysteresisRate), ("series_ohm", cell.seriesOhm),
      ("series_activation_j_per_mol", cell.seriesActivationJPerMol),
      ("charge_efficiency", cell.chargeEfficiency),
      ("self_discharge_per_month", cell.selfDischargePerMonth), ("min_v", cell.minimumV),
      ("max_v", cell.maximumV), ("max_charge_c", cell.maximumChargeC),
      ("max_discharge_c", cell.maximumDischargeC),
      ("heat_capacity_j_per_k", cell.heatCapacityJPerK),
    ] { writer.add(key, NumberText.shortest(value)) }
    writer.section("fast") { pair(cell.fast, &$0) }
    writer.section("slow") { pair(cell.slow, &$0) }
    // Without a section the library's lag would be read, which this cell does not have.
    let lag = cell.surfaceLag ?? SurfaceLag(socPerC: 0)
    writer.section("surface_lag") { writer in
      writer.add("soc_per_c", NumberText.shortest(lag.socPerC))
      writer.add("time_constant_s", NumberText.shortest(lag.timeConstantS))
      writer.add("activation_j_per_mol", NumberText.shortest(lag.activationJPerMol))
    }
    return remarks.map { "# \($0)\n" }.joined() + writer.text
  }

  /// Reads the document of a cell.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - context: Gets the findings, and the file as one that was read.
  ///   - fallback: The library cell that supplies what is left out.
  /// - Returns: The cell, or nothing when there are findings.
  /// - Throws: `InputError` when the file cannot be read or is no YAML.
  static func read(
    _ path: String, context: DecodingContext, startingFrom fallback: CellSpecification
  ) throws -> CellSpecification? {
    try context.document(path, as: "battery.cell") {
      CellSpecification($0, startingFrom: fallback)
    }
  }
}
