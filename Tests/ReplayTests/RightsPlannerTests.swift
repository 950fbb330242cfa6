import Forecasting
import Planning
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Replay

/// Rights of a battery beside loads that can wait: 0.10 EUR/kWh before noon, 0.30 after.
@Suite("Rights beside loads that wait") struct RightsPlannerTests {
  private static func replay(
    _ rights: BatteryRights, load: SiteLoad, pvKW: [Double], powerKW: Double = 1
  ) throws -> ReplayCase {
    var settings = PaperSite.settings()
    settings.rights = rights
    var replay = try PaperSite.replay(
      PaperSite.history(
        loadKW: [[0, 0, 0, 0], [0, 0, 0, 0]], pvKW: [pvKW, pvKW]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: powerKW), settings: settings)
    replay.loads = [load]
    return replay
  }

  private static func car(from: Int, to: Int, kWh: Double) -> SiteLoad {
    let midnight = PaperSite.monday
    return SiteLoad(
      name: "car", kind: .ev, powerKW: 2,
      work: .sessions(
        [
          LoadSession(
            arrival: midnight + from * 3600, departure: midnight + to * 3600, mustKWh: kWh,
            niceKWh: 0, powerKW: 2)
        ], knownAhead: true), otherwise: .atOnce, unmetPerKWh: 2)
  }

  private static let controllers = [Controller.planned(PaperSite.version(.naiveDay)), .oracle]

  // 6 kWh are bought at 0.10 in the morning and charge the car after noon, where they would cost 0.30; the site has no
  // other load that the battery could serve.
  @Test("a battery that may feed nothing in is planned for a car") func export() throws {
    let replay = try Self.replay(
      BatteryRights(batteryExport: false), load: Self.car(from: 12, to: 24, kWh: 6),
      pvKW: [0, 0, 0, 0])
    for controller in Self.controllers {
      let outcome = try Replayer(replay).run(controller)
      #expect(isClose(outcome.cost, 0.6, absolute: 1e-4), "\(controller.name) \(outcome.cost)")
      #expect(outcome.trace.exportKW.allSatisfy { $0 < 1e-6 })
      #expect(outcome.planning.plans == 8 && outcome.planning.failed == 0)
      #expect(try ForesightBound(replay).cost <= outcome.cost + 1e-6)
    }
  }

  // 2 kW of sun from six to noon: the car takes 6 kWh of it, and the battery of 2 kW the other 6, nothing of the grid.
  @Test("a battery that may charge from production alone has what a car leaves") func charging()
    throws
  {
    let replay = try Self.replay(
      BatteryRights(gridCharging: false), load: Self.car(from: 6, to: 12, kWh: 6),
      pvKW: [0, 2, 0, 0], powerKW: 2)
    for controller in Self.controllers {
      let outcome = try Replayer(replay).run(controller)
      #expect(outcome.trace.importKW.allSatisfy { $0 < 1e-6 }, "\(controller.name)")
      #expect(isClose(outcome.trace.storedKWh[1], 6, absolute: 1e-4))
    }
  }
}
