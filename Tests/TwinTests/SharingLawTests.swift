import Numerics
import TestSupport
import Testing

@testable import Twin

/// How cells and strings side by side share a current, at any step and state.
@Suite("Laws of parallel cells and strings", .tags(.physics)) struct SharingLawTests {
  struct Layout: CustomTestStringConvertible, Sendable {
    var series: Int
    var parallel: Int
    var strings: Int
    var count: Int { series * parallel * strings }
    var testDescription: String { "\(series) × \(parallel) × \(strings)" }
  }

  static let layouts = [
    Layout(series: 1, parallel: 2, strings: 1), Layout(series: 2, parallel: 3, strings: 1),
    Layout(series: 1, parallel: 4, strings: 1), Layout(series: 3, parallel: 11, strings: 1),
    Layout(series: 1, parallel: 16, strings: 1), Layout(series: 16, parallel: 1, strings: 2),
    Layout(series: 4, parallel: 2, strings: 4), Layout(series: 5, parallel: 1, strings: 8),
  ]
  static let steps = [1.0, 10, 60, 300, 900, 3600]

  /// The library's cells, each of 100 Ah.
  static var cells: [CellSpecification] {
    CellSpecification.library.map { $0.scaled(toCapacityAh: 100) }
  }

  /// Cells of a second life at random states, the pairs loaded and the surfaces behind as well.
  static func pack(
    _ cell: CellSpecification, _ layout: Layout, seed: UInt64, order: [Int]? = nil,
    temperatureC: Double = 25
  ) -> CellPack {
    var generator = SeededGenerator(seed: seed, label: "sharing")
    let count = layout.count
    let mean = generator.uniform(-0.02, 1.02)
    let width = generator.uniform(0, 0.06)
    let linkOhm = seed % 2 == 0 ? 0 : 0.05 * cell.seriesOhm
    struct One { var capacity, scale, soc, fastV, slowV, hysteresis, lag: Double }
    let ones = (0..<count).map { _ in
      One(
        capacity: 100 * (1 + 0.03 * generator.normal()),
        scale: max(0.5, 1 + 0.1 * generator.normal()),
        soc: min(max(mean + generator.uniform(-width, width), -0.02), 1.02),
        fastV: generator.uniform(-0.02, 0.02), slowV: generator.uniform(-0.02, 0.02),
        hysteresis: generator.uniform(-1, 1), lag: generator.uniform(-0.02, 0.02))
    }
    let placed = (order ?? Array(0..<count)).map { ones[$0] }
    var pack = CellPack(
      cell: cell, series: layout.series, parallel: layout.parallel, strings: layout.strings,
      capacityAh: placed.map(\.capacity), resistanceScale: placed.map(\.scale),
      socFraction: placed.map(\.soc), temperatureC: temperatureC, linkOhm: linkOhm,
      network: CellPackLawTests.airNetwork(
        cell,
        wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 3000, count: count),
        airToOutside: 100))
    for (j, one) in placed.enumerated() {
      pack[.fastV, j] = one.fastV
      pack[.slowV, j] = one.slowV
      pack[.hysteresis, j] = cell.hysteresisV.contains { $0 > 0 } ? one.hysteresis : 0
      if cell.surfaceLag != nil {
        pack[.lag, j] = one.lag
        pack[.surfaceEnergy, j] = pack.model.tables.energyIntegral(at: one.soc - one.lag)
      }
    }
    return pack
  }

  /// A look at another current in between makes the second half find everything by itself.
  @Test(
    "the second half takes up what a look at the lines found, to the bit",
    arguments: layouts + [Layout(series: 20, parallel: 5, strings: 1)])
  func takenUp(_ layout: Layout) {
    for cell in Self.cells {
      for seed in 1...UInt64(12) {
        var near = Self.pack(cell, layout, seed: seed)
        let response = near.response(seconds: 20)
        let packA = Double(layout.parallel * layout.strings) * (Double(seed) - 6.5)
        var line = near.prepare(response, estimatedA: packA).line
        if let shared = near.share(response, packA: packA) { line = shared.line }
        guard near.share(response, packA: packA) == nil else { continue }
        var far = near
        guard far.share(response, packA: 0.9 * packA) == nil else { continue }
        near.finish(response, line: line, packA: packA)
        far.finish(response, line: line, packA: packA)
        #expect(near.state == far.state, "\(cell.name), seed \(seed)")
      }
    }
  }

  /// The curves themselves, by the formulas of `Twin.md`: the mean voltage at rest is the energy given over the charge.
  @Test(
    "lines that are said to hold miss the curves by no more than a millivolt",
    arguments: layouts + [Layout(series: 9, parallel: 4, strings: 1)])
  func linesHold(_ layout: Layout) {
    var held = 0
    for var cell in Self.cells {
      cell.hysteresisV = cell.hysteresisV.map { _ in 0 }
      for seconds in [10.0, 60, 300, 900] {
        func decay(_ tau: Double) -> Double { PortableMath.exp(-seconds / tau) }
        func mean(_ tau: Double) -> Double { (1 - decay(tau)) * tau / seconds }
        let (fast, slow) = (cell.fast.timeConstantS, cell.slow.timeConstantS)
        for seed in 1...UInt64(20) {
          var pack = Self.pack(cell, layout, seed: seed)
          let response = pack.response(seconds: seconds)
          let packA = Double(layout.parallel * layout.strings) * 4 * (Double(seed) - 10)
          // A look holds for currents a hundredth away.
          _ = pack.prepare(response, estimatedA: packA * (seed % 3 == 0 ? 1.009 : 1))
          guard pack.share(response, packA: packA) == nil else { continue }
          held += 1
          let currents = pack.sharesA(packA)
          let groups = layout.series * layout.strings
          for j in 0..<layout.count {
            let i = currents[j]
            let charge = (i < 0 ? i * cell.chargeEfficiency : i) + pack[.bleed, j]
            let inverse = pack[cell.surfaceLag == nil ? .inverseCapacity : .surfaceInverse, j]
            let start = pack[.soc, j] - pack[.lag, j]
            let end =
              pack[.soc, j] - pack[.lag, j] * decay(cell.surfaceLag?.timeConstantS ?? 1)
              - charge * seconds / 3600 * inverse
            let tables = pack.model.tables
            let rest =
              abs(start - end) > 1e-7
              ? (tables.energyIntegral(at: start) - tables.energyIntegral(at: end)) / (start - end)
              : tables.openCircuitV(at: end)
            let meanV =
              rest - mean(fast) * pack[.fastV, j] - mean(slow) * pack[.slowV, j]
              - i
              * (pack[.series, j] + pack[.fast, j] * (1 - mean(fast))
                + pack[.slow, j] * (1 - mean(slow)))
            let endV =
              tables.openCircuitV(at: end) - decay(fast) * pack[.fastV, j]
              - decay(slow) * pack[.slowV, j]
              - i
              * (pack[.series, j] + pack[.fast, j] * (1 - decay(fast))
                + pack[.slow, j] * (1 - decay(slow)))
            // The third column of the groups: how far they agree in the end of the step.
            let blend = pack.links[2 * groups + j / layout.parallel]
            let miss =
              (1 - blend) * (meanV - (pack[.meanE, j] - i * pack[.meanR, j]))
              + blend * (endV - (pack[.endE, j] - i * pack[.endR, j]))
            #expect(
              abs(miss) <= min(1e-3, 1e-5 + 0.25 * pack[.series, j] * abs(i)) + 1e-9,
              "\(cell.name), \(seconds) s, seed \(seed), cell \(j)")
          }
        }
      }
    }
    #expect(held > 20)
  }

  /// Energy of the cells and their pairs, with the pairs' resistances and the lag of the last step. [J]
  ///
  /// A lag K with the time constant τ is a well at the surface with the share `1/(1 + K/τ)` of the charge and one within
  /// that feeds it, each with its own voltage at rest.
  static func energyJ(
    _ pack: CellPack, fastOhm: [Double], slowOhm: [Double], lagHours: [Double]
  ) -> Double {
    let cell = pack.model.tables.specification
    return (0..<pack.cellCount).reduce(0) { sum, j in
      let fast = cell.fast.timeConstantS / (2 * fastOhm[j]) * pack[.fastV, j] * pack[.fastV, j]
      let slow = cell.slow.timeConstantS / (2 * slowOhm[j]) * pack[.slowV, j] * pack[.slowV, j]
      var volt = pack[.energy, j]
      if let lag = cell.surfaceLag, lagHours[j] > 0 {
        let share = 1 / (1 + lagHours[j] * 3600 / lag.timeConstantS)
        let surface = pack[.soc, j] - pack[.lag, j]
        let within = surface + pack[.lag, j] / (1 - share)
        let tables = pack.model.tables
        volt =
          share * tables.energyIntegral(at: surface)
          + (1 - share) * tables.energyIntegral(at: within)
      }
      return sum + 3600 * pack[.capacity, j] * volt + fast + slow
    }
  }

  /// Lags in steady discharge at 1C as the last step had them, as shares of the charge. [h]
  static func lagHours(_ pack: CellPack, seconds: Double) -> [Double] {
    guard let lag = pack.model.tables.specification.surfaceLag else { return [] }
    let reached = 1 - PortableMath.exp(-seconds / lag.timeConstantS)
    return (0..<pack.cellCount).map { j in
      (pack[.surfaceInverse, j] / pack[.inverseCapacity, j] - 1) * seconds / 3600 / reached
    }
  }

  /// Advances a resting pack and returns the rounds that its shares took.
  static func rest(_ pack: inout CellPack, seconds: Double) -> Int {
    let response = pack.response(seconds: seconds)
    var line = pack.prepare(response, estimatedA: 0).line
    let shared = pack.share(response, packA: 0)
    if let shared { line = shared.line }
    pack.finish(response, line: line, packA: 0)
    return shared?.rounds ?? 0
  }

  /// A mixture of a step's mean and end takes energy from the cells.
  ///
  /// With resistances fixed over the step: `dt·i·M = −3600·Q·ΔW`, `dt·i·U(z₁) ≤ −3600·Q·ΔW` as W is convex, and the same
  /// for the pairs; so `ΔE ≤ −dt·ΣR₀i²`. Hysteresis stores a little of its own and is left out here.
  @Test(
    "at rest the energy never rises, currents die away, and no cell leaves its range",
    arguments: layouts, [25.0, -15])
  func rest(layout: Layout, temperatureC: Double) {
    let lagging = Self.cells.map { cell in
      var cell = cell
      cell.hysteresisV = cell.hysteresisV.map { _ in 0 }
      return cell
    }
    let prompt = lagging.map { cell in
      var cell = cell
      cell.surfaceLag = nil
      return cell
    }
    for cell in temperatureC < 0 ? lagging : lagging + prompt {
      for seconds in Self.steps {
        for seed in 1...(layout.count > 20 ? UInt64(2) : 6) {
          var pack = Self.pack(cell, layout, seed: seed, temperatureC: temperatureC)
          let count = Int((seconds < 60 ? 1800 : 86_400) / seconds)
          for step in 0..<count {
            let before = pack
            let rounds = Self.rest(&pack, seconds: seconds)
            let (fast, slow) = (pack.column(.fast), pack.column(.slow))
            let lag = Self.lagHours(pack, seconds: seconds)
            let had = Self.energyJ(before, fastOhm: fast, slowOhm: slow, lagHours: lag)
            let has = Self.energyJ(pack, fastOhm: fast, slowOhm: slow, lagHours: lag)
            let place = "\(cell.name), \(seconds) s, seed \(seed), step \(step)"
            // Rounding of 100 Ah at 3.3 V a cell.
            #expect(has <= had + 1e-9 * 1.2e6, "\(place)")
            #expect(rounds < 20, "\(place)")
            #expect(pack.socFraction.allSatisfy { $0 > -0.2 && $0 < 1.2 }, "\(place)")
            if seconds >= 60, step >= count / 2 {
              #expect(pack.currentA.allSatisfy { abs($0) < 0.01 * 100 }, "\(place)")
            }
          }
        }
      }
    }
  }

  @Test("with hysteresis currents die away at rest too", arguments: layouts)
  func restWithHysteresis(layout: Layout) {
    let cell = CellSpecification.lfpCylindrical26650.scaled(toCapacityAh: 100)
    for seconds in Self.steps where seconds >= 60 {
      for seed in 1...(layout.count > 20 ? UInt64(2) : 6) {
        var pack = Self.pack(cell, layout, seed: seed)
        let count = Int(86_400 / seconds)
        for step in 0..<count {
          let rounds = Self.rest(&pack, seconds: seconds)
          #expect(rounds < 40 && pack.socFraction.allSatisfy { $0 > -0.2 && $0 < 1.2 })
          if step >= count / 2 {
            #expect(pack.currentA.allSatisfy { abs($0) < 0.01 * 100 }, "\(seconds) s, seed \(seed)")
          }
        }
      }
    }
  }

  /// A duty through both ends of the charge, as currents of the pack.
  static func duty(_ layout: Layout, seconds: Double) -> [Double] {
    let abreast = Double(layout.parallel * layout.strings)
    let hours = [(2.0, -50.0), (1, 0), (2.1, 50), (2, 0), (1, -30), (1, 30), (1, 0)]
    return hours.flatMap { hour, current in
      [Double](
        repeating: current * abreast, count: max(1, Int((hour * 3600 / seconds).rounded())))
    }
  }

  @Test("the currents of a group sum to that of the pack", arguments: layouts, [60.0, 900])
  func sums(layout: Layout, seconds: Double) {
    for (k, cell) in Self.cells.enumerated() {
      var pack = Self.pack(cell, layout, seed: UInt64(k))
      for current in Self.duty(layout, seconds: seconds) {
        pack.advance(currentA: current, seconds: seconds)
        let currents = pack.currentA
        func group(_ string: Int, _ group: Int) -> Double {
          let first = (string * layout.series + group) * layout.parallel
          return currents[first..<first + layout.parallel].reduce(0, +)
        }
        let first = (0..<layout.strings).reduce(0) { $0 + group($1, 0) }
        #expect(isClose(first, current, absolute: 1e-9))
        for string in 0..<layout.strings {
          for g in 1..<max(2, layout.series) where g < layout.series {
            #expect(isClose(group(string, g), group(string, 0), absolute: 1e-9))
          }
        }
      }
    }
  }

  @Test("equal cells side by side are one cell, through both ends of the charge", arguments: steps)
  func equalCells(seconds: Double) {
    for cell in Self.cells {
      for abreast in [
        Layout(series: 1, parallel: 7, strings: 1), Layout(series: 1, parallel: 1, strings: 3),
      ] {
        func pack(_ layout: Layout) -> CellPack {
          let count = layout.count
          return CellPack(
            cell: cell, series: 1, parallel: layout.parallel, strings: layout.strings,
            capacityAh: [Double](repeating: 100, count: count),
            resistanceScale: [Double](repeating: 1, count: count),
            socFraction: [Double](repeating: 0.3, count: count), temperatureC: 25,
            network: CellPackLawTests.airNetwork(
              cell, wattPerKelvin: [Double](repeating: 1, count: count), airToOutside: 1e4))
        }
        var many = pack(abreast)
        var one = pack(Layout(series: 1, parallel: 1, strings: 1))
        let count = Double(abreast.count)
        for current in Self.duty(Layout(series: 1, parallel: 1, strings: 1), seconds: seconds) {
          many.advance(currentA: current * count, seconds: seconds)
          one.advance(currentA: current, seconds: seconds)
          for soc in many.socFraction {
            #expect(isClose(soc, one.socFraction[0], absolute: 1e-12), "\(cell.name)")
          }
        }
      }
    }
  }

  /// To the digits that a difference of stored energies leaves.
  @Test("the order of cells and of strings does not matter", arguments: [60.0, 300, 3600])
  func order(seconds: Double) {
    let layout = Layout(series: 2, parallel: 5, strings: 3)
    for (k, cell) in Self.cells.enumerated() {
      // Strings backwards, and cells within each group backwards.
      let order = (0..<layout.count).map { j in
        let (string, group, place) = (j / 10, j / 5 % 2, j % 5)
        return (2 - string) * 10 + group * 5 + 4 - place
      }
      var plain = Self.pack(cell, layout, seed: UInt64(k + 3))
      var mixed = Self.pack(cell, layout, seed: UInt64(k + 3), order: order)
      for current in Self.duty(layout, seconds: seconds) {
        plain.advance(currentA: current, seconds: seconds)
        mixed.advance(currentA: current, seconds: seconds)
      }
      let (a, b) = (plain.socFraction, mixed.socFraction)
      for j in 0..<layout.count {
        #expect(isClose(b[j], a[order[j]], absolute: 1e-9), "\(cell.name)")
      }
    }
  }

  struct Accuracy: CustomTestStringConvertible, Sendable {
    var cell: Int
    var layout: Layout
    var isSecondLife: Bool
    var hasAgedPart: Bool
    var testDescription: String {
      "\(SharingLawTests.cells[cell].name), \(layout), "
        + (hasAgedPart ? "one aged" : isSecondLife ? "second life" : "new")
    }
  }

  static let accuracies = (0..<3).flatMap { cell in
    [
      Accuracy(
        cell: cell, layout: Layout(series: 1, parallel: 2, strings: 1), isSecondLife: false,
        hasAgedPart: false),
      Accuracy(
        cell: cell, layout: Layout(series: 1, parallel: 4, strings: 1), isSecondLife: true,
        hasAgedPart: false),
      Accuracy(
        cell: cell, layout: Layout(series: 1, parallel: 16, strings: 1), isSecondLife: true,
        hasAgedPart: false),
      Accuracy(
        cell: cell, layout: Layout(series: 1, parallel: 2, strings: 1), isSecondLife: false,
        hasAgedPart: true),
      Accuracy(
        cell: cell, layout: Layout(series: 16, parallel: 1, strings: 2), isSecondLife: false,
        hasAgedPart: true),
    ]
  }

  /// Full cycles at half the capacity per hour with rests of two hours.
  ///
  /// The aged cell or string has 0.8 of the capacity and 1.5 of the resistance. What is left at long steps is that a share is held over a step
  /// while it really decays within it: one cell at a bend for a step.
  @Test("full cycles agree with steps of a second", arguments: accuracies)
  func accuracy(of one: Accuracy) {
    let cell = Self.cells[one.cell]
    let layout = one.layout
    var generator = SeededGenerator(seed: 7, label: "accuracy")
    let spread = one.isSecondLife ? CellSpread.secondLife : CellSpread()
    func aged(_ j: Int, _ factor: Double) -> Double {
      one.hasAgedPart && j < layout.series ? factor : 1
    }
    let start = CellPack(
      cell: cell, series: layout.series, parallel: layout.parallel, strings: layout.strings,
      capacityAh: (0..<layout.count).map {
        100 * (1 + spread.capacity * generator.normal()) * aged($0, 0.8)
      },
      resistanceScale: (0..<layout.count).map {
        max(0.5, 1 + spread.resistance * generator.normal()) * aged($0, 1.5)
      },
      socFraction: (0..<layout.count).map { _ in
        min(max(0.02 + spread.soc * generator.normal(), 0), 1)
      }, temperatureC: 25,
      network: CellPackLawTests.airNetwork(
        cell,
        wattPerKelvin: [Double](repeating: cell.heatCapacityJPerK / 3000, count: layout.count),
        airToOutside: 1000))
    let abreast = Double(layout.parallel * layout.strings)
    let phases = [
      (1.0, 0.0), (2, -50), (2, 0), (2, 48), (2, 0), (2, -49), (2, 0), (2, 50), (2, 0),
    ]
    func hourly(_ seconds: Double) -> [[Double]] {
      var pack = start
      return phases.flatMap { hours, current in
        (0..<Int(hours)).map { _ in
          for _ in 0..<Int(3600 / seconds) {
            pack.advance(currentA: current * abreast, seconds: seconds)
          }
          return pack.socFraction
        }
      }
    }
    let exact = hourly(1)
    for (seconds, largest, rmse) in [(60.0, 3e-3, 2e-4), (300, 2e-2, 1.5e-3), (3600, 5e-2, 1e-2)] {
      var deviation = Deviation()
      for (a, b) in zip(hourly(seconds), exact) { for (x, y) in zip(a, b) { deviation.add(x, y) } }
      #expect(deviation.largest < largest && deviation.rmse < rmse, "\(seconds) s: \(deviation)")
    }
  }

  /// Two cells of a second life side by side, emptied, filled and left to rest, for ten days.
  @Test(
    "a home pack of a second life stays within its cells' range", arguments: [300.0, 900], 1...3)
  func homePack(seconds: Double, seed: UInt64) throws {
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: CellSpecification.lfpCylindrical26650.scaled(toCapacityAh: 100), series: 16,
        parallel: 2, spread: .secondLife, enclosure: .cabinet(capacityKWh: 10.6),
        converter: ConverterSpecification(ratedKW: 10.56),
        limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1),
        ageing: AgeingSpecification(model: .lfpNaumann3), substepSeconds: seconds),
      seed: seed, socFraction: 0.3, temperatureC: 25)
    for step in 0..<Int(10 * 86_400 / seconds) {
      let quarter = Int(Double(step) * seconds / 900) % 96
      let power = quarter < 16 ? -2.6 : quarter >= 48 && quarter < 64 ? 2.6 : 0
      _ = try twin.step(requestKW: power, ambientC: 25, seconds: seconds)
      if power == 0, quarter % 48 >= 24 {
        #expect(twin.pack.currentA.allSatisfy { abs($0) < 0.02 * 100 })
      }
    }
    let ledger = twin.ledger
    #expect(ledger.lowestCellV > 2.0 && ledger.highestCellV < 3.7)
    #expect(ledger.coldestCellC > 0 && ledger.hottestCellC < 50)
    #expect(ledger.equivalentFullCycles > 6)
    #expect(ledger.clippedKWh[ClipCause.soc, default: 0] > 0)
    #expect(abs(ledger.balanceErrorKWh) < 1e-9)
    // No part of the loss hides another: each is of its own size, and next to nothing is left.
    #expect(ledger.seriesLossKWh > 0 && ledger.pairsLossKWh > 0 && ledger.sharingLossKWh >= 0)
    #expect(ledger.hysteresisLossKWh > 0 && ledger.hysteresisLossKWh < 0.03 / 3.3 * 2 * 150)
    // A thousandth of what was charged, less what inverter and resistances take before.
    #expect(isClose(ledger.chargeLossKWh, 0.001 * 0.943 * ledger.chargedKWh, relative: 0.02))
    let unexplained = ledger.curvatureLossKWh
    #expect(abs(unexplained) < 0.03 * ledger.cellLossKWh, "\(unexplained)")
  }
}
