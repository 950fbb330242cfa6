import Documents
import Replay
import TimeSeries
import Twin

extension ReplayCase {
  /// What the batteries are, in words.
  var batteryFacts: [PageFact] {
    if fleet.isEmpty { return [PageFact("Battery", battery.summary)] }
    return fleet.map { PageFact("Battery '\($0.name)'", $0.words(zone: history.zone)) }
  }
}

extension SiteBattery {
  /// What it is, in a phrase.
  func words(zone: Zone) -> String {
    system.summary
      + (since.map { ", there from \(zone.civil(at: $0).dateText) on" } ?? "")
  }
}

extension RunCharts {
  /// What each of several batteries stored and gave; empty for one.
  var batteries: [PageBlock] {
    let traces = outcome.trace.batteries
    guard !traces.isEmpty else { return [] }
    let grid = outcome.trace.grid
    let slots = LocalSlots(grid: grid, zone: replay.history.zone)
    let days = slots.days
    func daily(_ value: (Int) -> Double) -> [Double] {
      days.map { day in
        let sum = day.reduce(0) { $0 + (value($1).isFinite ? value($1) : 0) }
        return sum * grid.stepHours
      }
    }
    return [
      .chart(
        LineChart(
          title: "What each battery let out a day, kWh",
          places: .times(
            days.map { Double(grid.instant($0.lowerBound)) }, until: Double(grid.end),
            zone: replay.history.zone),
          panels: [
            LineChart.Panel(
              title: "let out, kWh a day",
              lines: traces.enumerated().map { b, trace in
                LineChart.Line(
                  name: trace.name, values: daily { max(0, trace.columns.batteryKW[$0]) },
                  style: .steps, colour: b, isDashed: false)
              }, includesZero: true, height: 200, decimals: 1)
          ]))
    ]
  }
}
