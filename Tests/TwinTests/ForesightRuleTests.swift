import Foundation
import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Rules that look ahead", .tags(.physics)) struct ForesightRuleTests {
  private static let levels: [DeratingWarning.Level] = [
    .init(aboveC: 65, fraction: 0.55), .init(probability: 0.9, fraction: 0.55),
    .init(probability: 0.7, riseK: 8, fraction: 0.75), .init(probability: 0.3, fraction: 0.875),
    .init(riseK: 3, fraction: 0.875),
  ]

  // Φ((T + ΔT − 65)/3.869): at 64 °C Φ(−0.258) = 0.398; at 60 + 9 °C Φ(1.034) = 0.849; at 62 + 8 K Φ(1.292) = 0.902;
  // at 60 + 8 K Φ(0.775) = 0.781; at 50 + 4 K Φ(−2.84) = 0.002.
  @Test(
    "the four levels are those of the report that states them",
    arguments: [
      (66, 0, 0.55), (62, 8, 0.55), (60, 9, 0.75), (60, 8, 0.75), (64, 0, 0.875),
      (50, 4, 0.875), (50, 2, 1), (66, -20, 0.55),
    ])
  func fourLevels(_ celsius: Double, _ riseK: Double, _ expected: Double) {
    let rule = DeratingWarning(
      leadSeconds: 30, limitC: 65, errorK: 3.869, levels: Self.levels)
    #expect(rule.share(temperatureC: celsius, riseK: riseK) == expected)
  }

  /// A battery whose inverter works near 65 °C: air of 40 °C and 35 K of its own at the rated loss.
  private func shares(_ warning: DeratingWarning) throws -> [Double] {
    var policy = DeratingPolicy.none
    policy.inverter.warning = warning
    var twin = DigitalTwin(
      try TwinSpecification.sized(
        capacityKWh: 40, powerKW: 10, spread: .none, derating: policy, ageing: nil),
      seed: 1, socFraction: 0.95, temperatureC: 40)
    return try (0..<180).map { _ in
      _ = try twin.step(requestKW: 10, ambientC: 40, seconds: 60)
      return twin.derating.inverterShare
    }
  }

  @Test("the published levels flap, and hysteresis, dwell and a slow return calm them") func calm()
    throws
  {
    func cuts(_ shares: [Double]) -> Int { zip(shares, shares.dropFirst()).count { $0 > $1 } }
    let flapping = try shares(
      DeratingWarning(leadSeconds: 30, limitC: 65, errorK: 3.869, levels: Self.levels))
    let steady = try shares(
      DeratingWarning(
        leadSeconds: 30, limitC: 65, errorK: 3.869, levels: Self.levels, hysteresisK: 3,
        dwellSeconds: 600, risePerMinute: 0.05))
    #expect(flapping.contains(0.55))
    #expect(cuts(flapping) >= 4)
    #expect(cuts(steady) * 2 <= cuts(flapping))
  }

  @Test("the twin foresees what comes true when nothing is held back") func foresight() throws {
    var policy = DeratingPolicy.none
    policy.warning = DeratingWarning(
      foresight: .twin, leadSeconds: 300, limitC: 90, errorK: 1,
      levels: [.init(probability: 0.5, fraction: 0)])
    var twin = DigitalTwin(
      try TwinSpecification.sized(capacityKWh: 10, powerKW: 8, derating: policy, ageing: nil),
      seed: 3, socFraction: 0.8, temperatureC: 30)
    let before = (twin.hottestCellC, twin.heatsinkC)
    let looks = try twin.foreseen(BatteryRequest(.powerKW(8)), ambientC: 35, sun: 0)
    #expect(looks.count == 1)
    _ = try twin.step(requestKW: 8, ambientC: 35, seconds: 300)
    #expect(isClose(looks[0].cellK, twin.hottestCellC - before.0, absolute: 1e-9))
    #expect(isClose(looks[0].heatsinkK, twin.heatsinkC - before.1, absolute: 1e-9))
    #expect(looks[0].cellK > 0.1)
  }

  @Test("a table read at the twin's temperature takes power before the cells are warm")
  func ahead() throws {
    let table = DeratingTable.temperature(LinearTable(x: [10, 45, 50], y: [1, 1, 0]))
    func run(_ recovery: DeratingRecovery) throws -> DigitalTwin {
      let policy = DeratingPolicy(
        name: "test", charge: [table], discharge: [table], recovery: recovery)
      var twin = DigitalTwin(
        try TwinSpecification.sized(
          capacityKWh: 10, powerKW: 10, spread: .none, derating: policy, ageing: nil),
        seed: 1, socFraction: 0.9, temperatureC: 42)
      for _ in 0..<40 { _ = try twin.step(requestKW: 10, ambientC: 42, seconds: 60) }
      return twin
    }
    let late = try run(DeratingRecovery())
    let early = try run(DeratingRecovery(lookAheadSeconds: 900, foresight: .twin))
    #expect(early.hottestCellC < late.hottestCellC - 0.1)
    #expect(early.ledger.deratedKWh > 0)
  }

  @Test("pre-cooling holds its set-point while the battery charges, and only then")
  func preCooling() throws {
    var policy = DeratingPolicy.none
    policy.preCooling = PreCooling(setpointC: 18, bandK: 1, ambientAboveC: 28)
    let box = EnclosureSpecification(
      airCapacityJPerK: 4000, leakWPerK: 3,
      hvac: HVACSpecification(coolingKW: 0.6, setpointC: 30, bandK: 3))
    func air(_ powerKW: Double, ambientC: Double) throws -> DigitalTwin {
      var twin = DigitalTwin(
        try TwinSpecification.sized(
          capacityKWh: 20, powerKW: 5, enclosure: box, derating: policy, ageing: nil),
        seed: 1, socFraction: 0.3, temperatureC: 27)
      for _ in 0..<120 { _ = try twin.step(requestKW: powerKW, ambientC: ambientC, seconds: 60) }
      return twin
    }
    let charged = try air(-3, ambientC: 30)
    #expect(charged.hottestCellC < 20)
    let rested = try air(0, ambientC: 30)
    #expect(rested.hottestCellC > 26)
    // Below 28 °C outside it does not act.
    #expect(try air(-3, ambientC: 27).hottestCellC > 26)
  }
}
