import Diagnostics
import TestSupport
import Testing

@testable import Twin

@Suite("Datasheets") struct DatasheetTests {
  /// A cell of 100 Ah with 3.2 V at every charge and nothing but a series resistance of 4 mΩ.
  private static let ohmic: CellSpecification = {
    var cell = CellSpecification.lfpPrismatic280.scaled(toCapacityAh: 100)
    cell.socFraction = [0, 1]
    cell.openCircuitV = [3.2, 3.2001]
    cell.entropicVPerK = [0, 0]
    cell.hysteresisV = [0, 0]
    cell.seriesShape = [1, 1]
    cell.seriesChargeShape = [1, 1]
    cell.pairShape = [1, 1]
    cell.slowShape = [1, 1]
    cell.seriesOhm = 0.004
    cell.seriesActivationJPerMol = 0
    cell.fast.resistanceOhm = 0
    cell.slow.resistanceOhm = 0
    cell.chargeEfficiency = 1
    cell.selfDischargePerMonth = 0
    cell.minimumV = 2.5
    cell.maximumV = 4
    return cell
  }()

  private static func system(
    _ converter: ConverterSpecification = .ideal(ratedKW: 2)
  ) -> BatterySystemSpecification {
    BatterySystemSpecification(
      cell: ohmic, arrangement: .cells(series: 10, parallel: 1), converter: converter,
      limits: LimitSpecification(minimumSOC: 0.1, maximumSOC: 0.9))
  }

  /// At 3.2 V and 64 W a cell the voltage is 3.2/2 ± …: U² − 3.2·U + 64·0.004 = 0 in discharge gives
  /// 3.11795 V, U² − 3.2·U − 0.256 = 0 in charge 3.27805 V; equal charge both ways, so 95.1 %.
  @Test("the round trip of a resistance is the ratio of the two voltages") func roundTrip() throws {
    let cycle = try DatasheetCycle(Self.system(), side: .dc, powerKW: 0.64)
    #expect(abs(cycle.efficiency - 3.11795 / 3.27805) < 2e-4)
    // 80 Ah of ten cells at 3.11795 V.
    #expect(abs(cycle.dischargedKWh - 0.08 * 10 * 3.11795) < 0.01)
  }

  /// 2 kWh let out by 0.8 of the charge at 3.11795 V of 3.2 V: 2 / 0.8 · 3.2 / 3.11795 at the same power a
  /// cell, that is, nominal 2.566 kWh when the power is a fifth of the nominal energy an hour, 64 W of 320.
  @Test("cells are scaled to the usable energy") func usable() throws {
    let match = try Self.system().matched(to: Datasheet(usable: .init(energyKWh: 2)))
    #expect(abs(try #require(match.nominalKWh) - 2 / 0.8 * 3.2 / 3.11795) < 0.01)
    #expect(match.resistanceFactor == nil)
    #expect(match.converterFactor == nil)
  }

  /// By hand: 90 % at 64 W a cell is U_d/U_c = 0.9 with U = 1.6 + √(2.56 ∓ 64·R).
  ///
  /// R = 8.351 mΩ gives 3.02321/3.35911 = 0.90000, a factor of 2.088 on 4 mΩ.
  @Test("resistances are scaled to the round trip of the pack") func resistance() throws {
    let match = try Self.system().matched(
      to: Datasheet(roundTrips: [.init(efficiency: 0.9, side: .dc, powerKW: 0.64)]))
    #expect(abs(try #require(match.resistanceFactor) - 2.088) < 0.02)
  }

  /// An inverter that loses 1 % of its rating at any power, at half power both ways.
  ///
  /// 1 kW let out needs 1.02 kW of the pack, 1 kW taken in gives 0.98 kW. The pack without loss is
  /// 0.98/1.02 = 96.08 % then; 92 % needs (1 − x)/(1 + x) = 0.92, x = 1/24, a factor of 2.083.
  @Test("losses of the inverter are scaled to the round trip at the grid") func converter() throws {
    var cell = Self.ohmic
    cell.seriesOhm = 1e-7
    let system = BatterySystemSpecification(
      cell: cell, arrangement: .cells(series: 10, parallel: 1),
      converter: ConverterSpecification(
        ratedKW: 2, chargeLoss: ConverterLoss(noLoad: 0.01, linear: 0, quadratic: 0)),
      limits: LimitSpecification(minimumSOC: 0.1, maximumSOC: 0.9))
    let match = try system.matched(
      to: Datasheet(roundTrips: [.init(efficiency: 0.92, side: .ac, powerKW: 1)]))
    #expect(abs(try #require(match.converterFactor) - 2.083) < 0.02)
  }

  /// An inverter without loss has none to scale.
  @Test("a promise that no scaling keeps is refused") func impossible() {
    #expect(throws: InputError.self) {
      _ = try Self.system().matched(
        to: Datasheet(roundTrips: [.init(efficiency: 0.8, side: .ac, powerKW: 1)]))
    }
  }

  /// 51.2 V · 100 A = 5.12 kW of 16 cells in series whose nominal voltage is 3.2 V each.
  @Test("a current and the power that it is at the nominal voltage are one rate") func rates() {
    let system = Self.system()
    #expect(abs(system.rate(ofCurrentA: 50) - 0.5) < 1e-6)
    #expect(abs(system.rate(ofPowerKW: 0.5 * system.nominalKWh) - 0.5) < 1e-12)
  }

  /// 30 MWh at 2500 kWh a year are 12 years, at 5000 kWh 6.
  @Test("a warranty ends with the first of years and throughput") func warranty() {
    let warranty = Warranty(years: 10, throughputMWh: 30)
    #expect(warranty.years(dischargedKWhPerYear: 2500) == 10)
    #expect(warranty.years(dischargedKWhPerYear: 5000) == 6)
    #expect(Warranty(years: 10).years(dischargedKWhPerYear: 1e6) == 10)
  }

  /// By hand: in 73 days, a fifth of a year, 1 MWh and 250 full cycles are a sixth of 30 MWh and a fifth of 6250 cycles
  /// a year.
  ///
  /// A loss of 1 % is told of no capacity, as it is of 73 days.
  @Test("a year of a use takes its share of a warranty, and the nearest limit ends it")
  func warrantyUse() throws {
    let warranty = Warranty(
      years: 10, capacityFraction: 0.7, throughputMWh: 30, cycles: 6250)
    let use = WarrantyUse(
      warranty, dischargedKWh: 1000, fullCycles: 250, capacityLostFraction: 0.01,
      seconds: 73 * 86_400)
    #expect(use.entries.map(\.limit) == [.years, .throughput, .cycles])
    for (entry, share) in zip(use.entries, [0.1, 1.0 / 6, 0.2]) {
      #expect(isClose(entry.perYearFraction, share, relative: 1e-12))
    }
    #expect(use.first.limit == .cycles && isClose(use.first.years, 5, relative: 1e-12))
    // A year that loses 5 of 30 % ends it after six.
    let year = WarrantyUse(
      Warranty(years: 10, capacityFraction: 0.7), dischargedKWh: 0, fullCycles: 0,
      capacityLostFraction: 0.05, seconds: 365 * 86_400)
    #expect(year.first.limit == .capacity && isClose(year.first.years, 6, relative: 1e-12))
    let idle = WarrantyUse(
      warranty, dischargedKWh: 0, fullCycles: 0, capacityLostFraction: nil, seconds: 3600)
    #expect(idle.first.limit == .years && idle.entries[1].years == .infinity)
  }
}
