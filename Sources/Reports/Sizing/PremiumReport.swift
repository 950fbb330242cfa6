import Documents
import Studies

/// What every controller would have sold, side by side.
struct PremiumReport {
  private let study: SizingStudy
  private let premiums: [ForesightPremium]
  private let currency: String

  init(_ study: SizingStudy, versionName: String, currency: String) {
    self.study = study
    premiums = ForesightPremium.all(study.candidates, version: versionName)
    self.currency = currency
  }

  private func name(_ premium: ForesightPremium) -> String {
    study.candidates[premium.best].name
  }

  /// One row per way of planning.
  private var rows: [[String]] {
    premiums.map { premium in
      [
        premium.controller, name(premium), number(premium.promised), number(premium.real),
        number(premium.premium),
      ]
    }
  }

  /// The table, and what perfect foresight would have sold; nothing where no other controller was asked.
  var text: String {
    guard premiums.count > 1 else { return "" }
    var table = TextTable([
      ("planned with", .left), ("would buy", .left), ("promises NPV", .right),
      ("worth, as planned here", .right), ("promise beyond it", .right),
    ])
    for row in rows { table.add(row) }
    return "What each way of planning would have sold, \(currency)\n" + table.text + sentence + "\n"
  }

  /// What a tool with perfect foresight would have sold; nothing where the oracle was not asked.
  var sentence: String {
    guard let oracle = premiums.first(where: { $0.controller == "oracle" }) else { return "" }
    return "A tool with perfect foresight would have sold \(name(oracle)), promising "
      + "\(number(oracle.promised)) \(currency); as planned here it is worth "
      + "\(number(oracle.real)) \(currency).\n"
  }

  /// The same as a part of a page; nothing where no other controller was asked.
  var section: PageSection? {
    guard premiums.count > 1 else { return nil }
    return PageSection(
      "What each way of planning would have sold",
      [
        .text(sentence.replacing("\n", with: "")),
        .table(
          PageTable(
            [
              PageTable.Column("planned with", isWords: true),
              PageTable.Column("would buy", isWords: true),
              PageTable.Column("promises NPV \(currency)"),
              PageTable.Column("worth, as planned here \(currency)"),
              PageTable.Column("promise beyond it \(currency)"),
            ], rows: rows)),
      ])
  }

  private func number(_ amount: Double) -> String { NumberText.fixed(amount, decimals: 0) }

  /// The same as JSON.
  var json: JSONValue {
    .array(
      premiums.map { premium in
        let best = study.candidates[premium.best]
        return [
          "planned_with": .string(premium.controller),
          "name": .string(best.name),
          "battery_kwh": .number(best.energyKWh),
          "battery_kw": .number(best.powerKW),
          "promised_npv": .number(premium.promised),
          "npv": .number(premium.real),
        ]
      })
  }
}
