import LinearPrograms
import Numerics
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Planning

/// Plans of several batteries against linear programs of their own and values by hand.
@Suite("Plans of several batteries", .tags(.solver)) struct SeveralBatteriesTests {
  static let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: 8)

  static func battery(
    _ name: String = "b", _ count: Int = 8, chargeKW: Double, dischargeKW: Double, kWh: Double,
    in charge: Double = 1, out discharge: Double = 1, startKWh: Double = 0, wear: Double = 0,
    endPerKWh: Double = 0
  ) -> PlannedBattery {
    PlannedBattery(
      name: name,
      envelope: .constant(
        count: count, chargeKW: chargeKW, dischargeKW: dischargeKW, energyMaxKWh: kWh,
        chargeEfficiency: charge, dischargeEfficiency: discharge),
      initialEnergyKWh: startKWh, wearPerKWh: wear, terminal: .perKWh(endPerKWh))
  }

  static func request(
    _ batteries: [PlannedBattery], buy: [Double], sell: Double = 0.05, load: [Double],
    pv: [Double]? = nil, demand: Double = 0, incurredKW: Double = 0
  ) -> PlanRequest {
    let count = buy.count
    var prices = PlanningPrices(
      buyPerKWh: buy, sellPerKWh: [Double](repeating: sell, count: count))
    if demand > 0 {
      prices.demands = [
        DemandPrice(
          label: "peak", pricePerKW: demand, applies: [Bool](repeating: true, count: count),
          incurredKW: incurredKW)
      ]
    }
    var request = PlanRequest(
      grid: TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: count), loadKW: load,
      pvKW: pv ?? [Double](repeating: 0, count: count), prices: prices,
      envelope: batteries[0].envelope, initialEnergyKWh: batteries[0].initialEnergyKWh,
      wearPerKWh: batteries[0].wearPerKWh, terminal: batteries[0].terminal, optionValue: .none)
    request.others = Array(batteries.dropFirst())
    return request
  }

  static let lfp = battery(
    "LFP", chargeKW: 2, dischargeKW: 2, kWh: 6, in: 0.95, out: 0.95, startKWh: 1, wear: 0.02,
    endPerKWh: 0.10)
  static let nmc = battery(
    "NMC", chargeKW: 4, dischargeKW: 3, kWh: 3, in: 0.88, out: 0.90, wear: 0.005, endPerKWh: 0.12)
  static let small = battery(
    "small", chargeKW: 1, dischargeKW: 1, kWh: 2, in: 0.9, out: 0.9, startKWh: 1, endPerKWh: 0.10)

  static func site(_ batteries: [PlannedBattery]) -> PlanRequest {
    request(
      batteries, buy: [0.12, 0.12, 0.20, 0.34, 0.34, 0.40, 0.22, 0.12],
      load: [3, 4, 6, 9, 8, 5, 4, 3], pv: [0, 2, 7, 8, 6, 2, 0, 0], demand: 1.5, incurredKW: 2)
  }

  // Values of scipy 1.17.1, linprog with HiGHS, of the same programs written out by themselves.
  @Test(
    "a joint plan costs what an independent linear program costs",
    arguments: [
      ([lfp], 4.236459187), ([nmc], 5.075318182), ([lfp, nmc], 4.048016001),
      ([nmc, lfp], 4.048016001), ([lfp, nmc, small], 3.646150000),
    ])
  func independent(batteries: [PlannedBattery], cost: Double) {
    var planner = AutomaticPlanner(.glpk, seed: 1, certifiedShare: 1)
    let request = Self.site(batteries)
    let plan = planner.plan(request)
    #expect(isClose(plan.objective, cost, absolute: 1e-8), "found \(plan.objective)")
    #expect(plan.status == .optimal)
    #expect(isClose(plan.lowerBound ?? 0, cost, absolute: 1e-8))
    #expect(Self.brokenLaw(plan, request) == nil)
  }

  // The same program with at most 3 kW of charge for both, by scipy.
  @Test("what batteries may charge together binds")
  func joint() {
    var request = Self.site([Self.lfp, Self.nmc])
    request.jointPower = JointPower(
      chargeKW: [Double](repeating: 3, count: 8),
      dischargeKW: [Double](repeating: .infinity, count: 8))
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    #expect(isClose(plan.objective, 4.060902706, absolute: 1e-8), "found \(plan.objective)")
    #expect((0..<8).allSatisfy { plan.chargeKW[$0] <= 3 + 1e-7 })
  }

  // Night at 0.10, day at 0.30, 4 kWh of load by day: 2 x 2 kWh serve it, 4 x 0.10 = 0.40.
  @Test("two halves of a battery cost what the whole one does")
  func halves() {
    let whole = Self.battery("whole", 4, chargeKW: 2, dischargeKW: 2, kWh: 4)
    let half = Self.battery("half", 4, chargeKW: 1, dischargeKW: 1, kWh: 2)
    func cost(_ batteries: [PlannedBattery]) -> Double {
      var planner = AutomaticPlanner(seed: 1)
      return planner.plan(
        Self.request(batteries, buy: [0.1, 0.1, 0.3, 0.3], load: [0, 0, 2, 2])
      ).objective
    }
    #expect(isClose(cost([whole]), 0.4, absolute: 1e-9))
    #expect(isClose(cost([half, half]), 0.4, absolute: 1e-9))
  }

  @Test("several batteries are planned by GLPK, and that is counted")
  func counted() {
    var planner = AutomaticPlanner(seed: 1)
    let plan = planner.plan(Self.site([Self.lfp, Self.nmc]))
    #expect(plan.solver == "glpk")
    #expect(planner.counts.obstacles == [.severalBatteries: 1])
  }

  /// Whether powers, energies and the balance at the meter agree.
  static func brokenLaw(_ plan: Plan, _ request: PlanRequest) -> String? {
    if plan.batteries.count != request.batteryCount && request.batteryCount > 1 {
      return "batteries are missing"
    }
    let hours = request.grid.stepHours
    for t in request.grid.indices {
      let balance =
        plan.importKW[t] - plan.exportKW[t] + plan.batteryKW(t) + request.pvKW[t]
        - plan.curtailKW[t] - request.loadKW[t]
      if abs(balance) > 1e-6 { return "the balance of slot \(t) is off by \(balance) kW" }
    }
    for b in 0..<request.batteryCount {
      let own = plan.alone(b)
      let asked = request.alone(b)
      var stored = asked.initialEnergyKWh
      for t in request.grid.indices {
        if min(own.chargeKW[t], own.dischargeKW[t]) > 1e-7 { return "both ways in slot \(t)" }
        stored =
          stored * asked.envelope.retentionPerStep + own.chargeKW[t] * hours
          * asked.envelope.chargeEfficiency - own.dischargeKW[t] * hours
          / asked.envelope.dischargeEfficiency
        if abs(stored - own.energyKWh[t]) > 1e-6 { return "energy of \(b) in slot \(t)" }
        if own.chargeKW[t] > asked.envelope.chargeKW[t] + 1e-7 { return "charge of \(b)" }
        if own.dischargeKW[t] > asked.envelope.dischargeKW[t] + 1e-7 { return "discharge of \(b)" }
      }
    }
    return nil
  }

  @Test("plans of random sites hold, and no whole-number program is cheaper", arguments: 0..<60)
  func random(seed: UInt64) {
    var instances = RandomInstances(seed: seed)
    let base = instances.request()
    let other = instances.request(allowsDemand: false)
    var request = base
    request.optionValue = .none
    let count = base.grid.count
    var second = Self.battery(
      count, of: other.envelope, startKWh: 0.5 * (other.envelope.energyMaxKWh.first ?? 0))
    second.terminal = .perKWh(0.1)
    request.others = [second]
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    #expect(plan.batteries.count == 2)
    #expect(Self.brokenLaw(plan, request) == nil, "seed \(seed)")
    guard plan.status == .optimal, let least = IntegerForm(request)?.leastCost() else { return }
    let cost = plan.objective
    #expect(
      abs(cost - least) <= 1e-6 * max(1, abs(cost)), "seed \(seed): \(cost) against \(least)")
  }

  static func battery(
    _ count: Int, of envelope: PowerEnvelope, startKWh: Double
  ) -> PlannedBattery {
    let most = envelope.energyMaxKWh.max() ?? 0
    return PlannedBattery(
      name: "second",
      envelope: .constant(
        count: count, chargeKW: envelope.chargeKW.max() ?? 0,
        dischargeKW: envelope.dischargeKW.max() ?? 0, energyMaxKWh: most,
        chargeEfficiency: envelope.chargeEfficiency,
        dischargeEfficiency: envelope.dischargeEfficiency), initialEnergyKWh: min(startKWh, most))
  }

  @Test("plans that follow each other cost what cold ones cost")
  func rolling() {
    var warm = GLPKPlanner()
    var instances = RandomInstances(seed: 7)
    let load = (0..<60).map { _ in instances.generator.uniform(0, 6) }
    let buy = (0..<60).map { _ in instances.generator.uniform(0.05, 0.4) }
    var stored = [1.0, 0.0]
    for first in 0..<12 {
      var batteries = [
        Self.battery(24, of: Self.lfp.envelope, startKWh: stored[0]),
        Self.battery(24, of: Self.nmc.envelope, startKWh: stored[1]),
      ]
      for b in batteries.indices { batteries[b].terminal = .perKWh(0.1) }
      var request = Self.request(
        batteries, buy: Array(buy[first..<first + 24]), load: Array(load[first..<first + 24]),
        demand: 0.5)
      request.elapsedSlots = first == 0 ? 0 : 1
      let plan = warm.plan(request)
      var cold = GLPKPlanner()
      #expect(isClose(plan.objective, cold.plan(request).objective, relative: 1e-9))
      stored = plan.batteries.map { $0.energyKWh[0] }
    }
    #expect(warm.counts.failed == 0)
  }

  // MARK: - A whole period

  @Test("the bound of a period lies below the joint program and close to it")
  func bound() {
    let request = Self.site([Self.lfp, Self.nmc])
    let plan = foresightPlan(request)
    #expect(plan.objective >= 4.048016001 - 1e-8)
    #expect(isClose(plan.objective, 4.048016001, relative: 0.02), "found \(plan.objective)")
    #expect(plan.lowerBound ?? .infinity <= 4.048016001 + 1e-8)
    #expect(plan.lowerBound ?? 0 >= 4.048016001 - 0.15, "found \(plan.lowerBound ?? 0)")
    #expect(Self.brokenLaw(plan, request) == nil)
  }

  // Without peaks the prices of the program decouple it, and nothing is left open.
  @Test("without peaks nothing is left open")
  func closed() {
    var request = Self.site([Self.lfp, Self.nmc])
    request.prices.demands = []
    let plan = foresightPlan(request)
    var planner = GLPKPlanner()
    let joint = planner.plan(request).objective
    #expect(isClose(plan.objective, joint, absolute: 1e-6))
    #expect(isClose(plan.lowerBound ?? 0, joint, absolute: 1e-6))
  }

  // MARK: - What happens otherwise than planned

  static func situation(
    load: Double, pv: Double = 0, chargeKW: Double = 10, dischargeKW: Double = 10
  ) -> RecourseSituation {
    RecourseSituation(
      loadKW: load, pvKW: pv, storedKWh: 0, chargeLimitKW: chargeKW,
      dischargeLimitKW: dischargeKW, seconds: 3600)
  }

  static func able(
    _ stored: Double, _ power: Double, out: Double = 1, wear: Double = 0
  ) -> BatterySituation {
    BatterySituation(
      storedKWh: stored, chargeLimitKW: power, dischargeLimitKW: power, chargeEfficiency: 1,
      dischargeEfficiency: out, wearPerKWh: wear)
  }

  /// A plan of one slot at 0.30 with batteries whose kWh are worth so much.
  static func plan(worths: [Double], planned: [Double]) -> Plan {
    let batteries = worths.map { _ in
      battery("b", 1, chargeKW: 2, dischargeKW: 2, kWh: 4, startKWh: 2)
    }
    var planner = GLPKPlanner()
    var plan = planner.plan(request(batteries, buy: [0.3], load: [0]))
    for b in worths.indices {
      plan.batteries[b].valueFunction = nil
      plan.batteries[b].energyValuePerKWh = [worths[b]]
      plan.batteries[b].chargeKW = [max(0, -planned[b])]
      plan.batteries[b].dischargeKW = [max(0, planned[b])]
    }
    plan.sumUp()
    return plan
  }

  // Both are worth less than 0.30, so the battery whose kWh are worth 0.1 gives 2 kW, the other the third.
  @Test("the energy that is worth least is let out first, within limits")
  func order() {
    let plan = Self.plan(worths: [0.2, 0.1], planned: [0, 0])
    let able = [Self.able(2, 2), Self.able(2, 2)]
    let asked = RecourseRule.valueStep.requests(
      plan: plan, slot: 0, situation: Self.situation(load: 3), batteries: able)
    #expect(isClose(asked.batteryKW[1], 2, absolute: 1e-9))
    #expect(isClose(asked.batteryKW[0], 1, absolute: 1e-9))
    // A battery that may give 0.5 kW only leaves the rest to the other.
    let limited = RecourseRule.valueStep.requests(
      plan: plan, slot: 0, situation: Self.situation(load: 2),
      batteries: [Self.able(2, 2), Self.able(2, 0.5)])
    #expect(isClose(limited.batteryKW[1], 0.5, absolute: 1e-9))
    #expect(isClose(limited.batteryKW[0], 1.5, absolute: 1e-9))
    // 0.29 at an efficiency of 0.9 is 0.32 at the meter: above the price, so it stays.
    let kept = RecourseRule.valueStep.requests(
      plan: Self.plan(worths: [0.29, 0.1], planned: [0, 0]), slot: 0,
      situation: Self.situation(load: 3), batteries: [Self.able(2, 2, out: 0.9), Self.able(2, 2)])
    #expect(isClose(kept.batteryKW[0], 0, absolute: 1e-9))
    #expect(isClose(kept.batteryKW[1], 2, absolute: 1e-9))
  }

  // A surplus of 3 kW that brings 0.05: both take it, the fuller worth first.
  @Test("the energy that is worth most is filled first")
  func filling() {
    let asked = RecourseRule.valueStep.requests(
      plan: Self.plan(worths: [0.1, 0.2], planned: [0, 0]), slot: 0,
      situation: Self.situation(load: 0, pv: 3),
      batteries: [Self.able(2, 2), Self.able(2, 2)])
    #expect(isClose(asked.batteryKW[1], -2, absolute: 1e-9))
    #expect(isClose(asked.batteryKW[0], -1, absolute: 1e-9))
  }

  @Test("batteries whose energy is worth the same share by what they can")
  func ties() {
    let asked = RecourseRule.valueStep.requests(
      plan: Self.plan(worths: [0.1, 0.1], planned: [0, 0]), slot: 0,
      situation: Self.situation(load: 3),
      batteries: [Self.able(20, 2), Self.able(20, 4)])
    #expect(isClose(asked.batteryKW[0], 1, absolute: 1e-9))
    #expect(isClose(asked.batteryKW[1], 2, absolute: 1e-9))
  }

  @Test("each battery follows its own part of the plan by set-point")
  func setPoint() {
    let plan = Self.plan(worths: [0.2, 0.1], planned: [-1, 1.5])
    let asked = RecourseRule.batterySetPoint.requests(
      plan: plan, slot: 0, situation: Self.situation(load: 3),
      batteries: [Self.able(2, 2), Self.able(2, 1)])
    #expect(asked.batteryKW == [-1, 1])
    // Half a kW more of load than the grid's set-point: the cheaper kWh give it.
    let grid = RecourseRule.gridSetPoint.requests(
      plan: plan, slot: 0, situation: Self.situation(load: 0.5 + plan.gridKW(0) + 0.5),
      batteries: [Self.able(2, 2), Self.able(2, 2)])
    #expect(isClose(grid.batteryKW.reduce(0, +), 1, absolute: 1e-9))
  }

  @Test("what all may charge together is kept")
  func rights() {
    let asked = RecourseRule.valueStep.requests(
      plan: Self.plan(worths: [0.5, 0.6], planned: [0, 0]), slot: 0,
      situation: Self.situation(load: 0, pv: 1, chargeKW: 1),
      batteries: [Self.able(2, 2), Self.able(2, 2)])
    #expect(isClose(asked.batteryKW[0], 0, absolute: 1e-9))
    #expect(isClose(asked.batteryKW[1], -1, absolute: 1e-9))
  }

  @Test("a plan against paths keeps every battery within its limits")
  func hedged() {
    var instances = RandomInstances(seed: 3)
    let request = Self.site([Self.lfp, Self.nmc])
    let paths = (0..<6).map { _ in
      ForecastPath(
        loadKW: request.loadKW.map { $0 * instances.generator.uniform(0.6, 1.4) },
        pvKW: request.pvKW.map { $0 * instances.generator.uniform(0.6, 1.4) })
    }
    var planner = HedgedPlanner(.expectedValue, seed: 1)
    let plan = planner.plan(request, paths: paths)
    #expect(plan.status == .hedged)
    #expect(planner.counts.hedged == 1)
    #expect(Self.brokenLaw(plan, request) == nil)
    #expect(plan.batteries.allSatisfy { $0.valueFunction != nil })
    // Against the forecast alone it is the plan itself.
    let same = planner.plan(
      request, paths: [ForecastPath(loadKW: request.loadKW, pvKW: request.pvKW)])
    #expect(isClose(same.objective, 4.048016001, relative: 1e-3), "found \(same.objective)")
  }
}
