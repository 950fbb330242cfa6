import Synthesis
import TestSupport
import Testing
import TimeSeries

@Suite("Disturbances") struct DisturbanceTests {
  static let grid = TimeGrid(start: SyntheticSiteTests.start, stepSeconds: 900, count: 96 * 30)

  func histories(_ disturbances: [Disturbance]) throws -> (plain: SiteHistory, changed: SiteHistory)
  {
    var site = SyntheticSiteTests.site(.home, annualKWh: 4000)
    let zone = try SyntheticSiteTests.zone()
    let plain = site.history(grid: Self.grid, zone: zone, seed: 1)
    site.disturbances = disturbances
    return (plain, site.history(grid: Self.grid, zone: zone, seed: 1))
  }

  @Test("a heat wave warms only its days and only the air") func heatWave() throws {
    let from = Self.grid.instant(96 * 5)
    let to = Self.grid.instant(96 * 10)
    let (plain, changed) = try histories([.heatWave(from: from, to: to, peakK: 12)])
    let before = try #require(plain[.ambient])
    let after = try #require(changed[.ambient])
    #expect(Array(before[..<480]) == Array(after[..<480]))
    #expect(Array(before[960...]) == Array(after[960...]))
    // Half a day after its start it has risen by half, in the middle by all of 12 K.
    #expect(isClose(after[480 + 48] - before[480 + 48], 6, absolute: 0.1))
    #expect(isClose(after[720] - before[720], 12, absolute: 1e-9))
    #expect(changed[.load] == plain[.load])
  }

  // 30 s of 60 kW every 300 s is a mean of 6 kW.
  @Test("a spike train adds its energy") func spikes() throws {
    let (plain, changed) = try histories([
      .spikeTrain(
        quantity: .load, from: Self.grid.start, to: Self.grid.end, height: 60, everySeconds: 300,
        lengthSeconds: 30)
    ])
    let before = try #require(plain[.load])
    let after = try #require(changed[.load])
    for k in before.indices { #expect(isClose(after[k] - before[k], 6, absolute: 1e-9)) }
  }

  @Test("gaps, stuck values and single spikes leave the rest alone") func faults() throws {
    let at = Self.grid.instant(100)
    let (plain, changed) = try histories([
      .gap(quantity: .load, from: at, to: at + 3600),
      .stuck(quantity: .load, from: at + 7200, to: at + 10_800),
      .spike(quantity: .load, at: at + 14_400, value: 999),
    ])
    let before = try #require(plain[.load])
    let after = try #require(changed[.load])
    for k in before.indices {
      switch k {
      case 100..<104: #expect(after[k].isNaN)
      case 108..<112: #expect(after[k] == before[108])
      case 116: #expect(after[k] == 999)
      default: #expect(after[k] == before[k])
      }
    }
  }

  @Test("random faults follow from the seed") func random() throws {
    let faults = Disturbance.randomFaults(
      quantity: .load, gapsPerMonth: 6, stuckPerMonth: 3, spikesPerMonth: 4)
    let (_, a) = try histories([faults])
    let (plain, b) = try histories([faults])
    let before = try #require(plain[.load])
    let first = try #require(a[.load])
    #expect(first.map(\.bitPattern) == b[.load]?.map(\.bitPattern))
    #expect(first.contains { $0.isNaN })
    #expect(first.contains { $0 >= (before.max() ?? 0) * 20 })
  }

  @Test("quiet and cycling stretches") func regimes() throws {
    let middle = Self.grid.instant(96 * 15)
    let (plain, changed) = try histories([
      .scale(quantity: .load, from: Self.grid.start, to: middle, factor: 0.25),
      .cycle(
        quantity: .pv, from: middle, to: Self.grid.end, amplitude: 2, periodSeconds: 7200),
    ])
    #expect(changed[.load]?[10] == plain[.load].map { $0[10] * 0.25 })
    let pv = try #require(changed[.pv])
    #expect(pv[96 * 15] == 2 && pv[96 * 15 + 4] == 0)
  }
}
