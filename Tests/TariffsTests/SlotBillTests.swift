import TestSupport
import Testing
import TimeSeries

@testable import Tariffs

/// Every slot's price and amount, by hand and by the law that they add up to the bill.
@Suite("Bills by slots") struct SlotBillTests {
  let zone: Zone
  let grid: TimeGrid

  init() throws {
    zone = try Zone("Europe/Berlin")
    grid = RichTariff.grid(step: 3600, zone: zone)
  }

  private func tariff(
    _ energy: [EnergyCharge], export: ExportRule = .nothing, settlement: Settlement? = nil,
    vat: DatedValue = 0
  ) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", vatFraction: vat, energy: energy, export: export,
      settlement: settlement)
  }

  private func slots(
    _ tariff: Tariff, importKW: [Double], exportKW: [Double]? = nil, spot: [Double]? = nil
  ) throws -> SlotBill {
    let grid = TimeGrid(start: self.grid.start, stepSeconds: 3600, count: importKW.count)
    return try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot).slotBill(
      importKW: importKW, exportKW: exportKW ?? importKW.map { _ in 0 })
  }

  @Test("a slot pays its energy times its price") func plain() throws {
    // VAT of 20 % on a spot price with an adder of 0.05; export at 0.08 without VAT.
    let bill = try slots(
      tariff(
        [.spot("energy", adderPerKWh: 0.05)], export: .fixed(pricePerKWh: 0.08), vat: 0.2),
      importKW: [2, 0, 1], exportKW: [0, 3, 0], spot: [0.1, 0.2, -0.1])
    #expect(bill.importKWh == [2, 0, 1] && bill.exportKWh == [0, 3, 0])
    #expect(areClose(bill.buyPerKWh, [0.18, 0.3, -0.06]))
    #expect(areClose(bill.energyAmount, [0.36, 0, -0.06]))
    #expect(areClose(bill.sellPerKWh, [0.08, 0.08, 0.08]))
    #expect(areClose(bill.exportAmount, [0, -0.24, 0]))
    #expect(bill.months == ["2024-01", "2024-01", "2024-01"])
  }

  @Test("blocks are paid in the order of time, or shared by energy") func blocks() throws {
    let periods = [
      EnergyPeriod(
        "all", tiers: [EnergyTier(upTo: 5, pricePerKWh: 0.1), EnergyTier(pricePerKWh: 0.3)])
    ]
    // 4, 4 and 2 kWh: the second slot has 1 kWh in the first block and 3 in the next.
    let inOrder = try slots(
      tariff([EnergyCharge("energy", periods: periods)]), importKW: [4, 4, 2])
    #expect(areClose(inOrder.energyAmount, [0.4, 1.0, 0.6]))
    #expect(areClose(inOrder.buyPerKWh, [0.1, 0.25, 0.3]))
    // 5 of 10 kWh at 0.1 and 5 at 0.3: 0.2 each.
    let shared = try slots(
      tariff([EnergyCharge("energy", periods: periods, tierConvention: .proRata)]),
      importKW: [4, 4, 2])
    #expect(areClose(shared.energyAmount, [0.8, 0.8, 0.4]))
  }

  @Test("net metering takes export off the month's energy") func netted() throws {
    let rule = ExportRule(charges: [], arrangement: .netMeteringEnergy)
    // 6 kWh in, 2 out: 4 kWh at 0.3 = 1.2, that is 0.3 for each kWh in either direction.
    let bill = try slots(
      tariff([.flat("energy", pricePerKWh: 0.3)], export: rule), importKW: [4, 0, 2],
      exportKW: [0, 2, 0])
    #expect(areClose(bill.energyAmount, [1.2, -0.6, 0.6]))
    #expect(isClose(bill.sellPerKWh[1], 0.3, absolute: 1e-12))
    // 1 kWh in, 3 out: nothing is left to pay.
    let surplus = try slots(
      tariff([.flat("energy", pricePerKWh: 0.3)], export: rule), importKW: [1, 0, 0],
      exportKW: [0, 3, 0])
    #expect(surplus.energyAmount == [0, 0, 0])
  }

  @Test("a settlement interval that nets shares what is left") func settlement() throws {
    let quarter = TimeGrid(start: grid.start, stepSeconds: 1800, count: 2)
    let tariff = try tariff(
      [.flat("energy", pricePerKWh: 0.3)],
      settlement: Settlement(seconds: 3600, netsImportAndExport: true))
    // 2 kWh in and 0.5 out within the hour: 1.5 kWh are billed, in the half-hour that drew them.
    let bill = try BillingSchedule(tariff, grid: quarter, zone: zone, spotPerKWh: nil).slotBill(
      importKW: [4, 0], exportKW: [0, 1])
    #expect(areClose(bill.importKWh, [1.5, 0]) && areClose(bill.exportKWh, [0, 0]))
    #expect(areClose(bill.energyAmount, [0.45, 0]))
  }

  /// Ways of combining blocks, periods and export.
  struct Way: Sendable, CustomTestStringConvertible {
    let convention: TierConvention
    let arrangement: MeteringArrangement
    let settles: Bool
    var testDescription: String { "\(convention), \(arrangement), settles \(settles)" }
  }

  static let ways = TierConvention.allCases.flatMap { convention in
    [
      MeteringArrangement.netBilling, .netBillingCarryOver(sameMonthFirst: true),
      .netMeteringEnergy, .netMeteringMoney, .buyAllSellAll,
    ].flatMap { arrangement in
      [false, true].map { Way(convention: convention, arrangement: arrangement, settles: $0) }
        // Net metering knows no order of hours in a block.
        .filter { _ in
          convention != .chronological
            || ![.netMeteringEnergy, .netMeteringMoney].contains(arrangement)
        }
    }
  }

  @Test("a month's slots add up to its energy, its export and its lines", arguments: ways)
  func sums(way: Way) throws {
    var energy = RichTariff.energy
    energy.tierConvention = way.convention
    var tax = EnergyCharge.flat("tax", pricePerKWh: 0.03)
    tax.isNetted = false
    let tariff = try tariff(
      [energy, .spot("spot", multiplier: 1.05, adderPerKWh: 0.02), tax],
      export: ExportRule(
        charges: [.spot("export", adderPerKWh: -0.01)], arrangement: way.arrangement),
      settlement: way.settles ? Settlement(seconds: 7200, netsImportAndExport: true) : nil,
      vat: DatedValue(steps: [
        .init(fromDay: .min, value: 0.2),
        .init(fromDay: CivilCalendar.days(year: 2024, month: 7, day: 10), value: 0.25),
      ]))
    let load = RichTariff.random(grid.count, seed: 21, scale: 4, below: 0.7)
    let export = RichTariff.random(grid.count, seed: 22, scale: 6, below: 0.3)
    let spot = RichTariff.random(grid.count, seed: 23, scale: 0.2)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let bill = schedule.bill(importKW: load, exportKW: export)
    let slots = schedule.slotBill(importKW: load, exportKW: export)
    for (month, range) in zip(bill.months, schedule.monthSlots) {
      func sum(_ values: [Double]) -> Double { values[range].reduce(0, +) }
      #expect(isClose(sum(slots.energyAmount), month.energy, absolute: 1e-8), "\(month.month)")
      switch way.arrangement {
      case .netBilling, .buyAllSellAll:
        #expect(isClose(sum(slots.exportAmount), month.export, absolute: 1e-8), "\(month.month)")
      case .netMeteringEnergy, .netMeteringMoney: #expect(sum(slots.exportAmount) == 0)
      case .netBillingCarryOver: break
      }
      func lines(_ part: BillLine.Part) -> Double {
        month.lines.reduce(0) { $0 + ($1.part == part ? $1.amount : 0) }
      }
      #expect(isClose(lines(.energy), month.energy, absolute: 1e-8))
      #expect(isClose(lines(.export), month.export, absolute: 1e-8))
    }
    if case .netBillingCarryOver = way.arrangement {
      // What was earned is what was used and what is left.
      let used = -bill.months.reduce(0) { $0 + $1.export }
      let left = bill.months.last?.creditBalance ?? 0
      #expect(isClose(-slots.exportAmount.reduce(0, +), used + left, absolute: 1e-8))
    }
    for slot in grid.indices where slots.importKWh[slot] > 0 && slots.exportKWh[slot] == 0 {
      let product = slots.importKWh[slot] * slots.buyPerKWh[slot]
      #expect(isClose(product, slots.energyAmount[slot], absolute: 1e-12))
      if !isClose(product, slots.energyAmount[slot], absolute: 1e-12) { break }
    }
  }

  private func areClose(_ values: [Double], _ expected: [Double]) -> Bool {
    values.count == expected.count
      && zip(values, expected).allSatisfy { TestSupport.isClose($0, $1, absolute: 1e-12) }
  }
}
