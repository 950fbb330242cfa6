import Diagnostics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Subscribed powers by period, held for a year and billed by day, by hand.
@Suite("Subscribed powers") struct ContractedPowerTests {
  private func tariff(_ contract: ContractedPower) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0)],
      contracted: [contract])
  }

  private func bill(
    _ contract: ContractedPower, _ grid: TimeGrid, _ peaks: [Int: Double]
  ) throws -> Bill {
    try BillingSchedule(tariff(contract), grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: evenLoadKW(grid, peaks), exportKW: [Double](repeating: 0, count: grid.count))
  }

  private func rows(
    _ contract: ContractedPower, _ grid: TimeGrid, _ peaks: [Int: Double], from hour: Int,
    hours: Int = 24
  ) throws -> [[Double]] {
    let tariff = try tariff(contract)
    var meter = BillingMeter(
      try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
    let load = evenLoadKW(grid, peaks)
    for slot in 0..<hour { meter.record(slot: slot, importKW: load[slot], exportKW: 0) }
    return PlanningTariff(tariff, grid: grid, zone: .utc).prices(
      over: hour..<hour + hours, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
    ).demands.map { [$0.incurredKW, $0.pricePerKW] }
  }

  private func expect(
    _ found: [[Double]], _ expected: [[Double]], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.count) == expected.map(\.count), sourceLocation: sourceLocation)
    for (a, b) in zip(found.joined(), expected.joined()) {
      #expect(isClose(a, b, absolute: 1e-9), "\(found)", sourceLocation: sourceLocation)
    }
  }

  /// 10 kW on workdays from 8 to 20, 15 kW else; excess by the root of squares at 1.5 and 0.5.
  private let spanish = ContractedPower(
    "power",
    periods: [
      ContractedPeriod(
        "P1", windows: [CalendarWindow(days: .weekday, times: [ClockSpan(hours: 8, to: 20)])],
        contractedKW: 10, pricePerKW: 2, overdrawPricePerKW: 1.5),
      ContractedPeriod(
        "P2", windows: [.rest], contractedKW: 15, pricePerKW: 1, overdrawPricePerKW: 0.5),
    ], excess: .rootOfSquares, meteringSeconds: 3600)

  // Monday from 10 h 13 and 14 kW: 3 and 4 kW of excess, the root of 25. Sunday at 5 h 16 kW: 1 kW.
  // 10 · 2 + 15 · 1 + 5 · 1.5 + 1 · 0.5.
  @Test("each period has a subscription, its excess is the root of the sum of squares")
  func rootOfSquares() throws {
    let bill = try bill(spanish, hours2023(days: 31), [24 + 10: 13, 24 + 11: 14, 5: 16])
    #expect(isClose(bill.total, 43, absolute: 1e-9))
    #expect(
      bill.months[0].lines.filter { $0.part == .demand }.map(\.rule)
        == ["power: P1", "power: P1: overdraw", "power: P2", "power: P2: overdraw"])
  }

  // After 3 kW of excess, 3 kW once more cost the root of 18 less 3, 0.41421 a kW; above 13 kW a kW costs the rest
  // as well. Nothing was drawn above 15 kW in the other period.
  @Test("plans pay what the root of squares rises by")
  func rootPlanned() throws {
    let rise = (18.0.squareRoot() - 3) / 3
    expect(
      try rows(spanish, hours2023(days: 31), [24 + 10: 13], from: 48),
      [[10, 1.5 * rise], [13, 1.5 * (1 - rise)], [15, 0.5]])
  }

  /// 100 kVA at 5 pence a day, 10 pence a day for each kVA above, at a power factor of 0.95.
  private let british = {
    var contract = ContractedPower(
      "capacity", contractedKW: 100, pricePerKW: 0.05, overdrawPricePerKW: 0.1, unit: .day,
      meteringSeconds: 3600)
    contract.overdrawUnit = .day
    contract.assumedPowerFactor = 0.95
    return contract
  }()

  // 114 kW are 120 kVA: 31 days of 100 · 0.05 and of 20 · 0.10.
  @Test("exceeded capacity in kVA is billed for every day of its month")
  func exceeded() throws {
    let grid = hours2023(days: 31 + 28)
    let found = try bill(british, grid, [300: 114])
    expect([found.months.map(\.demand)], [[155 + 62, 140]])
    // A plan meters kW: 95 are free, one more is 1/0.95 kVA.
    expect(try rows(british, grid, [300: 114], from: 48), [[95, 3.1 / 0.95]])
    expect(try rows(british, grid, [300: 114], from: 480), [[114, 3.1 / 0.95]])
  }

  /// 8 kW at 3 a month; what passes it is subscribed to until the year ends.
  private let dutch = {
    var contract = ContractedPower(
      "contract", contractedKW: 8, pricePerKW: 3, overdrawPricePerKW: 0, meteringSeconds: 3600)
    contract.holdsForYear = true
    return contract
  }()

  @Test("a peak above the subscription is subscribed to for the rest of the year")
  func held() throws {
    let grid = hours2023(days: 365 + 31)
    // January 6 kW, 10 kW in February, then less: 24, and 30 from February on; the next year starts anew.
    let found = try bill(dutch, grid, [5: 6, 40 * 24: 10])
    expect([found.months.map(\.demand)], [[24] + [Double](repeating: 30, count: 11) + [24]])
    expect([found.months.map(\.overMonths)], [found.months.map(\.demand)])
    // In the middle of February a kW above 10 is paid for in eleven months, in January above 8 in twelve.
    expect(try rows(dutch, grid, [5: 6, 40 * 24: 10], from: 45 * 24), [[10, 33]])
    expect(try rows(dutch, grid, [5: 6], from: 31 * 24 - 12), [[8, 36]])
  }

  @Test("what cannot be is refused") func refused() throws {
    var contract = dutch
    contract.excess = .rootOfSquares
    contract.assumedPowerFactor = 1.5
    let error = #expect(throws: InputError.self) { try tariff(contract) }
    #expect(
      error?.diagnostics.map(\.message) == [
        "the power factor of 'contract' must be above 0 and at most 1, found '1.5'",
        "'contract' must not hold for a year what is counted by a root of squares",
      ])
  }
}
