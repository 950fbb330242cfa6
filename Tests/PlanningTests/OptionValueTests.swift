import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Worth of keeping energy", .tags(.solver)) struct OptionValueTests {
  /// Two cheap hours and two dear ones, each pair at one price, for a battery that one hour fills.
  static func request(_ optionValue: OptionValue = .usual) -> PlanRequest {
    PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 5), loadKW: [1, 1, 1, 1, 1],
      pvKW: [0, 0, 0, 0, 0],
      prices: PlanningPrices(
        buyPerKWh: [0.1, 0.1, 0.2, 0.3, 0.3], sellPerKWh: [0, 0, 0, 0, 0]),
      envelope: .constant(
        count: 5, chargeKW: 1, dischargeKW: 1, energyMaxKWh: 0.9, chargeEfficiency: 0.9,
        dischargeEfficiency: 0.9, retentionPerStep: 0.9999),
      initialEnergyKWh: 0, optionValue: optionValue)
  }

  /// By hand: the battery holds what one hour at 1 kW stores, 0.9 kWh, and one hour takes it out; nothing
  /// but the worth of keeping tells the hours of a pair apart.
  @Test(
    "of equal hours the first charges and the last discharges, for every solver",
    arguments: ["value-function", "glpk", "segments"])
  func order(solver: String) {
    let request = Self.request()
    let plan: Plan
    switch solver {
    case "glpk":
      var planner = GLPKPlanner()
      plan = planner.plan(request)
    case "segments":
      var planner = SegmentPlanner()
      plan = planner.plan(request)
    default:
      var planner = ValueFunctionPlanner()
      plan = planner.plan(request)
    }
    #expect(isClose(plan.chargeKW[0], 1, absolute: 1e-6))
    #expect(isClose(plan.dischargeKW[3], 0, absolute: 1e-3))
    #expect(plan.dischargeKW[4] > 0.8)
    #expect(isClose(plan.energyKWh[0], 0.9, absolute: 1e-6))
  }

  /// Without it self-discharge decides: the last cheap hour charges and the first dear one discharges.
  @Test("without it energy comes late and leaves early") func withoutIt() {
    var planner = ValueFunctionPlanner()
    let plan = planner.plan(Self.request(.none))
    #expect(plan.chargeKW[1] > 0.99)
    #expect(plan.dischargeKW[3] > 0.8)
    #expect(plan.keepingValue == 0)
  }

  @Test("the bound of a plan lies below the best plan that keeps nothing for its own sake")
  func bound() throws {
    var instances = RandomInstances(seed: 31)
    var tested = 0
    for k in 0..<200 {
      var request = instances.request(allowsNegative: false)
      request.optionValue = OptionValue(sharePerHour: 1e-2)
      var planner = ValueFunctionPlanner()
      let kept = planner.plan(request)
      request.optionValue = .none
      let best = planner.plan(request)
      guard let bound = kept.lowerBound, best.status == .optimal else { continue }
      tested += 1
      #expect(bound <= best.objective + 1e-9 * max(1, abs(best.objective)), "instance \(k)")
      #expect(kept.objective >= best.objective - 1e-7 * max(1, abs(best.objective)))
    }
    #expect(tested > 100)
  }

  /// The value is handed on for a year of days in which a full battery has nothing to do.
  @Test("a value handed on from plan to plan does not grow with the worth of keeping")
  func carried() {
    var planner = ValueFunctionPlanner()
    var worth = 0.0
    for day in 0..<365 {
      let plan = planner.plan(
        PlanRequest(
          grid: TimeGrid(start: day * 86_400, stepSeconds: 3600, count: 36),
          loadKW: [Double](repeating: 0, count: 36), pvKW: [Double](repeating: 0, count: 36),
          prices: PlanningPrices(
            buyPerKWh: [Double](repeating: 0.3, count: 36),
            sellPerKWh: [Double](repeating: 0, count: 36)),
          envelope: .constant(
            count: 36, chargeKW: 1, dischargeKW: 1, energyMaxKWh: 10, chargeEfficiency: 0.9,
            dischargeEfficiency: 0.9),
          initialEnergyKWh: 10, terminal: .nextDayShadowPrice))
      worth = plan.energyValuePerKWh[35]
    }
    // No more than the price a kWh can replace.
    #expect(worth <= 0.3)
  }
}
