import Numerics
import TestSupport
import Testing

@testable import Twin

/// What a look ahead leaves out, against the same without it.
@Suite("Envelope", .tags(.physics)) struct EnvelopeTests {
  /// A pack in a state that it came to by itself.
  private func worked(_ seed: UInt64, between: ClosedRange<Double> = 0.06...0.94) throws
    -> DigitalTwin
  {
    var generator = SeededGenerator(seed: seed, label: "envelope")
    let kWh = generator.uniform(5, 20)
    let specification = try TwinSpecification.sized(
      capacityKWh: kWh, powerKW: kWh * generator.uniform(0.2, 1.2),
      cell: seed.isMultiple(of: 2) ? .lfpPrismatic280 : .nmcCylindrical21700)
    let ambientC = generator.uniform(-20, 45)
    var twin = DigitalTwin(
      specification, seed: seed,
      socFraction: generator.uniform(between.lowerBound, between.upperBound), temperatureC: ambientC
    )
    for _ in 0..<4 {
      _ = try twin.step(
        requestKW: specification.converter.ratedKW * generator.uniform(-1, 1), ambientC: ambientC,
        seconds: 900)
    }
    return twin
  }

  /// An infinite resistance leaves nothing sure, so every cell is asked.
  @Test("powers are the same to the bit whether cells are asked or not", arguments: 1...400)
  func powers(seed: Int) throws {
    var asked = try worked(UInt64(seed))
    var sure = asked
    let all = asked.powerLimits(seconds: 900, ambientC: 20, weakest: (.infinity, 1))
    let few = sure.powerLimits(
      seconds: 900, ambientC: 20, weakest: sure.pack.weakest)
    #expect(all.chargeKW == few.chargeKW && all.dischargeKW == few.dischargeKW)
    #expect(all.cause == few.cause)
  }

  @Test("what a battery can do now is the first slot of its envelope to the bit", arguments: 1...60)
  func able(seed: Int) throws {
    let twin = try worked(UInt64(seed))
    for (seconds, ambientC) in [(300, -15.0), (900, 20), (3600, 44)] {
      let able = twin.ablePower(stepSeconds: seconds, ambientC: ambientC)
      let envelope = try twin.envelope(
        along: [0, 0], stepSeconds: seconds, ambientC: [ambientC, ambientC])
      #expect(able.chargeKW == envelope.chargeKW[0])
      #expect(able.dischargeKW == envelope.dischargeKW[0])
    }
  }

  /// A day and a half of moves that leave the ends of the charge alone, over days from -3 to 13 °C, where the tables
  /// of cold are steep; the same asked four hours at a time, slot by slot, has no hour that is taken as one and no limit
  /// that is kept from before.
  @Test(
    "looking by the hour moves powers by 4 % of the rating, no battery's by 10 %",
    arguments: [DigitalTwin.nearSeconds, 3600])
  func hours(nearSeconds: Int) throws {
    let misses = try misses(between: 0.4...0.6, nearSeconds: nearSeconds) { power, slot, random in
      slot % 7 == 0 ? random.uniform(-0.2, 0.2) : power
    }
    let mean = misses.reduce(0, +) / Double(misses.count)
    #expect(mean < 0.04 && misses.allSatisfy { $0 < 0.1 }, "\(misses)")
  }

  /// Three hours of rest to an hour of work, from any charge: most limits are kept over the rests.
  @Test("limits kept over a rest move powers by 2 % of the rating, no battery's by 6 %")
  func rests() throws {
    let misses = try misses(between: 0.06...0.94, nearSeconds: 3600) { power, slot, random in
      slot % 16 == 0 ? random.uniform(-0.3, 0.3) : slot % 16 < 4 ? power : 0
    }
    let mean = misses.reduce(0, +) / Double(misses.count)
    #expect(mean < 0.02 && misses.allSatisfy { $0 < 0.06 }, "\(misses)")
  }

  /// Mean distances of both limits, one per battery, as shares of the rating.
  private func misses(
    between: ClosedRange<Double>, nearSeconds: Int,
    _ share: (_ former: Double, _ slot: Int, inout SeededGenerator) -> Double
  ) throws -> [Double] {
    try (1...UInt64(12)).map { seed in
      let twin = try worked(seed, between: between)
      var generator = SeededGenerator(seed: seed, label: "moves")
      let ratedKW = twin.specification.converter.ratedKW
      var former = 0.0
      let power = (0..<144).map { slot in
        former = share(former, slot, &generator)
        return ratedKW * former
      }
      let ambient = power.indices.map { 5 - 8 * cosine(2 * .pi * Double($0) / 96) }
      let whole = try twin.envelope(
        along: power, stepSeconds: 900, ambientC: ambient, nearSeconds: nearSeconds)
      var run = twin
      var missed = 0.0
      for first in stride(from: 0, to: power.count, by: 16) {
        let range = first..<first + 16
        let part = try run.envelope(
          along: Array(power[range]), stepSeconds: 900, ambientC: Array(ambient[range]))
        for slot in range {
          missed += abs(whole.chargeKW[slot] - part.chargeKW[slot - first]) / ratedKW
          missed += abs(whole.dischargeKW[slot] - part.dischargeKW[slot - first]) / ratedKW
          _ = try run.step(requestKW: power[slot], ambientC: ambient[slot], seconds: 900)
        }
      }
      return missed / Double(2 * power.count)
    }
  }
}
