import Diagnostics
import TimeSeries

/// What one way of measuring demand means.
///
/// A new measure is a type that adopts this protocol, with its line in ``DemandMeasure/kinds``.
protocol DemandMeasureRule: Sendable {
  /// Name in tariff documents.
  static var name: String { get }
  /// Keys in tariff documents beside `measure`.
  static var parameters: [DemandParameter] { get }
  /// Takes the values of the parameters, in their order.
  init(_ values: [DemandParameter.Value])
  /// Values of the parameters, in their order.
  var values: [DemandParameter.Value] { get }

  /// What is billed, after "a kW of".
  var words: String { get }
  /// Peaks of the months before the first one billed, the latest last. [kW]
  var earlierPeaksKW: [Double] { get }
  /// True when each day is billed by itself, so that a price per day is not one for all days.
  var isBilledByDay: Bool { get }
  /// True when a month is billed as one mean, so that its periods need one price.
  var isOneMean: Bool { get }
  /// True when earlier peaks may hold up the billed demand.
  var takesRatchet: Bool { get }
  /// True when the peaks of other months decide a month's bill as well.
  var looksOverMonths: Bool { get }
  /// True when one peak of the calendar year is billed.
  var countsByYear: Bool { get }

  /// Reports parameters out of range.
  func check(_ charge: DemandCharge, into findings: inout Findings)
  /// Returns what a month is billed for.
  func billed(_ month: DemandMonth, history: inout PeakHistory) -> [BilledDemand]
  /// Returns the peaks of a period that a plan has to pay for when it raises them.
  func planned(period: Int, in outlook: DemandPricingContext) -> [PlannedPeak]
  /// Adds rows and amounts that no bill of the charge is below.
  func floor(_ outlook: inout DemandFloorContext)
}

extension DemandMeasureRule {
  static var parameters: [DemandParameter] { [] }
  var values: [DemandParameter.Value] { [] }
  var earlierPeaksKW: [Double] { [] }
  var isBilledByDay: Bool { false }
  var isOneMean: Bool { false }
  var takesRatchet: Bool { false }
  var looksOverMonths: Bool { false }
  var countsByYear: Bool { false }
  func check(_ charge: DemandCharge, into findings: inout Findings) {}
}

/// A demand that a month is billed for.
struct BilledDemand {
  let period: Int
  let kW: Double
  let amount: Double
}

/// One month of a demand charge and its metered means.
struct DemandMonth {
  let cells: DemandCells
  /// Mean import of each metering interval of the grid. [kW]
  let meansKW: [Double]
  /// Metering intervals of the month.
  let intervals: Range<Int>
  /// Position of the month.
  let month: Int

  var charge: DemandCharge { cells.charge }
  /// Factor of the site's power factor on demand.
  var factor: Double { charge.powerFactor?.factor ?? 1 }

  /// Returns the highest demand of every period, the power factor included. [kW]
  func peaksKW() -> [Double] { cells.peaks(of: meansKW, in: intervals).map { $0 * factor } }

  /// Periods with at least one metering interval in the month, in order.
  var occurringPeriods: [Int] {
    var seen = [Bool](repeating: false, count: charge.periods.count)
    for interval in intervals where cells.periodOfInterval[interval] != PeriodTable.none {
      seen[Int(cells.periodOfInterval[interval])] = true
    }
    return seen.indices.filter { seen[$0] }
  }

  /// Returns what a demand of a period costs, block by block.
  func bill(_ kW: Double, period: Int) -> BilledDemand {
    BilledDemand(
      period: period, kW: kW, amount: cells.cost(ofKW: kW, month: month, period: period))
  }
}

/// A peak that a plan pays for when it raises it.
struct PlannedPeak {
  /// Highest metered demand that is paid for already. [kW]
  let paidKW: Double
  /// Share of the period's price that one more kilowatt costs.
  var share = 1.0
  /// The part of it that is billed in later months.
  var laterShare = 0.0
  /// The only day on which it counts; nothing for the whole month.
  var day: Int32?
  /// True when intervals of every period count.
  var countsEveryPeriod = false
  /// True when all intervals count, those outside of every period too.
  var countsEveryInterval = false
  /// Other peaks that the billed demand is a mean with; none where the peak is billed itself. [kW]
  var othersKW: [Double] = []
  /// Peaks that the billed demand is a mean of; those not yet known count as this one.
  var meanOf = 1

