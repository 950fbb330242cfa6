import Forecasting
import Replay
import SiteSupport
import Studies
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Versions that follow the money") struct MoneyVersionTests {
  private static let from = PaperSite.midnight(month: 6, day: 10)

  /// Four weeks of a home on spot prices with production and a monthly peak.
  private func home() throws -> ReplayCase {
    func wave(_ slot: Int, _ period: Int) -> Double {
      Double(slot * 7919 % period) / Double(period)
    }
    let history = SmallSite.history(
      from: Self.from, days: 28, stepSeconds: 3600,
      load: { slot, hour in
        0.4 + (hour >= 17 && hour < 22 ? 2 : 0) + 1.5 * wave(slot, 31) * (slot / 24 % 7 < 5 ? 1 : 2)
      },
      pv: { slot, hour in max(0, 4 - abs(hour - 12.5)) * (0.3 + 0.7 * wave(slot / 24, 11)) },
      price: { slot, hour in 0.05 + (hour >= 16 && hour < 21 ? 0.2 : 0) + 0.1 * wave(slot, 17) })
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(4))], meteringSeconds: 3600)
      ],
      export: .spot(minusPerKWh: 0.02))
    let settings = ReplaySettings(
      planningStepSeconds: 3600, replanSeconds: 3 * 3600, twinStepSeconds: 3600)
    return try SmallSite.replay(
      history, from: Self.from, days: 28, tariff: tariff, settings: settings)
  }

  private func followers(of members: [ForecastVersion]) -> [ForecastVersion] {
    [ForecastRecipe.Kind.moneySelected, .moneyWeighted].map { kind in
      var version = PaperSite.version(kind)
      version.members = members
      return version
    }
  }

  @Test("members that are the same make a version that costs exactly as much") func identical()
    throws
  {
    let replay = try home()
    let members = ["a", "b", "c"].map { SmallSite.version(.slotEWMA, name: $0) }
    let comparison = try ForecastComparison(
      replay, versions: members + followers(of: members), threads: 2)
    #expect(comparison.versions.count == 5)
    #expect(Set(comparison.versions.map(\.outcome.cost)).count == 1)
    #expect(comparison.honestPairs.allSatisfy { $0.difference == 0 })
    #expect(comparison.rolling?.daysUntilAhead == 0)
  }

  @Test("they cost less than the worst of their members, with or without these beside them")
  func laws() throws {
    let replay = try home()
    let members = [
      SmallSite.version(.persistence), SmallSite.version(.naiveDay),
      SmallSite.version(.sevenDayAverage),
    ]
    let versions = followers(of: members) + members
    let comparison = try ForecastComparison(replay, versions: versions, threads: 2)
    func outcome(_ name: String) throws -> ReplayOutcome {
      try #require(comparison.versions.first { $0.forecast == name }).outcome
    }
    let costs = try members.map { try outcome($0.name).cost }
    let worst = try #require(costs.max())
    let best = try #require(costs.min())
    #expect(worst - best > 1)
    for kind in ["money_selected", "money_weighted"] {
      let found = try outcome(kind)
      #expect(found.cost < worst)
      #expect(found.label.isEmpty)
      let followed = try #require(found.followed)
      #expect(followed.members == members.map(\.name))
      // The four weeks begin and end at midnight UTC, so they touch 29 days of Berlin.
      #expect(followed.weights.byDay.count == 29)
      #expect(followed.weights.byDay.allSatisfy { isClose($0.reduce(0, +), 1, absolute: 1e-12) })
      // The members' costs are the same whether they are replayed beside it or for it alone.
      let alone = try Replayer(replay).run(
        .planned(try #require(versions.first { $0.name == kind })))
      #expect(alone.cost == found.cost)
      #expect(alone.trace.gridKW == found.trace.gridKW)
    }
    #expect(try outcome("naive_day").followed == nil)
    // Peaks are billed, and no three months are closed: nobody is known to be better than the mean.
    let selected = try #require(try outcome("money_selected").followed)
    #expect(
      selected.weights.byDay.allSatisfy { $0.allSatisfy { isClose($0, 1 / 3, absolute: 1e-12) } })
  }

  @Test("where peaks are billed the blend is followed until closed months say otherwise")
  func standBy() throws {
    let replay = try home()
    let members = [SmallSite.version(.persistence), SmallSite.version(.blendClassical)]
    let comparison = try ForecastComparison(
      replay, versions: members + [followers(of: members)[0]], threads: 2)
    func outcome(_ name: String) throws -> ReplayOutcome {
      try #require(comparison.versions.first { $0.forecast == name }).outcome
    }
    #expect(try outcome("money_selected").cost == outcome("blend_classical").cost)
    #expect(try outcome("persistence").cost > outcome("blend_classical").cost)
    // Where energy alone is billed, days decide.
    let followed = try #require(
      try Replayer(
        PaperSite.replay(
          PaperSite.history(loadKW: [[Double]](repeating: [1, 1, 1, 2], count: 9)),
          tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
      ).run(.planned(followers(of: members)[0])).followed)
    #expect(followed.weights.byDay[0] == [0.5, 0.5])
    #expect(followed.weights.byDay[8].contains(1))
  }

  @Test("the members' truth explains what following them costs, in the weights as they were")
  func explained() throws {
    let replay = try home()
    let members = [SmallSite.version(.naiveDay), SmallSite.version(.sevenDayAverage)]
    let versions = members + followers(of: members)
    let comparison = try ForecastComparison(replay, versions: versions, threads: 2)
    let study = try RegretStudy(comparison, of: replay, versions: versions, threads: 2)
    #expect(study.versions.count == 4)
    for version in study.versions {
      let sum = version.parts.values.reduce(0, +) + version.planning
      #expect(isClose(sum, version.score.regret, absolute: 1e-9))
    }
  }

  // A costs 1 a day, 40 in all. B costs 0.5 on each of the first 28 days and 2 on the other 12, 38 in all.
  // C costs 3 on the first day and 0.8 on the other 39, 34.2 in all: after d days 2.2 + 0.8 d, less than A's d
  // from d = 12 on, and less than B's 14 + 2 (d − 28) from d = 36.83 on, so 37 days.
  @Test("the rolling verdict tells since when the cheapest was ahead, and what a trial leads to")
  func rolling() throws {
    func outcome(_ name: String, _ days: [Double]) throws -> ReplayOutcome {
      try PaperSite.outcome(name, cost: days.reduce(0, +), dailyCosts: days)
    }
    let a = [Double](repeating: 1, count: 40)
    let b = (0..<40).map { $0 < 28 ? 0.5 : 2.0 }
    let c = (0..<40).map { $0 == 0 ? 3.0 : 0.8 }
    let comparison = ForecastComparison(
      noBattery: try outcome("no battery", a), selfConsumption: try outcome("rule", a),
      oracle: try outcome("oracle", c), foresight: try ForesightBound(PaperSite.idleDay()),
      planned: try [outcome("a", a), outcome("b", b), outcome("c", c)].map {
        ForecastComparison.PlannedRun(forecast: $0.name, outcome: $0)
      })
    let rolling = try #require(comparison.rolling)
    #expect(rolling.best == "c")
    #expect(rolling.days == 40)
    #expect(rolling.daysUntilAhead == 37)
    #expect(rolling.sureSince == nil)
    // After 28 days B is the cheapest. Its other 12 days cost 24, those of C 9.6.
    #expect(rolling.firstChoice?.name == "b")
    #expect(isClose(try #require(rolling.firstChoice).extraCost, 14.4, absolute: 1e-9))
  }
}
