import LinearPrograms
import Numerics
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Planning

/// Loads with a lowest power, production thrown away by steps and several inverters with steps, against a search over
/// all that can be done.
@Suite("What plans do in steps") struct StepChoiceTests {
  private static let count = 5

  /// Five hours with losses of a tenth each way, whose prices rise and fall.
  private static func request(
    _ generator: inout SeededGenerator, powerKW: Double, sell: ClosedRange<Double> = 0...0.1
  ) -> PlanRequest {
    func draw(_ low: Double, _ high: Double) -> [Double] {
      (0..<count).map { _ in generator.uniform(low, high) }
    }
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: count), loadKW: draw(0, 3),
      pvKW: draw(0, 6),
      prices: PlanningPrices(
        buyPerKWh: draw(0.1, 0.5), sellPerKWh: draw(sell.lowerBound, sell.upperBound)),
      envelope: .constant(
        count: count, chargeKW: powerKW, dischargeKW: powerKW, energyMaxKWh: 8,
        chargeEfficiency: 0.9, dischargeEfficiency: 0.9),
      initialEnergyKWh: generator.uniform(0, 8), wearPerKWh: 0.01, terminal: .perKWh(0.15),
      optionValue: .none)
  }

  /// The least cost over all sequences of what is done in an hour.
  ///
  /// - Parameters:
  ///   - request: What is planned.
  ///   - batteriesKW: Powers of each battery, positive when discharging. [kW]
  ///   - loadKW: Powers of a load that can wait, which must have 6 kWh by the end. [kW]
  /// - Returns: The cost. [currency]
  private static func least(
    _ request: PlanRequest, batteriesKW: [[Double]], loadKW: [Double] = [0]
  ) -> Double {
    func mixtures(_ lists: [[Double]]) -> [[Double]] {
      lists.reduce([[]]) { found, list in found.flatMap { one in list.map { one + [$0] } } }
    }
    let actions = mixtures(batteriesKW + [loadKW])
    func cost(from t: Int, storedKWh: [Double], drawnKWh: Double) -> Double {
      if t == count {
        let unmet = request.waitingLoads.isEmpty ? 0 : max(0, 6 - drawnKWh)
        return unmet * 0.6 - 0.15 * storedKWh.reduce(0, +)
      }
      var best = Double.infinity
      for action in actions {
        var after = storedKWh
        var wear = 0.0
        for b in after.indices {
          after[b] += action[b] < 0 ? -action[b] * 0.9 : -action[b] / 0.9
          wear += 0.01 * max(0, action[b])
        }
        let drawn = drawnKWh + action[after.count]
        guard after.allSatisfy({ $0 >= -1e-9 && $0 <= 8 + 1e-9 }), drawn <= 6 + 1e-9 else {
          continue
        }
        let net =
          request.loadKW[t] - request.pvKW[t] + action[after.count]
          - action[..<after.count].reduce(0, +)
        let amounts = request.curtailmentKW.isEmpty ? [] : request.curtailmentKW[t]
        for amount in [0] + amounts where net + amount >= -request.exportLimitKW[t] - 1e-9 {
          let grid = net + amount
          let money =
            grid * (grid > 0 ? request.prices.buyPerKWh[t] : request.prices.sellPerKWh[t]) + wear
          best = min(best, money + cost(from: t + 1, storedKWh: after, drawnKWh: drawn))
        }
      }
      return best
    }
    return cost(
      from: 0, storedKWh: [request.initialEnergyKWh] + request.others.map(\.initialEnergyKWh),
      drawnKWh: 0)
  }

  /// A load that must have 6 kWh by the end.
  private static func load(leastKW: Double, mostKW: Double) -> WaitingLoad {
    var load = WaitingLoad(
      name: "car", powerKW: [Double](repeating: mostKW, count: count),
      capacityKWh: [6, 6, 6, 6, 0], drawKWh: [0, 0, 0, 0, 6], unmetPerKWh: 0.6)
    load.leastKW = [Double](repeating: leastKW, count: count)
    return load
  }

  @Test("a load that is on or off runs in the cheapest hours of all sequences") func onOrOff() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<12 {
      var request = Self.request(&generator, powerKW: 0)
      request.waitingLoads = [Self.load(leastKW: 2, mostKW: 2)]
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let cost = Self.least(request, batteriesKW: [[0]], loadKW: [0, 2])
      #expect(isClose(plan.objective, cost, absolute: 1e-6), "\(round): \(plan.objective) \(cost)")
      #expect(plan.waitingKW[0].allSatisfy { min(abs($0), abs($0 - 2)) < 1e-6 })
      #expect(planner.counts.stepped == 1)
      var free = request
      free.waitingLoads = [free.waitingLoads[0].atAnyPower()]
      #expect(isClose(plan.lowerBound ?? .nan, planner.plan(free).objective, absolute: 1e-6))
    }
  }

  @Test("with a lowest power a load costs no more than any sequence of such powers")
  func leastPower() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<12 {
      var request = Self.request(&generator, powerKW: 0)
      request.waitingLoads = [Self.load(leastKW: 1.5, mostKW: 3)]
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let cost = Self.least(request, batteriesKW: [[0]], loadKW: [0, 1.5, 2, 2.5, 3])
      #expect(plan.objective <= cost + 1e-6)
      #expect(plan.waitingKW[0].allSatisfy { abs($0) < 1e-6 || $0 >= 1.5 - 1e-6 })
    }
  }

  // 0.5 kWh are left of a session: half an hour of the 1 kW at which it runs, which is the mean of an hour.
  @Test("the last of a session is drawn in a part of an hour") func last() {
    var load = Self.load(leastKW: 1, mostKW: 2)
    load.startKWh = 5.5
    #expect(load.leastKW(stepHours: 1) == [0.5, 0.5, 0.5, 0.5, 0.5])
    load.startKWh = 0
    load.drawKWh = [0, 6, 0, 0, 0.25]
    load.capacityKWh = [6, 0, 0, 0.25, 0]
    #expect(load.leastKW(stepHours: 1) == [1, 1, 0, 0.25, 0.25])
  }

  @Test("production is thrown away by the cheapest steps of all sequences", arguments: [0, 1])
  func curtailment(kind: Int) {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<12 {
      // With a limit, or at prices below zero.
      var request = Self.request(
        &generator, powerKW: 2.5, sell: kind == 0 ? 0.02...0.1 : -0.2...0.05)
      if kind == 0 { request.exportLimitKW = 1.5 }
      request.powerSteps = PowerSteps(stepsKW: [1, 2.5])
      request.curtailmentKW = request.pvKW.map { pv in
        [3.6, 1.8, 0].filter { $0 < pv }.map { pv - $0 }
      }
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let cost = Self.least(request, batteriesKW: [[0, 1, 2.5, -1, -2.5]])
      #expect(isClose(plan.objective, cost, absolute: 1e-6), "\(round): \(plan.objective) \(cost)")
      for t in 0..<Self.count {
        #expect(
          ([0] + request.curtailmentKW[t]).contains {
            isClose(plan.curtailKW[t], $0, absolute: 1e-6)
          }, "\(plan.curtailKW[t])")
        let balance =
          request.loadKW[t] - request.pvKW[t] + plan.curtailKW[t] - plan.batteryKW(t)
          - plan.importKW[t] + plan.exportKW[t]
        #expect(isClose(balance, 0, absolute: 1e-6))
      }
    }
  }

  @Test("two inverters with steps of their own cost what the cheapest of all sequences does")
  func batteries() {
    var generator = SeededGenerator(seed: 29)
    for round in 0..<4 {
      var request = Self.request(&generator, powerKW: 3)
      request.powerSteps = PowerSteps(stepsKW: [3])
      var other = PlannedBattery(
        name: "second",
        envelope: .constant(
          count: Self.count, chargeKW: 2, dischargeKW: 2, energyMaxKWh: 8, chargeEfficiency: 0.9,
          dischargeEfficiency: 0.9), initialEnergyKWh: generator.uniform(0, 8), wearPerKWh: 0.01,
        terminal: .perKWh(0.15))
      other.powerSteps = PowerSteps(stepsKW: [1, 2])
      request.others = [other]
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let cost = Self.least(request, batteriesKW: [[0, 3, -3], [0, 1, 2, -1, -2]])
      #expect(isClose(plan.objective, cost, absolute: 1e-6), "\(round): \(plan.objective) \(cost)")
    }
  }

  // 4 kW are produced, and 3 may be fed in at 0.08. A step throws 2 kW away. At a worth of 0.05 a kWh stored, charging
  // 1 kW feeds in 3 (0.24 and 0.05). With 0.5 kW at most the step is needed, what is left is fed in, and the battery adds 1 kW
  // up to the limit (0.24 less 0.05), for 0.08 is more than 0.05.
  @Test(
    "the value step charges what saves a step, and nothing where it cannot",
    arguments: [(1.0, -1.0, 0.0), (2, -1, 0), (0.5, 1, 2)])
  func valueStep(chargeKW: Double, powerKW: Double, curtailKW: Double) {
    var planner = GLPKPlanner()
    planner.attachesValueFunction = false
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 1), loadKW: [0], pvKW: [4],
      prices: PlanningPrices(buyPerKWh: [0.5], sellPerKWh: [0.08]),
      envelope: .constant(
        count: 1, chargeKW: chargeKW, dischargeKW: 2, energyMaxKWh: 8), initialEnergyKWh: 2,
      exportLimitKW: 3, terminal: .perKWh(0.05), optionValue: .none)
    let plan = planner.plan(request)
    var situation = RecourseSituation(
      loadKW: 0, pvKW: 4, storedKWh: 2, chargeLimitKW: chargeKW, dischargeLimitKW: 2,
      seconds: 3600, exportLimitKW: 3)
    // Any amount: what is above the limit is stored as far as it goes, for it is worth more than nothing.
    let free = RecourseRule.valueStep.request(plan: plan, slot: 0, situation: situation)
    #expect(isClose(free.batteryKW, -min(1, chargeKW), absolute: 1e-9))
    situation.curtailmentKW = [2, 4]
    let asked = RecourseRule.valueStep.request(plan: plan, slot: 0, situation: situation)
    #expect(isClose(asked.batteryKW, powerKW, absolute: 1e-9), "\(asked)")
    #expect(isClose(asked.curtailKW, curtailKW, absolute: 1e-9), "\(asked)")
    // Plans see the same, with one path and with none.
    var stepped = request
    stepped.curtailmentKW = [[2, 4]]
    #expect(isClose(planner.plan(stepped).batteryKW(0), powerKW, absolute: 1e-6))
    var hedged = HedgedPlanner(.expectedValue, seed: 1)
    let path = ForecastPath(loadKW: [0], pvKW: [4], weight: 1)
    #expect(isClose(hedged.plan(stepped, paths: [path]).batteryKW(0), powerKW, absolute: 1e-6))
    // Of two batteries in its place each has its half.
    var halves = request
    halves.curtailmentKW = [[2, 4]]
    halves.envelope = .constant(
      count: 1, chargeKW: chargeKW / 2, dischargeKW: 1, energyMaxKWh: 4)
    halves.initialEnergyKWh = 1
    halves.others = [
      PlannedBattery(
        name: "second", envelope: halves.envelope, initialEnergyKWh: 1, terminal: .perKWh(0.05))
    ]
    #expect(isClose(planner.plan(halves).batteryKW(0), powerKW, absolute: 1e-6))
  }
}
