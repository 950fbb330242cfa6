import TestSupport
import Testing

@testable import Twin

/// How the resistance of lithium iron phosphate grows, worked out by hand.
///
/// Coefficients: M. Naumann et al., doi:10.1016/j.est.2018.01.019 and doi:10.1016/j.jpowsour.2019.227666.
@Suite("Growth of resistance", .tags(.physics)) struct ResistanceGrowthTests {
  static let models = [AgeingModel.lfpGasper250, .lfpNaumann3]

  static func grown(
    _ model: AgeingModel, years: Double, temperatureC: Double, socFraction: Double
  ) -> AgeingState {
    var state = AgeingState(model)
    state.addTime(
      model, days: 365 * years,
      averages: model.rates(kelvin: temperatureC + 273.15, socFraction: socFraction),
      continuation: .exact)
    return state
  }

  /// Percent a year: 3.4194e-10 /s · 31 536 000 s · 1.5604 = 1.683 % at 25 °C and half charge, with
  /// 71.827 kJ/mol over temperature and −3.3903·0.25 + 1.5604 = 0.7128 at either end of the charge.
  @Test(
    "with time, by temperature and charge", arguments: models,
    [
      (10.0, 0.36, 0.17), (25, 1.683, 0.769), (40, 6.75, 3.08), (55, 23.8, 10.9),
    ])
  func calendar(model: AgeingModel, row: (temperatureC: Double, half: Double, end: Double)) {
    for (soc, percent) in [(0.5, row.half), (0, row.end), (1, row.end)] {
      let state = Self.grown(model, years: 1, temperatureC: row.temperatureC, socFraction: soc)
      #expect(isClose(100 * state.calendarGrowth, percent, relative: 0.03), "\(soc)")
      #expect(state.resistanceFactor(model) == 1 + state.calendarGrowth)
    }
  }

  /// Percent per 1000 cycles: 1000 · (0.0021 − 0.0020 C) · (6.8477 (D − 0.5)³ + 0.9182), nothing above
  /// 1.05C.
  @Test(
    "with cycles, by depth and rate", arguments: models,
    [
      (0.25, 0.2, 1.17), (0.25, 0.5, 1.47), (0.25, 0.8, 1.76), (0.25, 1, 2.84), (0.5, 0.2, 0.81),
      (0.5, 0.5, 1.01), (0.5, 0.8, 1.21), (0.5, 1, 1.95), (1.2, 0.8, 0), (3, 1, 0),
    ])
  func cycles(model: AgeingModel, row: (rateC: Double, depth: Double, percent: Double)) {
    var state = AgeingState(model)
    state.addCycles(
      model, CycleStress(equivalentFullCycles: 1000, depth: row.depth, cRate: row.rateC),
      averages: model.rates(kelvin: 298.15, socFraction: 0.5), continuation: .exact)
    #expect(isClose(100 * state.cycleGrowth, row.percent, absolute: 0.01))
  }

  /// 10 · 1.683 % with time and 3 · 1.21 % with cycles.
  @Test("ten years at 25 °C with 3000 cycles") func tenYears() {
    let model = AgeingModel.standard(for: .lfp)
    var state = Self.grown(model, years: 10, temperatureC: 25, socFraction: 0.5)
    state.addCycles(
      model, CycleStress(equivalentFullCycles: 3000, depth: 0.8, cRate: 0.5),
      averages: model.rates(kelvin: 298.15, socFraction: 0.5), continuation: .exact)
    #expect(isClose(state.resistanceFactor(model), 1 + 0.1683 + 0.0363, absolute: 1e-3))
    #expect(model.resistanceModel == .lfpNaumann3)
    #expect(AgeingModel.nmcKokam75.resistanceModel == .nmcKokam75)
  }

  @Test("an old battery loses more in its resistances") func oldBattery() throws {
    let specification = try TwinSpecification.sized(capacityKWh: 10, powerKW: 5, derating: .none)
    func loss(_ twin: DigitalTwin) throws -> Double {
      var twin = twin
      let before = twin.ledger.seriesLossKWh
      for _ in 0..<4 { _ = try twin.step(requestKW: 3, ambientC: 40, seconds: 900) }
      return twin.ledger.seriesLossKWh - before
    }
    let new = DigitalTwin(specification, seed: 1, socFraction: 0.9, temperatureC: 40)
    var old = new
    for _ in 0..<365 * 24 { _ = try old.step(requestKW: 0, ambientC: 40, seconds: 3600) }
    let growth = try #require(old.ageingSummary).resistanceFactor - 1
    // Between the year at either end of the charge and at half of it.
    #expect(growth > 0.031 && growth < 0.0675, "\(growth)")
    let ratio = try loss(old) / loss(new)
    #expect(ratio > 1 + 0.5 * growth && ratio < 1 + 2 * growth, "\(ratio)")
  }
}
