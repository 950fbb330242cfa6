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
  ]

  /// Runs a day of power that meets limits in both directions.
  static func run(_ width: VectorWidth, _ layout: Layout) throws -> DigitalTwin {
    let cells = layout.series * layout.parallel * layout.strings
    let energyKWh = Double(cells) * 0.9
    var twin = DigitalTwin(
      try TwinSpecification(
        cell: .lfpPrismatic280, series: layout.series, parallel: layout.parallel,
        strings: layout.strings, linkOhm: 1e-5,
        cooling: CoolingSpecification(topology: .modules(of: layout.module)),
        enclosure: .cabinet(capacityKWh: energyKWh),
        converter: ConverterSpecification(ratedKW: 0.6 * energyKWh), vectorWidth: width),
      seed: 11, socFraction: 0.5, temperatureC: 18)
    var generator = SeededGenerator(seed: 3, label: "widths")
    for _ in 0..<1500 {
      _ = twin.step(
        requestKW: generator.uniform(-0.6, 0.6) * energyKWh, ambientC: generator.uniform(5, 35),
        seconds: 60, irradianceWPerM2: 200)
    }
    return twin
  }

  @Test("the state is the same to the last bit", arguments: layouts)
  func sameBits(layout: Layout) throws {
    let portable = try Self.run(.portable, layout)
    #expect(portable.ledger.equivalentFullCycles > 0.1)
    for width in VectorWidth.allCases where width.isAvailable && width != .portable {
      let other = try Self.run(width, layout)
      #expect(other.state == portable.state, "\(width)")
      #expect(
        zip(other.pack.cells, portable.pack.cells).allSatisfy { $0.bitPattern == $1.bitPattern },
        "\(width)")
    }
  }
}
