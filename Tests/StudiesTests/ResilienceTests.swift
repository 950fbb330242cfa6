import Replay
import SiteSupport
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Studies

@Suite("Outages") struct ResilienceTests {
  private func study(
    _ storedKWh: [Double], loadKW: [Double], pvKW: [Double]? = nil, efficiency: Double = 1,
    critical: Double = 1, outageHours: Double = 4
  ) -> OutageStudy {
    OutageStudy(
      storedKWh: storedKWh, loadKW: loadKW, pvKW: pvKW ?? loadKW.map { _ in 0 }, stepHours: 1,
      battery: IslandedBattery(
        emptyKWh: 0, fullKWh: 6, powerKW: 2, chargeEfficiency: efficiency,
        dischargeEfficiency: efficiency),
      settings: ResilienceSettings(
        criticalShare: critical, outageHours: outageHours, longestHours: 12))
  }

  // A load of 1 kW: 3 kWh last three hours, and the fourth one is not served; 6 kWh last six.
  @Test("stored energy lasts as long as the load takes it") func stored() {
    let found = study([3, 6, 0, 20], loadKW: [1, 1, 1, 1])
    #expect(found.survivedHours == [3, 6, 0, 12])
    // One, none, four and none of the four hours.
    #expect(found.meanUnservedKWh == 1.25)
    #expect(found.survivedShare(hours: 3) == 0.75 && found.survivedShare(hours: 4) == 0.5)
    #expect(found.survivedShare(hours: 0) == 1)
  }

  // The inverter gives 2 of 3 kW, so no hour is served in full and each lacks 1 kWh; a third of the load is served.
  @Test("power, critical load and losses count") func limits() {
    #expect(study([6], loadKW: [3]).survivedHours == [0])
    // 6 kWh give three hours of 2 kW; the fourth lacks all 3.
    #expect(study([6], loadKW: [3]).meanUnservedKWh == 3 * 1 + 3)
    #expect(study([6], loadKW: [3], critical: 1.0 / 3).survivedHours == [6])
    // Half is lost on the way out: 6 kWh are 3.
    #expect(study([6], loadKW: [1], efficiency: 0.5).survivedHours == [3])
  }

  // Two hours of 2 kW of sun over a load of 1 kW store 2 kWh, which last the two hours without; day after day.
  @Test("production serves first and charges with the rest, and the period begins again")
  func production() {
    let found = study([0, 1, 2, 1], loadKW: [1, 1, 1, 1], pvKW: [2, 2, 0, 0])
    #expect(found.survivedHours == [12, 12, 12, 12])
    let dark = study([0, 0, 0, 0], loadKW: [1, 1, 1, 1], pvKW: [2, 2, 0, 0])
    // From the third hour nothing is there until the sun.
    #expect(dark.survivedHours == [12, 2, 0, 0])
  }

  private func replay(reserve: Double) throws -> ReplayCase {
    var settings = PaperSite.settings()
    settings.reserve.fraction = reserve
    return try PaperSite.replay(
      PaperSite.history(loadKW: [[Double]](repeating: [1, 1, 1, 1], count: 4)),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: settings)
  }

  private func candidate(
    reserve: Double, resilience: ResilienceSettings?, cycles: Double? = nil
  ) throws -> SizingCandidate {
    var settings = SizingSettings(
      energiesKWh: [6], powersKW: [1],
      finance: FinanceTerms(
        capital: CapitalCosts(perKWh: 100), operation: OperationCosts(capitalShare: 0), years: 5,
        discountRate: 0))
    settings.period = .scaleToYear
    settings.resilience = resilience
    settings.warrantedCycles = cycles
    settings.warrantedYears = 4
    let study = try SizingStudy(
      SizingWork(
        replay(reserve: reserve), version: PaperSite.version(.perfect), settings: settings,
        twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }), threads: 1)
    return study.candidates[1]
  }

  // Two outages a year of six hours, a slot, in which 6 kWh are not served without a battery: 120 a year at 10 per kWh.
  @Test("survived outages are part of what is saved, and a reserve costs what it keeps from moving")
  func money() throws {
    let resilience = ResilienceSettings(
      outageHours: 6, outagesPerYear: 2, valueOfLostLoadPerKWh: 10)
    let plain = try candidate(reserve: 0, resilience: nil)
    #expect(plain.run.outages == nil)
    let free = try candidate(reserve: 0, resilience: resilience)
    let use = try #require(free.run.outages)
    #expect(isClose(use.bareUnservedKWh, 6, relative: 1e-9))
    #expect(isClose(use.avoidedPerYear, 20 * (6 - use.unservedKWh), relative: 1e-9))
    #expect(use.unservedKWh > 0 && use.unservedKWh < 6 && use.reserveCostPerYear == nil)
    #expect(
      isClose(free.year1Savings, plain.year1Savings + use.avoidedPerYear, relative: 1e-9))
    #expect(
      isClose(
        free.netPresentValue, plain.netPresentValue + 5 * use.avoidedPerYear, relative: 1e-9))
    // With half of it kept an outage finds more, and 3 kWh a day fewer move at 0.20: 219 a year. What is kept is bought
    // once for as much as it counts at the end.
    let kept = try candidate(reserve: 0.5, resilience: resilience)
    let other = try #require(kept.run.outages)
    #expect(other.unservedKWh < use.unservedKWh)
    #expect(other.survivedShares.first ?? 0 >= use.survivedShares.first ?? 1)
    #expect(isClose(try #require(other.reserveCostPerYear), 219, relative: 1e-3))
  }

  // 6 kWh a day of a battery of 6 kWh are a cycle a day: 1000 of them are done in the third year; the promise is of
  // four years, so that 2000 are none.
  @Test("the year in which the promised cycles are done is told") func breach() throws {
    #expect(try candidate(reserve: 0, resilience: nil, cycles: 1000).warrantyBreachYear == 3)
    #expect(try candidate(reserve: 0, resilience: nil, cycles: 2000).warrantyBreachYear == nil)
    #expect(try candidate(reserve: 0, resilience: nil).warrantyBreachYear == nil)
  }
}
