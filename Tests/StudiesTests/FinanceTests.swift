import Studies
import TestSupport
import Testing

@Suite("Money of a project") struct FinanceTests {
  /// A battery of 10 kWh and 5 kW that saves the same every year.
  private func facts(
    saving: Double, years: Int, replaced: [Int: Double] = [:], solarShare: Double? = nil
  ) -> ProjectFacts {
    ProjectFacts(
      energyKWh: 10, powerKW: 5, savings: [Double](repeating: saving, count: years),
      replacedKWh: (1...years).map { replaced[$0] ?? 0 },
      dischargedKWh: [Double](repeating: 1000, count: years),
      chargingCosts: [Double](repeating: 50, count: years), solarShare: solarShare)
  }

  /// 1000 for the battery, nothing for operation.
  private func terms(years: Int, rate: Double = 0.05) -> FinanceTerms {
    FinanceTerms(
      capital: CapitalCosts(perKWh: 100), operation: OperationCosts(capitalShare: 0), years: years,
      discountRate: rate)
  }

  private func value(_ facts: ProjectFacts, _ terms: FinanceTerms) -> Double {
    ProjectAccounts(facts, terms: terms).flow.netPresentValue(
      discountRate: terms.nominalDiscountRate)
  }

  // The same as the cash loan model of SAM (PySAM 7.1.1) and REopt's proforma give for this flow.
  @Test("−1000 and ten years of 300 have the published value, rate and paybacks")
  func published() throws {
    let accounts = ProjectAccounts(facts(saving: 300, years: 10), terms: terms(years: 10))
    #expect(accounts.flow.amounts == [-1000] + [Double](repeating: 300, count: 10))
    #expect(isClose(accounts.flow.netPresentValue(discountRate: 0.05), 1316.52, absolute: 0.005))
    #expect(isClose(try #require(accounts.flow.internalRateOfReturn), 0.2732, absolute: 5e-5))
    #expect(isClose(try #require(accounts.unborrowedFlow.paybackYears()), 3.333, absolute: 5e-4))
    let discounted = try #require(accounts.unborrowedFlow.paybackYears(discountRate: 0.05))
    #expect(isClose(discounted, 3.7416, absolute: 5e-5))
    // 300·(1.05¹⁰ − 1)/0.05 = 3773.3678 after ten years, from 1000: 3.7733678^0.1 = e^0.1327967 = 1.142018.
    let modified = try #require(accounts.flow.modifiedRateOfReturn(rate: 0.05))
    #expect(isClose(modified, 0.142018, absolute: 1e-6))
    // (1000 + 50·7.721735)/(1000·7.721735).
    #expect(isClose(try #require(accounts.storageCostPerKWh), 0.179504, absolute: 1e-6))
    #expect(isClose(accounts.savingWeights.reduce(0, +), 7.721735, absolute: 1e-6))
    #expect(accounts.site[10].cumulative == 2000)
    #expect(isClose(accounts.site[10].discountedCumulative, 1316.52, absolute: 0.005))
  }

  // REopt's net cost (`effective_cost` in its utils.jl), recomputed: 1000 with a credit of 30 %, of which half lowers
  // the basis, 5-year MACRS, 26 % of tax, 6.24 %; a replacement is an expense of its year.
  @Test(
    "net cost with credit, depreciation and tax is that of REopt",
    arguments: [(0, 0, 530.33), (1, 0, 509.60), (0, 400, 691.91)] as [(Double, Double, Double)])
  func netCost(bonus: Double, replacement: Double, expected: Double) {
    var terms = terms(years: 25, rate: 0.0624)
    terms.credit = InvestmentCredit(fraction: 0.3)
    terms.depreciation = Depreciation(.macrs(years: 5), bonus: bonus)
    terms.taxRate = 0.26
    terms.replacementPerKWh = 40
    let facts = facts(saving: 0, years: 25, replaced: [10: replacement / 40])
    #expect(isClose(-value(facts, terms), expected, absolute: 0.01))
  }

  // 100 a year for 25 years, growing by 2.5 %, at 6.24 %: SAM leaves the first year as it is, REopt does not.
  @Test("growth begins in the first or in the second year, as stated")
  func conventions() {
    var terms = terms(years: 25, rate: 0.0624)
    terms.escalationRate = 0.025
    let facts = facts(saving: 100, years: 25)
    #expect(isClose(value(facts, terms) + 1000, 1582.30, absolute: 0.005))
    terms.firstGrowth = .firstYear
    #expect(isClose(value(facts, terms) + 1000, 1621.85, absolute: 0.005))
  }

