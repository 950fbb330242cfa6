package import Studies

extension CashFlowYear {
  /// The money of a year.
  package static let measures = MeasureList<CashFlowYear>([
    Measure("year", header: "year", "Year from 0, the time of the investment.") {
      .integer($0.year)
    },
    amount("capital", "Price of the system, negative.", \.capital),
    amount("saving", "What the battery saves, at the prices of the year.", \.saving),
    amount(
      "rent", "Rent and shares of the saving: paid by the site, received by the third party.",
      \.rent),
    amount("operation", "Operation and maintenance.", \.operation),
    amount("replacement", "New cells.", \.replacement),
    amount("grants", "Grants.", \.grants),
    amount("credit", "Credit for the investment.", \.credit),
    Measure(
      "depreciation", unit: .currency, "What is written off; it moves no money but tax."
    ) { .number($0.depreciation) },
    amount("tax", "Tax; positive where other income is taxed less.", \.tax),
    amount("loan", "What is borrowed, less interest and what is paid back.", \.loan),
    amount("salvage", "Value of the system at the end.", \.salvage),
    amount("net", "What is left of the year.", \.net),
    amount("cumulative", "Sum of all years to this one.", \.cumulative),
    amount(
      "discounted_cumulative", header: "discounted", "The same discounted to year 0.",
      \.discountedCumulative),
  ])

  private static func amount(
    _ key: String, header: String? = nil, _ meaning: String,
    _ value: @escaping @Sendable (CashFlowYear) -> Double
  ) -> Measure<CashFlowYear> {
    Measure(
      key, header: header ?? key, namesUnit: false, unit: .currency, decimals: 0, meaning
    ) { .number(value($0)) }
  }
}

/// A year of a party's money, with the candidate that it belongs to.
package struct CandidateYear: Sendable {
  /// The candidate.
  let candidate: SizingCandidate
  /// `site`, or `owner` for a third party.
  let party: String
  /// The year.
  let year: CashFlowYear

  /// Every year of every party of some candidates.
  static func all(_ candidates: [SizingCandidate]) -> [CandidateYear] {
    candidates.flatMap { candidate in
      let accounts = candidate.accounts
      return accounts.site.map { CandidateYear(candidate: candidate, party: "site", year: $0) }
        + (accounts.owner ?? []).map {
          CandidateYear(candidate: candidate, party: "owner", year: $0)
        }
    }
  }

  /// Columns of the file of cash flows.
  package static let measures =
    SizingCandidate.measures.only("battery_kwh", "battery_kw").of { $0.candidate }
    + MeasureList<CandidateYear>([
      Measure("party", unit: .words, in: .csv, "Whose money: `site`, or `owner` for a third party.")
      {
        .text($0.party)
      }
    ]) + CashFlowYear.measures.of { $0.year }
}

extension BillChange {
  /// A part of the bill before and after.
  package static let measures = MeasureList<BillChange>([
    Measure("name", header: "bill", unit: .words, "Name of the charge, or the month.") {
      .text($0.name)
    },
    Measure(
      "no_battery", header: "no battery", namesUnit: false, unit: .currency,
      "Without the battery."
    ) { .number($0.before) },
    Measure("battery", header: "battery", namesUnit: false, unit: .currency, "With it.") {
      .number($0.after)
    },
    Measure(
      "difference", header: "difference", namesUnit: false, unit: .currency,
      "With it less without."
    ) { .number($0.after - $0.before) },
  ])
}
