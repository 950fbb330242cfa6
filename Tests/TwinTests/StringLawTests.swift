import Numerics
import TestSupport
import Testing

@testable import Twin

/// Strings of groups side by side, which share one voltage.
@Suite("Laws of strings in parallel", .tags(.physics)) struct StringLawTests {
  /// A pack whose cells each lose heat to their own share of the air.
  static func pack(
    _ cell: CellSpecification, series: Int, parallel: Int, strings: Int, soc: [Double],
    scale: [Double]? = nil
  ) -> CellPack {
    let count = series * parallel * strings
    return CellPack(
      cell: cell, series: series, parallel: parallel, strings: strings,
      capacityAh: [Double](repeating: cell.capacityAh, count: count),
      resistanceScale: scale ?? [Double](repeating: 1, count: count), socFraction: soc,
      temperatureC: 20, linkOhm: 0.1 * cell.seriesOhm,
      network: CellPackLawTests.airNetwork(
        cell,
        wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 4000, count: count)))
  }

  @Test("strings of one group are cells side by side", arguments: [2, 3, 8, 11])
  func oneGroup(count: Int) {
    let cell = CellSpecification.nmcCylindrical21700
    var generator = SeededGenerator(seed: UInt64(count), label: "strings")
    let soc = (0..<count).map { _ in generator.uniform(0.45, 0.55) }
    let scale = (0..<count).map { _ in generator.uniform(0.9, 1.2) }
    var strings = Self.pack(
      cell, series: 1, parallel: 1, strings: count, soc: soc, scale: scale)
    var group = Self.pack(cell, series: 1, parallel: count, strings: 1, soc: soc, scale: scale)
    for current in CellPackLawTests.holds(&generator, group, count: 30) {
      strings.advance(currentA: current, seconds: 60)
      group.advance(currentA: current, seconds: 60)
      #expect(isClose(strings.meanVoltageV, group.meanVoltageV, relative: 1e-12))
    }
    for (a, b) in zip(strings.socFraction + strings.currentA, group.socFraction + group.currentA) {
      #expect(isClose(a, b, absolute: 1e-11, relative: 1e-9))
    }
  }

  @Test("equal strings carry equal currents, and the pack is one string of larger cells")
  func equalStrings() {
    let cell = CellSpecification.lfpPrismatic280
    let large = cell.scaled(toCapacityAh: 3 * cell.capacityAh)
    var many = Self.pack(
      cell, series: 4, parallel: 1, strings: 3, soc: [Double](repeating: 0.4, count: 12))
    var one = CellPack(
      cell: large, series: 4, parallel: 1, capacityAh: [Double](repeating: 840, count: 4),
      resistanceScale: [1, 1, 1, 1], socFraction: [0.4, 0.4, 0.4, 0.4], temperatureC: 20,
      linkOhm: 0.1 * large.seriesOhm,
      network: CellPackLawTests.airNetwork(
        large, wattPerKelvin: [Double](repeating: large.heatCapacityJPerK / 4000, count: 4)))
    var generator = SeededGenerator(seed: 5, label: "equal strings")
    for current in CellPackLawTests.holds(&generator, one, count: 40) {
      many.advance(currentA: current, seconds: 120)
      one.advance(currentA: current, seconds: 120)
      #expect(isClose(many.meanVoltageV, one.meanVoltageV, relative: 1e-11))
      for cellA in many.currentA { #expect(isClose(cellA, current / 3, relative: 1e-10)) }
    }
  }

  /// By hand: two sources of E₁ = 4 × 3.3 V and E₂ = 4 × 3.2 V with R = 4 mΩ each, at rest, are joined
  /// by (13.2 − 12.8)/8 mΩ = 50 A.
  @Test("unequal strings balance through each other")
  func unequal() {
    let cell = CellSpecification(
      name: "ohmic", chemistry: .lfp, sources: [], capacityAh: 1e6, socFraction: [0, 1],
      openCircuitV: [3.0, 3.5], entropicVPerK: [0, 0], seriesOhm: 1e-3,
      seriesActivationJPerMol: 0, seriesShape: [1, 1],
      fast: ResistorCapacitor(resistanceOhm: 0, timeConstantS: 10, activationJPerMol: 0),
      slow: ResistorCapacitor(resistanceOhm: 0, timeConstantS: 100, activationJPerMol: 0),
      pairShape: [1, 1], minimumV: 1, maximumV: 6, maximumChargeC: 1, maximumDischargeC: 1,
      heatCapacityJPerK: 5000)
    let soc = [Double](repeating: 0.6, count: 4) + [Double](repeating: 0.4, count: 4)
    var pack = CellPack(
      cell: cell, series: 4, parallel: 1, strings: 2,
      capacityAh: [Double](repeating: 1e6, count: 8),
      resistanceScale: [Double](repeating: 1, count: 8), socFraction: soc, temperatureC: 25,
      network: CellPackLawTests.airNetwork(cell, wattPerKelvin: [Double](repeating: 1, count: 8)))
    #expect(isClose(pack.instantaneous(packA: 0).packV, 13.0, relative: 1e-12))
    pack.advance(currentA: 0, seconds: 1)
    for (j, current) in pack.currentA.enumerated() {
      #expect(isClose(current, j < 4 ? 50 : -50, relative: 1e-6))
    }
    // With 30 A drawn both strings give 15 A more.
    pack.advance(currentA: 30, seconds: 1)
    for (j, current) in pack.currentA.enumerated() {
      #expect(isClose(current, j < 4 ? 65 : -35, relative: 1e-6))
    }
  }

  @Test("no cell of any string passes its charge", arguments: 1...6)
  func limits(seed: UInt64) throws {
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: .lfpPrismatic280, series: 5, parallel: 1 + Int(seed % 3), strings: 3,
        spread: CellSpread(capacity: 0.03, resistance: 0.1, soc: 0.02),
        enclosure: .cabinet(capacityKWh: 40), converter: ConverterSpecification(ratedKW: 20),
        balancing: nil, ageing: nil),
      seed: seed, socFraction: 0.5, temperatureC: 22)
    let limits = twin.specification.limits
    var moved = 0.0
    for power in [20.0, -20] {
      for _ in 0..<240 {
        let step = try twin.step(requestKW: power, ambientC: 22, seconds: 60)
        moved += abs(step.deliveredKW)
        // What strings exchange while the pack rests, and self-discharge, are nobody's to limit.
        guard twin.pack.packCurrentA != 0 else { continue }
        for soc in twin.pack.socFraction {
          #expect(soc > limits.minimumSOC - 1e-6 && soc < limits.maximumSOC + 1e-6)
        }
      }
    }
    #expect(moved > 0 && twin.ledger.clippedKWh[.soc, default: 0] > 0)
    #expect(abs(twin.ledger.balanceErrorKWh) < 1e-9 * moved)
  }
}
