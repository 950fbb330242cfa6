import Diagnostics
package import Documents
import Replay
package import Studies

/// A ranking of tariffs as a table and as JSON.
package struct TariffComparisonReport: Sendable {
  private let comparison: TariffComparison

  /// Prepares the report of a comparison.
  package init(_ comparison: TariffComparison) { self.comparison = comparison }

  /// The sentence that says what came out: the cheapest tariff of each currency.
  private var verdict: String {
    let billed = comparison.rows.filter { $0.total != nil }
    let currencies = billed.map(\.currency).reduce(into: [String]()) { found, currency in
      if !found.contains(currency) { found.append(currency) }
    }
    guard !currencies.isEmpty else { return "No tariff could be billed." }
    let sentences = currencies.map { currency in
      cheapest(of: billed.filter { $0.currency == currency })
    }
    let refused = comparison.rows.count - billed.count
    let text =
      sentences.joined(separator: "; ")
      + (refused == 0 ? "" : "; \(refused) of \(comparison.rows.count) could not be billed")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private func cheapest(of rows: [TariffComparison.Row]) -> String {
    func cost(_ row: TariffComparison.Row) -> Double { row.withBattery ?? row.total ?? 0 }
    func money(_ amount: Double) -> String {
      "\(NumberText.fixed(amount, decimals: 2)) \(rows[0].currency)"
    }
    let what =
      "'\(rows[0].name)' at \(money(cost(rows[0]))) \(comparison.grid.overDays)"
      + (rows[0].withBattery == nil ? "" : " with the battery and the load known in advance")
    guard rows.count > 1 else { return "the only tariff in \(rows[0].currency) is \(what)" }
    let gap = cost(rows[1]) - cost(rows[0])
    return "cheapest of \(rows.count) tariffs in \(rows[0].currency) is \(what), "
      + (gap < PairedInterval.cent
        ? "as much as '\(rows[1].name)'" : "\(money(gap)) below '\(rows[1].name)'")
  }

  /// The verdict and the ranking as a table.
  package var text: String {
    var table = TextTable([
      ("tariff", .left), ("currency", .left), ("total", .right), ("with battery", .right),
      ("saved", .right), ("planning gap", .right),
    ])
    for row in comparison.rows where row.total != nil {
      table.add([
        row.name, row.currency, NumberText.fixed(row.total, decimals: 2),
        NumberText.fixed(row.withBattery, decimals: 2), NumberText.fixed(row.saved, decimals: 2),
        NumberText.fixed(row.surrogateGap, decimals: 2),
      ])
    }
    var text = verdict + "\n\n" + table.text
    if comparison.battery != nil {
      text += "battery planned with the load known in advance, month by month\n"
    }
    for row in comparison.rows {
      if let battery = comparison.battery, let none = row.withoutBattery {
        text += battery.curtailment.remarks(
          curtailedKWh: none.curtailedKWh, value: none.value, currency: row.currency
        ).map { "'\(row.name)': \($0)\n" }.joined()
      }
      if let reason = row.reason { text += "not billed: \(row.file): \(reason)\n" }
    }
    return text
  }

  /// The ranking in the form that other programs read.
  package var json: JSONValue {
    [
      "schema": "wattif.bill/1",
      "verdict": .string(verdict),
      "curtailment": .optional(comparison.battery?.curtailment.rawValue),
      "ranking": .array(
        comparison.rows.map { row in
          [
            "file": .string(row.file), "tariff": .string(row.name),
            "currency": .string(row.currency), "total": .optional(row.total),
            "with_battery": .optional(row.withBattery), "saved": .optional(row.saved),
            "curtailed_kwh": .optional(row.withoutBattery?.curtailedKWh),
            "curtailment_value": .optional(row.withoutBattery?.value),
            "surrogate_gap": .optional(row.surrogateGap), "reason": .optional(row.reason),
            "warnings": .array(row.warnings.map { .string($0.message) }),
          ]
        }),
    ]
  }
}