  // The quickstart with an end of life at 99 %: 26 400 of capital, 396 of operation, 21 000 per set of cells, and
  // 2354.70 saved a year: −26 400 + 1958.70·2.723248 − 21 000·(1/1.05 + 2/1.1025 + 1/1.157625).
  @Test("a year pays for all cells replaced in it")
  func replacements() {
    var terms = FinanceTerms(
      capital: CapitalCosts(perKWh: 350, perKW: 180),
      operation: OperationCosts(capitalShare: 0.015),
      years: 3)
    var facts = ProjectFacts(
      energyKWh: 60, powerKW: 30, savings: [2354.7, 2354.7, 2354.7], replacedKWh: [60, 120, 60],
      dischargedKWh: [0, 0, 0], chargingCosts: [0, 0, 0])
    #expect(isClose(value(facts, terms), -97_302, absolute: 1))
    // Cells that get 10 % cheaper a year, with inflation of 2 %: 0.918 in year 2, 0.842724 in year 3.
    terms.replacementPriceChange = -0.1
    terms.inflation = 0.02
    facts.replacedKWh = [0, 60, 60]
    let accounts = ProjectAccounts(facts, terms: terms)
    #expect(isClose(accounts.site[2].replacement, -19_278, absolute: 1e-6))
    #expect(isClose(accounts.site[3].replacement, -17_697.204, absolute: 1e-6))
    #expect(isClose(accounts.site[3].operation, -396 * 1.0404, absolute: 1e-9))
    #expect(accounts.storageCostPerKWh == nil)
  }

  @Test("tables of depreciation add up to the whole basis", arguments: Depreciation.macrsYears)
  func tables(years: Int) {
    let shares = Depreciation(.macrs(years: years)).shares
    #expect(shares.count == years + 1)
    #expect(isClose(shares.reduce(0, +), 1, absolute: 1e-12))
    let bonus = Depreciation(.macrs(years: years), bonus: 0.4).shares
    #expect(isClose(bonus.reduce(0, +), 1, absolute: 1e-12))
    #expect(isClose(bonus[0], 0.4 + 0.6 * shares[0], absolute: 1e-15))
    #expect(Depreciation(.straightLine(years: 4)).shares == [0.25, 0.25, 0.25, 0.25])
  }

  // IRS Publication 946, Table A-1: 15 years, the fifth year.
  @Test("the fifth year of fifteen is 6.93 %") func fifthYear() {
    #expect(Depreciation(.macrs(years: 15)).shares[4] == 0.0693)
  }

  @Test("capital has steps, operation parts, and a grant its limits")
  func prices() {
    let capital = CapitalCosts(
      perKWh: 100, perKW: 10, fixed: 50,
      steps: [.init(aboveKWh: 10, amount: 300), .init(aboveKWh: 20, amount: 500)])
    #expect(capital.price(energyKWh: 10, powerKW: 5) == 1100)
    #expect(capital.price(energyKWh: 11, powerKW: 5) == 1500)
    #expect(capital.price(energyKWh: 30, powerKW: 5) == 3900)
    let operation = OperationCosts(capitalShare: 0.01, perKWh: 2, perKW: 3, perYear: 4)
    #expect(operation.cost(capital: 1000, energyKWh: 10, powerKW: 5) == 49)
    let grant = Grant(amount: 100, perKWh: 10, perKW: 2, capitalShare: 0.1)
    #expect(grant.payment(capital: 1000, energyKWh: 10, powerKW: 5) == 310)
    #expect(Grant(perKWh: 100, most: 250).payment(capital: 1000, energyKWh: 10, powerKW: 5) == 250)
    // Never more than the price.
    #expect(Grant(amount: 5000).payment(capital: 1000, energyKWh: 10, powerKW: 5) == 1000)
  }

  // Grants: 200 at once, which lowers the basis; 100 in year 2, taxed, which does not. Basis 800, of which a quarter
  // is written off in each of four years. Tax of 25 % on 300 − 200 in years 1, 3 and 4, on 400 − 200 in year 2; the
  // salvage of 100 in year 4 is taxed too.
  @Test("grants, straight line and salvage meet tax where they should") func taxed() {
    var terms = terms(years: 4)
    terms.taxRate = 0.25
    terms.salvageShare = 0.1
    terms.depreciation = Depreciation(.straightLine(years: 4))
    terms.grants = [
      Grant(amount: 200), Grant(amount: 100, year: 2, isTaxable: true, reducesBasis: false),
    ]
    let accounts = ProjectAccounts(facts(saving: 300, years: 4), terms: terms)
    #expect(accounts.flow.amounts == [-800, 275, 350, 275, 350])
    #expect(accounts.site.map(\.tax) == [0, -25, -50, -25, -50])
    #expect(accounts.site.map(\.depreciation) == [0, 200, 200, 200, 200])
  }

