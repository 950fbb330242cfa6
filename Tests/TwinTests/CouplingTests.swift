import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Photovoltaics on the DC side", .tags(.physics)) struct CouplingTests {
  /// A 5 kW inverter with a loss of 5 kW·(0.01 + 0.02·p²): 0.066 kW at 2 kW, 0.15 kW at 5 kW.
  static func twin(
    soc: Double, capacityKWh: Double = 40, derating: DeratingPolicy = .none
  ) throws -> DigitalTwin {
    let specification = try TwinSpecification.sized(
      capacityKWh: capacityKWh, powerKW: 5,
      enclosure: EnclosureSpecification(
        airCapacityJPerK: 10_000, ventilationWPerK: 50, leakWPerK: 5),
      converter: ConverterSpecification(
        ratedKW: 5, chargeLoss: ConverterLoss(noLoad: 0.01, linear: 0, quadratic: 0.02),
        standbyKW: 0.01), spread: .none, derating: derating, ageing: nil)
    return DigitalTwin(specification, seed: 1, socFraction: soc, temperatureC: 25)
  }

  struct Case: CustomTestStringConvertible {
    var name: String
    var soc: Double
    var siteKW: Double
    var pvKW: Double
    var deliveredKW: Double
    var batteryKW: Double
    var usedKW: Double
    var cause: ClipCause?
    var testDescription: String { name }
  }

  /// By hand with the loss above; an AC power of −2 kW reaches the DC side as 1.934 kW.
  static let cases = [
    Case(
      name: "surplus charges without the inverter", soc: 0.5, siteKW: 2, pvKW: 4, deliveredKW: 2,
      batteryKW: 2.066 - 4, usedKW: 4),
    Case(
      name: "all production charges", soc: 0.5, siteKW: 0, pvKW: 3, deliveredKW: 0, batteryKW: -3,
      usedKW: 3),
    Case(
      name: "the battery adds what is missing", soc: 0.5, siteKW: 5, pvKW: 2, deliveredKW: 5,
      batteryKW: 5.15 - 2, usedKW: 2),
    Case(
      name: "production above the rating charges", soc: 0.5, siteKW: 6, pvKW: 8, deliveredKW: 5,
      batteryKW: 5.15 - 8, usedKW: 8, cause: .inverter),
    Case(
      name: "grid and production charge together", soc: 0.5, siteKW: -2, pvKW: 1, deliveredKW: -2,
      batteryKW: -1.934 - 1, usedKW: 1),
    Case(
      name: "a full battery sends production to the site, up to the rating", soc: 0.95, siteKW: 2,
      pvKW: 8, deliveredKW: 5, batteryKW: 0, usedKW: 5.15, cause: .soc),
    Case(
      name: "a full battery and an inverter at its rating", soc: 0.95, siteKW: 5, pvKW: 8,
      deliveredKW: 5, batteryKW: 0, usedKW: 5.15),
    Case(
      name: "a full battery under the rating leaves nothing unused", soc: 0.95, siteKW: 0,
      pvKW: 2.066, deliveredKW: 2, batteryKW: 0, usedKW: 2.066, cause: .soc),
    Case(
      name: "an empty battery leaves the site with production alone", soc: 0.05, siteKW: 4,
      pvKW: 2.066, deliveredKW: 2, batteryKW: 0, usedKW: 2.066, cause: .soc),
    Case(
      name: "without production it is an ordinary battery", soc: 0.5, siteKW: 2, pvKW: 0,
      deliveredKW: 2, batteryKW: 2.066, usedKW: 0),
  ]

  @Test("powers are those worked out by hand", arguments: cases)
  func byHand(_ example: Case) throws {
    var twin = try Self.twin(soc: example.soc)
    let step = try twin.step(
      siteKW: example.siteKW, pvKW: example.pvKW, ambientC: 25, seconds: 60)
    #expect(isClose(step.site.deliveredKW, example.deliveredKW, absolute: 1e-9))
    #expect(
      isClose(
        twin.pack.packCurrentA * twin.pack.meanVoltageV / 1000, example.batteryKW, absolute: 1e-9))
    #expect(isClose(step.pvUsedKW, example.usedKW, absolute: 1e-9))
    #expect(isClose(step.pvUnusedKW, example.pvKW - example.usedKW, absolute: 1e-9))
    #expect(step.site.cause == example.cause)
    // What stays unused in these cases does so because the cells are full.
    let unused = twin.ledger.pvUnusedKWh[.soc, default: 0]
    #expect(twin.ledger.pvUnusedKWh.count == (unused > 0 ? 1 : 0))
    #expect(isClose(unused * 60, example.pvKW - example.usedKW, absolute: 1e-9))
    // What the inverter lost is what went in less what came out.
    #expect(
      isClose(
        twin.ledger.converterLossKWh * 60,
        example.batteryKW + example.usedKW - example.deliveredKW, absolute: 1e-9))
    #expect(isClose(twin.ledger.balanceErrorKWh, 0, absolute: 1e-12))
  }

  @Test("books close and powers stay in their limits over random days", arguments: 1...6)
  func laws(seed: Int) throws {
    var twin = try Self.twin(soc: 0.5, capacityKWh: 8, derating: .residential)
    var generator = SeededGenerator(seed: UInt64(seed), label: "coupling")
    var offered = 0.0
    var unused = 0.0
    var steps = 0
    for slot in 0..<600 {
      let sun = max(0, 9 * (Double(slot % 96) / 96 - 0.2) * (0.8 - Double(slot % 96) / 96) * 11)
      let pv = sun * generator.uniform(0.5, 1)
      let site = generator.uniform(-6, 6)
      let step = try twin.step(siteKW: site, pvKW: pv, ambientC: 20, seconds: 900)
      offered += pv / 4
      unused += step.pvUnusedKW / 4
      steps += step.site.cause == nil ? 0 : 1
      #expect(abs(step.site.deliveredKW) <= 5 * (1 + 1e-12))
      #expect(step.pvUsedKW >= 0 && step.pvUsedKW <= pv)
    }
    let ledger = twin.ledger
    let throughput = ledger.chargedKWh + ledger.dischargedKWh
    #expect(abs(ledger.balanceErrorKWh) <= 1e-9 * throughput, "seed \(seed)")
    #expect(isClose(ledger.pvUsedKWh + unused, offered, relative: 1e-12))
    #expect(isClose(ledger.pvUnusedKWh.values.reduce(0, +), unused, absolute: 1e-9))
    #expect(steps > 50 && unused > 0, "the limits were met")
  }

  /// 3 kW of production stored and given back: on the DC side once through the inverter, on the AC
  /// side three times.
  @Test("the DC side saves conversions")
  func efficiency() throws {
    var direct = try Self.twin(soc: 0.3)
    let before = direct.storedEnergyKWh
    for _ in 0..<60 { _ = try direct.step(siteKW: 0, pvKW: 3, ambientC: 25, seconds: 60) }
    var bus = try Self.twin(soc: 0.3)
    // 3 kW through an inverter of the same kind: p solves p + 0.01 + 0.02 p² = 0.6, 2.916 kW.
    for _ in 0..<60 { _ = try bus.step(requestKW: -2.9155, ambientC: 25, seconds: 60) }
    let gained = (direct.storedEnergyKWh - before, bus.storedEnergyKWh - before)
    // −2.9155 kW reaches the DC side as 2.9155 − 0.05 − 0.1·0.5831² = 2.8315 kW.
    #expect(isClose(gained.1 / gained.0, 2.8315 / 3, absolute: 2e-3), "\(gained)")
  }
}
