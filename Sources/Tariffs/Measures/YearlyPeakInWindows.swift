import Diagnostics
import TimeSeries

/// The year's highest interval within stated windows, where it lies well below the year's highest of all.
///
/// German network users with an unusual use of the grid pay for their highest power within the high-load
/// windows of the network operator, if it is below their highest power of all by a share and by a number of
/// kilowatts; else for the highest of all. What they pay is no less than a share of the highest of all. Billed in
/// monthly instalments as a yearly peak is: a month that changes the year's demand also settles the months before.
///
/// Source: § 19 (2) sentence 1 StromNEV; Bundesnetzagentur, BK4-13-739.
struct YearlyPeakInWindows: DemandMeasureRule {
  static let name = "yearly_peak_in_windows"
  static let parameters = [
    DemandParameter(key: "significant_percent", form: .wholeNumber(0...100, standard: 20)),
    DemandParameter(key: "significant_kw", form: .wholeNumber(0...1_000_000, standard: 100)),
    DemandParameter(key: "least_percent", form: .wholeNumber(0...100, standard: 20)),
  ]
  let significantPercent: Int
  let significantKW: Int
  let leastPercent: Int
  let looksOverMonths = true
  var words: String {
    "the year's highest power within the windows, where it is \(significantPercent) % and"
      + " \(significantKW) kW below the highest of all"
  }
  let countsByYear = true

  init(_ values: [DemandParameter.Value]) {
    significantPercent = values[0].wholeNumber
    significantKW = values[1].wholeNumber
    leastPercent = values[2].wholeNumber
  }

  var values: [DemandParameter.Value] {
    [.wholeNumber(significantPercent), .wholeNumber(significantKW), .wholeNumber(leastPercent)]
  }

  func check(_ charge: DemandCharge, into findings: inout Findings) {
    guard charge.periods.count == 1, charge.periods[0].tiers.count == 1 else {
      findings.error(
        "'\(charge.name)' bills one peak of its windows, so it must have one period with one price",
        at: charge.position)
      return
    }
    let price = charge.periods[0].tiers[0].pricePerKW
    // What is settled for earlier months is settled at the price of the month that changes it.
    let changes = price.steps.contains { step in
      guard step.fromDay != .min else { return false }
      let date = CivilCalendar.date(fromDays: step.fromDay)
      return date.month != 1 || date.day != 1
    }
    if price.lowest < 0 || changes {
      findings.error(
        "the price of '\(charge.name)' must not be negative and may change on 1 January only",
        at: charge.position)
    }
  }

  /// Returns the demand of a year so far from its peak within the windows and of all. [kW]
  private func demandKW(inWindowsKW: Double, ofAllKW: Double) -> Double {
    isSignificant(inWindowsKW: inWindowsKW, ofAllKW: ofAllKW)
      ? max(inWindowsKW, ofAllKW * Double(leastPercent) / 100) : ofAllKW
  }

  /// Whether the peak within the windows lies well below that of all. [kW]
  private func isSignificant(inWindowsKW: Double, ofAllKW: Double) -> Bool {
    let relief = ofAllKW - inWindowsKW
    return relief >= Double(significantKW)
      && relief >= ofAllKW * Double(significantPercent) / 100
  }

  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand] {
    let (earlier, count) = history.yearSoFar(month: month.month)
    let ofAll = month.factor * max(0, month.intervals.map { month.meansKW[$0] }.max() ?? 0)
    let peaks = history.ratcheted([month.peaksKW()[0], ofAll], month: month.month)
    let least = month.charge.minimumKW
    func demand(_ peaks: [Double]) -> BilledDemand {
      month.bill(max(demandKW(inWindowsKW: peaks[0], ofAllKW: peaks[1]), least), period: 0)
    }
    let before = demand(count == 0 ? [0, 0] : earlier)
    let now = demand(count == 0 ? peaks : zip(earlier, peaks).map { max($0, $1) })
    guard now.kW > 0 else { return [] }
    return [
      BilledDemand(
        period: 0, kW: now.kW,
        amount: now.amount + Double(count) * (now.amount - before.amount))
    ]
  }

  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak] {
    // Plans count on the relief, so that what lies outside of the windows is free, unless no import that the site has
    // shown would bring it.
    let paidKW = outlook.yearPaidKW(period: period)
    let share = Double(outlook.monthsOfYear)
    if let shownKW = outlook.shownKW,
      !isSignificant(inWindowsKW: paidKW, ofAllKW: max(shownKW, outlook.yearOfAllKW))
    {
      return [
        PlannedPeak(
          paidKW: max(paidKW, outlook.yearOfAllKW), share: share, countsEveryInterval: true)
      ]
    }
    return [PlannedPeak(paidKW: paidKW, share: share)]
  }

  func floor(_ outlook: inout DemandFloorContext) {
    for months in outlook.years {
      // Where no series brings the relief, the highest of all is billed; what is billed is never below the peak within
      // the windows.
      let least = months.map { outlook.leastKW($0, period: 0) }.max() ?? 0
      let most = months.map { outlook.mostOfAllKW($0) }.max() ?? 0
      let mayBeRelieved =
        most - least >= Double(significantKW)
        && most * (1 - Double(significantPercent) / 100) >= least
      outlook.addYear(months, period: 0, ofAll: !mayBeRelieved)
    }
  }
}
