import Studies

extension FinanceTerms {
  /// Reads the keys of `size` that say how money is counted.
  init(_ reader: MappingReader) {
    let capital = reader.section("capital") { CapitalCosts($0) } ?? CapitalCosts(perKWh: 0)
    var terms = FinanceTerms(capital: capital)
    terms.operation =
      reader.optionalSection("operation") { section in
        OperationCosts(
          perKWh: section.number("per_kwh", .zeroOrMore, default: 0),
          perKW: section.number("per_kw", .zeroOrMore, default: 0),
          perYear: section.number("per_year", .zeroOrMore, default: 0))
      } ?? terms.operation
    terms.operation.capitalShare = reader.number(
      "operation_fraction_per_year", .fraction, default: terms.operation.capitalShare)
    terms.replacementPerKWh = reader.number(
      "replacement_per_kwh", .zeroOrMore, default: terms.replacementPerKWh)
    terms.replacementPriceChange = reader.number(
      "replacement_price_change_fraction", .within(-0.5...1), default: 0)
    terms.salvageShare = reader.number("salvage_fraction", .fraction, default: 0)
    terms.years = reader.integer("years", 1...60, default: terms.years)
    terms.grants = reader.optionalList("grants") { Grant($0, years: terms.years) } ?? []
    terms.credit = reader.optionalSection("investment_credit") { InvestmentCredit($0) }
    terms.depreciation =
      reader.optionalSection("depreciation") { Depreciation($0) } ?? terms.depreciation
    terms.taxRate = reader.number("tax_rate_fraction", .fraction, default: 0)
    terms.loan = reader.optionalSection("loan") { Loan($0) }
    terms.inflation = reader.number("inflation_fraction", .within(-0.5...1), default: 0)
    terms.discountRate = reader.number(
      "discount_rate_fraction", .within(-0.5...1), default: terms.discountRate)
    terms.rateKind = reader.choice("discount_rate_kind", default: terms.rateKind)
    terms.escalationRate = reader.number(
      "escalation_fraction", .within(-0.5...1), default: terms.escalationRate)
    terms.firstGrowth = reader.choice("escalation_from", default: terms.firstGrowth)
    terms.pricePath = reader.optionalNumbers("price_path", .positive) ?? []
    terms.ownership = reader.optionalSection("third_party") { Ownership($0) }
    if terms.taxRate == 0, (terms.ownership?.taxRate ?? 0) == 0 {
      reader.require(
        terms.depreciation.method == .none, "depreciation",
        "'depreciation' moves nothing but tax; give the rate of whoever buys the battery",
        notes: ["'tax_rate_fraction' of 'size', or of 'third_party' where one owns it"])
    }
    self = terms
  }
}

extension CapitalCosts {
  /// Reads `capital`.
  fileprivate init(_ reader: MappingReader) {
    self.init(
      perKWh: reader.number("per_kwh", .zeroOrMore),
      perKW: reader.number("per_kw", .zeroOrMore, default: 0),
      fixed: reader.number("fixed", .zeroOrMore, default: 0),
      steps: reader.optionalList("steps") { step in
        Step(
          aboveKWh: step.number("above_kwh", .zeroOrMore),
          amount: step.number("amount", .zeroOrMore))
      } ?? [])
  }
}

extension Grant {
  /// Reads one of `grants`.
  fileprivate init(_ reader: MappingReader, years: Int) {
    let usual = Grant()
    self.init(
      name: reader.text("name", default: usual.name),
      amount: reader.number("amount", .zeroOrMore, default: 0),
      perKWh: reader.number("per_kwh", .zeroOrMore, default: 0),
      perKW: reader.number("per_kw", .zeroOrMore, default: 0),
      capitalShare: reader.number("capital_fraction", .fraction, default: 0),
      most: reader.number("most", .zeroOrMore, default: usual.most),
      year: reader.integer("year", 0...years, default: usual.year),
      isTaxable: reader.boolean("is_taxable", default: usual.isTaxable),
      reducesBasis: reader.boolean("reduces_basis", default: usual.reducesBasis))
    reader.require(
      amount + perKWh + perKW + capitalShare > 0, "name",
      "a grant needs 'amount', 'per_kwh', 'per_kw' or 'capital_fraction'")
  }
}

extension InvestmentCredit {
  /// Reads `investment_credit`.
  fileprivate init(_ reader: MappingReader) {
    let usual = InvestmentCredit(fraction: 0)
    self.init(
      fraction: reader.number("fraction", .fraction),
      basisReduction: reader.number(
        "basis_reduction_fraction", .fraction, default: usual.basisReduction),
      gridCharging: reader.choice("grid_charging", default: usual.gridCharging))
  }
}

extension Depreciation {
  private enum Name: String, CaseIterable {
    case straightLine = "straight_line"
    case macrs
  }

  /// Reads `depreciation`.
  fileprivate init(_ reader: MappingReader) {
    let bonus = reader.number("bonus_fraction", .fraction, default: 0)
    let name = reader.choice("method", Name.self)
    let years = reader.integer("years", 1...60)
    guard name == .macrs else {
      self.init(.straightLine(years: years), bonus: bonus)
      return
    }
    reader.require(
      Self.macrsYears.contains(years), "years",
      "'years' of 'macrs' must be 3, 5, 7, 10, 15 or 20, found '\(years)'")
    self.init(.macrs(years: years), bonus: bonus)
  }
}

extension Loan {
  /// Reads `loan`.
  fileprivate init(_ reader: MappingReader) {
    self.init(
      fraction: reader.number("fraction", .fraction),
      rate: reader.number("rate_fraction", .within(0...1)),
      years: reader.integer("years", 1...60),
      kind: reader.choice("kind", default: .annuity))
  }
}

extension Ownership {
  /// Reads `third_party`.
  fileprivate init(_ reader: MappingReader) {
    self.init(
      rentPerYear: reader.number("rent_per_year", .zeroOrMore, default: 0),
      rentCapitalShare: reader.number("rent_capital_fraction", .fraction, default: 0),
      rentGrowth: reader.number("rent_growth_fraction", .within(-0.5...1), default: 0),
      savingShare: reader.number("saving_fraction", .fraction, default: 0),
      taxRate: reader.number("tax_rate_fraction", .fraction, default: 0),
      discountRate: reader.optionalNumber("discount_rate_fraction", .within(-0.5...1)))
  }
}
