import TestSupport
import Testing
import TimeSeries

@Suite("Faulty meter") struct FaultyMeterTests {
  let grid = TimeGrid(start: 1_704_063_600, stepSeconds: 900, count: 96)

  // 2 kW for a day is 48 kWh.
  @Test("it counts the energy at its resolution") func counts() throws {
    let meter = FaultyMeter(startKWh: 1000, resolutionKWh: 0.1, everySeconds: 600)
    let readings = meter.readings(of: Series(grid: grid, constant: 2), seed: 1)
    #expect(readings.count == 145)
    #expect(isClose(readings.last?.totalKWh ?? 0, 1048, absolute: 0.1))
    // 2 kW for 10 min is 0.333 kWh, shown as 0.3.
    #expect(isClose(readings[1].totalKWh, 1000.3, absolute: 1e-9))
  }

  @Test("restarts, outages and dips") func faults() throws {
    let noon = grid.instant(48)
    let meter = FaultyMeter(
      startKWh: 500, resolutionKWh: 0.001, everySeconds: 900, resets: [noon],
      outages: [noon + 7200..<noon + 14_400], dipShare: 0.1)
    let power = Series(grid: grid, constant: 4)
    let readings = meter.readings(of: power, seed: 3)
    #expect(readings.map(\.totalKWh) == meter.readings(of: power, seed: 3).map(\.totalKWh))
    #expect(readings.count == 97 - 8)
    // 12 h of 4 kW before the restart, 12 h after it.
    let before = readings.filter { $0.instant <= noon - 900 }.map(\.totalKWh).max() ?? 0
    #expect(isClose(before, 500 + 47, absolute: 0.01))
    #expect(readings.filter { $0.instant > noon }.allSatisfy { $0.totalKWh <= 48.001 })
    let falls = zip(readings, readings.dropFirst()).filter { $1.totalKWh < $0.totalKWh }
    #expect(falls.count > 3)
  }
}
