import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Laws that hold for any load, checked on seeded random ones.
@Suite("Laws of bills") struct BillLawTests {
  let zone: Zone
  let grid: TimeGrid

  init() throws {
    zone = try Zone("Europe/Berlin")
    grid = RichTariff.grid(step: 3600, zone: zone)
  }

  private func bill(
    _ tariff: Tariff, _ grid: TimeGrid, _ importKW: [Double], _ exportKW: [Double], spot: [Double]
  ) throws -> Bill {
    try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot).bill(
      importKW: importKW, exportKW: exportKW)
  }

  @Test("a bill is additive over months", arguments: [1 as UInt64, 2, 3])
  func additive(seed: UInt64) throws {
    let tariff = try RichTariff.monthly()
    let load = RichTariff.random(grid.count, seed: seed, scale: 10)
    let export = RichTariff.random(grid.count, seed: seed + 10, scale: 3, below: 0.3)
    let spot = RichTariff.random(grid.count, seed: seed + 20, scale: 0.2)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let whole = schedule.bill(importKW: load, exportKW: export)
    #expect(whole.months.count == 12)
    for (index, slots) in schedule.monthSlots.enumerated() {
      let part = try bill(
        tariff, grid[slots], Array(load[slots]), Array(export[slots]), spot: Array(spot[slots]))
      #expect(part.months.count == 1, "seed \(seed)")
      #expect(
        isClose(part.total, whole.months[index].total, absolute: 1e-9),
        "seed \(seed), month \(whole.months[index].month)")
    }
  }

  @Test("more load never costs less at prices above zero", arguments: [1 as UInt64, 2, 3, 4])
  func monotone(seed: UInt64) throws {
    let tariff = try RichTariff.monthly()
    let load = RichTariff.random(grid.count, seed: seed, scale: 10)
    let more = zip(load, RichTariff.random(grid.count, seed: seed + 30, scale: 40, below: 0.02))
      .map { $0 + $1 }
    let none = [Double](repeating: 0, count: grid.count)
    let spot = RichTariff.random(grid.count, seed: seed + 20, scale: 0.2)
    let small = try bill(tariff, grid, load, none, spot: spot)
    let large = try bill(tariff, grid, more, none, spot: spot)
    for (a, b) in zip(small.months, large.months) {
      #expect(b.total >= a.total - 1e-9, "seed \(seed), month \(a.month)")
    }
  }

  @Test("splitting the step changes nothing when metering is fixed", arguments: [4, 12])
  func splitting(parts: Int) throws {
    let tariff = try RichTariff.monthly(metering: 3600)
    let load = RichTariff.random(grid.count, seed: 5, scale: 10)
    let export = RichTariff.random(grid.count, seed: 6, scale: 3, below: 0.3)
    let spot = RichTariff.random(grid.count, seed: 7, scale: 0.2)
    func split(_ values: [Double]) -> [Double] {
      values.flatMap { [Double](repeating: $0, count: parts) }
    }
    let fine = grid.withStep(3600 / parts)
    let whole = try bill(tariff, grid, load, export, spot: spot)
    let cut = try bill(tariff, fine, split(load), split(export), spot: split(spot))
    for (a, b) in zip(whole.months, cut.months) {
      #expect(isClose(a.total, b.total, absolute: 1e-7), "month \(a.month)")
    }
  }

  @Test("the order of rules does not matter") func order() throws {
    let tariff = try RichTariff.monthly()
    let reversed = try Tariff(
      name: tariff.name, currency: tariff.currency, vatFraction: tariff.vatFraction,
      holidays: tariff.holidays,
      energy: tariff.energy.reversed().map { charge in
        var charge = charge
        charge.periods.reverse()
        return charge
      },
      demand: tariff.demand.reversed().map { charge in
        var charge = charge
        charge.periods.reverse()
        return charge
      }, contracted: tariff.contracted, reactive: tariff.reactive,
      fixed: tariff.fixed.reversed(), export: tariff.export, minimums: tariff.minimums)
    let load = RichTariff.random(grid.count, seed: 8, scale: 10)
    let none = [Double](repeating: 0, count: grid.count)
    let spot = RichTariff.random(grid.count, seed: 9, scale: 0.2)
    let a = try bill(tariff, grid, load, none, spot: spot)
    let b = try bill(reversed, grid, load, none, spot: spot)
    #expect(isClose(a.total, b.total, absolute: 1e-8))
    #expect(a.months.map(\.lines.count) == b.months.map(\.lines.count))
  }

  @Test("lines add up to the bill") func lines() throws {
    let tariff = try RichTariff.monthly()
    let load = RichTariff.random(grid.count, seed: 11, scale: 2)
    let export = RichTariff.random(grid.count, seed: 12, scale: 3, below: 0.3)
    let spot = RichTariff.random(grid.count, seed: 13, scale: 0.2)
    for month in try bill(tariff, grid, load, export, spot: spot).months {
      #expect(isClose(month.lines.reduce(0) { $0 + $1.amount }, month.total, absolute: 1e-9))
      for (part, sum) in [
        (BillLine.Part.energy, month.energy), (.demand, month.demand), (.fixed, month.fixed),
        (.export, month.export), (.minimum, month.minimumAdjustment),
      ] {
        let lines = month.lines.reduce(0) { $0 + ($1.part == part ? $1.amount : 0) }
        #expect(isClose(lines, sum, absolute: 1e-9), "\(part)")
      }
      let parts = month.energy + month.demand + month.fixed + month.export
      #expect(isClose(parts + month.minimumAdjustment, month.total, absolute: 1e-9))
    }
  }
}
