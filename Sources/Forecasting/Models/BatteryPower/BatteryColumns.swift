import Numerics
import TimeSeries

/// The columns that a battery's schedule hangs on, for one issue: price of the slot and its rank in the
/// local day, state of charge at the issue, expected net load and what the rule would make of it.
///
/// Prices count as known to the end of the issue's local day when they are known ahead at all, as on a
/// day-ahead market; later slots have the price of the same slot of the newest day whose price is
/// known. Training issues follow the same rule.
struct BatteryColumns {
  private static let priceNames = ["price", "price_rank"]
  private static let socNames = ["soc", "soc_fast"]
  private static let ruleNames = ["expected_net", "rule_power"]
  /// Hours in which the state of charge of the issue loses its meaning.
  private static let socHours = 4.0

  private let first: Int
  private let prices: [Double]
  private let ranks: [Double]
  private let soc: Double?
  private let rule: RuleForecast?

  /// Names of the columns that a site has, in order.
  static func names(_ state: QuantityState) -> [String] {
    guard state.quantity == .batteryPower else { return [] }
    return (state.observed[.price] == nil ? [] : priceNames)
      + (state.observed[.stateOfCharge] == nil ? [] : socNames)
      + (hasRule(state) ? ruleNames : [])
  }

  /// Number of the columns that a site has.
  static func count(_ state: QuantityState) -> Int {
    state.quantity == .batteryPower ? names(state).count : 0
  }

  private static func hasRule(_ state: QuantityState) -> Bool {
    state.observed[.load] != nil && (state.site.battery?.capacityKWh ?? 0) > 0
  }

  init(_ frame: IssueFrame, state: QuantityState, knowsPrice: Bool) {
    first = frame.first
    rule = RuleForecast(frame, state: state)
    soc =
      state.observed[.stateOfCharge] == nil
      ? nil : RuleForecast.newestSOC(frame.known, state: state) ?? .nan
    guard state.observed[.price] != nil else {
      prices = []
      ranks = []
      return
    }
    let covariates = CovariateColumns(frame: frame, state: state)
    let day = state.profile.slotsPerDay
    let zone = state.site.zone
    let now = state.profile.start + frame.known * state.profile.stepSeconds
    let midnight = zone.startOfDay(zone.civil(at: now).dayNumber + 1)
    let endOfDay = (midnight - state.profile.start) / state.profile.stepSeconds
    func price(_ v: Int) -> Double {
      var i = v
      var days = 0
      while i >= endOfDay || i >= frame.known && !knowsPrice {
        days += 1
        i = state.profile.place(v, daysBefore: days)
      }
      return covariates.value(.price, i)
    }
    // From the begin of the first slot's local day on, so that ranks compare whole days.
    let from = frame.first - state.calendar.slot[frame.first]
    let table = (from..<(frame.first + frame.count + day)).map(price)
    prices = frame.slots.map { table[$0 - from] }
    ranks = frame.slots.map { v in
      let own = table[v - from]
      let begin = v - state.calendar.slot[v] - from
      let others = table[max(0, begin)..<(begin + day)].filter(\.isFinite)
      return others.isEmpty ? .nan : Double(others.count { $0 < own }) / Double(others.count)
    }
  }

  /// The columns of slot `v`, one per name; NaN where one is missing.
  func values(_ v: Int, stepHours: Double) -> [Double] {
    let k = v - first
    var row: [Double] = []
    if !prices.isEmpty { row += [prices[k], ranks[k]] }
    if let soc {
      row += [soc, soc * exponential(-Double(k) * stepHours / BatteryColumns.socHours)]
    }
    if let rule { row += [rule.netKW[k], rule.powerKW[k]] }
    return row
  }
}
