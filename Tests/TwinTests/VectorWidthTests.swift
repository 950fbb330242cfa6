import Numerics
import TestSupport
import Testing

@testable import Twin

/// One binary serves every CPU, so every vector width must give the same bits.
@Suite("Vector widths", .tags(.physics)) struct VectorWidthTests {
  struct Layout: CustomTestStringConvertible, Sendable {
    var series: Int
    var parallel: Int
    var strings: Int
    var module: Int
    var testDescription: String { "\(series)×\(parallel)×\(strings), modules of \(module)" }
  }

  static let layouts = [
    Layout(series: 1, parallel: 1, strings: 1, module: 1),
    Layout(series: 2, parallel: 1, strings: 1, module: 2),
    Layout(series: 13, parallel: 1, strings: 1, module: 13),
    Layout(series: 16, parallel: 1, strings: 1, module: 16),
    Layout(series: 6, parallel: 3, strings: 1, module: 6),
    Layout(series: 16, parallel: 16, strings: 1, module: 16),
    Layout(series: 4, parallel: 8, strings: 3, module: 8),
    Layout(series: 5, parallel: 2, strings: 4, module: 10),
    // More cells than are gone over at a time.
    Layout(series: 20, parallel: 5, strings: 1, module: 20),
    Layout(series: 35, parallel: 1, strings: 2, module: 35),
    // Groups that lie evenly in blocks, of which the last is not full.
    Layout(series: 15, parallel: 2, strings: 1, module: 15),
    Layout(series: 9, parallel: 4, strings: 1, module: 12),
    Layout(series: 2, parallel: 56, strings: 1, module: 16),
  ]

  private static func cell(_ cell: CellSpecification, lags: Bool) -> CellSpecification {
    var cell = cell
    if !lags { cell.surfaceLag = nil }
    return cell
  }

  /// Runs a day of power that meets limits in both directions.
  static func run(_ width: VectorWidth, _ layout: Layout, lags: Bool) throws -> DigitalTwin {
    let cells = layout.series * layout.parallel * layout.strings
    let energyKWh = Double(cells) * 0.9
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: cell(.lfpPrismatic280, lags: lags), series: layout.series, parallel: layout.parallel,
        strings: layout.strings, linkOhm: 1e-5,
        cooling: CoolingSpecification(topology: .modules(of: layout.module)),
        enclosure: .cabinet(capacityKWh: energyKWh),
        converter: ConverterSpecification(ratedKW: 0.6 * energyKWh), vectorWidth: width),
      seed: 11, socFraction: 0.5, temperatureC: 18)
    var generator = SeededGenerator(seed: 3, label: "widths")
    for _ in 0..<1500 {
      _ = try twin.step(
        requestKW: generator.uniform(-0.6, 0.6) * energyKWh, ambientC: generator.uniform(5, 35),
        seconds: 60, irradianceWPerM2: 200)
    }
    return twin
  }

  /// Runs cells of a second life from full to empty and back at long steps, where their shares are solved
  /// for.
  static func runFar(_ width: VectorWidth, _ layout: Layout, lags: Bool) throws -> DigitalTwin {
    let cells = layout.series * layout.parallel * layout.strings
    let powerKW = 0.1 * Double(cells)
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: cell(.lfpCylindrical26650, lags: lags).scaled(toCapacityAh: 100),
        series: layout.series, parallel: layout.parallel, strings: layout.strings, linkOhm: 1e-5,
        spread: .secondLife, cooling: CoolingSpecification(topology: .modules(of: layout.module)),
        enclosure: .cabinet(capacityKWh: 0.33 * Double(cells)),
        converter: ConverterSpecification(ratedKW: 2 * powerKW),
        limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), substepSeconds: 900,
        vectorWidth: width),
      seed: 5, socFraction: 0.3, temperatureC: 25)
    for step in 0..<400 {
      _ = try twin.step(
        requestKW: [-powerKW, 0, powerKW, 0][step / 25 % 4], ambientC: 25,
        seconds: [300, 900, 60, 900][step % 4])
    }
    return twin
  }

  @Test("the state is the same to the last bit", arguments: layouts, [false, true])
  func sameBits(layout: Layout, isFar: Bool) throws {
    let run = isFar ? Self.runFar : Self.run
    for lags in [true, false] {
      let portable = try run(.portable, layout, lags)
      #expect(portable.ledger.equivalentFullCycles > 0.1)
      for width in VectorWidth.allCases where width.isAvailable && width != .portable {
        let other = try run(width, layout, lags)
        #expect(other.state == portable.state, "\(width)")
        #expect(
          zip(other.pack.cells, portable.pack.cells).allSatisfy { $0.bitPattern == $1.bitPattern },
          "\(width)")
      }
    }
  }
}
