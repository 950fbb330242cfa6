import Forecasting
import Planning
import Replay
import SiteSupport
import Studies
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Why versions cost more than the oracle") struct RegretStudyTests {
  private static let from = PaperSite.midnight(month: 6, day: 10)

  /// Three days of a home on spot prices with production, of which no two are alike, and a monthly peak.
  private func home(
    pricePerKW: Double = 4, settings change: (inout ReplaySettings) -> Void = { _ in }
  ) throws -> ReplayCase {
    func wave(_ slot: Int, _ period: Int) -> Double {
      Double(slot * 7919 % period) / Double(period)
    }
    let history = SmallSite.history(
      from: Self.from, days: 3, stepSeconds: 3600,
      load: { slot, hour in 0.4 + (hour >= 17 && hour < 22 ? 2 : 0) + 1.5 * wave(slot, 31) },
      pv: { slot, hour in max(0, 4 - abs(hour - 12.5)) * (0.3 + 0.7 * wave(slot / 24, 11)) },
      price: { slot, hour in 0.05 + (hour >= 16 && hour < 21 ? 0.2 : 0) + 0.1 * wave(slot, 17) })
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(pricePerKW))],
          meteringSeconds: 3600)
      ],
      export: .spot(minusPerKWh: 0.02))
    var settings = ReplaySettings(
      planningStepSeconds: 3600, replanSeconds: 3 * 3600, twinStepSeconds: 3600, hedge: .automatic)
    change(&settings)
    return try SmallSite.replay(
      history, from: Self.from, days: 3, tariff: tariff, settings: settings)
  }

  private func study(
    _ replay: ReplayCase, _ versions: [ForecastVersion], planners: [PlannerVariant] = [],
    details: RegretStudy.Details = [], threads: Int = 2
  ) throws -> RegretStudy {
    try RegretStudy(
      ForecastComparison(replay, versions: versions, planners: planners, threads: 2), of: replay,
      versions: versions, planners: planners, details: details, threads: threads)
  }

  private func sum(_ version: ExplainedVersion) -> Double {
    version.parts.values.reduce(0, +) + version.planning
  }

  // The site of `ComparisonTests.scores`: of the two days yesterday's forecast misses the afternoon of the
  // first one. The battery, 6 kWh for 1 kW, stays as it is, and 6 kWh are bought at 0.30 that the oracle bought
  // at 0.10: 1.20, all by the load and all in that afternoon. Energy kept is worth the 0.10 it costs.
  @Test("where only the load is wrong its part is the whole regret, in the hours that were missed")
  func onlyLoad() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let study = try study(replay, [PaperSite.version(.naiveDay)])
    let version = try #require(study.versions.first)
    #expect(Set(version.parts.keys) == [.load])
    #expect(isClose(try #require(version.parts[.load]), 1.2, absolute: 1e-5))
    #expect(version.planning == 0)
    #expect(version.largest?.cause == .load)
    let perfect = try #require(version.perfect(.load))
    #expect(isClose(perfect.saving, 1.2, absolute: 1e-5))
    #expect(perfect.perYear == nil)
    #expect(perfect.pair.undecidedReason == "2 days are too few for an interval")
    #expect(isClose(try #require(study.beyondForecasts), 0, absolute: 1e-5))
    #expect(isClose(version.hours.reduce(0) { $0 + $1.loss }, 1.2, absolute: 1e-4))
    #expect(isClose(version.hourless, 0, absolute: 1e-9))
    for hour in version.hours {
      #expect([12, 18].contains((hour.start - PaperSite.monday) / 3600))
      #expect((hour.expectedLoadKW, hour.loadKW) == (0, 1))
      #expect(isClose(hour.buyPerKWh, 0.3, absolute: 1e-12))
      #expect(isClose(hour.expectedBuyPerKWh, 0.3, absolute: 1e-12))
      #expect(isClose(hour.batteryKW, 0, absolute: 1e-6))
      #expect(isClose(hour.plannedBatteryKW, 0, absolute: 1e-6))
      #expect(hour.oracleBatteryKW > 0.1 && hour.oracleBatteryKW < 1 + 1e-6)
      #expect(hour.peakLoss == 0)
    }
  }

  @Test("parts sum to the regret and are the mean over the orders of replays told the truth")
  func sums() throws {
    let replay = try home()
    let versions = [SmallSite.version(.naiveDay), SmallSite.version(.sevenDayAverage)]
    let study = try study(replay, versions)
    #expect(study.versions.count == 2)
    let oracle = try Replayer(replay).run(.oracle).cost
    for version in study.versions {
      #expect(version.score.regret > 0.01)
      #expect(isClose(sum(version), version.score.regret, absolute: 1e-9))
      // The truth of everything is planned as the oracle is.
      #expect(version.planning == 0)
      #expect(version.parts.values.count { abs($0) > 0.001 } >= 2)
      let own = try #require(versions.first { $0.name == version.score.forecast })
      func cost(_ truths: Set<Quantity>) throws -> Double {
        truths.isEmpty
          ? version.score.outcome.cost
          : try Replayer(replay).run(.informed(own, of: truths)).cost
      }
      // The six orders of three causes, written out for the load: it comes first twice, last twice, and
      // once after each of the others.
      let first = try 2 * (cost([]) - cost([.load]))
      let middle = try cost([.pv]) - cost([.pv, .load]) + cost([.price]) - cost([.price, .load])
      let last = try 2 * (cost([.pv, .price]) - cost([.load, .pv, .price]))
      #expect(
        isClose(try #require(version.parts[.load]), (first + middle + last) / 6, absolute: 1e-9))
      #expect(try cost([.load, .pv, .price]) == oracle)
      for cause in ForecastCause.allCases {
        let saving = try cost([]) - cost([cause.quantity])
        #expect(isClose(try #require(version.perfect(cause)).saving, saving, absolute: 1e-9))
      }
      let hours = version.hours
      #expect(hours.count == ExpensiveHour.most)
      #expect(zip(hours, hours.dropFirst()).allSatisfy { $0.loss >= $1.loss })
    }
  }

  @Test("unknown prices are those of the next day before they are published, and those beyond")
  func prices() throws {
    let replay = try home()
    let version = SmallSite.version(.naiveDay)
    let explained = try #require(study(replay, [version], details: .leads).versions.first)
    let known = try #require(explained.priceKnowledge)
    let part = try #require(explained.parts[.price])
    #expect(isClose(known.nextDay + known.beyond, part, absolute: 1e-9))
    // The three causes come in six orders: prices first in two, last in two, and once after each of the others.
    var early = replay
    early.settings.publicationMinute = 0
    func gain(_ truths: Set<Quantity>) throws -> Double {
      try Replayer(replay).run(.informed(version, of: truths)).cost
        - Replayer(early).run(.informed(version, of: truths)).cost
    }
    let mean = try (2 * gain([]) + gain([.load]) + gain([.pv]) + 2 * gain([.load, .pv])) / 6
    #expect(isClose(known.nextDay, mean, absolute: 1e-9))
    #expect(abs(known.nextDay) > 0.001)
    // Told nothing, it plans as it does.
    #expect(
      try Replayer(replay).run(.informed(version, of: [])).cost == explained.score.outcome.cost)

    let always = try home { $0.publicationMinute = 0 }
    let published = try #require(study(always, [version], details: .leads).versions.first)
    #expect(published.priceKnowledge?.nextDay == 0)
    #expect(published.priceKnowledge?.beyond == published.parts[.price])
    #expect(try study(replay, [version]).versions.first?.priceKnowledge == nil)
    var told = version
    told.price = ForecastRecipe(.perfect)
    #expect(try study(replay, [told], details: .leads).versions.first?.priceKnowledge == nil)
  }

  @Test("what is left to the recourse within a slot is a part of what no forecast brings")
  func withinSlot() throws {
    let replay = try home {
      $0.planningStepSeconds = 7200
      $0.replanSeconds = 4 * 3600
    }
    let version = SmallSite.version(.naiveDay)
    let study = try study(replay, [version], details: .plans)
    let parts = try #require(study.beyond)
    #expect(isClose(parts.total, try #require(study.beyondForecasts), absolute: 1e-9))
    func cost(_ long: Bool, _ agreed: Bool, _ short: Bool) throws -> Double {
      var changed = replay
      if long { changed.settings.horizonHours = BeyondForecasts.longHorizonHours }
      if agreed { changed.settings.heat = .iterated }
      if short { changed.settings.planningStepSeconds = 3600 }
      return try Replayer(changed).run(.oracle).cost
    }
    func gain(_ long: Bool, _ agreed: Bool) throws -> Double {
      try cost(long, agreed, false) - cost(long, agreed, true)
    }
    let mean =
      try (2 * gain(false, false) + gain(true, false) + gain(false, true) + 2 * gain(true, true))
      / 6
    #expect(isClose(try #require(parts.withinSlot), mean, absolute: 1e-9))
    #expect(abs(mean) > 1e-4)
    // Slots as short as the meter's intervals leave nothing to it.
    #expect(try self.study(home(), [version], details: .plans).beyond?.withinSlot == nil)
  }

  @Test("a version that is the truth has no regret, exactly, in any part")
  func truth() throws {
    let replay = try home()
    var version = SmallSite.version(.perfect)
    version.price = ForecastRecipe(.perfect)
    let explained = try #require(study(replay, [version]).versions.first)
    #expect(explained.score.regret == 0)
    #expect(explained.parts == [.load: 0, .pv: 0, .price: 0])
    #expect(explained.planning == 0)
    #expect(explained.perfect.isEmpty)
    #expect(explained.largest == nil)
    #expect(explained.hours.isEmpty)
  }

  @Test("a version whose production is the truth has no part of it, exactly")
  func truePV() throws {
    let replay = try home()
    var version = SmallSite.version(.naiveDay)
    version.pv = ForecastRecipe(.perfect)
    let explained = try #require(study(replay, [version]).versions.first)
    #expect(explained.parts[.pv] == 0)
    #expect(explained.perfect(.pv) == nil)
    #expect(try #require(explained.parts[.load]) != 0)
    #expect(isClose(sum(explained), explained.score.regret, absolute: 1e-9))
  }

  // 1 kW at 0.10 EUR/kWh all day: energy moved to another hour costs the same or more.
  @Test("where the battery cannot earn anything no part costs anything")
  func flat() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 2, 1, 3]], earlierKW: [2, 1, 1, 1], pvKW: [[0, 0, 0, 0]]),
      tariff: PaperSite.flat(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let study = try study(replay, [PaperSite.version(.naiveDay)])
    let version = try #require(study.versions.first)
    for part in Array(version.parts.values) + [version.planning] {
      #expect(isClose(part, 0, absolute: 1e-6))
    }
    #expect(version.largest == nil)
    #expect(version.hours.isEmpty)
    #expect(study.biases.allSatisfy { abs($0.cost) < 1e-6 })
    // Load and production, each too high and too low.
    #expect(study.biases.count == 4)
  }

  @Test("what is no error of a forecast stands apart: targets from the past, another planner")
  func planning() throws {
    let replay = try home { $0.peakPricing = .trailingTarget }
    let version = SmallSite.version(.naiveDay)
    let explained = try #require(study(replay, [version]).versions.first)
    let told = try Replayer(replay).run(.informed(version, of: [.load, .pv, .price])).cost
    let oracle = try Replayer(replay).run(.oracle).cost
    #expect(explained.planning == told - oracle)
    #expect(abs(explained.planning) > 0.001)
    #expect(isClose(sum(explained), explained.score.regret, absolute: 1e-9))

    let blind = PlannerVariant(
      name: "set-point", engine: .automatic, hedge: HedgeSettings(), heat: .envelope,
      recourse: .batterySetPoint)
    let plain = PlannerVariant(
      name: "value step", engine: .automatic, hedge: .automatic, heat: .envelope,
      recourse: .valueStep)
    let ways = try study(home(), [version], planners: [blind, plain])
    #expect(
      Set(ways.versions.map(\.score.outcome.name)) == [
        "naive_day / set-point", "naive_day / value step",
      ])
    for way in ways.versions {
      #expect(isClose(sum(way), way.score.regret, absolute: 1e-9))
      if way.score.planner == "value step" { #expect(way.planning == 0) }
    }
  }

  // Equal paths have the mean cost of one of them.
  @Test("a hedge that was asked for costs nothing where every path is the truth")
  func hedge() throws {
    let replay = try home { $0.hedge = HedgeSettings(.expectedValue, source: .lastDays) }
    let explained = try #require(study(replay, [SmallSite.version(.naiveDay)]).versions.first)
    #expect(isClose(explained.planning, 0, absolute: 0.01))
    #expect(isClose(sum(explained), explained.score.regret, absolute: 1e-9))
  }

  @Test("a version told one quantity forecasts the others as before, and is labelled")
  func leakage() throws {
    let replay = try home()
    let version = SmallSite.version(.naiveDay)
    let own = try Replayer(replay).run(.planned(version))
    let told = try Replayer(replay).run(.informed(version, of: [.load]))
    #expect(told.label == "oracle")
    #expect(told.name == "naive_day told load")
    #expect(try #require(told.accuracy[.load]).mae == 0)
    #expect(try #require(own.accuracy[.load]).mae > 0.1)
    for quantity in [Quantity.pv, .price] {
      #expect(try #require(told.accuracy[quantity]).mae == own.accuracy[quantity]?.mae)
    }
    let comparison = try ForecastComparison(replay, versions: [version], threads: 1)
    _ = try RegretStudy(comparison, of: replay, versions: [version], threads: 1)
    #expect(
      comparison.scores.map(\.outcome.name) == [
        "naive_day", "oracle", "self-consumption", "no battery",
      ])
  }

  @Test("a forecast wrong by a tenth is planned with everything else known and without a hedge")
  func biases() throws {
    let replay = try home()
    let study = try study(replay, [SmallSite.version(.naiveDay)])
    #expect(study.biases.map(\.cause) == [.load, .load, .pv, .pv])
    #expect(study.biases.map(\.scale) == [1.1, 0.9, 1.1, 0.9])
    var wrong = SmallSite.version(.perfect)
    wrong.price = ForecastRecipe(.perfect)
    wrong.load = ForecastRecipe(
      version: "high", kind: .oracleNoise, noise: OracleForecaster.Noise(scale: 1.1))
    let cost = try Replayer(home { $0.hedge = HedgeSettings() }).run(.planned(wrong)).cost
    #expect(
      isClose(study.biases[0].cost, cost - (try Replayer(replay).run(.oracle).cost), absolute: 1e-9)
    )
  }

  // Each of two versions has seven runs; those told load and production have the same price forecast, and those
  // told everything are the oracle's, which was run: 7 + 7 − 1 − 2, and four forecasts wrong by a tenth.
  @Test("runs that would be the same are made once, on any number of threads")
  func sharing() throws {
    let replay = try home()
    let versions = [SmallSite.version(.naiveDay), SmallSite.version(.sevenDayAverage)]
    #expect(
      RegretStudy.intervalCount(replay, versions: versions) == (11 + 4) * replay.period.count)
    let one = try study(replay, versions, threads: 1)
    let three = try study(replay, versions, threads: 3)
    #expect(one.versions.map(\.parts) == three.versions.map(\.parts))
    #expect(one.versions.map(\.hourless) == three.versions.map(\.hourless))
  }
}
