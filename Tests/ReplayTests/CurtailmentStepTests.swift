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

/// Production that can be thrown away in steps only, by hand.
@Suite("Curtailment by steps") struct CurtailmentStepTests {
  /// 1 kW of load, and 3 kW of production in the second slot of a plant of 4 kW.
  ///
  /// Feeding in costs 0.05 EUR/kWh.
  private static func replay(
    _ setting: Curtailment, _ levels: [Double], exportLimitKW: Double = .infinity, days: Int = 1,
    tariff: Tariff? = nil, battery: TwinSpecification? = nil,
    pvKW: [[Double]]? = nil
  ) throws -> ReplayCase {
    let history = PaperSite.history(
      loadKW: [[Double]](repeating: [1, 1, 1, 1], count: days),
      pvKW: pvKW ?? [[Double]](repeating: [0, 3, 0, 0], count: days))
    var settings = PaperSite.settings(recourse: .valueStep)
    settings.curtailment = setting
    settings.curtailmentSteps = CurtailmentSteps(levels: levels)
    return try ReplayCase(
      history: history, site: SiteContext(zone: .utc, pvCapacityKW: 4),
      from: history.grid.start + 7 * 86_400, to: history.grid.end,
      battery: try battery ?? PaperSite.battery(capacityKWh: 0.1, powerKW: 1),
      tariff: tariff ?? PaperSite.dayAndNight(exportPerKWh: -0.05),
      exportLimitKW: PowerLimit(exportLimitKW), settings: settings)
  }

  private static let controllers: [Controller] = [
    .selfConsumption, .oracle, .planned(PaperSite.version(.naiveDay)),
  ]

  @Test("what steps throw away of a production") func amounts() {
    let steps = CurtailmentSteps(levels: [0.3, 0, 0.6])
    #expect(steps.levels == [0.6, 0.3, 0])
    #expect(steps.amountsKW(pvKW: 3, peakKW: 10) == [0, 3])
    #expect(steps.amountsKW(pvKW: 5, peakKW: 10) == [0, 2, 5])
    #expect(steps.amountsKW(pvKW: 8, peakKW: 10) == [0, 2, 5, 8])
    #expect(steps.coveringKW(2.5, pvKW: 8, peakKW: 10) == 5)
    #expect(steps.coveringKW(9, pvKW: 8, peakKW: 10) == 8)
  }

  // The other three slots cost 4.20. In the second 2 kW are left over. Held to 2.4, 1.2 and 0 kW the site feeds in
  // 1.4 and 0.2 kW, or buys 1 kW at 0.10: 0.42, 0.06 and 0.60 for six hours, and 0.60 with nothing thrown away.
  @Test(
    "the cheapest step is taken, or the least that keeps the limit",
    arguments: [
      (Curtailment.free, [0.6, 0.3, 0], Double.infinity, 10.8, 4.26, 1.2, 0.0),
      (.free, [0.6], .infinity, 3.6, 4.62, 8.4, 0), (.free, [0], .infinity, 0, 4.8, 12, 0),
      (.exportLimit, [0.6, 0.3, 0], .infinity, 0, 4.8, 0, 0),
      (.exportLimit, [0.6, 0.3, 0], 1, 10.8, 4.26, 4.8, 0),
      (.exportLimit, [0.6], 1, 3.6, 4.62, 2.4, 2.4), (.free, [0.6], 1, 3.6, 4.62, 8.4, 2.4),
      (.exportLimit, [0], 1, 18, 4.8, 12, 0),
    ])
  func byHand(
    setting: Curtailment, levels: [Double], limitKW: Double, curtailedKWh: Double, cost: Double,
    coarseKWh: Double, aboveKWh: Double
  ) throws {
    let none = try Replayer(Self.replay(setting, levels, exportLimitKW: limitKW)).run(.noBattery)
    #expect(isClose(none.curtailedKWh, curtailedKWh, absolute: 1e-9))
    #expect(isClose(none.cost, cost, absolute: 1e-9))
    #expect(isClose(none.curtailmentValue ?? .nan, 4.8 - cost, absolute: 1e-9))
    let changes = none.interventionsKWh
    #expect(isClose(changes["curtailment_steps"] ?? 0, coarseKWh, absolute: 1e-9))
    #expect(isClose(changes["export_above_limit"] ?? 0, aboveKWh, absolute: 1e-9))
  }

  // 0.1 kWh of the 1.2 kWh that are fed in at 0.05 serve load at 0.30.
  @Test("a battery of 0.1 kWh saves what its energy carries") func small() throws {
    let replayer = Replayer(try Self.replay(.free, [0.6, 0.3, 0], days: 2))
    let none = try replayer.run(.noBattery)
    for controller in Self.controllers {
      let saved = none.cost - (try replayer.run(controller).cost)
      #expect(isClose(saved, 0.07, absolute: 1e-5), "\(controller.name) \(saved)")
    }
  }

  @Test(
    "a battery that cannot move saves exactly zero", arguments: [Curtailment.free, .exportLimit],
    [Double.infinity, 1])
  func stuck(setting: Curtailment, limitKW: Double) throws {
    let nothing = DeratingTable.temperature(LinearTable(x: [-50, 90], y: [0, 0]))
    let battery = try PaperSite.battery(
      capacityKWh: 6, powerKW: 2,
      derating: DeratingPolicy(name: "stuck", charge: [nothing], discharge: [nothing]))
    for levels in [[0.6, 0.3, 0], [0.6]] {
      let replayer = Replayer(
        try Self.replay(setting, levels, exportLimitKW: limitKW, days: 2, battery: battery))
      let none = try replayer.run(.noBattery)
      for controller in Self.controllers {
        let outcome = try replayer.run(controller)
        #expect(outcome.cost == none.cost, "\(controller.name)")
        #expect(outcome.curtailedKWh == none.curtailedKWh, "\(controller.name)")
      }
    }
  }

  @Test(
    "no run costs less than the foresight bound", arguments: [Curtailment.free, .exportLimit],
    [0.5, 1, 5.0])
  func bound(setting: Curtailment, limitKW: Double) throws {
    var generator = SeededGenerator(seed: 17)
    for levels in [[0.6, 0.3, 0], [0.5], [0]] {
      let pv = (0..<2).map { _ in (0..<4).map { _ in generator.uniform(0, 4) } }
      let cheap = try Tariff(
        name: "below zero", currency: "EUR", energy: [.flat("energy", pricePerKWh: -0.02)],
        export: .fixed(pricePerKWh: DatedValue(-0.05)))
      for tariff in [
        try PaperSite.dayAndNight(exportPerKWh: -0.05), cheap,
        try PaperSite.dayAndNight(exportPerKWh: 0.08),
      ] {
        let replay = try Self.replay(
          setting, levels, exportLimitKW: limitKW, days: 2, tariff: tariff,
          battery: PaperSite.battery(capacityKWh: 6, powerKW: 2), pvKW: pv)
        let bound = try ForesightBound(replay).cost
        for controller in Self.controllers + [.noBattery] {
          let cost = try Replayer(replay).run(controller).cost
          #expect(cost >= bound - 1e-5, "\(controller.name) \(tariff.name) \(levels)")
        }
      }
    }
  }
}
