import Diagnostics
package import Documents
import Replay
package import Studies
import Tariffs

/// Rules for pricing peaks inside a plan, side by side, as a table and as JSON.
package struct PeakRuleReport: Sendable {
  private let comparison: PeakRuleComparison

  /// Prepares the report of a comparison.
  package init(_ comparison: PeakRuleComparison) { self.comparison = comparison }

  /// What the best rule saves, in words; nothing where no rule was tried.
  var bestSaving: String? {
    guard let best = comparison.rows.min(by: { $0.bill.total < $1.bill.total }) else { return nil }
    let saved = comparison.withoutBattery.bill.total - best.bill.total
    guard saved >= PairedInterval.cent else {
      return "even with the load known in advance the battery would save nothing"
    }
    let isAlike = comparison.rows.allSatisfy {
      abs($0.bill.total - best.bill.total) < PairedInterval.cent
    }
    return "with the load known in advance the battery would save "
      + "\(NumberText.fixed(saved, decimals: 2)) \(comparison.currency) of it"
      + (isAlike ? "" : ", pricing peaks by '\(best.rule.rawValue)'")
  }

  /// Rules with their bills and the gap of the planning prices.
  package var text: String {
    var table = TextTable(header.enumerated().map { ($1, $0 == 0 ? .left : .right) })
    for row in rows { table.add(row) }
    return table.text + TextLayout.current.notes(notes)
  }

  private var header: [String] {
    ["peak pricing", "total \(comparison.currency)", "energy", "demand", "saved", "planning gap"]
  }

  private var rows: [[String]] {
    [cells("no battery", comparison.withoutBattery.bill, gap: nil)]
      + comparison.rows.map { row in
        cells(row.rule.rawValue, row.bill, gap: row.gaps.reduce(0) { $0 + $1.gap })
      }
  }

  /// The rules as a part of a page.
  var section: PageSection {
    PageSection(
      "With a battery, by how peaks are priced in its plans",
      [.table(PageTable(header: header, rows: rows)), .list(notes)])
  }

  /// What is to be read below the table.
  private var notes: [String] {
    let remarks = comparison.battery.curtailment.remarks(
      curtailedKWh: comparison.withoutBattery.curtailedKWh, value: comparison.withoutBattery.value,
      currency: comparison.currency)
    return ["plans of 36 h with the load known in advance, exact bills"] + remarks
  }

  /// The setting that binds every row, and what throwing production away comes to without a battery.
  var curtailment: [String: JSONValue] {
    [
      "curtailment": .string(comparison.battery.curtailment.rawValue),
      "curtailed_kwh": .number(comparison.withoutBattery.curtailedKWh),
      "curtailment_value": .number(comparison.withoutBattery.value),
    ]
  }

  private func cells(_ name: String, _ bill: Bill, gap: Double?) -> [String] {
    func money(_ value: Double?) -> String { NumberText.fixed(value, decimals: 2) }
    return [
      name, money(bill.total), money(Self.energy(bill)), money(Self.demand(bill)),
      money(comparison.withoutBattery.bill.total - bill.total), money(gap),
    ]
  }

  /// What energy costs less the credit for export. [currency]
  private static func energy(_ bill: Bill) -> Double {
    bill.months.reduce(0) { $0 + $1.energy + $1.export }
  }

  private static func demand(_ bill: Bill) -> Double { bill.months.reduce(0) { $0 + $1.demand } }

  /// Rules with their months in the form that other programs read.
  package var json: JSONValue {
    .array(
      comparison.rows.map { row in
        [
          "rule": .string(row.rule.rawValue), "total": .number(row.bill.total),
          "energy": .number(Self.energy(row.bill)), "demand": .number(Self.demand(row.bill)),
          "saved": .number(comparison.withoutBattery.bill.total - row.bill.total),
          "months": .array(
            zip(row.bill.months, row.gaps).enumerated().map { index, pair in
              [
                "month": .string(pair.0.month), "total": .number(pair.0.total),
                "demand": .number(pair.0.demand), "peak_kw": .number(pair.0.peakKW),
                "surrogate_gap": .number(pair.1.gap),
                "target_share": .optional(
                  row.shares.indices.contains(index) ? row.shares[index] : nil),
              ]
            }),
        ]
      })
  }
}
