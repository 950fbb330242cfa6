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
    var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25)
    let steps = 60
    var power = 900.0
    let seconds = Stopwatch.median(repeats: 21) {
      for _ in 0..<steps { _ = twin.step(requestKW: power, ambientC: 30, seconds: 60) }
      power = -power
    }
    return BenchmarkCase.Measurement(
      value: Double(4096 * steps) / seconds / 1e6, isChecked: balances(twin))
  }

  private static func year(cells: Int) throws -> BenchmarkCase.Measurement {
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
    let seconds = Stopwatch.median {
      twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 20)
      for minute in 0..<525_600 {
        _ = twin.step(requestKW: profile[minute], ambientC: ambient[minute / 60], seconds: 60)
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
