import Diagnostics
import Numerics
import TestSupport
import Testing

@testable import Twin

/// When a stop ends, and how power comes back by direction.
///
/// The cell by hand is `ModuleTests.ohmic`: 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ. At a charge of 0.84 it rests at
/// 3.42 V; 40 A end a step of 10 s at 3.42 V + 0.04 V + 40 · 10 / 360 000 · 0.5 V = 3.4606 V, and it rests at
/// 3.42056 V then.
@Suite("When stops end", .tags(.physics)) struct StopReleaseTests {
  private static func policy(_ change: (inout DeratingPolicy) -> Void) -> DeratingPolicy {
    var policy = DeratingPolicy(name: "test", charge: [], discharge: [])
    change(&policy)
    return policy
  }

  /// A twin that has charged at 40 A for 10 s, so that the stop at 3.44 V begins with the next step.
  private static func charged(_ restartV: Double, _ release: StopRelease) throws -> DigitalTwin {
    var twin = try VoltageTaperTests.twin(
      policy { $0.chargeStop = VoltageStop(stopV: 3.44, restartV: restartV, release: release) },
      soc: 0.84, substep: 10)
    let step = try current(&twin, -40)
    #expect(step == -40 && isClose(twin.pack.terminalV[0], 3.460_556, absolute: 1e-6))
    return twin
  }

  /// Asks for a current over 10 s and returns what flowed. [A]
  private static func current(_ twin: inout DigitalTwin, _ amperes: Double) throws -> Double {
    try twin.step(BatteryRequest(.currentA(amperes)), ambientC: 25, seconds: 10).packA
  }

  /// Charges at 10 A until it is allowed. [s since the stop]
  private static func wait(
    _ twin: inout DigitalTwin, from start: Int = 0, until end: Int = 3600
  ) throws -> Int? {
    for second in stride(from: start, to: end, by: 10) where try current(&twin, -10) != 0 {
      return second
    }
    return nil
  }

  /// By hand: 72 A over 10 s take 0.001 V, so the third step after the stop ends below the restart of 3.42 V, and
  /// the cell rests at 3.41956 V from then on.
  ///
  /// The stop is at t, the voltage back at t + 30 s, and 60 s later it may charge.
  @Test("a direction starts again after the voltage has been back for the dwell")
  func dwell() throws {
    for (dwell, first) in [(60.0, 90), (0, 30), (55, 90), (61, 100)] {
      var twin = try Self.charged(3.42, StopRelease(dwellSeconds: dwell))
      #expect(try Self.wait(&twin, until: 20) == nil)
      #expect(try Self.current(&twin, 72) == 72)
      #expect(try Self.wait(&twin, from: 30) == first, "dwell \(dwell)")
      #expect(twin.ledger.limits.allSatisfy { $0.cause == .cellVoltage })
    }
  }

  /// At rest the cell stands below 3.43 V, so only the latch holds the stop.
  @Test("a latch holds a stop for its time or until current is reversed") func latch() throws {
    for (latch, first) in [(nil, 10), (60.0, 60), (600, 600)] {
      var twin = try Self.charged(3.43, StopRelease(latchSeconds: latch))
      #expect(try Self.wait(&twin) == first)
    }
    var timed = try Self.charged(3.43, StopRelease(latchSeconds: 600, reset: .reversal))
    var reversed = timed
    var alone = timed
    #expect(try Self.wait(&timed) == 600)
    // A discharge from t + 20 s on ends the latch for the step from t + 30 s.
    #expect(try Self.wait(&reversed, until: 20) == nil)
    #expect(try Self.current(&reversed, 1) == 1)
    #expect(try Self.wait(&reversed, from: 30) == 30)
    // The time alone is not shortened.
    alone = try Self.charged(3.43, StopRelease(latchSeconds: 600))
    #expect(try Self.wait(&alone, until: 20) == nil)
    #expect(try Self.current(&alone, 1) == 1)
    #expect(try Self.wait(&alone, from: 30) == 600)
    var forEver = try Self.charged(3.43, StopRelease(reset: .reversal))
    #expect(try Self.wait(&forEver) == nil)
    let saved = try DigitalTwin(forEver.specification, state: forEver.state)
    #expect(saved.state == forEver.state)
    #expect(try Self.current(&forEver, 1) == 1)
    #expect(try Self.wait(&forEver) == 0)
  }

  /// By hand: at a charge of 0.4 the cell rests at 3.20 V, and 40 A end a step at 3.16 V, below the stop of 3.17 V.
  @Test("a discharge stop latches until a charge has begun") func discharge() throws {
    var twin = try VoltageTaperTests.twin(
      Self.policy {
        $0.dischargeStop = VoltageStop(
          stopV: 3.17, restartV: 3.19, release: StopRelease(dwellSeconds: 20, reset: .reversal))
      }, soc: 0.4, substep: 10)
    #expect(try Self.current(&twin, 40) == 40)
    for _ in 0..<60 { #expect(try Self.current(&twin, 10) == 0) }
    // The voltage has long been back; a charge is all that lacks.
    #expect(try Self.current(&twin, -5) == -5)
    #expect(try Self.current(&twin, 10) == 10)
  }

  /// Back at 10 s, gone at 40 s, back at 50 s: a dwell of 60 s ends at 110 s.
  @Test("a break begins the dwell again, not the latch") func interrupted() {
    func end(_ release: StopRelease) -> Int? {
      var memory = StopMemory()
      memory.update(isReached: true, isBack: false, release: release, now: 0)
      #expect(memory.isStopped)
      for second in stride(from: 10, to: 300, by: 10) {
        memory.update(
          isReached: second == 40, isBack: second != 40, release: release, now: Double(second))
        if !memory.isStopped { return second }
      }
      return nil
    }
    #expect(end(StopRelease(dwellSeconds: 60)) == 110)
    #expect(end(StopRelease(latchSeconds: 100)) == 100)
    #expect(end(StopRelease(dwellSeconds: 60, latchSeconds: 200)) == 200)
  }

  /// The latch ends 2990 s after the start, within the fourth slot; 100 A of four cells are more than 1.2 kW.
  @Test("planners see a latched stop in the envelope") func envelope() throws {
    var twin = try Self.charged(3.43, StopRelease(latchSeconds: 3000))
    _ = try Self.current(&twin, 0)
    let seen = try twin.envelope(
      along: [Double](repeating: 0, count: 8), stepSeconds: 900,
      ambientC: [Double](repeating: 25, count: 8))
    #expect(seen.chargeKW[0...2].allSatisfy { $0 == 0 })
    #expect(seen.chargeKW[5...].allSatisfy { $0 > 1 })
    #expect(seen.dischargeKW.allSatisfy { $0 > 1 })
  }

  /// After the charge the cell stands above the stop, which begins with the next step.
  @Test("planners see a stop in the slot that it begins with") func beginning() throws {
    var twin = try Self.charged(3.43, StopRelease(latchSeconds: 3000))
    let seen = try twin.envelope(
      along: [Double](repeating: 0, count: 2), stepSeconds: 10,
      ambientC: [Double](repeating: 25, count: 2))
    #expect(seen.chargeKW == [0, 0] && seen.dischargeKW.allSatisfy { $0 > 1 })
    #expect(try Self.current(&twin, -10) == 0)
  }

  /// A heatsink of 20 minutes at 80 °C in air of 20 °C is below 70 °C after 1200 s · ln(60/50) = 219 s, seen at
  /// 220 s.
  @Test(
    "the inverter's stop has both too",
    arguments: [
      (StopRelease(dwellSeconds: 60), 280), (StopRelease(latchSeconds: 600), 600),
      (StopRelease(dwellSeconds: 60, latchSeconds: 250), 280),
    ])
  func inverter(release: StopRelease, first: Int) throws {
    var twin = try VoltageTaperTests.twin(
      Self.policy { $0.inverter = InverterDerating(stopC: 78, restartC: 70, release: release) },
      soc: 0.5, substep: 60, cell: .lfpPrismatic280, series: 16, converter: .ideal(ratedKW: 4),
      temperatureC: 80)
    var seconds = 0
    while seconds < 3600,
      try twin.step(requestKW: 1, ambientC: 20, seconds: 10).deliveredKW == 0
    {
      seconds += 10
    }
    #expect(seconds == first)
    #expect(twin.ledger.limits.map(\.cause) == [.inverterTemperature])
  }

  // MARK: Recovery

  /// By hand: the table leaves 0.4 at 46 °C and everything at 25 °C.
  ///
  /// A charge that gets back 0.1 per minute has 0.5 in the first minute and everything in the sixth; it loses it at once.
  @Test("power rises slowly in one direction only") func ramp() throws {
    let table = [DeratingTable.temperature(LinearTable(x: [40, 50], y: [1, 0]))]
    let twin = try VoltageTaperTests.twin(
      Self.policy {
        $0.charge = table
        $0.discharge = table
        $0.chargeRecovery = DeratingRecovery(risePerMinute: 0.1)
      }, soc: 0.5, substep: 60)
    var memory = DeratingMemory()
    func shares(_ celsius: Double, at minute: Int) -> [Double] {
      memory.update(
        twin.control.rules,
        seen: DeratingPolicy.Reading(
          coldestC: celsius, hottestC: celsius, lowestSOC: 0.5, highestSOC: 0.5, lowestV: 3.25,
          highestV: 3.25), heatsinkC: 25, looks: [], now: Double(60 * minute))
      return [memory.share(.charge), memory.share(.discharge)]
    }
    func expect(_ found: [Double], _ charge: Double, _ discharge: Double) {
      #expect(isClose(found[0], charge, relative: 1e-12), "\(found)")
      #expect(isClose(found[1], discharge, relative: 1e-12), "\(found)")
    }
    expect(shares(46, at: 0), 0.4, 0.4)
    for minute in 1...7 {
      expect(shares(25, at: minute), min(1, 0.4 + 0.1 * Double(minute)), 1)
    }
    expect(shares(46, at: 8), 0.4, 0.4)
  }

  @Test("a latch of one direction leaves the other one") func latchOfOne() throws {
    var hot = try VoltageTaperTests.twin(
      Self.policy { $0.chargeRecovery = DeratingRecovery(latchC: 45, latchResetC: 35) }, soc: 0.5,
      substep: 60, temperatureC: 46)
    let step = try hot.step(requestKW: -0.5, ambientC: 46, seconds: 60)
    let reason = try #require(step.reason)
    #expect(step.deliveredKW == 0 && step.cause == .heat && reason.rule == .chargeLatch)
    #expect(reason.rule.rawValue == "charge.recovery.latch_c")
    #expect(try hot.step(requestKW: 0.5, ambientC: 46, seconds: 60).deliveredKW == 0.5)
  }

  // MARK: Words

  static let wrong: [(DeratingPolicy, key: String, String)] = [
    (
      policy {
        $0.chargeStop = VoltageStop(
          stopV: 3.5, restartV: 3.4, release: StopRelease(dwellSeconds: -1))
      }, "charge.dwell_s", "'dwell_s' must be zero or more, found '-1.0'"
    ),
    (
      policy {
        $0.inverter = InverterDerating(
          stopC: 80, restartC: 70, release: StopRelease(latchSeconds: -1))
      }, "inverter.latch_s", "'latch_s' must be zero or more, found '-1.0'"
    ),
    (
      policy {
        $0.inverter = InverterDerating(
          stopC: 80, restartC: 70, release: StopRelease(reset: .reversal))
      }, "inverter.latch_reset", "no direction ends a stop of the inverter"
    ),
    (
      policy { $0.dischargeRecovery = DeratingRecovery(risePerMinute: 0) },
      "discharge.recovery.rise_fraction_per_minute",
      "'rise_fraction_per_minute' must be positive, found '0.0'"
    ),
    (
      policy {
        $0.chargeStop = VoltageStop(
          stopV: 3.45, restartV: 3.4, release: StopRelease(reset: .reversal))
        $0.dischargeStop = VoltageStop(
          stopV: 3.1, restartV: 3.2, release: StopRelease(reset: .reversal))
      }, "discharge.latch_reset",
      "with 'latch_reset: reversal' in both directions one of them needs 'latch_s', as both may be "
        + "stopped at once"
    ),
  ]

  @Test("what cannot be is refused", arguments: wrong.indices)
  func refusals(index: Int) {
    let found = Self.wrong[index].0.problems().all
    #expect(found.map(\.message) == [Self.wrong[index].2])
    #expect(found.map(\.key) == [Self.wrong[index].key])
  }
}
