/// The month's highest interval, billed only in the period that contains it.
struct SinglePeak: DemandMeasureRule {
  static let name = "single_peak"

  init(_ values: [DemandParameter.Value] = []) {}

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let peaks = month.peaksKW()
    let highest = peaks.indices.max {
      peaks[$0] < peaks[$1] || (peaks[$0] == peaks[$1] && $0 > $1)
    }
    guard let highest, month.occurringPeriods.contains(highest) else { return [] }
    return [month.bill(max(peaks[highest], month.charge.minimumKW), period: highest)]
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    [PlannedPeak(paidKW: outlook.paidKW(period: period))]
  }
}

extension DemandMeasure {
  /// The month's highest interval, billed only in the period that contains it.
  package static let singlePeak = DemandMeasure(SinglePeak())
}
