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
}
