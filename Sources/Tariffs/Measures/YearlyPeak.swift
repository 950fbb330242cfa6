/// The highest interval of the calendar year so far in each period, billed in monthly instalments.
///
/// Every month pays one instalment on the peak so far; a month that raises the peak also pays the rise
/// for the months of the year before it, so that a whole year comes to its highest peak times the
/// yearly price. Months of the year before the data begin are not billed.
struct YearlyPeak: DemandMeasureRule {
  static let name = "yearly_peak"
  let words = "the calendar year's highest power"
  let looksOverMonths = true
  let countsByYear = true

  init(_ values: [DemandParameter.Value] = []) {}

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let (earlier, count) = history.yearSoFar(month: month.month)
    let peaks = history.ratcheted(month.peaksKW(), month: month.month)
    let least = month.charge.minimumKW
    return peaks.indices.compactMap { period in
      let before = month.bill(max(earlier[period], least), period: period)
      let now = month.bill(max(earlier[period], peaks[period], least), period: period)
      guard now.kW > 0 else { return nil }
      return BilledDemand(
        period: period, kW: now.kW,
        amount: now.amount + Double(count) * (now.amount - before.amount))
    }
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    // One more kilowatt is paid for in every month of the year that is billed on the grid.
    [
      PlannedPeak(
        paidKW: outlook.yearPaidKW(period: period), share: Double(outlook.monthsOfYear))
    ]
  }

  func floor(_ outlook: inout DemandFloorContext) {
    for months in outlook.years {
      for period in outlook.rule.periods.indices {
        outlook.addYear(months, period: period)
      }
    }
  }
}

extension DemandMeasure {
  /// The highest interval of the calendar year so far in each period, in monthly instalments.
  package static let yearlyPeak = DemandMeasure(YearlyPeak())
}
