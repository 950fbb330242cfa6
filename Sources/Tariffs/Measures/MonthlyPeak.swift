/// The month's highest interval of each period.
struct MonthlyPeak: DemandMeasureRule {
  static let name = "monthly_peak"
  let takesRatchet = true

  init(_ values: [DemandParameter.Value] = []) {}

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let demands = history.ratcheted(month.peaksKW(), month: month.month)
      .map { max($0, month.charge.minimumKW) }
    return month.occurringPeriods.map { month.bill(demands[$0], period: $0) }
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    [
      PlannedPeak(
        paidKW: outlook.paidKW(period: period),
        countsEveryPeriod: outlook.rule.ratchet?.scope == .site)
    ]
  }
}

extension DemandMeasure {
  /// The month's highest interval of each period.
  package static let monthlyPeak = DemandMeasure(MonthlyPeak())
}
