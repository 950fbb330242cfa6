import Diagnostics
import Documents
import TimeSeries

/// Where a table says when each of its rows is: in one cell or in two, with or without the end of the interval.
struct TimeAxis {
  /// How a time of day is written that has a column of its own.
  enum Clock: Equatable {
    /// `00:15`, `12:15 AM`, `24:00`, or `00:00 - 00:15`.
    case text
    /// `15`, `1345`.
    case digits
    /// The number of the hour. The first one of a day is `first`; `isElapsed` when hours are counted and not those
    /// of the clock, so that days have 23, 24 or 25 of them.
    case hours(first: Int, isElapsed: Bool)
  }

  /// Cell of the stamp, or of the date.
  var time: Int
  /// Cell of the time of day.
  var clock: Int?
  var clockKind = Clock.text
  /// Cell of the end of the interval, or of its date.
  var end: Int?
  /// Cell of the time of day of the end.
  var endClock: Int?
  /// What is added to the end: the last minute or second of the interval is named and belongs to it. [ms]
  var endShiftMS = 0
  /// True when one cell holds beginning and end.
  var holdsPair = false
  /// True when stamps run from the first step of a day to 24:00, so that they name the ends of intervals.
  var labelsEnd = false
  var format = StampFormat.automatic

  /// True when a stamp is one cell and nothing says when an interval ends.
  var isPlain: Bool { clock == nil && end == nil && endClock == nil && !holdsPair }
  /// Cells that the axis takes.
  var cells: Set<Int> { Set([time, clock, end, endClock].compactMap { $0 }) }

  /// Whether the first row behind a cursor is another instant on another clock: its stamp has no offset.
  func isNaive(_ bytes: Span<UInt8>, _ start: CSVCursor) -> Bool {
    var cursor = start
    guard cursor.next(bytes) else { return false }
    let instants = [Zone.utc, Zone(offsetSeconds: 3600)].map { clock -> Int? in
      var stamps = StampScanner(format: format, zone: clock)
      var ends = stamps
      if case .instant(let instant) = read(bytes, cursor, stamps: &stamps, ends: &ends, zone: clock)
        .stamp
      {
        return instant
      }
      return nil
    }
    return instants[0] != nil && instants[0] != instants[1]
  }

  /// Reads the stamp of a row, and when its interval ends. [ms]
  func read(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, stamps: inout StampScanner,
    ends: inout StampScanner, zone: Zone
  ) -> (stamp: StampOutcome, end: Int?) {
    guard cursor.count > max(time, clock ?? 0) else { return (.malformed, nil) }
    let (from, to) = (cursor.starts[time], cursor.ends[time])
    var day = 0
    var outcome: StampOutcome
    var endText: (from: Int, to: Int)?
    if let clock {
      guard let date = stamps.day(bytes, from: from, to: to) else { return (.malformed, nil) }
      day = date
      var clockEnd = cursor.ends[clock]
      if let pair = StampScanner.pair(bytes, from: cursor.starts[clock], to: clockEnd) {
        endText = (pair.second, clockEnd)
        clockEnd = pair.first
      }
      outcome = timeOfDay(
        bytes, from: cursor.starts[clock], to: clockEnd, day: day, stamps: &stamps, zone: zone)
    } else if holdsPair, let pair = StampScanner.pair(bytes, from: from, to: to) {
      outcome = stamps.scan(bytes, from: from, to: pair.first)
      endText = (pair.second, to)
    } else {
      outcome = stamps.scan(bytes, from: from, to: to)
    }
    let begin: Int
    switch outcome {
    case .instant(let instant): begin = instant
    case .repeated: begin = stamps.repeated.earlier
    case .nonexistent, .malformed: return (outcome, nil)
    }
    if clock == nil { day = localDay(begin, zone) }
    var instant: Int?
    if let endText {
      instant = ends.end(bytes, from: endText.from, to: endText.to, after: begin, beginDay: day)
    } else if let end, let endClock, cursor.count > max(end, endClock) {
      if let date = ends.day(bytes, from: cursor.starts[end], to: cursor.ends[end]),
        let time = timeOfDayMS(bytes, from: cursor.starts[endClock], to: cursor.ends[endClock])
      {
        switch ends.scan(day: date, milliseconds: time) {
        case .instant(let value): instant = value
        case .repeated:
          instant = ends.repeated.earlier > begin ? ends.repeated.earlier : ends.repeated.later
        case .nonexistent:
          if case .instant(let value) = ends.scan(day: date, milliseconds: time + 3_600_000) {
            instant = value
          }
        case .malformed: break
        }
      }
    } else if let cell = end ?? endClock, cursor.count > cell {
      instant = ends.end(
        bytes, from: cursor.starts[cell], to: cursor.ends[cell], after: begin - endShiftMS,
        beginDay: day)
    }
    guard let instant, instant + endShiftMS > begin else { return (outcome, nil) }
    return (outcome, instant + endShiftMS)
  }

