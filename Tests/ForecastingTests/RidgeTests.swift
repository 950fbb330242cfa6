import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

@Suite("Ridge") struct RidgeTests {
  @Test("Cholesky solves a system known by hand")
  func cholesky() throws {
    // [[4, 2], [2, 3]]·[1, 2] = [8, 8]
    let x = try #require(
      LinearAlgebra.choleskySolve(matrix: [4, 2, 0, 3], rightHandSide: [8, 8]))
    #expect(isClose(x[0], 1, relative: 1e-12) && isClose(x[1], 2, relative: 1e-12))
    #expect(LinearAlgebra.choleskySolve(matrix: [1, 2, 2, 1], rightHandSide: [1, 1]) == nil)
    #expect(LinearAlgebra.choleskySolve(matrix: [.nan], rightHandSide: [1]) == nil)
  }

  @Test("sums of products are those of the rows")
  func gram() {
    var matrix = [Double](repeating: 0, count: 4)
    LinearAlgebra.addGram(rows: [1, 2, 3, 4], width: 2, to: &matrix)
    // 1·1 + 3·3, 1·2 + 3·4, untouched, 2·2 + 4·4
    #expect(matrix == [10, 14, 0, 20])
  }

  @Test("beats the 7-day average where the level moves from day to day")
  func skill() throws {
    let history = ForecastFixture.history(days: 120, gaps: false)
    var errors: [ErrorStatistics] = []
    for kind in [ForecastRecipe.Kind.ridge, .sevenDayAverage] {
      var forecaster = try ForecastRecipe(kind)
        .forecaster(site: SiteContext(zone: .utc), seed: 1)
      var statistics = ErrorStatistics()
      let truth = try #require(history[.load])
      for issue in stride(from: 60 * 24, to: 118 * 24, by: 6) {
        let found = try forecaster.forecast(
          ForecastFixture.request(history, at: issue, count: 24, quantity: .load))
        statistics.add(found, actual: truth[issue..<(issue + 24)])
      }
      errors.append(statistics)
    }
    #expect(errors[0].mae < 0.7 * errors[1].mae)
    // Uniform noise of width 0.3 leaves a mean absolute error of 0.075 to anyone.
    #expect(errors[0].mae > 0.075 && errors[0].mae < 0.1)
  }

  @Test("without history it falls back and counts")
  func shortHistory() throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    var ridge = try ForecastRecipe(.ridge).forecaster(site: SiteContext(zone: .utc), seed: 1)
    var average = try ForecastRecipe(.sevenDayAverage)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    let request = ForecastFixture.request(history, at: 10 * 24, count: 24, quantity: .load)
    let found = try ridge.forecast(request)
    #expect(found.counts.filled == 24)
    #expect(found.values == (try average.forecast(request)).values)
  }

  /// A winter with a single slot of 21 °C that happened to have a high load, then a summer at 30 °C.
  ///
  /// A line through the one slot of one degree of cooling would go ten times as far.
  @Test("weather beyond what the fit has seen is held at its edge, and counted")
  func extrapolation()
    throws
  {
    let days = 60
    var history = ForecastFixture.history(days: days, gaps: false)
    var air = try #require(history[.ambient])
    var load = try #require(history[.load])
    air[30 * 24 + 13] = 21
    load[30 * 24 + 13] += 5
    for i in (56 * 24)..<air.count { air[i] = 30 }
    history[.ambient] = air
    history[.load] = load
    var version = try ForecastRecipe(.ridge).forecaster(site: SiteContext(zone: .utc), seed: 1)
    var request = ForecastFixture.request(history, at: 56 * 24, count: 24, quantity: .load)
    request.weather = WeatherForecasts(observed: history)
    let forecast = try version.forecast(request)
    #expect(forecast.counts.bounded == 24)
    #expect((forecast.values.max() ?? .nan) < 6)
    request = ForecastFixture.request(history, at: 50 * 24, count: 24, quantity: .load)
    request.weather = WeatherForecasts(observed: history)
    // In the days before nothing is new but a degree of noise at most.
    #expect(try version.forecast(request).counts.bounded < 12)
  }
}
