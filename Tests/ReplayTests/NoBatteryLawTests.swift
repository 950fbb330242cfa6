import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import Testing

@testable import Twin

/// A battery that cannot move a kilowatt-hour is no battery: whatever else a planned run may do, it must not
/// be paid for it.
@Suite("A battery of no use") struct NoBatteryLawTests {
  /// Ways in which nothing moves: no power at all, or a capacity that cannot be filled.
  private enum Stuck: CaseIterable { case power, capacity }

  private static let nothing = DeratingTable.temperature(LinearTable(x: [-50, 90], y: [0, 0]))

  @Test(
    "it saves exactly zero, planned, by rule and with the truth",
    arguments: [false, true], [RecourseRule.batterySetPoint, .gridSetPoint, .valueStep])
  func zero(hasPeaks: Bool, recourse: RecourseRule) throws {
    let tariff =
      hasPeaks
      ? try PaperSite.flat(
        demand: [
          DemandCharge(
            "peak", periods: [DemandPeriod("all", pricePerKW: 10)],
            meteringSeconds: PaperSite.stepSeconds)
        ]) : try PaperSite.dayAndNight(exportPerKWh: 0.05)
    let battery = try PaperSite.battery(
      capacityKWh: 6, powerKW: 2,
      derating: DeratingPolicy(name: "stuck", charge: [Self.nothing], discharge: [Self.nothing]))
    let replay = try PaperSite.replay(
      PaperSite.history(
        loadKW: [[1, 1, 3, 1], [2, 0, 1, 1], [1, 1, 1, 4]],
        pvKW: [[0, 3, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0]]),
      tariff: tariff, battery: battery,
      settings: PaperSite.settings(recourse: recourse, wearPerKWh: 0.02))
    let replayer = Replayer(replay)
    let none = try replayer.run(.noBattery)
    let versions: [Controller] = [
      .selfConsumption, .oracle, .planned(PaperSite.version(.naiveDay)),
      .planned(PaperSite.version(.perfect)),
    ]
    for controller in versions {
      let outcome = try replayer.run(controller)
      #expect(outcome.trace.batteryKW.allSatisfy { $0 == 0 }, "\(controller.name)")
      #expect(outcome.cost == none.cost, "\(controller.name)")
    }
  }

  // Production of 3 kW stands behind an inverter of 2 kW, with the battery and without it.
  @Test(
    "with production on its DC side it saves exactly zero as well",
    arguments: Curtailment.allCases, RecourseRule.allCases)
  func directCoupling(curtailment: Curtailment, recourse: RecourseRule) throws {
    for stuck in Stuck.allCases {
      // It begins empty, so what cannot be charged cannot be discharged.
      let battery = try PaperSite.battery(
        capacityKWh: 6, powerKW: 2,
        derating: DeratingPolicy(
          name: "stuck", charge: [Self.nothing],
          discharge: stuck == .power ? [Self.nothing] : []), pvCoupling: .dc)
      for exportPerKWh in [0.05, -0.05] {
        var settings = PaperSite.settings(recourse: recourse, wearPerKWh: 0.02)
        settings.curtailment = curtailment
        let replayer = Replayer(
          try PaperSite.replay(
            PaperSite.history(
              loadKW: [[1, 1, 3, 1], [2, 0, 1, 1], [1, 1, 1, 4]],
              pvKW: [[0, 3, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0]]),
            tariff: PaperSite.dayAndNight(exportPerKWh: exportPerKWh), battery: battery,
            settings: settings))
        let none = try replayer.run(.noBattery)
        for controller in [
          Controller.selfConsumption, .oracle, .planned(PaperSite.version(.naiveDay)),
        ] {
          let outcome = try replayer.run(controller)
          #expect(
            outcome.cost == none.cost, "\(controller.name) \(stuck) export \(exportPerKWh)")
        }
      }
    }
  }
}
