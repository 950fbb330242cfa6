import Forecasting
import Planning
package import Tariffs
import TimeSeries
import Twin

/// What every controller of a case shares: measurements of the period, prices and scoring rules.
struct MeteringContext {
  let grid: TimeGrid
  let loadKW: [Double]
  /// Production on the AC side, after the inverter; zero everywhere when the site has none.
  let pvKW: [Double]
  /// Production on the DC side of the battery's inverter; nil when it has an inverter of its own.
  let directPVKW: [Double]?
  let ambientC: [Double]
  /// Sun on the enclosure. [W/m²]
  let irradianceWM2: [Double]
  /// Intervals whose air temperature was held from an earlier one.
  let heldAmbientSlots: Int
  let schedule: BillingSchedule
  /// What plans are told of the tariff when they know the whole period.
  let prices: PlanningPrices
  /// What is thrown away of the production.
  let curtailment: CurtailmentRule
  /// Value of a kWh left in the battery at the end. [currency/kWh stored]
  let endValuePerKWh: Double
  /// The same of each of several batteries; empty for one.
  let endValuesPerKWh: [Double]
  /// AC energy per stored energy when discharging at a comfortable temperature; one for each of several batteries.
  let dischargeEfficiencies: [Double]
  /// What stays in the battery for outages; nothing where nothing does.
  let reserve: ReserveProfile?
  /// Loads that can wait, as they really are.
  let waiting: [WaitingLoad]

  init(_ replay: ReplayCase) throws {
    let range = replay.firstSlot..<replay.firstSlot + replay.period.count
    func column(_ quantity: Quantity) -> [Double]? {
      replay.history[quantity].map { Array($0[range]) }
    }
    grid = replay.period
    loadKW = column(.load) ?? []
    let production = column(.pv) ?? [Double](repeating: 0, count: replay.period.count)
    pvKW = replay.acProduction(production)
    directPVKW = replay.battery.converter.pvCoupling == .dc ? production : nil
    // Air temperature is held through gaps; the twin needs one at every step.
    let measured = replay.history[.ambient] ?? []
    var air =
      measured[..<replay.firstSlot].last { $0.isFinite } ?? measured.first { $0.isFinite } ?? .nan
    var held = 0
    ambientC = range.map { i in
      if measured[i].isFinite { air = measured[i] } else { held += 1 }
      return air
    }
    heldAmbientSlots = held
    irradianceWM2 =
      replay.sun.map { Array($0.wattPerM2[range]) }
      ?? [Double](repeating: 0, count: range.count)
    prices = replay.knownPrices()
    curtailment = CurtailmentRule(
      replay.settings.curtailment, prices: prices, importLimitKW: replay.importLimitKW,
      exportLimitKW: replay.exportLimitKW, steps: replay.settings.curtailmentSteps,
      peakKW: replay.steppedPeakKW)
    schedule = try BillingSchedule(
      replay.tariff, grid: replay.period, zone: replay.history.zone,
      spotPerKWh: column(.price))
    dischargeEfficiencies = try (0..<replay.batteryCount).map {
      try replay.alone($0).dischargeEfficiency
    }
    let buy = schedule.buyPerKWh[...]
    endValuePerKWh = Self.replacementPrice(buy, efficiency: try replay.dischargeEfficiency)
    endValuesPerKWh =
      replay.fleet.isEmpty
      ? []
      : dischargeEfficiencies.map { Self.replacementPrice(buy, efficiency: $0) }
    reserve = try ReserveProfile(replay)
    let (load, pv) = (loadKW, pvKW)
    waiting = replay.trueLoads(
      ambientC: ambientC, buyPerKWh: schedule.buyPerKWh,
      isMeasured: { load[$0].isFinite && pv[$0].isFinite })
  }

  /// Values stored energy as the cheapest quarter of some purchase prices can replace it.
  /// [currency/kWh stored]
  static func replacementPrice(
    _ buyPerKWh: ArraySlice<Double>, efficiency: Double
  ) -> Double {
    let sorted = buyPerKWh.sorted()
    guard !sorted.isEmpty else { return 0 }
    return max(0, efficiency * sorted[sorted.count / 4])
  }
}

extension ReplayCase {
  /// The tariff as plans that know the whole period are told of it.
  var knownTariff: PlanningTariff {
    PlanningTariff(tariff, grid: period, zone: history.zone)
  }

  /// Returns what plans are told of the tariff when they know the whole period.
  ///
  /// - Parameters:
  ///   - known: The tariff over the period.
  ///   - cappedMonths: Labels of months in which demand charges lie at their caps.
  /// - Returns: Prices with one value per slot of the period.
  package func knownPrices(
    _ known: PlanningTariff? = nil, cappedMonths: Set<String> = []
  ) -> PlanningPrices {
    let range = firstSlot..<firstSlot + period.count
    return (known ?? knownTariff).prices(
      over: period.indices,
      spotPerKWh: tariff.usesSpot ? history[.price].map { $0[range] } : nil,
      meter: nil, peakPricing: .fullPrice, cappedMonths: cappedMonths)
  }
}
