import Documents
import Foundation
import Planning
import Replay
import SiteSupport
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import Studies

@Suite("Candidates side by side, kept and taken again") struct SizedRunTests {
  private static let load: [[Double]] = [
    [1, 1, 1, 1], [1, 0.5, 2, 1], [0.5, 1, 1, 2], [1, 1, 2, 2], [2, 1, 0.5, 1],
  ]

  private func replay() throws -> ReplayCase {
    try PaperSite.replay(
      PaperSite.history(loadKW: Self.load), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
  }

  private func settings() -> SizingSettings {
    var settings = SizingSettings(
      energiesKWh: [3, 6], powersKW: [1, 2],
      finance: FinanceTerms(capital: CapitalCosts(perKWh: 20, perKW: 5), years: 5))
    settings.period = .scaleToYear
    settings.withRule = true
    return settings
  }

  private func work(
    _ replay: ReplayCase, _ settings: SizingSettings, batteries: [BatteryChoice] = [],
    sites: [SizingSite] = []
  ) throws -> SizingWork {
    try SizingWork(
      replay, version: PaperSite.version(.naiveDay), settings: settings,
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }, batteries: batteries,
      sites: sites)
  }

  /// The runs as a file holds them.
  private static func reread(_ runs: [SizedRun]) throws -> [SizedRun] {
    try JSONDecoding.decode(
      [SizedRun].self, from: TextFile(Array(JSONEncoder().encode(runs)), path: "runs.json"))
  }

  @Test(
    "batteries that share forecasts do what each does alone", arguments: [true, false],
    [HedgeSettings(), .automatic])
  func shared(isOracle: Bool, hedge: HedgeSettings) throws {
    var replay = try replay()
    replay.settings.hedge = hedge
    let version = PaperSite.version(.naiveDay)
    let batteries = try [(3.0, 1.0), (6, 1), (9, 2)].map {
      try PaperSite.battery(capacityKWh: $0.0, powerKW: $0.1)
    }
    let together = try Replayer(replay).run(isOracle ? nil : version, batteries: batteries)
    #expect(together.count == 3)
    for (outcome, battery) in zip(together, batteries) {
      let alone = try Replayer(replay.with(battery: battery)).run(
        isOracle ? .oracle : .planned(version))
      #expect(outcome.trace.batteryKW == alone.trace.batteryKW)
      #expect(outcome.cost == alone.cost)
      #expect(outcome.isOracle == alone.isOracle && outcome.name == alone.name)
      #expect(outcome.planning.plans == alone.planning.plans)
    }
    #expect(try Replayer(replay).run(version, batteries: []).isEmpty)
  }

  @Test("forecasts that were issued before lead to the same replays", arguments: [true, false])
  func issuedBefore(isHedged: Bool) throws {
    var replay = try replay()
    if isHedged { replay.settings.hedge = .automatic }
    let version = PaperSite.version(.naiveDay)
    let batteries = try [(3.0, 1.0), (6, 1)].map {
      try PaperSite.battery(capacityKWh: $0.0, powerKW: $0.1)
    }
    let issued = IssuedForecasts()
    _ = try Replayer(replay).run(version, batteries: [batteries[0]], issued: issued)
    let later = try Replayer(replay).run(version, batteries: batteries, issued: issued)
    let anew = try Replayer(replay).run(version, batteries: batteries)
    #expect(later.map(\.trace.batteryKW) == anew.map(\.trace.batteryKW))
    #expect(later.map(\.cost) == anew.map(\.cost))
    #expect(later[0].accuracy[.load]?.count == anew[0].accuracy[.load]?.count)
    #expect(later[0].forecastCounts == anew[0].forecastCounts)
  }

  @Test("what is kept of candidates survives a file and stands for their replays")
  func kept() throws {
    let replay = try replay()
    let work = try work(replay, settings())
    let runs = Mutex<[SizedRun]>([])
    let first = try SizingStudy(
      work, cells: SizingCells { run in runs.withLock { $0.append(run) } }, threads: 2)
    let kept = runs.withLock { $0 }
    #expect(kept.count == 4)
    let read = try Self.reread(kept)
    #expect(Set(read) == Set(kept))
    let second = try SizingStudy(
      work,
      cells: SizingCells(known: read) { Issue.record("\($0.energyKWh) kWh was replayed again") },
      threads: 1)
    #expect(first.candidates.map(\.run) == second.candidates.map(\.run))
    #expect(first.candidates.map(\.netPresentValue) == second.candidates.map(\.netPresentValue))
    #expect(first.bestIndex == second.bestIndex)
  }

