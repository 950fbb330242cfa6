import Documents
import Forecasting
import Studies
import TimeSeries

extension BacktestReport {
  /// The study as a page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, facts: [subject], figures: figures, run: facts,
      warnings: doubtSentences)
    page.sections = [
      PageSection("Errors", [.chart(byLead), .chart(byHour)]),
      PageSection("Calibration", [.chart(calibration)]),
      PageSection("Every version", [.table(table)]),
      PageSection("Errors by hours ahead", [.table(leads)]),
      PageSection("Errors by regime", [.table(regimes)]),
      PageSection("Errors by window", [.table(windows)]),
      PageSection("What data are worth", [.table(ablations)]),
    ]
    return page
  }

  /// What was forecast.
  private var subject: String {
    "\(plan.quantity.rawValue), \(plan.issues.count) issues of \(plan.horizonSlots) slots, errors in "
      + plan.quantity.unit
  }

  private var facts: [PageFact] {
    let first = plan.issues.first.map { Instant.utcText($0) } ?? ""
    let last = plan.issues.last.map { Instant.utcText($0) } ?? ""
    return [
      PageFact("Quantity", "\(plan.quantity.rawValue), \(plan.quantity.unit)"),
      PageFact("Issues", "\(plan.issues.count), from \(first) to \(last)"),
      PageFact("Horizon", "\(horizonHours) h in \(plan.horizonSlots) slots"),
      PageFact("Versions", study.rows.map { name($0) }.joined(separator: ", ")),
    ]
  }

  private func name(_ row: BacktestStudy.Row) -> String {
    row.candidate.label.isEmpty
      ? row.candidate.name : "\(row.candidate.name) (\(row.candidate.label))"
  }

  private var figures: [KeyFigure] {
    let scored = study.rows.filter { $0.scores.errors.mae.isFinite }
    let honest = scored.filter { $0.candidate.label.isEmpty }
    guard
      let best = (honest.isEmpty ? scored : honest).min(by: {
        $0.scores.errors.mae < $1.scores.errors.mae
      })
    else { return [] }
    let scores = best.scores
    func number(_ value: Double) -> String {
      "\(NumberText.fixed(value.isFinite ? value : nil, decimals: 4)) \(plan.quantity.unit)"
    }
    return [
      KeyFigure("errs least", name(best)),
      KeyFigure(
        "mean absolute error", number(scores.errors.mae),
        "MASE \(NumberText.fixed(scores.mase.isFinite ? scores.mase : nil, decimals: 3))"),
      KeyFigure("root mean squared error", number(scores.errors.rmse)),
      KeyFigure(
        "bias", number(scores.errors.bias), scores.errors.bias > 0 ? "too high" : "too low"),
    ]
  }

  /// Mean absolute error by lead.
  private var byLead: LineChart {
    let edges = zip(leadEdges, leadEdges.dropFirst())
    return chart(
      "Mean absolute error by hours ahead",
      .names(edges.map { "\($0)–\($1)" }, title: "hours ahead"),
      study.rows.map { row in
        (row, edges.map { row.scores.errors.over(leads: leads($0, $1)).mae })
      })
  }

  /// Mean absolute error by hour of the day.
  private var byHour: LineChart {
    chart(
      "Mean absolute error by hour of the day",
      .names((0..<24).map { "\($0)" }, title: "local hour"),
      study.rows.map { ($0, $0.scores.byHour.map(\.mae)) })
  }

  private func chart(
    _ title: String, _ places: LineChart.Places, _ rows: [(BacktestStudy.Row, [Double])]
  ) -> LineChart {
    LineChart(
      title: "\(title), \(plan.quantity.unit)", places: places,
      panels: [
        LineChart.Panel(
          title: plan.quantity.unit,
          lines: rows.map {
            LineChart.Line(name: $0.0.candidate.name, values: $0.1, style: .markedLine)
          }, includesZero: true, height: 240, decimals: 4)
      ])
  }

  /// How often the truth was at or under each quantile.
  private var calibration: LineChart {
    let rows = study.rows.filter { !$0.scores.quantiles.levels.isEmpty }
    let levels = rows.first?.scores.quantiles.levels ?? []
    return LineChart(
      title: "Share of the actual values at or under each quantile, %",
      note: "A calibrated forecast lies on the line 'as promised'.",
      places: .numbers(levels.map { 100 * $0 }, title: "level of the quantile, %"),
      panels: [
        LineChart.Panel(
          title: "% at or under",
          lines: rows.isEmpty
            ? []
            : [LineChart.Line(name: "as promised", values: levels.map { 100 * $0 }, colour: 6)]
              + rows.filter { $0.scores.quantiles.levels == levels }.enumerated().map {
                place, row in
                LineChart.Line(
                  name: row.candidate.name,
                  values: row.scores.quantiles.reliability.map { 100 * $0 }, style: .markedLine,
                  colour: place)
              }, includesZero: true, height: 280, decimals: 1)
      ])
  }

  private var table: PageTable {
    PageTable(
      [PageTable.Column("version", isWords: true)] + BacktestScores.measures.pageColumns()
        + [
          PageTable.Column("against first", isWords: true),
          PageTable.Column("label", isWords: true),
        ],
      rows: study.rows.map { row in
        [row.candidate.name] + BacktestScores.measures.row(row.scores)
          + [againstFirst(row), row.candidate.label]
      })
  }

  private var leads: PageTable {
    PageTable(header: leadHeader, rows: leadRows)
  }

  private var regimes: PageTable {
    PageTable(header: regimeHeader, rows: regimeHeader.isEmpty ? [] : regimeRows)
  }

  private var windows: PageTable {
    PageTable(
      [PageTable.Column("window", isWords: true), PageTable.Column("version", isWords: true)]
        + ErrorStatistics.Sums.errors.pageColumns() + BacktestComparison.measures.pageColumns(),
      rows: windowRows)
  }

  private var ablations: PageTable {
    PageTable(
      Self.ablationColumns.map { PageTable.Column($0.header, isWords: $0.alignment == .left) },
      rows: ablationRows)
  }
}
