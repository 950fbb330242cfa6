import Diagnostics
import Documents
import Tariffs
import TimeSeries

/// Spans of dates and kinds of day that windows of a tariff may name.
package struct NamedDays {
  /// Spans of dates by the name of the season.
  var seasons: [String: [DateSpan]] = [:]
  /// Names of kinds of day.
  var kinds: [String] = []
}

extension MappingReader {
  /// Reads when a period applies: its own window, or a list of several.
  func windows(seasons: NamedDays) -> [CalendarWindow] {
    guard has("windows") else { return [window(seasons: seasons)] }
    for key in ["seasons", "dates", "days", "times", "rest"] {
      require(!has(key), key, "a period with 'windows' must not have '\(key)' beside them")
    }
    return list("windows") { $0.window(seasons: seasons) }
  }

  /// Reads a time of the week and the year: its dates, days and clock times.
  func calendarWindow() -> CalendarWindow {
    var window = CalendarWindow()
    window.dates = dateSpans("dates")
    if let days = dayTypes("days", kinds: []) { window.days = days.types }
    window.times = clockSpans("times")
    return window
  }

  /// Reads one window.
  private func window(seasons: NamedDays) -> CalendarWindow {
    if boolean("rest", default: false) {
      for key in ["seasons", "dates", "days", "times"] {
        require(!has(key), key, "a period that takes the rest must not have '\(key)'")
      }
      return .rest
    }
    var window = CalendarWindow()
    for name in optionalTexts("seasons") ?? [] {
      if let spans = seasons.seasons[name] {
        window.dates += spans
      } else {
        let near = suggestion(for: name, among: seasons.seasons.keys.sorted())
        error(
          "seasons",
          "no season is named '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
      }
    }
    window.dates += dateSpans("dates")
    if let days = dayTypes("days", kinds: seasons.kinds) {
      if !days.types.isEmpty || days.kinds.isEmpty { window.days = days.types }
      window.kinds = days.kinds
    }
    window.times = clockSpans("times")
    return window
  }

  /// Reads the named seasons of a tariff: spans of dates such as `06-01 to 09-30`.
  func seasons(_ key: String) -> [String: [DateSpan]] {
    optionalSection(key) { reader in
      var result: [String: [DateSpan]] = [:]
      for entry in reader.entries { result[entry.key] = reader.dateSpans(entry.key) }
      return result
    } ?? [:]
  }

  /// Reads spans of dates such as `11-01 to 03-31`.
  private func dateSpans(_ key: String) -> [DateSpan] {
    spans(key, example: "06-01 to 09-30") { text -> DateSpan? in
      guard let from = CivilText.monthDay(text.0), let through = CivilText.monthDay(text.1) else {
        return nil
      }
      return DateSpan(from: from, through: through)
    }
  }

  /// Reads spans of clock time such as `07:00 to 19:00`.
  private func clockSpans(_ key: String) -> [ClockSpan] {
    spans(key, example: "07:00 to 19:00") { text -> ClockSpan? in
      guard let from = CivilText.minuteOfDay(text.0),
        let to = CivilText.minuteOfDay(text.1), from < 1440
      else { return nil }
      return ClockSpan(fromMinute: from, toMinute: to)
    }
  }

  private func spans<Span>(
    _ key: String, example: String, _ read: ((String, String)) -> Span?
  ) -> [Span] {
    guard let node = node(key) else { return [] }
    return (node.items ?? [node]).compactMap { item in
      let parts = (item.scalar?.text ?? "").split(separator: " ")
      if parts.count == 3, parts[1] == "to",
        let span = read((String(parts[0]), String(parts[2])))
      {
        return span
      }
      context.error(
        "'\(key)' must be spans such as '\(example)', found \(item.found)", at: item.position)
      return nil
    }
  }

  private func dayTypes(_ key: String, kinds: [String]) -> (types: DayTypes, kinds: [String])? {
    let names: [(name: String, value: DayTypes)] = [
      ("all", .all), ("weekday", .weekday), ("saturday", .saturday), ("sunday", .sunday),
      ("weekend", .weekend), ("holiday", .holiday),
    ]
    guard let node = node(key) else { return nil }
    var result: DayTypes = []
    var found: [String] = []
    for item in node.items ?? [node] {
      if let name = item.scalar?.text, kinds.contains(name) {
        found.append(name)
        continue
      }
      if let type = context.choice(item, named: key, among: names) { result.formUnion(type) }
    }
    return (result, found)
  }

  /// Reads days with a name of their own.
  func dayKind() -> DayKind? {
    DayKind(
      text("name"), days: (optionalDates("dates") ?? []).map(\.dayNumber),
      events: optionalList("events") { $0.event() } ?? [],
      startMinute: optionalMinute("starts") ?? 0, knownMinute: optionalMinute("known_from"),
      position: position)
  }

  /// Reads a stretch of local time.
  func event() -> DemandEvent? {
    guard let start = optionalTime("start"), let end = optionalTime("end") else {
      context.error("an event needs 'start' and 'end'", at: position)
      return nil
    }
    return DemandEvent(start: start, end: end)
  }

  private func optionalMinute(_ key: String) -> Int? {
    node(key).flatMap { context.minuteOfDay($0, named: key) }
  }

  /// Reads holidays: a country, or a section with a country and dates.
  func holidays(_ key: String) -> HolidayCalendar {
    func country(_ node: YAMLNode) -> HolidayCalendar? {
      guard let name = context.text(node, named: key) else { return nil }
      if let known = HolidayCalendar.country(name) { return known }
      let names = HolidayCalendar.countryNames
      let near = suggestion(for: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      context.error(
        "unknown holiday rule '\(name)'\(near)", at: node.position,
        notes: ["holiday rules known here: \(names.joined(separator: ", "))"])
      return nil
    }
    return sectionOrNode(
      key,
      section: { reader in
        let base = reader.node("country").flatMap(country)
        let days = reader.optionalDates("dates") ?? []
        return HolidayCalendar(
          name: base?.name, rules: base?.rules ?? [], days: days.map(\.dayNumber))
      }, other: country) ?? .none
  }

  /// Reads a number, or a list of numbers with the dates from which they hold.
  func datedValue(_ key: String) -> DatedValue {
    guard requiredNode(key) != nil else { return 0 }
    return optionalDatedValue(key) ?? 0
  }

  /// Reads a dated number, or uses the default.
  func datedValue(_ key: String, default value: DatedValue) -> DatedValue {
    optionalDatedValue(key) ?? value
  }

  /// Reads a dated number that may be left out.
  func optionalDatedValue(_ key: String) -> DatedValue? {
    guard let node = node(key) else { return nil }
    guard node.items != nil else { return DatedValue(context.number(node, named: key, .finite)) }
    let steps = list(key) { reader -> DatedValue.Step? in
      let value = reader.number("value")
      let from = reader.optionalDate("from")
      return DatedValue.Step(fromDay: from?.dayNumber ?? .min, value: value)
    }
    return steps.isEmpty ? nil : DatedValue(steps: steps)
  }
}
