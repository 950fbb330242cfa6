import Foundation
import TestSupport
import Testing

@testable import Twin

/// PyBaMM 26.10.1.1 Thevenin, IDAKLU rtol 1e-9: `reference/twin/ecm`.
@Suite(
  "Cell against PyBaMM's equivalent circuit", .tags(.physics),
  .enabled(if: RealData.reference != nil, "no reference folder: WATTIF_REFERENCE"))
struct CellReferenceTests {
  struct Case: CustomTestStringConvertible {
    var file: String
    var soc: Double
    var celsius: Double
    var power = false
    var testDescription: String { file }
  }

  struct Tolerance: CustomTestStringConvertible {
    var substep: Double
    var voltRMSE: Double
    var voltMax: Double
    var kelvinRMSE: Double
    var kelvinMax: Double
    var soc: Double
    var testDescription: String { "\(substep) s" }
  }

  static let cases = [
    Case(file: "lfp280_cc_0p5C", soc: 0.95, celsius: 25),
    Case(file: "lfp280_pulses_10degC", soc: 0.92, celsius: 10),
    Case(file: "lfp280_duty60s_current", soc: 0.35, celsius: 15),
    Case(file: "lfp280_duty900s_power", soc: 0.30, celsius: 22, power: true),
  ]
  static let tolerances = [
    Tolerance(
      substep: 1, voltRMSE: 1e-5, voltMax: 1e-4, kelvinRMSE: 5e-4, kelvinMax: 2e-3, soc: 1e-6),
    Tolerance(
      substep: 60, voltRMSE: 1e-4, voltMax: 1e-3, kelvinRMSE: 2e-3, kelvinMax: 5e-3, soc: 5e-6),
    Tolerance(
      substep: 900, voltRMSE: 2e-4, voltMax: 1e-3, kelvinRMSE: 5e-3, kelvinMax: 0.02, soc: 5e-5),
  ]

  static func cell(_ folder: String) throws -> (CellSpecification, ThermalNetwork) {
    let json = try referenceJSON("ecm/params_lfp280.json", in: folder)
    func numbers(_ key: String) throws -> [Double] { try #require(json[key] as? [Double]) }
    func number(_ key: String) throws -> Double { try #require(json[key] as? Double) }
    let pairs = try #require(json["rc"] as? [[String: Double]])
    let rc = pairs.map { pair in
      ResistorCapacitor(
        resistanceOhm: pair["r_ref_ohm"] ?? .nan, timeConstantS: pair["tau_s"] ?? .nan,
        activationJPerMol: pair["Ea_J_per_mol"] ?? .nan)
    }
    let cell = CellSpecification(
      name: "lfp280", chemistry: .lfp, sources: [], capacityAh: try number("capacity_Ah"),
      socFraction: try numbers("soc"), openCircuitV: try numbers("ocv_V"),
      entropicVPerK: try numbers("dUdT_V_per_K"), seriesOhm: try number("r0_ref_ohm"),
      seriesActivationJPerMol: try number("Ea0_J_per_mol"), seriesShape: try numbers("r0_shape"),
      fast: rc[0], slow: rc[1], pairShape: try numbers("r12_shape"), minimumV: 2.5, maximumV: 3.65,
      maximumChargeC: 1, maximumDischargeC: 1, heatCapacityJPerK: try number("C_cell_J_per_K"))
    let network = ThermalNetwork(
      capacityJPerK: [try number("C_cell_J_per_K"), try number("C_jig_J_per_K")],
      links: [.init(node: 0, other: 1, wattPerKelvin: try number("k_cell_jig_W_per_K"))],
      boundaryLinks: [.init(node: 1, other: 0, wattPerKelvin: try number("k_jig_air_W_per_K"))],
      boundaryCount: 1)
    return (cell, network)
  }

  @Test("voltage, temperature and charge agree", arguments: cases, tolerances)
  func agreement(_ example: Case, _ tolerance: Tolerance) throws {
    let folder = try #require(RealData.reference)
    let (cell, network) = try Self.cell(folder)
    let table = try ReferenceTable("ecm/\(example.file).csv", in: folder)
    var pack = CellPack(
      cell: cell, series: 1, parallel: 1, capacityAh: [cell.capacityAh], resistanceScale: [1],
      socFraction: [example.soc], temperatureC: example.celsius, network: network)
    var volt = Deviation()
    var kelvin = Deviation()
    var soc = Deviation()
    var time = 0.0
    for row in 0..<table.count {
      let hold = table["t_s"][row] - time
      time = table["t_s"][row]
      pack.boundaryC[0] = table["T_amb_C"][row]
      let parts = max(1, Int((hold / tolerance.substep).rounded(.up)))
      for _ in 0..<parts {
        if example.power {
          pack.advance(
            powerW: table["u"][row], seconds: hold / Double(parts), corrected: true)
        } else {
          pack.advance(
            currentA: table["u"][row], seconds: hold / Double(parts), corrected: true)
        }
      }
      // In power control the reference's current at the row is the instantaneous one.
      let current = example.power ? table["I_A"][row] : table["u"][row]
      volt.add(pack.terminalV(cell: 0, currentA: current), table["V_V"][row])
      kelvin.add(pack.temperatureC[0], table["T_cell_C"][row])
      soc.add(pack.socFraction[0], table["soc"][row])
    }
    #expect(volt.rmse <= tolerance.voltRMSE && volt.largest <= tolerance.voltMax, "volt \(volt)")
    #expect(
      kelvin.rmse <= tolerance.kelvinRMSE && kelvin.largest <= tolerance.kelvinMax,
      "kelvin \(kelvin)")
    #expect(soc.largest <= tolerance.soc, "soc \(soc)")
  }
}
