package import Documents
package import Tariffs

/// What loads with meters of their own cost, the same in every run.
package struct MeterReport: Sendable {
  private let bills: [MeterBill]
  private let currency: String

  /// What is told above the table.
  private static let title = "Meters of their own, the same in every run"

  /// Takes the bills of a scenario's meters.
  package init(_ bills: [MeterBill], currency: String) {
    self.bills = bills
    self.currency = currency
  }

  static let measures = MeasureList<MeterBill>([
    Measure("meter", header: "meter", unit: .words, "Name of the meter.") { .text($0.name) },
    Measure("tariff", header: "tariff", unit: .words, "Name of its tariff.") { .text($0.tariff) },
    Measure("import_kwh", header: "import", unit: .kWh, decimals: 1, "Energy of the period.") {
      .number($0.importKWh)
    },
    Measure("peak_kw", header: "peak", unit: .kW, decimals: 1, "Highest import of the period.") {
      .number($0.bill.months.map(\.peakKW).max())
    },
    Measure("bill", header: "bill", unit: .currency, "Exact bill; no run's cost contains it.") {
      .number($0.bill.total)
    },
    Measure(
      "unmeasured_slots", header: "unmeasured", unit: .slots,
      "Intervals without a value, which nobody is billed for."
    ) { .integer($0.unmeasuredSlots) },
    Measure("months", unit: .list, in: .json, "Its bill month by month.") {
      .json(MonthBill.measures.list($0.bill.months))
    },
  ])

  /// The table for a terminal with its heading; nothing without such a meter.
  package var text: String {
    bills.isEmpty
      ? "" : "\n\(Self.title):\n" + Self.measures.table(bills, currency: currency).text
  }

  /// The table for a page; nothing without such a meter.
  package var section: PageSection? {
    bills.isEmpty
      ? nil : PageSection(Self.title, [.table(PageTable(Self.measures, bills, currency: currency))])
  }

  /// The meters as JSON; nothing without one.
  package var json: JSONValue? {
    // Not `nil`, which would be read as the null of JSON.
    bills.isEmpty ? Optional.none : .some(Self.measures.list(bills))
  }

  /// The meters as a file, by its name; none without such a meter.
  package var files: [String: String] {
    bills.isEmpty ? [:] : ["meters.csv": Self.measures.csv(bills)]
  }
}
