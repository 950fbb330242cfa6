/// Each day's highest interval of each period, billed day by day.
struct DailyPeak: DemandMeasureRule {
  static let name = "daily_peak"
  let words = "each day's highest power"
  let isBilledByDay = true

  init(_ values: [DemandParameter.Value] = []) {}

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let cells = month.cells
    var sum = [Double](repeating: 0, count: month.charge.periods.count)
    var cost = sum
    var start = month.intervals.lowerBound
    while start < month.intervals.upperBound {
      var end = start + 1
      while end < month.intervals.upperBound,
        cells.dayOfInterval[end] == cells.dayOfInterval[start]
      {
        end += 1
      }
      for (period, peak) in cells.peaks(of: month.meansKW, in: start..<end).enumerated() {
        let demand = max(peak * month.factor, peak > 0 ? month.charge.minimumKW : 0)
        sum[period] += demand
        cost[period] += cells.cost(ofKW: demand, month: month.month, period: period)
      }
      start = end
    }
    return month.occurringPeriods.map {
      BilledDemand(period: $0, kW: sum[$0], amount: cost[$0])
    }
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    outlook.days.map { PlannedPeak(paidKW: outlook.peakKW(ofDay: $0), day: $0) }
  }

  func floor(_ outlook: inout DemandFloorContext) {
    for month in outlook.openMonths {
      let (cells, least) = (outlook.cells, outlook.rule.minimumKW)
      for period in outlook.occurringPeriods(month) {
        for (day, peak) in outlook.peaksOfDays(month, period: period) {
          // A day without import is billed for none, any other for the minimum at least.
          let most = outlook.mostKW(month, periods: [period], day: day)
          let floor = ConvexFloor(
            breaks: ([least] + cells.limits[period]).sorted(), over: 0...max(least, most)
          ) { cells.cost(ofKW: $0 > 0 ? max($0, least) : 0, month: month, period: period) }
          outlook.add(floor.rising, of: peak, month: month)
        }
      }
    }
  }
}

extension DemandMeasure {
  /// Each day's highest interval of each period, billed day by day.
  package static let dailyPeak = DemandMeasure(DailyPeak())
}
