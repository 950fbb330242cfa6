/// What whoever buys the battery pays and gets besides income from it.
struct Investment: Sendable {
  private let facts: ProjectFacts
  private let price: Double
  private let terms: FinanceTerms
  private let count: Int
  private let operation: [Double]
  private let replacement: [Double]
  private let grants: [Double]
  private let taxableGrants: [Double]
  private let credit: Double
  private let depreciation: [Double]

  init(_ facts: ProjectFacts, price: Double, terms: FinanceTerms) {
    self.facts = facts
    self.price = price
    self.terms = terms
    count = facts.savings.count
    let cost = terms.operation.cost(
      capital: price, energyKWh: facts.energyKWh, powerKW: facts.powerKW)
    operation = FinanceTerms.powers(1 + terms.inflation, count: count).map { cost * $0 }
    let cells = FinanceTerms.powers(
      (1 + terms.inflation) * (1 + terms.replacementPriceChange), count: count)
    replacement = zip(cells, facts.replacedKWh).map { terms.replacementPerKWh * $0 * $1 }
    var grants = [Double](repeating: 0, count: count + 1)
    var taxable = grants
    var basis = price
    for grant in terms.grants where grant.year <= count {
      let paid = grant.payment(
        capital: price, energyKWh: facts.energyKWh, powerKW: facts.powerKW)
      grants[grant.year] += paid
      // What comes at the time of the investment is taxed with the first year.
      if grant.isTaxable { taxable[max(1, grant.year)] += paid }
      if grant.reducesBasis { basis -= paid }
    }
    self.grants = grants
    taxableGrants = taxable
    basis = max(0, basis)
    let share = terms.credit?.share(solarShare: facts.solarShare) ?? 0
    credit = share * basis
    let depreciable = basis * (1 - (terms.credit?.basisReduction ?? 0) * share)
    depreciation = terms.depreciation.shares.map { $0 * depreciable }
  }

  /// Returns the years of the buyer.
  ///
  /// - Parameters:
  ///   - income: What comes in each year, from 1. [currency]
  ///   - isRent: Whether that is rent; saving otherwise.
  ///   - taxRate: Rate of tax of the buyer.
  ///   - borrows: False to leave the loan out.
  /// - Returns: Years from 0.
  func years(
    income: [Double], isRent: Bool, taxRate: Double, borrows: Bool = true
  ) -> [CashFlowYear] {
    var start = CashFlowYear(year: 0)
    start.capital = -price
    start.grants = grants[0]
    let loan = borrows ? terms.loan : nil
    let borrowed = (loan?.fraction ?? 0) * max(0, price - grants[0])
    start.loan = borrowed
    let payments = loan?.payments(of: borrowed) ?? []
    var result = [start]
    for i in 0..<count {
      var year = CashFlowYear(year: i + 1)
      if isRent { year.rent = income[i] } else { year.saving = income[i] }
      year.operation = -operation[i]
      year.replacement = -replacement[i]
      year.grants = grants[i + 1]
      year.credit = i == 0 ? credit : 0
      year.depreciation = i < depreciation.count ? depreciation[i] : 0
      var interest = 0.0
      if i < payments.count {
        interest = payments[i].interest
        year.loan = -interest - payments[i].principal
      }
      // A loan that outlives the project is paid back with its last year.
      if i == count - 1, payments.count > count {
        year.loan -= payments[count...].reduce(0) { $0 + $1.principal }
      }
      if i == count - 1 { year.salvage = terms.salvageShare * price }
      let earned = income[i] + taxableGrants[i + 1] + year.salvage
      let deducted = operation[i] + replacement[i] + year.depreciation + interest
      year.tax = -taxRate * (earned - deducted)
      result.append(year)
    }
    return result
  }

  /// Returns the levelised cost of the energy let out. [currency/kWh]
  func storageCostPerKWh(discountRate: Double) -> Double? {
    let growth = terms.savingGrowth
    var cost = price - grants[0]
    var energy = 0.0
    var factor = 1.0
    for i in 0..<count {
      factor /= 1 + discountRate
      var year = operation[i] + replacement[i] + facts.chargingCosts[i] * growth[i] - grants[i + 1]
      if i == 0 { year -= credit }
      if i == count - 1 { year -= terms.salvageShare * price }
      cost += year * factor
      energy += facts.dischargedKWh[i] * factor
    }
    return energy > 0 ? cost / energy : nil
  }
}