  /// Returns the peak at which a demand is billed. [kW]
  func peakKW(billed demandKW: Double) -> Double {
    (Double(meanOf) * demandKW - othersKW.reduce(0, +)) / Double(max(1, meanOf - othersKW.count))
  }
}

/// What a plan knows of one month of a demand charge.
struct DemandPricingContext {
  let schedule: BillingSchedule
  /// Position of the charge.
  let charge: Int
  /// Position of the month.
  let month: Int
  /// Slots of the month within the horizon.
  let slots: Range<Int>
  /// State of the month so far; nothing where nothing has happened in it.
  let meter: BillingMeter?
  /// State of the calendar year so far; nothing where nothing has happened in it.
  let yearMeter: BillingMeter?
  /// Labels of months in which charges lie at their caps.
  var cappedMonths: Set<String> = []
  /// Highest import that the site has shown before the plans begin; nothing where that is not known. [kW]
  var shownKW: Double?

  /// Whether the peaks of earlier months cost nothing in a month, for the charge lies at its cap there.
  func isAtCap(month: Int) -> Bool {
    rule.capPerKWh != nil && cappedMonths.contains(schedule.calendar.months[month].label)
  }

  var rule: DemandCharge { schedule.demand[charge].charge }

  /// Demand that is billed at least, as metered power. [kW]
  var minimumKW: Double { rule.minimumKW / (rule.powerFactor?.factor ?? 1) }

  /// Demand of a period that is paid for already: incurred, held up by earlier peaks, or the minimum.
  /// [kW]
  func paidKW(period: Int) -> Double {
    meter?.paidKW(charge: charge, period: period) ?? minimumKW
  }

  /// Demand of a period that the calendar year so far has paid for. [kW]
  func yearPaidKW(period: Int) -> Double {
    yearMeter?.yearPaidKW(charge: charge, period: period) ?? minimumKW
  }

  /// Highest import of the calendar year so far, in all intervals of the charge's length. [kW]
  var yearOfAllKW: Double {
    yearMeter.map { $0.yearSitePeakKW(map: $0.schedule.demand[charge].map) } ?? 0
  }

  /// Billing months on the grid that lie in the calendar year of this one.
  var monthsOfYear: Int {
    let months = schedule.calendar.months
    return months.count { $0.year == months[month].year }
  }

  /// Highest power metered on a day so far. [kW]
  func peakKW(ofDay day: Int32) -> Double { meter?.peak(ofDay: day, charge: charge) ?? 0 }

  /// The `count`-th highest daily peak of the month so far, a day left out if wanted. [kW]
  func highestKW(_ count: Int, without day: Int32 = .min) -> Double {
    let peaks = highestPeaksKW(count, without: day)
    return peaks.count == count ? peaks[count - 1] : 0
  }

  /// Up to `count` highest daily peaks of the month so far, a day left out if wanted. [kW]
  func highestPeaksKW(_ count: Int, without day: Int32 = .min) -> [Double] {
    meter?.highest(count, charge: charge, without: day) ?? []
  }

  /// Highest metered power of a period in the month before this one. [kW]
  func lastPeakKW(period: Int) -> Double {
    meter?.lastPeakKW(charge: charge, period: period) ?? 0
  }

  /// Local days of the month that the grid covers.
  var daysOfMonth: Int {
    let days = schedule.calendar.slots.dayNumber
    let slots = schedule.calendar.months[month].slots
    return slots.isEmpty ? 0 : days[slots.upperBound - 1] - days[slots.lowerBound] + 1
  }

  /// Local days of the slots, in order.
  var days: [Int32] {
    var result: [Int32] = []
    for slot in slots {
      let day = Int32(schedule.calendar.slots.dayNumber[slot])
      if result.last != day { result.append(day) }
    }
    return result
  }

  /// Number of billing months on the grid.
  var monthCount: Int { schedule.calendar.months.count }
}
