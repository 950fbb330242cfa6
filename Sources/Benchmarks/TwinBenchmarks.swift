import Numerics
import Twin

/// The twin: one battery and a pack of 16 cells over a year, 4,096 coupled cells, rainflow counting.
enum TwinBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(
        name: "twin.pack_4096", unit: "million cell-steps/s", target: 100, isRate: true,
        measure: { try pack4096(.widest) }),
      BenchmarkCase(
        name: "twin.pack_4096_portable", unit: "million cell-steps/s", target: 50, isRate: true,
        measure: { try pack4096(.portable) }),
      BenchmarkCase(
        name: "twin.pack_4096_of_ceiling", unit: "of plain C", target: 0.5, isRate: true,
        measure: { try ofCeiling(pack4096(.widest)) }),
      BenchmarkCase(
        name: "twin.plain_4096_of_ceiling", unit: "of plain C", target: 0.5, isRate: true,
        measure: { try ofCeiling(plain4096()) }),
      BenchmarkCase(name: "twin.parallel_60", unit: "times series", target: 1.5) {
        try parallel(stepSeconds: 60)
      },
      BenchmarkCase(name: "twin.parallel_300", unit: "times series", target: 2) {
        try parallel(stepSeconds: 300)
      },
      BenchmarkCase(name: "twin.year_1", unit: "s", target: 0.12) { try year(cells: 1) },
      BenchmarkCase(name: "twin.year_16", unit: "s", target: 0.4) { try year(cells: 16) },
      BenchmarkCase(
        name: "twin.rainflow", unit: "million points/s", target: 40, isRate: true,
        measure: rainflow),
    ]
  }

  /// Modules of 16 cells in series, all cells with heat to their neighbours and the air.
  private static func pack4096(_ width: VectorWidth) throws -> BenchmarkCase.Measurement {
    let specification = try TwinSpecification(
      cell: .lfpPrismatic280, series: 256, parallel: 16,
      cooling: CoolingSpecification(topology: .modules(of: 16)),
      enclosure: .container20(coolingKW: 60, heatingKW: 20), converter: .utility(ratedKW: 1800),
      ageing: nil, vectorWidth: width)
    return try hours(DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25))
  }

  /// Speed of 4,096 cells over hours of discharge and charge in turn, at half of the rating.
  private static func hours(_ battery: DigitalTwin) throws -> BenchmarkCase.Measurement {
    var twin = battery
    let steps = 60
    var power = 900.0
    let seconds = try Stopwatch.median(repeats: 21) {
      for _ in 0..<steps { _ = try twin.step(requestKW: power, ambientC: 30, seconds: 60) }
      power = -power
    }
    return BenchmarkCase.Measurement(
      value: Double(4096 * steps) / seconds / 1e6, isChecked: balances(twin))
  }

  /// As many cells of the plain model: one resistor, two pairs, no lag of the surface, all in series.
  private static func plain4096() throws -> BenchmarkCase.Measurement {
    var cell = CellSpecification.lfpPrismatic280
    cell.surfaceLag = nil
    let specification = try TwinSpecification(
      cell: cell, series: 4096, cooling: CoolingSpecification(topology: .modules(of: 16)),
      enclosure: .container20(coolingKW: 60, heatingKW: 20), converter: .utility(ratedKW: 1800),
      ageing: nil)
    return try hours(DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25))
  }

  /// Speed of a pack over that of plain arrays in C, which know no control, spread or books.
  private static func ofCeiling(
    _ pack: @autoclosure () throws -> BenchmarkCase.Measurement
  ) throws -> BenchmarkCase.Measurement {
    let steps = 60
    var ceiling = CellCeiling(cells: 4096)
    let plain = Stopwatch.median(repeats: 21) { ceiling.run(steps: steps) }
    let plainSpeed = Double(4096 * steps) / plain / 1e6
    let pack = try pack()
    return BenchmarkCase.Measurement(
      value: pack.value / plainSpeed, isChecked: ceiling.isChecked && pack.isChecked,
      details: [
        ("plain C, million cell-steps/s", plainSpeed), ("twin, million cell-steps/s", pack.value),
      ])
  }

  /// What a step of cells side by side costs, over one of as many cells in series.
  ///
  /// The highest of several packs of a second life, over full cycles with rests.
  private static func parallel(stepSeconds: Double) throws -> BenchmarkCase.Measurement {
    var worst = 0.0
    var isChecked = true
    var details: [(name: String, value: Double)] = []
    for (parallel, strings) in [(2, 1), (4, 1), (16, 1), (1, 4), (2, 2)] {
      let abreast = parallel * strings
      var shared = try cycled(series: 16, parallel: parallel, strings: strings)
      var alone = try cycled(series: 16 * abreast, parallel: 1, strings: 1)
      let fresh = (shared, alone)
      let sharedSeconds = try Stopwatch.median {
        shared = fresh.0
        try cycle(&shared, stepSeconds: stepSeconds)
      }
      let aloneSeconds = try Stopwatch.median {
        alone = fresh.1
        try cycle(&alone, stepSeconds: stepSeconds)
      }
      let steps = Double(16 * abreast * shared.ledger.steps)
      details.append(
        ("16 × \(parallel) × \(strings), ns per cell and step", sharedSeconds / steps * 1e9))
      details.append(
        (
          "16 × \(parallel) × \(strings) in series, ns per cell and step",
          aloneSeconds / steps * 1e9
        ))
      worst = max(worst, sharedSeconds / aloneSeconds)
      // Cells side by side agree at the end of a rest, and no cell left the charge it can have.
      isChecked =
        isChecked && balances(shared) && balances(alone)
        && shared.pack.socFraction.allSatisfy { $0 > -0.02 && $0 < 1.02 }
        && shared.pack.currentA.allSatisfy { abs($0) < 0.01 * shared.specification.cell.capacityAh }
    }
    return BenchmarkCase.Measurement(value: worst, isChecked: isChecked, details: details)
  }

  private static func cycled(series: Int, parallel: Int, strings: Int) throws -> DigitalTwin {
    let cells = series * parallel * strings
    let specification = try TwinSpecification(
      cell: CellSpecification.lfpCylindrical26650.scaled(toCapacityAh: 100), series: series,
      parallel: parallel, strings: strings, spread: .secondLife,
      cooling: CoolingSpecification(topology: .modules(of: 16)),
      enclosure: .cabinet(capacityKWh: 0.33 * Double(cells)),
      converter: ConverterSpecification(ratedKW: 0.2 * Double(cells)),
      limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), ageing: nil)
    return DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25)
  }

  /// Three days of 5 h charge, 7 h rest, 5 h discharge and 7 h rest, empty to full.
  private static func cycle(_ twin: inout DigitalTwin, stepSeconds: Double) throws {
    let power = 0.08 * Double(twin.pack.cellCount)
    for step in 0..<Int(3 * 86_400 / stepSeconds) {
      let hour = Int(Double(step) * stepSeconds / 3600) % 24
      let request = hour < 5 ? -power : (hour >= 12 && hour < 17 ? power : 0)
      _ = try twin.step(requestKW: request, ambientC: 25, seconds: stepSeconds)
    }
  }

  static func year(cells: Int) throws -> BenchmarkCase.Measurement {
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 5, series: cells,
      enclosure: cells == 1
        ? EnclosureSpecification(
          airCapacityJPerK: 4000, ventilationWPerK: 10, leakWPerK: 3,
          hvac: HVACSpecification(coolingKW: 0.5, heatingKW: 0.5)) : nil)
    var generator = SeededGenerator(seed: 7)
    var power = 0.0
    let profile = (0..<525_600).map { minute in
      if minute % 15 == 0 {
        power = minute % 1440 < 720 ? -4 * generator.uniform() : 4 * generator.uniform()
      }
      return power
    }
    let ambient: [Double] = (0..<8760).map { hour in
      let day: Double = hour % 24 < 12 ? 5 : -5
      return 15 + day + Double(hour) / 876
    }
    var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 20)
    let seconds = try Stopwatch.median {
      twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 20)
      for minute in 0..<525_600 {
        _ = try twin.step(requestKW: profile[minute], ambientC: ambient[minute / 60], seconds: 60)
      }
    }
    return BenchmarkCase.Measurement(
      value: seconds, isChecked: balances(twin) && twin.ledger.steps == 525_600,
      details: [("equivalent full cycles", twin.ledger.equivalentFullCycles)])
  }

  /// True when what went in came out, was lost or is still there.
  private static func balances(_ twin: DigitalTwin) -> Bool {
    let ledger = twin.ledger
    let moved = ledger.chargedKWh + ledger.dischargedKWh
    return abs(ledger.balanceErrorKWh) <= 1e-9 * moved && moved > 0
  }

  private static func rainflow() throws -> BenchmarkCase.Measurement {
    var generator = SeededGenerator(seed: 3)
    var soc = 0.5
    var rate = 0.001
    let samples = (0..<1_000_000).map { minute in
      if minute % 30 == 0 { rate = generator.uniform(-0.004, 0.004) }
      soc = min(max(soc + rate + generator.uniform(-0.0004, 0.0004), 0), 1)
      return soc
    }
    var travelled = 0.0
    for i in 1..<samples.count { travelled += abs(samples[i] - samples[i - 1]) }
    var counted = 0.0
    let seconds = Stopwatch.median {
      var counter = RainflowCounter()
      counted = 0
      counter.add(samples) { counted += 2 * $0.count * $0.range }
      counter.residue { counted += 2 * $0.count * $0.range }
    }
    return BenchmarkCase.Measurement(
      value: Double(samples.count) / seconds / 1e6,
      isChecked: abs(counted - travelled) <= 1e-9 * travelled)
  }
}
