import Forecasting
import Numerics
import Replay
import SiteSupport
import Studies
import Tariffs
import Testing
import TimeSeries

/// What must hold of forecasts and money on the average over seeds.
@Suite("Laws of forecasts and money") struct ForecastLawTests {
  private static let from = PaperSite.midnight(month: 6, day: 10)
  private static let days = 10

  /// Ten days of a home on spot prices with production; the seed moves load, sun and prices.
  private static func home(seed: Int) throws -> ReplayCase {
    func wave(_ slot: Int, _ period: Int) -> Double {
      Double((slot + 13 * seed) * 7919 % period) / Double(period)
    }
    let history = SmallSite.history(
      from: from, days: days, stepSeconds: 3600,
      load: { slot, hour in 0.4 + (hour >= 17 && hour < 22 ? 2 : 0) + 1.5 * wave(slot, 31) },
      pv: { slot, hour in max(0, 4 - abs(hour - 12.5)) * (0.3 + 0.7 * wave(slot / 24, 11)) },
      price: { slot, hour in 0.05 + (hour >= 16 && hour < 21 ? 0.2 : 0) + 0.1 * wave(slot, 17) })
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      export: .spot(minusPerKWh: 0.02))
    var settings = ReplaySettings(
      planningStepSeconds: 3600, replanSeconds: 3 * 3600, twinStepSeconds: 3600)
    settings.seed = UInt64(seed)
    // A real-time market: nothing ahead is published, so that all three forecasts matter.
    settings.publicationMinute = nil
    return try SmallSite.replay(
      history, from: from, days: days, tariff: tariff, settings: settings)
  }

  private static func cost(noise: Double, seed: Int) throws -> Double {
    var version = SmallSite.version(.perfect)
    version.price = ForecastRecipe(.perfect)
    let error = OracleForecaster.Noise(deviationFraction: noise)
    version.load = ForecastRecipe(version: "noisy", kind: .oracleNoise, noise: error)
    version.pv = ForecastRecipe(version: "noisy", kind: .oracleNoise, noise: error)
    return try Replayer(home(seed: seed)).run(.planned(version)).cost
  }

  @Test("more noise on the truth costs more on the average over seeds") func noise() throws {
    let seeds = 1...6
    let means = try [0, 0.3, 0.8, 2].map { noise in
      Statistics.mean(try seeds.map { try Self.cost(noise: noise, seed: $0) })
    }
    for (less, more) in zip(means, means.dropFirst()) {
      #expect(more > less, "\(means)")
    }
  }

  @Test("the truth of a quantity is worth no less than nothing, beyond noise") func information()
    throws
  {
    let version = SmallSite.version(.naiveDay)
    var savings: [ForecastCause: [Double]] = [:]
    for seed in 1...6 {
      let replay = try Self.home(seed: seed)
      let own = try Replayer(replay).run(.planned(version)).cost
      for cause in ForecastCause.allCases {
        let told = try Replayer(replay).run(.informed(version, of: [cause.quantity])).cost
        savings[cause, default: []].append(own - told)
      }
    }
    for (cause, found) in savings {
      let spread = Statistics.standardDeviation(found) / Double(found.count).squareRoot()
      #expect(Statistics.mean(found) >= -2 * spread, "\(cause): \(found)")
      #expect(found.contains { $0 > 0.01 }, "\(cause): \(found)")
    }
  }
}
