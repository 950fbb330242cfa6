import Documents
import Replay
import Tariffs
import TimeSeries
import Twin

/// Charts of one run over its whole period.
struct RunCharts {
  let outcome: ReplayOutcome
  let replay: ReplayCase

  /// Takes a run of a case.
  init(_ outcome: ReplayOutcome, of replay: ReplayCase) {
    self.outcome = outcome
    self.replay = replay
  }

  // MARK: What limited the battery

  /// When each cause kept the battery from its rating, and when each refused what was asked for.
  var limits: [PageBlock] {
    guard outcome.ledger != nil else { return [] }
    let trace = outcome.trace
    let hours = trace.grid.stepHours
    return [
      .chart(
        strip(
          "Time in which each cause left less than the rated power, h", unit: "h",
          causes: trace.withheldBy
        ) { _ in hours }),
      .chart(
        strip("Energy asked for that each cause refused, kWh", unit: "kWh", causes: trace.limitedBy)
        { i in
          let refused = abs(trace.requestedKW[i] - trace.batteryKW[i]) * hours
          return refused.isFinite ? refused : 0
        }),
    ]
  }

  /// Longest period of which every interval is drawn; longer ones are drawn by days. [s]
  private static let longestByInterval = 10 * 86_400

  private func strip(
    _ title: String, unit: String, causes: [ClipCause?], value: (Int) -> Double
  ) -> TimeStrip {
    let grid = outcome.trace.grid
    let zone = replay.history.zone
    let isByDay = grid.end - grid.start > Self.longestByInterval
    let slots = LocalSlots(grid: grid, zone: zone)
    let first = slots.dayNumber.first ?? 0
    let count = isByDay ? (slots.dayNumber.last ?? 0) - first + 1 : grid.count
    var sums: [ClipCause: [Double]] = [:]
    for (i, cause) in causes.enumerated() {
      guard let cause else { continue }
      sums[cause, default: [Double](repeating: 0, count: count)][
        isByDay ? slots.dayNumber[i] - first : i] += value(i)
    }
    return TimeStrip(
      title: title + (isByDay ? " a day" : ""), unit: isByDay ? "\(unit) a day" : unit,
      rows: ClipCause.allCases.compactMap { cause in
        sums[cause].map { TimeStrip.Row(name: cause.rawValue, values: $0) }
      }.filter { $0.values.contains { $0 > 0 } },
      edges: isByDay
        ? [Double(grid.start)] + (1..<count).map { Double(zone.startOfDay(first + $0)) }
          + [Double(grid.end)]
        : (0...grid.count).map { Double(grid.instant($0)) }, zone: zone, decimals: 2)
  }

  // MARK: Calibration

  /// What happened where the forecasts said so much, quantity by quantity.
  var calibration: [PageBlock] {
    guard let expected = outcome.expected else { return [] }
    let trace = outcome.trace
    var charts = [curve("load", "kW", expected.loadKW, trace.loadKW)]
    if replay.history[.pv] != nil { charts.append(curve("PV", "kW", expected.pvKW, trace.pvKW)) }
    if replay.tariff.usesSpot {
      charts.append(
        curve(
          "price", "\(replay.tariff.currency)/kWh", expected.buyPerKWh, outcome.buyPerKWh,
          decimals: 4))
    }
    return charts.map { .chart($0) }
  }

  /// Tenths of the intervals by what was forecast.
  private static let parts = 10

  private func curve(
    _ name: String, _ unit: String, _ forecast: [Double], _ actual: [Double], decimals: Int = 3
  ) -> LineChart {
    // A slot that was and was forecast to be nothing, as PV at night, says nothing.
    let pairs = zip(forecast, actual).filter {
      $0.isFinite && $1.isFinite && !($0 == 0 && $1 == 0)
    }.sorted { $0.0 < $1.0 }
    let parts = min(Self.parts, pairs.count)
    func mean(_ part: Int, _ value: ((Double, Double)) -> Double) -> Double {
      let range = pairs.count * part / parts..<pairs.count * (part + 1) / parts
      return pairs[range].reduce(0) { $0 + value($1) } / Double(range.count)
    }
    let x = (0..<parts).map { mean($0) { $0.0 } }
    let y = (0..<parts).map { mean($0) { $0.1 } }
    return LineChart(
      title: "What \(name) was where the forecast in force said so much, \(unit)",
      note: "Tenths of the intervals, from the lowest forecast to the highest: means of each.",
      places: .numbers(x, title: "forecast \(name), \(unit)"),
      panels: [
        LineChart.Panel(
          title: "measured \(name), \(unit)",
          lines: [
            LineChart.Line(name: "as forecast", values: x, colour: 6, isDashed: true),
            LineChart.Line(
              name: "measured", values: y, style: .markedLine, colour: 0, isDashed: false),
          ], height: 220, decimals: decimals)
      ])
  }
}
