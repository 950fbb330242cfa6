import TestSupport
import Testing

@testable import Twin

/// How far the answer of one ageing model can be trusted: what the others say, and when it is asked too much.
@Suite("Other ageing models", .tags(.physics)) struct AgeingOpinionTests {
  private func home(_ model: AgeingModel?, atC: Double, powerKW: Double = 5) throws -> DigitalTwin {
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: powerKW, spread: CellSpread(capacity: 0, resistance: 0, soc: 0),
      limits: LimitSpecification(maximumChargeC: 1, maximumDischargeC: 1), derating: .none,
      ageing: AgeingSpecification(model: model))
    return DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: atC)
  }

  /// Forty days of one cycle each.
  ///
  /// The run that ages by a model feels its fade, the one beside which it stands does
  /// not, and looks by the hour: a few percent of the loss.
  @Test(
    "another model says beside what it says as the model",
    arguments: [
      AgeingModel.lfpNREL3, .lfpNaumann3,
    ])
  func beside(model: AgeingModel) throws {
    func run(_ model: AgeingModel?) throws -> AgeingSummary {
      var twin = try home(model, atC: 25)
      for quarter in 0..<40 * 96 {
        let hour = quarter / 4 % 24
        let power = hour >= 8 && hour < 11 ? -2.0 : hour >= 18 && hour < 21 ? 2 : 0
        _ = try twin.step(requestKW: power, ambientC: 25, seconds: 900)
      }
      return try #require(twin.ageingSummary)
    }
    let usual = try run(nil)
    let own = try run(model)
    let other = try #require(usual.others.first { $0.model == model })
    #expect(usual.model == .lfpGasper250 && usual.others.count == 2)
    #expect(1 - own.capacityFactor > 0.002)
    #expect(isClose(1 - other.capacityFactor, 1 - own.capacityFactor, relative: 0.05))
  }

  /// Two days at rest, below 10 °C or above; Naumann's cells were cycled from 20 °C on.
  @Test(
    "time in the cold is outside of what a model was measured under",
    arguments: [
      (AgeingModel.lfpGasper250, 5.0, 1.0), (.lfpGasper250, 15, 0), (.lfpNaumann3, 15, 1),
      (.lfpGasper250, 50, 1),
    ])
  func outside(model: AgeingModel, celsius: Double, share: Double) throws {
    var twin = try home(model, atC: celsius)
    for _ in 0..<192 { _ = try twin.step(requestKW: 0, ambientC: celsius, seconds: 900) }
    let summary = try #require(twin.ageingSummary)
    #expect(isClose(summary.outsideFraction, share, absolute: 1e-12))
    #expect(summary.outside.coldSeconds == (celsius < 20 ? share * 2 * 86400 : 0))
    #expect(isClose(twin.ledger.beyondAgeingModelSeconds, share * 2 * 86400, absolute: 1e-6))
  }

  /// 8 kW from 10 kWh are 0.8C and more: within 1C of discharge, above 0.65C of charge.
  @Test("charging faster than a model's cells were is outside, discharging so is not")
  func rates() throws {
    var twin = try home(.lfpGasper250, atC: 25, powerKW: 8)
    _ = try twin.step(requestKW: 8, ambientC: 25, seconds: 900)
    #expect(twin.ageingSummary?.outside.fastSeconds == 0)
    _ = try twin.step(requestKW: -8, ambientC: 25, seconds: 900)
    #expect(twin.ageingSummary?.outside.fastSeconds == 900)
  }

  @Test("least and most life are those of the models") func span() throws {
    var twin = try home(nil, atC: 25)
    for _ in 0..<96 * 3 { _ = try twin.step(requestKW: 0, ambientC: 25, seconds: 900) }
    let summary = try #require(twin.ageingSummary)
    let used = ([summary.lowestCapacityFactor] + summary.others.map(\.capacityFactor)).map {
      (1 - $0) / 0.2
    }
    #expect(isClose(twin.ledger.leastLifeUsedFraction, used.min() ?? .nan, absolute: 1e-12))
    #expect(isClose(twin.ledger.mostLifeUsedFraction, used.max() ?? .nan, absolute: 1e-12))
    #expect(twin.ledger.leastLifeUsedFraction < twin.ledger.mostLifeUsedFraction)
  }
}
