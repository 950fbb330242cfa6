import Replay
import SiteSupport
import Studies
import Tariffs
import TestSupport
import Testing

@Suite("Where a saving comes from") struct BenefitSplitTests {
  private func outcomes(
    loadKW: [Double], pvKW: [Double]? = nil, tariff: Tariff
  ) throws -> (battery: ReplayOutcome, none: ReplayOutcome) {
    let replayer = try Replayer(
      PaperSite.replay(
        PaperSite.history(loadKW: [loadKW], pvKW: pvKW.map { [$0] }), tariff: tariff,
        battery: PaperSite.battery(capacityKWh: 6, powerKW: 1)))
    return (
      try replayer.run(.planned(PaperSite.version(.perfect))), try replayer.run(.noBattery)
    )
  }

  private func sum(_ split: BenefitSplit) -> Double {
    let moved = split.arbitrage + split.selfConsumption + split.curtailmentAvoided
    return moved + split.export + split.demandCharge + split.ownDraw + split.rest
  }

  // 6 kWh bought at 0.10 and used at 0.30.
  @Test("energy bought earlier is arbitrage") func arbitrage() throws {
    let (battery, none) = try outcomes(loadKW: [1, 1, 1, 1], tariff: PaperSite.dayAndNight())
    let split = BenefitSplit(battery, without: none, yearFactor: 10)
    #expect(isClose(split.arbitrage, 12, absolute: 1e-4))
    #expect(isClose(split.chargingCost, 6, absolute: 1e-4))
    #expect(split.solarShare == 0)
    #expect(isClose(sum(split), 12, absolute: 1e-4))
  }

  // A surplus of 1 kW in the second slot of six hours, sold at 0.04 or used in the third at 0.30.
  @Test("production used later is self-consumption, less what it would have been sold for")
  func selfConsumption() throws {
    let (battery, none) = try outcomes(
      loadKW: [0, 0, 1, 0], pvKW: [0, 1, 0, 0], tariff: PaperSite.dayAndNight(exportPerKWh: 0.04))
    let split = BenefitSplit(battery, without: none, yearFactor: 1)
    #expect(isClose(split.selfConsumption, 6 * (0.3 - 0.04), absolute: 1e-4))
    #expect(isClose(try #require(split.solarShare), 1, absolute: 1e-6))
    #expect(isClose(split.arbitrage, 0, absolute: 1e-4))
    #expect(isClose(sum(split), 6 * (0.3 - 0.04), absolute: 1e-4))
  }

  @Test("charges and months of the bill stand side by side, and the charges add up to it")
  func bills() throws {
    let (battery, none) = try outcomes(loadKW: [1, 1, 1, 1], tariff: PaperSite.dayAndNight())
    let replay = try PaperSite.idleDay()
    let (after, before) = (
      SizedRun(battery, at: 0, SizingSite(replay), battery: nil),
      SizedRun(none, at: 0, SizingSite(replay), battery: nil)
    )
    let months = BillChange.changes(from: before.bills, to: after.bills)
    #expect(months.map(\.name) == ["2024-06"])
    // 12 kWh at 0.10 and 12 kWh at 0.30; 6 kWh moved.
    #expect(isClose(months[0].before, 4.8, absolute: 1e-6))
    #expect(isClose(months[0].after, 3.6, absolute: 1e-4))
    let charges = BillChange.changes(from: before.charges, to: after.charges, factor: 10)
    #expect(isClose(charges.reduce(0) { $0 + $1.before }, 48, absolute: 1e-6))
    #expect(isClose(charges.reduce(0) { $0 + $1.before - $1.after }, 12, absolute: 1e-4))
    #expect(charges.allSatisfy { $0.name.hasPrefix("energy") })
  }

  @Test("a charge that stands in one bill only has nothing on the other side") func oneSided() {
    typealias Part = SizedRun.Part
    let changes = BillChange.changes(
      from: [Part(name: "a", amount: 3), Part(name: "b", amount: 2)],
      to: [Part(name: "c", amount: 5), Part(name: "a", amount: 1)], factor: 2)
    #expect(changes.map(\.name) == ["a", "b", "c"])
    #expect(changes.map(\.before) == [6, 4, 0])
    #expect(changes.map(\.after) == [2, 0, 10])
  }
}
