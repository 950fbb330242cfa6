import Diagnostics
import TimeSeries

/// A window with the name and place to report it by.
struct NamedWindow {
  let name: String
  /// The period that the window belongs to.
  let period: Int
  let window: CalendarWindow
  let position: SourcePosition?

  /// Lists the windows of periods.
  static func all(
    of periods: [(name: String, windows: [CalendarWindow], position: SourcePosition?)]
  ) -> [NamedWindow] {
    periods.enumerated().flatMap { index, period in
      period.windows.map {
        NamedWindow(
          name: period.name, period: index, window: $0, position: period.position)
      }
    }
  }
}

extension Tariff {
  /// Reports windows that overlap, and times that no window takes where every time must be priced.
  func checkWindows(
    _ windows: [NamedWindow], of charge: String, at position: SourcePosition?, mustCover: Bool,
    into findings: inout Findings
  ) {
    let before = findings.all.count
    checkWindowShapes(windows, of: charge, at: position, into: &findings)
    if findings.all.count > before { return }
    checkOverlaps(
      windows.filter { $0.window.kinds.isEmpty }, of: charge, at: position, mustCover: mustCover,
      into: &findings)
    for kind in dayKinds {
      checkOverlaps(
        windows.filter { $0.window.kinds.contains(kind.name) }, of: charge, at: position,
        mustCover: false, into: &findings)
    }
  }

  /// Reports windows that overlap on days of one kind, and times that none of them takes.
  private func checkOverlaps(
    _ windows: [NamedWindow], of charge: String, at position: SourcePosition?, mustCover: Bool,
    into findings: inout Findings
  ) {
    let types: [DayTypes] =
      holidays.isEmpty
      ? [.weekday, .saturday, .sunday] : [.weekday, .saturday, .sunday, .holiday]
    let hasRest = windows.contains { $0.window.isRest }
    var seen: Set<[Int]> = []
    var reportedPairs: Set<[Int]> = []
    var reportedGaps: Set<String> = []
    for date in MonthDay.everyDay {
      for type in types {
        let active = windows.indices.filter {
          !windows[$0].window.isRest && windows[$0].window.contains(date: date, type: type)
        }
        guard seen.insert(active).inserted else { continue }
        for (from, to) in segments(of: active.map { windows[$0].window }) {
          var inside = active.filter { windows[$0].window.contains(minute: from) }
          // Windows of one period may overlap.
          inside = inside.filter { index in
            !inside.contains { $0 < index && windows[$0].period == windows[index].period }
          }
          if inside.count > 1, reportedPairs.insert(Array(inside.prefix(2))).inserted {
            findings.error(
              "periods '\(windows[inside[0]].name)' and '\(windows[inside[1]].name)' of"
                + " '\(charge)' overlap on \(date) (\(word(type))) from \(clockText(from))",
              at: windows[inside[1]].position ?? position)
          }
          if inside.isEmpty, mustCover, !hasRest {
            let text = "\(clockText(from)) to \(clockText(to))"
            if reportedGaps.insert(text).inserted {
              findings.error(
                "no period of '\(charge)' applies on \(date) (\(word(type))) from \(text)",
                at: position)
            }
          }
        }
      }
    }
  }

  /// Reports kinds of day that share a name or a day, or have neither days nor events.
  func checkDayKinds(into findings: inout Findings) {
    let taken = ["all", "weekday", "saturday", "sunday", "weekend", "holiday"]
    var seen: [Int: String] = [:]
    var names = Set(taken)
    if dayKinds.count > 250 { findings.error("a tariff has at most 250 kinds of day") }
    for kind in dayKinds {
      if kind.name.isEmpty || !names.insert(kind.name).inserted {
        findings.error(
          "a kind of day must have a name of its own, found '\(kind.name)'", at: kind.position)
      }
      if kind.days.isEmpty, kind.events.isEmpty {
        findings.error("'\(kind.name)' must have dates or events", at: kind.position)
      }
      for day in kind.days {
        if let other = seen.updateValue(kind.name, forKey: day) {
          findings.error(
            other == kind.name
              ? "\(dateText(day)) is named twice by '\(other)'"
              : "\(dateText(day)) is a day of both '\(other)' and '\(kind.name)'", at: kind.position
          )
        }
      }
      for event in kind.events where event.end <= event.start {
        findings.error(
          "an event of '\(kind.name)' must end after it begins, found '\(event.start)' to"
            + " '\(event.end)'", at: kind.position)
      }
    }
  }

