/// The month's highest interval of each period.
struct MonthlyPeak: DemandMeasureRule {
  static let name = "monthly_peak"
  let words = "each period's highest power of the month"
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

  func floor(_ outlook: inout DemandFloorContext) {
    for month in outlook.openMonths {
      for period in outlook.occurringPeriods(month) {
        let least = max(outlook.rule.minimumKW, outlook.knownFloorKW(month, period: period))
        // The billed demand is the highest of several: whichever it is, no other is above it.
        let sources = outlook.sources(month, period: period)
        guard let own = sources.first,
          let binding = sources.max(by: { $0.referenceKW < $1.referenceKW })
        else { continue }
        let most = max(least, sources.map(\.mostKW).max() ?? 0)
        let floor = outlook.cost(
          month, period: period, least: least, most: most,
          above: own.share == 1 ? own.peak : nil)
        outlook.add(floor, of: binding.peak, month: month, share: binding.share)
      }
    }
  }
}

extension DemandMeasure {
  /// The month's highest interval of each period.
  package static let monthlyPeak = DemandMeasure(MonthlyPeak())
}
