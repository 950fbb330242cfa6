import Forecasting
import TestSupport
import Testing
import TimeSeries

@Suite("Page of Forecasting") struct ForecastingPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Forecasting").isCode())
    let history = SiteHistory(
      grid: TimeGrid(start: 1_704_063_600, stepSeconds: 3600, count: 70 * 24), zone: .utc,
      columns: [.load: [Double](repeating: 1, count: 70 * 24)])

    let zone = try Zone("Europe/Paris")
    var forecaster = try ForecastRecipe(.ridge)
      .forecaster(site: SiteContext(zone: zone), seed: 1)
    let issue = history.grid.instant(60 * 24)
    let forecast = try forecaster.forecast(
      ForecastRequest(
        past: history.known(before: issue), quantity: .load,
        grid: TimeGrid(start: issue, stepSeconds: 3600, count: 24)))
    print(forecast.values, forecast.counts.filled)

    #expect(forecast.values.count == 24)
    #expect(forecast.values.allSatisfy { isClose($0, 1, absolute: 0.05) })
  }
}