  // Day and night differ by 0.20; another tariff has the same price all day, so that a battery is of no use there.
  @Test("another tariff and more production are candidates with and without a battery")
  func sites() throws {
    let replay = try replay()
    let flat = try ReplayCase(
      history: replay.history, site: replay.site, from: replay.period.start,
      to: replay.period.end, battery: replay.battery, tariff: PaperSite.flat(),
      settings: replay.settings)
    let study = try SizingStudy(
      work(
        replay, settings(),
        batteries: [
          BatteryChoice(
            name: "box", energyKWh: 6, powerKW: 1, price: 500,
            twin: try PaperSite.battery(capacityKWh: 6, powerKW: 1))
        ], sites: [SizingSite(flat, tariff: "flat")]), threads: 1)
    // Each site without a battery, with four sizes and with the product.
    #expect(study.candidates.map(\.run.site) == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    #expect(study.candidates[5].run.product == "box" && study.candidates[5].capital == 500)
    #expect(study.candidates[0].netPresentValue == 0)
    // The flat tariff has 0.10 where the other has 0.30 after noon: switching alone saves that at no price.
    let switching = study.candidates[6]
    let high = Self.load.reduce(0) { $0 + ($1[2] + $1[3]) * 6 * 0.2 }
    #expect(switching.isNoBattery && switching.capital == 0)
    #expect(isClose(switching.year1Savings, high * 365 / 5, relative: 1e-6))
    #expect(study.bestIndex == 6)
    #expect(study.bestBattery?.isNoBattery == false)
  }

  // Parts that run one after the other, each again until no candidate is missing, as the machines of a cluster do.
  @Test(
    "any number of parts makes the study of one run", arguments: [1, 2, 3, 7],
    [Search.all, .refine])
  func shards(count: Int, search: Search) throws {
    var settings = settings()
    settings.energiesKWh = [3, 4, 5, 6, 7, 9]
    settings.search = search
    let replay = try replay()
    let flat = try ReplayCase(
      history: replay.history, site: replay.site, from: replay.period.start,
      to: replay.period.end, battery: replay.battery, tariff: PaperSite.flat(),
      settings: replay.settings)
    let work = try work(replay, settings, sites: [SizingSite(flat, tariff: "flat")])
    let whole = try SizingStudy(work, threads: 2)
    let kept = Mutex<[SizedRun]>([])
    var rounds = 0
    var missing = 1
    while missing > 0 {
      rounds += 1
      try #require(rounds < 20)
      for number in 1...count {
        let known = try Self.reread(kept.withLock { $0 })
        missing = try work.replayShare(
          SizingCells(
            known: known, missing: .share(try #require(Shard(number, of: count))),
            keep: { run in kept.withLock { $0.append(run) } }), threads: 2)
      }
    }
    let runs = kept.withLock { $0 }
    // No candidate is replayed twice, and none that the whole study does not try.
    #expect(runs.count == Set(runs).count)
    #expect(runs.count == whole.candidates.count { !$0.isNoBattery })
    let merged = try SizingStudy(
      work, cells: SizingCells(known: Self.reread(runs), missing: .refuse), threads: 1)
    #expect(merged.candidates.map(\.run) == whole.candidates.map(\.run))
    #expect(merged.candidates.map(\.netPresentValue) == whole.candidates.map(\.netPresentValue))
    #expect(merged.skippedCells == whole.skippedCells && merged.bestIndex == whole.bestIndex)
    // Two of three parts are no study, and it is said how many candidates are missing.
    #expect(throws: MissingCandidates(count: 1)) {
      try SizingStudy(
        work, cells: SizingCells(known: Array(runs.dropLast()), missing: .refuse), threads: 1)
    }
  }

  @Test("a part that does not exist cannot be named") func noShard() {
    #expect(Shard(0, of: 3) == nil && Shard(4, of: 3) == nil && Shard(1, of: 0) == nil)
    // Seven candidates, three parts: the first has one more.
    let parts = (1...3).compactMap { Shard($0, of: 3) }
    #expect(
      parts.map { part in (0..<7).filter { part.holds($0) } } == [[0, 3, 6], [1, 4], [2, 5]])
  }
}
