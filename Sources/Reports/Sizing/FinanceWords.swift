import Diagnostics
import Documents
import Studies

/// How money is counted, in sentences, so that a bank can check it.
struct FinanceWords {
  private let terms: FinanceTerms
  private let lifetime: LifetimeSettings
  /// The candidate whose errors stand for all.
  private let best: SizingCandidate?
  private let currency: String

  init(_ settings: SizingSettings, best: SizingCandidate?, currency: String) {
    terms = settings.finance
    lifetime = settings.lifetime
    self.best = best
    self.currency = currency
  }

  /// The conventions in force, one sentence each; what is not used is not told.
  var sentences: [String] {
    [time, growth] + [operation, cells, years, salvage].compactMap { $0 } + terms.grants.map(grant)
      + [credit, writtenOff, tax, loan, owner].compactMap { $0 }
  }

  private var time: String {
    let rate =
      terms.rateKind == .real
      ? "\(percent(terms.discountRate)) above inflation of \(percent(terms.inflation)), "
        + "\(percent(terms.nominalDiscountRate)) in money"
      : percent(terms.discountRate)
    return "\(terms.years) years, discount rate \(rate); amounts fall at the end of their year."
  }

  private var growth: String {
    let from =
      terms.firstGrowth == .firstYear ? "already in the first year" : "from the second year"
    return "Savings grow by \(percent(terms.escalationRate)) a year, \(from)."
  }

  private var operation: String? {
    let costs = terms.operation
    var parts: [String] = []
    if costs.capitalShare > 0 { parts.append("\(percent(costs.capitalShare)) of the capital") }
    if costs.perKWh > 0 { parts.append("\(money(costs.perKWh)) per kWh") }
    if costs.perKW > 0 { parts.append("\(money(costs.perKW)) per kW") }
    if costs.perYear > 0 { parts.append(money(costs.perYear)) }
    guard !parts.isEmpty else { return nil }
    return "Operation costs \(listed(parts, "and")) a year\(inflated)."
  }

  private var inflated: String {
    terms.inflation == 0 ? "" : ", growing with inflation of \(percent(terms.inflation))"
  }

  private var cells: String {
    let change =
      terms.replacementPriceChange == 0
      ? "" : ", changing by \(percent(terms.replacementPriceChange)) a year besides inflation"
    let price = "\(money(terms.replacementPerKWh)) per kWh\(inflated)\(change)"
    guard lifetime.fade == .model else {
      return
        "Cells are replaced at \(price) when the twin's share of life used reaches a whole battery; fade does not "
        + "lower savings before that."
    }
    let action =
      lifetime.endOfLife == .replace
      ? "all cells are bought anew" : "as much is added as they have lost"
    return "When the weakest cells come to the end of their life \(action), at \(price)."
  }

  /// How years that were not replayed follow from those that were.
  private var years: String? {
    guard lifetime.fade == .model else { return nil }
    let replayed = lifetime.replayed(of: terms.years)
    let load =
      lifetime.loadGrowth == 0
      ? "" : "The load grows by \(percent(lifetime.loadGrowth)) a year from the second year. "
    guard replayed.count < terms.years else { return load + "Every year was replayed." }
    let which =
      replayed.count == 1
      ? "Year 1 was replayed" : "Years \(listed(replayed.map { "\($0)" }, "and")) were replayed"
    let savings =
      lifetime.loadGrowth == 0
      ? "savings follow the capacity: straight between replayed years, in proportion below them"
      : "savings run straight between them"
    let errors = [
      best?.life.fadeError.map { "fade was missed by at most \(percent($0)) of the capacity" },
      best?.life.savingError.map {
        "savings of a replayed year, read from the others, by at most \(percent($0))"
      },
    ].compactMap { $0 }
    let told =
      errors.isEmpty
      ? " How far that is off is known once more years are replayed ('lifetime.replayed_years')."
      : " In replayed years \(errors.joined(separator: ", "))."
    return
      "\(load)\(which); in the others fade follows the ageing model at the same use and \(savings).\(told)"
  }

  private var salvage: String? {
    terms.salvageShare == 0
      ? nil : "At the end the system is worth \(percent(terms.salvageShare)) of its price."
  }

  private func grant(_ grant: Grant) -> String {
    var parts: [String] = []
    if grant.amount > 0 { parts.append(money(grant.amount)) }
    if grant.perKWh > 0 { parts.append("\(money(grant.perKWh)) per kWh") }
    if grant.perKW > 0 { parts.append("\(money(grant.perKW)) per kW") }
    if grant.capitalShare > 0 { parts.append("\(percent(grant.capitalShare)) of the capital") }
    let most = grant.most.isFinite ? ", at most \(money(grant.most))" : ""
    let taxed = grant.isTaxable ? ", taxed" : ""
    let basis = grant.reducesBasis ? "" : ", without lowering the basis"
    return
      "Grant '\(grant.name)': \(listed(parts, "and"))\(most), in year \(grant.year)\(taxed)\(basis)."
  }

  private var credit: String? {
    guard let credit = terms.credit else { return nil }
    let rule =
      switch credit.gridCharging {
      case .allowed: "however it is charged"
      case .share: "for the share of the charge that comes from production on site"
      case .threeQuarters:
        "for the share of the charge that comes from production on site, from three quarters on"
      }
    return
      "An investment credit of \(percent(credit.fraction)) at the end of year 1, \(rule); "
      + "\(percent(credit.basisReduction)) of it lower the depreciable basis."
  }

  private var writtenOff: String? {
    let bonus =
      terms.depreciation.bonus > 0
      ? ", \(percent(terms.depreciation.bonus)) of it in the first year as a bonus" : ""
    switch terms.depreciation.method {
    case .none: return nil
    case .straightLine(let years):
      return "Written off evenly over \(years) years\(bonus)."
    case .macrs(let years):
      return "Written off by the \(years)-year MACRS table, half-year convention\(bonus)."
    }
  }

  private var tax: String? {
    terms.taxRate == 0
      ? nil
      : "Savings bear \(percent(terms.taxRate)) of tax, costs save it; losses are set off against other income "
        + "of the year."
  }

  private var loan: String? {
    guard let loan = terms.loan else { return nil }
    let kind =
      loan.kind == .annuity ? "equal yearly amounts" : "interest yearly, the principal at the end"
    return
      "\(percent(loan.fraction)) of the capital after grants is borrowed at \(percent(loan.rate)) over "
      + "\(loan.years) years: \(kind). Paybacks are counted as if nothing were borrowed."
  }

  private var owner: String? {
    guard let owner = terms.ownership else { return nil }
    var parts: [String] = []
    if owner.rentPerYear > 0 { parts.append("\(money(owner.rentPerYear)) a year") }
    if owner.rentCapitalShare > 0 {
      parts.append("\(percent(owner.rentCapitalShare)) of the capital a year")
    }
    if owner.savingShare > 0 { parts.append("\(percent(owner.savingShare)) of the saving") }
    let growth =
      owner.rentGrowth == 0 ? "" : ", rent growing by \(percent(owner.rentGrowth)) a year"
    return
      "A third party buys and keeps the battery, for \(parts.isEmpty ? "nothing" : listed(parts, "and"))\(growth). "
      + "Net present value is the site's; a size by which the owner would lose "
      + "(discount rate \(percent(terms.ownerDiscountRate)), tax \(percent(owner.taxRate))) is not offered."
  }

  private func percent(_ share: Double) -> String { NumberText.percent(share) }

  private func money(_ amount: Double) -> String {
    "\(NumberText.rounded(amount, decimals: 2)) \(currency)"
  }
}
