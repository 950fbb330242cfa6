import Foundation
import TestSupport
import Testing

@testable import Twin

@Suite("Policies that a kept model feeds", .tags(.physics)) struct KeptHeatModelTests {
  /// A model that can be checked by hand: the temperature goes on as from the sample before, the chance is 1 where it
  /// then reaches the limit, and half of 1 where the current asked for is above 30 A.
  struct Slope: HeatForecast {
    var signals: [HeatSignal] { [.hottestCell, .current] }
    var leadSeconds: Double { 300 }
    var limitC: Double { 40 }
    var stepSeconds: Double = 10

    func foresee(
      _ past: inout HeatPast, at instant: Int, _ values: [Double], plannedA: Double?
    ) -> HeatOutlook? {
      defer {
        past.instants = [instant]
        past.rows = [values]
      }
      guard let last = past.instants.last, let row = past.rows.last,
        Double(instant - last) <= 1.5 * stepSeconds
      else { return nil }
      let rise = (values[0] - row[0]) / Double(instant - last) * leadSeconds
      let isHot = values[0] + rise >= limitC
      return HeatOutlook(
        riseK: rise, probability: isHot ? 1 : abs(plannedA ?? values[1]) > 30 ? 0.5 : 0)
    }
  }

  private static func policy(_ forecast: Slope = Slope()) -> DeratingPolicy {
    var policy = DeratingPolicy.none
    policy.name = "kept"
    policy.warning = DeratingWarning(
      model: KeptHeatModel(path: "slope.json", fingerprint: "1", forecast: forecast),
      leadSeconds: 300, limitC: 40, errorK: 1,
      levels: [.init(probability: 0.9, fraction: 0.2), .init(probability: 0.5, fraction: 0.6)])
    return policy
  }

  private static func battery(
    _ policy: DeratingPolicy, temperatureC: Double = 37
  ) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification.sized(
        capacityKWh: 10, powerKW: 10, derating: policy, ageing: nil), seed: 4, socFraction: 0.9,
      temperatureC: temperatureC)
  }

  @Test(
    "the answers are those of a replay, at its own steps and at shorter ones", arguments: [2.0, 10])
  func same(_ step: Double) throws {
    let policy = Self.policy()
    var twin = try Self.battery(policy, temperatureC: 39)
    var controller = DeratingController(policy)
    #expect(controller.needed == [.cellTemperature, .current])
    var shares: Set<Double> = []
    var currentA = 0.0
    for k in 0..<Int(7200 / step) {
      let seen = twin.controlView()
      let request = k * Int(step) % 1800 < 600 ? 10.0 : 1
      let packV = 0.5 * (seen.lowestV + seen.highestV) * Double(twin.specification.series)
      let limits = controller.limits(
        DeratingController.Sample(
          seconds: twin.elapsedSeconds, hottestC: seen.hottestC, coldestC: seen.coldestC,
          lowestSOC: seen.lowestSOC, currentA: currentA,
          plannedA: 1000 * twin.specification.converter.dcKW(acKW: request) / packV))
      currentA = try twin.step(requestKW: request, ambientC: 60, seconds: step).packA
      let own = twin.control.rules.share(.discharge, seen, memory: twin.derating)
      #expect(limits.dischargeFraction == own.fraction, "\(k)")
      shares.insert(limits.dischargeFraction)
    }
    // Nothing, the plan and the heat decide in turn.
    #expect(shares == [1, 0.6, 0.2])
    // The first sample alone has no past; shorter steps go on with what was said last.
    #expect(twin.ledger.unforeseenSeconds == (step < 10 ? 8 : 10))
  }

  @Test("steps too long for its past leave the temperature as it is, and are counted") func blind()
    throws
  {
    var twin = try Self.battery(Self.policy())
    for _ in 0..<10 { _ = try twin.step(requestKW: 10, ambientC: 37, seconds: 60) }
    #expect(twin.ledger.unforeseenSeconds == 600)
    // Φ(37 − 40) is below every level, and 41 °C now is above.
    var controller = DeratingController(Self.policy())
    #expect(controller.limits(.init(seconds: 0, hottestC: 37)).dischargeFraction == 1)
    #expect(controller.isUnforeseen)
    #expect(controller.limits(.init(seconds: 60, hottestC: 41.5)).dischargeFraction == 0.2)
    let findings = Self.policy().problems(stepSeconds: 60, named: "replay.twin_step_s")
    #expect(
      findings.all.map(\.message) == [
        "policy 'kept': its model was fitted on steps of 10 s, so steps of 60 s are gaps to it; "
          + "'replay.twin_step_s' must be at most 15"
      ])
    #expect(Self.policy().problems(stepSeconds: 15, named: "x").all.isEmpty)
  }

  @Test("a sensor that stands still is all that the model sees") func stuck() throws {
    func shares(_ faults: [FaultSpecification]) throws -> Double {
      var twin = DigitalTwin(
        try TwinSpecification.sized(
          capacityKWh: 10, powerKW: 10, derating: Self.policy(), ageing: nil, faults: faults),
        seed: 4, socFraction: 0.9, temperatureC: 39.9)
      // Slow enough that the plan alone is no warning.
      for _ in 0..<60 { _ = try twin.step(requestKW: 1, ambientC: 48, seconds: 10) }
      return twin.derating.share(.discharge)
    }
    #expect(try shares([]) == 0.2)
    #expect(try shares([FaultSpecification(.sensorStuck(temperatureC: 20))]) == 1)
  }

  @Test("a battery goes on from a saved state with the model's past") func state() throws {
    let policy = Self.policy()
    var twin = try Self.battery(policy)
    for _ in 0..<30 { _ = try twin.step(requestKW: 9, ambientC: 37, seconds: 10) }
    let saved = try JSONDecoder().decode(
      DigitalTwin.State.self, from: JSONEncoder().encode(twin.state))
    var other = try DigitalTwin(twin.specification, state: saved)
    for _ in 0..<30 {
      let one = try twin.step(requestKW: 9, ambientC: 37, seconds: 10)
      let two = try other.step(requestKW: 9, ambientC: 37, seconds: 10)
      #expect(one.deliveredKW == two.deliveredKW)
    }
    #expect(twin.stateHash == other.stateHash)
    #expect(other.ledger.unforeseenSeconds == 10)
  }

  @Test("lead and limit are the model's") func lead() {
    var policy = Self.policy()
    policy.warning?.leadSeconds = 60
    policy.warning?.limitC = 45
    #expect(
      policy.problems().all.map(\.message) == [
        "'lead_s' must be that of the model, 300, found '60'",
        "'limit_c' must be that of the model, 40, found '45'",
      ])
  }
}
