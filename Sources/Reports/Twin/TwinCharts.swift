import TimeSeries
import Twin

/// The charts of a run of the twin.
struct TwinCharts {
  private let trace: TwinTrace
  /// Intervals in which a step began.
  private let filled: [Int]
  private let begins: [Double]
  private let end: Double

  /// Takes the course of a run.
  ///
  /// - Parameters:
  ///   - trace: The course.
  ///   - start: First instant. [UTC epoch s]
  init(_ trace: TwinTrace, from start: Int) {
    self.trace = trace
    let filled = trace.intervals.indices.filter { trace.intervals[$0].seconds > 0 }
    self.filled = filled
    begins = filled.map { Double(start) + Double($0) * trace.intervalSeconds }
    end = Double(start) + trace.seconds
  }

  private typealias Value = (TwinTrace.Interval) -> Double

  private func line(
    _ name: String, _ style: LineChart.Style = .line, colour: Int? = nil, isDashed: Bool? = nil,
    _ value: Value
  ) -> LineChart.Line {
    LineChart.Line(
      name: name, values: filled.map { value(trace.intervals[$0]) }, style: style, colour: colour,
      isDashed: isDashed)
  }

  private func chart(
    _ title: String, _ unit: String, _ lines: [LineChart.Line], bands: [LineChart.Band] = [],
    includesZero: Bool = false, height: Double = 210
  ) -> PageBlock {
    .chart(
      LineChart(
        title: "\(title), \(unit)",
        places: .times(begins, until: end, zone: .utc),
        panels: [
          LineChart.Panel(
            title: unit, lines: lines, bands: bands, includesZero: includesZero, height: height)
        ]))
  }

  /// Power, causes, voltage, temperature, charge and losses over time.
  var course: [PageBlock] {
    func band(_ name: String, colour: Int, low: Value, high: Value) -> LineChart.Band {
      LineChart.Band(
        name: name, low: filled.map { low(trace.intervals[$0]) },
        high: filled.map { high(trace.intervals[$0]) }, colour: colour)
    }
    return [
      chart(
        "Power at the AC terminals, positive in discharge", "kW",
        [
          line("asked for", .steps) { $0.requestedKWs / $0.seconds },
          line("delivered", .steps) { $0.deliveredKWs / $0.seconds },
          line("discharge left by rules", .steps) { $0.dischargeLimitKWs / $0.seconds },
          line("charge left by rules", .steps) { -$0.chargeLimitKWs / $0.seconds },
        ], includesZero: true, height: 300),
      .chart(refusals),
      chart(
        "Cell voltage", "V", [line("mean", colour: 0) { $0.voltS / $0.seconds }],
        bands: [band("lowest to highest", colour: 0, low: { $0.lowestV }, high: { $0.highestV })]),
      chart(
        "Cell temperature", "°C",
        [
          line("mean of the cells", colour: 1, isDashed: false) { $0.celsiusS / $0.seconds },
          line("air", colour: 5, isDashed: true) { $0.airCS / $0.seconds },
        ],
        bands: [
          band("coldest to hottest", colour: 1, low: { $0.coldestC }, high: { $0.hottestC })
        ]),
      chart(
        "State of charge, mean of the cells", "%", [line("state of charge") { 100 * $0.soc }],
        includesZero: true, height: 160),
      chart(
        "Losses since the start, by kind", "kWh",
        TwinTrace.lossKinds.enumerated().map { place, kind in line(kind) { $0.lossKWh[place] } },
        includesZero: true),
    ]
  }

  /// When each cause refused something.
  private var refusals: TimeStrip {
    let causes = ClipCause.allCases.filter { cause in
      trace.intervals.contains { $0.refusedKWs[cause, default: 0] > 0 }
    }
    return TimeStrip(
      title: "When each cause refused something, kWh", unit: "kWh",
      rows: causes.map { cause in
        TimeStrip.Row(
          name: cause.rawValue,
          values: filled.map { trace.intervals[$0].refusedKWs[cause, default: 0] / 3600 })
      }, edges: begins + [end], zone: .utc, decimals: 3)
  }

  /// Most columns and rows of the map of cells.
  private static let mostPlaces = 120

  /// Each cell's highest temperature by string and group; of large packs the hottest of several.
  func cells(_ battery: TwinSpecification) -> HeatMap {
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
      title: "Highest temperature of each cell, °C",
      note: isThinned ? "The hottest one of the cells that share a place." : nil,
      unit: "°C", columnTitle: "group of the string",
      rows: values.enumerated().map { HeatMap.Row(name: name($0), values: $1) },
      columnNames: (0..<columns).map { "\($0 * perColumn + 1)" })
  }
}
