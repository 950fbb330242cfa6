import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Network of heat", .tags(.physics)) struct HeatNetworkTests {
  /// The same system as modules and as one general network.
  static func pair(
    _ seed: UInt64, blocked: Bool
  ) -> (modules: CellPack, general: CellPack) {
    var generator = SeededGenerator(seed: seed)
    let cell = CellSpecification.lfpPrismatic280
    let size = 3
    let count = 12
    let next = (0..<count).map { $0 % size == size - 1 ? 0 : 0.4 }
    let air = (0..<count).map { blocked && $0 < 4 ? 0.2 : 0.8 }
    let capacities = [4000.0, 12000, 8000]
    let links: [ThermalNetwork.Link] = [
      .init(node: 0, other: 1, wattPerKelvin: 20), .init(node: 1, other: -1, wattPerKelvin: 15),
      .init(node: 0, other: -1, wattPerKelvin: 5), .init(node: 2, other: -1, wattPerKelvin: 7),
    ]
    let model = ModuleHeatNetwork(
      module: size, cellCapacityJPerK: cell.heatCapacityJPerK, nextWPerK: next, airWPerK: air,
      commonCapacityJPerK: capacities, links: links)
    var all: [ThermalNetwork.Link] = []
    for j in 0..<count {
      if next[j] > 0 { all.append(.init(node: j, other: j + 1, wattPerKelvin: next[j])) }
      all.append(.init(node: j, other: count, wattPerKelvin: air[j]))
    }
    all.append(.init(node: count, other: count + 1, wattPerKelvin: 20))
    let network = ThermalNetwork(
      capacityJPerK: [Double](repeating: cell.heatCapacityJPerK, count: count) + capacities,
      links: all,
      boundaryLinks: [
        .init(node: count + 1, other: 0, wattPerKelvin: 15),
        .init(node: count, other: 0, wattPerKelvin: 5),
        .init(node: count + 2, other: 0, wattPerKelvin: 7),
      ], boundaryCount: 1)
    let capacity = (0..<count).map { _ in 280 * generator.uniform(0.97, 1.03) }
    let scale = (0..<count).map { _ in generator.uniform(0.8, 1.2) }
    func pack(_ heat: HeatNetwork) -> CellPack {
      var pack = CellPack(
        model: PackModel(cell: cell, series: 12, parallel: 1, linkOhm: 0, networks: [heat]),
        capacityAh: capacity, resistanceScale: scale,
        socFraction: [Double](repeating: 0.5, count: count), temperatureC: 22)
      pack.boundaryC[0] = 31
      pack.commonHeatW[2] = 60
      pack.commonHeatW[0] = -25
      return pack
    }
    return (pack(.modules(model)), pack(.general(network)))
  }

  @Test("modules are the same network as the whole matrix", arguments: [false, true])
  func modules(blocked: Bool) {
    var (modules, general) = Self.pair(7, blocked: blocked)
    for step in 0..<50 {
      let current = Double(step % 7 - 3) * 60
      modules.advance(currentA: current, seconds: 300)
      general.advance(currentA: current, seconds: 300)
    }
    for (a, b) in zip(modules.temperatureC, general.temperatureC) {
      #expect(isClose(a, b, absolute: 1e-9))
    }
    for (a, b) in zip(modules.commonTemperatureC, general.commonTemperatureC) {
      #expect(isClose(a, b, absolute: 1e-9))
    }
  }

  /// At rest, with constant resistances of heat, only the linear network moves.
  @Test("splitting a step changes nothing", arguments: [2, 7, 60])
  func splitting(parts: Int) {
    var (whole, _) = Self.pair(3, blocked: true)
    var split = whole
    whole.advance(currentA: 0, seconds: 3600)
    for _ in 0..<parts { split.advance(currentA: 0, seconds: 3600 / Double(parts)) }
    for (a, b) in zip(whole.temperatureC, split.temperatureC) {
      #expect(isClose(a, b, relative: 1e-9))
    }
    for (a, b) in zip(whole.commonTemperatureC, split.commonTemperatureC) {
      #expect(isClose(a, b, relative: 1e-9))
    }
  }

  @Test("a pack at the temperature of its surroundings stays there")
  func rest() throws {
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 5, spread: .none)
    var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25)
    // Self-discharge makes 2 % a month of 10 kWh into heat: 0.3 W over all cells.
    for _ in 0..<100 { _ = try twin.step(requestKW: 0, ambientC: 25, seconds: 60) }
    #expect(abs(twin.hottestCellC - 25) < 0.05)
    let cells = twin.pack.temperatureC
    for (a, b) in zip(cells, cells.reversed()) { #expect(isClose(a, b, relative: 1e-12)) }
  }

  @Test("more cooling never makes the hottest cell hotter", arguments: 1...6)
  func cooling(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let series = 4 + generator.index(below: 12)
    let conductance = generator.uniform(0.1, 1)
    let profile = TwinLawTests.profile(UInt64(seed), count: 400, ratedKW: 5)
    var hottest: [Double] = []
    for factor in [1.0, 2, 4] {
      let specification = try TwinSpecification(
        cell: .lfpPrismatic280.scaled(toCapacityAh: 10_000 / (Double(series) * 3.26)),
        series: series, cooling: CoolingSpecification(airWPerK: conductance * factor),
        enclosure: EnclosureSpecification(
          airCapacityJPerK: 4000, ventilationWPerK: 50, leakWPerK: 5),
        converter: ConverterSpecification(ratedKW: 5), derating: .none)
      var twin = DigitalTwin(
        specification, seed: UInt64(seed), socFraction: 0.5, temperatureC: 30)
      for power in profile { _ = try twin.step(requestKW: power, ambientC: 15, seconds: 60) }
      hottest.append(twin.hottestCellC)
    }
    #expect(hottest[0] >= hottest[1] && hottest[1] >= hottest[2], "seed \(seed): \(hottest)")
  }

  @Test("a failed fan, a blocked vent and a hot cell make it hotter")
  func faults() throws {
    func hottest(_ faults: [FaultSpecification]) throws -> Double {
      let specification = try TwinSpecification.sized(
        capacityKWh: 10, powerKW: 5, derating: .none, faults: faults)
      var twin = DigitalTwin(specification, seed: 1, socFraction: 0.5, temperatureC: 25)
      for hour in 0..<48 {
        _ = try twin.step(requestKW: hour % 4 < 2 ? 2 : -2, ambientC: 25, seconds: 3600)
      }
      return twin.ledger.hottestCellC
    }
    let base = try hottest([])
    #expect(try hottest([FaultSpecification(.fanFailure)]) > base + 0.5)
    #expect(
      try hottest([FaultSpecification(.blockedVent(cells: 4..<8, remaining: 0.1))]) > base + 0.2)
    #expect(try hottest([FaultSpecification(.hotCell(index: 5, factor: 2))]) > base + 0.5)
    #expect(
      try hottest([FaultSpecification(.agedPack(capacityFactor: 0.8, resistanceFactor: 1.5))])
        > base + 0.5)
  }
}
