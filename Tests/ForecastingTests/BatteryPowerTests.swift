import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

@Suite("Battery power") struct BatteryPowerTests {
  private static let limits = StorageLimits(
    chargeKW: 2, dischargeKW: 2, capacityKWh: 6, chargeEfficiency: 1, dischargeEfficiency: 1)

  /// Net load of −2 kW from 10 to 14 h and +1 kW from 18 to 24 h; a battery that follows the rule.
  private static func sunny(days: Int) -> SiteHistory {
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: days * 24)
    let load = grid.indices.map { $0 % 24 >= 18 ? 1.0 : 0 }
    let pv = grid.indices.map { (10..<14).contains($0 % 24) ? 2.0 : 0 }
    var stored = 0.0
    var soc: [Double] = []
    let battery = grid.indices.map { i -> Double in
      let net = load[i] - pv[i]
      let power = net > 0 ? min(net, stored) : -min(-net, 6 - stored)
      stored -= power
      soc.append(stored / 6)
      return power
    }
    return SiteHistory(
      grid: grid, zone: .utc,
      columns: [.load: load, .pv: pv, .batteryPower: battery, .stateOfCharge: soc])
  }

  @Test("the rule fills from the sun and empties into the evening", arguments: [true, false])
  func rule(measuresSOC: Bool) throws {
    var history = Self.sunny(days: 20)
    if !measuresSOC { history[.stateOfCharge] = nil }
    var version = try ForecastRecipe(.batteryRule)
      .forecaster(site: SiteContext(zone: .utc, battery: Self.limits), seed: 1)
    let forecast = try version.forecast(
      ForecastFixture.request(history, at: 15 * 24, count: 24, quantity: .batteryPower))
    // By hand: empty at midnight; three hours of 2 kW fill 6 kWh, six hours of 1 kW empty it.
    var expected = [Double](repeating: 0, count: 24)
    for hour in 10..<13 { expected[hour] = -2 }
    for hour in 18..<24 { expected[hour] = 1 }
    #expect(forecast.values == expected)
    #expect(forecast.counts.filled == 0)
  }

  @Test("without a battery or a load the rule says nothing, and that is counted") func nothing()
    throws
  {
    let history = Self.sunny(days: 20)
    var version = try ForecastRecipe(.batteryRule)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    let forecast = try version.forecast(
      ForecastFixture.request(history, at: 15 * 24, count: 24, quantity: .batteryPower))
    #expect(forecast.counts.filled == 24)
  }

  /// A battery on a spot market: it charges in the three cheapest hours of the local day and
  /// discharges in the three dearest, whatever they are.
  private static func trader(days: Int) -> SiteHistory {
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: days * 24)
    var random = SeededGenerator(seed: 9)
    var prices: [Double] = []
    var power: [Double] = []
    for _ in 0..<days {
      let day = (0..<24).map { _ in random.uniform(0.02, 0.3) }
      let order = day.indices.sorted { day[$0] < day[$1] }
      var own = [Double](repeating: 0, count: 24)
      for i in order.prefix(3) { own[i] = -2 }
      for i in order.suffix(3) { own[i] = 2 }
      prices += day
      power += own
    }
    return SiteHistory(
      grid: grid, zone: .utc, columns: [.price: prices, .batteryPower: power])
  }

  @Test("ridge knows the schedule by the price's rank, when prices are known ahead")
  func prices() throws {
    let history = Self.trader(days: 90)
    func scores(_ kind: ForecastRecipe.Kind, ahead: Bool) throws -> BacktestScores {
      var version = try ForecastRecipe(kind).forecaster(site: SiteContext(zone: .utc), seed: 1)
      var test = Backtest(quantity: .batteryPower, history: history, localHours: [0])
      test.knowsPricesOfToday = ahead
      return try test.scores(of: &version, history: history)
    }
    let known = try scores(.ridge, ahead: true)
    let unknown = try scores(.ridge, ahead: false)
    let average = try scores(.sevenDayAverage, ahead: true)
    #expect(known.errors.rmse < 0.8 * unknown.errors.rmse)
    #expect(known.errors.rmse < 0.8 * average.errors.rmse)
    #expect(known.battery.signAccuracy > 0.95)
  }

  @Test("signs and throughput by hand") func scores() {
    var scores = BatteryScores()
    // Rated 2 kW: rest is under 0.04. Moving: 1, −2, 2. Right: the first two; 0.03 is no move.
    scores.add([0.5, -1, 0.03, 1], actual: [1, -2, 2, 0.01], slotsPerDay: 4, ratedKW: 2)
    #expect(isClose(scores.signAccuracy, 2.0 / 3, relative: 1e-14))
    // |2.53 − 5.01| over 5.01.
    #expect(isClose(scores.throughputErrorFraction, 2.48 / 5.01, relative: 1e-12))
    #expect(BatteryScores().signAccuracy.isNaN)
  }

  @Test("quiet is an hour at rest, everything else cycling") func regimes() throws {
    // Half-hourly, rated 2 kW: the second slot of rest in a row is quiet.
    let y = [2, 0, 0, 0.039, 1, 0, -2, 0, 0]
    let power = y + [Double](repeating: 0, count: 96 - y.count)
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 1800, count: 96)
    let history = SiteHistory(grid: grid, zone: .utc, columns: [.batteryPower: power])
    let test = Backtest(
      quantity: .batteryPower, issues: [grid.start], horizonSlots: 9)
    let scores = test.scores(
      of: [Forecast(grid: grid[0..<9], values: [Double](repeating: 0, count: 9))],
      history: history)
    #expect(scores.regimes == ["quiet", "cycling"])
    // Quiet: slots 2, 8, and 3, whose 0.039 spreads by 0.028, over 1 % of 2 kW: cycling.
    #expect(scores.byRegime.map(\.count) == [2, 7])
  }
}
