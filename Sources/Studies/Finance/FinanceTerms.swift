/// How the money of a battery is counted: prices, tax, grants, borrowing, and who owns it.
///
/// Amounts are nominal and fall at the end of their year; year 0 is the time of the investment. Prices of operation
/// and replacement are those of the first year and grow with inflation from the second on.
package struct FinanceTerms: Sendable, Hashable {
  /// Which year first has savings at grown prices.
  package enum FirstGrowth: String, Sendable, CaseIterable {
    /// The first year is at the prices of the replay: growth to the power of the year less one.
    case secondYear = "second_year"
    /// The first year has grown already: growth to the power of the year.
    case firstYear = "first_year"
  }

  /// What the discount rate says.
  package enum RateKind: String, Sendable, CaseIterable {
    /// Interest in money, inflation included.
    case nominal
    /// Interest above inflation.
    case real
  }

  /// Price of the system.
  package var capital: CapitalCosts
  /// Yearly costs.
  package var operation: OperationCosts
  /// Price of new cells. [currency/kWh]
  package var replacementPerKWh: Double
  /// Yearly change of that price besides inflation, as a fraction; negative for cells that get cheaper.
  package var replacementPriceChange: Double
  /// Value of the system at the end, as a share of its price, 0…1.
  package var salvageShare: Double
  /// What others pay.
  package var grants: [Grant]
  /// A credit on tax for the investment.
  package var credit: InvestmentCredit?
  /// How the investment is written off.
  package var depreciation: Depreciation
  /// Rate of tax that savings bear and costs save, 0…1; 0 for a household.
  package var taxRate: Double
  /// What is borrowed.
  package var loan: Loan?
  /// Years over which money is counted.
  package var years: Int
  /// Yearly inflation of operation and replacement, as a fraction.
  package var inflation: Double
  /// Yearly discount rate, as a fraction.
  package var discountRate: Double
  /// What the discount rate says.
  package var rateKind: RateKind
  /// Yearly growth of the prices that savings are made of, nominal, as a fraction.
  package var escalationRate: Double
  /// Which year first has grown prices.
  package var firstGrowth: FirstGrowth
  /// Prices of the first years over those of the replay, in place of growth; the last one grows on, none is growth.
  package var pricePath: [Double] = []
  /// Who owns the battery, where it is not the site.
  package var ownership: Ownership?

  /// Sets up plain terms: the site owns the battery and pays no tax.
  package init(
    capital: CapitalCosts, operation: OperationCosts = OperationCosts(),
    replacementPerKWh: Double? = nil, years: Int = 15, discountRate: Double = 0.05,
    escalationRate: Double = 0
  ) {
    self.capital = capital
    self.operation = operation
    self.replacementPerKWh = replacementPerKWh ?? capital.perKWh
    replacementPriceChange = 0
    salvageShare = 0
    grants = []
    credit = nil
    depreciation = Depreciation()
    taxRate = 0
    loan = nil
    self.years = max(1, years)
    inflation = 0
    self.discountRate = discountRate
    rateKind = .nominal
    self.escalationRate = escalationRate
    firstGrowth = .secondYear
    ownership = nil
  }

  /// The site's discount rate in money. [fraction]
  package var nominalDiscountRate: Double {
    rateKind == .nominal ? discountRate : (1 + discountRate) * (1 + inflation) - 1
  }

  /// The owner's discount rate in money; that of the site where it owns the battery. [fraction]
  package var ownerDiscountRate: Double { ownership?.discountRate ?? nominalDiscountRate }

  /// Factors from the prices of the replay to those of each year, from year 1 on.
  package var savingGrowth: [Double] {
    if let last = pricePath.last {
      let rest = Self.powers(1 + escalationRate, count: max(0, years - pricePath.count), first: 1)
      return pricePath.prefix(years) + rest.map { last * $0 }
    }
    return Self.powers(1 + escalationRate, count: years, first: firstGrowth == .firstYear ? 1 : 0)
  }

  /// Net present value to the site of a saving of one more in each year at the prices of the replay. [one per year]
  package var savingWeights: [Double] {
    let kept = (1 - (ownership?.savingShare ?? 0)) * (1 - taxRate)
    var discount = 1.0
    return savingGrowth.map { factor in
      discount /= 1 + nominalDiscountRate
      return kept * factor * discount
    }
  }

  /// Returns consecutive powers of a number.
  static func powers(_ base: Double, count: Int, first: Int = 0) -> [Double] {
    var power = 1.0
    for _ in 0..<first { power *= base }
    var result: [Double] = []
    for _ in 0..<count {
      result.append(power)
      power *= base
    }
    return result
  }
}
