/// The money of a project by year: that of the site, and of the owner where a third party is one.
///
/// Losses are set off against other income of the same party in the same year, so that tax may be positive.
package struct ProjectAccounts: Sendable, Hashable {
  /// The site's years, from 0.
  package let site: [CashFlowYear]
  /// The third party's years; nothing where the site owns the battery.
  package let owner: [CashFlowYear]?
  /// The site's flow.
  package let flow: CashFlow
  /// The site's flow as if nothing were borrowed, by which paybacks are counted.
  package let unborrowedFlow: CashFlow
  /// The third party's flow; nothing where the site owns the battery.
  package let ownerFlow: CashFlow?
  /// Net present value of a saving of one more in each year at the prices of the replay. [one per year]
  package let savingWeights: [Double]
  /// Levelised cost of the energy let out: capital less grants and credit, operation, replacement and charging less
  /// salvage, before tax, over the energy, both discounted; nothing where none is let out. [currency/kWh]
  package let storageCostPerKWh: Double?

  /// Counts the money of a project.
  package init(_ facts: ProjectFacts, terms: FinanceTerms) {
    let growth = terms.savingGrowth
    let savings = zip(facts.savings, growth).map { $0 * $1 }
    let price =
      facts.price
      ?? terms.capital.price(energyKWh: facts.energyKWh, powerKW: facts.powerKW)
    let investment = Investment(facts, price: price, terms: terms)
    let rate = terms.nominalDiscountRate
    savingWeights = terms.savingWeights
    if let agreement = terms.ownership {
      let rents = Self.rents(agreement, price: price, savings: savings)
      var years = [CashFlowYear(year: 0)]
      for i in savings.indices {
        var year = CashFlowYear(year: i + 1)
        year.saving = savings[i]
        year.rent = -rents[i]
        year.tax = -terms.taxRate * (savings[i] - rents[i])
        years.append(year)
      }
      site = Self.summed(years, discountRate: rate)
      let owned = investment.years(income: rents, isRent: true, taxRate: agreement.taxRate)
      owner = Self.summed(owned, discountRate: terms.ownerDiscountRate)
      unborrowedFlow = CashFlow(amounts: years.map(\.net))
    } else {
      site = Self.summed(
        investment.years(income: savings, isRent: false, taxRate: terms.taxRate),
        discountRate: rate)
      owner = nil
      let unborrowed = investment.years(
        income: savings, isRent: false, taxRate: terms.taxRate, borrows: false)
      unborrowedFlow = CashFlow(amounts: unborrowed.map(\.net))
    }
    flow = CashFlow(amounts: site.map(\.net))
    ownerFlow = owner.map { CashFlow(amounts: $0.map(\.net)) }
    storageCostPerKWh = investment.storageCostPerKWh(discountRate: terms.ownerDiscountRate)
  }

  /// The accounts of buying nothing: nothing in any year, to the last bit.
  package static func none(years: Int) -> ProjectAccounts { ProjectAccounts(emptyYears: years) }

  private init(emptyYears count: Int) {
    site = (0...count).map { CashFlowYear(year: $0) }
    owner = nil
    flow = CashFlow(amounts: [Double](repeating: 0, count: count + 1))
    unborrowedFlow = flow
    ownerFlow = nil
    savingWeights = [Double](repeating: 0, count: count)
    storageCostPerKWh = nil
  }

  /// Rent of each year. [currency]
  private static func rents(
    _ agreement: Ownership, price: Double, savings: [Double]
  ) -> [Double] {
    let first = agreement.rentPerYear + agreement.rentCapitalShare * price
    return zip(FinanceTerms.powers(1 + agreement.rentGrowth, count: savings.count), savings).map {
      first * $0 + agreement.savingShare * $1
    }
  }

  private static func summed(_ years: [CashFlowYear], discountRate: Double) -> [CashFlowYear] {
    var sum = 0.0
    var discounted = 0.0
    var factor = 1.0
    return years.map { year in
      var year = year
      sum += year.net
      discounted += year.net * factor
      factor /= 1 + discountRate
      year.cumulative = sum
      year.discountedCumulative = discounted
      return year
    }
  }
}
