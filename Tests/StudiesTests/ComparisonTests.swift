import Replay
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Forecast comparison") struct ComparisonTests {
  /// Two days of 1 kW with 0.10 EUR/kWh before noon and 0.30 after it; on the days before, nothing
  /// was used after noon, so that yesterday is a bad forecast of the first day.
  private func twoDays(_ versions: [ForecastVersion]) throws -> ForecastComparison {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    return try ForecastComparison(replay, versions: versions, threads: 2)
  }

  // No battery: 2·(12·0.1 + 12·0.3) = 9.6; without production the rule does nothing. With 6 kWh
  // moved past noon a day costs 1.2 less: 7.2 for the oracle and the bound. Yesterday's forecast
  // moves nothing on the first day: 8.4, which is half of the possible saving.
  @Test("savings, regret and share captured follow from the costs")
  func scores() throws {
    let comparison = try twoDays([PaperSite.version(.naiveDay), PaperSite.version(.perfect)])
    #expect(isClose(comparison.noBattery.cost, 9.6, absolute: 1e-9))
    #expect(isClose(comparison.selfConsumption.cost, 9.6, absolute: 1e-9))
    #expect(isClose(comparison.oracle.outcome.cost, 7.2, absolute: 1e-5))
    #expect(isClose(comparison.foresight.cost, 7.2, absolute: 1e-5))
    #expect(isClose(comparison.foresight.modelGap, 0, absolute: 1e-5))
    #expect(comparison.versions.map(\.forecast) == ["perfect", "naive_day"])
    let perfect = comparison.versions[0]
    #expect(perfect.outcome.cost == comparison.oracle.outcome.cost)
    #expect(perfect.regret == 0)
    #expect(perfect.shareCaptured == 1)
    let naive = comparison.versions[1]
    #expect(isClose(naive.outcome.cost, 8.4, absolute: 1e-5))
    #expect(isClose(naive.savingsVsNoBattery, 1.2, absolute: 1e-5))
    #expect(isClose(naive.savingsVsSelfConsumption, 1.2, absolute: 1e-5))
    #expect(isClose(naive.regret, 1.2, absolute: 1e-5))
    #expect(isClose(try #require(naive.shareCaptured), 0.5, absolute: 1e-5))
    #expect(comparison.score(comparison.noBattery).shareCaptured == 0)
    #expect(isClose(comparison.score(comparison.noBattery).regret, 2.4, absolute: 1e-5))
    // The day that is planned badly costs 4.8 instead of 3.6.
    #expect(isClose(naive.outcome.dailyCosts[0], 4.8, absolute: 1e-5))
    #expect(isClose(naive.outcome.dailyCosts[1], 3.6, absolute: 1e-5))
  }

  // 2 kW of production in the first six hours, export at 0.05. No battery: −6·0.05 + 6·0.1 + 12·0.3
  // = 3.9. The rule stores 6 kWh and spends them at once on the 0.10 slot: 3.6. The oracle keeps
  // them for an expensive slot: 6·0.1 + 6·0.3 = 2.4.
  @Test("savings against rule-based control are what planning adds to it")
  func againstTheRule() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]], pvKW: [[2, 0, 0, 0]]),
      tariff: PaperSite.dayAndNight(exportPerKWh: 0.05),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let comparison = try ForecastComparison(
      replay, versions: [PaperSite.version(.perfect)], threads: 1)
    let perfect = comparison.versions[0]
    #expect(isClose(comparison.noBattery.cost, 3.9, absolute: 1e-9))
    #expect(isClose(comparison.selfConsumption.cost, 3.6, absolute: 1e-5))
    #expect(isClose(perfect.outcome.cost, 2.4, absolute: 1e-5))
    #expect(isClose(perfect.savingsVsSelfConsumption, 1.2, absolute: 1e-5))
    #expect(isClose(perfect.savingsVsNoBattery, 1.5, absolute: 1e-5))
    // 0.3 of 1.5.
    let rule = comparison.score(comparison.selfConsumption)
    #expect(isClose(try #require(rule.shareCaptured), 0.2, absolute: 1e-5))
  }

  @Test("where the oracle saves nothing there is no share to capture")
  func nothingToSave() throws {
    let comparison = try ForecastComparison(
      PaperSite.idleDay(), versions: [PaperSite.version(.naiveDay)], threads: 1)
    // Nothing but what is left of resistance: a battery without losses may keep energy.
    #expect(isClose(comparison.versions[0].savingsVsNoBattery, 0, absolute: 1e-6))
    #expect(comparison.versions[0].shareCaptured == nil)
    // An oracle that loses, as the battery's own draw can make it, leaves no share either.
    let losing = try ranked([("a", 11)], oracle: 10.5)
    #expect(losing.versions[0].shareCaptured == nil)
    #expect(losing.versions[0].savingsVsNoBattery == -1)
  }

  /// Finished replays with stated costs; no battery costs 10.
  private func ranked(
    _ costs: [(name: String, cost: Double)], oracle: Double = 4
  ) throws -> ForecastComparison {
    ForecastComparison(
      noBattery: try PaperSite.outcome("no battery", cost: 10),
      selfConsumption: try PaperSite.outcome("self-consumption", cost: 8),
      oracle: try PaperSite.outcome("oracle", cost: oracle),
      foresight: try ForesightBound(PaperSite.idleDay()),
      planned: try costs.map {
        ForecastComparison.PlannedRun(
          forecast: $0.name, outcome: try PaperSite.outcome($0.name, cost: $0.cost))
      })
  }

  @Test("versions are ranked by cost, and equal costs keep the order of the scenario")
  func ranking() throws {
    let comparison = try ranked([("a", 6), ("b", 5), ("c", 6), ("d", 5), ("e", 7)])
    #expect(comparison.versions.map(\.forecast) == ["b", "d", "a", "c", "e"])
    #expect(comparison.versions.map(\.regret) == [1, 1, 2, 2, 3])
    #expect(comparison.versions.map(\.savingsVsNoBattery) == [5, 5, 4, 4, 3])
    #expect(comparison.versions.map(\.savingsVsSelfConsumption) == [3, 3, 2, 2, 1])
    let shares: [Double?] = [5.0 / 6, 5.0 / 6, 4.0 / 6, 4.0 / 6, 0.5]
    #expect(comparison.versions.map(\.shareCaptured) == shares)
    // Replayed versions that do the same tie as well.
    let replayed = try twoDays([
      PaperSite.version(.naiveDay, name: "z"), PaperSite.version(.perfect),
      PaperSite.version(.naiveDay, name: "a"),
    ])
    #expect(replayed.versions.map(\.forecast) == ["perfect", "z", "a"])
  }

  @Test("a comparison reports the versions and four counterfactuals interval by interval")
  func intervals() throws {
    let replay = try PaperSite.idleDay()
    #expect(ForecastComparison.intervalCount(replay, versionCount: 3) == (3 + 4) * 4)
    #expect(
      ForecastComparison.intervalCount(replay, versionCount: 3, plannerCount: 2) == (6 + 4) * 4)
  }
}
