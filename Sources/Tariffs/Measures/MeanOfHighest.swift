import Diagnostics

/// The mean of the month's highest intervals, one per day if on different days.
struct MeanOfHighest: DemandMeasureRule {
  static let name = "mean_of_highest"
  static let parameters = [
    DemandParameter(key: "count", form: .wholeNumber(1...1000, standard: 3)),
    DemandParameter(key: "different_days", form: .flag(standard: true)),
  ]
  let count: Int
  let onDifferentDays: Bool
  let isOneMean = true
  var words: String {
    "the mean of the month's \(count) highest powers"
      + (onDifferentDays ? " on different days" : "")
  }

  init(count: Int, onDifferentDays: Bool) {
    self.count = count
    self.onDifferentDays = onDifferentDays
  }

  init(_ values: [DemandParameter.Value]) {
    self.init(count: values[0].wholeNumber, onDifferentDays: values[1].flag)
  }

  var values: [DemandParameter.Value] { [.wholeNumber(count), .flag(onDifferentDays)] }

  func check(_ charge: DemandCharge, into findings: inout Findings) {
    if count < 1 {
      findings.error(
        "'\(charge.name)' must average at least one peak, found '\(count)'", at: charge.position)
    }
  }

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    guard let period = month.occurringPeriods.first else { return [] }
    return [month.bill(max(meanKW(month) * month.factor, month.charge.minimumKW), period: period)]
  }

  /// Mean of the highest weighted powers of a month. [kW]
  ///
  /// A month with fewer days (or intervals) than `count` averages over those there are.
  private func meanKW(_ month: DemandMonth) -> Double {
    let cells = month.cells
    var candidates: [Double] = []
    var day = Int32.min
    for interval in month.intervals {
      let period = Int(cells.periodOfInterval[interval])
      if period == Int(PeriodTable.none) { continue }
      let power = month.meansKW[interval] * cells.weights[period]
      if onDifferentDays, cells.dayOfInterval[interval] == day {
        if power > candidates[candidates.count - 1] { candidates[candidates.count - 1] = power }
      } else {
        candidates.append(power)
        day = cells.dayOfInterval[interval]
      }
    }
    let top = candidates.sorted(by: >).prefix(count)
    return top.isEmpty ? 0 : top.reduce(0, +) / Double(top.count)
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    guard onDifferentDays else { return [PlannedPeak(paidKW: outlook.paidKW(period: period))] }
    let days = outlook.days
    if days.count > count {
      // More days than peaks: the highest of all days bounds their mean from above.
      return [PlannedPeak(paidKW: max(outlook.highestKW(count), outlook.minimumKW))]
    }
    // A month that the grid covers with fewer days averages over those.
    let count = min(count, max(1, outlook.daysOfMonth))
    return days.map { day in
      PlannedPeak(
        paidKW: max(
          outlook.highestKW(count, without: day), outlook.peakKW(ofDay: day), outlook.minimumKW),
        share: 1 / Double(count), day: day,
        othersKW: outlook.highestPeaksKW(count - 1, without: day), meanOf: count)
    }
  }

  func floor(_ outlook: inout DemandFloorContext) {
    for month in outlook.openMonths {
      guard let period = outlook.occurringPeriods(month).first else { continue }
      let days = outlook.days(month).map { outlook.peak(month, day: $0) }
      // The highest of different days are among the highest of all.
      let averaged = min(count, onDifferentDays ? days.count : outlook.counting(month).count)
      let highest = days.sorted { $0.referenceKW > $1.referenceKW }.prefix(averaged)
      let share = 1 / Double(averaged)
      let mean = highest.reduce(0) { $0 + $1.referenceKW * share }
      let least = outlook.rule.minimumKW
      let floor = outlook.cost(
        month, period: period, least: least, most: max(least, outlook.mostKW(month)), above: nil)
      // The mean of the highest is never below that of these days.
      outlook.add(
        floor, along: highest.map { ($0, share) }, month: month, at: max(least, mean))
    }
  }
}

extension DemandMeasure {
  /// The mean of the month's `count` highest intervals, one per day if on different days.
  package static func meanOfHighest(count: Int, onDifferentDays: Bool) -> DemandMeasure {
    DemandMeasure(MeanOfHighest(count: count, onDifferentDays: onDifferentDays))
  }
}
