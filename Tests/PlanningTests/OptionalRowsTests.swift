import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Optional rows", .tags(.solver)) struct OptionalRowsTests {
  static func request(
    buy: [Double], load: [Double], capacityKWh: Double = 0, startKWh: Double = 0
  ) -> PlanRequest {
    PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: buy.count), loadKW: load,
      pvKW: load.map { _ in 0 },
      prices: PlanningPrices(buyPerKWh: buy, sellPerKWh: buy.map { _ in 0 }),
      envelope: .constant(
        count: buy.count, chargeKW: 10, dischargeKW: 10, energyMaxKWh: capacityKWh),
      initialEnergyKWh: startKWh)
  }

  @Test("energy above a block's limit costs the surcharge")
  func block() {
    var request = Self.request(buy: [0.1, 0.1], load: [1, 1], capacityKWh: 1, startKWh: 1)
    request.terminal = .perKWh(0.12)
    var planner = AutomaticPlanner(seed: 1)
    // Keeping the stored kWh is worth 0.12, more than the 0.1 it saves.
    #expect(isClose(planner.plan(request).objective, 0.2 - 0.12, relative: 1e-9))
    request.prices.importBlocks = [
      ImportBlock(label: "block 2", limitKWh: 1, surchargePerKWh: 0.5, applies: [true, true])
    ]
    // Now the second kWh would cost 0.6.
    #expect(isClose(planner.plan(request).objective, 0.1, relative: 1e-9))
  }

  @Test("a peak is the mean of its metering interval, aligned with the clock")
  func metering() {
    var request = Self.request(buy: [0.1, 0.1, 0.1], load: [4, 0, 2])
    request.prices.demands = [
      DemandPrice(
        label: "peak", pricePerKW: 1, applies: [true, true, true], meteringSlots: 2)
    ]
    var planner = GLPKPlanner()
    #expect(isClose(planner.plan(request).objective, 0.6 + 2, relative: 1e-9))
    // Begun an hour later, the intervals are {4}, {0, 2}.
    request.grid = TimeGrid(start: 3600, stepSeconds: 3600, count: 3)
    #expect(isClose(planner.plan(request).objective, 0.6 + 4, relative: 1e-9))
  }

  /// A hot battery: the heat of full power would take it past the derating line.
  @Test("heat inside the plan keeps power under the line of allowed power")
  func heat() throws {
    let n = 24
    var request = Self.request(
      buy: (0..<n).map { $0 < 12 ? 0.1 : 0.4 }, load: [Double](repeating: 6, count: n),
      capacityKWh: 100)
    request.heat = HeatModel(
      ambientC: [Double](repeating: 38, count: n), startC: 38, heatPerSquaredKW: 0.01,
      conductanceKWPerK: 0.05, timeConstantHours: 2.5, fullPowerKW: 8, deratesAboveC: 40,
      stopsAtC: 50, tangents: 9)
    var planner = GLPKPlanner()
    let plan = planner.plan(request)
    #expect(plan.status == .optimal)
    #expect(brokenLaw(plan, request) == nil)
    // The quadratic loss, integrated exactly, against the line; tangents lie slightly below it.
    var temperature = 38.0
    let keep = 0.670_320_046_035_639  // exp(-1/2.5)
    var hottest = 0.0
    for t in 0..<n {
      let power = plan.chargeKW[t] + plan.dischargeKW[t]
      let heat = 0.01 * power * power
      temperature = keep * temperature + (1 - keep) * (38 + heat / 0.05)
      hottest = max(hottest, temperature)
      #expect(power <= 8 * (50 - temperature) / 10 + 0.15)
    }
    #expect(hottest > 40)
    request.heat = nil
    var blind = GLPKPlanner()
    #expect(blind.plan(request).objective < plan.objective)
  }

  @Test("the reserve is kept")
  func reserve() throws {
    var request = Self.request(
      buy: [0.1, 0.5, 0.5], load: [0, 5, 5], capacityKWh: 8, startKWh: 3)
    request.reserveKWh = 3
    var planner = ValueFunctionPlanner()
    let plan = planner.plan(request)
    #expect(try #require(plan.energyKWh.min()) >= 3 - 1e-9)
  }

  @Test("an import limit that cannot hold is exceeded, priced and reported")
  func importLimit() throws {
    var request = Self.request(buy: [0.1, 0.1], load: [5, 5])
    request.importLimitKW = 3
    for plan in plansOfBothSolvers(request) {
      let slack = try #require(plan.slack.first)
      #expect(slack.rule == "import_limit")
      #expect(isClose(slack.amount, 4, relative: 1e-9))
      #expect(plan.status == .optimal)
    }
  }
}
