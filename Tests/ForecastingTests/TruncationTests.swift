import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

/// No value at or after the issue time, less the gap, may move a forecast.
@Suite("Truncation") struct TruncationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var kind: ForecastRecipe.Kind
    var quantity: Quantity
    var gap: Int
    var testDescription: String { "\(kind.rawValue), \(quantity.rawValue), gap \(gap)" }
  }

  static let cases = ForecastFixture.honestKinds.flatMap { kind in
    [Quantity.load, .pv].flatMap { quantity in
      [0, 2].map { Case(kind: kind, quantity: quantity, gap: $0) }
    }
  }

  @Test("what comes after the issue time moves nothing", arguments: cases)
  func future(_ c: Case) throws {
    let history = ForecastFixture.history(days: 48)
    let site = SiteContext(zone: .utc, latitudeDeg: 45, longitudeDeg: 0, pvCapacityKW: 4)
    var recipe = ForecastRecipe(c.kind)
    // The trees' shape is not what is tested here, only what they may see.
    recipe.treeRounds = 5
    recipe.quantileLevels = [0.1, 0.5, 0.9]
    var random = SeededGenerator(seed: 3)
    var running = try recipe.forecaster(site: site, seed: 1)
    for (n, issue) in [10 * 24, 20 * 24 + 13, 29 * 24 + 6, 42 * 24 + 5].enumerated() {
      // A history whose values from `issue − gap` on are noise, missing or absurd.
      var changed = history
      for quantity in [Quantity.load, .pv, .ambient] {
        var column = try #require(history[quantity])
        for i in (issue - c.gap)..<column.count {
          column[i] = [random.normal() * 50, .nan, 1e6][(n + i) % 3]
        }
        changed[quantity] = column
      }
      let expected = try running.forecast(
        ForecastFixture.request(history, at: issue, count: 36, quantity: c.quantity, gap: c.gap))
      // Only the cut stands between a fresh forecaster and the changed slots; it must also agree
      // with one that has been asked before, and been fitted on the unchanged history.
      var fresh = try recipe.forecaster(site: site, seed: 1)
      let found = try fresh.forecast(
        ForecastFixture.request(changed, at: issue, count: 36, quantity: c.quantity, gap: c.gap))
      #expect(found == expected, "issue \(issue)")
      let isComplete = found.values.allSatisfy { $0.isFinite }
      #expect(isComplete)
    }
  }

  @Test(
    "nor does it move battery power, whose columns are those of other quantities",
    arguments: [ForecastRecipe.Kind.batteryRule, .ridge, .blendClassical, .persistence], [0, 2])
  func battery(_ kind: ForecastRecipe.Kind, gap: Int) throws {
    var history = ForecastFixture.history(days: 48)
    var random = SeededGenerator(seed: 4)
    let count = history.grid.count
    history[.batteryPower] = (0..<count).map { _ in random.uniform(-2, 2) }
    history[.stateOfCharge] = (0..<count).map { _ in random.uniform() }
    history[.price] = (0..<count).map { _ in random.uniform(0.1, 0.4) }
    let site = SiteContext(
      zone: .utc,
      battery: StorageLimits(chargeKW: 2, dischargeKW: 2, capacityKWh: 5))
    for (n, issue) in [20 * 24 + 13, 29 * 24 + 6, 42 * 24 + 5].enumerated() {
      var changed = history
      for quantity in history.columns.keys {
        var column = try #require(history[quantity])
        for i in (issue - gap)..<count {
          column[i] = [random.normal() * 50, .nan, 1e6][(n + i) % 3]
        }
        changed[quantity] = column
      }
      func forecast(_ history: SiteHistory) throws -> Forecast {
        var version = try ForecastRecipe(kind).forecaster(site: site, seed: 1)
        return try version.forecast(
          ForecastFixture.request(history, at: issue, count: 36, quantity: .batteryPower, gap: gap))
      }
      #expect(try forecast(changed) == forecast(history), "issue \(issue)")
    }
  }

  @Test("a past that reaches beyond the issue time is refused")
  func lateHistory() throws {
    let history = ForecastFixture.history(days: 20)
    var forecaster = try ForecastRecipe(.naiveDay)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    let request = ForecastRequest(
      past: history.known(before: history.grid.instant(241)), quantity: .load,
      grid: TimeGrid(start: history.grid.instant(240), stepSeconds: 3600, count: 24))
    #expect {
      _ = try forecaster.forecast(request)
    } throws: { error in
      "\(error)"
        == "error: history must end at the issue time 2024-01-11T00:00:00Z,"
        + " found a slot until 2024-01-11T01:00:00Z"
    }
  }
}
