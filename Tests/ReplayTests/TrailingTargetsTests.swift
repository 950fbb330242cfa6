import Forecasting
import Planning
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Replay

@Suite("Targets of the running month") struct TrailingTargetsTests {
  /// Friday 2024-06-28 at midnight: three days of June are left, one of them a workday.
  private static let friday = PaperSite.midnight(month: 6, day: 28)

  /// Days of four slots up to July 2nd; a workday needs 4 kW in its third slot, a day of rest 1 kW.
  private static func history(
    days: Int, changing: (_ day: Int, _ slot: Int) -> Double? = { _, _ in nil }
  ) -> SiteHistory {
    let begin = friday - days * 86_400
    let grid = TimeGrid(
      start: begin, stepSeconds: PaperSite.stepSeconds, count: 4 * (days + 5))
    let load = grid.indices.map { i in
      let day = i / 4 - days
      let isRest = CivilCalendar.weekday(ofDay: begin / 86_400 + i / 4) >= 6
      return changing(day, i % 4) ?? (i % 4 == 2 && !isRest ? 4 : 1)
    }
    return SiteHistory(
      grid: grid, zone: .utc, columns: [.load: load, .ambient: load.map { _ in 20 }])
  }

  private static func charge(_ name: String) -> DemandCharge {
    DemandCharge(
      name, periods: [DemandPeriod("all", pricePerKW: 10)], meteringSeconds: PaperSite.stepSeconds)
  }

  private static func targetsKW(
    _ history: SiteHistory, demand: [DemandCharge] = [charge("peak")]
  ) throws -> [String: Double] {
    let tariff = try PaperSite.flat(demand: demand)
    let replay = try ReplayCase(
      history: history, site: SiteContext(zone: .utc), from: friday, to: history.grid.end,
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 2), tariff: tariff,
      settings: PaperSite.settings())
    let prices = PlanningTariff(tariff, grid: replay.period, zone: .utc)
    var targets = TrailingTargets(replay)
    targets.choose(
      at: friday, peaks: { prices.monthlyPeaks(from: 0, meter: nil) },
      battery: TrailingTarget.Battery(
        chargeKW: 2, dischargeKW: 2, capacityKWh: 6, chargeEfficiency: 1,
        dischargeEfficiency: 1))
    return targets.targetsKW
  }

  // By hand: 6 kWh take 1 kW off the six hours of 4 kW, so a workday comes to 3 kW at every level up to
  // that, and above to the level. Levels go from 4 − 1.15 · 2 = 1.7 to 4.08 in steps of 2.38 / 29. Energy
  // decides between those up to 3 kW: below 2 kW an evening of less than 1 kW does not fill the battery
  // again, so a Saturday buys for its Friday, and two days of rest are left beside one workday. From 2 to
  // 3 kW all cost the same, and the highest counts: 1.7 + 15 · 2.38 / 29 = 2.931034.
  @Test("what the past days need at least is aimed at") func usual() throws {
    let targets = try Self.targetsKW(Self.history(days: 28))
    #expect(targets.keys.sorted() == ["peak"])
    #expect(isClose(targets["peak"] ?? .nan, 2.931_034, absolute: 1e-6))
  }

  // Today's own load is not known, nor is anything later; yesterday's is.
  @Test("nothing from today on moves a target, yesterday does") func causality() throws {
    let usual = try Self.targetsKW(Self.history(days: 28))
    #expect(try Self.targetsKW(Self.history(days: 28) { day, _ in day >= 0 ? 9 : nil }) == usual)
    let moved = try Self.targetsKW(
      Self.history(days: 28) { day, slot in day == -1 && slot == 2 ? 9 : nil })
    #expect(moved["peak"] ?? 0 > usual["peak"] ?? 0)
  }

  @Test("days before the last 28 are forgotten") func forgotten() throws {
    let usual = try Self.targetsKW(Self.history(days: 40))
    let moved = try Self.targetsKW(
      Self.history(days: 40) { day, slot in day < -28 && slot == 2 ? 9 : nil })
    #expect(moved == usual)
  }

  @Test("without two weeks of whole days there is no target") func short() throws {
    #expect(try Self.targetsKW(Self.history(days: 13)).isEmpty)
    #expect(try !Self.targetsKW(Self.history(days: 14)).isEmpty)
    #expect(
      try Self.targetsKW(
        Self.history(days: 14) { day, slot in day == -3 && slot == 0 ? .nan : nil }
      ).isEmpty)
  }

  @Test("two charges have a target each, three have none") func charges() throws {
    let two = try Self.targetsKW(
      Self.history(days: 28), demand: [Self.charge("a"), Self.charge("b")])
    #expect(two.keys.sorted() == ["a", "b"])
    let three = try Self.targetsKW(
      Self.history(days: 28), demand: [Self.charge("a"), Self.charge("b"), Self.charge("c")])
    #expect(three.isEmpty)
  }

  @Test("a replay under targets bills what it meters, and is the full price without a past")
  func replay() throws {
    func run(_ days: Int, _ pricing: PeakPricing) throws -> ReplayOutcome {
      var settings = PaperSite.settings(recourse: .valueStep)
      settings.peakPricing = pricing
      let history = Self.history(days: days)
      let replay = try ReplayCase(
        history: history, site: SiteContext(zone: .utc), from: Self.friday,
        to: history.grid.end, battery: PaperSite.battery(capacityKWh: 6, powerKW: 2),
        tariff: try PaperSite.flat(demand: [Self.charge("peak")]), settings: settings)
      return try Replayer(replay).run(.planned(PaperSite.version(.naiveWeek)))
    }
    #expect(try run(8, .trailingTarget).bill.total == run(8, .fullPrice).bill.total)
    // June and July each need 3 kW: the hours of 4 kW less the battery's 6 kWh over six hours.
    let held = try run(28, .trailingTarget)
    #expect(held.trace.gridKW.allSatisfy { $0 <= 3 + 1e-3 })
  }
}
