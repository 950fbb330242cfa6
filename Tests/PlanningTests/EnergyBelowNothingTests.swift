import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Energy below nothing", .tags(.solver)) struct EnergyBelowNothingTests {
  /// Four hours of 1 kW at 0.10 with a battery that holds 0.1 kWh more than its lowest energy of -0.2 kWh, gives half
  /// of what it stores and cannot be charged.
  static func request(endPerKWh: [Double], demandPerKW: Double = 0) -> PlanRequest {
    var request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 4), loadKW: [1, 1, 1, 1],
      pvKW: [0, 0, 0, 0],
      prices: PlanningPrices(
        buyPerKWh: [0.1, 0.1, 0.1, 0.1], sellPerKWh: [0, 0, 0, 0],
        demands: demandPerKW == 0
          ? []
          : [0, 2].map { first in
            DemandPrice(
              label: "peak \(first)", pricePerKW: demandPerKW,
              applies: (0..<4).map { (first..<first + 2).contains($0) })
          }),
      envelope: .constant(
        count: 4, chargeKW: 0, dischargeKW: 5, energyMinKWh: -0.2, energyMaxKWh: 10,
        chargeEfficiency: 1, dischargeEfficiency: 0.5),
      initialEnergyKWh: -0.1, optionValue: .none)
    request.terminal = .pieces(
      endPerKWh.enumerated().map { k, value in
        TerminalPiece(
          upToKWh: k == endPerKWh.count - 1 ? .infinity : 3 * Double(k + 1), valuePerKWh: value)
      })
    return request
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var request: PlanRequest
    var objective: Double
    var endKWh: Double
    var testDescription: String { name }
  }

  // 0.1 kWh give 0.05 kWh, worth 0.005. Kept they are worth 0.1 · 0.02 = 0.002, so they are let out: 0.400 - 0.005, and
  // 0.2 · 0.02 = 0.004 for the energy that is missing below nothing. At 0.20 a kWh they stay: 0.4 + 0.1 · 0.20.
  // With 1 a kW for the highest hour of each half the 0.05 kWh lower peaks for two hours: 0.025 kW in all, so
  // 0.400 - 0.005 + 2 - 0.025 + 0.004.
  static let cases = [
    Case(
      name: "let out", request: request(endPerKWh: [0.02]), objective: 0.399, endKWh: -0.2),
    Case(
      name: "let out, two pieces", request: request(endPerKWh: [0.02, 0.01]), objective: 0.399,
      endKWh: -0.2),
    Case(name: "kept", request: request(endPerKWh: [0.2]), objective: 0.42, endKWh: -0.1),
    Case(
      name: "two peaks", request: request(endPerKWh: [0.02], demandPerKW: 1), objective: 2.374,
      endKWh: -0.2),
  ]

  @Test(
    "a plan gives what lies above the lowest energy and no more, by every solver",
    arguments: cases)
  func plans(_ expected: Case) {
    var valueFunction = ValueFunctionPlanner()
    var glpk = GLPKPlanner()
    for plan in [valueFunction.plan(expected.request), glpk.plan(expected.request)] {
      #expect(isClose(plan.objective, expected.objective, absolute: 1e-9), "\(plan.solver)")
      #expect(isClose(plan.energyKWh[3], expected.endKWh, absolute: 1e-6), "\(plan.solver)")
      let given = plan.dischargeKW.reduce(0, +)
      #expect(isClose(given, expected.endKWh < -0.15 ? 0.05 : 0, absolute: 1e-6), "\(plan.solver)")
      if let bound = plan.lowerBound { #expect(bound <= plan.objective + 1e-9) }
    }
    guard expected.request.prices.demands.isEmpty else { return }
    var segments = SegmentPlanner()
    let plan = segments.plan(expected.request)
    #expect(isClose(plan.objective, expected.objective, absolute: 1e-9))
  }
}
