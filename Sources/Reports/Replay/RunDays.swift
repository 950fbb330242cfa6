import Replay
import Studies
import Tariffs
import TimeSeries
import Twin

/// Some days of a run as charts: price, load and production as believed and as they were, the battery as planned and
/// as it ran, charge and temperature.
struct RunDays {
  private let outcome: ReplayOutcome
  private let replay: ReplayCase

  /// Takes a run of a case.
  init(_ outcome: ReplayOutcome, of replay: ReplayCase) {
    self.outcome = outcome
    self.replay = replay
  }

  /// Returns the seven days that cost most together; nothing for runs of less.
  static func mostExpensiveWeek(of outcome: ReplayOutcome, _ replay: ReplayCase) -> Range<Int>? {
    let costs = outcome.dailyCosts
    guard costs.count >= 7 else { return nil }
    let sums = (0...costs.count - 7).map { first in costs[first..<first + 7].reduce(0, +) }
    let first = sums.indices.max { (sums[$0], -$0) < (sums[$1], -$1) } ?? 0
    let day = replay.history.zone.civil(at: replay.period.start).dayNumber + first
    return day..<day + 7
  }

  /// How many of the worst days are kept.
  private static let most = 7

  /// Returns the days on which the run cost most above another, worst first, with what it cost more.
  ///
  /// - Parameter other: A run over the same period.
  /// - Returns: Days since 1970-01-01; those below a cent are left out. [currency]
  func worst(against other: ReplayOutcome) -> [(day: Int, loss: Double)] {
    let first = replay.history.zone.civil(at: replay.period.start).dayNumber
    return zip(outcome.dailyCosts, other.dailyCosts).enumerated()
      .map { (day: first + $0, loss: $1.0 - $1.1) }
      .filter { $0.loss > PairedInterval.cent }
      .sorted { ($1.loss, $0.day) < ($0.loss, $1.day) }
      .prefix(Self.most).map { $0 }
  }

  /// Returns the chart of some local days.
  ///
  /// - Parameter days: Days since 1970-01-01.
  /// - Returns: Panels over the same hours.
  func chart(_ days: Range<Int>) -> LineChart {
    let zone = replay.history.zone
    let grid = replay.period
    let from = max(grid.start, zone.startOfDay(days.lowerBound))
    let to = min(grid.end, zone.startOfDay(days.upperBound))
    let slots = (from - grid.start) / grid.stepSeconds..<(to - grid.start) / grid.stepSeconds
    func cut(_ values: [Double]?) -> [Double] {
      values.map { Array($0[slots]) } ?? []
    }
    let trace = outcome.trace
    let expected = outcome.expected
    func pair(
      _ name: String, _ actual: [Double], _ believed: [Double]?, _ word: String, colour: Int
    ) -> [LineChart.Line] {
      let own = LineChart.Line(
        name: name, values: cut(actual), style: .steps, colour: colour, isDashed: false)
      guard believed != nil else { return [own] }
      return [
        own,
        LineChart.Line(
          name: "\(name), \(word)", values: cut(believed), style: .steps, colour: colour,
          isDashed: true),
      ]
    }
    let hasPV = replay.history[.pv] != nil
    let storedLimit = replay.nominalEnergyKWh
    var panels = [
      LineChart.Panel(
        title: "Price of a kWh bought, \(replay.tariff.currency)/kWh",
        lines: pair("price", outcome.buyPerKWh, expected?.buyPerKWh, "reckoned with", colour: 3),
        height: 110, decimals: 4),
      LineChart.Panel(
        title: hasPV ? "Load and production, kW" : "Load, kW",
        lines: pair("load", trace.loadKW, expected?.loadKW, "forecast", colour: 6)
          + (hasPV ? pair("PV", trace.pvKW, expected?.pvKW, "forecast", colour: 4) : []),
        includesZero: true, height: 190),
      LineChart.Panel(
        title: "Battery (discharging up) and grid (import up), kW",
        lines: pair("battery", trace.batteryKW, expected?.batteryKW, "planned", colour: 0)
          + [
            LineChart.Line(
              name: "grid", values: cut(trace.gridKW), style: .steps, colour: 1, isDashed: false)
          ], includesZero: true, height: 190),
      LineChart.Panel(
        title: "Stored energy at the end of each interval, kWh",
        lines: pair("stored", trace.storedKWh, expected?.storedKWh, "planned", colour: 2),
        includesZero: true, height: 110),
    ]
    panels[3].levels = storedLimit > 0 ? [LineChart.Level(name: "nominal", value: storedLimit)] : []
    panels.append(temperature(cut))
    return LineChart(
      title:
        "\(dateText(days.lowerBound))"
        + (days.count > 1 ? " to \(dateText(days.upperBound - 1))" : "")
        + ": what was believed, planned and done with '\(outcome.name)'",
      note: "Dashed: as forecast or planned by the plan in force.",
      places: .times(
        slots.map { Double(grid.instant($0)) }, until: Double(to), zone: zone), panels: panels)
  }

  /// Least distance between the hottest and the coldest cell that is drawn. [K]
  private static let leastSpreadK = 0.05

  private func temperature(_ cut: ([Double]?) -> [Double]) -> LineChart.Panel {
    let range = replay.firstSlot..<replay.firstSlot + replay.period.count
    let (hottest, coldest) = (cut(outcome.trace.hottestCellC), cut(outcome.trace.coldestCellC))
    // A band that nobody can see is no band.
    let isSpread = zip(hottest, coldest).contains { $0 - $1 > Self.leastSpreadK }
    return LineChart.Panel(
      title: "Temperature, °C",
      lines: [
        LineChart.Line(name: "hottest cell", values: hottest, colour: 1, isDashed: false),
        LineChart.Line(
          name: "air", values: cut(replay.history[.ambient].map { Array($0[range]) }), colour: 5,
          isDashed: true),
      ].filter { !$0.values.isEmpty },
      bands: isSpread
        ? [LineChart.Band(name: "coldest to hottest", low: coldest, high: hottest, colour: 1)] : [],
      height: 110, decimals: 2)
  }
}
