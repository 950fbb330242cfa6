/// The month's highest interval, billed only in the period that contains it.
struct SinglePeak: DemandMeasureRule {
  static let name = "single_peak"
  let words = "the month's highest power, in the period that contains it"

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

  func floor(_ outlook: inout DemandFloorContext) {
    let cells = outlook.cells
    for month in outlook.openMonths {
      let periods = outlook.occurringPeriods(month)
      let peak = outlook.peak(month)
      let (least, most) = (outlook.rule.minimumKW, outlook.mostKW(month))
      let breaks = periods.flatMap { cells.limits[$0] }.sorted()
      // Whichever period it falls into, it costs no less than in the cheapest of them; nothing where nothing
      // is imported and the first period does not occur.
      let floor = ConvexFloor(breaks: breaks, over: least...max(least, most)) { demand in
        periods.map { cells.cost(ofKW: demand, month: month, period: $0) }.min() ?? 0
      }
      guard let first = periods.first else { continue }
      let free = first == 0 ? 0 : max(0, floor.rising.base)
      outlook.add(-free, month: month)
      outlook.add(floor.rising, of: peak, month: month)
    }
  }
}

extension DemandMeasure {
  /// The month's highest interval, billed only in the period that contains it.
  package static let singlePeak = DemandMeasure(SinglePeak())
}
