import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

@Suite("Weather forecasts") struct WeatherForecastsTests {
  private static let start = ForecastFixture.start

  private func row(
    _ issued: Int, _ valid: Int, _ value: Double, _ quantity: Quantity = .irradiance
  ) -> ExternalForecasts.Row {
    ExternalForecasts.Row(
      version: "nwp", quantity: quantity, issuedAt: Self.start + issued * 3600,
      validAt: Self.start + valid * 3600, value: value)
  }

  @Test("only what had been issued is known, an hour serves its quarters, age ends it")
  func asOf() {
    let rows = [
      row(0, 0, 100), row(0, 1, 200), row(0, 2, 300), row(1, 1, 210), row(1, 2, 310),
    ]
    let outlook = WeatherForecasts(issued: ExternalForecasts(rows: rows), version: "nwp")
    let quarters = TimeGrid(start: Self.start + 1800, stepSeconds: 900, count: 8)
    let atFirst = outlook.known(over: quarters, asOf: Self.start)[.irradiance]
    #expect(atFirst?[..<6] == [100, 100, 200, 200, 200, 200])
    let later = outlook.known(over: quarters, asOf: Self.start + 3600)[.irradiance]
    #expect(later?[2...] == [210, 210, 210, 210, 310, 310])
    #expect(outlook.known(over: quarters, asOf: Self.start - 1)[.irradiance]?[0].isNaN == true)
    // Two hours make the mean of both.
    let pairs = TimeGrid(start: Self.start, stepSeconds: 7200, count: 1)
    #expect(outlook.known(over: pairs, asOf: Self.start)[.irradiance] == [150])
    let fresh = WeatherForecasts(
      issued: ExternalForecasts(rows: rows), version: "nwp", maxAgeSeconds: 3600)
    #expect(
      fresh.known(over: quarters, asOf: Self.start + 3 * 3600)[.irradiance]?[6].isNaN == true)
    #expect(outlook.quantities == [.irradiance] && !outlook.isOracle)
  }

  @Test("observed weather is an oracle, and what was not measured is not in it") func observed() {
    let history = ForecastFixture.history(days: 2)
    let outlook = WeatherForecasts(observed: history)
    #expect(outlook.isOracle && outlook.quantities == [.ambient])
    #expect(outlook.known(over: history.grid, asOf: 0)[.ambient] == history[.ambient])
    #expect(outlook.without(.ambient).quantities.isEmpty)
  }

  /// A plant in proportion to the light, and a weather service that always forecasts half of it.
  private static func halvedLight(days: Int) -> (SiteHistory, WeatherForecasts) {
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: days * 24)
    var random = SeededGenerator(seed: 5)
    var light = [Double](repeating: 0, count: grid.count)
    for day in 0..<days {
      let sky = random.uniform(0.2, 1)
      for hour in 6..<19 {
        light[day * 24 + hour] = 900 * sky * (1 - abs(Double(hour) - 12) / 7)
      }
    }
    var rows: [ExternalForecasts.Row] = []
    for day in 0..<days {
      for hour in 0..<min(48, (days - day) * 24) {
        rows.append(
          ExternalForecasts.Row(
            version: "nwp", quantity: .irradiance, issuedAt: start + day * 86_400,
            validAt: start + (day * 24 + hour) * 3600, value: light[day * 24 + hour] / 2))
      }
    }
    let history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [.pv: light.map { 4 * $0 / 1000 }, .irradiance: light])
    return (history, WeatherForecasts(issued: ExternalForecasts(rows: rows), version: "nwp"))
  }

  @Test("a version learns from what had been forecast, not from what came true")
  func archive() throws {
    let (history, outlook) = Self.halvedLight(days: 90)
    func nmae(_ history: SiteHistory) throws -> Double {
      var version = try ForecastRecipe(.ridge)
        .forecaster(site: SiteContext(zone: .utc, pvCapacityKW: 4), seed: 1)
      let test = Backtest(quantity: .pv, history: history, firstDay: 56, weather: outlook)
      return try test.scores(of: &version, history: history).errors.nmae
    }
    // The service's bias is learned away; trained on the observed light it would halve the output.
    #expect(try nmae(history) < 0.05)
    // Nobody needs a sensor of their own.
    var blind = history
    blind[.irradiance] = nil
    #expect(try nmae(blind) < 0.05)
  }

  @Test(
    "issues of later weather forecasts move nothing",
    arguments: [
      ForecastRecipe.Kind.ridge, .pvSlotGain, .pvPhysical, .blendClassical, .aurora,
    ])
  func later(_ kind: ForecastRecipe.Kind) throws {
    let (history, _) = Self.halvedLight(days: 50)
    let issue = 44 * 24 + 6
    func outlook(_ late: Double) -> WeatherForecasts {
      var rows: [ExternalForecasts.Row] = []
      for hour in stride(from: 0, to: history.grid.count, by: 6) {
        for lead in 0..<36 where hour + lead < history.grid.count {
          // What is issued after the forecast's own issue is absurd.
          let light = history[.irradiance]?[hour + lead] ?? 0
          rows.append(row(hour, hour + lead, hour <= issue ? light * 0.9 : late))
        }
      }
      return WeatherForecasts(issued: ExternalForecasts(rows: rows), version: "nwp")
    }
    let site = SiteContext(zone: .utc, latitudeDeg: 45, longitudeDeg: 0, pvCapacityKW: 4)
    var recipe = ForecastRecipe(kind)
    recipe.treeRounds = 5
    func forecast(_ late: Double) throws -> Forecast {
      var version = try recipe.forecaster(site: site, seed: 1)
      var request = ForecastFixture.request(history, at: issue, count: 36, quantity: .pv)
      request.weather = outlook(late)
      return try version.forecast(request)
    }
    let plain = try forecast(500)
    #expect(try forecast(-1e6) == plain)
    let hasOutput = plain.values.contains { $0 > 0 }
    #expect(hasOutput)
  }
}
