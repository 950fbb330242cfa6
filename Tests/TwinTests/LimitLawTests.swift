import Numerics
import TestSupport
import Testing

@testable import Twin

/// Limits hold at the end of every sub-step, over random packs that are pushed against all of them.
@Suite("Limits of the twin", .tags(.physics)) struct LimitLawTests {
  /// A pack whose inverter asks for far more than the cells can give.
  static func pushed(
    _ seed: UInt64, cell: CellSpecification, substep: Double,
    limits: LimitSpecification = LimitSpecification(), derating: DeratingPolicy = .none
  ) throws -> DigitalTwin {
    var generator = SeededGenerator(seed: seed, label: "pushed")
    let series = 1 + generator.index(below: 6)
    let parallel = 1 + generator.index(below: 3)
    var kept = cell
    kept.selfDischargePerMonth = 0
    let nominal = Double(series * parallel) * cell.capacityAh * cell.nominalV / 1000
    let specification = try TwinSpecification(
      cell: kept, series: series, parallel: parallel, linkOhm: 0.01 * cell.seriesOhm,
      spread: CellSpread(capacity: 0.03, resistance: 0.1, soc: 0.02),
      cooling: CoolingSpecification(
        neighbourWPerK: cell.heatCapacityJPerK / 14000, airWPerK: cell.heatCapacityJPerK / 3000),
      enclosure: .cabinet(capacityKWh: nominal), converter: .ideal(ratedKW: 20 * nominal),
      limits: limits, derating: derating, balancing: nil, ageing: nil, substepSeconds: substep)
    return DigitalTwin(
      specification, seed: seed, socFraction: 0.3 + 0.4 * generator.uniform(),
      temperatureC: generator.uniform(10, 35))
  }

  /// Ten hours of holds of up to three times what the cells may do.
  static func push(
    _ twin: inout DigitalTwin, seed: UInt64, substep: Double,
    _ look: (DigitalTwin, TwinStep) throws -> Void
  ) throws {
    var generator = SeededGenerator(seed: seed, label: "profile")
    let nominal = twin.specification.nominalEnergyKWh
    var power = nominal * generator.uniform(-3, 3)
    for _ in 0..<Int(36_000 / substep) {
      if generator.uniform() < 0.001 * substep { power = nominal * generator.uniform(-3, 3) }
      let step = try twin.step(requestKW: power, ambientC: 20, seconds: substep)
      try look(twin, step)
    }
  }

  /// Models document, section 9: never by more than 1 mV at the end of a sub-step.
  ///
  /// The voltage is that of the state after the step, with the resistances that hold then.
  @Test(
    "no cell passes its voltage, its charge or its rate",
    arguments: CellSpecification.library.map(\.name),
    [
      (10.0, false), (60, false), (300, false), (10, true), (60, true), (300, true),
    ])
  func cellLimits(_ name: String, _ setting: (substep: Double, whole: Bool)) throws {
    let (substep, whole) = setting
    let cell = try #require(CellSpecification.library.first { $0.name == name })
    var low = 0.0
    var high = 0.0
    var charge = 0.0
    var rate = 0.0
    var met: [ClipCause: Double] = [:]
    for seed in 1...12 as ClosedRange<UInt64> {
      // The whole range of charge at high rates meets the knees of the curves.
      let limits =
        whole
        ? LimitSpecification(
          minimumSOC: 0, maximumSOC: 1, maximumChargeC: 2, maximumDischargeC: 3)
        : LimitSpecification(
          maximumChargeC: cell.maximumChargeC, maximumDischargeC: cell.maximumDischargeC)
      var twin = try Self.pushed(seed, cell: cell, substep: substep, limits: limits)
      let parallel = Double(twin.specification.parallel)
      try Self.push(&twin, seed: seed, substep: substep) { twin, _ in
        let pack = twin.pack
        let current = pack.packCurrentA
        rate = max(
          rate, current / (parallel * cell.capacityAh * (limits.maximumDischargeC ?? 0)),
          -current / (parallel * cell.capacityAh * (limits.maximumChargeC ?? 0)))
        // What flows between parallel cells while the pack rests is nobody's to limit.
        guard current != 0 else { return }
        let shares = pack.instantaneous(packA: current).cellA
        for j in 0..<pack.cellCount {
          let volt = pack.terminalV(cell: j, currentA: shares[j])
          if current > 0 { low = max(low, cell.minimumV - volt) }
          if current < 0 { high = max(high, volt - cell.maximumV) }
          if !whole { charge = max(charge, pack[.soc, j] - 0.95, 0.05 - pack[.soc, j]) }
        }
      }
      let clips = twin.ledger.clippedKWh
      for cause in [ClipCause.soc, .cellVoltage, .cRate] {
        met[cause, default: 0] += clips[cause, default: 0]
      }
    }
    // The limits were met, or the test would say nothing.
    #expect(met[whole ? .cellVoltage : .soc, default: 0] > 0 && met[.cRate, default: 0] > 0)
    #expect(low <= 1e-3 && high <= 1e-3, "\(low) V below, \(high) V above")
    // Between parallel cells a little flows on while the pack gives almost nothing.
    #expect(charge <= 1e-6, "\(charge) beyond the window")
    #expect(rate <= 1 + 1e-12, "\(rate) of the rate")
  }

  /// Models document, section 9: never by more than 10 mK, with air below the limit.
  @Test("no cell passes the temperature at which a table says stop", arguments: [10.0, 60, 300])
  func temperature(substep: Double) throws {
    let stopC = 35.0
    let table = LinearTable(x: [stopC - 10, stopC], y: [1, 0])
    let policy = DeratingPolicy(
      name: "stop", charge: [.temperature(table)], discharge: [.temperature(table)])
    var hottest = 0.0
    for cell in CellSpecification.library {
      for seed in 1...8 as ClosedRange<UInt64> {
        var twin = try Self.pushed(seed, cell: cell, substep: substep, derating: policy)
        guard twin.hottestCellC < stopC else { continue }
        try Self.push(&twin, seed: seed, substep: substep) { twin, _ in
          hottest = max(hottest, twin.hottestCellC)
        }
        #expect(twin.ledger.hottestCellC <= stopC + 0.01, "\(cell.name), seed \(seed)")
      }
    }
    // The limit was reached, or the test would say nothing.
    #expect(hottest > stopC - 5)
  }

  @Test(
    "what a twin gives is at most what it was asked for and what its inverter can", arguments: 1...6
  )
  func inverter(seed: Int) throws {
    var twin = try TwinLawTests.system(UInt64(seed))
    let rated = twin.specification.converter.ratedKW
    for power in TwinLawTests.profile(UInt64(seed), count: 600, ratedKW: rated) {
      let step = try twin.step(requestKW: power, ambientC: 25, seconds: 60)
      #expect(abs(step.deliveredKW) <= min(abs(power), rated) * (1 + 1e-12), "seed \(seed)")
      #expect(step.deliveredKW * power >= 0, "seed \(seed)")
    }
  }

  @Test("capacity never comes back", arguments: 1...4)
  func fade(seed: Int) throws {
    var twin = try TwinLawTests.system(UInt64(seed))
    let rated = twin.specification.converter.ratedKW
    var capacity = twin.pack.capacityAh
    var resistance = twin.pack.column(.scale)
    let profile = TwinLawTests.profile(UInt64(seed), count: 96 * 60, ratedKW: rated)
    for (slot, power) in profile.enumerated() {
      _ = try twin.step(requestKW: 0.5 * power, ambientC: 28, seconds: 900)
      guard slot % 96 == 95 else { continue }
      let (ampereHours, scale) = (twin.pack.capacityAh, twin.pack.column(.scale))
      for j in ampereHours.indices {
        #expect(ampereHours[j] <= capacity[j] && scale[j] >= resistance[j] * (1 - 1e-12))
      }
      (capacity, resistance) = (ampereHours, scale)
    }
    #expect(twin.ledger.lifeUsedFraction > 0, "seed \(seed)")
  }

  @Test("a resting battery only loses what self-discharge takes", arguments: 1...4)
  func rest(seed: Int) throws {
    var twin = try TwinLawTests.system(UInt64(seed))
    let month = twin.specification.cell.selfDischargePerMonth
    // Parallel cells first share out what their spread holds.
    for _ in 0..<48 { _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600) }
    let before = zip(twin.pack.socFraction, twin.pack.capacityAh).reduce(0) { $0 + $1.0 * $1.1 }
    let size = twin.pack.capacityAh.reduce(0, +)
    for _ in 0..<240 {
      _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600)
      #expect(twin.hottestCellC < 20.1, "seed \(seed)")
    }
    let after = zip(twin.pack.socFraction, twin.pack.capacityAh).reduce(0) { $0 + $1.0 * $1.1 }
    // Ten days of thirty; cells age by less than 0.5 % meanwhile and lose their charge with it.
    #expect(isClose(before - after, size * month / 3, relative: 0.35), "seed \(seed)")
    #expect(twin.ledger.dischargedKWh == 0 && twin.ledger.chargedKWh == 0)
  }

  /// Cells of all kinds in all layouts at a given load; warmer cells have lower resistance, so this
  /// holds by the physics and not by construction.
  @Test("more cooling never makes the hottest cell hotter", arguments: 1...9)
  func cooling(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), label: "cooling")
    let cell = CellSpecification.library[seed % 3]
    let parallel = 1 + generator.index(below: 3)
    let series = 4 + generator.index(below: 8)
    let topology: CellTopology = [.chain, .isolated, .grid(columns: 4)][generator.index(below: 3)]
    let nominal = Double(series * parallel) * cell.capacityAh * cell.nominalV / 1000
    let base = cell.heatCapacityJPerK / generator.uniform(5000, 20_000)
    let profile = TwinLawTests.profile(UInt64(seed), count: 300, ratedKW: 0.5 * nominal)
    var runs: [[Double]] = []
    for factor in [1.0, 1.5, 3, 10] {
      let specification = try TwinSpecification(
        cell: cell, series: series, parallel: parallel, spread: CellSpread(resistance: 0.1),
        cooling: CoolingSpecification(
          topology: topology, neighbourWPerK: 0.3 * base, airWPerK: base * factor),
        enclosure: EnclosureSpecification(
          airCapacityJPerK: 300 * nominal, ventilationWPerK: 40 * nominal, leakWPerK: 5 * nominal),
        converter: .ideal(ratedKW: 0.5 * nominal), derating: .none, ageing: nil)
      var twin = DigitalTwin(
        specification, seed: UInt64(seed), socFraction: 0.5, temperatureC: 30)
      runs.append(
        try profile.map { power in
          try twin.step(requestKW: power, ambientC: 10, seconds: 60).hottestCellC
        })
    }
    for (warm, cool) in zip(runs, runs.dropFirst()) {
      for (a, b) in zip(warm, cool) { #expect(b <= a + 1e-9, "seed \(seed)") }
    }
  }
}
