/// How a project's value moves with what it depends on.
struct ProjectSlopes: Sendable {
  /// Net present value as it was counted. [currency]
  let value: Double
  /// What is left of a saving of one more in each year, in money of the year. [one per year]
  let keptByYear: [Double]
  /// Net present value of a saving of one more in each year. [one per year]
  let weights: [Double]
  /// Savings at the prices of the replay. [currency, one per year]
  let savings: [Double]
  /// Share of the capacity lost by the middle of each year. [one per year]
  let lost: [Double]
  /// Flow as if nothing were borrowed. [currency, from year 0]
  let flow: [Double]
  /// Change of the flow when everything that is bought costs one hundredth more. [currency, from year 0]
  let flowByPrice: [Double]
  /// The same change of the net present value. [currency]
  let valueByPrice: Double

  /// Works out slopes.
  ///
  /// - Parameters:
  ///   - facts: The project; its price is stated.
  ///   - accounts: Its money.
  ///   - life: Its years.
  ///   - terms: How money is counted.
  init(
    _ facts: ProjectFacts, accounts: ProjectAccounts, life: ProjectLife, terms: FinanceTerms
  ) {
    let rate = terms.nominalDiscountRate
    value = accounts.flow.netPresentValue(discountRate: rate)
    weights = accounts.savingWeights
    let kept = (1 - (terms.ownership?.savingShare ?? 0)) * (1 - terms.taxRate)
    keptByYear = terms.savingGrowth.map { $0 * kept }
    savings = facts.savings
    lost = life.years.map { max(0, 1 - $0.meanCapacity) }
    flow = accounts.unborrowedFlow.amounts
    var dearer = facts
    dearer.price = (facts.price ?? 0) * 1.01
    let other = ProjectAccounts(dearer, terms: terms)
    flowByPrice = zip(other.unborrowedFlow.amounts, flow).map { $0 - $1 }
    valueByPrice = other.flow.netPresentValue(discountRate: rate) - value
  }

  /// Returns the net present value when savings, capital and fade are others.
  ///
  /// - Parameters:
  ///   - added: Saving on top, at the prices of the replay. [currency, one per year]
  ///   - capital: Share by which everything that is bought costs more.
  /// - Returns: The value. [currency]
  func value(added: [Double], capital: Double) -> Double {
    var result = value + 100 * capital * valueByPrice
    for year in added.indices { result += weights[year] * added[year] }
    return result
  }

  /// Returns the simple payback in the same case; nothing where it never comes.
  func payback(added: [Double], capital: Double) -> Double? {
    var amounts = zip(flow, flowByPrice).map { $0 + 100 * capital * $1 }
    for year in added.indices { amounts[year + 1] += keptByYear[year] * added[year] }
    return CashFlow(amounts: amounts).paybackYears()
  }

  /// Returns what is saved more or less when prices and fade are others, at the prices of the replay.
  ///
  /// - Parameters:
  ///   - prices: Share by which prices are off in the last year; earlier years in proportion.
  ///   - fade: Share by which the fade is off; a lost share of the capacity takes as large a share of the saving.
  /// - Returns: One amount per year. [currency]
  func added(prices: Double = 0, fade: Double = 0) -> [Double] {
    savings.indices.map { year in
      let reached = Double(year + 1) / Double(savings.count)
      let faded = 1 - fade * lost[year] / max(0.05, 1 - lost[year])
      return savings[year] * ((1 + prices * reached) * max(0, faded) - 1)
    }
  }
}
