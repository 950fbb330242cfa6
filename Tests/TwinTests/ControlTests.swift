import Foundation
import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Control of the twin", .tags(.physics)) struct ControlTests {
  static func hot(_ recovery: DeratingRecovery) throws -> DigitalTwin {
    let policy = DeratingPolicy(
      name: "test",
      charge: [.temperature(LinearTable(x: [40, 50], y: [1, 0]))],
      discharge: [.temperature(LinearTable(x: [40, 50], y: [1, 0]))], recovery: recovery)
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 9, spread: .none, derating: policy, ageing: nil)
    return DigitalTwin(specification, seed: 1, socFraction: 0.8, temperatureC: 46)
  }

  /// At 46 °C the table leaves 0.4 of 1C, about 3.9 kW of a 10 kWh pack.
  @Test("a temperature table holds power back and books it")
  func table() throws {
    var twin = try Self.hot(DeratingRecovery())
    let step = try twin.step(requestKW: 8, ambientC: 46, seconds: 60)
    #expect(step.cause == .heat && step.derated)
    #expect(isClose(step.deliveredKW, 3.8, absolute: 0.4))
    #expect(isClose(twin.ledger.deratedKWh, (8 - step.deliveredKW) / 60, relative: 1e-9))
    #expect(twin.ledger.derateSeconds == 60)
  }

  @Test("power comes back after dwell, hysteresis and ramp")
  func recovery() throws {
    var twin = try Self.hot(
      DeratingRecovery(hysteresisK: 2, dwellSeconds: 600, risePerMinute: 0.02))
    var shares: [Double] = []
    for _ in 0..<300 {
      _ = try twin.step(requestKW: 0, ambientC: 5, seconds: 60)
      shares.append(twin.derating.share(.discharge))
    }
    #expect(shares[0] < 0.45)
    // No rise within the dwell, then no faster than the ramp.
    #expect(shares[8] == shares[0])
    for (before, after) in zip(shares, shares.dropFirst()) {
      #expect(after >= before && after - before <= 0.02 + 1e-12)
    }
    #expect(shares[299] == 1)
  }

  @Test("a latch stops the battery until it is cool")
  func latch() throws {
    var twin = try Self.hot(DeratingRecovery(latchC: 45, latchResetC: 35))
    let first = try twin.step(requestKW: 3, ambientC: 20, seconds: 60)
    #expect(first.deliveredKW == 0)
    while twin.hottestCellC > 35 {
      let step = try twin.step(requestKW: 3, ambientC: 10, seconds: 300)
      if twin.hottestCellC > 35.5 { #expect(step.deliveredKW == 0) }
    }
    _ = try twin.step(requestKW: 3, ambientC: 10, seconds: 60)
    #expect(try twin.step(requestKW: 3, ambientC: 10, seconds: 60).deliveredKW == 3)
  }

  @Test("looking ahead derates a warming battery earlier")
  func lookAhead() throws {
    func minutesToDerate(_ seconds: Double) throws -> Int {
      let policy = DeratingPolicy(
        name: "ahead", charge: [],
        discharge: [.temperature(LinearTable(x: [40, 50], y: [1, 0]))],
        recovery: DeratingRecovery(lookAheadSeconds: seconds))
      let specification = try TwinSpecification.sized(
        capacityKWh: 10, powerKW: 9, derating: policy, ageing: nil)
      var twin = DigitalTwin(specification, seed: 1, socFraction: 0.9, temperatureC: 35)
      for minute in 0..<60 {
        _ = try twin.step(requestKW: 8, ambientC: 35, seconds: 60)
        if twin.derating.share(.discharge) < 1 || twin.hottestCellC > 40 { return minute }
      }
      return 60
    }
    let now = try minutesToDerate(0)
    let ahead = try minutesToDerate(600)
    #expect(ahead < now && now < 60)
  }

  @Test("a stuck sensor hides the heat from the policy")
  func sensor() throws {
    func delivered(_ faults: [FaultSpecification]) throws -> Double {
      let specification = try TwinSpecification.sized(
        capacityKWh: 10, powerKW: 5, faults: faults)
      var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 48)
      return try twin.step(requestKW: 5, ambientC: 48, seconds: 60).deliveredKW
    }
    #expect(try delivered([]) < 4.5)
    #expect(try delivered([FaultSpecification(.sensorStuck(temperatureC: 25))]) == 5)
    #expect(try delivered([FaultSpecification(.sensorBias(kelvin: -10))]) == 5)
  }

  /// By hand, bilinear at 0 °C and 30 %: rows 0.1…0.3 and 0.5…1 at the middle are 0.2 and 0.75, their
  /// mean 0.475.
  @Test("a table over temperature and charge is read between its nodes")
  func surface() throws {
    let policy = DeratingPolicy(
      name: "surface", charge: [],
      discharge: [
        .surface(
          temperatureC: [-10, 10], socFraction: [0.1, 0.5], fraction: [[0.1, 0.3], [0.5, 1]])
      ])
    let reading = DeratingPolicy.Reading(
      coldestC: 0, hottestC: 0, lowestSOC: 0.3, highestSOC: 0.3)
    #expect(isClose(policy.allowed(.discharge, reading).heat, 0.475, relative: 1e-12))
    // The coldest and emptiest corner decides.
    let mixed = DeratingPolicy.Reading(
      coldestC: -20, hottestC: 20, lowestSOC: 0.05, highestSOC: 0.9)
    #expect(isClose(policy.allowed(.discharge, mixed).heat, 0.1, relative: 1e-12))
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 9, spread: .none, derating: policy, ageing: nil)
    var twin = DigitalTwin(specification, seed: 1, socFraction: 0.3, temperatureC: 0)
    let step = try twin.step(requestKW: 9, ambientC: 0, seconds: 60)
    #expect(step.cause == .cold)
    // 1C of 10 kWh times 0.475, less the losses of a cold pack.
    #expect(isClose(twin.pack.packCurrentA / specification.cell.capacityAh, 0.475, relative: 1e-9))
  }

  /// The thermostat decides at the start of a step of the twin: one step of 300 s overshoots by little.
  @Test("a thermostat at long steps uses the energy of short ones")
  func thermostat() throws {
    func run(_ seconds: Double) throws -> (auxiliaryKWh: Double, hottestC: Double) {
      let specification = try TwinSpecification(
        cell: .lfpPrismatic280, series: 16, parallel: 10,
        enclosure: .container20(coolingKW: 10, heatingKW: 5),
        converter: .ideal(ratedKW: 60), derating: .none, ageing: nil)
      var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 28)
      for second in 0..<Int(86_400 / seconds) {
        let hour = Int(Double(second) * seconds / 3600)
        _ = try twin.step(
          requestKW: hour % 4 < 2 ? 40 : -40, ambientC: 35, seconds: seconds,
          irradianceWPerM2: hour % 24 < 12 ? 600 : 0)
      }
      return (twin.ledger.auxiliaryKWh, twin.ledger.hottestCellC)
    }
    let (long, short) = (try run(300), try run(10))
    #expect(isClose(long.auxiliaryKWh, short.auxiliaryKWh, relative: 0.07), "\(long) \(short)")
    #expect(isClose(long.hottestC, short.hottestC, absolute: 0.5), "\(long) \(short)")
    #expect(short.auxiliaryKWh > 10)
  }

  @Test("a saved and restored twin goes on to the last bit", arguments: [40, 2000])
  func saving(steps: Int) throws {
    let specification = try TwinSpecification.sized(capacityKWh: 10, powerKW: 5)
    var twin = DigitalTwin(specification, seed: 2, socFraction: 0.6, temperatureC: 20)
    let profile = TwinLawTests.profile(3, count: 2 * steps, ratedKW: 5)
    for power in profile[..<steps] {
      _ = try twin.step(requestKW: power, ambientC: 20, seconds: 60)
    }
    let data = try JSONEncoder().encode(twin.state)
    var restored = try DigitalTwin(
      specification, state: JSONDecoder().decode(DigitalTwin.State.self, from: data))
    for power in profile[steps...] {
      let step = try twin.step(requestKW: power, ambientC: 20, seconds: 60)
      #expect(try restored.step(requestKW: power, ambientC: 20, seconds: 60) == step)
    }
    #expect(twin.state == restored.state)
    let other = try TwinSpecification.sized(capacityKWh: 10, powerKW: 5, series: 8)
    #expect(throws: (any Error).self) { try DigitalTwin(other, state: twin.state) }
  }

  @Test("balancing narrows the spread at the top")
  func balancing() throws {
    func spread(_ balancing: BalancingSpecification?) throws -> Double {
      let specification = try TwinSpecification(
        cell: .lfpPrismatic280, series: 8,
        spread: CellSpread(capacity: 0, resistance: 0, soc: 0.01),
        enclosure: .cabinet(capacityKWh: 7), converter: ConverterSpecification(ratedKW: 3),
        limits: LimitSpecification(maximumSOC: 1), balancing: balancing, ageing: nil)
      var twin = DigitalTwin(specification, seed: 4, socFraction: 0.9, temperatureC: 25)
      for _ in 0..<6000 { _ = try twin.step(requestKW: -0.3, ambientC: 25, seconds: 60) }
      let socs = twin.pack.socFraction
      return (socs.max() ?? 0) - (socs.min() ?? 0)
    }
    #expect(try spread(BalancingSpecification(bleedA: 0.5)) < 0.6 * (try spread(nil)))
  }

  @Test(
    "no cell passes its voltage at either end", arguments: CellSpecification.library.map(\.name))
  func voltage(_ name: String) throws {
    let cell = try #require(CellSpecification.library.first { $0.name == name })
    let specification = try TwinSpecification(
      cell: cell, series: 4, parallel: 2, enclosure: .cabinet(capacityKWh: 1),
      converter: .ideal(ratedKW: 20 * cell.capacityAh * cell.nominalV / 1000),
      limits: LimitSpecification(
        minimumSOC: 0, maximumSOC: 1, maximumChargeC: 2,
        maximumDischargeC: 3), derating: .none, ageing: nil)
    var twin = DigitalTwin(specification, seed: 8, socFraction: 0.5, temperatureC: 25)
    for step in 0..<400 {
      let power = (step / 100 % 2 == 0 ? -1.0 : 1) * 2 * 8 * cell.capacityAh * cell.nominalV / 1000
      _ = try twin.step(requestKW: power, ambientC: 25, seconds: 60)
      for j in 0..<8 {
        let volt = twin.pack.terminalV(cell: j, currentA: twin.pack.currentA[j])
        // Resistances are those of mid-step; at 2C and an empty cell they still move by a little.
        #expect(volt >= cell.minimumV - 0.03 && volt <= cell.maximumV + 0.005)
      }
    }
    #expect(twin.ledger.clippedKWh[.cellVoltage, default: 0] > 0)
  }

  @Test("impossible systems are named and refused")
  func refusals() {
    func message(_ build: () throws -> TwinSpecification) -> String {
      do {
        _ = try build()
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(
      message { try .sized(capacityKWh: 0, powerKW: 5) }
        == "error: battery: capacity must be positive, found '0.0'")
    #expect(
      message { try .sized(capacityKWh: 10, powerKW: -1) }
        .contains("error: inverter: power must be positive, found '-1.0'"))
    #expect(
      message {
        var cell = CellSpecification.lfpPrismatic280
        cell.openCircuitV[3] = 2
        return try .sized(capacityKWh: 10, powerKW: 5, cell: cell)
      }.contains("the open-circuit voltage must rise with the charge"))
    #expect(
      message {
        var cell = CellSpecification.lfpPrismatic280
        cell.capacityAh = 0
        return try TwinSpecification(
          cell: cell, series: 1, enclosure: .cabinet(capacityKWh: 1),
          converter: ConverterSpecification(ratedKW: 1))
      }.contains("capacity must be positive, found '0.0'"))
    #expect(
      message {
        try TwinSpecification(
          cell: .lfpPrismatic280, series: 300, cooling: CoolingSpecification(topology: .chain),
          enclosure: .cabinet(capacityKWh: 1), converter: ConverterSpecification(ratedKW: 1))
      }.contains("300 cells in one block are more than 128"))
  }
}
