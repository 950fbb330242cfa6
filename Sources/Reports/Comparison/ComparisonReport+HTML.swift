import Forecasting
import Replay
import Studies
import TimeSeries

extension ComparisonReport {
  /// The comparison as one HTML page with its charts.
  package func html(title: String) -> String {
    var body = "<h1>\(HTML.escaped(title))</h1>\n"
    body += "<p class=\"verdict\">\(HTML.escaped(verdict))</p>\n"
    body +=
      "<p>"
      + heading.split(separator: "\n").map { HTML.escaped(String($0)) }
      .joined(separator: "<br>\n") + "</p>\n"
    body += "<h2>What each version costs</h2>\n"
    body += HTML.table(
      header: Self.measures.columns(currency: currency).map { $0.header }, rows: rows)
    if !comparison.planners.isEmpty {
      body += "<h2>Regret by forecast and planner</h2>\n"
      body += HTML.table(
        header: ["regret \(currency)"] + comparison.planners.map(\.name), rows: plannerRows)
    }
    body += explanation?.html ?? ""
    for pairs in pairReports {
      body += "<h2>\(HTML.escaped(pairs.heading))</h2>\n"
      body += HTML.table(header: pairs.header, rows: pairs.rows)
      body += HTML.list(pairs.notes)
    }
    body += LimitReport(comparison.scores).html
    body += "<h2>Notes</h2>\n" + HTML.list(remarks)
    body += "<h2>Where the difference comes from</h2>\n"
    body += cumulativeDifference.html
    body += costAgainstError.html
    body += "<h2>The most expensive week of the cheapest version</h2>\n"
    body += week.map(\.html).joined()
    return HTML.page(title: title, body: body)
  }

  /// Cost of each version less the cheapest one's, summed up over the days.
  private var cumulativeDifference: Chart {
    let cheapest = comparison.reference?.outcome.name ?? ""
    let reference = comparison.reference?.outcome.dailyCosts ?? []
    let others =
      comparison.versions.map(\.outcome).filter { $0.name != cheapest }
      + [comparison.asMeasured, comparison.selfConsumption, comparison.oracle.outcome]
      .compactMap { $0 }
    let lines = others.map { outcome in
      var sum = 0.0
      let y = zip(outcome.dailyCosts, reference).map { day in
        sum += day.0 - day.1
        return sum
      }
      return Chart.Line(name: outcome.name, x: y.indices.map { Double($0 + 1) }, y: y)
    }
    return Chart(
      title: "Cumulative cost less that of '\(cheapest)'",
      xTitle: "days since the start of the period", yTitle: currency, lines: lines,
      xAxis: ChartAxis(days: reference.count), includesZero: true, height: 320)
  }

  /// One dot per version, to see whether the smaller error gives the smaller bill.
  private var costAgainstError: Chart {
    let outcomes = comparison.versions.map(\.outcome)
    return Chart(
      title: "Cost against accuracy", xTitle: "load MAE, kW", yTitle: "cost, \(currency)",
      lines: [
        Chart.Line(
          name: "versions", x: outcomes.map { $0.accuracy[.load]?.mae ?? .nan },
          y: outcomes.map(\.cost), style: .dots, labels: outcomes.map(\.name))
      ])
  }

  /// Power, stored energy and temperature of the week that cost most.
  private var week: [Chart] {
    guard let best = comparison.reference?.outcome, best.dailyCosts.count >= 7 else {
      return []
    }
    let costs = best.dailyCosts
    let sums = (0...costs.count - 7).map { first in costs[first..<first + 7].reduce(0, +) }
    let first = sums.indices.max { (sums[$0], -$0) < (sums[$1], -$1) } ?? 0
    let trace = best.trace
    let zone = replay.history.zone
    let day = zone.civil(at: trace.grid.start).dayNumber + first
    let from = max(trace.grid.start, zone.startOfDay(day))
    let to = min(trace.grid.end, zone.startOfDay(day + 7))
    let slots =
      (from - trace.grid.start) / trace.grid.stepSeconds..<(to - trace.grid.start)
      / trace.grid.stepSeconds
    let x = slots.map { Double(trace.grid.instant($0) - from) / 86_400 }
    func lines(_ keys: String..., style: Chart.Style) -> [Chart.Line] {
      ReplayTrace.columns.filter { keys.contains($0.key) }.map { column in
        Chart.Line(
          name: column.label, x: x, y: Array(trace[keyPath: column.values][slots]), style: style)
      }
    }
    let begin = Instant.localText(from, zone: zone)
    let axis = ChartAxis(days: 7)
    return [
      Chart(
        title: "Power from \(begin)", xTitle: "days", yTitle: "kW",
        lines: lines("load_kw", "pv_kw", "battery_kw", "grid_kw", style: .steps),
        xAxis: axis, includesZero: true, height: 320),
      Chart(
        title: "Stored energy", xTitle: "days", yTitle: "kWh",
        lines: lines("stored_kwh", style: .line), xAxis: axis, includesZero: true,
        height: 180),
      Chart(
        title: "Hottest cell", xTitle: "days", yTitle: "°C",
        lines: lines("hottest_cell_c", style: .line), xAxis: axis, height: 180),
    ]
  }
}
