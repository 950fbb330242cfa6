import Documents
import Forecasting
import Replay
import Studies
import Tariffs
import TimeSeries

/// The charts of a comparison, or of one replay in it.
struct ComparisonCharts {
  private let comparison: ForecastComparison
  private let replay: ReplayCase
  private let currency: String
  /// The run that charts are about.
  private let subject: VersionScore?

  /// Takes a comparison.
  ///
  /// - Parameters:
  ///   - comparison: The comparison.
  ///   - replay: Its case.
  ///   - subject: The run that charts are about; the comparison's reference without one.
  init(
    _ comparison: ForecastComparison, of replay: ReplayCase, about subject: VersionScore? = nil
  ) {
    self.comparison = comparison
    self.replay = replay
    self.subject = subject ?? comparison.reference
    currency = replay.tariff.currency
  }

  /// From the cost without a battery to that of the run, and what other controls cost; savings over time.
  var money: [PageBlock] {
    guard let subject else { return [] }
    let months = MonthCharts(subject, in: comparison, of: replay)
    return [
      .chart(MoneySteps.byPart(subject, from: comparison.noBattery, currency: currency)),
      .chart(MoneySteps.byControl(subject, in: comparison, currency: currency)),
      .chart(months.savings),
      .chart(cumulativeDifference(subject)),
      .chart(months.peaks),
    ]
  }

  /// When most was lost against the oracle.
  var regret: [PageBlock] {
    subject.map { [.chart(MonthCharts($0, in: comparison, of: replay).regret)] } ?? []
  }

  /// What limited the battery over time.
  var limits: [PageBlock] {
    subject.map { RunCharts($0.outcome, of: replay).limits } ?? []
  }

  /// Whether the smaller error gives the smaller bill.
  var accuracy: [PageBlock] {
    // The truth has no error, and would press all others into a corner.
    let outcomes = comparison.versions.filter { !$0.outcome.isOracle }
    return [Quantity.load, .pv, .price].map { quantity in
      let name = quantity == .pv ? "PV" : quantity.rawValue
      let unit = quantity == .price ? "\(currency)/kWh" : "kW"
      return .chart(
        ScatterChart(
          title: "Share of the oracle's saving against the error of the \(name) forecast",
          xTitle: "mean absolute error of \(name), \(unit)", yTitle: "share captured, %",
          points: outcomes.map { score in
            ScatterChart.Point(
              name: score.labelledName, x: score.outcome.accuracy[quantity]?.mae ?? .nan,
              y: score.shareCaptured.map { 100 * $0 } ?? .nan, series: score.isHonest ? 0 : 1)
          }, xDecimals: quantity == .price ? 4 : 3))
    } + calibration
  }

  /// What happened where the forecasts of the run said so much.
  var calibration: [PageBlock] {
    subject.map { RunCharts($0.outcome, of: replay).calibration } ?? []
  }

  /// Cost of each run less that of the subject, summed up over the days.
  private func cumulativeDifference(_ subject: VersionScore) -> LineChart {
    let reference = subject.outcome.dailyCosts
    let others =
      comparison.versions.map(\.outcome).filter { $0.name != subject.outcome.name }
      + [comparison.asMeasured, comparison.selfConsumption, comparison.oracle.outcome]
      .compactMap { $0 }.filter { $0.name != subject.outcome.name }
    let zone = replay.history.zone
    let first = zone.civil(at: replay.period.start).dayNumber
    return LineChart(
      title: "Cost of the others less that of '\(subject.labelledName)', summed up, \(currency)",
      note: subject.outcome.monthCosts.contains { $0.demand != 0 }
        ? "What a month's peak costs falls on the day of the highest import." : nil,
      places: .times(
        reference.indices.map { Double(zone.startOfDay(first + $0 + 1)) },
        until: Double(replay.period.end), zone: zone),
      panels: [
        LineChart.Panel(
          title: currency,
          lines: others.map { outcome in
            var sum = 0.0
            return LineChart.Line(
              name: outcome.name,
              values: zip(outcome.dailyCosts, reference).map { day in
                sum += day.0 - day.1
                return sum
              })
          }, includesZero: true, height: 300, decimals: 2)
      ])
  }

  // MARK: The most expensive week

  /// What the charts of a week are headed with.
  var weekTitle: String { "The most expensive week" }

  /// Belief, plan and what happened in the week that cost most.
  var week: [PageBlock] {
    guard let subject, let days = RunDays.mostExpensiveWeek(of: subject.outcome, replay) else {
      return []
    }
    return [.chart(RunDays(subject.outcome, of: replay).chart(days))]
  }

  /// The days on which most was lost against the oracle, one to be chosen.
  var days: [PageBlock] {
    guard let subject else { return [] }
    let run = RunDays(subject.outcome, of: replay)
    let worst = run.worst(against: comparison.oracle.outcome)
    return [
      .choice(
        "Day",
        worst.map { day, loss in
          PageChoice(
            "\(dateText(day)): \(NumberText.fixed(loss, decimals: 2)) \(currency)",
            [.chart(run.chart(day..<day + 1))])
        })
    ]
  }
}
