import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

@Suite("Blend, corrector and quantiles") struct BlendTests {
  private func scores(
    _ recipe: ForecastRecipe, _ history: SiteHistory, quantity: Quantity = .load,
    external: ExternalForecasts? = nil
  ) throws -> BacktestScores {
    var forecaster = try recipe.forecaster(
      site: SiteContext(zone: .utc), seed: 1,
      resources: ForecastResources(external: external))
    return try Backtest(quantity: quantity, history: history)
      .scores(of: &forecaster, history: history)
  }

  @Test("a very good external version takes over the blend")
  func external() throws {
    let history = ForecastFixture.history(days: 100, gaps: false)
    let truth = try #require(history[.load])
    let good = ExternalForecasts(
      version: "vendor", quantity: .load, series: Series(grid: history.grid, values: truth),
      issued: .beforeSlot(2 * 86_400), zone: .utc)
    let alone = try scores(ForecastRecipe(.blendClassical), history)
    let joined = try scores(ForecastRecipe(.blendClassical), history, external: good)
    #expect(joined.errors.mae < 0.05 * alone.errors.mae)
  }

  /// Seed systems call their versions after the kinds; every name once, or the record of weights breaks.
  @Test(
    "a version made elsewhere may bear the name of a member", arguments: ["ridge", "naive_day"])
  func namesake(name: String) throws {
    let history = ForecastFixture.history(days: 100, gaps: false)
    let truth = Series(grid: history.grid, values: try #require(history[.load]))
    var rows = ExternalForecasts(rows: [])
    for version in [name, "\(name) (external)"] {
      rows.merge(
        ExternalForecasts(
          version: version, quantity: .load, series: truth, issued: .beforeSlot(2 * 86_400),
          zone: .utc))
    }
    var blend = try #require(
      try ForecastRecipe(.blendClassical).forecaster(
        site: SiteContext(zone: .utc), seed: 1, resources: ForecastResources(external: rows))
        as? VersionForecaster)
    _ = try blend.forecast(
      ForecastFixture.request(history, at: 90 * 24, count: 24, quantity: .load))
    let record = try #require(blend.record(of: .load, version: "b", seed: 1))
    #expect(record.members.count == 7 && Set(record.members).count == 7)
    #expect(record.members.contains(name) && record.members.contains("\(name) (external)"))
    #expect(record.metrics["trailing_mae_\(name) (external)"] == 0)
  }

  @Test("the blend is at least nearly as good as its best member")
  func members() throws {
    let history = ForecastFixture.history(days: 100, gaps: false)
    let best = try [.naiveDay, .naiveWeek, .sevenDayAverage, .slotEWMA, .ridge]
      .map { try scores(ForecastRecipe($0), history).errors.mae }.min()
    let blend = try scores(ForecastRecipe(.blendClassical), history).errors.mae
    #expect(blend < 1.03 * (best ?? 0))
  }

  @Test("the corrector takes a steady bias off")
  func corrector() throws {
    // PV that a 7-day average cannot follow upwards: a ramp of 2 % a day.
    var history = ForecastFixture.history(days: 100, gaps: false)
    history[.load] = history.grid.indices.map { 1 + 0.02 * Double($0 / 24) }
    var recipe = ForecastRecipe(.corrector)
    recipe.correctedKind = .sevenDayAverage
    let raw = try scores(ForecastRecipe(.sevenDayAverage), history)
    let corrected = try scores(recipe, history)
    // The mean of the newest seven days lags a ramp by four days: 0.08 too low.
    #expect(isClose(raw.errors.bias, -0.08, absolute: 0.01))
    #expect(abs(corrected.errors.bias) < 0.035)
  }

  @Test("residual quantiles cover what they say")
  func coverage() throws {
    let history = ForecastFixture.history(days: 120, gaps: false)
    var recipe = ForecastRecipe(.ridge)
    recipe.quantileLevels = (1...9).map { Double($0) / 10 }
    let found = try scores(recipe, history)
    #expect(isClose(found.quantiles.coverage80, 0.8, absolute: 0.04))
    for (level, share) in zip(found.quantiles.levels, found.quantiles.reliability) {
      #expect(isClose(share, level, absolute: 0.05))
    }
    #expect(found.quantiles.pit.count == 10)
    #expect(isClose(found.quantiles.pit.reduce(0, +), 1, relative: 1e-12))
  }

