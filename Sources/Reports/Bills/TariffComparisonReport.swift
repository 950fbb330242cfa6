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
  var verdict: String {
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
    var table = TextTable(Self.columns)
    for row in rows { table.add(row) }
    return verdict + "\n\n" + table.text + TextLayout.current.notes(notes)
  }

  private static let columns: [(header: String, alignment: TextTable.Alignment)] = [
    ("tariff", .left), ("currency", .left), ("total", .right), ("with battery", .right),
    ("saved", .right), ("planning gap", .right),
  ]

  private var rows: [[String]] {
    comparison.rows.filter { $0.total != nil }.map { row in
      [
        row.name, row.currency, NumberText.fixed(row.total, decimals: 2),
        NumberText.fixed(row.withBattery, decimals: 2), NumberText.fixed(row.saved, decimals: 2),
        NumberText.fixed(row.surrogateGap, decimals: 2),
      ]
    }
  }

  /// The ranking as a page.
  package func page(title: String) -> Page {
    let billed = comparison.rows.filter { $0.total != nil }
    let currencies = Set(billed.map(\.currency)).sorted()
    var page = Page(title: title, verdict: verdict, warnings: notes)
    page.sections = [
      PageSection(
        "What each tariff costs",
        currencies.map { currency in
          let hasBattery = comparison.battery != nil
          return .chart(
            BarChart(
              title: "Bill under each tariff \(comparison.grid.overDays), \(currency)",
              unit: currency,
              series: hasBattery ? ["without a battery", "with the battery"] : ["bill"],
              groups: billed.filter { $0.currency == currency }.map { row in
                BarChart.Group(
                  name: row.name,
                  values: [row.total ?? .nan] + (hasBattery ? [row.withBattery ?? .nan] : []))
              }))
        }),
      PageSection(
        "Ranking",
        [
          .table(
            PageTable(
              Self.columns.map {
                PageTable.Column($0.header, isWords: $0.alignment == .left)
              }, rows: rows))
        ]),
    ]
    return page
  }

  /// What is to be read below the ranking.
  private var notes: [String] {
    var lines: [String] = []
    if comparison.battery != nil {
      lines.append("battery planned with the load known in advance, month by month")
    }
    for row in comparison.rows {
      if let battery = comparison.battery, let none = row.withoutBattery {
        lines += battery.curtailment.remarks(
          curtailedKWh: none.curtailedKWh, value: none.value, currency: row.currency
        ).map { "'\(row.name)': \($0)" }
      }
      if let reason = row.reason { lines.append("not billed: \(row.file): \(reason)") }
    }
    return lines
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
