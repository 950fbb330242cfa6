import TestSupport
import Testing

@testable import Twin

/// The cell by hand is `ModuleTests.ohmic`: 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ, rated at 100 A, four in series.
@Suite("Test protocols", .tags(.physics)) struct TestProtocolTests {
  private static func twin(
    soc: Double, ohm: Double = 1e-3, highestSOC: Double = 1
  ) throws -> DigitalTwin {
    var cell = ModuleTests.ohmic(capacityAh: 100)
    cell.seriesOhm = ohm
    return DigitalTwin(
      try TwinSpecification(
        cell: cell, series: 4, spread: .none, enclosure: .cabinet(capacityKWh: 20),
        converter: .ideal(ratedKW: 20),
        limits: LimitSpecification(minimumSOC: 0, maximumSOC: highestSOC), derating: .none,
        balancing: nil, ageing: nil),
      seed: 7, socFraction: soc, temperatureC: 25)
  }

  private static func run(
    _ items: [TestProtocol.Item], on twin: inout DigitalTwin, stepSeconds: Double = 10
  ) throws -> [TestRecord] {
    var run = TestRun(TestProtocol(name: "test", items: items, stepSeconds: stepSeconds))
    try run.run(&twin, surroundings: { _ in TestRun.Surroundings(airC: 25) }) { _, _, _, _ in }
    return run.records
  }

  private static let charge = TestStep(
    .charge, at: .rateC(0.5), until: .cell(3.45), cutOff: .rateC(0.05))

  /// By hand: 3.45 V less 50 A · 1 mΩ is 3.40 V at rest, a charge of 0.8; from 0.3 that takes 50 Ah, one hour.
  ///
  /// Then d(I · 1 mΩ)/dt = −I · 0.5 V / 360 000 As, a time constant of 720 s: 5 A are left after 720 s · ln 10 = 1658 s and
  /// 45 A · 720 s = 9 Ah, which is where 5 A · 1 mΩ are left of 3.45 V.
  @Test(
    "constant current, then constant voltage, is the exponential of a resistance",
    arguments: [1.0, 10, 60])
  func constantVoltage(stepSeconds: Double) throws {
    var twin = try Self.twin(soc: 0.3)
    let record = try #require(
      try Self.run([.step(Self.charge)], on: &twin, stepSeconds: stepSeconds).first)
    #expect(record.end == .cutOff)
    #expect(isClose(record.seconds - record.heldSeconds, 3600, absolute: 0.01))
    #expect(isClose(record.heldSeconds, 720 * 2.302585, relative: 1e-3 * max(2, stepSeconds)))
    #expect(isClose(record.chargeAh, -59, absolute: 0.01 * max(1, stepSeconds / 10)))
    #expect(isClose(record.endHighestV, 3.45, relative: 1e-6))
  }

  /// By hand: without a resistance 3.40 V is a charge of 0.8, which 50 A reach in an hour; there is nothing left to
  /// hold the voltage with.
  @Test("an ideal cell is charged when its charge over the current is over") func ideal() throws {
    var twin = try Self.twin(soc: 0.3, ohm: 1e-9)
    let step = TestStep(.charge, at: .rateC(0.5), until: .cell(3.4), cutOff: .rateC(0.05))
    let record = try #require(try Self.run([.step(step)], on: &twin).first)
    #expect(record.end == .cutOff && isClose(record.seconds, 3600, absolute: 0.05))
    #expect(isClose(record.chargeAh, -50, absolute: 1e-3) && record.heldSeconds < 0.05)
    // In the mean 3.275 V a cell: 4 · 3.275 V · 50 Ah.
    #expect(isClose(record.packKWh, -0.655, relative: 1e-5))
  }

  /// By hand: 3.1 V and 100 A · 1 mΩ are 3.2 V at rest, a charge of 0.4; from 0.8 that are 40 Ah in 0.4 h, at the mean
  /// of (3.4 + 3.2)/2 − 0.1 = 3.2 V a cell: 0.512 kWh.
  @Test("a discharge ends at a voltage, of a cell or of the pack")
  func discharge() throws {
    for until in [VoltageHold.cell(3.1), .pack(12.4)] {
      var twin = try Self.twin(soc: 0.8)
      let record = try #require(
        try Self.run(
          [.step(TestStep(.discharge, at: .currentA(100), until: until))], on: &twin
        ).first)
      #expect(record.end == .voltage && isClose(record.seconds, 1440, absolute: 0.01))
      #expect(isClose(record.chargeAh, 40, absolute: 1e-3))
      #expect(isClose(record.packKWh, 0.512, relative: 1e-5))
      #expect(isClose(record.acKWh, record.packKWh, relative: 1e-9))
      #expect(record.heldSeconds == 0 && isClose(record.endPackV, 12.4, absolute: 1e-5))
    }
  }

  /// By hand: 20 A take 20 Ah, a fifth of the charge, in an hour.
  @Test("a step ends by charge or by time, whichever comes first")
  func others() throws {
    var twin = try Self.twin(soc: 0.8)
    let records = try Self.run(
      [
        .step(TestStep(.discharge, at: .currentA(20), untilSOC: 0.6, seconds: 7200)),
        .step(TestStep(.rest, seconds: 1800)),
        .step(TestStep(.discharge, at: .currentA(20), untilSOC: 0.2, seconds: 900)),
        .step(TestStep(.charge, at: .currentA(20), untilSOC: 0.5)),
      ], on: &twin)
    #expect(records.map(\.end) == [.soc, .time, .time, .soc])
    #expect(isClose(records[0].seconds, 3600, absolute: 0.01))
    #expect(records[1].seconds == 1800 && records[1].chargeAh == 0)
    #expect(isClose(records[2].endSOC, 0.55, absolute: 1e-6))
    // It is there already.
    #expect(records[3].seconds == 0 && records[3].chargeAh == 0)
    #expect(isClose(records[3].startSeconds, 3600 + 1800 + 900, absolute: 0.01))
  }

  /// The charge may not leave 0.7, and 3.45 V lie beyond it: 40 Ah from 0.3 on.
  @Test("a limit of the battery ends what it leaves nothing of") func limit() throws {
    var twin = try Self.twin(soc: 0.3, highestSOC: 0.7)
    let record = try #require(try Self.run([.step(Self.charge)], on: &twin).first)
    #expect(record.end == .limit && record.cause == .soc)
    #expect(isClose(record.chargeAh, -40, absolute: 0.01))
    let refusedKWh = try #require(twin.ledger.clippedKWh[.soc])
    #expect(refusedKWh > 0 && isClose(record.refusedKWh, refusedKWh, relative: 1e-12))
  }

  /// By hand: nobody reaches 5.9 V with 1 A and 100 Ah within 200 h but the limit of the charge, after 70 h.
  @Test("a step that nothing ends gives up") func endless() throws {
    var twin = try Self.twin(soc: 0.3)
    let hours = TestRun.longestSeconds / 3600
    let records = try Self.run(
      [
        .step(TestStep(.charge, at: .currentA(1), until: .cell(5.9))),
        .step(TestStep(.discharge, at: .currentA(0.1), until: .cell(1.1))),
      ], on: &twin, stepSeconds: 300)
    #expect(records[0].end == .limit && isClose(records[0].seconds / 3600, 70, absolute: 0.1))
    #expect(records[1].end == .longest && isClose(records[1].seconds / 3600, hours, relative: 1e-9))
  }

  /// By hand: a cycle between 3.45 V at 5 A (a charge of 0.89) and 3.1 V at 100 A (0.4) moves 49 Ah each way, but for
  /// the last part of the held voltage.
  @Test("cycles repeat steps under the same numbers") func cycles() throws {
    var twin = try Self.twin(soc: 0.4)
    let items: [TestProtocol.Item] = [
      .step(TestStep(.rest, seconds: 60)),
      .cycles(
        3,
        [
          .step(Self.charge), .cycles(2, [.step(TestStep(.rest, seconds: 60))]),
          .step(TestStep(.discharge, at: .rateC(1), until: .cell(3.1))),
        ]),
      .step(TestStep(.rest, seconds: 60)),
    ]
    #expect(TestProtocol(name: "n", items: items).count == 14)
    let records = try Self.run(items, on: &twin)
    #expect(records.map(\.place.number) == [1, 2, 3, 3, 4, 2, 3, 3, 4, 2, 3, 3, 4, 5])
    #expect(records.map(\.place.cycle) == [nil, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, nil])
    let cycles = TestCycle.cycles(records)
    #expect(cycles.map(\.number) == [1, 2, 3])
    for cycle in cycles {
      #expect(isClose(cycle.chargedAh, 49, absolute: 0.05))
      #expect(isClose(cycle.dischargedAh, 49, absolute: 0.05))
      #expect(cycle.dischargedKWh < cycle.chargedKWh)
    }
    let wild: [TestProtocol.Item] = [.cycles(.max, [.cycles(.max, [.step(Self.charge)])])]
    #expect(TestProtocol(name: "n", items: wild).count == TestProtocol.mostSteps + 1)
  }
}
