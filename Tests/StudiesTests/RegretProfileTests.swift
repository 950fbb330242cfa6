import Forecasting
import Replay
import SiteSupport
import Studies
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("When regret falls, by how far ahead it is, and what no forecast brings")
struct RegretProfileTests {
  /// The site of `ComparisonTests.scores`: yesterday's forecast misses the afternoon of the first of two days, a
  /// Monday, and 6 kWh are bought at 0.30 that the oracle bought at 0.10.
  private func twoDays() throws -> ReplayCase {
    try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
  }

  private func study(
    _ replay: ReplayCase, _ version: ForecastVersion, details: RegretStudy.Details = [],
    threads: Int = 2
  ) throws -> RegretStudy {
    try RegretStudy(
      ForecastComparison(replay, versions: [version], threads: 2), of: replay, versions: [version],
      details: details, threads: threads)
  }

  // 1.20 are lost in all: in the two afternoon slots what is bought at 0.30, less what was bought before noon at
  // 0.10. All on the Monday, in June 2024; each division sums to all of it.
  @Test("each division of time sums to the regret") func divisions() throws {
    let study = try study(twoDays(), PaperSite.version(.naiveDay))
    let profile = try #require(study.versions.first).profile
    for division in RegretProfile.Division.allCases {
      let sum = profile.parts(by: division).reduce(0) { $0 + $1.regret }
      #expect(isClose(sum, 1.2, absolute: 1e-5), "\(division)")
    }
    #expect(isClose(profile.elsewhere, 0, absolute: 1e-9))
    let days = profile.parts(by: .weekday)
    #expect(days.map(\.label).first == "monday" && days.count == 7)
    #expect(isClose(days[0].regret, 1.2, absolute: 1e-5))
    #expect(profile.parts(by: .month).map(\.label) == ["2024-06"])
    #expect(profile.parts(by: .hour).count == 24)
    #expect(profile.parts.allSatisfy { $0.peak == 0 })
  }

  // A peak of 4 a kW that the version misses: the difference of the months' demand falls on its own peak's slot.
  @Test("what peaks decide falls on the hour of the highest import") func peaks() throws {
    let peak = DemandCharge(
      "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(4))], meteringSeconds: 21_600)
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 3], [1, 1, 1, 1]], earlierKW: [1, 1, 1, 1]),
      tariff: PaperSite.flat(demand: [peak]),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let study = try study(replay, PaperSite.version(.naiveDay))
    let version = try #require(study.versions.first)
    func demand(_ outcome: ReplayOutcome) -> Double {
      outcome.monthCosts.reduce(0) { $0 + $1.demand }
    }
    let oracle = try Replayer(replay).run(.oracle)
    let missed = demand(version.score.outcome) - demand(oracle)
    #expect(missed > 1)
    let evening = try #require(version.profile.parts(by: .hour).first { $0.label == "18" })
    #expect(isClose(evening.peak, missed, absolute: 1e-9))
    let sum = version.profile.parts(by: .hour).reduce(0) { $0 + $1.regret }
    #expect(isClose(sum + version.profile.elsewhere, version.score.regret, absolute: 1e-9))
  }

  // A horizon of 24 h has the leads below it; each saving is that of a replay that is told the truth of them, and
  // the truth of all leads is the oracle's.
  @Test("the truth of some leads is worth what it brings in time") func leads() throws {
    let replay = try twoDays()
    let study = try study(replay, PaperSite.version(.naiveDay), details: .leads)
    let version = try #require(study.versions.first)
    #expect(version.leads.allSatisfy { $0.cause == .load })
    #expect(version.leads.map(\.hours) == LeadValue.buckets.filter { $0.lowerBound < 24 })
    for value in version.leads {
      let lowest = Int(value.hours.lowerBound * 3600)
      let highest = value.hours.upperBound.isFinite ? Int(value.hours.upperBound * 3600) : Int.max
      let told = try Replayer(replay).run(
        .informed(PaperSite.version(.naiveDay), of: [.load], leads: lowest..<highest))
      #expect(value.saving == version.score.outcome.cost - told.cost)
    }
    // Of every lead together it is the truth.
    let all = try Replayer(replay).run(
      .informed(PaperSite.version(.naiveDay), of: [.load], leads: 0..<Int.max))
    #expect(isClose(all.cost, try Replayer(replay).run(.oracle).cost, absolute: 1e-9))
    #expect(try self.study(replay, PaperSite.version(.naiveDay)).versions[0].leads.isEmpty)
  }

  @Test("what no forecast brings is split into parts that sum to it") func beyond() throws {
    let replay = try twoDays()
    let study = try study(replay, PaperSite.version(.naiveDay), details: .plans)
    let parts = try #require(study.beyond)
    let total = try #require(study.beyondForecasts)
    #expect(isClose(parts.total, total, absolute: 1e-9))
    func cost(long: Bool, agreed: Bool) throws -> Double {
      var changed = replay
      if long { changed.settings.horizonHours = BeyondForecasts.longHorizonHours }
      if agreed { changed.settings.heat = .iterated }
      return try Replayer(changed).run(.oracle).cost
    }
    // Both orders of the two, written out.
    let first = try cost(long: false, agreed: false) - cost(long: true, agreed: false)
    let last = try cost(long: false, agreed: true) - cost(long: true, agreed: true)
    #expect(isClose(parts.horizon, (first + last) / 2, absolute: 1e-9))
    #expect(try self.study(replay, PaperSite.version(.naiveDay)).beyond == nil)
  }
}
