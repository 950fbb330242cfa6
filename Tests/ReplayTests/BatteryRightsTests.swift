import Forecasting
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Twin

/// A battery that may not charge from the grid, or not feed in what it stored.
@Suite("Rights of a battery") struct BatteryRightsTests {
  /// A day of four slots of six hours with one load, and production in the second slot. [kW]
  private static func replay(
    _ rights: BatteryRights, loadKW: Double, pvKW: Double, exportPerKWh: Double,
    recourse: RecourseRule = .valueStep
  ) throws -> ReplayCase {
    let history = PaperSite.history(
      loadKW: [[Double](repeating: loadKW, count: 4)], pvKW: [[0, pvKW, 0, 0]])
    var settings = PaperSite.settings(recourse: recourse)
    settings.rights = rights
    return try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(exportPerKWh: exportPerKWh),
      battery: PaperSite.battery(capacityKWh: 12, powerKW: 2), settings: settings)
  }

  private static let noGrid = BatteryRights(gridCharging: false)
  private static let noExport = BatteryRights(batteryExport: false)

  // 1 kW of load; 1.5 kW of production in the second slot leave 3 kWh. Free: 6 kWh of load and 9 kWh of charge at
  // 0.10, and the 12 kWh of the afternoon from the battery: 1.50. From production alone the battery gives 3 of the 12
  // kWh: 0.60 + 9 × 0.30.
  @Test(
    "only production charges where the grid may not",
    arguments: [(BatteryRights(), 1.5), (noGrid, 3.3), (noExport, 1.5)],
    [RecourseRule.valueStep, .batterySetPoint, .gridSetPoint, .modeBand])
  func charging(_ expected: (rights: BatteryRights, cost: Double), recourse: RecourseRule) throws {
    let replay = try Self.replay(
      expected.rights, loadKW: 1, pvKW: 1.5, exportPerKWh: 0, recourse: recourse)
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, expected.cost, absolute: 1e-4))
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, expected.cost, absolute: 1e-3))
  }

  // 0.25 kW of load, no production, 0.25 EUR/kWh for what is fed in. Free: 3 kWh of load and 12 kWh of charge at 0.10;
  // 3 kWh serve the afternoon and 9 are sold: 0.30 + 1.20 − 2.25. Serving alone: 0.30 + 0.30.
  @Test(
    "what was stored serves the load alone where it may not be fed in",
    arguments: [(BatteryRights(), -0.75), (noExport, 0.6)])
  func exporting(_ expected: (rights: BatteryRights, cost: Double)) throws {
    let replay = try Self.replay(expected.rights, loadKW: 0.25, pvKW: 0, exportPerKWh: 0.25)
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, expected.cost, absolute: 1e-4))
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, expected.cost, absolute: 1e-3))
  }

  // The forecast of the day before knows 2 kW of production where 1.5 come: the plan charges 1 kW, the meter leaves 0.5.
  @Test("a plan that expects more production than comes is cut at the meter")
  func cut() throws {
    let history = PaperSite.history(
      loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], pvKW: [[0, 2, 0, 0], [0, 1.5, 0, 0]])
    var settings = PaperSite.settings(recourse: .batterySetPoint)
    settings.rights = Self.noGrid
    let replay = try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 12, powerKW: 2), settings: settings)
    let planned = try Replayer(replay).run(.planned(PaperSite.version(.naiveDay)))
    for t in replay.period.indices {
      let netKW = planned.trace.loadKW[t] - planned.trace.pvKW[t]
      #expect(planned.trace.batteryKW[t] >= min(0, netKW) - 1e-6)
    }
    // 1.5 kW leave 0.5 in the second slot: 3 kWh, which the afternoon takes.
    #expect(isClose(planned.trace.batteryKW[5], -0.5, absolute: 1e-6))
  }
}
