import Forecasting
import TestSupport
import Testing
import TimeSeries

@Suite("Training windows") struct TrainingWindowTests {
  private func fitted(
    _ history: SiteHistory, _ kind: ForecastRecipe.Kind, trainingDays: Int?, refitDays: Int? = 7,
    at slot: Int
  ) throws -> (record: ModelRecord, values: [Double]) {
    var recipe = ForecastRecipe(kind)
    recipe.trainingDays = trainingDays
    recipe.refitDays = refitDays
    recipe.treeRounds = 5
    var version = try recipe.forecaster(site: SiteContext(zone: .utc), seed: 1)
    let forecast = try version.forecast(
      ForecastFixture.request(history, at: slot, count: 24, quantity: .load))
    let built = try #require(version as? VersionForecaster)
    return (try #require(built.record(of: .load, version: "v", seed: 1)), forecast.values)
  }

  private func record(
    _ history: SiteHistory, _ kind: ForecastRecipe.Kind, trainingDays: Int?, refitDays: Int? = 7,
    at slot: Int
  ) throws -> ModelRecord {
    try fitted(history, kind, trainingDays: trainingDays, refitDays: refitDays, at: slot).record
  }

  @Test(
    "a fit uses the newest days and nothing before them",
    arguments: [
      ForecastRecipe.Kind.ridge, .trees, .treesMedian, .aurora,
    ])
  func window(_ kind: ForecastRecipe.Kind) throws {
    let history = ForecastFixture.history(days: 120, gaps: false)
    let slot = 112 * 24
    let longest = kind == .aurora ? 110 : nil
    let all = try fitted(history, kind, trainingDays: longest, at: slot)
    let newest = try fitted(history, kind, trainingDays: 28, at: slot)
    // 28 days of history, then one refit every seven: the newest at day 112.
    #expect(newest.record.trainedTo == ForecastFixture.start + slot * 3600)
    #expect(newest.record.trainedFrom == ForecastFixture.start + (slot - 28 * 24) * 3600)
    #expect(newest.record.rows < all.record.rows / 2 && newest.record.rows > 500)
    // Columns look back 28 days further. What lies before that decides nothing, but did without a
    // window. Trees start from smoothed means, which never forget wholly.
    guard kind == .ridge || kind == .aurora else { return }
    var changed = history
    var load = try #require(history[.load])
    for i in 0..<(slot - 60 * 24) { load[i] *= 1.5 }
    changed[.load] = load
    let other = try fitted(changed, kind, trainingDays: 28, at: slot)
    // Running sums round differently after other values.
    for (a, b) in zip(other.values, newest.values) { #expect(isClose(a, b, relative: 1e-9)) }
    let unbounded = try fitted(changed, kind, trainingDays: longest, at: slot)
    let moved = zip(unbounded.values, all.values).map { abs($0 - $1) }.max() ?? 0
    #expect(moved > 1e-4)
  }

  @Test("a version that is never fitted again keeps its first fit") func never() throws {
    let history = ForecastFixture.history(days: 120)
    let early = try record(history, .ridge, trainingDays: nil, refitDays: nil, at: 20 * 24)
    let late = try record(history, .ridge, trainingDays: nil, refitDays: nil, at: 110 * 24)
    #expect(early.hash == late.hash && early.trainedTo == ForecastFixture.start + 14 * 86_400)
    let weekly = try record(history, .ridge, trainingDays: nil, refitDays: 7, at: 110 * 24)
    #expect(weekly.hash != late.hash)
  }

  @Test("a record says what the fit says of itself") func metrics() throws {
    let history = ForecastFixture.history(days: 60)
    let ridge = try record(history, .ridge, trainingDays: nil, at: 56 * 24)
    #expect([1, 10, 100, 1000].contains(ridge.metrics["penalty"]))
    // Noise is even over 0.3 kW: its standard deviation 0.3/√12 is the best there can be.
    let error = try #require(ridge.metrics["held_out_rmse"])
    #expect(error > 0.3 / 12.0.squareRoot() * 0.9 && error < 0.2)
    #expect((ridge.seconds ?? -1) >= 0)
    let trees = try record(history, .trees, trainingDays: nil, at: 56 * 24)
    #expect((trees.metrics["training_mae"] ?? .nan) > 0)
    let blend = try record(history, .blendClassical, trainingDays: nil, at: 56 * 24)
    #expect(
      blend.metrics.keys.sorted() == [
        "trailing_mae_baseline_7_day_avg", "trailing_mae_naive_day", "trailing_mae_naive_week",
        "trailing_mae_ridge", "trailing_mae_slot_ewma",
      ])
    // The weights are those of the errors: w ∝ MAE⁻⁴.
    let errors = blend.members.map { blend.metrics["trailing_mae_\($0)"] ?? .nan }
    let raw = errors.map { 1 / ($0 * $0 * $0 * $0) }
    let total = raw.reduce(0, +)
    for (weight, own) in zip(blend.weights, raw) {
      #expect(isClose(weight, own / total, relative: 1e-9))
    }
  }

  @Test(
    "holidays are rest days to every version that tells days apart",
    arguments: [
      ForecastRecipe.Kind.slotEWMA, .ridge,
    ])
  func holidays(_ kind: ForecastRecipe.Kind) throws {
    // 2 kW on weekends and holidays, 1 kW on working days; every third Wednesday is a holiday.
    let days = 100
    let first = ForecastFixture.start / 86_400
    let free = stride(from: 2, to: days, by: 21).map { first + $0 }
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: days * 24)
    let load = grid.indices.map { i -> Double in
      let day = i / 24
      return day % 7 >= 5 || free.contains(first + day) ? 2 : 1
    }
    let history = SiteHistory(grid: grid, zone: .utc, columns: [.load: load])
    func value(_ holidays: HolidayCalendar) throws -> Double {
      var version = try ForecastRecipe(kind)
        .forecaster(site: SiteContext(zone: .utc, holidays: holidays), seed: 1)
      // Day 86 = 2 + 4·21 is a Wednesday off; asked on the evening before.
      let issue = 86 * 24 - 6
      return try version.forecast(
        ForecastFixture.request(history, at: issue, count: 24, quantity: .load)
      ).values[18]
    }
    #expect(try value(HolidayCalendar(days: free)) > 1.8)
    #expect(try value(.none) < 1.4)
  }
}
