import Numerics
import TestSupport
import Testing

@testable import Twin

/// A state that cannot be is an error that says where, when and what; never a result.
@Suite("Impossible states", .tags(.physics)) struct ImpossibleStateTests {
  static func twin(
    parallel: Int = 1, balancing: BalancingSpecification? = nil, minimumSOC: Double = 0.05
  ) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification(
        cell: .lfpPrismatic280, series: 16, parallel: parallel, spread: .none,
        enclosure: .cabinet(capacityKWh: 14), converter: ConverterSpecification(ratedKW: 7),
        limits: LimitSpecification(minimumSOC: minimumSOC), balancing: balancing, ageing: nil),
      seed: 1, socFraction: 0.5, temperatureC: 20)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var column: CellPack.Column
    var value: Double
    var text: String
    var testDescription: String { "\(column) \(value)" }
  }

  /// The words of the error, after one step of a minute of a pack with one cell put out of range.
  static let cases = [
    Case(column: .soc, value: -0.03, text: "cell 7 has a state of charge of '-0.03"),
    Case(column: .soc, value: 1.03, text: "cell 7 has a state of charge of '1.0"),
    Case(column: .soc, value: .nan, text: "cell 7 has a state of charge of 'nan'"),
    Case(column: .temperature, value: 204, text: "cell 7 has a temperature of '20"),
    Case(column: .temperature, value: -64, text: "cell 7 has a temperature of '-6"),
    Case(column: .slowV, value: 1.5, text: "cell 7 has a voltage of '1."),
    Case(column: .slowV, value: .infinity, text: "cell 7 has a voltage of 'inf' V"),
  ]

  @Test("is told with cell, value and range", arguments: cases, [0.0, 2])
  func isTold(one: Case, requestKW: Double) throws {
    var twin = try Self.twin()
    _ = try twin.step(requestKW: 1, ambientC: 20, seconds: 60)
    twin.pack[one.column, 7] = one.value
    let error = try #require(throws: ImpossibleState.self) {
      _ = try twin.step(requestKW: requestKW, ambientC: 20, seconds: 60)
    }
    #expect(error.elapsedSeconds == 120)
    // What is no number reaches all cells through the current.
    guard one.value.isFinite || requestKW == 0 else { return }
    #expect(error.place == .cell(7) && "\(error)".contains(one.text), "\(error)")
  }

  @Test("is worded with time and range")
  func words() {
    let error = ImpossibleState(
      place: .cell(31), quantity: .temperatureC, value: 295.76, lowest: -60, highest: 200,
      elapsedSeconds: 45_900)
    #expect(
      "\(error)"
        == "the battery came into an impossible state after 12.75 h: cell 31 has a temperature of "
        + "'295.76' °C, possible are -60.0…200.0 °C")
  }

  @Test("stops an envelope as well")
  func envelope() throws {
    var twin = try Self.twin()
    twin.pack[.temperature, 3] = 400
    #expect(throws: ImpossibleState.self) {
      try twin.envelope(along: [1, 1], stepSeconds: 900, ambientC: [20, 20])
    }
  }

  /// 0.02 a month takes 24 points of charge in a year, of which the lowest allowed charge leaves 5.
  @Test("a pack that is left alone for a year stops at empty", arguments: [1, 2])
  func idleYear(parallel: Int) throws {
    var twin = try Self.twin(parallel: parallel)
    while twin.socFraction > 0.0501 { _ = try twin.step(requestKW: 7, ambientC: 20, seconds: 300) }
    for _ in 0..<8760 { _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600) }
    // No cell goes further than the step that emptied it.
    #expect(twin.pack.socFraction.allSatisfy { $0 <= 0 && $0 > -1e-4 })
    // 0.05 of 0.02 a month: two and a half months, then nine and a half at its protection.
    #expect(isClose(twin.ledger.protectedSeconds / 86_400, 365 - 75, absolute: 1))
    #expect(abs(twin.ledger.balanceErrorKWh) < 1e-9)
    // Charged again, it discharges itself again.
    for _ in 0..<24 { _ = try twin.step(requestKW: -2, ambientC: 20, seconds: 300) }
    let charged = twin.socFraction
    for _ in 0..<720 { _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600) }
    #expect(isClose(charged - twin.socFraction, 0.02, relative: 1e-3))
  }

  /// Five days of a time constant of two hours; what is left is the heat of self-discharge, 0.4 W through
  /// some 12 W/K.
  @Test("stiff paths of heat are solved", arguments: [0.8, 50, 500, 1e5, 1e9])
  func stiff(airWPerK: Double) throws {
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: .lfpPrismatic280, series: 16,
        cooling: CoolingSpecification(neighbourWPerK: 0.4 * airWPerK, airWPerK: airWPerK),
        enclosure: .cabinet(capacityKWh: 14), converter: ConverterSpecification(ratedKW: 7),
        ageing: nil),
      seed: 1, socFraction: 0.5, temperatureC: 30)
    for seconds in [1.0, 60, 300, 900, 3600] {
      for _ in 0..<Int(86_400 / seconds) {
        _ = try twin.step(requestKW: 0, ambientC: 12, seconds: seconds)
        #expect(twin.pack.temperatureC.allSatisfy { $0 > 11.99 && $0 < 30.01 })
      }
    }
    #expect(twin.pack.temperatureC.allSatisfy { $0 > 12 && $0 < 12.1 })
  }

  @Test("the loss of a stiff pack warms it as much as that of another")
  func stiffHeat() throws {
    func warmest(_ airWPerK: Double) throws -> Double {
      var twin = DigitalTwin(
        try TwinSpecification(
          cell: .lfpPrismatic280, series: 16, spread: .none,
          cooling: CoolingSpecification(topology: .isolated, airWPerK: airWPerK),
          enclosure: .cabinet(capacityKWh: 14), converter: .ideal(ratedKW: 7),
          derating: .none, ageing: nil),
        seed: 1, socFraction: 0.5, temperatureC: 25)
      for step in 0..<96 {
        _ = try twin.step(requestKW: step % 12 < 6 ? 5 : -5, ambientC: 25, seconds: 300)
      }
      return twin.airC
    }
    // A path of 500 W/K is as good as one of 5000.
    #expect(isClose(try warmest(500), try warmest(5000), absolute: 0.05))
    #expect(try warmest(500) > 26)
  }

  /// A damaged state may hold any number; the first interval of the curve goes on as a straight line.
  @Test("the curve of a cell is asked at any number") func anyCharge() {
    let cell = CellSpecification.nmcCylindrical21700
    let tables = CellTables(cell)
    #expect(tables.openCircuitV(at: -1e300) < -1e299 && tables.openCircuitV(at: 1e300) > 1e299)
    #expect(tables.openCircuitV(at: .nan).isNaN && tables.openCircuitSlopeV(at: .nan) > 0)
    #expect(!tables.openCircuitV(at: -.infinity).isFinite)
    #expect(isClose(tables.openCircuitV(at: 0), cell.openCircuitV[0], absolute: 1e-9))
  }
}
