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

  @Test("batteries that share forecasts do what each does alone", arguments: [true, false])
  func shared(isOracle: Bool) throws {
    let replay = try replay()
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

  @Test("what is kept of candidates survives a file and stands for their replays")
  func kept() throws {
    let replay = try replay()
    let version = PaperSite.version(.naiveDay)
    let runs = Mutex<[SizedRun]>([])
    let first = try SizingStudy(
      replay, version: version, settings: settings(),
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) },
      keep: { run in runs.withLock { $0.append(run) } }, threads: 2)
    let kept = runs.withLock { $0 }
    #expect(kept.count == 4)
    let read = try JSONDecoder().decode([SizedRun].self, from: JSONEncoder().encode(kept))
    #expect(Set(read) == Set(kept))
    let second = try SizingStudy(
      replay, version: version, settings: settings(),
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }, known: read,
      keep: { Issue.record("\($0.energyKWh) kWh was replayed again") }, threads: 1)
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
      replay, version: PaperSite.version(.naiveDay), settings: settings(),
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) },
      batteries: [
        BatteryChoice(
          name: "box", energyKWh: 6, powerKW: 1, price: 500,
          twin: try PaperSite.battery(capacityKWh: 6, powerKW: 1))
      ], sites: [SizingSite(flat, tariff: "flat")], threads: 1)
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
}
