import Forecasting
import Planning
import SiteSupport
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Replay

/// Outages that several batteries make ready for.
@Suite("Outages with several batteries") struct FleetOutageTests {
  private static func island(kWh: Double, kW: Double, efficiency: Double = 1) -> IslandedBattery {
    IslandedBattery(
      emptyKWh: 0, fullKWh: kWh, powerKW: kW, chargeEfficiency: efficiency,
      dischargeEfficiency: efficiency)
  }

  /// Midnight of the third day, when the outage begins.
  private static let start = PaperSite.monday + 2 * 86_400

  private static func settings(hours: Int, criticalShare: Double) -> ReplaySettings {
    var settings = PaperSite.settings(recourse: .valueStep)
    settings.reserve = Reserve(
      outages: ExpectedOutages(
        stated: [start..<start + hours * 3600], criticalShare: criticalShare))
    return settings
  }

  // 4 kWh and 1 kWh of 1 kW each. After three hours of 1 kW, which the larger one gives, each has an hour left for 2 kW; by their
  // shares of energy the smaller one would have 0.4 kWh.
  @Test("the battery that lasts longest gives first") func order() {
    let fleet = IslandedFleet([Self.island(kWh: 4, kW: 1), Self.island(kWh: 1, kW: 1)])
    var stored = fleet.storedKWh(share: 1)
    #expect(stored == [4, 1] && fleet.powerKW == 2)
    for left in [3.0, 2, 1] {
      #expect(fleet.serve(netKW: 1, hours: 1, storedKWh: &stored) < 1e-9)
      #expect(isClose(stored[0], left, absolute: 1e-9) && isClose(stored[1], 1, absolute: 1e-9))
    }
    #expect(fleet.serve(netKW: 2, hours: 1, storedKWh: &stored) < 1e-9)
    #expect(stored.allSatisfy { isClose($0, 0, absolute: 1e-9) })
    #expect(isClose(fleet.serve(netKW: 2, hours: 0.5, storedKWh: &stored), 1, absolute: 1e-9))
  }

  // Of 3 kWh in an hour 2.5 can be given: 2 kW by the first, and 0.5 kWh at nine tenths by the second.
  @Test("power, energy and losses of each bound what is served") func bounds() {
    let fleet = IslandedFleet([
      Self.island(kWh: 8, kW: 2), Self.island(kWh: 4, kW: 2, efficiency: 0.9),
    ])
    var stored = [8, 0.5 / 0.9]
    #expect(isClose(fleet.serve(netKW: 3, hours: 1, storedKWh: &stored), 0.5, absolute: 1e-9))
    #expect(isClose(stored[0], 6, absolute: 1e-9) && isClose(stored[1], 0, absolute: 1e-9))
    // 1 kW left over fills the one that is farther from full by the time: 4 kWh at 2 kW against 2 at 2.
    #expect(fleet.serve(netKW: -1, hours: 1, storedKWh: &stored) == 0)
    #expect(isClose(stored[0], 6, absolute: 1e-9) && isClose(stored[1], 0.9, absolute: 1e-9))
  }

  // On days of four slots of six hours 1, 1 and 2 kW are needed from midnight on: 24 kWh of 30. By energy four fifths would do, but
  // both batteries have to give 1 kW in the last six hours, and the smaller one has them only when full.
  @Test("each battery has what the outage needs of it when it begins")
  func ready() throws {
    let settings = Self.settings(hours: 18, criticalShare: 1)
    let load = [[Double]](repeating: [1, 1, 2, 1], count: 4)
    let large = try SeveralBatteriesReplayTests.battery("large", kWh: 24, kW: 1)
    let small = try SeveralBatteriesReplayTests.battery("small", kWh: 6, kW: 1)
    let replay = try SeveralBatteriesReplayTests.site(
      [large, small], loadKW: load, settings: settings)
    let profile = try #require(try ReserveProfile(replay))
    let shares = profile.needs[0].restShares
    #expect(isClose(shares[0], 1, absolute: 1e-4), "\(shares)")
    // For the last slot alone 6 kWh of each.
    #expect(isClose(shares[2], 1, absolute: 1e-4) && isClose(shares[1], 1, absolute: 1e-4))
    for controller in [Controller.planned(PaperSite.version(.perfect)), .oracle] {
      let outcome = try Replayer(replay).run(controller)
      let outages = try #require(outcome.outages)
      #expect(outages.count == 1 && outages.beyondBattery == 0, "\(controller.name)")
      #expect(isClose(outages.criticalKWh, 24, absolute: 1e-9))
      #expect(isClose(outages.unservedKWh, 0, absolute: 1e-2), "\(outages)")
      let before = outcome.trace.batteries.map { $0.columns.storedKWh[7] }
      #expect(isClose(before[1], 6, absolute: 1e-2), "\(before)")
    }
    // The smaller one comes a day later: the larger one gives 18 of the 24 kWh, which it can.
    let late = try SeveralBatteriesReplayTests.battery(
      "small", kWh: 6, kW: 1, since: Self.start + 86_400)
    let alone = try #require(
      try ReserveProfile(
        SeveralBatteriesReplayTests.site([large, late], loadKW: load, settings: settings)))
    #expect(isClose(alone.needs[0].restShares[0], 0.75, absolute: 1e-3))
  }

  @Test("a list of one battery is as ready as that battery") func one() throws {
    let settings = Self.settings(hours: 12, criticalShare: 0.5)
    let load = [[Double]](repeating: [1, 1, 1, 1], count: 4)
    let own = try SeveralBatteriesReplayTests.battery("one", kWh: 6, kW: 1)
    let alone = try PaperSite.replay(
      PaperSite.history(loadKW: load), tariff: PaperSite.dayAndNight(), battery: own.system,
      settings: settings)
    for controller in [Controller.oracle, .selfConsumption] {
      let single = try Replayer(alone).run(controller)
      let listed = try Replayer(alone.with(fleet: [own])).run(controller)
      #expect(single.outages == listed.outages && single.cost == listed.cost)
    }
  }
}
