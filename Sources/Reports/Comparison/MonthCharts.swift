import Documents
import Replay
import Studies
import Tariffs
import TimeSeries

/// Charts of a run over the months of its period, beside the runs it is compared with.
struct MonthCharts {
  private let subject: VersionScore
  private let comparison: ForecastComparison
  private let replay: ReplayCase
  private let currency: String

  /// Takes a run of a comparison.
  init(_ subject: VersionScore, in comparison: ForecastComparison, of replay: ReplayCase) {
    self.subject = subject
    self.comparison = comparison
    self.replay = replay
    currency = replay.tariff.currency
  }

  private var outcome: ReplayOutcome { subject.outcome }

  private func places(_ outcome: ReplayOutcome) -> LineChart.Places {
    .names(
      ChartAxis.monthTexts(outcome.monthCosts.map(\.label)),
      title: "month, clock of \(replay.history.zone.identifier)")
  }

  /// What the run saves against the rule and against no battery, summed up over the months, with the interval
  /// of each sum where the months so far allow one.
  var savings: LineChart {
    func sums(_ other: ReplayOutcome) -> [Double] {
      var sum = 0.0
      return zip(other.monthCosts, outcome.monthCosts).map { pair in
        sum += pair.0.cost - pair.1.cost
        return sum
      }
    }
    func band(_ other: ReplayOutcome, _ sums: [Double], colour: Int) -> LineChart.Band {
      let halves = sums.indices.map { halfWidth(against: other, months: $0 + 1) }
      return LineChart.Band(
        name: "95 % interval",
        low: zip(sums, halves).map { $0 - ($1 ?? .nan) },
        high: zip(sums, halves).map { $0 + ($1 ?? .nan) }, colour: colour)
    }
    let others = [
      ("against the rule", comparison.selfConsumption),
      ("against no battery", comparison.noBattery),
    ]
    return LineChart(
      title: "Saved with '\(subject.labelledName)', summed up over the months, \(currency)",
      note:
        "Bands are the 95 % intervals of each sum alone; none where the months so far allow none.",
      places: places(outcome),
      panels: others.enumerated().map { colour, other in
        let own = sums(other.1)
        let area = band(other.1, own, colour: colour)
        return LineChart.Panel(
          title: "Saved \(other.0), \(currency)",
          lines: [
            LineChart.Line(name: "saved", values: own, style: .markedLine, colour: colour)
          ], bands: area.low.contains { $0.isFinite } ? [area] : [], includesZero: true,
          height: 150, decimals: 2)
      })
  }

  /// Half of the interval of the difference over the first months; nothing where they allow none.
  private func halfWidth(against other: ReplayOutcome, months: Int) -> Double? {
    func costs(_ outcome: ReplayOutcome) -> VersionCosts {
      VersionCosts(name: outcome.name, months: Array(outcome.monthCosts.prefix(months)))
    }
    return PairedInterval(costs(outcome), costs(other)).total.halfWidth
  }

  /// The highest import of each month beside what the plans aimed at and what others reached; nothing in it where no
  /// month is billed by its peak.
  var peaks: LineChart {
    let isBilled = ([outcome, comparison.noBattery].flatMap(\.monthCosts)).contains {
      $0.demand != 0
    }
    var lines = [
      LineChart.Line(
        name: "'\(subject.labelledName)'", values: outcome.monthCosts.map(\.peakKW),
        style: .markedLine, colour: 0, isDashed: false)
    ]
    if let targets = targetsKW {
      lines.append(
        LineChart.Line(
          name: "aimed at by its plans", values: targets, style: .marks, colour: 4))
    }
    for (name, other, colour) in [
      ("oracle", comparison.oracle.outcome, 2), ("the rule", comparison.selfConsumption, 1),
      ("no battery", comparison.noBattery, 3),
    ] where other.name != outcome.name {
      lines.append(
        LineChart.Line(
          name: name, values: other.monthCosts.map(\.peakKW), style: .markedLine, colour: colour))
    }
    return LineChart(
      title: "Peak of each month, kW",
      note: targetsKW == nil
        ? nil
        : "Aimed at: the highest import that the plans in force expected in the month, in planning slots.",
      places: places(outcome),
      panels: isBilled
        ? [LineChart.Panel(title: "highest import, kW", lines: lines, height: 240, decimals: 2)]
        : [])
  }

  /// The highest import that the plans in force expected in each month; nothing without plans. [kW]
  private var targetsKW: [Double]? {
    guard let expected = outcome.expected else { return nil }
    let slots = LocalSlots(grid: replay.period, zone: replay.history.zone)
    var targets: [Double] = []
    var current = -1
    for i in replay.period.indices {
      let month = slots.year[i] * 12 + slots.month[i]
      if month != current {
        targets.append(.nan)
        current = month
      }
      let aimed = expected.loadKW[i] - expected.pvKW[i] - expected.batteryKW[i]
      guard aimed.isFinite else { continue }
      let last = targets.count - 1
      targets[last] = targets[last].isFinite ? max(targets[last], aimed) : max(0, aimed)
    }
    return targets.count == outcome.monthCosts.count ? targets : nil
  }

  /// Cost above the oracle's by hour of the day and month, peaks left out; by day for a period of a month or two.
  var regret: HeatMap {
    let oracle = comparison.oracle.outcome
    let slots = LocalSlots(grid: replay.period, zone: replay.history.zone)
    let isShort = outcome.monthCosts.count < 3
    var names: [String] = []
    var sums: [[Double]] = []
    var current = Int.min
    for i in replay.period.indices {
      let column = isShort ? slots.dayNumber[i] : slots.year[i] * 12 + slots.month[i]
      if column != current {
        current = column
        names.append(
          isShort
            ? String(dateText(slots.dayNumber[i]).dropFirst(5))
            : "\(slots.year[i])-\(slots.month[i] < 10 ? "0" : "")\(slots.month[i])")
        sums.append([Double](repeating: 0, count: 24))
      }
      let loss = outcome.slotCosts[i] - oracle.slotCosts[i]
      if loss.isFinite { sums[sums.count - 1][slots.minuteOfDay[i] / 60] += loss }
    }
    let isZero = sums.allSatisfy { $0.allSatisfy { abs($0) < PairedInterval.cent } }
    return HeatMap(
      title: "Cost above the oracle's by hour and \(isShort ? "day" : "month"), \(currency)",
      note:
        "Energy and wear, less what the stored energy gained; what peaks decide falls on no hour. Below zero: "
        + "the oracle paid more in that hour.",
      unit: currency, columnTitle: isShort ? "day" : "month",
      rows: isZero
        ? []
        : (0..<24).map { hour in
          HeatMap.Row(
            name: "\(hour < 10 ? "0" : "")\(hour):00", values: sums.map { $0[hour] })
        },
      columnNames: isShort ? names : ChartAxis.monthTexts(names), bearsValues: true)
  }
}
