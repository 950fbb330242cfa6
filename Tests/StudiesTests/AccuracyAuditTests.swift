import Forecasting
import Replay
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("How accuracy goes with cost") struct AccuracyAuditTests {
  /// A version whose load forecast is wrong by an amount in turns up and down, which costs so much a day.
  private func outcome(
    _ name: String, errors: [Double], costs: [Double], oracle: Double = 1
  ) throws -> ReplayOutcome {
    var outcome = try PaperSite.outcome(
      name, cost: costs.reduce(0) { $0 + $1 + oracle },
      dailyCosts: costs.map { $0 + oracle })
    let actual: [Double] = [1, 3, 2, 4]
    outcome.dayAhead = DayAheadLog(
      slotsPerHour: 1,
      days: [
        .load: errors.map { error in
          DayAheadLog.Day(
            forecast: zip(actual, [1.0, -1, 1, -1]).map { $0 + error * $1 }, actual: actual)
        }
      ])
    return outcome
  }

  private func audit(_ versions: [ReplayOutcome], days: Int) throws -> AccuracyAudit? {
    let flat = [Double](repeating: 1, count: days)
    return try ForecastComparison(
      noBattery: PaperSite.outcome(
        "none", cost: 11 * Double(days), dailyCosts: flat.map { $0 + 10 }),
      selfConsumption: PaperSite.outcome("rule", cost: Double(days), dailyCosts: flat),
      oracle: PaperSite.outcome("oracle", cost: Double(days), dailyCosts: flat),
      foresight: ForesightBound(PaperSite.idleDay()),
      planned: versions.map { ForecastComparison.PlannedRun(forecast: $0.name, outcome: $0) }
    ).accuracyAudits.first
  }

  /// Errors of 70 days, no two of which are alike.
  private static let errors = (0..<70).map { 0.1 + Double($0 * 37 % 71) / 100 }

  @Test("where the less accurate day, week and version is always the dearer one, all is 1")
  func perfect() throws {
    let versions = try [1.0, 2, 3].map { scale in
      try outcome(
        "x\(scale)", errors: Self.errors.map { $0 * scale }, costs: Self.errors.map { $0 * scale })
    }
    let audit = try #require(try audit(versions, days: 70))
    let mae = try #require(audit.rows.first { $0.measure == .mae && $0.subject == .load })
    #expect(mae.versions == 3)
    for found in [mae.overVersions, mae.overDays, mae.overWeeks] {
      let found = try #require(found)
      #expect(isClose(found.value, 1, absolute: 1e-12))
      #expect(isClose(found.low, 1, absolute: 1e-9) && isClose(found.high, 1, absolute: 1e-9))
    }
    #expect(mae.picked == "x1.0")
    #expect(mae.extraCost == 0)
    // The errors of a day sum to nothing, so that bias tells the versions apart by rounding at most.
    #expect(audit.rows.filter { $0.subject == .load && $0.measure == .revision }.isEmpty)
    #expect(audit.rows.allSatisfy { $0.subject == .load })
  }

  // The worst forecast is the cheapest. From day to day each version still costs more when it errs more.
  @Test("over versions the measure may say the opposite of what it says from day to day")
  func opposite() throws {
    let versions = try [1.0, 2, 3].map { scale in
      try outcome(
        "x\(scale)", errors: Self.errors.map { $0 * scale },
        costs: Self.errors.map { $0 + 5 - scale })
    }
    let audit = try #require(try audit(versions, days: 70))
    let rmse = try #require(audit.rows.first { $0.measure == .rmse })
    #expect(isClose(try #require(rmse.overVersions).value, -1, absolute: 1e-12))
    #expect(isClose(try #require(rmse.overDays).value, 1, absolute: 1e-12))
    #expect(rmse.picked == "x1.0")
    // It costs 2 a day more than the cheapest.
    #expect(isClose(rmse.extraCost, 140, absolute: 1e-9))
  }

  // The hours 1, 3, 2, 4 are told in the right order by errors below 0.5 in turns: 1 + e < 2 + e < 3 − e < 4 − e.
  // Beyond 0.5 the second hour is below the third: 4 of 6 pairs, tau 2/3; beyond 1.5 all but two are reversed.
  // Of a possible 10 a day (11 without a battery, 1 with the oracle) 9 are captured at a cost of 1.
  @Test("days are put together by how well their hours were told apart") func bands() throws {
    let errors = (0..<70).map { $0 % 2 == 0 ? 0.2 : 0.7 }
    let costs = errors.map { $0 < 0.5 ? 1.0 : 4 }
    let versions = try ["a", "b"].map { try outcome($0, errors: errors, costs: costs) }
    let audit = try #require(try audit(versions, days: 70))
    #expect(audit.bandSubject == .load)
    let told = audit.bands.filter { $0.days > 0 }
    #expect(told.map(\.from) == [0.5, 0.95])
    #expect(told.map(\.days) == [70, 70])
    #expect(isClose(try #require(told[0].captured), 0.6, absolute: 1e-12))
    #expect(isClose(try #require(told[1].captured), 0.9, absolute: 1e-12))
    #expect(isClose(try #require(told[1].interval).low, 0.9, absolute: 1e-9))
  }

  @Test("forecasts that were not kept are not audited") func unkept() throws {
    let version = try PaperSite.outcome("a", cost: 10, dailyCosts: [5, 5])
    #expect(try audit([version, version], days: 2) == nil)
  }

  // Yesterday as the forecast: at midnight of Monday 1, 1, 0, 0 are known of the day before, at that of Tuesday
  // what Monday was. On Monday every later issue sees hours that have come true: at six one slot is known, and
  // what is forecast of the later ones does not change.
  @Test("a replay keeps the first issue of each day, and costs the same") func recorded() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 2, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    var kept = replay
    kept.settings.keepsDayAhead = true
    let version = PaperSite.version(.naiveDay)
    let plain = try Replayer(replay).run(.planned(version))
    let logged = try Replayer(kept).run(.planned(version))
    #expect(plain.dayAhead == nil)
    #expect(plain.cost == logged.cost)
    let days = try #require(logged.dayAhead?.days[.load])
    #expect(days.map { $0?.forecast } == [[1, 1, 0, 0], [1, 1, 1, 1]])
    #expect(days.map { $0?.actual } == [[1, 1, 1, 1], [1, 2, 1, 1]])
    #expect(days.map { $0?.revision } == [0, 0])
    #expect(logged.dayAhead?.days[.price] == nil)
  }
}
