import Documents
import Numerics
import TimeSeries
import Twin

extension TwinReport {
  /// The run as a page with its charts; the recorder must have kept the course.
  ///
  /// - Parameter title: What the page is about.
  /// - Returns: The page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, figures: keyFigures, run: facts,
      warnings: extremes.text(twin).split(separator: "\n").map(String.init) + sunNotes)
    let cells = recorder.limits.cells(twin)
    page.sections.append(
      PageSection(
        "What limited the battery",
        [
          // Sentences break into lines below the table, which does not.
          .table(
            PageTable(
              LimitLog.header.dropLast().enumerated().map {
                PageTable.Column($1, isWords: ![2, 3].contains($0))
              }, rows: cells.map { Array($0.dropLast()) })),
          .list(
            recorder.limits.rows(twin).map { row in
              (row.instant.map { "\(Instant.utcText($0)): " } ?? "") + row.words
            }),
        ]))
    if let trace = recorder.trace {
      let charts = TwinCharts(trace, from: recorder.start ?? 0)
      page.sections.append(PageSection("Course", charts.course))
      page.sections.append(PageSection("Cells", [.chart(charts.cells(twin.specification))]))
    }
    if let warranty {
      page.sections.append(
        PageSection(
          "Warranty",
          [
            .text("\(warranty.sentence.capitalizedFirst)."),
            .table(PageTable(WarrantyUse.Entry.measures, warranty.use.entries)),
          ]))
    }
    if let test {
      page.sections.append(
        PageSection(
          "Protocol '\(test.name)', step by step",
          [.table(PageTable(TestRecord.measures, test.records))]))
      page.sections.append(
        PageSection(
          "Cycle by cycle, at the terminals of the pack",
          [.table(PageTable(TestCycle.measures, test.cycles))]))
    }
    page.sections.append(
      PageSection(
        "All figures",
        [
          .table(
            PageTable(
              [
                PageTable.Column("quantity", isWords: true), PageTable.Column("value"),
                PageTable.Column("unit", isWords: true),
              ], rows: figureRows.compactMap(\.self)))
        ]))
    return page
  }

  /// The numbers that matter.
  private var keyFigures: [KeyFigure] {
    let ledger = twin.ledger
    func number(_ value: Double, _ decimals: Int, _ unit: String) -> String {
      "\(NumberText.fixed(value, decimals: decimals)) \(unit)"
    }
    return [
      KeyFigure("taken", number(ledger.chargedKWh, 2, "kWh")),
      KeyFigure(
        "given", number(ledger.dischargedKWh, 2, "kWh"),
        "\(NumberText.fixed(ledger.equivalentFullCycles, decimals: 2)) full cycles"),
      KeyFigure(
        "hottest cell", number(ledger.hottestCellC, 1, "°C"),
        "coldest \(number(ledger.coldestCellC, 1, "°C"))"),
      KeyFigure(
        "cell voltage",
        "\(NumberText.fixed(ledger.lowestCellV, decimals: 3))–\(number(ledger.highestCellV, 3, "V"))"
      ),
      KeyFigure(
        "less than rated by derating", number(ledger.derateSeconds / 60, 1, "min")),
    ]
  }

  /// What the run was.
  private var facts: [PageFact] {
    let seconds = recorder.seconds
    return [
      PageFact("Battery", twin.specification.summary),
      PageFact("Derating policy", twin.specification.derating.name),
      PageFact("Faults", faults.isEmpty ? "none" : faults.joined(separator: ", ")),
      PageFact(
        "Time",
        "\(NumberText.rounded(seconds / 3600, decimals: 2)) h"
          + (recorder.start.map { " from \(Instant.utcText($0))" } ?? "")),
      PageFact("Steps", "\(twin.ledger.steps)"),
      PageFact(
        "At the start",
        "\(NumberText.fixed(recorder.startC, decimals: 1)) °C, charge "
          + NumberText.percent(recorder.startSOC)),
      PageFact("State at the end", twin.stateFingerprint.text),
    ]
  }

  /// Where the sun is known from, for a list.
  private var sunNotes: [String] {
    sun.notes.split(separator: "\n").map(String.init)
  }
}
