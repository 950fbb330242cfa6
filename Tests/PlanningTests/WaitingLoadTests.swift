import LinearPrograms
import Numerics
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Planning

@Suite("Loads that wait", .tags(.solver)) struct WaitingLoadTests {
  /// A job of an energy within a stretch of slots.
  static func job(
    _ count: Int, _ slots: Range<Int>, kWh: Double, kW: Double, niceKWh: Double = 0,
    unmetPerKWh: Double = 5, nicePerKWh: Double = 0
  ) -> WaitingLoad {
    let last = slots.upperBound - 1
    let total = kWh + niceKWh
    return WaitingLoad(
      name: "boiler", powerKW: (0..<count).map { slots.contains($0) ? kW : 0 },
      capacityKWh: (0..<count).map { slots.contains($0) && $0 < last ? total : 0 },
      drawKWh: (0..<count).map { $0 == last ? total : 0 },
      optionalKWh: (0..<count).map { $0 == last ? niceKWh : 0 }, unmetPerKWh: unmetPerKWh,
      optionalPerKWh: nicePerKWh)
  }

  @Test("a job runs in the cheap hours of its window")
  func job() {
    var request = OptionalRowsTests.request(buy: [0.3, 0.1, 0.2, 0.05], load: [1, 1, 1, 1])
    // 3 kWh at 2 kW within the first three hours: 2 kWh at 0.1 and 1 kWh at 0.2.
    request.waitingLoads = [Self.job(4, 0..<3, kWh: 3, kW: 2)]
    var planner = AutomaticPlanner(seed: 1)
    let plan = planner.plan(request)
    #expect(plan.solver == "glpk")
    #expect(isClose(plan.objective, 0.65 + 0.2 + 0.2, relative: 1e-9))
    #expect(isClose(plan.waitingKW[0][1], 2, relative: 1e-9))
    #expect(isClose(plan.importKW[2], 2, relative: 1e-9))
    #expect(brokenLaw(plan, request) == nil)
  }

  @Test("what cannot be done is unmet, reported and priced")
  func unmet() throws {
    var request = OptionalRowsTests.request(buy: [0.3], load: [1])
    request.waitingLoads = [Self.job(1, 0..<1, kWh: 3, kW: 2)]
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    let slack = try #require(plan.slack.first)
    #expect(slack.rule == "unmet_boiler")
    #expect(isClose(slack.amount, 1, relative: 1e-9))
    #expect(isClose(slack.cost, 5, relative: 1e-9))
    // 3 kWh at 0.3 and one that is missing at 5.
    #expect(isClose(plan.objective, 0.9 + 5, relative: 1e-9))
    #expect(isClose(plan.waitingUnmetKWh[0][0], 1, relative: 1e-9))
  }

  @Test("what would be nice to have is bought up to its worth")
  func nice() {
    var request = OptionalRowsTests.request(buy: [0.3, 0.1, 0.2], load: [0, 0, 0])
    // Must: 2 kWh. Nice: 4 kWh at 0.15 each. 2 kW an hour: the 2 kWh of hour 1 serve what must be had first, so
    // hour 1 is full and the dearer hours are worth nothing to what would only be nice.
    request.waitingLoads = [
      Self.job(3, 0..<3, kWh: 2, kW: 3, niceKWh: 4, nicePerKWh: 0.15)
    ]
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    // Hour 1: 3 kWh at 0.1; of 6 kWh 3 are missing, all of them nice: 3 x 0.15.
    #expect(isClose(plan.objective, 0.3 + 0.45, relative: 1e-9))
    #expect(plan.slack.isEmpty)
  }

  @Test("a tank loses heat and is heated as late as that pays")
  func tank() {
    // 2 kWh of heat at hour 3; half is lost each hour; prices 0.1, 0.1, 0.1, 0.25.
    var request = OptionalRowsTests.request(buy: [0.1, 0.1, 0.1, 0.25], load: [0, 0, 0, 0])
    request.waitingLoads = [
      WaitingLoad(
        name: "tank", powerKW: [3, 3, 3, 3], storedPerKWh: [2, 2, 2, 2],
        capacityKWh: [10, 10, 10, 10], drawKWh: [0, 0, 0, 2], retentionPerStep: 0.5,
        unmetPerKWh: 5)
    ]
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    // Hour 2 costs 0.1 / 2 / 0.5 = 0.1 a kWh of heat, hour 3 0.125, hour 1 0.2.
    #expect(isClose(plan.waitingKW[0][2], 2, relative: 1e-9))
    #expect(isClose(plan.objective, 0.2, relative: 1e-9))
  }

  /// A seeded request with battery, production and two loads.
  static func random(
    _ generator: inout SeededGenerator, slots: Int, peak: Bool = false
  ) -> PlanRequest {
    func draw(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
    }
    let buy = (0..<slots).map { _ in draw(0.05...0.5) }
    let sell = buy.map { min($0, draw(0...0.2)) }
    var prices = PlanningPrices(buyPerKWh: buy, sellPerKWh: sell)
    if peak {
      prices.demands = [
        DemandPrice(
          label: "peak", pricePerKW: draw(0...1), applies: buy.map { _ in true }, incurredKW: 1)
      ]
    }
    var request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: slots),
      loadKW: (0..<slots).map { _ in draw(0...3) }, pvKW: (0..<slots).map { _ in draw(0...4) },
      prices: prices,
      envelope: .constant(
        count: slots, chargeKW: 2, dischargeKW: 2, energyMaxKWh: 4, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95),
      initialEnergyKWh: draw(0...4), wearPerKWh: 0.01, terminal: .perKWh(0.1))
    request.optionValue = .none
    let last = slots / 2 + Int(draw(0...1) * Double(slots / 2 - 1))
    request.waitingLoads = [
      job(
        slots, 1..<last, kWh: draw(1...6), kW: draw(1...4), niceKWh: draw(0...3),
        unmetPerKWh: draw(0.2...3), nicePerKWh: draw(0.05...0.4)),
      WaitingLoad(
        name: "pump", powerKW: (0..<slots).map { _ in draw(0.5...2) },
        storedPerKWh: (0..<slots).map { _ in draw(1.5...4) },
        capacityKWh: [Double](repeating: 5, count: slots),
        drawKWh: (0..<slots).map { _ in draw(0...3) }, retentionPerStep: 0.97, startKWh: 2,
        unmetPerKWh: draw(0.3...2), endPerKWh: 0.05),
    ]
    return request
  }

  /// The same problem in other unknowns: no stores, but sums of what went in and out of them.
  static func independentCost(_ request: PlanRequest) -> Double? {
    var program = LinearProgram(name: "sums")
    let n = request.grid.count
    let e = request.envelope
    func columns(
      _ name: String, upper: (Int) -> Double, cost: (Int) -> Double
    ) -> [LinearProgram.Column] {
      (0..<n).map { t in
        let column = program.addColumn("\(name)\(t)")
        program.setBounds(column, lower: 0, upper: upper(t))
        program.setCost(column, cost(t))
        return column
      }
    }
    let value: Double
    if case .perKWh(let perKWh) = request.terminal { value = perKWh } else { value = 0 }
    let imported = columns(
      "i", upper: { _ in .infinity }, cost: { request.prices.buyPerKWh[$0] })
    let exported = columns(
      "x", upper: { _ in .infinity }, cost: { -request.prices.sellPerKWh[$0] })
    let cut = columns("u", upper: { request.pvKW[$0] }, cost: { _ in 0 })
    let charge = columns(
      "c", upper: { e.chargeKW[$0] }, cost: { _ in -value * e.chargeEfficiency })
    let discharge = columns(
      "d", upper: { e.dischargeKW[$0] },
      cost: { _ in request.wearPerKWh + value / e.dischargeEfficiency })
    typealias Term = (column: LinearProgram.Column, coefficient: Double)
    var balances: [[Term]] = []
    for t in 0..<n {
      let terms: [Term] = [
        (imported[t], 1), (exported[t], -1), (cut[t], -1), (discharge[t], 1), (charge[t], -1),
      ]
      balances.append(terms)
    }
    for t in 0..<n {
      var terms: [Term] = []
      for k in 0...t {
        terms.append((charge[k], e.chargeEfficiency))
        terms.append((discharge[k], -1 / e.dischargeEfficiency))
      }
      let row = program.addRow("battery\(t)", terms: terms)
      program.setBounds(
        row, lower: -request.initialEnergyKWh,
        upper: e.energyMaxKWh[t] - request.initialEnergyKWh)
    }
    var constant = -value * request.initialEnergyKWh
    for load in request.waitingLoads {
      func kept(_ from: Int, _ to: Int) -> Double {
        var share = 1.0
        for _ in from..<to { share *= load.retentionPerStep }
        return share
      }
      let power = columns(
        "p\(load.name)", upper: { load.powerKW[$0] },
        cost: { -load.endPerKWh * load.storedPerKWh[$0] * kept($0, n - 1) })
      let unmet = columns(
        "m\(load.name)", upper: { load.drawKWh[$0] - load.optionalKWh[$0] },
        cost: { load.unmetPerKWh - load.endPerKWh * kept($0, n - 1) })
      let missed = columns(
        "o\(load.name)", upper: { load.optionalKWh[$0] },
        cost: { load.optionalPerKWh - load.endPerKWh * kept($0, n - 1) })
      var left = load.startKWh
      for t in 0..<n {
        balances[t].append((power[t], -1))
        left = left * load.retentionPerStep - load.drawKWh[t]
        var terms: [Term] = []
        for k in 0...t {
          terms.append((power[k], load.storedPerKWh[k] * kept(k, t)))
          terms.append((unmet[k], kept(k, t)))
          terms.append((missed[k], kept(k, t)))
        }
        let row = program.addRow("store\(load.name)\(t)", terms: terms)
        program.setBounds(row, lower: -left, upper: load.capacityKWh[t] - left)
      }
      constant -= load.endPerKWh * left
    }
    for t in 0..<n {
      let net = request.loadKW[t] - request.pvKW[t]
      let row = program.addRow("balance\(t)", terms: balances[t])
      program.setBounds(row, lower: net, upper: net)
    }
    for demand in request.prices.demands {
      let peak = program.addColumn("peak")
      program.setBounds(peak, lower: demand.incurredKW, upper: .infinity)
      program.setCost(peak, demand.pricePerKW)
      constant -= demand.pricePerKW * demand.incurredKW
      for t in 0..<n where demand.applies[t] {
        let row = program.addRow("peak\(t)", terms: [(peak, 1), (imported[t], -1)])
        program.setBounds(row, lower: 0, upper: .infinity)
      }
    }
    let outcome = LinearProgramSolver().solve(program, options: SolveOptions(method: .primal))
    return outcome.solution.map { $0.objective + constant }
  }

  @Test("plans cost what an independent program finds", arguments: [false, true])
  func independent(peak: Bool) throws {
    var generator = SeededGenerator(seed: 19)
    for seed in 0..<60 {
      let request = Self.random(&generator, slots: 12, peak: peak)
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let least = try #require(Self.independentCost(request))
      #expect(isClose(plan.objective, least, absolute: 1e-6), "case \(seed)")
      #expect(brokenLaw(plan, request) == nil)
    }
  }

  @Test("a load alone costs at least what its exact program finds at prices of any sign")
  func alone() {
    var generator = SeededGenerator(seed: 5)
    for seed in 0..<60 {
      var request = Self.random(&generator, slots: 16)
      let prices = (0..<16).map { _ in generator.uniform() - 0.3 }
      request.prices = PlanningPrices(buyPerKWh: prices, sellPerKWh: prices)
      request.loadKW = prices.map { _ in 0 }
      request.pvKW = request.loadKW
      request.envelope = .constant(count: 16, chargeKW: 0, dischargeKW: 0, energyMaxKWh: 0)
      request.initialEnergyKWh = 0
      for load in request.waitingLoads {
        var one = request
        one.waitingLoads = [load]
        var planner = GLPKPlanner()
        #expect(
          isClose(
            load.leastCost(at: prices, stepHours: 1), planner.plan(one).objective,
            absolute: 1e-7), "case \(seed) \(load.name)")
      }
    }
  }

  @Test("plans of a living program are those of a new one while tasks come and go")
  func living() {
    var generator = SeededGenerator(seed: 77)
    var living = GLPKPlanner()
    let whole = Self.random(&generator, slots: 60)
    var stored = whole.waitingLoads.map(\.startKWh)
    var battery = whole.initialEnergyKWh
    for first in 0..<40 {
      var request = whole.part(first..<first + 20, prices: whole.prices.part(first..<first + 20))
      request.initialEnergyKWh = battery
      request.elapsedSlots = first == 0 ? 0 : 1
      for l in stored.indices { request.waitingLoads[l].startKWh = stored[l] }
      let plan = living.plan(request)
      var fresh = GLPKPlanner()
      #expect(isClose(plan.objective, fresh.plan(request).objective, absolute: 1e-7))
      battery = plan.energyKWh[0]
      for l in stored.indices {
        stored[l] =
          request.waitingLoads[l].step(
            0, powerKW: plan.waitingKW[l][0], storedKWh: stored[l], stepHours: 1
          ).storedKWh
      }
    }
    // One program lives through all of it; a basis that does not fit after a shift is the exception.
    #expect(living.counts.coldStarts <= 2)
  }

  @Test("no plan is cheaper than the bound of a whole period", arguments: [false, true])
  func bound(peak: Bool) throws {
    var generator = SeededGenerator(seed: 3)
    var gaps: [Double] = []
    for seed in 0..<30 {
      let request = Self.random(&generator, slots: 120, peak: peak)
      let found = foresightPlan(request)
      let bound = try #require(found.lowerBound)
      var planner = GLPKPlanner()
      let best = planner.plan(request)
      #expect(bound <= best.objective + 1e-7, "case \(seed)")
      #expect(best.objective <= found.objective + 1e-6, "case \(seed)")
      #expect(brokenLaw(found, request) == nil)
      gaps.append((found.objective - bound) / max(1, abs(best.objective)))
    }
    // Windows of two days on prices without any pattern: what is left open is small.
    #expect(Statistics.mean(gaps) < (peak ? 0.15 : 0.05))
  }

  @Test("the bound of one window is the optimum")
  func exact() throws {
    var generator = SeededGenerator(seed: 8)
    for seed in 0..<30 {
      let request = Self.random(&generator, slots: 40)
      let found = foresightPlan(request)
      var planner = GLPKPlanner()
      let best = planner.plan(request).objective
      #expect(isClose(found.objective, best, absolute: 1e-6), "case \(seed)")
      #expect(isClose(try #require(found.lowerBound), best, absolute: 1e-6), "case \(seed)")
    }
  }
}
