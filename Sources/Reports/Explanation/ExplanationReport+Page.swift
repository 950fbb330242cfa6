import Documents
import Studies

extension ExplanationReport {
  /// The explanation as parts of a page.
  var sections: [PageSection] {
    guard !study.versions.isEmpty else { return [] }
    var sections = [
      PageSection(
        partsTitle, [.chart(bars), .table(table(partsMeasures)), .list(sentences)]),
      PageSection(perfectTitle, [.table(table(perfectMeasures)), .list(values + notes)]),
    ]
    if let version = leading, !version.hours.isEmpty {
      sections.append(
        PageSection(
          hoursTitle(version),
          [
            .table(PageTable(header: hoursHeader, rows: hoursRows(version))),
            .text(hoursNote(version)),
          ]))
    }
    return sections
  }

  private func table(_ measures: MeasureList<ExplainedVersion>) -> PageTable {
    PageTable(measures, study.versions, currency: currency)
  }

  /// The parts of each version's regret.
  private var bars: BarChart {
    BarChart(
      title: "Regret by cause, \(currency)", unit: currency,
      series: causes.map(\.name) + ["hedge and planner"],
      groups: study.versions.map { version in
        BarChart.Group(
          name: version.score.labelledName,
          values: causes.map { version.parts[$0] ?? .nan } + [version.planning])
      })
  }
}
