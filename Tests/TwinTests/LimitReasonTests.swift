import Numerics
import TestSupport
import Testing

@testable import Twin

/// The cell by hand is `ModuleTests.ohmic`: 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ, rated at 100 A, four in series.
@Suite("Why a step got less", .tags(.physics)) struct LimitReasonTests {
  private static func twin(
    _ policy: DeratingPolicy, soc: Double = 0.5, celsius: Double = 25,
    limits: LimitSpecification = LimitSpecification(minimumSOC: 0, maximumSOC: 1),
    ratedKW: Double = 20, cell: CellSpecification? = nil
  ) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification(
        cell: cell ?? ModuleTests.ohmic(capacityAh: 100), series: 4, spread: .none,
        enclosure: .cabinet(capacityKWh: 20), converter: .ideal(ratedKW: ratedKW), limits: limits,
        derating: policy, balancing: nil, ageing: nil, substepSeconds: 60),
      seed: 7, socFraction: soc, temperatureC: celsius)
  }

  /// `residential` leaves 0.5 of a charge at 5 °C and 0.625 of a discharge at 6.25 °C (half at 5, all at 10 °C).
  @Test(
    "a table over temperature names itself, the temperature and the share",
    arguments: [(-100.0, 5.0, 0.5), (100, 6.25, 0.625), (100, 45, 0.5), (-100, 52.5, 0.125)])
  func temperature(amperes: Double, celsius: Double, share: Double) throws {
    var twin = try Self.twin(.residential, celsius: celsius)
    let step = try twin.step(
      BatteryRequest(.currentA(amperes)), ambientC: celsius, seconds: 1)
    let reason = try #require(step.reason)
    #expect(reason.cause == (celsius < 20 ? .cold : .heat) && reason.cause == step.cause)
    #expect(reason.direction == (amperes < 0 ? .charge : .discharge))
    #expect(reason.rule == (amperes < 0 ? .chargeTemperature : .dischargeTemperature))
    #expect(isClose(reason.fraction ?? 0, share, relative: 1e-9))
    #expect(reason.temperatureC == celsius && reason.voltageV == nil)
    #expect(isClose(abs(step.packA), 100 * share, relative: 1e-9))
  }

  /// `cautious` leaves a third of the way from 0.5 to 0.2 at a charge of 0.92 − that is 0.38 at 0.92.
  @Test("so does a table over charge") func charge() throws {
    var twin = try Self.twin(.cautious, soc: 0.92)
    let step = try twin.step(BatteryRequest(.currentA(-100)), ambientC: 25, seconds: 1)
    let reason = try #require(step.reason)
    #expect(reason.cause == .derateSOC && reason.rule == .chargeSOC)
    #expect(isClose(reason.fraction ?? 0, 0.38, relative: 1e-9))
    #expect(isClose(reason.socFraction ?? 0, 0.92, relative: 1e-9) && reason.temperatureC == nil)
  }

  @Test("ratings, the window of the charge and voltages name themselves") func ratings() throws {
    func reason(
      _ twin: DigitalTwin, _ amperes: Double, seconds: Double = 60
    ) throws -> LimitReason {
      var twin = twin
      return try #require(
        try twin.step(BatteryRequest(.currentA(amperes)), ambientC: 25, seconds: seconds).reason)
    }
    #expect(try reason(try Self.twin(.none), 200).rule == .rate)
    #expect(try reason(try Self.twin(.none, ratedKW: 0.5), 90).rule == .rating)
    let narrow = LimitSpecification(minimumSOC: 0.4, maximumSOC: 0.6)
    let full = try reason(try Self.twin(.none, soc: 0.6, limits: narrow), -50)
    #expect(full.rule == .highestSOC && isClose(full.socFraction ?? 0, 0.6, relative: 1e-9))
    #expect(try reason(try Self.twin(.none, soc: 0.4, limits: narrow), 50).rule == .lowestSOC)
    var cell = ModuleTests.ohmic(capacityAh: 100)
    cell.maximumV = 3.3
    let voltage = try reason(try Self.twin(.none, cell: cell), -100)
    #expect(voltage.rule == .highestV && isClose(voltage.voltageV ?? 0, 3.3, relative: 1e-6))
    let tapered = try reason(
      try Self.twin(VoltageTaperTests.policy(), soc: 0.8), -90)
    #expect(tapered.rule == .chargeVoltage && tapered.cause == .cellVoltage)
    // At its voltage the table leaves what flows: 1000 A/V under 3.50 V, see `VoltageTaperTests`.
    #expect(
      isClose(tapered.fraction ?? 0, (3.5 - (tapered.voltageV ?? 0)) * 10, relative: 1e-4))
  }

  @Test("what a policy remembers names itself") func memory() throws {
    var hot = try ControlTests.hot(DeratingRecovery(latchC: 45, latchResetC: 35))
    let latched = try #require(try hot.step(requestKW: 3, ambientC: 20, seconds: 60).reason)
    #expect(latched.rule == .latch && latched.fraction == 0)
    var slow = try ControlTests.hot(DeratingRecovery(dwellSeconds: 1e5))
    _ = try slow.step(requestKW: 0, ambientC: 0, seconds: 60)
    let held = slow.derating.share(.discharge)
    for _ in 0..<20 { _ = try slow.step(requestKW: 0, ambientC: 0, seconds: 300) }
    let reason = try #require(try slow.step(requestKW: 9, ambientC: 0, seconds: 1).reason)
    #expect(reason.rule == .recovery && reason.fraction == held && reason.cause == .heat)
  }

  @Test("a step that gets what it asks for has no reason") func none() throws {
    var twin = try Self.twin(.residential)
    #expect(try twin.step(requestKW: 0.5, ambientC: 25, seconds: 900).reason == nil)
  }
}