  /// Reports periods of a month that differ in price where the month is billed as one mean.
  func checkOnePrice(of charge: DemandCharge, into findings: inout Findings) {
    guard charge.measure.rule.isOneMean else { return }
    for month in 1...12 {
      let dates = MonthDay.everyDay.filter { $0.month == month }
      let active = charge.periods.filter { period in
        period.windows.contains { window in
          window.isRest || dates.contains { window.contains(date: $0, type: .all) }
        }
      }
      guard let first = active.first,
        let other = active.first(where: { $0.tiers != first.tiers || $0.steps != first.steps })
      else { continue }
      findings.error(
        "'\(charge.name)' bills one mean, so periods '\(first.name)' and '\(other.name)' of one month"
          + " must have the same price", at: other.position ?? charge.position)
      return
    }
  }

  private func checkWindowShapes(
    _ windows: [NamedWindow], of charge: String, at position: SourcePosition?,
    into findings: inout Findings
  ) {
    var names: [String: Int] = [:]
    for named in windows {
      let place = named.position ?? position
      let first = names[named.name, default: named.period]
      names[named.name] = first
      if first != named.period {
        findings.error("two periods of '\(charge)' are named '\(named.name)'", at: place)
      }
      for span in named.window.dates where !span.from.isValid || span.from.month < 1 {
        findings.error(
          "'\(named.name)' must begin on a date that exists, found '\(span.from)'", at: place)
      }
      for span in named.window.dates
      where !(1...12).contains(span.through.month) || !(1...31).contains(span.through.day) {
        findings.error(
          "'\(named.name)' must end on a date that exists, found '\(span.through)'", at: place)
      }
      for span in named.window.times where !span.isValid {
        findings.error(
          "the times of '\(named.name)' must lie within a day, found"
            + " '\(clockText(span.fromMinute))' to '\(clockText(span.toMinute))'", at: place)
      }
      for kind in named.window.kinds where !dayKinds.contains(where: { $0.name == kind }) {
        findings.error("'\(named.name)' names no kind of day of the tariff: '\(kind)'", at: place)
      }
      if named.window.days.isDisjoint(with: .all) {
        findings.error("'\(named.name)' must apply on some kind of day", at: place)
      }
      if named.window.days == .holiday, holidays.isEmpty {
        findings.error(
          "'\(named.name)' applies on holidays, but the tariff names none", at: place)
      }
    }
    if windows.count(where: { $0.window.isRest }) > 1 {
      findings.error("only one period of '\(charge)' may take the rest", at: position)
    }
    if let last = windows.last, last.period >= 250 {
      findings.error("'\(charge)' must have at most 250 periods", at: position)
    }
  }

  /// Cuts a day where any of the windows begins or ends.
  private func segments(of windows: [CalendarWindow]) -> [(from: Int, to: Int)] {
    var cuts: Set<Int> = [0, 1440]
    for window in windows {
      for span in window.times {
        cuts.insert(span.fromMinute)
        cuts.insert(span.toMinute)
      }
    }
    let sorted = cuts.sorted()
    return zip(sorted, sorted.dropFirst()).map { ($0, $1) }
  }

  private func word(_ type: DayTypes) -> String {
    switch type {
    case .weekday: "weekday"
    case .saturday: "Saturday"
    case .sunday: "Sunday"
    default: "holiday"
    }
  }
}

extension MonthDay {
  /// The 366 dates of a leap year in order.
  static let everyDay: [MonthDay] = (1...12).flatMap { month in
    (1...31).map { MonthDay(month: month, day: $0) }.filter(\.isValid)
  }
}