  private func localDay(_ milliseconds: Int, _ zone: Zone) -> Int {
    zone.civil(at: floorDivided(milliseconds, 1000)).dayNumber
  }

  private func timeOfDay(
    _ bytes: Span<UInt8>, from: Int, to: Int, day: Int, stamps: inout StampScanner, zone: Zone
  ) -> StampOutcome {
    switch clockKind {
    case .text:
      guard let time = timeOfDayMS(bytes, from: from, to: to) else { return .malformed }
      return stamps.scan(day: day, milliseconds: time)
    case .digits:
      guard let number = TimeAxis.wholeNumber(bytes, from, to), number % 100 < 60, number <= 2400
      else { return .malformed }
      return stamps.scan(day: day, milliseconds: (number / 100 * 60 + number % 100) * 60_000)
    case .hours(let first, let isElapsed):
      guard let number = TimeAxis.wholeNumber(bytes, from, to), number >= first, number <= 25 else {
        return .malformed
      }
      let hours = number - first
      guard isElapsed else {
        return hours < 24 ? stamps.scan(day: day, milliseconds: hours * 3_600_000) : .malformed
      }
      let instant = zone.startOfDay(day) + hours * 3600
      guard instant < zone.startOfDay(day + 1) else {
        return .nonexistent(CivilTime(localSeconds: day * 86_400 + hours * 3600))
      }
      return .instant(instant * 1000)
    }
  }

  static func wholeNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var text = trimmedText(bytes.text(start, end))
    if let first = text.first, first == "H" || first == "h" { text.removeFirst() }
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- 48 < 10 }) else {
      return nil
    }
    return Int(text)
  }
}

extension TimeAxis {
  /// What was found, for people.
  func remarks(names: [String]) -> [String] {
    func name(_ cell: Int) -> String { "'\(names.indices.contains(cell) ? names[cell] : "")'" }
    var found: [String] = []
    if let clock {
      var text = "time from \(name(time)) and \(name(clock))"
      switch clockKind {
      case .text: break
      case .digits: text += " as hhmm"
      case .hours(let first, let isElapsed):
        text +=
          first == 1 ? ", hours that end at their number" : ", hours that begin at their number"
        if isElapsed { text += ", counted through the day" }
      }
      found.append(text)
    }
    if holdsPair { found.append("\(name(time)) holds beginning and end") }
    let ends = [end, endClock].compactMap { $0 }
    if !ends.isEmpty {
      found.append("intervals end by " + ends.map(name).joined(separator: " and "))
    }
    if labelsEnd {
      found.append("stamps name the end of their intervals: 24:00 occurs, 00:00 does not")
    }
    switch format {
    case .automatic, .epochSeconds, .epochMilliseconds: break
    case .dayMonthYear: found.append("the day stands before the month")
    case .monthDayYear: found.append("the month stands before the day")
    case .spreadsheetDays: found.append("stamps are days of a spreadsheet")
    }
    return found
  }
}
