import Reports
import Scenarios
import Studies
import Tariffs
import TimeSeries

/// Which days a shadow replays together, and with which versions.
struct ShadowCalendar {
  private let zone: Zone
  private let scenario: Scenario
  /// First day of each version that was kept, by the version of the scenario that takes its rows.
  private let firstDays: [String: Int]
  /// The first day that is replayed.
  let firstDay: Int
  /// Versions that were not replayed in some span, with the day they begin.
  private(set) var late: [String: Int] = [:]

  /// Lays out the days of a scenario.
  ///
  /// - Parameters:
  ///   - zone: The site's clock.
  ///   - firstKept: First day that each kept version can plan.
  ///   - scenario: The scenario with its kept versions.
  init(zone: Zone, firstKept: [String: Int], of scenario: Scenario) {
    self.zone = zone
    self.scenario = scenario
    firstDays = scenario.externalVersions.mapValues { firstKept[$0] ?? .max }
    let stated = zone.civil(at: scenario.period.start).dayNumber
    firstDay = max(stated, firstDays.values.min() ?? stated)
  }

  /// Days of one calendar month.
  struct Span: Equatable {
    var first: Int
    var last: Int
  }

  /// Returns the days that are replayed after what a ledger holds.
  ///
  /// The ledger's last month is replayed as a whole again where it has grown.
  func spans(after ledger: ShadowLedger, through last: Int) -> [Span] {
    var first = firstDay
    if let month = ledger.months.last {
      guard last > month.lastDay else { return [] }
      let isOver = monthEnd(month.lastDay) == month.lastDay
      first = isOver ? month.lastDay + 1 : month.firstDay
    }
    var spans: [Span] = []
    while first <= last {
      let span = Span(first: first, last: min(last, monthEnd(first)))
      spans.append(span)
      first = span.last + 1
    }
    return spans
  }

  /// The last day of the month of a day.
  private func monthEnd(_ day: Int) -> Int {
    let civil = CivilTime(localSeconds: day * 86_400)
    let (year, month) = civil.month == 12 ? (civil.year + 1, 1) : (civil.year, civil.month + 1)
    return CivilCalendar.days(year: year, month: month, day: 1) - 1
  }

  /// The scenario over the days of a span, with the versions that had been kept when it began.
  mutating func scenario(of span: Span) -> Scenario {
    var copy = scenario.replaying(from: span.first, through: span.last)
    copy.forecasts.versions.removeAll { version in
      guard let first = firstDays[version.name], first > span.first else { return false }
      late[version.name] = first
      return true
    }
    if let active = copy.forecasts.active,
      !copy.forecasts.versions.contains(where: { $0.name == active })
    {
      copy.forecasts.active = nil
    }
    return copy
  }

  /// What is worth knowing of the days.
  func notes(_ tariff: Tariff, through last: Int) -> [String] {
    var notes = late.sorted { $0.key < $1.key }.map { name, first in
      first == .max
        ? "No forecast of '\(name)' was kept; it is not replayed."
        : "Forecasts of '\(name)' were kept from \(dayText(first)) on; it is replayed from the next month on."
    }
    if tariff.looksOverMonths {
      notes.append("Peaks of other months, which this tariff looks at, are not in the comparison.")
    }
    return notes
  }
}
