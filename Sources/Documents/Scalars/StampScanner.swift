package import TimeSeries

/// Outcome of reading one stamp.
package enum StampOutcome: Equatable {
  /// Milliseconds since 1970-01-01 UTC.
  case instant(Int)
  /// The first of two instants is taken unless time would go back.
  case repeated(Int)
  /// Clocks skip this local time.
  case nonexistent(CivilTime)
  /// Not a stamp.
  case malformed
}

/// Returns epoch seconds as milliseconds, nothing outside the years 1900 to 2200.
package func instantMS(seconds: Double) -> Int? {
  guard seconds > -2.21e9, seconds < 7.3e9 else { return nil }
  return Int((seconds * 1000).rounded())
}

/// Reads stamps; remembers the last local day, because neighbours share it.
package struct StampScanner {
  /// How stamps are written.
  package let format: StampFormat
  /// Clock of stamps without offset.
  package let zone: Zone
  private var year = Int.min
  private var month = 0
  private var day = 0
  private var dayNumber = 0
  private var offsetDay = Int.min
  /// Local minus UTC on `offsetDay`, or nothing on a day when the clocks change. [s]
  private var dayOffset: Int?
  private var previous = Int.min

  /// Starts with no day in mind.
  package init(format: StampFormat, zone: Zone) {
    self.format = format
    self.zone = zone
  }

  /// Reads the stamp in `start..<end`.
  package mutating func scan(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> StampOutcome {
    var first = start
    var last = end
    while first < last, bytes[first] == 0x20 { first += 1 }
    while last > first, bytes[last - 1] == 0x20 { last -= 1 }
    guard last > first else { return .malformed }
    switch format {
    case .epochSeconds: return epoch(bytes, first, last, unit: 1000)
    case .epochMilliseconds: return epoch(bytes, first, last, unit: 1)
    case .automatic, .dayMonthYear, .monthDayYear: break
    }
    var i = first
    guard let a = number(bytes, &i, last), i < last else {
      return format == .automatic ? epoch(bytes, first, last, unit: nil) : .malformed
    }
    let aDigits = i - first
    let separator = bytes[i]
    guard
      separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
        || separator == UInt8(ascii: ".")
    else { return .malformed }
    if format == .automatic, separator == UInt8(ascii: "."), aDigits > 2 {
      return epoch(bytes, first, last, unit: nil)
    }
    i += 1
    guard let b = number(bytes, &i, last), i < last, bytes[i] == separator else {
      return .malformed
    }
    i += 1
    let yearStart = i
    guard let c = number(bytes, &i, last) else { return .malformed }
    let cDigits = i - yearStart
    let date: (Int, Int, Int)
    switch format {
    case .dayMonthYear: date = (c, b, a)
    case .monthDayYear: date = (c, a, b)
    default:
      if aDigits == 4 {
        date = (a, b, c)
      } else if separator == UInt8(ascii: "."), cDigits == 4 {
        date = (c, b, a)
      } else {
        return .malformed
      }
    }
    let fullYear = date.0 < 100 && cDigits <= 2 && aDigits != 4 ? date.0 + 2000 : date.0
    guard (1...12).contains(date.1), (1900...2200).contains(fullYear) else { return .malformed }
    if fullYear != year || date.1 != month || date.2 != day {
      guard date.2 >= 1, date.2 <= CivilCalendar.daysInMonth(year: fullYear, month: date.1) else {
        return .malformed
      }
      year = fullYear
      month = date.1
      day = date.2
      dayNumber = CivilCalendar.days(year: fullYear, month: date.1, day: date.2)
    }
    return timeOfDay(bytes, i, last)
  }

  /// Reads `[T ]hh:mm[:ss[.fff]][Z|±hh[:mm]]` after the date, which may also stand alone.
  private mutating func timeOfDay(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> StampOutcome {
    var i = start
    var seconds = 0
    var milliseconds = 0
    if i < end {
      guard bytes[i] == UInt8(ascii: "T") || bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "t")
      else { return .malformed }
      i += 1
      while i < end, bytes[i] == 0x20 { i += 1 }
      guard let hour = number(bytes, &i, end), i < end, bytes[i] == UInt8(ascii: ":") else {
        return .malformed
      }
      i += 1
      guard let minute = number(bytes, &i, end), minute < 60 else { return .malformed }
      var second = 0
      if i < end, bytes[i] == UInt8(ascii: ":") {
        i += 1
        guard let value = number(bytes, &i, end), value < 60 else { return .malformed }
        second = value
        if i < end, bytes[i] == UInt8(ascii: ".") || bytes[i] == UInt8(ascii: ",") {
          i += 1
          var weight = 100
          while i < end, bytes[i] &- 48 < 10 {
            milliseconds += Int(bytes[i] &- 48) * weight
            weight /= 10
            i += 1
          }
        }
      }
      guard hour < 24 || (hour == 24 && minute == 0 && second == 0) else { return .malformed }
      seconds = hour * 3600 + minute * 60 + second
    }
    let local = dayNumber * 86_400 + seconds
    if i < end {
      guard let offset = offset(bytes, &i, end), i == end else { return .malformed }
      return .instant((local - offset) * 1000 + milliseconds)
    }
    return instant(local: local, milliseconds: milliseconds)
  }

  /// Local time to an instant by the zone.
  private mutating func instant(local: Int, milliseconds: Int) -> StampOutcome {
    if offsetDay != dayNumber {
      offsetDay = dayNumber
      let from = zone.startOfDay(dayNumber)
      let to = zone.startOfDay(dayNumber + 1)
      let offset = zone.offsetSeconds(at: from)
      dayOffset = offset == zone.offsetSeconds(at: to) && to - from == 86_400 ? offset : nil
    }
    if let dayOffset, local - dayNumber * 86_400 < 86_400 {
      let result = (local - dayOffset) * 1000 + milliseconds
      previous = result
      return .instant(result)
    }
    let civil = CivilTime(localSeconds: local)
    switch zone.instant(of: civil) {
    case .unique(let instant):
      previous = instant * 1000 + milliseconds
      return .instant(previous)
    case .ambiguous(let earlier, let later):
      let first = earlier * 1000 + milliseconds
      previous = first > previous ? first : later * 1000 + milliseconds
      return .repeated(previous)
    case .nonexistent:
      return .nonexistent(civil)
    }
  }

  private func epoch(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, unit: Int?) -> StampOutcome {
    guard let parsed = NumberScanner().scan(bytes, from: start, to: end), parsed.next == end else {
      return .malformed
    }
    // 1e11 s lies in the year 5138, 1e11 ms in 1973.
    let milliseconds = unit ?? (abs(parsed.value) < 1e11 ? 1000 : 1)
    let instant = instantMS(seconds: parsed.value * Double(milliseconds) / 1000)
    return instant.map { .instant($0) } ?? .malformed
  }

  @inline(__always)
  private func number(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    let start = i
    var value = 0
    while i < end {
      let digit = bytes[i] &- 48
      guard digit < 10 else { break }
      value = value &* 10 &+ Int(digit)
      i += 1
      if i - start > 9 { return nil }
    }
    return i > start ? value : nil
  }

  /// Reads `Z` or an offset from UTC. [s]
  private func offset(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    while i < end, bytes[i] == 0x20 { i += 1 }
    guard i < end else { return nil }
    let mark = bytes[i]
    if mark | 0x20 == UInt8(ascii: "z") {
      i += 1
      return 0
    }
    if end - i == 3, mark | 0x20 == UInt8(ascii: "u") || mark | 0x20 == UInt8(ascii: "g") {
      i += 3
      return 0
    }
    guard mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-") else { return nil }
    i += 1
    let start = i
    guard var value = number(bytes, &i, end) else { return nil }
    var minutes = 0
    if i < end, bytes[i] == UInt8(ascii: ":") {
      i += 1
      guard let part = number(bytes, &i, end) else { return nil }
      minutes = part
    } else if i - start == 4 {
      minutes = value % 100
      value /= 100
    }
    guard value <= 18, minutes < 60 else { return nil }
    let seconds = value * 3600 + minutes * 60
    return mark == UInt8(ascii: "-") ? -seconds : seconds
  }
}
