import Diagnostics

/// The mean of the monthly peaks of this month and those before it.
struct MeanOfMonthlyPeaks: DemandMeasureRule {
  static let name = "mean_of_monthly_peaks"
  static let parameters = [
    DemandParameter(key: "months", form: .wholeNumber(1...120, standard: 12)),
    DemandParameter(key: "earlier_peaks_kw", form: .powersKW),
  ]
  let months: Int
  let earlierPeaksKW: [Double]
  let isOneMean = true
  var words: String { "the mean of \(months) monthly peaks" }
  let looksOverMonths = true

  init(months: Int, earlierPeaksKW: [Double]) {
    self.months = months
    self.earlierPeaksKW = earlierPeaksKW
  }

  init(_ values: [DemandParameter.Value]) {
    self.init(months: values[0].wholeNumber, earlierPeaksKW: values[1].powersKW)
  }

  var values: [DemandParameter.Value] { [.wholeNumber(months), .powersKW(earlierPeaksKW)] }

  func check(_ charge: DemandCharge, into findings: inout Findings) {
    if months < 1 {
      findings.error(
        "'\(charge.name)' must average at least one month, found '\(months)'",
        at: charge.position)
    }
  }

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let peak = month.peaksKW().max() ?? 0
    let mean = history.mean(with: max(peak, month.charge.minimumKW), months: months)
    guard let period = month.occurringPeriods.first else { return [] }
    return [month.bill(mean, period: period)]
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    // A peak is billed through the mean of every later month that it counts in and that is not at its cap,
    // as far as the grid goes.
    var share = 0.0
    for later in outlook.month..<min(outlook.month + months, outlook.monthCount)
    where later == outlook.month || !outlook.isAtCap(month: later) {
      share += 1 / Double(min(months, earlierPeaksKW.count + later + 1))
    }
    let own = 1 / Double(min(months, earlierPeaksKW.count + outlook.month + 1))
    return [
      PlannedPeak(
        paidKW: outlook.paidKW(period: period), share: share, laterShare: max(0, share - own))
    ]
  }

  func floor(_ outlook: inout DemandFloorContext) {
    let least = outlook.rule.minimumKW
    for month in outlook.openMonths {
      guard let period = outlook.occurringPeriods(month).first else { continue }
      let own = max(0, month - months + 1)...month
      let earlier = earlierPeaksKW.suffix(max(0, months - own.count)).reduce(0, +)
      let share = 1 / Double(min(months, earlierPeaksKW.count + month + 1))
      let most = own.reduce(earlier) { $0 + max(least, outlook.mostKW($1)) } * share
      let fixed = (earlier + least * Double(own.count)) * share
      let peaks = own.map { outlook.peak($0) }
      let mean = peaks.reduce(earlier) { $0 + max(least, $1.referenceKW) } * share
      let floor = outlook.cost(month, period: period, least: fixed, most: most, above: nil)
      outlook.add(
        floor, along: peaks.map { ($0, share) }, month: month, at: mean, fixedKW: fixed,
        aboveKW: least)
    }
  }
}

extension DemandMeasure {
  /// The mean of the monthly peaks of this month and up to `months − 1` before it.
  package static func meanOfMonthlyPeaks(months: Int, earlierPeaksKW: [Double]) -> DemandMeasure {
    DemandMeasure(MeanOfMonthlyPeaks(months: months, earlierPeaksKW: earlierPeaksKW))
  }
}
