import Forecasting
import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Twin

/// What may be thrown away binds every run alike, so no battery is paid for switching production off.
@Suite("Curtailment") struct CurtailmentTests {
  /// 0.10 EUR/kWh in the first half of a day and 0.30 in the second; feeding in costs 0.05.
  private static func charged() throws -> Tariff {
    try PaperSite.dayAndNight(exportPerKWh: -0.05)
  }

  /// Buying earns 0.02 EUR/kWh, feeding in costs 0.05.
  private static func paidToBuy(demand: [DemandCharge] = []) throws -> Tariff {
    try Tariff(
      name: "below zero", currency: "EUR", energy: [.flat("energy", pricePerKWh: -0.02)],
      demand: demand, export: .fixed(pricePerKWh: DatedValue(-0.05)))
  }

  private static let peak = DemandCharge(
    "peak", periods: [DemandPeriod("all", pricePerKW: 10)], meteringSeconds: PaperSite.stepSeconds)

  /// Days with 1 kW of load and 3 kW of production in the second slot, 12 kWh of surplus.
  private static func replay(
    _ curtailment: Curtailment, tariff: Tariff, battery: TwinSpecification? = nil, days: Int = 1,
    exportLimitKW: Double = .infinity, recourse: RecourseRule = .valueStep
  ) throws -> ReplayCase {
    let day = [1.0, 1, 1, 1]
    let history = PaperSite.history(
      loadKW: [[Double]](repeating: day, count: days),
      pvKW: [[Double]](repeating: [0, 3, 0, 0], count: days))
    var settings = PaperSite.settings(recourse: recourse)
    settings.curtailment = curtailment
    return try ReplayCase(
      history: history, site: SiteContext(zone: .utc), from: history.grid.start + 7 * 86_400,
      to: history.grid.end,
      battery: try battery ?? PaperSite.battery(capacityKWh: 0.1, powerKW: 1),
      tariff: tariff, exportLimitKW: PowerLimit(exportLimitKW), settings: settings)
  }

  private static let controllers: [Controller] = [
    .selfConsumption, .oracle, .planned(PaperSite.version(.naiveDay)),
  ]

  // The other three slots cost 6 kWh at 0.10 and twice 6 kWh at 0.30, 4.20. Feeding 12 kWh in costs 0.60;
  // the limit of 1 kW halves it.
  @Test(
    "without a battery surplus is thrown away where feeding it in costs money",
    arguments: [
      (Curtailment.free, Double.infinity, 12.0, 4.2, 0.6), (.exportLimit, .infinity, 0, 4.8, 0),
      (.none, .infinity, 0, 4.8, 0), (.free, 1, 12, 4.2, 0.6), (.exportLimit, 1, 6, 4.5, 0.3),
      (.none, 1, 0, 4.8, 0),
    ])
  func byHand(
    setting: Curtailment, limitKW: Double, curtailedKWh: Double, cost: Double, value: Double
  ) throws {
    let replay = try Self.replay(setting, tariff: Self.charged(), exportLimitKW: limitKW)
    let none = try Replayer(replay).run(.noBattery)
    #expect(isClose(none.curtailedKWh, curtailedKWh, absolute: 1e-9))
    #expect(isClose(none.cost, cost, absolute: 1e-9))
    #expect(isClose(none.curtailmentValue ?? .nan, value, absolute: 1e-9))
    let above = none.interventionsKWh["export_above_limit"] ?? 0
    #expect(isClose(above, setting == .none && limitKW == 1 ? 6 : 0, absolute: 1e-9))
  }

  // 24 kWh of load at −0.02 are −0.48, when all production makes way. Where peaks are billed it makes way
  // for no import: 18 kWh at −0.02 and 10 EUR for 1 kW. All fed in: −0.36 and 0.60.
  @Test("where buying earns money production makes way for import, but raises no billed peak")
  func makesWay() throws {
    func cost(_ setting: Curtailment, demand: [DemandCharge] = []) throws -> Double {
      try Replayer(Self.replay(setting, tariff: Self.paidToBuy(demand: demand)))
        .run(.noBattery).cost
    }
    #expect(isClose(try cost(.free), -0.48, absolute: 1e-9))
    #expect(isClose(try cost(.free, demand: [Self.peak]), 9.64, absolute: 1e-9))
    #expect(isClose(try cost(.exportLimit), 0.24, absolute: 1e-9))
    #expect(isClose(try cost(.none), 0.24, absolute: 1e-9))
  }

  @Test(
    "a battery that cannot move saves exactly zero at prices below zero",
    arguments: Curtailment.allCases, [RecourseRule.batterySetPoint, .gridSetPoint, .valueStep])
  func stuck(setting: Curtailment, recourse: RecourseRule) throws {
    let nothing = DeratingTable.temperature(LinearTable(x: [-50, 90], y: [0, 0]))
    let battery = try PaperSite.battery(
      capacityKWh: 6, powerKW: 2,
      derating: DeratingPolicy(name: "stuck", charge: [nothing], discharge: [nothing]))
    for tariff in [
      try Self.charged(), try Self.paidToBuy(), try Self.paidToBuy(demand: [Self.peak]),
    ] {
      for limit in [Double.infinity, 1] {
        let replayer = Replayer(
          try Self.replay(
            setting, tariff: tariff, battery: battery, days: 2, exportLimitKW: limit,
            recourse: recourse))
        let none = try replayer.run(.noBattery)
        for controller in Self.controllers {
          let outcome = try replayer.run(controller)
          #expect(outcome.cost == none.cost, "\(controller.name) \(tariff.name) \(limit)")
          #expect(outcome.curtailedKWh == none.curtailedKWh, "\(controller.name)")
        }
      }
    }
  }

  // 0.1 kWh of surplus a day serves load at 0.30. Where it would be fed in otherwise, 0.05 more is saved.
  @Test(
    "a battery of 0.1 kWh saves what its energy carries",
    arguments: [(Curtailment.free, 0.06), (.exportLimit, 0.07), (.none, 0.07)])
  func small(setting: Curtailment, saving: Double) throws {
    let replayer = Replayer(try Self.replay(setting, tariff: Self.charged(), days: 2))
    let none = try replayer.run(.noBattery)
    for controller in Self.controllers {
      let saved = none.cost - (try replayer.run(controller).cost)
      #expect(isClose(saved, saving, absolute: 1e-5), "\(controller.name) \(saved)")
    }
  }

  @Test("no run costs less than the foresight bound", arguments: Curtailment.allCases, [1, 5.0])
  func bound(setting: Curtailment, limitKW: Double) throws {
    for tariff in [try Self.charged(), try Self.paidToBuy(), try PaperSite.dayAndNight()] {
      let replay = try Self.replay(
        setting, tariff: tariff, battery: PaperSite.battery(capacityKWh: 6, powerKW: 2), days: 2,
        exportLimitKW: limitKW)
      let bound = try ForesightBound(replay).cost
      for controller in Self.controllers + [.noBattery] {
        let cost = try Replayer(replay).run(controller).cost
        #expect(cost >= bound - 1e-5, "\(controller.name) \(tariff.name)")
      }
    }
  }
}
