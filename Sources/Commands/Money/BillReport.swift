import Documents
import Tariffs
import TimeSeries

/// A bill as text and as JSON.
struct BillReport {
  let bill: Bill
  let tariff: Tariff
  let explanation: [PriceExplanation]?
  let peakRules: PeakRuleComparison?

  /// Months, then the lines of each, then the explained day.
  func text(zone: Zone) -> String {
    var text = "\(tariff.name), \(tariff.currency)\n\n"
    var months = TextTable([
      ("month", .left), ("energy", .right), ("demand", .right), ("fixed", .right),
      ("export", .right), ("minimum", .right), ("total", .right), ("import kWh", .right),
      ("export kWh", .right), ("peak kW", .right),
    ])
    for month in bill.months {
      months.add(
        [
          month.month, money(month.energy), money(month.demand), money(month.fixed),
          money(month.export), money(month.minimumAdjustment), money(month.total),
        ] + [month.importKWh, month.exportKWh].map { NumberText.fixed($0, decimals: 1) }
          + [NumberText.fixed(month.peakKW, decimals: 2)])
    }
    months.addRule()
    months.add(
      [
        "total", sum(\.energy), sum(\.demand), sum(\.fixed), sum(\.export),
        sum(\.minimumAdjustment), money(bill.total),
      ]
        + [
          NumberText.fixed(bill.months.reduce(0) { $0 + $1.importKWh }, decimals: 1),
          NumberText.fixed(bill.months.reduce(0) { $0 + $1.exportKWh }, decimals: 1), "",
        ])
    text += months.text
    for month in bill.months {
      text += "\n\(month.month)"
      if month.coveredFraction < 1 {
        text += " (\(NumberText.percent(month.coveredFraction)) of the month)"
      }
      if month.missingSlots > 0 { text += ", \(month.missingSlots) steps without a value" }
      text += "\n" + lines(month)
    }
    text += explained(zone)
    if let peakRules { text += "\n" + peakRules.text }
    return text
  }

  private func lines(_ month: MonthBill) -> String {
    var table = TextTable([
      ("  rule", .left), ("quantity", .right), ("unit", .left), ("price", .right),
      ("amount", .right),
    ])
    for line in month.lines {
      table.add([
        "  \(line.rule)", NumberText.fixed(line.quantity, decimals: 2), line.unit,
        NumberText.fixed(line.price, decimals: 5), money(line.amount),
      ])
    }
    return table.text
  }

  private func explained(_ zone: Zone) -> String {
    guard let explanation, let first = explanation.first else { return "" }
    var table = TextTable([
      ("from", .left), ("to", .left), ("buy", .right), ("sell", .right), ("rules", .left),
    ])
    for stretch in explanation {
      let rules =
        stretch.buy.map {
          "\($0.charge): \($0.period) \(NumberText.fixed($0.pricePerKWh, decimals: 4))"
        }
        + stretch.demand.map { "\($0.charge): \($0.period) \(money($0.pricePerKW))/kW" }
      table.add([
        Instant.localText(stretch.start, zone: zone), Instant.localText(stretch.end, zone: zone),
        NumberText.fixed(stretch.buyPerKWh, decimals: 4),
        NumberText.fixed(stretch.sellPerKWh, decimals: 4), rules.joined(separator: "; "),
      ])
    }
    return "\nprices of the day, a \(first.dayType)\n" + table.text
  }

  private func money(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }

  private func sum(_ part: KeyPath<MonthBill, Double>) -> String {
    money(bill.months.reduce(0) { $0 + $1[keyPath: part] })
  }

  /// Every line of the bill as CSV.
  var csv: String {
    var text = "month,rule,quantity,unit,price,amount\n"
    for month in bill.months {
      for line in month.lines {
        let rule = line.rule.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"")
        text += "\(month.month),\"\(rule)\",\(line.quantity),\(line.unit),\(line.price),"
        text += "\(line.amount)\n"
      }
    }
    return text
  }

  /// The bill in the form that other programs read.
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "schema": "wattif.bill/1", "tariff": .string(tariff.name),
      "currency": .string(tariff.currency), "total": .number(bill.total),
      "months": .array(bill.months.map(json)),
    ]
    if let explanation {
      object["explanation"] = .array(explanation.map(json))
    }
    if let peakRules { object["peak_pricing"] = peakRules.json }
    return .object(object)
  }

  private func json(_ month: MonthBill) -> JSONValue {
    [
      "month": .string(month.month), "energy": .number(month.energy),
      "demand": .number(month.demand), "fixed": .number(month.fixed),
      "export": .number(month.export), "minimum_adjustment": .number(month.minimumAdjustment),
      "total": .number(month.total), "import_kwh": .number(month.importKWh),
      "export_kwh": .number(month.exportKWh), "peak_kw": .number(month.peakKW),
      "covered_fraction": .number(month.coveredFraction),
      "missing_slots": .integer(month.missingSlots),
      "credit_balance": .number(month.creditBalance),
      "credit_balance_kwh": .number(month.creditBalanceKWh),
      "over_import_limit_kwh": .number(month.overImportLimitKWh),
      "over_export_limit_kwh": .number(month.overExportLimitKWh),
      "lines": .array(
        month.lines.map { line in
          [
            "rule": .string(line.rule), "quantity": .number(line.quantity),
            "unit": .string(line.unit), "price": .number(line.price),
            "amount": .number(line.amount),
          ]
        }),
    ]
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
