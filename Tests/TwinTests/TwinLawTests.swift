import Numerics
import TestSupport
import Testing

@testable import Twin

/// Laws of the whole system over random packs and profiles.
@Suite("Laws of the twin", .tags(.physics)) struct TwinLawTests {
  /// A random battery; the seed is printed with every failure.
  static func system(
    _ seed: UInt64, derating: DeratingPolicy = .residential
  ) throws -> DigitalTwin {
    var generator = SeededGenerator(seed: seed)
    let cell = CellSpecification.library[generator.index(below: 3)]
    let spread = CellSpread(capacity: 0.02, resistance: 0.1, soc: 0.02)
    let specification = try TwinSpecification(
      cell: cell, series: 1 + generator.index(below: 8), parallel: 1 + generator.index(below: 3),
      linkOhm: 0.01 * cell.seriesOhm, spread: spread,
      enclosure: .cabinet(capacityKWh: 1), converter: ConverterSpecification(ratedKW: 1),
      derating: derating)
    let nominal = specification.nominalEnergyKWh
    // The inverter is as large as the pack can feed, so that every limit is met at times.
    let sized = try TwinSpecification(
      cell: cell, series: specification.series, parallel: specification.parallel,
      linkOhm: 0.01 * cell.seriesOhm, spread: spread,
      cooling: CoolingSpecification(
        neighbourWPerK: cell.heatCapacityJPerK / 14000, airWPerK: cell.heatCapacityJPerK / 7000),
      enclosure: .cabinet(capacityKWh: nominal),
      converter: ConverterSpecification(ratedKW: 0.9 * nominal), derating: derating)
    return DigitalTwin(
      sized, seed: seed, socFraction: 0.2 + 0.6 * generator.uniform(),
      temperatureC: 5 + 30 * generator.uniform())
  }

  static func profile(_ seed: UInt64, count: Int, ratedKW: Double) -> [Double] {
    var generator = SeededGenerator(seed: seed, label: "profile")
    var power = 0.0
    return (0..<count).map { _ in
      if generator.uniform() < 0.1 { power = ratedKW * generator.uniform(-1.3, 1.3) }
      if generator.uniform() < 0.05 { power = 0 }
      return power
    }
  }

  @Test("energy and charge balance, and clips sum to what was not given", arguments: 1...12)
  func balance(seed: Int) throws {
    var twin = try Self.system(UInt64(seed))
    let rated = twin.specification.converter.ratedKW
    let startKWh = twin.pack.energyWh / 1000
    let startAh = zip(twin.pack.socFraction, twin.pack.capacityAh).map(*)
    var asked = 0.0
    var given = 0.0
    var acKWh = 0.0
    var heatKWh = 0.0
    var clipped = 0.0
    var movedAh = [Double](repeating: 0, count: twin.pack.cellCount)
    let kept = twin.specification.cell.chargeEfficiency
    for power in Self.profile(UInt64(seed), count: 600, ratedKW: rated) {
      let step = try twin.step(requestKW: power, ambientC: 25, seconds: 60)
      acKWh += step.deliveredKW / 60
      heatKWh += step.lossKW / 60
      asked += abs(step.requestedKW) / 60
      given += abs(step.deliveredKW) / 60
      clipped += step.clippedKW / 60
      #expect(step.deliveredKW * step.requestedKW >= 0)
      for j in movedAh.indices {
        let current = twin.pack.currentA[j]
        movedAh[j] += ((current < 0 ? current * kept : current) + twin.pack[.bleed, j]) / 60
      }
    }
    let throughput = twin.ledger.chargedKWh + twin.ledger.dischargedKWh
    let fall = startKWh - twin.pack.energyWh / 1000
    #expect(abs(fall - acKWh - heatKWh) <= 1e-9 * throughput, "seed \(seed)")
    #expect(isClose(twin.ledger.dischargedKWh - twin.ledger.chargedKWh, acKWh, absolute: 1e-9))
    #expect(isClose(asked - given, clipped, absolute: 1e-9 * asked))
    #expect(isClose(twin.ledger.clippedKWh.values.reduce(0, +), clipped, absolute: 1e-9 * asked))
    for (j, start) in startAh.enumerated() {
      let now = twin.pack.socFraction[j] * twin.pack.capacityAh[j]
      #expect(isClose(start - now, movedAh[j], absolute: 1e-9 * twin.pack.capacityAh[j]))
    }
  }

  @Test("heat put into the network is loss plus entropy", arguments: 1...6)
  func heatBooks(seed: Int) throws {
    var twin = try Self.system(UInt64(seed))
    let rated = twin.specification.converter.ratedKW
    for power in Self.profile(UInt64(seed), count: 200, ratedKW: rated) {
      let step = try twin.step(requestKW: power, ambientC: 25, seconds: 60)
      let pack = twin.pack
      let link = pack.currentA.reduce(0) { $0 + $1 * $1 * twin.specification.linkOhm }
      var entropic = 0.0
      for j in 0..<pack.cellCount {
        let kelvin = pack.temperatureC[j] - 30 * pack[.drift, j] + 273.15
        // The coefficient of mid-step; its mean temperature differs from the one used by the drift.
        entropic -= pack.currentA[j] * kelvin * pack[.entropic, j]
      }
      let cells = pack.losses.heat_w
      let converter = pack.commonHeatW[twin.specification.layout.heatsink]
      #expect(
        isClose(
          step.lossKW * 1000, cells + link - entropic + converter,
          absolute: 1e-3 * max(1, abs(entropic)), relative: 1e-6), "seed \(seed)")
    }
  }

  @Test("limits are never passed", arguments: 1...12)
  func limits(seed: Int) throws {
    var twin = try Self.system(UInt64(seed))
    let rated = twin.specification.converter.ratedKW
    let cell = twin.specification.cell
    for power in Self.profile(UInt64(seed), count: 1500, ratedKW: rated) {
      let step = try twin.step(requestKW: power, ambientC: 25, seconds: 60)
      let all = twin.pack.socFraction
      #expect((all.min() ?? 0) >= 0.05 - 1e-4 && (all.max() ?? 1) <= 0.95 + 1e-9)
      #expect(abs(step.deliveredKW) <= rated * (1 + 1e-12))
      #expect(twin.ledger.lowestCellV >= cell.minimumV - 1e-3)
      #expect(twin.ledger.highestCellV <= cell.maximumV + 1e-3)
    }
  }

  @Test("the lines of the README give what was asked")
  func library() throws {
    var twin = try DigitalTwin(
      .sized(capacityKWh: 10, powerKW: 5), seed: 1, socFraction: 0.5, temperatureC: 20)
    let before = twin.stateHash
    let step = try twin.step(requestKW: 3, ambientC: 25, seconds: 900)
    #expect(step.deliveredKW == 3 && step.cause == nil)
    #expect(twin.stateHash != before)
  }

  @Test("copies go their own way and equal inputs give equal bits")
  func copies() throws {
    var first = try Self.system(5)
    var second = first
    let profile = Self.profile(9, count: 100, ratedKW: first.specification.converter.ratedKW)
    for power in profile { _ = try first.step(requestKW: power, ambientC: 20, seconds: 60) }
    #expect(second.ledger.steps == 0)
    for power in profile { _ = try second.step(requestKW: power, ambientC: 20, seconds: 60) }
    #expect(first.pack.cells == second.pack.cells)
    #expect(first.ledger == second.ledger)
    #expect(first.stateHash == second.stateHash)
  }

  @Test("a plan inside the envelope is executed", arguments: 1...6)
  func envelope(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let specification = try TwinSpecification.sized(
      capacityKWh: 5 + 20 * generator.uniform(), powerKW: 5)
    let twin = DigitalTwin(
      specification, seed: UInt64(seed), socFraction: 0.5, temperatureC: 25)
    // A schedule by the rules of a plan, at the envelope's own efficiencies.
    let slots = 96
    let ambient = [Double](repeating: 25, count: slots)
    var plan = [Double](repeating: 0, count: slots)
    var envelope = try twin.envelope(along: plan, stepSeconds: 900, ambientC: ambient)
    for _ in 0..<2 {
      var energy = twin.storedEnergyKWh
      for slot in 0..<slots {
        let wish = 5 * (slot / 12 % 2 == 0 ? -1.0 : 1.0)
        let room: Double
        if wish < 0 {
          room = min(
            -wish, envelope.chargeKW[slot],
            (envelope.energyMaxKWh[slot] - energy) * 4 / envelope.chargeEfficiency)
          energy += room / 4 * envelope.chargeEfficiency
          plan[slot] = -max(0, room)
        } else {
          room = min(
            wish, envelope.dischargeKW[slot],
            (energy - envelope.energyMinKWh[slot]) * 4 * envelope.dischargeEfficiency)
          energy -= room / 4 / envelope.dischargeEfficiency
          plan[slot] = max(0, room)
        }
      }
      envelope = try twin.envelope(along: plan, stepSeconds: 900, ambientC: ambient)
    }
    var run = twin
    var missed = 0.0
    var moved = 0.0
    for slot in 0..<slots {
      for _ in 0..<15 {
        let step = try run.step(requestKW: plan[slot], ambientC: 25, seconds: 60)
        missed += step.clippedKW / 60
        moved += abs(step.requestedKW) / 60
      }
    }
    #expect(missed <= 0.02 * moved, "seed \(seed): \(missed) of \(moved) kWh missed")
    #expect(envelope.chargeEfficiency > 0.85 && envelope.dischargeEfficiency > 0.85)
    #expect(
      isClose(
        run.storedEnergyKWh,
        twin.storedEnergyKWh
          + run.ledger.chargedKWh * envelope.chargeEfficiency
          - run.ledger.dischargedKWh / envelope.dischargeEfficiency,
        absolute: 0.01 * moved))
  }

  @Test("the stored energy's bounds are met by the executed twin")
  func bounds() throws {
    let specification = try TwinSpecification.sized(capacityKWh: 10, powerKW: 3)
    var twin = DigitalTwin(specification, seed: 3, socFraction: 0.5, temperatureC: 25)
    let bounds = twin.energyBounds()
    for _ in 0..<600 { _ = try twin.step(requestKW: -3, ambientC: 25, seconds: 60) }
    #expect(isClose(twin.storedEnergyKWh, bounds.maximumKWh, absolute: 0.02))
    for _ in 0..<600 { _ = try twin.step(requestKW: 3, ambientC: 25, seconds: 60) }
    #expect(isClose(twin.storedEnergyKWh, bounds.minimumKWh, absolute: 0.02))
  }
}
