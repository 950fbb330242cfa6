import Documents
import TimeSeries
import Twin

extension TwinReport {
  /// The run as one HTML page with its charts; the recorder must have kept the course.
  ///
  /// - Parameter title: What the page is about.
  /// - Returns: The page.
  package func html(title: String) -> String {
    var body = "<h1>\(HTML.escaped(title))</h1>\n"
    body += "<p class=\"verdict\">\(HTML.escaped(verdict))</p>\n"
    body += "<p>\(HTML.escaped(figures))</p>\n"
    let cells = recorder.limits.cells(twin)
    if !cells.isEmpty {
      body += "<h2>What limited the battery</h2>\n"
      // Sentences break into lines below the table, which does not.
      body += HTML.table(
        header: LimitLog.header.dropLast(), rows: cells.map { Array($0.dropLast()) })
      body += HTML.list(
        recorder.limits.rows(twin).map { row in
          (row.instant.map { "\(Instant.utcText($0)): " } ?? "") + row.words
        })
    }
    if let trace = recorder.trace {
      body += "<h2>Course</h2>\n" + charts(trace)
      body += "<h2>Cells</h2>\n" + map(trace)
    }
    body += HTML.list(
      extremes.text(twin).split(separator: "\n").map(String.init) + sunNotes)
    if let warranty {
      body += "<h2>Warranty</h2>\n<p>\(HTML.escaped(warranty.sentence.capitalizedFirst)).</p>\n"
      body += HTML.table(
        header: WarrantyUse.Entry.measures.columns().map(\.header),
        rows: warranty.use.entries.map { WarrantyUse.Entry.measures.row($0) })
    }
    if let test {
      body += "<h2>Protocol '\(HTML.escaped(test.name))', step by step</h2>\n"
      body += HTML.table(
        header: TestRecord.measures.columns().map(\.header),
        rows: test.records.map { TestRecord.measures.row($0) })
      if !test.cycles.isEmpty {
        body += "<h2>Cycle by cycle, at the terminals of the pack</h2>\n"
        body += HTML.table(
          header: TestCycle.measures.columns().map(\.header),
          rows: test.cycles.map { TestCycle.measures.row($0) })
      }
    }
    body += "<h2>All figures</h2>\n"
    body += HTML.table(header: ["quantity", "value", "unit"], rows: figureRows.compactMap(\.self))
    return HTML.page(title: title, body: body)
  }

  /// The battery and the numbers that matter.
  private var figures: String {
    let ledger = twin.ledger
    let hours = NumberText.fixed(recorder.seconds / 3600, decimals: 1)
    return "\(twin.specification.summary). In \(hours) h it took "
      + "\(NumberText.fixed(ledger.chargedKWh, decimals: 2)) kWh and gave "
      + "\(NumberText.fixed(ledger.dischargedKWh, decimals: 2)) kWh; hottest cell "
      + "\(NumberText.fixed(ledger.hottestCellC, decimals: 1)) °C, lowest "
      + "\(NumberText.fixed(ledger.lowestCellV, decimals: 3)) V, highest "
      + "\(NumberText.fixed(ledger.highestCellV, decimals: 3)) V; policy "
      + "'\(twin.specification.derating.name)'"
      + (faults.isEmpty ? "." : "; faults: \(faults.joined(separator: ", ")).")
  }

  /// Where the sun is known from, for a list.
  private var sunNotes: [String] {
    sun.notes.isEmpty ? [] : [sun.notes.replacing("\n", with: "")]
  }

