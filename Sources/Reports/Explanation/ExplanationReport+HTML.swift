import Documents
import Studies

extension ExplanationReport {
  /// The explanation as a part of a page.
  var html: String {
    guard !study.versions.isEmpty else { return "" }
    var html = "<h2>\(HTML.escaped(partsTitle))</h2>\n" + bars.html
    html += table(partsMeasures) + HTML.list(sentences)
    html += "<h2>\(HTML.escaped(perfectTitle))</h2>\n"
    html += table(perfectMeasures) + HTML.list(values + notes)
    if let version = leading, !version.hours.isEmpty {
      html += "<h2>\(HTML.escaped(hoursTitle(version)))</h2>\n"
      html += HTML.table(header: hoursHeader, rows: hoursRows(version))
      html += HTML.list([hoursNote(version)])
    }
    return html
  }

  private func table(_ measures: MeasureList<ExplainedVersion>) -> String {
    HTML.table(
      header: measures.columns(currency: currency).map(\.header),
      rows: study.versions.map { measures.row($0) })
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
