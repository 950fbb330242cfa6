import TestSupport
import Testing
import TimeSeries

@Suite("Sun on a horizontal plane") struct HorizontalIrradianceTests {
  private let ulm = GeographicPosition(latitudeDeg: 48.4, longitudeDeg: 10)
  /// 2024-06-21T00:00Z.
  private let grid = TimeGrid(start: 1_718_928_000, stepSeconds: 3600, count: 24)

  private func history(_ columns: [Quantity: [Double]]) -> SiteHistory {
    SiteHistory(grid: grid, zone: .utc, columns: columns)
  }

  /// Kasten and Czeplak: 1 − 0.75·n^3.4 is 0.92895 at n = 0.5 and 0.25 under a closed cover.
  @Test("clouds dim the clear sky", arguments: [(0.0, 1.0), (0.5, 0.92895), (1.0, 0.25)])
  func clouds(_ cover: Double, _ share: Double) {
    let light = HorizontalIrradiance(
      on: grid, from: history([.cloudCover: [Double](repeating: cover, count: 24)]), place: ulm)
    let noon = SunPosition(at: grid.start + 12 * 3600 + 1800, place: ulm).clearSkyWM2
    #expect(noon > 900)
    #expect(isClose(light.wattPerM2[12], noon * share, relative: 1e-5))
    #expect(light.wattPerM2[0] == 0)
    #expect(light.counts(in: grid.indices) == [.cloudCover: 24])
  }

  @Test("what is measured counts first, and every stand-in is counted")
  func sources() {
    var measured = [Double](repeating: 700, count: 24)
    for i in 10..<14 { measured[i] = .nan }
    var cover = [Double](repeating: 0.5, count: 24)
    cover[10] = .nan
    let light = HorizontalIrradiance(
      on: grid, from: history([.irradiance: measured, .cloudCover: cover]), place: ulm)
    #expect(light.wattPerM2[9] == 700)
    #expect(
      light.wattPerM2[10]
        == SunPosition(at: grid.start + 10 * 3600 + 1800, place: ulm).clearSkyWM2)
    #expect(light.counts(in: grid.indices) == [.measured: 20, .cloudCover: 3, .clearSky: 1])
    #expect(light.counts(in: 10..<12) == [.cloudCover: 1, .clearSky: 1])
  }

  @Test("without a place nothing is made up")
  func unknown() {
    let light = HorizontalIrradiance(on: grid, from: nil, place: nil)
    #expect(light.wattPerM2 == [Double](repeating: 0, count: 24))
    #expect(light.counts(in: grid.indices) == [.unknown: 24])
  }

  @Test("a finer grid takes the measurement of its interval")
  func finer() {
    let light = HorizontalIrradiance(
      on: TimeGrid(start: grid.start, stepSeconds: 900, count: 8),
      from: history([.irradiance: (0..<24).map { Double(100 * $0) }]), place: nil)
    #expect(light.wattPerM2 == [0, 0, 0, 0, 100, 100, 100, 100])
  }
}
