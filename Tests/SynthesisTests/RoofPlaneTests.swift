import Synthesis
import TestSupport
import Testing
import TimeSeries

/// Synthetic plants of several planes.
@Suite("Synthetic planes") struct RoofPlaneTests {
  private static let grid = TimeGrid(
    start: SyntheticSiteTests.start + 170 * 86_400, stepSeconds: 900, count: 96 * 4)

  private static func production(_ plant: SyntheticPV) throws -> [Double] {
    var site = SyntheticSiteTests.site(.home, annualKWh: 4000)
    site.pv = plant
    let history = site.history(grid: grid, zone: try SyntheticSiteTests.zone(), seed: 3)
    return try #require(history[.pv])
  }

  private static let east = SyntheticPV.Plane(peakKW: 6, tiltDeg: 35, azimuthDeg: 95)
  private static let west = SyntheticPV.Plane(peakKW: 4, tiltDeg: 35, azimuthDeg: 275)

  // Without limits the planes of a plant are plants side by side.
  @Test("two planes give the sum of two plants under one sky")
  func sum() throws {
    let both = try Self.production(SyntheticPV(planes: [Self.east, Self.west], inverterKW: 100))
    let parts = try [Self.east, Self.west].map {
      try Self.production(SyntheticPV(planes: [$0], inverterKW: 100))
    }
    for i in both.indices { #expect(isClose(both[i], parts[0][i] + parts[1][i], relative: 1e-12)) }
    #expect(both.max() ?? 0 > 3)
  }

  // Slots of 15 min are means of three steps, so a limit holds for them as well.
  @Test("each inverter clips what is on it alone")
  func clipping() throws {
    var limited = Self.west
    limited.inverterKW = 1
    let plant = SyntheticPV(planes: [Self.east, limited], inverterKW: 2)
    let clipped = try Self.production(plant)
    let east = try Self.production(SyntheticPV(planes: [Self.east], inverterKW: 2))
    let west = try Self.production(SyntheticPV(planes: [Self.west], inverterKW: 1))
    for i in clipped.indices { #expect(isClose(clipped[i], east[i] + west[i], relative: 1e-12)) }
    #expect(east.max() ?? 0 <= 2 + 1e-12 && west.max() ?? 0 <= 1 + 1e-12)
    let open = try Self.production(plant.unclipped)
    #expect(zip(open, clipped).allSatisfy { $0 >= $1 - 1e-12 })
    #expect(open.reduce(0, +) > clipped.reduce(0, +))
  }

  // One plane behind an inverter of its own, two that face alike on a common one, 3 to 2 in power.
  @Test("planes with names have their production beside the plant's, and add up to it")
  func named() throws {
    var west = Self.west
    west.inverterKW = 1
    west.name = "west"
    let large = SyntheticPV.Plane(peakKW: 3, azimuthDeg: 95, name: "large")
    let small = SyntheticPV.Plane(peakKW: 2, azimuthDeg: 95, name: "small")
    var site = SyntheticSiteTests.site(.home, annualKWh: 4000)
    site.pv = SyntheticPV(planes: [west, large, small], inverterKW: 2)
    let history = site.history(grid: Self.grid, zone: try SyntheticSiteTests.zone(), seed: 3)
    #expect(history.planeNames == ["large", "small", "west"])
    let whole = try #require(history[.pv])
    let parts = try ["west", "large", "small"].map { try #require(history[plane: $0]) }
    let alone = try Self.production(SyntheticPV(planes: [west]))
    for i in whole.indices {
      #expect(isClose(parts[0][i] + parts[1][i] + parts[2][i], whole[i], relative: 1e-12))
      #expect(parts[0][i] == alone[i])
      #expect(isClose(2 * parts[1][i], 3 * parts[2][i], relative: 1e-12))
      #expect(parts[1][i] + parts[2][i] <= 2 + 1e-12)
    }
    // The common inverter clips: 1.2 and 0.8 kW.
    #expect(isClose(parts[1].max() ?? 0, 1.2, relative: 1e-12))
  }

  // Apart they peak at different times: one inverter for both clips less than half of it for each.
  @Test("planes that face apart share an inverter well")
  func sharing() throws {
    var east = Self.east
    var west = Self.west
    east.peakKW = 5
    west.peakKW = 5
    let shared = try Self.production(SyntheticPV(planes: [east, west], inverterKW: 4))
    east.inverterKW = 2
    west.inverterKW = 2
    let apart = try Self.production(SyntheticPV(planes: [east, west]))
    #expect(shared.reduce(0, +) > 1.02 * apart.reduce(0, +))
  }
}
