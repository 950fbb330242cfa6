import Diagnostics
package import Replay
import Twin

/// One battery size, what it did and what it earns.
package struct SizingCandidate: Sendable {
  /// Nominal energy between empty and full. [kWh]
  package let energyKWh: Double
  /// Inverter power. [kW]
  package let powerKW: Double
  /// Price of the system. [currency]
  package let capital: Double
  /// The replay with the study's forecasts.
  package let outcome: ReplayOutcome
  /// Savings of the first year against no battery, wear not counted. [currency/year]
  package let year1Savings: Double
  /// Where they come from.
  package let benefits: BenefitSplit
  /// Years in which the cells are replaced, each as often as they are; the year counts from 1.
  package let replacementYears: [Int]
  /// The money by year.
  package let accounts: ProjectAccounts
  /// Net present value to the site. [currency]
  package let netPresentValue: Double
  /// The site's internal rate of return, nothing when there is none.
  package let internalRateOfReturn: Double?
  /// The site's modified rate of return, at the discount rate; nothing when there is none.
  package let modifiedRateOfReturn: Double?
  /// Simple payback as if nothing were borrowed, nothing when it never comes. [years]
  package let paybackYears: Double?
  /// Discounted payback as if nothing were borrowed, nothing when it never comes. [years]
  package let discountedPaybackYears: Double?
  /// Net present value to a third party that owns the battery; nothing where none does. [currency]
  package let ownerNetPresentValue: Double?
  /// How far the net present value may lie from it; nothing for fewer than twelve whole months.
  package let range: ValueRange?
  /// Net present value with perfect forecasts, nothing when not asked for. [currency]
  package let oracleNetPresentValue: Double?
  /// Factor by which the period's savings are scaled to a year.
  package let yearFactor: Double
  /// Net present value less the best candidate's, on the same months; its half-width is nothing where the
  /// months allow none.
  package internal(set) var againstBest: PairedInterval.Part?

  /// True for the candidate that buys nothing.
  package var isNoBattery: Bool { energyKWh == 0 }
  /// True where the money comes back with its interest.
  package var pays: Bool { netPresentValue > 0 }
  /// True where whoever buys the battery does not lose by it.
  package var isOffered: Bool { (ownerNetPresentValue ?? 0) >= 0 }
  /// Net present value of a saving of one more every year. [years]
  var annuity: Double { accounts.savingWeights.reduce(0, +) }

  /// The candidate that buys nothing, saves nothing and owes nothing.
  init(noBattery: ReplayOutcome, yearFactor: Double, settings: SizingSettings) {
    energyKWh = 0
    powerKW = 0
    capital = 0
    outcome = noBattery
    year1Savings = 0
    benefits = .none
    replacementYears = []
    accounts = .none(years: settings.finance.years)
    netPresentValue = 0
    internalRateOfReturn = nil
    modifiedRateOfReturn = nil
    paybackYears = nil
    discountedPaybackYears = nil
    ownerNetPresentValue = settings.finance.ownership == nil ? nil : 0
    range = .zero
    oracleNetPresentValue = settings.withOracle ? 0 : nil
    self.yearFactor = yearFactor
  }

  /// Counts the money of a candidate.
  ///
  /// - Throws: `InputError` when the life is used up more than 365 times a year.
  init(
    energyKWh: Double, powerKW: Double, planned: ReplayOutcome, oracle: ReplayOutcome?,
    noBattery: ReplayOutcome, yearFactor: Double, settings: SizingSettings, seed: UInt64
  ) throws(InputError) {
    let terms = settings.finance
    self.energyKWh = energyKWh
    self.powerKW = powerKW
    self.yearFactor = yearFactor
    outcome = planned
    capital = terms.capital.price(energyKWh: energyKWh, powerKW: powerKW)
    let replaced = try Replacements.years(
      of: planned, energyKWh: energyKWh, powerKW: powerKW, yearFactor: yearFactor,
      within: terms.years)
    replacementYears = replaced
    // Wear is what replacement pays for; counting both would pay twice.
    let savings = { (run: ReplayOutcome) in
      (noBattery.cost - (run.cost - run.wearCost)) * yearFactor
    }
    let saved = savings(planned)
    year1Savings = saved
    benefits = BenefitSplit(planned, without: noBattery, yearFactor: yearFactor)
    let constant = { (yearly: Double) in [Double](repeating: yearly, count: terms.years) }
    var facts = ProjectFacts(
      energyKWh: energyKWh, powerKW: powerKW, savings: constant(saved),
      replacedKWh: constant(0),
      dischargedKWh: constant((planned.ledger?.dischargedKWh ?? 0) * yearFactor),
      chargingCosts: constant(benefits.chargingCost), solarShare: benefits.solarShare)
    for year in replaced { facts.replacedKWh[year - 1] += energyKWh }
    let accounts = ProjectAccounts(facts, terms: terms)
    self.accounts = accounts
    let rate = terms.nominalDiscountRate
    let value = accounts.flow.netPresentValue(discountRate: rate)
    netPresentValue = value
    internalRateOfReturn = accounts.flow.internalRateOfReturn
    modifiedRateOfReturn = accounts.flow.modifiedRateOfReturn(rate: rate)
    paybackYears = accounts.unborrowedFlow.paybackYears()
    discountedPaybackYears = accounts.unborrowedFlow.paybackYears(discountRate: rate)
    ownerNetPresentValue = accounts.ownerFlow?.netPresentValue(
      discountRate: terms.ownerDiscountRate)
    let weights = accounts.savingWeights
    let yearly = weights.reduce(0, +)
    oracleNetPresentValue = oracle.map { value + yearly * (savings($0) - saved) }
    range = ValueRange(
      savings: SizingCandidate.monthlySavings(planned, noBattery: noBattery),
      weights: weights, value: value, seed: seed)
  }

  /// Savings of each whole month, wear and lines that look over months left out.
  private static func monthlySavings(
    _ planned: ReplayOutcome, noBattery: ReplayOutcome
  ) -> [(month: Int, amount: Double)] {
    let costs = { (outcome: ReplayOutcome) in VersionCosts(outcome, withWear: false).months }
    return zip(costs(noBattery), costs(planned)).filter { $0.isWhole && $1.isWhole }.map {
      (month: $0.month, amount: $0.cost - $0.overMonths - $1.cost + $1.overMonths)
    }
  }
}
