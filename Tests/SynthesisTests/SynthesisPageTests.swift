import Synthesis
import TestSupport
import Testing
import TimeSeries

@Suite("Page of Synthesis") struct SynthesisPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Synthesis").isCode())

    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4),
      load: SyntheticLoad(kind: .business, annualKWh: 120_000),
      pv: SyntheticPV(peakKW: 80, tiltDeg: 15),
      disturbances: [.heatWave(from: 1_720_000_000, to: 1_720_600_000, peakK: 10)])
    let grid = TimeGrid(start: 1_704_063_600, stepSeconds: 900, count: 96 * 366)
    let history = site.history(grid: grid, zone: try Zone("Europe/Berlin"), seed: 42)

    let load = try #require(history[.load])
    #expect(isClose(load.reduce(0, +) / 4, 120_000, relative: 0.01))
    #expect(history[.pv]?.max() ?? 0 > 40)
  }
}
