import Diagnostics
import Numerics
import TestSupport
import Testing

@testable import Twin

/// Tables and levels over cell voltage.
///
/// The cell by hand is `ModuleTests.ohmic`: 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ, rated at 100 A. With a table
/// from 1 at 3.40 V to 0 at 3.50 V, and the cell at 3.40 V, a charging current I ends a step of dt at
/// 3.40 V + I · (1 mΩ + 0.5 V · dt / 360 000 As), where 1000 A/V · (3.50 V − V) is allowed, so
/// I = 100 A / (2 + 500 · dt / 360 000 s).
@Suite("Derating over cell voltage", .tags(.physics)) struct VoltageTaperTests {
  static let charge = LinearTable(x: [3.4, 3.5], y: [1, 0])
  static let discharge = LinearTable(x: [3.1, 3.2], y: [0, 1])

  static func policy(
    charge: LinearTable? = charge, discharge: LinearTable? = discharge
  ) -> DeratingPolicy {
    DeratingPolicy(
      name: "test", charge: charge.map { [.voltage($0)] } ?? [],
      discharge: discharge.map { [.voltage($0)] } ?? [])
  }

  static func twin(
    _ policy: DeratingPolicy, soc: Double, substep: Double, cell: CellSpecification? = nil,
    series: Int = 4, parallel: Int = 1, spread: CellSpread = .none,
    converter: ConverterSpecification = .ideal(ratedKW: 20), temperatureC: Double = 25,
    limits: LimitSpecification = LimitSpecification(minimumSOC: 0, maximumSOC: 1, cutOffC: 150)
  ) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification(
        cell: cell ?? ModuleTests.ohmic(capacityAh: 100), series: series, parallel: parallel,
        spread: spread, enclosure: .cabinet(capacityKWh: 20), converter: converter, limits: limits,
        derating: policy, balancing: nil, ageing: nil, substepSeconds: substep),
      seed: 7, socFraction: soc, temperatureC: temperatureC)
  }

  /// By hand, see above: 49.965 A, 40.68 A and 14.286 A for steps of 1, 330 and 3600 s.
  @Test(
    "the current of a step is the one that the voltage at its end allows",
    arguments: [1.0, 330, 3600])
  func byHand(seconds: Double) throws {
    let amperes = 100 / (2 + 500 * seconds / 360_000)
    var twin = try Self.twin(Self.policy(), soc: 0.8, substep: seconds)
    let step = try twin.step(requestKW: -2, ambientC: 25, seconds: seconds)
    #expect(isClose(twin.pack.packCurrentA, -amperes, relative: 1e-7))
    // 4 cells at the mean of 3.40 V and the end without the fall over 1 mΩ, and that fall.
    let meanV = 4 * (3.4 + amperes * (1e-3 + 0.25 * seconds / 360_000))
    #expect(isClose(step.deliveredKW, -amperes * meanV / 1000, relative: 1e-7))
    #expect(step.cause == .cellVoltage && !step.derated && step.withheldChargeKW == 0)
    let refused = try #require(twin.ledger.limits.first)
    #expect(refused.cause == .cellVoltage && twin.ledger.limits.count == 1)
    #expect(
      isClose(refused.refusedChargeKWh, (2 + step.deliveredKW) * seconds / 3600, relative: 1e-9))

    // Discharge is the same about 3.20 V.
    twin = try Self.twin(Self.policy(), soc: 0.4, substep: seconds)
    _ = try twin.step(requestKW: 2, ambientC: 25, seconds: seconds)
    #expect(isClose(twin.pack.packCurrentA, amperes, relative: 1e-7))
  }

  /// By hand: over a quarter of an hour without its charge, 100 A / 2 = 50 A at 4 · (3.40 V + 50 A · 1 mΩ + the rise of
  /// half the charge, 50 A · 900 s / 360 000 As · 0.25 V) = 13.925 V, so 696.25 W; in discharge 50 A at
  /// 4 · (3.40 − 0.05 − 0.03125) V would be allowed at 3.20 V.
  @Test("planners see it in the envelope")
  func envelope() throws {
    let full = try Self.twin(Self.policy(), soc: 0.8, substep: 300)
    let seen = try full.envelope(along: [0], stepSeconds: 900, ambientC: [25])
    #expect(isClose(seen.chargeKW[0], 0.69625, relative: 1e-6))
    let empty = try Self.twin(Self.policy(), soc: 0.4, substep: 300)
    let low = try empty.envelope(along: [0], stepSeconds: 900, ambientC: [25])
    #expect(isClose(low.dischargeKW[0], 0.05 * 4 * (3.2 - 0.05 - 0.03125), relative: 1e-6))
    #expect(low.decidedBy == [.cellVoltage])
    let free = try Self.twin(Self.policy(charge: nil, discharge: nil), soc: 0.8, substep: 300)
    let without = try free.envelope(along: [0], stepSeconds: 900, ambientC: [25])
    #expect(without.chargeKW[0] > 1.3 && without.dischargeKW == seen.dischargeKW)
  }

  struct Pack: Sendable, CustomTestStringConvertible {
    var name: String
    var cell: CellSpecification
    var parallel = 1
    var spread = CellSpread()
    var policy = DeratingPolicy.residentialLFP
    var testDescription: String { name }
  }

  static let packs = [
    Pack(name: "LFP", cell: .lfpPrismatic280),
    Pack(
      name: "LFP of a second life, 3p", cell: .lfpPrismatic280, parallel: 3, spread: .secondLife),
    Pack(
      name: "NMC", cell: .nmcCylindrical21700,
      policy: policy(
        charge: LinearTable(x: [4.05, 4.15], y: [1, 0]),
        discharge: LinearTable(x: [3.0, 3.3], y: [0, 1]))),
  ]

  /// A constant request into a full battery: once the table acts the current dies away.
  ///
  /// What a warmer cell or a
  /// cell beside it gives back is less than a hundredth of the rating; a current that swings from step to step would
  /// move by tenths.
  @Test("it never swings, however long a step is", arguments: packs, [1.0, 10, 60, 300, 900, 3600])
  func stable(pack: Pack, seconds: Double) throws {
    let rated = pack.cell.maximumChargeC * pack.cell.capacityAh * Double(pack.parallel)
    let nominalKW = rated * pack.cell.nominalV * 16 / 1000
    for sign in [-1.0, 1] {
      var twin = try Self.twin(
        pack.policy, soc: sign < 0 ? 0.9 : 0.1, substep: seconds, cell: pack.cell, series: 16,
        parallel: pack.parallel, spread: pack.spread, converter: .ideal(ratedKW: 2 * nominalKW))
      var last = Double.infinity
      var rises = 0.0
      var isTapered = false
      for _ in 0..<Int(min(6000, 4 * 3600 / seconds + 4)) {
        let step = try twin.step(requestKW: sign * 0.9 * nominalKW, ambientC: 25, seconds: seconds)
        let share = abs(twin.pack.packCurrentA) / rated
        guard step.cause == .cellVoltage else { continue }
        isTapered = true
        rises = max(rises, share - last)
        last = share
      }
      #expect(isTapered && rises < 0.01, "\(rises)")
      #expect(last < 0.35, "\(last)")
      #expect(abs(twin.ledger.balanceErrorKWh) < 1e-9 * max(1, twin.ledger.chargedKWh))
    }
  }

  @Test("where it leaves all it changes no bit")
  func free() throws {
    func run(_ policy: DeratingPolicy) throws -> DigitalTwin {
      var twin = try Self.twin(
        policy, soc: 0.5, substep: 300, cell: .lfpPrismatic280, series: 16, spread: CellSpread())
      for hour in 0..<8 {
        _ = try twin.step(requestKW: hour % 2 == 0 ? -2 : 2, ambientC: 25, seconds: 3600)
      }
      return twin
    }
    #expect(try run(.residentialLFP).state == run(.residential).state)
  }

  // MARK: Levels

  /// By hand: 40 A take the cell from 3.40 V to 3.40 + 0.04 + 40 · 900 / 360 000 · 0.5 = 3.49 V, above the stop of
  /// 3.48 V.
  ///
  /// At rest it stands at 3.45 V; the restart of 3.44 V is only reached by discharging 40 A for a quarter of
  /// an hour, to 3.40 V less the fall.
  @Test("a level stops a direction until the other one is reached")
  func levels() throws {
    var policy = Self.policy(charge: nil, discharge: nil)
    policy.chargeStop = VoltageStop(stopV: 3.48, restartV: 3.44)
    var twin = try Self.twin(policy, soc: 0.8, substep: 900)
    func step(_ powerKW: Double) throws -> TwinStep {
      try twin.step(requestKW: powerKW, ambientC: 25, seconds: 900)
    }
    #expect(try step(-0.04 * 4 * 3.465).cause == nil)
    #expect(isClose(twin.pack.terminalV[0], 3.49, absolute: 1e-3))
    let refused = try step(-0.5)
    #expect(refused.deliveredKW == 0 && refused.cause == .cellVoltage)
    #expect(try step(-0.5).deliveredKW == 0)
    #expect(try step(0.56).deliveredKW > 0.5)
    #expect(try step(-0.5).deliveredKW == -0.5)
    let saved = try DigitalTwin(twin.specification, state: twin.state)
    #expect(saved.state == twin.state)
  }

  // MARK: Inverter

  /// By hand: 52.5 °C is in the middle of 45 °C with the whole rating and 60 °C with half of it.
  @Test("the air around the inverter leaves a share of its rating")
  func ambient() throws {
    var policy = DeratingPolicy.none
    policy.inverter.ambient = LinearTable(x: [45, 60], y: [1, 0.5])
    var twin = try Self.twin(
      policy, soc: 0.5, substep: 300, cell: .lfpPrismatic280, series: 16,
      converter: .ideal(ratedKW: 4))
    let envelope = try twin.envelope(along: [0, 0], stepSeconds: 900, ambientC: [52.5, 20])
    #expect(isClose(envelope.dischargeKW[0], 3, relative: 1e-12) && envelope.dischargeKW[1] == 4)
    let step = try twin.step(requestKW: 4, ambientC: 52.5, seconds: 300)
    #expect(isClose(step.deliveredKW, 3, relative: 1e-12) && step.cause == .inverterTemperature)
    #expect(isClose(step.withheldChargeKW, 1, relative: 1e-12))
    #expect(try twin.step(requestKW: 4, ambientC: 45, seconds: 300).deliveredKW == 4)
  }

  /// By hand: 80 °C is in the middle of 70 °C and 90 °C.
  @Test("a table over the heatsink takes the place of the inverter's own")
  func heatsink() throws {
    var policy = DeratingPolicy.none
    policy.inverter.heatsink = LinearTable(x: [70, 90], y: [1, 0])
    var twin = try Self.twin(
      policy, soc: 0.5, substep: 300, cell: .lfpPrismatic280, series: 16,
      converter: .ideal(ratedKW: 4), temperatureC: 80)
    #expect(
      isClose(
        try twin.step(requestKW: 4, ambientC: 80, seconds: 60).deliveredKW, 2, relative: 1e-9))
  }

  /// A heatsink of 20 minutes at 80 °C in air of 20 °C is below 70 °C after 1200 s · ln(60/50) = 219 s.
  @Test("a hot heatsink stops the inverter until it has cooled")
  func inverterStop() throws {
    var policy = DeratingPolicy.none
    policy.inverter.stopC = 78
    policy.inverter.restartC = 70
    var twin = try Self.twin(
      policy, soc: 0.5, substep: 60, cell: .lfpPrismatic280, series: 16,
      converter: .ideal(ratedKW: 4), temperatureC: 80)
    var seconds = 0.0
    while try twin.step(requestKW: 1, ambientC: 20, seconds: 10).deliveredKW == 0 { seconds += 10 }
    #expect(seconds == 220)
    #expect(twin.ledger.limits.map(\.cause) == [.inverterTemperature])
  }

  // MARK: Words

  static let wrong: [(DeratingPolicy, String)] = {
    func policy(_ change: (inout DeratingPolicy) -> Void) -> DeratingPolicy {
      var policy = Self.policy(charge: nil, discharge: nil)
      change(&policy)
      return policy
    }
    let rising = LinearTable(x: [3.4, 3.5], y: [0.5, 1])
    return [
      (
        policy { $0.charge = [.voltage(rising)] },
        "shares of 'voltage' must not rise with the voltage in charge"
      ),
      (
        policy { $0.discharge = [.voltage(Self.charge)] },
        "shares of 'voltage' must not fall with the voltage in discharge"
      ),
      (
        policy { $0.charge = [.voltage(LinearTable(x: [3.1, 3.2], y: [1, 0]))] },
        "'charge.voltage' leaves nothing at the cell's nominal voltage of 3.25 V"
      ),
      (
        policy { $0.dischargeStop = VoltageStop(stopV: 3.3, restartV: 3.4) },
        "'discharge.stop_v' stops at the cell's nominal voltage of 3.25 V"
      ),
      (
        policy { $0.chargeStop = VoltageStop(stopV: 3.45, restartV: 3.45) },
        "'restart_v' must be less than 'stop_v' (3.45), found '3.45'"
      ),
      (
        policy { $0.inverter.stopC = 80 },
        "'stop_c' needs 'restart_c', the temperature that lets the inverter start again"
      ),
      (
        policy { $0.inverter.ambient = LinearTable(x: [40, 60], y: [1, -0.5]) },
        "every share of 'ambient' must be a fraction from 0 to 1, found '-0.5'"
      ),
    ]
  }()

  @Test("what cannot be is refused", arguments: wrong.indices)
  func refusals(index: Int) throws {
    let (policy, message) = Self.wrong[index]
    let error = try #require(throws: InputError.self) {
      _ = try Self.twin(policy, soc: 0.5, substep: 60)
    }
    #expect(error.diagnostics.map(\.message).contains(message), "\(error)")
  }
}
