import Diagnostics
import Replay

/// One battery size, what it did and what it earns.
package struct SizingCandidate: Sendable {
  /// What its replays say.
  package let run: SizedRun
  /// Price of the system and what is bought with it. [currency]
  package let capital: Double
  /// Savings of the first year against no battery, wear not counted. [currency/year]
  package let year1Savings: Double
  /// What it does in each year.
  package let life: ProjectLife
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
  /// What moves the value most; nothing for doing nothing.
  package let tornado: Tornado?
  /// Net present values under other controllers, by name: the oracle, the rule, other versions. [currency]
  package let otherValues: [String: Double]
  /// Change of the net present value when every saving is twice as large. [currency]
  package let valueOfSavings: Double
  /// Change of the net present value when what is bought at the start costs twice as much. [currency]
  package let valueOfPurchase: Double
  /// Net present value of a saving of one more in the first year, and as much in proportion in the later ones.
  /// [years]
  let annuity: Double
  /// Net present value less the best candidate's, on the same months; its half-width is nothing where the
  /// months allow none.
  package internal(set) var againstBest: PairedInterval.Part?

  /// Nominal energy between empty and full. [kWh]
  package var energyKWh: Double { run.energyKWh }
  /// Inverter power. [kW]
  package var powerKW: Double { run.powerKW }
  /// Where the first year's saving comes from.
  package var benefits: BenefitSplit { run.benefits }
  /// Year in which the maker's promise is used up before its years are over; nothing where it lasts, or where there is
  /// none.
  package let warrantyBreachYear: Int?
  /// Years in which the cells are replaced, each as often as they are; the year counts from 1.
  package var replacementYears: [Int] { life.replacementYears }
  /// Net present value with perfect forecasts, nothing when not asked for. [currency]
  package var oracleNetPresentValue: Double? { otherValues["oracle"] }

  /// True for a candidate without a battery.
  package var isNoBattery: Bool { energyKWh == 0 }
  /// True where the money comes back with its interest.
  package var pays: Bool { netPresentValue > 0 }
  /// True where whoever buys the battery does not lose by it.
  package var isOffered: Bool { (ownerNetPresentValue ?? 0) >= 0 }

  /// Counts the money of a candidate.
  ///
  /// - Parameters:
  ///   - run: What its replays say.
  ///   - none: The replay of the site as it is, without a battery.
  ///   - isNothing: Whether nothing at all is bought or changed; it is worth exactly nothing.
  ///   - price: Price of what comes with the site. [currency]
  ///   - yearFactor: Factor by which the period's savings are scaled to a year.
  ///   - settings: How money is counted.
  ///   - seed: Seed of the draws.
  /// - Throws: `InputError` when the life is used up more than 365 times a year.
  init(
    _ run: SizedRun, none: SizedRun, isNothing: Bool = false, price: Double = 0,
    yearFactor: Double, settings: SizingSettings, seed: UInt64
  ) throws(InputError) {
    let terms = settings.finance
    self.run = run
    guard !isNothing else {
      capital = 0
      year1Savings = 0
      life = ProjectLife(ReplayedYear(saving: 0), count: terms.years, energyKWh: 0)
      accounts = .none(years: terms.years)
      netPresentValue = 0
      internalRateOfReturn = nil
      modifiedRateOfReturn = nil
      paybackYears = nil
      discountedPaybackYears = nil
      ownerNetPresentValue = terms.ownership == nil ? nil : 0
      range = .zero(years: terms.years)
      tornado = nil
      otherValues = run.otherSavings.mapValues { _ in 0 }
      annuity = 0
      warrantyBreachYear = nil
      valueOfSavings = 0
      valueOfPurchase = 0
      return
    }
    let own =
      run.energyKWh == 0
      ? 0
      : run.price ?? terms.capital.price(energyKWh: run.energyKWh, powerKW: run.powerKW)
    capital = own + price
    // Wear is what replacement pays for; counting both would pay twice.
    let saved =
      run.years.first?.replayed.saving
      ?? (none.costWithoutWear - run.costWithoutWear) * yearFactor
    year1Savings = saved
    let life =
      run.years.isEmpty
      ? ProjectLife(ReplayedYear(saving: saved), count: terms.years, energyKWh: 0)
      : try ProjectLife(
        run, yearFactor: yearFactor, settings: settings.lifetime, count: terms.years)
    self.life = life
    warrantyBreachYear = Self.breachYear(of: life, energyKWh: run.energyKWh, settings)
    let facts = ProjectFacts(
      energyKWh: run.energyKWh, powerKW: run.powerKW, price: own + price,
      savings: life.years.map(\.saving), replacedKWh: life.years.map(\.replacedKWh),
      dischargedKWh: life.years.map(\.dischargedKWh),
      chargingCosts: life.years.map(\.chargingCost), solarShare: run.benefits.solarShare)
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
    // What changes the first year's saving changes later ones in proportion.
    let first = life.years.first?.saving ?? 0
    let weights = zip(accounts.savingWeights, life.years).map {
      $0 * (first == 0 ? 1 : $1.saving / first)
    }
    let annuity = weights.reduce(0, +)
    self.annuity = annuity
    otherValues = run.otherSavings.mapValues { value + annuity * ($0 - saved) }
    let slopes = ProjectSlopes(facts, accounts: accounts, life: life, terms: terms)
    valueOfSavings = zip(slopes.weights, slopes.savings).reduce(0) { $0 + $1.0 * $1.1 }
    valueOfPurchase = 100 * slopes.valueByPrice
    let range = ValueRange(
      savings: Self.monthlySavings(run, none: none), project: slopes,
      uncertainty: settings.uncertainty, seed: seed)
    self.range = range
    tornado = Tornado(
      facts, terms: terms, project: slopes, range: range, uncertainty: settings.uncertainty)
  }

  /// The year in which more cycles are done than the maker promises.
  static func breachYear(
    of life: ProjectLife, energyKWh: Double, _ settings: SizingSettings
  ) -> Int? {
    guard let cycles = settings.warrantedCycles, energyKWh > 0 else { return nil }
    var done = 0.0
    for year in life.years where Double(year.year) <= settings.warrantedYears ?? .infinity {
      done += year.dischargedKWh / energyKWh
      if done > cycles { return year.year }
    }
    return nil
  }

  /// Savings of each whole month, wear and lines that look over months left out.
  static func monthlySavings(
    _ run: SizedRun, none: SizedRun
  ) -> [(month: Int, amount: Double)] {
    zip(none.versionCosts.months, run.versionCosts.months).filter { $0.isWhole && $1.isWhole }
      .map { (month: $0.month, amount: $0.cost - $0.overMonths - $1.cost + $1.overMonths) }
  }
}
