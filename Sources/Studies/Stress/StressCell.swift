package import Replay
import Tariffs
import Twin

/// One derating policy under one fault, one weather and one way of planning.
package struct StressCell: Sendable {
  /// Name of the policy.
  package let policy: String
  /// Name of the fault.
  package let fault: String
  /// Name of the weather.
  package let weather: String
  /// How plans foresee the heat.
  package let heat: HeatForesight
  /// What happened.
  package let outcome: ReplayOutcome
  /// Intervals that ended with a cell above its limit.
  package let violations: Int
  /// Time of the period that the site's logger was silent. [h]
  package let unloggedHours: Double
  /// Money of the life used; nothing where no price is known. [currency]
  package let lifeCost: Double?
  /// What it costs beyond `none` in the same case; nothing for `none` itself.
  package internal(set) var againstNone: PairedInterval?
  /// What it costs beyond the healthy battery under the same policy; nothing for the healthy one.
  package internal(set) var againstHealthy: PairedInterval?
  /// What the plans that know more cost beyond blind ones; nothing for blind ones and where none are blind.
  package internal(set) var againstBlind: PairedInterval?
  /// Months whose billed peak is higher than under `none`, and what their peaks cost more. [currency]
  package internal(set) var missedPeaks = 0
  package internal(set) var missedPeakCharge = 0.0
  /// How the policy's first action and all of them stand to the heat under `none`.
  package internal(set) var timing = ActionTiming()

  /// Collects what happened in a cell.
  init(
    policy: String, fault: String, weather: String, heat: HeatForesight = .envelope,
    outcome: ReplayOutcome, violations: Int, unloggedHours: Double = 0,
    lifePrice: LifePrice? = nil
  ) {
    self.policy = policy
    self.fault = fault
    self.weather = weather
    self.heat = heat
    self.outcome = outcome
    self.violations = violations
    self.unloggedHours = unloggedHours
    lifeCost = lifePrice.map { $0.cost(ofLifeFraction: outcome.ledger?.lifeUsedFraction ?? 0) }
  }

  /// Bill less the value of the energy left, with the money of the life used, or with wear where no price of the
  /// life is known. [currency]
  package var cost: Double {
    lifeCost.map { outcome.cost - outcome.wearCost + $0 } ?? outcome.cost
  }

  /// The same without life and wear. [currency]
  package var bill: Double { outcome.cost - outcome.wearCost }

  /// The cost cut the way that paired intervals need it; the money of life is spread evenly over the days.
  var costs: VersionCosts {
    guard let lifeCost else { return VersionCosts(outcome) }
    var costs = VersionCosts(outcome, withWear: false)
    let days = costs.months.reduce(0) { $0 + $1.energyByDay.count }
    for month in costs.months.indices {
      for day in costs.months[month].energyByDay.indices {
        costs.months[month].energyByDay[day] += lifeCost / Double(days)
      }
    }
    return costs
  }

  /// Energy asked for that the policy refused. [kWh]
  package var deratedKWh: Double { outcome.ledger?.deratedKWh ?? 0 }
  /// Hottest cell at any time. [°C]
  package var hottestCellC: Double { outcome.ledger?.hottestCellC ?? .nan }
  /// Largest difference between two cells at one time. [K]
  package var spreadK: Double { outcome.ledger?.largestSpreadK ?? .nan }
  /// Time with a cell above its limit. [h]
  package var hoursAboveLimit: Double { (outcome.ledger?.secondsAboveLimit ?? 0) / 3600 }
  /// Times that the protection opened the circuit, and how long it was open. [h]
  package var cutOffs: Int { outcome.ledger?.cutOffs ?? 0 }
  package var cutOffHours: Double { (outcome.ledger?.cutOffSeconds ?? 0) / 3600 }
  /// Time in which the policy's kept model said nothing, as its past was not whole. [h]
  package var unforeseenHours: Double { (outcome.ledger?.unforeseenSeconds ?? 0) / 3600 }
  /// Share of the battery's life used.
  package var lifeUsedFraction: Double { outcome.ledger?.lifeUsedFraction ?? 0 }

  /// Whether another cell differs in nothing but the policy.
  func isSameCase(_ other: StressCell) -> Bool {
    fault == other.fault && weather == other.weather && heat == other.heat
  }

  /// Compares with `none` in the same case, month by month and interval by interval.
  mutating func compare(withNone none: StressCell, limitC: Double) {
    for (own, other) in zip(outcome.bill.months, none.outcome.bill.months)
    where own.peakKW > other.peakKW + 0.05 && own.monthlyDemand > other.monthlyDemand {
      missedPeaks += 1
      missedPeakCharge += own.monthlyDemand - other.monthlyDemand
    }
    timing = ActionTiming(of: outcome.trace, against: none.outcome.trace, limitC: limitC)
    againstNone = PairedInterval(costs.named(policy), none.costs.named(none.policy))
  }
}

extension VersionCosts {
  /// The same costs under another name.
  func named(_ name: String) -> VersionCosts {
    VersionCosts(name: name, months: months, lookingBackByYear: lookingBackByYear)
  }
}