  @Test("adaptive levels win back the coverage that a growing spread costs")
  func adaptation() throws {
    // The spread doubles every 35 days, so errors of the last 42 days are too small.
    let days = 260
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: days * 24)
    var random = SeededGenerator(seed: 3)
    var spread = 0.001
    let load = grid.indices.map { _ -> Double in
      spread *= 1 + 0.0198 / 24
      return 50 + spread * random.normal()
    }
    let history = SiteHistory(grid: grid, zone: .utc, columns: [.load: load])
    func scores(_ rate: Double?) throws -> BacktestScores {
      var recipe = ForecastRecipe(.sevenDayAverage)
      recipe.quantileLevels = [0.1, 0.5, 0.9]
      recipe.adaptiveRate = rate
      var version = try recipe.forecaster(site: SiteContext(zone: .utc), seed: 1)
      return try Backtest(quantity: .load, history: history, firstDay: 180)
        .scores(of: &version, history: history)
    }
    let fixed = try scores(nil).quantiles.coverage80
    // A step of 0.05 moves a level by its whole distance within the 90 days of its walk.
    let adaptive = try scores(0.05).quantiles.coverage80
    #expect(fixed < 0.72, "\(fixed)")
    #expect(isClose(adaptive, 0.8, absolute: 0.03), "\(adaptive)")
  }

  @Test("adaptive levels depend on the past and the issue time only")
  func adaptationIsAFunction() throws {
    let history = ForecastFixture.history(days: 200)
    var recipe = ForecastRecipe(.slotEWMA)
    recipe.quantileLevels = [0.1, 0.9]
    recipe.adaptiveRate = 0.05
    var rolled = try recipe.forecaster(site: SiteContext(zone: .utc), seed: 1)
    for slot in stride(from: 60 * 24, through: 198 * 24, by: 24) {
      let request = ForecastFixture.request(history, at: slot, count: 24, quantity: .load)
      let found = try rolled.forecast(request)
      if slot % (46 * 24) == 0 || slot == 198 * 24 {
        var fresh = try recipe.forecaster(site: SiteContext(zone: .utc), seed: 1)
        #expect(try fresh.forecast(request) == found, "day \(slot / 24)")
      }
    }
  }

  @Test("a comparison by day says better, worse or neither")
  func comparison() throws {
    let history = ForecastFixture.history(days: 100, gaps: false)
    let ridge = try scores(ForecastRecipe(.ridge), history)
    let naive = try scores(ForecastRecipe(.naiveWeek), history)
    #expect(BacktestComparison(ridge, naive).verdict == .better)
    #expect(BacktestComparison(naive, ridge).verdict == .worse)
    #expect(BacktestComparison(ridge, ridge).verdict == .same)
  }

  @Test("a past-only column cannot be given ahead")
  func pastOnly() throws {
    let history = ForecastFixture.history(days: 12)
    var request = ForecastFixture.request(history, at: 240, count: 2, quantity: .load)
    request.knownFuture[.pv] = [1, 2]
    var forecaster = try ForecastRecipe(.ridge)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    #expect {
      _ = try forecaster.forecast(request)
    } throws: {
      "\($0)"
        == "error: 'pv' is known only afterwards and cannot be given ahead of the issue"
        + " 2024-01-11T00:00:00Z, found 1.0 for 2024-01-11T00:00:00Z"
    }
  }

  @Test("without any history, or with nothing measured, every version falls back and counts")
  func nothing() throws {
    let full = ForecastFixture.history(days: 12)
    var empty = full
    for quantity in [Quantity.load, .pv] {
      empty[quantity] = [Double](repeating: .nan, count: full.grid.count)
    }
    let site = SiteContext(zone: .utc, latitudeDeg: 45, longitudeDeg: 0)
    let place = GeographicPosition(latitudeDeg: 45, longitudeDeg: 0)
    for kind in ForecastFixture.honestKinds {
      var recipe = ForecastRecipe(kind)
      recipe.quantileLevels = [0.1, 0.9]
      recipe.treeRounds = 3
      for quantity in [Quantity.load, .pv, .price] {
        for (history, slot) in [(full, 0), (full, 1), (empty, 240)] {
          var version = try recipe.forecaster(site: site, seed: 1)
          let found = try version.forecast(
            ForecastFixture.request(history, at: slot, count: 30, quantity: quantity))
          let isComplete = found.values.allSatisfy { $0.isFinite }
          #expect(isComplete, "\(kind.rawValue) \(quantity.rawValue) at \(slot)")
          // A plant in the dark needs no stand-in; its zero is no fallback.
          let lit = found.grid.indices.filter { k in
            (0...10).contains { part in
              let instant = found.grid.instant(k) + part * found.grid.stepSeconds / 10
              return SunPosition(at: instant, place: place).elevationDeg > -0.85
            }
          }
          let expected = quantity == .pv ? lit.count : 30
          if slot == 0 { #expect(found.counts.filled == expected) }
        }
      }
    }
  }
}
