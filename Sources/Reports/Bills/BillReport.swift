package import Diagnostics
package import Documents
package import Studies
package import Tariffs
package import TimeSeries

/// A bill as text and as JSON.
package struct BillReport: Sendable {
  let bill: Bill
  let tariff: Tariff
  let warnings: [Diagnostic]
  let explanation: [PriceExplanation]?
  let peakRules: PeakRuleReport?

  /// Prepares the report of a bill.
  ///
  /// - Parameters:
  ///   - bill: The bill.
  ///   - tariff: Its tariff.
  ///   - warnings: What is worth knowing of the tariff, and of the site under it.
  ///   - explanation: Which rule priced which time of a day, or nothing.
  ///   - peakRules: Rules for pricing peaks side by side, or nothing.
  package init(
    bill: Bill, tariff: Tariff, warnings: [Diagnostic], explanation: [PriceExplanation]?,
    peakRules: PeakRuleComparison?
  ) {
    self.bill = bill
    self.tariff = tariff
    self.warnings = warnings
    self.explanation = explanation
    self.peakRules = peakRules.map(PeakRuleReport.init)
  }

  /// The sentence that says what came out.
  var verdict: String {
    let named = parts.filter { abs($0.amount) >= PairedInterval.cent }.map {
      "\($0.name) \(money($0.amount))"
    }
    var text =
      "The bill under '\(tariff.name)' for \(span) is \(money(bill.total)) \(tariff.currency)"
      + (named.isEmpty ? "" : ": \(named.joined(separator: ", "))")
    if let saved = peakRules?.bestSaving {
      text += "; \(saved)"
    }
    return text + "."
  }

  /// What the total is made of.
  var parts: [(name: String, amount: Double)] {
    [
      ("energy", bill.months.reduce(0) { $0 + $1.energy }),
      ("demand", bill.months.reduce(0) { $0 + $1.demand }),
      ("fixed", bill.months.reduce(0) { $0 + $1.fixed }),
      ("export", bill.months.reduce(0) { $0 + $1.export }),
      ("minimum charges", bill.months.reduce(0) { $0 + $1.minimumAdjustment }),
    ]
  }

  /// The months that are billed.
  var span: String {
    bill.months.count == 1
      ? bill.months[0].month
      : "\(bill.months.first?.month ?? "") to \(bill.months.last?.month ?? "")"
  }

  /// The verdict, months, then the lines of each, then the explained day.
  package func text(zone: Zone) -> String {
    var text = verdict + "\n\n"
    var months = MonthBill.measures.table(bill.months)
    months.addRule()
    months.add(MonthBill.measures.totals(bill.months, named: "total", without: "peak_kw"))
    text += months.text
    for month in bill.months {
      text += "\n\(month.month)"
      if month.coveredFraction < 1 {
        text += " (\(NumberText.percent(month.coveredFraction)) of the month)"
      }
      if month.missingSlots > 0 { text += ", \(month.missingSlots) steps without a value" }
      text += "\n"
      text += BillLine.measures.table(month.lines).text(in: TextLayout.current.inset(by: 2))
        .split(separator: "\n").map { "  \($0)\n" }.joined()
    }
    text += explained(zone)
    if let peakRules { text += "\n" + peakRules.text }
    return text
  }

  private func explained(_ zone: Zone) -> String {
    guard let explanation, let first = explanation.first else { return "" }
    var table = TextTable(Self.explanationColumns)
    for row in explanationRows(zone) { table.add(row) }
    return "\nprices of the day, a \(first.dayType)\n" + table.text
  }

  static let explanationColumns: [(header: String, alignment: TextTable.Alignment)] = [
    ("from", .left), ("to", .left), ("buy", .right), ("sell", .right), ("rules", .left),
  ]

  /// Which rules price which stretch of the explained day.
  func explanationRows(_ zone: Zone) -> [[String]] {
    (explanation ?? []).map { stretch in
      let rules =
        stretch.buy.map {
          "\($0.charge): \($0.period) \(NumberText.fixed($0.pricePerKWh, decimals: 4))"
        }
        + stretch.demand.map { "\($0.charge): \($0.period) \(money($0.pricePerKW))/kW" }
      return [
        Instant.localText(stretch.start, zone: zone), Instant.localText(stretch.end, zone: zone),
        NumberText.fixed(stretch.buyPerKWh, decimals: 4),
        NumberText.fixed(stretch.sellPerKWh, decimals: 4), rules.joined(separator: "; "),
      ]
    }
  }

  private func money(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }

  /// Every line of the bill as CSV.
  package var csv: String { BillCSV.text(bill) }

  /// The bill in the form that other programs read.
  package var json: JSONValue {
    var object: [String: JSONValue] = [
      "schema": "wattif.bill/1", "verdict": .string(verdict), "tariff": .string(tariff.name),
      "currency": .string(tariff.currency), "total": .number(bill.total),
      "months": MonthBill.measures.list(bill.months),
    ]
    if !warnings.isEmpty {
      object["warnings"] = .array(warnings.map { .string($0.message) })
    }
    if let explanation {
      object["explanation"] = .array(explanation.map(json))
    }
    if let peakRules {
      object["peak_pricing"] = peakRules.json
      object.merge(peakRules.curtailment) { $1 }
    }
    return .object(object)
  }

  private func json(_ stretch: PriceExplanation) -> JSONValue {
    func parts(_ parts: [PriceExplanation.Part]) -> JSONValue {
      .array(
        parts.map {
          [
            "rule": .string($0.charge), "period": .string($0.period),
            "price_per_kwh": .number($0.pricePerKWh),
          ]
        })
    }
    return [
      "start": .string(Instant.utcText(stretch.start)),
      "end": .string(Instant.utcText(stretch.end)),
      "day_type": .string(stretch.dayType), "buy_per_kwh": .number(stretch.buyPerKWh),
      "sell_per_kwh": .number(stretch.sellPerKWh), "buy": parts(stretch.buy),
      "sell": parts(stretch.sell),
      "demand": .array(
        stretch.demand.map {
          [
            "rule": .string($0.charge), "period": .string($0.period),
            "price_per_kw": .number($0.pricePerKW),
          ]
        }),
    ]
  }
}