  // An annuity of 1000 at 10 % over two years: 1000·0.1/(1 − 1.1⁻²) = 576.1905; interest 100 and 52.3810.
  @Test("a loan is paid back evenly or at the end, and its interest saves tax") func loans() {
    let annuity = Loan(fraction: 1, rate: 0.1, years: 2).payments(of: 1000)
    #expect(isClose(annuity[0].interest, 100, absolute: 1e-9))
    #expect(isClose(annuity[0].principal, 476.190476, absolute: 1e-6))
    #expect(isClose(annuity[1].interest, 52.380952, absolute: 1e-6))
    #expect(isClose(annuity[1].principal, 523.809524, absolute: 1e-6))
    #expect(
      Loan(fraction: 1, rate: 0.1, years: 2, kind: .bullet).payments(of: 1000)
        == [.init(interest: 100, principal: 0), .init(interest: 100, principal: 1000)])
    #expect(
      Loan(fraction: 1, rate: 0, years: 4).payments(of: 1000).map(\.principal)
        == [250, 250, 250, 250])
    var terms = terms(years: 3)
    terms.taxRate = 0.5
    terms.loan = Loan(fraction: 0.6, rate: 0.1, years: 5, kind: .bullet)
    let accounts = ProjectAccounts(facts(saving: 500, years: 3), terms: terms)
    // 600 borrowed; 60 of interest a year, of which tax takes half; all paid back with the third year.
    #expect(accounts.flow.amounts == [-400, 220, 220, -380])
    #expect(accounts.unborrowedFlow.amounts == [-1000, 250, 250, 250])
  }

  @Test("a credit asks where the energy comes from, if its rule does")
  func credits() {
    let rules = InvestmentCredit.GridCharging.allCases
    let shares = rules.map { rule in
      [nil, 0.6, 0.8].map {
        InvestmentCredit(fraction: 0.3, gridCharging: rule).share(solarShare: $0)
      }
    }
    for (found, expected) in zip(
      shares, [[0.3, 0.3, 0.3], [0, 0.18, 0.24], [0, 0, 0.24]] as [[Double]])
    {
      for (a, b) in zip(found, expected) { #expect(isClose(a, b, absolute: 1e-12)) }
    }
  }

  @Test("a real rate is turned into one in money") func realRate() {
    var terms = terms(years: 1)
    terms.inflation = 0.02
    #expect(terms.nominalDiscountRate == 0.05)
    terms.rateKind = .real
    #expect(isClose(terms.nominalDiscountRate, 0.071, absolute: 1e-12))
  }

  // Rent of 80 and 5 % of 1000 growing by 10 %, and a fifth of the saving of 300.
  @Test("a third party pays for the battery and is paid by the site") func thirdParty() throws {
    var terms = terms(years: 2)
    terms.ownership = Ownership(
      rentPerYear: 80, rentCapitalShare: 0.05, rentGrowth: 0.1, savingShare: 0.2, taxRate: 0.5,
      discountRate: 0.1)
    let accounts = ProjectAccounts(facts(saving: 300, years: 2), terms: terms)
    for (found, expected) in zip(accounts.flow.amounts, [0.0, 110, 97]) {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
    let owner = try #require(accounts.ownerFlow)
    for (found, expected) in zip(owner.amounts, [-1000, 95, 101.5]) {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
    // The site's saving of one more: four fifths of it stay.
    #expect(isClose(accounts.savingWeights[0], 0.8 / 1.05, absolute: 1e-12))
    #expect(terms.ownerDiscountRate == 0.1)
  }

  @Test("buying nothing is worth exactly nothing") func nothing() {
    let accounts = ProjectAccounts.none(years: 15)
    #expect(accounts.flow.netPresentValue(discountRate: 0.05) == 0)
    #expect(accounts.flow.internalRateOfReturn == nil)
    #expect(accounts.flow.modifiedRateOfReturn(rate: 0.05) == nil)
    #expect(accounts.site.allSatisfy { $0.net == 0 })
  }
}
