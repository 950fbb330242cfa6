import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("A policy on measurements", .tags(.physics)) struct DeratingControllerTests {
  /// Every kind of rule that needs no twin.
  private static let policy: DeratingPolicy = {
    let table = DeratingTable.temperature(LinearTable(x: [0, 10, 38, 48], y: [0, 1, 1, 0]))
    var policy = DeratingPolicy(
      name: "all", charge: [table, .soc(LinearTable(x: [0.8, 0.95], y: [1, 0.2]))],
      discharge: [
        table,
        .surface(
          temperatureC: [30, 45], socFraction: [0.2, 0.6], fraction: [[0.6, 1], [0.3, 0.9]]),
      ],
      recovery: DeratingRecovery(
        hysteresisK: 1, dwellSeconds: 300, risePerMinute: 0.05, lookAheadSeconds: 120))
    policy.dischargeStop = VoltageStop(
      stopV: 3.0, restartV: 3.2,
      release: StopRelease(dwellSeconds: 120, latchSeconds: 600, reset: .reversal))
    policy.warning = DeratingWarning(
      leadSeconds: 300, limitC: 42, errorK: 1.5, levels: [.init(probability: 0.5, fraction: 0.6)],
      hysteresisK: 0.5, dwellSeconds: 120, risePerMinute: 0.1)
    policy.inverter = InverterDerating(
      heatsink: LinearTable(x: [50, 70], y: [1, 0.3]),
      ambient: LinearTable(x: [36, 50], y: [1, 0.5]),
      stopC: 66, restartC: 60, release: StopRelease(dwellSeconds: 60))
    return policy
  }()

  /// A load of spikes: 0.3 of the rating with pulses of all of it, charging in between.
  private static func power(_ seconds: Double) -> Double {
    if Int(seconds / 3600) % 3 == 2 { return -6 }
    return Int(seconds) % 900 < 120 ? 10 : 3
  }

  @Test(
    "it answers as the battery in a replay does, at 1 to 60 s with spikes of load",
    arguments: [1.0, 10, 60])
  func same(_ step: Double) throws {
    var twin = DigitalTwin(
      try TwinSpecification.sized(
        capacityKWh: 10, powerKW: 10, derating: Self.policy, ageing: nil), seed: 4,
      socFraction: 0.9, temperatureC: 37)
    var controller = DeratingController(Self.policy)
    var fewest = 1.0
    var currentA = 0.0
    for _ in 0..<Int(4 * 3600 / step) {
      let seen = twin.controlView()
      let limits = controller.limits(
        DeratingController.Sample(
          seconds: twin.elapsedSeconds, hottestC: seen.hottestC, coldestC: seen.coldestC,
          lowestSOC: seen.lowestSOC, highestSOC: seen.highestSOC, lowestV: seen.lowestV,
          highestV: seen.highestV, heatsinkC: twin.heatsinkC, airC: 37, currentA: currentA))
      let sinkC = twin.heatsinkC
      let done = try twin.step(
        requestKW: Self.power(twin.elapsedSeconds), ambientC: 37, seconds: step)
      currentA = done.packA
      for (direction, fraction) in [
        (PowerDirection.charge, limits.chargeFraction),
        (.discharge, limits.dischargeFraction),
      ] {
        let own = twin.control.rules.share(direction, seen, memory: twin.derating)
        #expect(fraction == own.fraction)
        fewest = min(fewest, fraction)
      }
      let inverter = min(
        twin.control.inverterShare(heatsinkC: sinkC),
        twin.control.policyShare(airC: 37, ambientC: 37, memory: twin.derating))
      #expect(limits.inverterFraction == inverter)
    }
    #expect(fewest < 0.6)
  }

  // 38 °C the whole, 43 °C half, 48 °C nothing; at 0.875 of the charge the other table leaves 0.6.
  @Test("it says which rule decides") func rules() {
    var policy = Self.policy
    policy.recovery = DeratingRecovery()
    policy.warning = nil
    policy.dischargeStop = nil
    var controller = DeratingController(policy)
    let warm = controller.limits(.init(seconds: 0, hottestC: 43, lowestSOC: 0.7))
    #expect(warm.chargeFraction == 0.5 && warm.chargeRule == .chargeTemperature)
    #expect(warm.inverterFraction == 1 && warm.inverterRule == nil)
    let full = controller.limits(.init(seconds: 60, hottestC: 25, lowestSOC: 0.875, heatsinkC: 60))
    #expect(isClose(full.chargeFraction, 0.6, relative: 1e-12) && full.chargeRule == .chargeSOC)
    #expect(
      isClose(full.inverterFraction, 0.65, relative: 1e-12) && full.inverterRule == .heatsink)
    #expect(full.dischargeFraction == 1 && full.dischargeRule == nil)
  }

  @Test("a probability and a rise foreseen elsewhere take the place of its own") func foreseen() {
    var policy = DeratingPolicy.none
    policy.warning = DeratingWarning(
      foresight: .twin, leadSeconds: 300, limitC: 45, errorK: 1,
      levels: [.init(probability: 0.8, fraction: 0.4), .init(riseK: 5, fraction: 0.7)])
    var controller = DeratingController(policy)
    #expect(controller.needed == [.cellTemperature, .rise])
    #expect(
      controller.limits(.init(seconds: 0, hottestC: 30, riseK: 6)).chargeFraction == 0.7)
    let warned = controller.limits(
      .init(seconds: 10, hottestC: 30, riseK: 0, probability: 0.9))
    #expect(warned.dischargeFraction == 0.4 && warned.dischargeRule == .warning)
  }

  @Test("it names the measurements that a policy cannot do without") func needed() {
    #expect(DeratingController(.none).needed.isEmpty)
    #expect(DeratingController(.residential).needed == [.cellTemperature])
    #expect(DeratingController(.residentialLFP).needed == [.cellTemperature, .cellVoltage])
    #expect(
      DeratingController(Self.policy).needed == [
        .cellTemperature, .charge, .cellVoltage, .heatsink, .air,
      ])
  }

  // 3.4125 V lies halfway between 0.25 and 0.05.
  @Test("tables over voltage are read at the voltage that is measured") func voltage() {
    var controller = DeratingController(.residentialLFP)
    let limits = controller.limits(
      .init(seconds: 0, hottestC: 25, lowestV: 3.3, highestV: 3.4125))
    #expect(isClose(limits.chargeFraction, 0.15, relative: 1e-9))
    #expect(limits.chargeRule == .chargeVoltage && limits.dischargeFraction == 1)
  }
}
