import Foundation
import TestSupport
import Testing

@testable import Twin

/// How close a fitted equivalent circuit comes to an electrochemical cell: `reference/twin/spme`.
@Suite(
  "Fit to an electrochemical cell", .tags(.physics),
  .enabled(if: RealData.reference != nil, "no reference folder: WATTIF_REFERENCE"))
struct FitReferenceTests {
  static func run(
    _ file: String, start: Double, celsius: Double, in folder: String
  ) throws -> TelemetryRun {
    let table = try ReferenceTable("spme/\(file).csv", in: folder)
    return TelemetryRun(
      name: file, timeS: table["t_s"], startS: 0, currentA: table["I_A"], voltageV: table["V_V"],
      temperatureC: table["T_cell_C"], ambientC: table["T_amb_C"], initialSOC: start,
      startTemperatureC: celsius)
  }

  @Test(
    "parameters from pulses predict duty and 1C",
    arguments: ["chen2020_nmc", "prada2013_lfp"])
  func identification(_ cell: String) throws {
    let folder = try #require(RealData.reference)
    let meta = try referenceJSON("spme/\(cell)_meta.json", in: folder)
    let capacity = try #require(meta["capacity_Ah"] as? Double)
    let ocv = try ReferenceTable("spme/\(cell)_ocv.csv", in: folder)
    let pulses = try [10.0, 25, 40].map {
      try Self.run("\(cell)_hppc_\(Int($0))C", start: 0.97, celsius: $0, in: folder)
    }
    let fit = try TelemetryFit(
      runs: pulses,
      settings: TelemetryFit.Settings(
        capacityAh: capacity, knownOCV: (ocv["soc"], ocv["ocv_V"]),
        resistanceNodes: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        timeConstantS: [60], surfaceLag: SurfaceLag(), chargeTransfer: ChargeTransfer()))
    let heatCapacity = try #require(meta["C_th_J_per_K"] as? Double)
    let cooling = try #require(meta["hA_W_per_K"] as? Double)
    #expect(isClose(fit.heat.capacityJPerK, heatCapacity, relative: 0.15))
    #expect(isClose(fit.heat.coolingWPerK, cooling, relative: 0.15))
    // README: duty 5 mV, 1C 15 mV, temperature 0.3 K; neither run is used in the fit.
    for (file, start, celsius, limit) in [("duty60s", 0.35, 18.0, 5e-3), ("1C", 0.95, 25, 15e-3)] {
      let run = try Self.run("\(cell)_\(file)", start: start, celsius: celsius, in: folder)
      let found = fit.prediction(of: run)
      var volt = Deviation()
      var kelvin = Deviation()
      for k in run.timeS.indices {
        volt.add(found.voltageV[k], run.voltageV[k])
        kelvin.add(found.temperatureC[k], run.temperatureC[k])
      }
      #expect(volt.rmse <= limit, "\(file) \(volt)")
      #expect(kelvin.rmse <= 0.3, "\(file) \(kelvin)")
      // The same cell in a pack, whose pairs are linear, keeps the goal of the duty.
      guard file == "duty60s" else { continue }
      let model = fit.cell(name: cell, chemistry: .lfp, minimumV: 2, maximumV: 4.4)
      var pack = CellPack(
        cell: model, series: 1, parallel: 1, capacityAh: [capacity], resistanceScale: [1],
        socFraction: [start], temperatureC: celsius,
        network: ThermalNetwork(
          capacityJPerK: [fit.heat.capacityJPerK], links: [],
          boundaryLinks: [.init(node: 0, other: 0, wattPerKelvin: fit.heat.coolingWPerK)],
          boundaryCount: 1))
      var packVolt = Deviation()
      for (k, seconds) in run.seconds.enumerated() {
        pack.boundaryC[0] = run.ambientC[k]
        pack.advance(currentA: run.currentA[k], seconds: seconds)
        packVolt.add(pack.terminalV(cell: 0, currentA: run.currentA[k]), run.voltageV[k])
      }
      #expect(packVolt.rmse <= limit, "\(file) in a pack \(packVolt)")
    }
  }
}
