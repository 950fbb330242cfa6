import Diagnostics
import Documents
import Studies

/// The money of one candidate in full: by year, by source, by charge and by month.
struct SizingDetail {
  private let candidate: SizingCandidate
  private let none: SizingCandidate
  private let currency: String

  /// Takes the best candidate, or the battery that loses least where none pays; nothing without a battery.
  init?(_ study: SizingStudy, currency: String) {
    guard let shown = study.bestBattery else { return nil }
    candidate = shown
    none = study.candidates[0]
    self.currency = currency
  }

  private var charges: [BillChange] {
    BillChange.byRule(
      candidate.outcome, without: none.outcome, yearFactor: candidate.yearFactor)
  }

  private var size: String {
    "\(NumberText.rounded(candidate.energyKWh, decimals: 3)) kWh with "
      + "\(NumberText.rounded(candidate.powerKW, decimals: 3)) kW"
  }

  /// Cash flow, sources of the saving and bill, as text.
  var text: String {
    var parts = [
      "Cash flow of \(size), \(currency)\n" + flow(candidate.accounts.site).text
    ]
    if let owner = candidate.accounts.owner {
      parts.append("Cash flow of its owner, \(currency)\n" + flow(owner).text)
    }
    parts.append(sources)
    parts.append(
      "Bill of a year, \(currency)\n" + BillChange.measures.table(charges).text)
    return parts.joined(separator: "\n")
  }

  /// The table of some years, without the columns in which nothing stands.
  private func flow(_ years: [CashFlowYear]) -> TextTable {
    let always = ["year", "saving", "net", "cumulative", "discounted_cumulative"]
    let measures = CashFlowYear.measures.filtered { key in
      always.contains(key)
        || years.contains { (CashFlowYear.measures.scores($0)[key] ?? 0) != 0 }
    }
    return measures.table(years)
  }

  /// Where the saving comes from, largest first.
  private var sources: String {
    let benefits = candidate.benefits
    let parts: [(words: String, amount: Double)] = [
      ("energy bought earlier", benefits.arbitrage),
      ("production used later", benefits.selfConsumption),
      ("production not thrown away", benefits.curtailmentAvoided),
      ("energy sold", benefits.export), ("peaks", benefits.demandCharge),
      ("own draw", benefits.ownDraw), ("other", benefits.rest),
    ]
    let told = parts.filter { abs($0.amount) >= 0.5 }.sorted { $0.amount > $1.amount }.map {
      "\($0.words) \(number($0.amount))"
    }
    return
      "The first year's saving of \(number(candidate.year1Savings)) \(currency): "
      + "\(told.joined(separator: ", ")).\n"
  }

  private func number(_ amount: Double) -> String { NumberText.fixed(amount, decimals: 0) }

  /// The same as JSON.
  var json: JSONValue {
    let accounts = candidate.accounts
    return [
      "battery_kwh": .number(candidate.energyKWh),
      "battery_kw": .number(candidate.powerKW),
      "cash_flow": CashFlowYear.measures.list(accounts.site),
      "owner_cash_flow": accounts.owner.map { CashFlowYear.measures.list($0) } ?? .null,
      "bill_by_charge": BillChange.measures.list(charges),
      "bill_by_month": BillChange.measures.list(
        BillChange.byMonth(candidate.outcome, without: none.outcome)),
    ]
  }
}
