import Foundation
import TestSupport
import Testing

@testable import Twin

/// Own integration with SciPy LSODA, rtol 1e-9: `reference/twin/pack`.
@Suite(
  "Pack against a high-accuracy integration", .tags(.physics),
  .enabled(if: RealData.reference != nil, "no reference folder: WATTIF_REFERENCE"))
struct PackReferenceTests {
  struct Tolerance: CustomTestStringConvertible {
    var substep: Double
    var volt: Double
    var ampere: Double
    var kelvin: Double
    var soc: Double
    var testDescription: String { "\(substep) s" }
  }

  static let tolerances = [
    Tolerance(substep: 1, volt: 1e-4, ampere: 0.02, kelvin: 1e-3, soc: 1e-6),
    Tolerance(substep: 15, volt: 3e-4, ampere: 0.1, kelvin: 5e-3, soc: 1e-5),
    Tolerance(substep: 60, volt: 2e-3, ampere: 1, kelvin: 0.02, soc: 1e-4),
  ]

  static func pack(_ name: String, _ folder: String) throws -> CellPack {
    let (cell, _) = try CellReferenceTests.cell(folder)
    let json = try referenceJSON("pack/\(name).json", in: folder)
    let capacity = try #require(json["capacity_Ah"] as? [Double])
    let count = capacity.count
    let chain = try #require(json["Kc_W_per_K"] as? Double)
    let coolant = try #require(json["hb_W_per_K"] as? Double)
    let network = ThermalNetwork(
      capacityJPerK: [Double](repeating: cell.heatCapacityJPerK, count: count),
      links: (1..<count).map { .init(node: $0 - 1, other: $0, wattPerKelvin: chain) },
      boundaryLinks: (0..<count).map { .init(node: $0, other: 0, wattPerKelvin: coolant) },
      boundaryCount: 1)
    return CellPack(
      cell: cell, series: try #require(json["n_series"] as? Int),
      parallel: try #require(json["n_parallel"] as? Int), capacityAh: capacity,
      resistanceScale: try #require(json["resistance_scale"] as? [Double]),
      socFraction: try #require(json["soc0"] as? [Double]),
      temperatureC: try #require(json["T0_C"] as? Double),
      linkOhm: try #require(json["link_ohm"] as? Double), network: network)
  }

  @Test(
    "currents, voltages and temperatures agree", arguments: ["lfp280_4s3p", "lfp280_16s1p"],
    tolerances)
  func agreement(_ name: String, _ tolerance: Tolerance) throws {
    let folder = try #require(RealData.reference)
    var pack = try Self.pack(name, folder)
    let table = try ReferenceTable("pack/\(name).csv", in: folder)
    var volt = Deviation()
    var ampere = Deviation()
    var kelvin = Deviation()
    var soc = Deviation()
    var time = 0.0
    let currents = (0..<pack.cellCount).map { table["I\($0)"] }
    let socs = (0..<pack.cellCount).map { table["z\($0)"] }
    let temperatures = (0..<pack.cellCount).map { table["T\($0)"] }
    let input = table["I_pack_A"]
    let coolant = table["T_cool_C"]
    let voltage = table["V_pack_V"]
    let times = table["t_s"]
    for row in 0..<table.count {
      let hold = times[row] - time
      time = times[row]
      pack.boundaryC[0] = coolant[row]
      let parts = max(1, Int((hold / tolerance.substep).rounded(.up)))
      for _ in 0..<parts {
        pack.advance(currentA: input[row], seconds: hold / Double(parts), corrected: true)
      }
      let state = pack.instantaneous(packA: input[row])
      volt.add(state.packV, voltage[row])
      for j in 0..<pack.cellCount {
        ampere.add(state.cellA[j], currents[j][row])
        soc.add(pack.socFraction[j], socs[j][row])
        kelvin.add(pack.temperatureC[j], temperatures[j][row])
      }
    }
    #expect(volt.rmse <= tolerance.volt, "volt \(volt)")
    #expect(ampere.largest <= tolerance.ampere, "ampere \(ampere)")
    #expect(kelvin.largest <= tolerance.kelvin, "kelvin \(kelvin)")
    #expect(soc.largest <= tolerance.soc, "soc \(soc)")
  }

  @Test("currents between parallel cells die away at long steps", arguments: [900.0, 1800, 3600])
  func stability(seconds: Double) throws {
    let folder = try #require(RealData.reference)
    var pack = try Self.pack("lfp280_4s3p", folder)
    for _ in 0..<Int(3600 / seconds) { pack.advance(currentA: 90, seconds: seconds) }
    var last = Double.infinity
    for _ in 0..<max(4, Int(14400 / seconds)) {
      pack.advance(currentA: 0, seconds: seconds)
      let largest = pack.currentA.map(abs).max() ?? 0
      #expect(largest <= last * 1.0001)
      last = largest
    }
    // models/twin.md §3: 0.43…0.59 A two hours after the load.
    #expect(last < 2)
  }
}
