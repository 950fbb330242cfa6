import TimeSeries

@testable import Tariffs

/// The load and generation that published and recomputed tariff figures are stated for.
///
/// Hour h of day d draws 2 kW, 3 kW more from 17 to 21, and 1 kW more on every seventh day from
/// day 0; generation is 6 kW in the hours 9 to 14. January has 1 340 kWh off peak and 640 kWh on.
struct ReferenceLoad {
  /// 2018-01-01, a Monday, in a zone without daylight saving.
  let grid = TimeGrid(start: 1_514_764_800, stepSeconds: 3600, count: 8760)
  let loadKW: [Double]
  let generationKW: [Double]

  init() {
    var loadKW = [Double](repeating: 2, count: 8760)
    var generationKW = [Double](repeating: 0, count: 8760)
    for hour in loadKW.indices {
      if (17..<21).contains(hour % 24) { loadKW[hour] += 3 }
      if hour / 24 % 7 == 0 { loadKW[hour] += 1 }
      if (9..<15).contains(hour % 24) { generationKW[hour] = 6 }
    }
    self.loadKW = loadKW
    self.generationKW = generationKW
  }

  static let onWindow = CalendarWindow(times: [ClockSpan(hours: 17, to: 21)])

  /// Off and on peak with blocks up to 1 000 kWh.
  static func tiered(_ convention: TierConvention) -> EnergyCharge {
    EnergyCharge(
      "energy",
      periods: [
        EnergyPeriod(
          "off", window: .rest,
          tiers: [EnergyTier(upTo: 1000, pricePerKWh: 0.10), EnergyTier(pricePerKWh: 0.20)]),
        EnergyPeriod(
          "on", window: onWindow,
          tiers: [EnergyTier(upTo: 1000, pricePerKWh: 0.30), EnergyTier(pricePerKWh: 0.50)]),
      ], tierConvention: convention)
  }

  /// Off 0.10, on 0.30.
  static let plain = EnergyCharge(
    "energy",
    periods: [
      EnergyPeriod("off", window: .rest, pricePerKWh: 0.10),
      EnergyPeriod("on", window: onWindow, pricePerKWh: 0.30),
    ])

  /// Sell off 0.04, on 0.06.
  static let sell = EnergyCharge(
    "export",
    periods: [
      EnergyPeriod("off", window: .rest, pricePerKWh: 0.04),
      EnergyPeriod("on", window: onWindow, pricePerKWh: 0.06),
    ])

  func bill(_ tariff: Tariff, withGeneration: Bool = false) throws -> Bill {
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    let generation = withGeneration ? generationKW : [Double](repeating: 0, count: grid.count)
    let (importKW, exportKW) = schedule.meters(loadKW: loadKW, generationKW: generation)
    return schedule.bill(importKW: importKW, exportKW: exportKW)
  }
}
