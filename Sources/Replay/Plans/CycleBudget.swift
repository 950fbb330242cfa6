import TimeSeries

/// Keeps the energy that a battery lets out within a yearly budget, by a price on top of wear.
///
/// A budget of a whole year has one price of a kWh: let out is what brings more than it. Nobody knows that price
/// before the year is over, so it is learnt. Once a day it rises in proportion to what the days so far let out beyond
/// what the rest of the year leaves, and falls where they let out less. Days with more to earn may therefore take what
/// days with less leave, which a budget for each day would not allow.
///
/// Source: the price is the multiplier of the budget in the program of the year, and its steps are those of dual
/// ascent; yearly budgets against daily ones: arXiv 2510.01956.
struct CycleBudget: Sendable {
  /// Energy that a year of 365 days may let out. [kWh]
  private let yearKWh: Double
  private let period: TimeGrid
  private let zone: Zone

  /// Price of a kWh let out, on top of wear. [currency/kWh]
  private(set) var pricePerKWh = 0.0
  /// What came of it so far.
  private(set) var use: BudgetUse
  /// Energy let out since the budget year began, and since the day did. [kWh]
  private var yearUsedKWh = 0.0
  private var dayUsedKWh = 0.0
  private var year = 0
  private var day: Int?
  /// Distance of the dearest and the cheapest price of a plan, the mean of late plans. [currency/kWh]
  private var spreadPerKWh = 0.0

  private static let yearSeconds = 365.0 * 86_400
  /// Share of the spread of prices by which the price moves in a day that lets out twice what it may.
  private static let gain = 0.06

  init(kWhPerYear: Double, period: TimeGrid, zone: Zone) {
    yearKWh = kWhPerYear
    self.period = period
    self.zone = zone
    use = BudgetUse(
      allowedKWh: kWhPerYear * Double(period.end - period.start) / Self.yearSeconds)
  }

  /// Energy that the budget year has left. [kWh]
  var leftKWh: Double { max(0, allowedKWh - yearUsedKWh) }

  /// Whether nothing is left; less than a hundred-thousandth is rounding.
  var isUsedUp: Bool { leftKWh <= 1e-5 * yearKWh }

  /// Energy of the budget year that an instant lies in; the last one may be a part of a year. [kWh]
  private var allowedKWh: Double {
    let seconds = Double(period.end - period.start) - Double(year) * Self.yearSeconds
    return yearKWh * min(1, seconds / Self.yearSeconds)
  }

  /// Books an interval.
  mutating func record(dischargedKWh: Double) {
    yearUsedKWh += dischargedKWh
    dayUsedKWh += dischargedKWh
    use.usedKWh += dischargedKWh
    if isUsedUp { use.restedSlots += 1 }
  }

  /// Learns from the days that have passed.
  ///
  /// - Parameters:
  ///   - now: Instant of the next plan. [UTC epoch s]
  ///   - buyPerKWh: Prices that the plan knows. [currency/kWh]
  mutating func adapt(at now: Int, buyPerKWh: [Double]) {
    let spread = (buyPerKWh.max() ?? 0) - (buyPerKWh.min() ?? 0)
    let today = zone.civil(at: now).dayNumber
    defer { day = today }
    guard let day else {
      spreadPerKWh = spread
      return
    }
    guard today != day else { return }
    spreadPerKWh += (spread - spreadPerKWh) / 14
    let passed = Double(now - period.start)
    let rest = min(Double(period.end - period.start), Double(year + 1) * Self.yearSeconds) - passed
    if rest <= 0 {
      year += 1
      yearUsedKWh = 0
    } else if yearKWh > 0 {
      let daily = leftKWh * 86_400 / rest
      let excess = (dayUsedKWh - daily) / (yearKWh / 365)
      pricePerKWh = max(0, pricePerKWh + Self.gain * spreadPerKWh * excess)
    }
    dayUsedKWh = 0
    use.priceSum += pricePerKWh
    use.days += 1
  }
}
