import Testing
import TimeSeries

@testable import Telemetry

@Suite("Marks of broken sensors") struct SensorFindingTests {
  private func found(_ columns: [Quantity: [Double]], stepSeconds: Int = 3600) throws -> [String] {
    let count = columns.values.first?.count ?? 0
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: stepSeconds, count: count)
    return try sensorFindings(
      MarkedHistory(SiteHistory(grid: grid, zone: .utc, columns: columns))
    ).map(\.diagnostic.message)
  }

  @Test("a value that stays across the ends of stretches is one finding") func stuck() throws {
    var load = (0..<140_000).map { Double($0 % 7) + 1 }
    for k in 65_530..<65_550 { load[k] = 0.25 }
    // 12 h are from there on; 11 h are not yet. The day is 2024-01-01 + 65,530 h, and + 131,072 h.
    for k in 131_066..<131_078 { load[k] = 0.5 }
    for k in 100_000..<100_011 { load[k] = 0.75 }
    #expect(
      try found([.load: load]) == [
        "'load' stays at exactly 0.25 kW from 2031-06-23T10:00:00Z to 2031-06-24T06:00:00Z",
        "'load' stays at exactly 0.5 kW from 2038-12-14T02:00:00Z to 2038-12-14T14:00:00Z",
      ])
  }

  @Test("what comes after zeros counts from twice the 99th percentile on") func catchUp() throws {
    // 1…200 without order, another 1 and what follows the zeros: of 202 positive values in order, 1, 1, 2 … 200 and
    // the last, the one at place 202 · 99 / 100 = 199, counted from 0, is 199.
    var load = (0..<200).map { Double(($0 * 77) % 200) + 1 }
    load += [0, 0, 397.5, 1]
    #expect(try found([.load: load]).isEmpty)
    load[202] = 398
    #expect(
      try found([.load: load]) == [
        "'load' is zero in 2 slots from 2024-01-09T08:00:00Z and then 398 kW at once, as after an "
          + "outage of the meter"
      ])
    #expect(try found([.load: [0, 0, .nan, 0]]).isEmpty)
  }
}
