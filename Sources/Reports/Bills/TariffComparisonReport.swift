import Diagnostics
package import Documents
package import Studies

/// A ranking of tariffs as a table and as JSON.
package struct TariffComparisonReport: Sendable {
  private let comparison: TariffComparison

  /// Prepares the report of a comparison.
  package init(_ comparison: TariffComparison) { self.comparison = comparison }

  /// The ranking as a table.
  package var text: String {
    var table = TextTable([
      ("tariff", .left), ("currency", .left), ("total", .right), ("with battery", .right),
      ("saved", .right), ("planning gap", .right),
    ])
    for row in comparison.rows where row.total != nil {
      let saved = row.withBattery.flatMap { with in row.total.map { $0 - with } }
      table.add([
        row.name, row.currency, NumberText.fixed(row.total, decimals: 2),
        NumberText.fixed(row.withBattery, decimals: 2), NumberText.fixed(saved, decimals: 2),
        NumberText.fixed(row.surrogateGap, decimals: 2),
      ])
    }
    var text = table.text
    if comparison.battery != nil {
      text += "battery planned with the load known in advance, month by month\n"
    }
    for row in comparison.rows {
      if let reason = row.reason { text += "not billed: \(row.file): \(reason)\n" }
    }
    return text
  }

  /// The ranking in the form that other programs read.
  package var json: JSONValue {
    [
      "schema": "wattif.bill/1",
      "ranking": .array(
        comparison.rows.map { row in
          [
            "file": .string(row.file), "tariff": .string(row.name),
            "currency": .string(row.currency), "total": .optional(row.total),
            "with_battery": .optional(row.withBattery),
            "surrogate_gap": .optional(row.surrogateGap), "reason": .optional(row.reason),
            "warnings": .array(row.warnings.map { .string($0.message) }),
          ]
        }),
    ]
  }
}
