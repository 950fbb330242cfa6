import Diagnostics
import Documents
import Tariffs
package import TimeSeries

extension BillReport {
  /// The bill as a page.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - zone: The clock that it is billed by.
  /// - Returns: The page.
  package func page(title: String, zone: Zone) -> Page {
    let currency = tariff.currency
    func money(_ amount: Double) -> String {
      "\(NumberText.fixed(amount, decimals: 2)) \(currency)"
    }
    let shown = parts.filter { $0.amount != 0 }
    let imported = bill.months.reduce(0) { $0 + $1.importKWh }
    var page = Page(
      title: title, verdict: verdict,
      figures: [KeyFigure("bill", money(bill.total), span)]
        + shown.map { KeyFigure($0.name, money($0.amount)) }
        + [
          KeyFigure(
            "imported", "\(NumberText.fixed(imported, decimals: 1)) kWh",
            imported > 0
              ? "\(NumberText.fixed(bill.total / imported, decimals: 4)) \(currency)/kWh in all"
              : "")
        ],
      run: [
        PageFact("Tariff", "\(tariff.name) (\(currency))"), PageFact("Months", span),
        PageFact("Clock", zone.identifier),
      ],
      warnings: warnings.map { "Warning: \($0.message)." } + gaps)
    page.sections = [
      PageSection("Month by month", [.chart(months), .chart(peaks), .table(monthTable)])
    ]
    if let peakRules { page.sections.append(peakRules.section) }
    if let first = explanation?.first {
      page.sections.append(
        PageSection(
          "Prices of the day, a \(first.dayType)",
          [
            .table(
              PageTable(
                Self.explanationColumns.map {
                  PageTable.Column($0.header, isWords: $0.alignment == .left)
                }, rows: explanationRows(zone)))
          ]))
    }
    page.sections.append(
      PageSection(
        "Line by line",
        bill.months.map { month in
          .folded(
            "\(month.month): \(money(month.total))",
            [.table(PageTable(BillLine.measures, month.lines, currency: currency))])
        }))
    return page
  }

  /// What of the months was not measured.
  private var gaps: [String] {
    bill.months.flatMap { month in
      [
        month.coveredFraction < 1
          ? "\(month.month): the data cover \(NumberText.percent(month.coveredFraction)) of the month."
          : nil,
        month.missingSlots > 0
          ? "\(month.month): \(month.missingSlots) steps without a value." : nil,
      ].compactMap(\.self)
    }
  }

  private var names: [String] { ChartAxis.monthTexts(bill.months.map(\.month)) }

  /// The parts of each month's bill.
  private var months: LineChart {
    let columns: [(String, (MonthBill) -> Double)] = [
      ("total", \.total), ("energy", \.energy), ("demand", \.demand), ("fixed", \.fixed),
      ("export", \.export), ("minimum", \.minimumAdjustment),
    ]
    return LineChart(
      title: "The parts of each month's bill, \(tariff.currency)",
      places: .names(names, title: "month"),
      panels: [
        LineChart.Panel(
          title: tariff.currency,
          lines: columns.map { name, value in
            LineChart.Line(name: name, values: bill.months.map(value), style: .markedLine)
          }.filter { $0.values.contains { $0 != 0 } }, includesZero: true, height: 260, decimals: 2)
      ])
  }

  /// The highest import of each month.
  private var peaks: LineChart {
    LineChart(
      title: "Highest import of each month, kW", places: .names(names, title: "month"),
      panels: [
        LineChart.Panel(
          title: "kW",
          lines: [
            LineChart.Line(
              name: "peak", values: bill.months.map(\.peakKW), style: .markedLine)
          ], includesZero: true, height: 170, decimals: 2)
      ])
  }

  private var monthTable: PageTable {
    var table = PageTable(MonthBill.measures, bill.months, currency: tariff.currency)
    table.ruleAfter = table.rows.count
    table.rows.append(
      MonthBill.measures.totals(bill.months, named: "total", without: "peak_kw"))
    return table
  }
}
