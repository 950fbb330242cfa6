import Forecasting
import TestSupport
import Testing
import TimeSeries

/// Figures computed by an independent Python reference on the same days: homes 1, 2, 3, 6, 10 of
/// CityLearn 2022 (commit b8bad31), issues at 0, 6, 12, 18 h, 24 h, first after 56 days, refit every
/// 28 days; means over the homes of Σ|e|/Σ|y|.
@Suite("Published figures", .enabled(if: RealData.folder != nil)) struct PublishedFigureTests {
  private static let homes = ["01", "02", "03", "06", "10"]

  private func nmae(
    _ kind: ForecastRecipe.Kind, _ quantity: Quantity, homes: [String] = homes
  ) throws -> Double {
    var sum = 0.0
    for home in homes {
      let history = MeasuredSeries.home(home)
      let site = SiteContext(zone: .utc, pvCapacityKW: home == "10" ? 5 : 4)
      var version = try ForecastRecipe(kind).forecaster(site: site, seed: 1)
      sum += try Backtest(quantity: quantity, history: history)
        .scores(of: &version, history: history).errors.nmae
    }
    return sum / Double(homes.count)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var kind: ForecastRecipe.Kind
    var quantity: Quantity
    var published: Double
    /// Tolerance relative to the published figure.
    var relative: Double
    var testDescription: String { "\(kind.rawValue), \(quantity.rawValue)" }
  }

  @Test(
    "definitions and ridge agree with the reference",
    arguments: [
      Case(kind: .naiveDay, quantity: .load, published: 0.566, relative: 0.001),
      Case(kind: .naiveWeek, quantity: .load, published: 0.631, relative: 0.001),
      Case(kind: .sevenDayAverage, quantity: .load, published: 0.513, relative: 0.001),
      Case(kind: .naiveDay, quantity: .pv, published: 0.237, relative: 0.003),
      Case(kind: .naiveWeek, quantity: .pv, published: 0.322, relative: 0.002),
      Case(kind: .sevenDayAverage, quantity: .pv, published: 0.261, relative: 0.002),
      Case(kind: .ridge, quantity: .load, published: 0.490, relative: 0.005),
      Case(kind: .ridge, quantity: .pv, published: 0.247, relative: 0.005),
    ])
  func classical(_ c: Case) throws {
    #expect(isClose(try nmae(c.kind, c.quantity), c.published, relative: c.relative))
  }

  @Test(
    "trees and blend are within their bars of the reference", .tags(.slow),
    .enabled(if: longTests),
    arguments: [
      Case(kind: .trees, quantity: .load, published: 0.497, relative: 0.02),
      Case(kind: .treesMedian, quantity: .load, published: 0.465, relative: 0.02),
      Case(kind: .blend, quantity: .load, published: 0.470, relative: 0.01),
      Case(kind: .blend, quantity: .pv, published: 0.227, relative: 0.01),
    ])
  func learned(_ c: Case) throws {
    #expect(try nmae(c.kind, c.quantity) < c.published * (1 + c.relative))
  }

  @Test("the blend without trees beats the 7-day average on a home, by an interval below zero")
  func significance() throws {
    let history = MeasuredSeries.home("01")
    let site = SiteContext(zone: .utc, pvCapacityKW: 4)
    var recipe = ForecastRecipe(.blendClassical)
    recipe.quantileLevels = (1...9).map { Double($0) / 10 }
    for quantity in [Quantity.load, .pv] {
      var blend = try recipe.forecaster(site: site, seed: 1)
      var average = try ForecastRecipe(.sevenDayAverage).forecaster(site: site, seed: 1)
      let backtest = Backtest(quantity: quantity, history: history)
      let a = try backtest.scores(of: &blend, history: history)
      let b = try backtest.scores(of: &average, history: history)
      #expect(BacktestComparison(a, b).verdict == .better)
      #expect((0.71...0.84).contains(a.quantiles.coverage80))
    }
  }
}
