import Planning
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Replay

@Suite("A yearly budget of energy let out") struct CycleBudgetTests {
  // 365 kWh a year are one a day. After a first day of 2 kWh 363 are left for 364 days, so the day let out
  // 2 - 363/364 beyond its part, and the price rises by 0.06 of the spread of 0.2 times that.
  @Test("the price rises by what a day lets out beyond its part, and falls below nothing")
  func price() {
    let period = TimeGrid(start: PaperSite.monday, stepSeconds: 86_400, count: 365)
    var budget = CycleBudget(kWhPerYear: 365, period: period, zone: .utc)
    budget.adapt(at: period.start, buyPerKWh: [0.1, 0.3])
    budget.record(dischargedKWh: 2)
    budget.adapt(at: period.start + 3600, buyPerKWh: [0.1, 0.3])
    #expect(budget.pricePerKWh == 0)
    budget.adapt(at: period.start + 86_400, buyPerKWh: [0.1, 0.3])
    #expect(isClose(budget.pricePerKWh, 0.06 * 0.2 * (2 - 363.0 / 364), relative: 1e-12))
    // Days that let out nothing bring it back to nothing, not below.
    for day in 2...5 { budget.adapt(at: period.start + day * 86_400, buyPerKWh: [0.1, 0.3]) }
    #expect(budget.pricePerKWh == 0)
    #expect(budget.leftKWh == 363)
    #expect(budget.use.usedKWh == 2 && budget.use.allowedKWh == 365 && budget.use.restedSlots == 0)
  }

  @Test("a new year has its own budget, and a part of a year a part of it") func years() {
    let period = TimeGrid(start: PaperSite.monday, stepSeconds: 86_400, count: 365 + 73)
    var budget = CycleBudget(kWhPerYear: 100, period: period, zone: .utc)
    budget.adapt(at: period.start, buyPerKWh: [0.1])
    budget.record(dischargedKWh: 100)
    #expect(budget.leftKWh == 0 && budget.use.restedSlots == 1)
    budget.adapt(at: period.start + 365 * 86_400, buyPerKWh: [0.1])
    // 73 of 365 days.
    #expect(isClose(budget.leftKWh, 20, relative: 1e-12))
    #expect(isClose(budget.use.allowedKWh, 120, relative: 1e-12))
  }

  /// Days of 1 kW whose price after noon lies above that before noon by an amount that runs through 0.05 to 0.45.
  private func replay(days: Int, cyclesPerYear: Double?) throws -> ReplayCase {
    var history = PaperSite.history(
      loadKW: [[Double]](repeating: [1, 1, 1, 1], count: days))
    let spread = { (day: Int) in 0.05 + 0.05 * Double(day * 5 % 9) }
    history[.price] = (0..<(days + 7) * 4).map { slot in
      slot % 4 < 2 ? 0.1 : 0.1 + spread(slot / 4)
    }
    let tariff = try Tariff(name: "spot", currency: "EUR", energy: [.spot("energy")])
    var settings = PaperSite.settings()
    settings.cyclesPerYear = cyclesPerYear
    return try PaperSite.replay(
      history, tariff: tariff, battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: settings)
  }

  private func saving(_ replay: ReplayCase) throws -> (saved: Double, outcome: ReplayOutcome) {
    let none = try Replayer(replay).run(.noBattery)
    let outcome = try Replayer(replay).run(.planned(PaperSite.version(.perfect)))
    return (none.cost - outcome.cost, outcome)
  }

  // Half a cycle a day on average. A budget for each day would save half of what every day offers; a yearly one
  // takes the better days. The nine spreads have a median of 0.25, so a kWh more would be worth about that.
  @Test("half the cycles earn more than half, within the budget, at the price of the median day")
  func earns() throws {
    let free = try saving(try replay(days: 180, cyclesPerYear: nil))
    let kept = try saving(try replay(days: 180, cyclesPerYear: 182.5))
    let use = try #require(kept.outcome.budget)
    #expect(isClose(use.allowedKWh, 0.5 * 6 * 180, relative: 1e-9))
    // The last plan may let out what its intervals hold.
    #expect(use.usedKWh <= use.allowedKWh + 6)
    #expect(use.usedKWh > 0.9 * use.allowedKWh)
    #expect(kept.saved > 1.15 * 0.5 * free.saved, "\(kept.saved) of \(free.saved)")
    #expect((0.12...0.38).contains(use.pricePerKWh), "\(use.pricePerKWh)")
    #expect(free.outcome.budget == nil)
  }

  @Test("a budget that nothing reaches has no price and changes nothing") func loose() throws {
    let free = try saving(try replay(days: 30, cyclesPerYear: nil))
    let kept = try saving(try replay(days: 30, cyclesPerYear: 1000))
    #expect(kept.outcome.trace.batteryKW == free.outcome.trace.batteryKW)
    #expect(kept.outcome.budget?.pricePerKWh == 0)
  }

  @Test("a budget that is used up lets nothing out") func usedUp() throws {
    // A cycle in 30 days, taken in the first one while nothing is known of the price.
    let kept = try saving(try replay(days: 30, cyclesPerYear: 365.0 / 30))
    let use = try #require(kept.outcome.budget)
    #expect(use.usedKWh <= use.allowedKWh + 6 && use.restedSlots > 0)
  }
}

@Suite("A reserve for outages") struct ReserveTests {
  // Of 6 kWh half stays: 3 kWh a day move from before to after noon instead of 6.
  @Test(
    "stays in the battery under plans and under the rule",
    arguments: [Controller.planned(PaperSite.version(.perfect)), .selfConsumption])
  func stays(controller: Controller) throws {
    func run(_ fraction: Double) throws -> ReplayOutcome {
      var settings = PaperSite.settings()
      settings.reserve.fraction = fraction
      settings.initialSOCFraction = 0.5
      let days = [[Double]](repeating: [0.5, 1, 1, 1], count: 6)
      // Production before noon charges under the rule as well.
      let sun = [[Double]](repeating: [2, 2, 0, 0], count: 6)
      return try Replayer(
        PaperSite.replay(
          PaperSite.history(loadKW: days, pvKW: sun), tariff: PaperSite.dayAndNight(),
          battery: PaperSite.battery(capacityKWh: 6, powerKW: 1), settings: settings)
      ).run(controller)
    }
    func letOut(_ outcome: ReplayOutcome) -> Double {
      outcome.trace.batteryKW.dropFirst(4).reduce(0) { $0 + max(0, $1) * 6 }
    }
    let free = try run(0)
    let kept = try run(0.5)
    #expect(kept.trace.storedKWh.allSatisfy { $0 >= 3 - 1e-5 })
    #expect(isClose(letOut(free), 5 * 6, absolute: 1e-3), "\(letOut(free))")
    #expect(isClose(letOut(kept), 5 * 3, absolute: 1e-3), "\(letOut(kept))")
    #expect(kept.cost > free.cost)
  }
}
