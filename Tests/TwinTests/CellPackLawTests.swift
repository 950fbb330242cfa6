import Numerics
import TestSupport
import Testing

@testable import Twin

/// Laws of cells and their heat over random packs; the seed is in every failure message.
@Suite("Laws of a pack of cells", .tags(.physics)) struct CellPackLawTests {
  /// A cell with straight curves, so that nothing but the step itself can bend.
  static func straightCell(
    _ generator: inout SeededGenerator, constantCoefficients: Bool
  ) -> CellSpecification {
    func energy() -> Double { constantCoefficients ? 0 : generator.uniform(5000, 30_000) }
    func shape() -> [Double] {
      constantCoefficients ? [1, 1] : [generator.uniform(1, 1.5), generator.uniform(0.7, 1)]
    }
    let ohm = generator.uniform(0.2e-3, 2e-3)
    return CellSpecification(
      name: "straight", chemistry: .lfp, sources: [], capacityAh: generator.uniform(50, 300),
      socFraction: [0, 1],
      openCircuitV: [generator.uniform(2.9, 3.1), generator.uniform(3.4, 3.9)],
      entropicVPerK: constantCoefficients ? [0, 0] : [-0.2e-3, 0.1e-3], seriesOhm: ohm,
      seriesActivationJPerMol: energy(), seriesShape: shape(),
      fast: ResistorCapacitor(
        resistanceOhm: 0.5 * ohm, timeConstantS: generator.uniform(10, 60),
        activationJPerMol: energy()),
      slow: ResistorCapacitor(
        resistanceOhm: 0.7 * ohm, timeConstantS: generator.uniform(200, 900),
        activationJPerMol: energy()), pairShape: shape(), minimumV: 1, maximumV: 6,
      maximumChargeC: 1, maximumDischargeC: 1, heatCapacityJPerK: generator.uniform(500, 6000))
  }

  /// Cells that touch nothing but one lump of air, each by its own conductance.
  static func airNetwork(
    _ cell: CellSpecification, wattPerKelvin: [Double], airToOutside: Double = 8
  ) -> ThermalNetwork {
    let count = wattPerKelvin.count
    return ThermalNetwork(
      capacityJPerK: [Double](repeating: cell.heatCapacityJPerK, count: count) + [4000],
      links: (0..<count).map { .init(node: $0, other: count, wattPerKelvin: wattPerKelvin[$0]) },
      boundaryLinks: [.init(node: count, other: 0, wattPerKelvin: airToOutside)],
      boundaryCount: 1)
  }

  struct Draw {
    var cell: CellSpecification
    var series: Int
    var parallel: Int
    var capacityAh: [Double]
    var scale: [Double]
    var soc: [Double]
    var air: [Double]
    var linkOhm: Double

    init(_ generator: inout SeededGenerator, cell: CellSpecification) {
      self.cell = cell
      series = 1 + generator.index(below: 6)
      parallel = 1 + generator.index(below: 4)
      let count = series * parallel
      capacityAh = (0..<count).map { _ in cell.capacityAh * generator.uniform(0.97, 1.03) }
      scale = (0..<count).map { _ in generator.uniform(0.85, 1.2) }
      soc = (0..<count).map { _ in generator.uniform(0.45, 0.55) }
      air = (0..<count).map { _ in cell.heatCapacityJPerK / generator.uniform(3000, 9000) }
      linkOhm = 0.05 * cell.seriesOhm
    }

    /// The pack with its cells in another order: cell `j` is the one that was `order[j]`.
    func pack(order: [Int]? = nil) -> CellPack {
      let order = order ?? Array(capacityAh.indices)
      return CellPack(
        cell: cell, series: series, parallel: parallel, capacityAh: order.map { capacityAh[$0] },
        resistanceScale: order.map { scale[$0] }, socFraction: order.map { soc[$0] },
        temperatureC: 18, linkOhm: linkOhm,
        network: airNetwork(cell, wattPerKelvin: order.map { air[$0] }))
    }
  }

  /// Currents of up to 0.8C of the pack, in discharge and charge by turns.
  static func holds(_ generator: inout SeededGenerator, _ pack: CellPack, count: Int) -> [Double] {
    let most = 0.8 * pack.capacityAh.reduce(0, +) / Double(pack.model.series)
    return (0..<count).map { ($0 % 2 == 0 ? 1 : -1) * generator.uniform(0.5 * most, most) }
  }

  @Test("charge and RC pairs do not notice how a step is split", arguments: 1...6, [2, 7, 60])
  func splitPairs(seed: Int, parts: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let cell = Self.straightCell(&generator, constantCoefficients: true)
    let draw = Draw(&generator, cell: cell)
    // One cell in each group: how parallel cells share is taken as constant over a step.
    var whole = CellPack(
      cell: cell, series: 2, parallel: 1, capacityAh: Array(draw.capacityAh.prefix(1)) + [90],
      resistanceScale: [1, 1.3], socFraction: [0.5, 0.52], temperatureC: 20,
      network: Self.airNetwork(cell, wattPerKelvin: [0.5, 0.9]))
    var split = whole
    for current in [0.3, -0.4, 0, 0.1] {
      whole.advance(currentA: current * cell.capacityAh, seconds: 900)
      for _ in 0..<parts {
        split.advance(currentA: current * cell.capacityAh, seconds: 900 / Double(parts))
      }
    }
    for column in [CellPack.Column.soc, .fastV, .slowV] {
      for (a, b) in zip(whole.column(column), split.column(column)) {
        #expect(isClose(a, b, absolute: 1e-13, relative: 1e-9), "seed \(seed), \(column)")
      }
    }
  }

  /// Without RC pairs and with resistances that stay, heat is constant over a step.
  @Test("heat does not notice how a step is split", arguments: 1...6, [2, 7, 60])
  func splitHeat(seed: Int, parts: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), label: "heat")
    var cell = Self.straightCell(&generator, constantCoefficients: true)
    cell.fast.resistanceOhm = 0
    cell.slow.resistanceOhm = 0
    var draw = Draw(&generator, cell: cell)
    draw.parallel = 1
    draw.series = draw.capacityAh.count
    var whole = draw.pack()
    whole.boundaryC[0] = 31
    whole.commonHeatW[0] = 40
    var split = whole
    for current in [0.3, -0.4, 0, 0.1] {
      whole.advance(currentA: current * cell.capacityAh, seconds: 1800)
      for _ in 0..<parts {
        split.advance(currentA: current * cell.capacityAh, seconds: 1800 / Double(parts))
      }
    }
    let pairs = zip(
      whole.temperatureC + whole.commonTemperatureC, split.temperatureC + split.commonTemperatureC)
    for (a, b) in pairs { #expect(isClose(a, b, relative: 1e-9), "seed \(seed)") }
  }

  /// The change from one halving of the step to the next falls to a quarter: in the geometric mean
  /// over random packs, because the nodes of the Arrhenius table blur single ones.
  @Test("the step converges at second order", arguments: [false, true])
  func order(inPower: Bool) {
    var product: [CellPack.Column: Double] = [:]
    let seeds: ClosedRange<UInt64> = 1...12
    for seed in seeds {
      var generator = SeededGenerator(seed: seed, label: "order")
      let cell = Self.straightCell(&generator, constantCoefficients: false)
      let draw = Draw(&generator, cell: cell)
      let start = draw.pack()
      let load = Self.holds(&generator, start, count: 6)
      let packs = [60.0, 30, 15].map { seconds in
        var pack = start
        for current in load {
          for _ in 0..<Int((1200 / seconds).rounded()) {
            if inPower {
              pack.advance(
                powerW: current * 3.3 * Double(draw.series), seconds: seconds, corrected: true)
            } else {
              pack.advance(currentA: current, seconds: seconds, corrected: true)
            }
          }
        }
        return pack
      }
      // At a given current the charge is exact; only power control moves it by the step.
      for column in inPower ? [CellPack.Column.temperature, .soc] : [.temperature] {
        let values = packs.map { $0.column(column) }
        var change = [0.0, 0.0]
        for k in 0..<2 {
          for (a, b) in zip(values[k], values[k + 1]) { change[k] += (a - b) * (a - b) }
        }
        let ratio = (change[0] / change[1]).squareRoot()
        #expect(ratio > 2.8, "seed \(seed), \(column): \(ratio)")
        product[column, default: 1] *= ratio
      }
    }
    // Twelve ratios of 3.6 and of 4.4.
    for (column, product) in product {
      #expect(product > 4.7e6 && product < 5.3e7, "\(column): \(product)")
    }
  }

  @Test("equal cells stay equal", arguments: 1...6)
  func symmetry(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), label: "symmetry")
    let cell = CellSpecification.library[seed % 3]
    let series = 2 + generator.index(below: 4)
    let parallel = 1 + generator.index(below: 3)
    let count = series * parallel
    var pack = CellPack(
      cell: cell, series: series, parallel: parallel,
      capacityAh: [Double](repeating: cell.capacityAh, count: count),
      resistanceScale: [Double](repeating: 1, count: count),
      socFraction: [Double](repeating: 0.5, count: count), temperatureC: 12,
      linkOhm: 0.1 * cell.seriesOhm,
      network: Self.airNetwork(
        cell,
        wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 5000, count: count)))
    for current in Self.holds(&generator, pack, count: 40) {
      pack.advance(currentA: current, seconds: 300)
    }
    let columns = [CellPack.Column.soc, .fastV, .slowV, .temperature].map { pack.column($0) }
    for values in columns + [pack.currentA, pack.terminalV] {
      for value in values {
        #expect(isClose(value, values[0], absolute: 1e-15, relative: 1e-12), "seed \(seed)")
      }
    }
  }

  @Test("cells in another order give the same results in that order", arguments: 1...8)
  func permutation(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), label: "permutation")
    let draw = Draw(&generator, cell: CellSpecification.library[seed % 3])
    // Groups change places, and cells change places within them.
    func shuffled(_ count: Int) -> [Int] {
      var order = Array(0..<count)
      for i in order.indices.dropLast() {
        order.swapAt(i, i + generator.index(below: count - i))
      }
      return order
    }
    let order = shuffled(draw.series).flatMap { group in
      shuffled(draw.parallel).map { group * draw.parallel + $0 }
    }
    var first = draw.pack()
    var second = draw.pack(order: order)
    for current in Self.holds(&generator, first, count: 40) {
      first.advance(powerW: current * 3.3 * Double(draw.series), seconds: 300)
      second.advance(powerW: current * 3.3 * Double(draw.series), seconds: 300)
    }
    #expect(isClose(first.meanVoltageV, second.meanVoltageV, relative: 1e-12))
    func values(_ pack: CellPack) -> [[Double]] {
      [CellPack.Column.soc, .fastV, .slowV, .temperature].map { pack.column($0) }
        + [pack.currentA, pack.terminalV]
    }
    for (a, b) in zip(values(first), values(second)) {
      for (j, from) in order.enumerated() {
        #expect(isClose(a[from], b[j], absolute: 1e-12, relative: 1e-11), "seed \(seed)")
      }
    }
  }

  @Test("equal cells in parallel are one cell of their sum", arguments: 2...5)
  func parallelSum(count: Int) {
    let n = Double(count)
    for cell in CellSpecification.library {
      let link = 0.1 * cell.seriesOhm
      var many = CellPack(
        cell: cell, series: 1, parallel: count,
        capacityAh: [Double](repeating: cell.capacityAh, count: count),
        resistanceScale: [Double](repeating: 1, count: count),
        socFraction: [Double](repeating: 0.4, count: count), temperatureC: 12, linkOhm: link,
        network: Self.airNetwork(
          cell, wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 4000, count: count)))
      let large = cell.scaled(toCapacityAh: n * cell.capacityAh)
      var one = CellPack(
        cell: large, series: 1, parallel: 1, capacityAh: [large.capacityAh], resistanceScale: [1],
        socFraction: [0.4], temperatureC: 12, linkOhm: link / n,
        network: Self.airNetwork(large, wattPerKelvin: [large.heatCapacityJPerK / 4000]))
      var generator = SeededGenerator(seed: UInt64(count), label: cell.name)
      for current in Self.holds(&generator, one, count: 50) {
        many.advance(currentA: current, seconds: 120)
        one.advance(currentA: current, seconds: 120)
        #expect(isClose(many.meanVoltageV, one.meanVoltageV, relative: 1e-11), "\(cell.name)")
      }
      for column in [CellPack.Column.soc, .temperature, .fastV, .slowV] {
        #expect(
          isClose(many.column(column)[0], one.column(column)[0], absolute: 1e-12, relative: 1e-10),
          "\(cell.name), \(column)")
      }
    }
  }

  @Test("equal cells in series are the multiple of one voltage", arguments: 2...5)
  func seriesSum(count: Int) {
    for cell in CellSpecification.library {
      func pack(_ count: Int) -> CellPack {
        CellPack(
          cell: cell, series: count, parallel: 1,
          capacityAh: [Double](repeating: cell.capacityAh, count: count),
          resistanceScale: [Double](repeating: 1, count: count),
          socFraction: [Double](repeating: 0.4, count: count), temperatureC: 12,
          network: Self.airNetwork(
            cell, wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 4000, count: count),
            airToOutside: 8 * Double(count)))
      }
      var many = pack(count)
      var one = pack(1)
      // The air of each cell is its own share of the whole.
      many.boundaryC[0] = 12
      one.boundaryC[0] = 12
      var generator = SeededGenerator(seed: UInt64(count), label: cell.name)
      // Temperatures of the lumps of air differ by their capacity, so the first step is compared.
      let current = Self.holds(&generator, one, count: 1)[0]
      many.advance(currentA: current, seconds: 120)
      one.advance(currentA: current, seconds: 120)
      #expect(
        isClose(many.meanVoltageV, Double(count) * one.meanVoltageV, relative: 1e-12),
        "\(cell.name)")
    }
  }

  @Test("a resting pack neither warms nor moves its charge", arguments: 1...6)
  func rest(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), label: "rest")
    var draw = Draw(&generator, cell: CellSpecification.library[seed % 3])
    draw.soc = draw.soc.map { _ in 0.5 }
    var pack = draw.pack()
    for seconds in [1.0, 60, 300, 900, 3600, 3600, 60] {
      pack.advance(currentA: 0, seconds: seconds)
    }
    for j in 0..<pack.cellCount {
      #expect(isClose(pack.socFraction[j], 0.5, absolute: 1e-13))
      #expect(isClose(pack.temperatureC[j], 18, absolute: 1e-12))
    }
  }

  @Test("charge sent back by the same current restores the state of charge exactly")
  func roundTrip() {
    var cell = CellSpecification.lfpPrismatic280
    cell.chargeEfficiency = 1
    var pack = CellPack(
      cell: cell, series: 1, parallel: 1, capacityAh: [256], resistanceScale: [1],
      socFraction: [0.5], temperatureC: 25, network: Self.airNetwork(cell, wattPerKelvin: [1]))
    // 64 A over a quarter of an hour are 1/16 of 256 Ah: exact in binary.
    for _ in 0..<4 { pack.advance(currentA: 64, seconds: 900) }
    #expect(pack.socFraction[0] == 0.25)
    for _ in 0..<4 { pack.advance(currentA: -64, seconds: 900) }
    #expect(pack.socFraction[0] == 0.5)
  }

  /// Models document, section 7: stable at any step up to an hour, finite from −40 to 80 °C.
  @Test("long steps and extreme temperatures stay finite", arguments: [1.0, 300, 900, 1800, 3600])
  func extremes(seconds: Double) {
    for celsius in stride(from: -40.0, through: 80, by: 20) {
      var generator = SeededGenerator(seed: 3, label: "extremes")
      for cell in CellSpecification.library {
        var draw = Draw(&generator, cell: cell)
        draw.linkOhm = 0
        var pack = CellPack(
          cell: cell, series: draw.series, parallel: draw.parallel, capacityAh: draw.capacityAh,
          resistanceScale: draw.scale, socFraction: draw.soc, temperatureC: celsius,
          network: Self.airNetwork(cell, wattPerKelvin: draw.air))
        pack.boundaryC[0] = celsius
        for step in 0..<40 {
          // A tenth of the rate, forth and back, with rests; a third of an hour at most one way.
          let current = [0.1, 0, -0.1, 0][step % 4] * cell.capacityAh * Double(draw.parallel)
          pack.advance(currentA: current, seconds: seconds)
          let isFinite = pack.cells.allSatisfy { $0.isFinite }
          #expect(isFinite, "\(cell.name) \(celsius) °C")
          let highest = pack.temperatureC.max() ?? .infinity
          let lowest = pack.temperatureC.min() ?? -.infinity
          #expect(highest < celsius + 40 && lowest > celsius - 5, "\(cell.name) \(celsius) °C")
        }
      }
    }
  }

  /// Models document, section 8: steps of 60 s without a corrector stay within 0.1 mV and 2 mK rmse
  /// of steps of 1 s with one, over a storage duty of quarter-hour holds.
  @Test("fast steps agree with exact ones", arguments: 1...4)
  func fastAndExact(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), label: "fast")
    let cell = CellSpecification.lfpPrismatic280
    let duty = (0..<96).map { slot in
      (slot / 3 % 2 == 0 ? 250 : -250) + generator.uniform(-80, 80)
    }
    let network = ThermalNetwork(
      capacityJPerK: [cell.heatCapacityJPerK, 4000],
      links: [.init(node: 0, other: 1, wattPerKelvin: 1.9)],
      boundaryLinks: [.init(node: 1, other: 0, wattPerKelvin: 2)], boundaryCount: 1)
    var exact = CellPack(
      cell: cell, series: 1, parallel: 1, capacityAh: [280], resistanceScale: [1],
      socFraction: [0.5], temperatureC: 22, network: network)
    var fast = exact
    var volt = Deviation()
    var kelvin = Deviation()
    for watt in duty {
      for _ in 0..<15 {
        fast.advance(powerW: watt, seconds: 60)
        for _ in 0..<60 { exact.advance(powerW: watt, seconds: 1, corrected: true) }
        let current = exact.packCurrentA
        volt.add(
          fast.terminalV(cell: 0, currentA: current), exact.terminalV(cell: 0, currentA: current))
        kelvin.add(fast.temperatureC[0], exact.temperatureC[0])
      }
    }
    #expect(volt.rmse <= 1e-4 && kelvin.rmse <= 2e-3, "seed \(seed): \(volt), \(kelvin)")
  }
}
