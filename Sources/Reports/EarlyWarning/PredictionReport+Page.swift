import Documents
import EarlyWarning
import TimeSeries

extension PredictionReport {
  /// Steps that a chart shows at most.
  private static let drawnSteps = 1200
  /// Runs that are drawn.
  private static let drawnRuns = 40

  /// What the model says as a page.
  ///
  /// - Parameter title: What the page is about.
  /// - Returns: The page.
  package func page(title: String) -> Page {
    let task = data.task
    var page = Page(
      title: title, verdict: verdict,
      facts: [
        "'\(file.model.kind.rawValue)', asked on \(data.count) steps for the \(task.leadSeconds) s after each."
      ], figures: figures,
      run: [
        PageFact("Telemetry", data.frames.map(\.name).joined(separator: "; ")),
        PageFact(
          "Model",
          "\(file.model.kind.rawValue), fitted on steps of \(file.typicalSeconds) s, looks back "
            + "\(task.windowSeconds) s"),
        PageFact("Limit", "\(limit) °C within \(task.leadSeconds) s"),
      ], warnings: LabelReport.gaps(data))
    let runs = runs
    let drawn = runs.suffix(Self.drawnRuns).map { name, rows in
      PageChoice(name, [.chart(course(name, rows))])
    }
    page.sections = [
      PageSection("Course", drawn.count > 1 ? [.choice("run", drawn)] : drawn.flatMap(\.blocks)),
      PageSection("Alarms", [.table(alarmTable(hasRuns: runs.count > 1))]),
    ]
    if runs.count > drawn.count {
      page.warnings.append("The newest \(drawn.count) of \(runs.count) runs are drawn.")
    }
    return page
  }

  /// Every alarm; with its run where there are several.
  private func alarmTable(hasRuns: Bool) -> PageTable {
    let columns = Self.alarmColumns.enumerated().map {
      PageTable.Column($1, isWords: $0 != 3)
    }
    let first = hasRuns ? 0 : 1
    return PageTable(
      Array(columns[first...]), rows: alarmRows.map { Array($0[first...]) })
  }

  private var figures: [KeyFigure] {
    guard let last = answer.predictions.last else { return [] }
    let lead = "over the next \(data.task.leadSeconds) s"
    var figures = [
      KeyFigure(
        "temperature now", "\(NumberText.fixed(data.temperature(data.count - 1), decimals: 1)) °C",
        "limit \(limit) °C")
    ]
    if last.changeK.isFinite {
      figures.append(
        KeyFigure("change", "\(NumberText.fixed(last.changeK, decimals: 2)) K", lead))
    }
    return figures + [
      KeyFigure("chance of the limit", NumberText.percent(last.probability), lead),
      KeyFigure("alarms", "\(alarms.count)", "on all \(data.count) steps"),
    ]
  }

  /// Rows of each run.
  private var runs: [(name: String, rows: [Int])] {
    var runs: [(name: String, rows: [Int])] = []
    for row in 0..<data.count {
      if row == 0 || data.run[row] != data.run[row - 1] {
        runs.append((data.runNames[data.run[row]], []))
      }
      runs[runs.count - 1].rows.append(row)
    }
    return runs
  }

  /// Temperature and chance of a run; of longer ones the step of the highest chance in each part is drawn.
  private func course(_ name: String, _ rows: [Int]) -> LineChart {
    let lead = data.task.leadSeconds
    let every = (rows.count + Self.drawnSteps - 1) / Self.drawnSteps
    let shown = stride(from: 0, to: rows.count, by: every).compactMap { from in
      rows[from..<min(rows.count, from + every)]
        .max { answer.predictions[$0].probability < answer.predictions[$1].probability }
    }
    var foreseenC: [Int: Double] = [:]
    for row in rows {
      foreseenC[data.instant(row) + lead] = data.temperature(row) + answer.predictions[row].changeK
    }
    var (x, now, foreseen, chance): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    let isDated = (shown.first.map { data.instant($0) } ?? 0) >= 100_000_000
    for (place, row) in shown.enumerated() {
      let at = isDated ? Double(data.instant(row)) : Double(data.timeText(row)) ?? .nan
      if place > 0, data.instant(row) - data.instant(shown[place - 1]) > pause * every {
        // No line over a gap.
        x.append(at)
        now.append(.nan)
        foreseen.append(.nan)
        chance.append(.nan)
      }
      x.append(at)
      now.append(data.temperature(row))
      foreseen.append(foreseenC[data.instant(row)] ?? .nan)
      chance.append(answer.predictions[row].probability)
    }
    var levels: [LineChart.Level] = []
    if let threshold = file.threshold {
      levels = [LineChart.Level(name: "threshold", value: threshold)]
    }
    return LineChart(
      title: "Temperature and the chance of \(limit) °C: \(name)",
      note: "What is foreseen of a time was said \(lead) s before it."
        + (every > 1 ? " Of every \(every) steps that with the highest chance is drawn." : ""),
      places: isDated
        ? .times(x, until: (x.last ?? 0) + Double(data.typicalSeconds), zone: .utc)
        : .numbers(x, title: "seconds since the start of the run"),
      panels: [
        LineChart.Panel(
          title: "temperature, °C",
          lines: [
            LineChart.Line(name: "measured", values: now, isDashed: false),
            LineChart.Line(name: "foreseen", values: foreseen, isDashed: false),
          ].filter { $0.values.contains(where: \.isFinite) },
          levels: [LineChart.Level(name: "limit", value: data.task.limitC)], decimals: 2),
        LineChart.Panel(
          title: "chance within \(lead) s",
          lines: [LineChart.Line(name: "chance", values: chance, colour: 2, isDashed: false)],
          levels: levels, includesZero: true, height: 120),
      ])
  }

  /// Longest distance of steps that follow on each other. [s]
  private var pause: Int { max(5, 3 * data.typicalSeconds) }
}