  private func charts(_ trace: TwinTrace) -> String {
    let isShort = trace.seconds <= 72 * 3600
    let unitS = isShort ? 3600.0 : 86_400
    let xTitle = "\(isShort ? "hours" : "days") since \(Instant.utcText(recorder.start ?? 0))"
    let filled = trace.intervals.indices.filter { trace.intervals[$0].seconds > 0 }
    let begins = filled.map { Double($0) * trace.intervalSeconds / unitS }
    let end = trace.seconds / unitS
    let xAxis = ChartAxis(covering: [0, end])
    typealias Value = (TwinTrace.Interval) -> Double
    func line(_ name: String, _ style: Chart.Style = .line, _ value: Value) -> Chart.Line {
      let y = filled.map { value(trace.intervals[$0]) }
      // The last value holds until the end.
      return Chart.Line(
        name: name, x: begins + [end], y: y + (y.last.map { [$0] } ?? []), style: style)
    }
    let power = [
      line("asked for", .steps) { $0.requestedKWs / $0.seconds },
      line("delivered", .steps) { $0.deliveredKWs / $0.seconds },
      line("discharge that rules leave", .steps) { $0.dischargeLimitKWs / $0.seconds },
      line("charge that rules leave", .steps) { -$0.chargeLimitKWs / $0.seconds },
    ]
    var charts = [
      Chart(
        title: "Power at the AC terminals, positive in discharge", xTitle: xTitle, yTitle: "kW",
        lines: power, xAxis: xAxis, includesZero: true, height: 320
      ).html
    ]
    let causes = ClipCause.allCases.filter { cause in
      trace.intervals.contains { $0.refusedKWs[cause, default: 0] > 0 }
    }
    if !causes.isEmpty {
      charts.append(
        TimeStrip(
          title: "When each cause refused something", xTitle: xTitle,
          rows: causes.map { cause in
            TimeStrip.Row(
              name: cause.rawValue,
              isOn: filled.map { trace.intervals[$0].refusedKWs[cause, default: 0] > 0 })
          }, edges: begins + [end], xAxis: xAxis
        ).html)
    }
    charts += [
      Chart(
        title: "Cell voltage", xTitle: xTitle, yTitle: "V",
        lines: [
          line("lowest") { $0.lowestV }, line("highest") { $0.highestV },
          line("mean") { $0.voltS / $0.seconds },
        ], xAxis: xAxis
      ).html,
      Chart(
        title: "Cell temperature", xTitle: xTitle, yTitle: "°C",
        lines: [
          line("coldest") { $0.coldestC }, line("hottest") { $0.hottestC },
          line("mean") { $0.celsiusS / $0.seconds }, line("ambient") { $0.airCS / $0.seconds },
        ], xAxis: xAxis
      ).html,
      Chart(
        title: "State of charge, mean of the cells", xTitle: xTitle, yTitle: "%",
        lines: [line("state of charge") { 100 * $0.soc }], xAxis: xAxis, includesZero: true,
        height: 200
      ).html,
      Chart(
        title: "Losses since the start, by kind", xTitle: xTitle, yTitle: "kWh",
        lines: TwinTrace.lossKinds.enumerated().map { place, kind in
          line(kind) { $0.lossKWh[place] }
        }, xAxis: xAxis, includesZero: true
      ).html,
    ]
    return charts.joined()
  }

  /// Most columns and rows of the map of cells.
  private static let mostPlaces = 120

  /// Each cell's highest temperature by string and group; of large packs the hottest of several.
  private func map(_ trace: TwinTrace) -> String {
    let battery = twin.specification
    let (series, parallel) = (battery.series, battery.parallel)
    // Cells side by side are rows of their own while there are few of them.
    let abreast = battery.strings * parallel <= Self.mostPlaces ? parallel : 1
    let rowCount = battery.strings * abreast
    let perRow = (rowCount + Self.mostPlaces - 1) / Self.mostPlaces
    let perColumn = (series + Self.mostPlaces - 1) / Self.mostPlaces
    let columns = (series + perColumn - 1) / perColumn
    var values = [[Double]](
      repeating: [Double](repeating: -.infinity, count: columns),
      count: (rowCount + perRow - 1) / perRow)
    for (cell, celsius) in trace.highestCellC.enumerated() {
      let group = cell / parallel % series
      let string = cell / (parallel * series)
      let row = (string * abreast + (abreast > 1 ? cell % parallel : 0)) / perRow
      values[row][group / perColumn] = max(values[row][group / perColumn], celsius)
    }
    func name(_ row: Int) -> String {
      let first = row * perRow
      guard perRow == 1 else { return "from string \(first / abreast + 1)" }
      let string = battery.strings > 1 ? "string \(first / abreast + 1)" : ""
      let cell = abreast > 1 ? "cell \(first % abreast + 1)" : ""
      let both = [string, cell].filter { !$0.isEmpty }.joined(separator: ", ")
      return both.isEmpty ? "string 1" : both
    }
    let isThinned = perRow > 1 || perColumn > 1 || (parallel > 1 && abreast == 1)
    return HeatMap(
      title: "Highest temperature of each cell"
        + (isThinned ? ", the hottest one of those that share a place" : ""),
      unit: "°C", columnTitle: "group of the string",
      rows: values.enumerated().map { (name($0), $1) },
      columnNames: (0..<columns).map { "\($0 * perColumn + 1)" }
    ).html
  }
}
