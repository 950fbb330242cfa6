import Forecasting
import TestSupport
import Testing
import TimeSeries

@Suite("Oracle and guards") struct OracleAndGuardTests {
  @Test("the oracle is the truth; its noise has the stated spread")
  func oracle() throws {
    let history = ForecastFixture.history(days: 60, gaps: false)
    let truth = try #require(history[.load])
    var perfect = OracleForecaster(truth: history)
    var noisy = OracleForecaster(
      truth: history,
      noise: .init(offset: 0.1, scale: 1.2, deviationFraction: 0.25, correlationPerHour: 0.5),
      seed: 4)
    var sum = 0.0
    var squares = 0.0
    var count = 0.0
    for issue in stride(from: 240, to: 1400, by: 12) {
      let request = ForecastFixture.request(history, at: issue, count: 24, quantity: .load)
      #expect(try perfect.forecast(request).values == Array(truth[issue..<(issue + 24)]))
      let found = try noisy.forecast(request)
      #expect(try noisy.forecast(request) == found)
      for k in 0..<24 {
        let error = (found.values[k] - 0.1) / (1.2 * truth[issue + k]) - 1
        sum += error
        squares += error * error
        count += 1
      }
    }
    #expect(isClose((squares / count).squareRoot(), 0.25, relative: 0.1))
    #expect(abs(sum / count) < 0.03)
  }

  @Test("an oracle is refused without the truth")
  func withoutTruth() {
    #expect(throws: (any Error).self) {
      _ = try ForecastRecipe(.perfect).forecaster(site: SiteContext(zone: .utc), seed: 1)
    }
  }

  @Test("PV is zero at night, held at the plant's power, and both are counted")
  func night() throws {
    // A plant that claims 9 kW around the clock, at the equator: sun up about 6–18 h UTC.
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: 240)
    let history = SiteHistory(
      grid: grid, zone: .utc, columns: [.pv: [Double](repeating: 9, count: 240)])
    let site = SiteContext(zone: .utc, latitudeDeg: 0, longitudeDeg: 0, pvCapacityKW: 4)
    var forecaster = try ForecastRecipe(.persistence).forecaster(site: site, seed: 1)
    let found = try forecaster.forecast(
      ForecastFixture.request(history, at: 216, count: 24, quantity: .pv))
    #expect(found.values[0] == 0 && found.values[23] == 0)
    #expect(isClose(found.values[12], 4.2, relative: 1e-12))
    #expect(found.counts.night + found.counts.capped == 24)
    // On 10 January the sun culminates at 12:07 UTC there and is up for 12 h 7 min, so slots
    // 6…18 see it.
    #expect(found.counts.capped == 13)
  }

  @Test("error statistics by hand")
  func errors() {
    var s = ErrorStatistics()
    s.add(forecast: 3, actual: 1, lead: 0)
    s.add(forecast: 1, actual: 2, lead: 1)
    s.add(forecast: .nan, actual: 2, lead: 1)
    #expect(s.mae == 1.5 && s.bias == 0.5 && s.nmae == 1 && s.missingPairs == 1)
    #expect(isClose(s.rmse, 2.5.squareRoot(), relative: 1e-15))
    #expect(s.over(leads: 1..<5).mae == 1)
  }

  @Test("self-consumption by hand")
  func selfConsumption() {
    let limits = StorageLimits(
      chargeKW: 2, dischargeKW: 1, capacityKWh: 3, chargeEfficiency: 0.5,
      dischargeEfficiency: 0.5)
    // Surplus 4 charges 2 (stored 1), again 2 (stored 2), again 2 (stored 3), then is full;
    // demand 5 discharges 1 (stored 1 left of 3), again 0.5 (all that is left).
    let power = selfConsumptionPower(
      loadKW: [0, 0, 0, 0, 5, 5, 5], pvKW: [4, 4, 4, 4, 0, 0, 0], stepHours: 1,
      initialEnergyKWh: 0, limits: limits)
    #expect(power == [-2, -2, -2, 0, 1, 0.5, 0])
  }
}
