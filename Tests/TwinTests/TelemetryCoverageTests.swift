import Testing

@testable import Twin

@Suite("What telemetry can tell") struct TelemetryCoverageTests {
  private func run(_ celsius: [Double], ambientC: Double) -> TelemetryRun {
    TelemetryRun(
      name: "r", timeS: [0, 3600, 7200], currentA: [0, 0.5, 0.5], voltageV: [4, 3.8, 3.6],
      temperatureC: celsius, ambientC: [Double](repeating: ambientC, count: 3), initialSOC: 1)
  }

  /// Two hours of 0.5 A out of 2 Ah take half of the charge.
  @Test("ranges are those of all runs") func ranges() {
    let coverage = TelemetryCoverage([run([25, 26, 26.5], ambientC: 25)], capacityAh: 2)
    #expect(coverage.temperatureC == 25...26.5)
    #expect(coverage.socFraction == 0.5...1)
    #expect(!coverage.tellsActivation)
    let two = TelemetryCoverage(
      [run([25, 25, 25], ambientC: 25), run([10, 10, 10], ambientC: 10)], capacityAh: 2)
    #expect(two.tellsActivation)
  }

  /// The pair 3 and 2 is out of order, its mean is 2.5; 5, 4 and 3 become 4, 4 and 4.
  @Test("a curve that dips becomes the nearest one that rises") func rising() {
    #expect(TelemetryFit.rising([1, 3, 2, 4]) == [1, 2.5, 2.5 + 1e-5, 4])
    #expect(TelemetryFit.rising([5, 4, 3]) == [4, 4 + 1e-5, 4 + 1e-5 + 1e-5])
    #expect(TelemetryFit.rising([1, 2, 3]) == [1, 2, 3])
  }
}
