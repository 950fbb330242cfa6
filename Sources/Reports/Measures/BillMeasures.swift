import Documents
package import Tariffs

extension MonthBill {
  /// The parts of a month's bill and what was metered in it.
  package static let measures = names + amounts + metered + credit

  private static let names = MeasureList<MonthBill>([
    Measure(
      "month", header: "month", unit: .words, "Month on the local calendar, such as `2024-01`."
    ) { .text($0.month) }
  ])

  private static let amounts = MeasureList<MonthBill>([
    Measure("energy", header: "energy", unit: .currency, "Charges on energy, taxes included.") {
      .number($0.energy)
    },
    Measure("demand", header: "demand", namesUnit: false, unit: .currency, "Charges on power.") {
      .number($0.demand)
    },
    Measure(
      "fixed", header: "fixed", namesUnit: false, unit: .currency,
      "Amounts that do not depend on use."
    ) { .number($0.fixed) },
    Measure(
      "export", header: "export", namesUnit: false, unit: .currency, "Credit for export, negative."
    ) { .number($0.export) },
    Measure(
      "minimum_adjustment", header: "minimum", namesUnit: false, unit: .currency,
      "What minimum charges add."
    ) { .number($0.minimumAdjustment) },
    Measure("total", header: "total", namesUnit: false, unit: .currency, "Sum of the five.") {
      .number($0.total)
    },
  ])

  private static let metered = MeasureList<MonthBill>([
    Measure(
      "import_kwh", header: "import", unit: .kWh, decimals: 1, "Energy imported at the meter."
    ) { .number($0.importKWh) },
    Measure(
      "export_kwh", header: "export", unit: .kWh, decimals: 1, "Energy exported at the meter."
    ) { .number($0.exportKWh) },
    Measure(
      "peak_kw", header: "peak", unit: .kW,
      "Highest import over the shortest metering interval of the tariff."
    ) { .number($0.peakKW) },
  ])

  private static let credit = MeasureList<MonthBill>([
    Measure(
      "covered_fraction", unit: .fraction,
      "Share of the calendar month that the data cover; fixed charges are billed by it."
    ) { .number($0.coveredFraction) },
    Measure("missing_slots", unit: .slots, "Slots without a value, billed as zero.") {
      .integer($0.missingSlots)
    },
    Measure("credit_balance", unit: .currency, "Credit in money left at the end of the month.") {
      .number($0.creditBalance)
    },
    Measure("credit_balance_kwh", unit: .kWh, "Credit in energy left at the end of the month.") {
      .number($0.creditBalanceKWh)
    },
    Measure(
      "carbon_kg", unit: .kg,
      "Carbon dioxide of the energy imported by the factors of the tariff; none without."
    ) { .number($0.carbonKg) },
    Measure(
      "over_import_limit_kwh", unit: .kWh, "Energy imported above the tariff's import limit."
    ) { .number($0.overImportLimitKWh) },
    Measure(
      "over_export_limit_kwh", unit: .kWh, "Energy exported above the tariff's export limit."
    ) { .number($0.overExportLimitKWh) },
    Measure("lines", unit: .list, in: .json, "The parts of the bill.") { month in
      .json(.array(month.lines.map { BillLine.measures.json($0) }))
    },
  ])
}

extension BillLine {
  /// One line of a bill.
  package static let measures = MeasureList<BillLine>([
    Measure(
      "part", unit: .words,
      "The sum of the month that it is part of: `energy`, `demand`, `fixed`, `export` or `minimum`."
    ) { .text($0.part.rawValue) },
    Measure("rule", header: "rule", unit: .words, "Name of the rule, and of its period or tier.") {
      .text($0.rule)
    },
    Measure("quantity", header: "quantity", "What is billed.") { .number($0.quantity) },
    Measure("unit", header: "unit", unit: .words, "Unit of the quantity.") { .text($0.unit) },
    Measure(
      "price", header: "price", namesUnit: false, decimals: 5, "Price of a unit, in the currency."
    ) {
      .number($0.price)
    },
    Measure("amount", header: "amount", namesUnit: false, unit: .currency, "Quantity times price.")
    {
      .number($0.amount)
    },
  ])
}

/// A month of a replay's bill, with what the planner's prices left unexplained.
struct ReplayMonth {
  var bill: MonthBill
  /// Exact bill less cost at planning prices; nothing where it is not known. [currency]
  var surrogateGap: Double?
}

extension ReplayMonth {
  /// The months of a replay.
  static let measures =
    MonthBill.measures.only(
      "month", "energy", "demand", "fixed", "export", "minimum_adjustment", "import_kwh",
      "export_kwh", "peak_kw"
    ).of { $0.bill }
    + MeasureList<ReplayMonth>([
      Measure("bill", unit: .currency, "Exact bill of the month.") { .number($0.bill.total) },
      Measure(
        "surrogate_gap", unit: .currency,
        "Exact bill less the cost at the prices that plans are made with."
      ) { .number($0.surrogateGap) },
    ])
}
