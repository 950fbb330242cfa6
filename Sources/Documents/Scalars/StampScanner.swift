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
  private let format: StampFormat
  private let zone: Zone?
  /// Whether stamps of nothing but digits are dates; the first one decides.
  private var hasCompactDates: Bool?
  private var year = Int.min
  private var month = 0
  private var day = 0
  var dayNumber = 0
  private var offsetDay = Int.min
  /// Local minus UTC on `offsetDay`, or nothing on a day when the clocks change. [s]
  private var dayOffset: Int?
  private var previous = Int.min
  /// Both instants of the repeated local time that was read last. [ms]
  package private(set) var repeated = (earlier: 0, later: 0)

  /// Starts with no day in mind.
  ///
  /// - Parameters:
  ///   - format: How stamps are written.
  ///   - zone: Clock of stamps without offset; without one, such stamps are malformed.
  package init(format: StampFormat = .automatic, zone: Zone?) {
    self.format = format
    self.zone = zone
  }

  /// Reads the stamp that a text is.
  package mutating func scan(_ text: some StringProtocol) -> StampOutcome {
    let bytes = Array(text.utf8)
    return scan(bytes.span, from: 0, to: bytes.count)
  }

  /// Reads the instant that a text is, in whole seconds.
  ///
  /// - Returns: UTC epoch, or nothing when the text is no instant. [s]
  package mutating func instant(_ text: some StringProtocol) -> Int? {
    switch scan(text) {
    case .instant(let stamp), .repeated(let stamp):
      stamp >= 0 ? stamp / 1000 : -((999 - stamp) / 1000)
    case .nonexistent, .malformed: nil
    }
  }

  /// Reads the stamp in `start..<end`.
  package mutating func scan(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> StampOutcome {
    if format == .automatic, end - start >= 16, bytes[start + 4] == UInt8(ascii: "-"),
      bytes[start + 7] == UInt8(ascii: "-"), bytes[start + 13] == UInt8(ascii: ":"),
      bytes[start + 10] == UInt8(ascii: "T") || bytes[start + 10] == 0x20,
      let outcome = isoStamp(bytes, start, end)
    {
      return outcome
    }
    var first = start
    var last = end
    while first < last, bytes[first] == 0x20 { first += 1 }
    while last > first, bytes[last - 1] == 0x20 { last -= 1 }
    guard last > first else { return .malformed }
    switch format {
    case .epochSeconds: return epoch(bytes, first, last, unit: 1000)
    case .epochMilliseconds: return epoch(bytes, first, last, unit: 1)
    case .spreadsheetDays: return spreadsheetDays(bytes, first, last)
    case .automatic, .dayMonthYear, .monthDayYear: break
    }
    var i = first
    guard let a = digits(bytes, &i, last), i < last else {
      if i == first {
        if namedDate(bytes, &i, last) { return timeOfDay(bytes, i, last) }
        i = StampScanner.afterWeekday(bytes, first, last)
        guard i > first, i < last else { return .malformed }
        if bytes[i] &- 48 < 10 { return scan(bytes, from: i, to: last) }
        return namedDate(bytes, &i, last) ? timeOfDay(bytes, i, last) : .malformed
      }
      return format == .automatic ? digitsOnly(bytes, first, last) : .malformed
    }
    let aDigits = i - first
    if i + 1 < last, bytes[i + 1] &- 48 >= 10, holdsMonthName(bytes, i, last) {
      i = first
      return namedDate(bytes, &i, last) ? timeOfDay(bytes, i, last) : .malformed
    }
    // `20250601 0015` and `20250601T001500`: the date is digits alone.
    if aDigits == 8, bytes[i] == 0x20 || bytes[i] | 0x20 == UInt8(ascii: "t"), format == .automatic
    {
      guard remember(a / 10_000, a / 100 % 100, a % 100) else { return .malformed }
      if let time = compactClock(bytes, i + 1, last) {
        return instant(time.milliseconds, bytes, time.end, last)
      }
      return timeOfDay(bytes, i, last)
    }
    let separator = bytes[i]
    guard
      separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
        || separator == UInt8(ascii: ".")
    else { return .malformed }
    if format == .automatic, separator == UInt8(ascii: "."), aDigits > 2 {
      return epoch(bytes, first, last, unit: nil)
    }
    i += 1
    guard let b = digits(bytes, &i, last), i < last, bytes[i] == separator else {
      return .malformed
    }
    i += 1
    let yearStart = i
    guard let c = digits(bytes, &i, last) else { return .malformed }
    let cDigits = i - yearStart
    let date: (Int, Int, Int)
    if aDigits == 4 {
      date = (a, b, c)
    } else {
      switch format {
      case .dayMonthYear: date = (c, b, a)
      case .monthDayYear: date = (c, a, b)
      default:
        // Dates with points have the day first wherever they are written.
        guard separator == UInt8(ascii: "."), cDigits == 4 || cDigits == 2 else {
          return .malformed
        }
        date = (c, b, a)
      }
    }
    let fullYear = date.0 < 100 && cDigits <= 2 && aDigits != 4 ? date.0 + 2000 : date.0
    guard remember(fullYear, date.1, date.2) else { return .malformed }
    return timeOfDay(bytes, i, last)
  }

  /// Reads `2025-06-01T00:15[:00][Z]`, the form of most files, by the places of its digits.
  ///
  /// - Returns: Nothing for any other form, which may still be a stamp.
  private mutating func isoStamp(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> StampOutcome? {
    func pair(_ at: Int) -> Int {
      let (a, b) = (bytes[start + at] &- 48, bytes[start + at + 1] &- 48)
      return a < 10 && b < 10 ? Int(a) * 10 + Int(b) : -1
    }
    var length = end - start
    let isUTC = bytes[end - 1] == UInt8(ascii: "Z")
    if isUTC { length -= 1 }
    guard length == 16 || length == 19 && bytes[start + 16] == UInt8(ascii: ":") else { return nil }
    let (century, year, month, day) = (pair(0), pair(2), pair(5), pair(8))
    let (hour, minute, second) = (pair(11), pair(14), length == 19 ? pair(17) : 0)
    guard century >= 0, year >= 0, month >= 0, day >= 0, hour >= 0, hour < 24, minute >= 0,
      minute < 60, second >= 0, second < 60, remember(century * 100 + year, month, day)
    else { return nil }
    let local = dayNumber * 86_400 + hour * 3600 + minute * 60 + second
    return isUTC ? .instant(local * 1000) : instant(local: local, milliseconds: 0)
  }

  /// Lets the next stamp find its day anew, after one that was given as a day.
  mutating func forgetDay() { year = Int.min }

  /// Makes a date the current one; false when there is no such day.
  mutating func remember(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    if year == self.year, month == self.month, day == self.day { return true }
    guard (1...12).contains(month), (1900...2200).contains(year), day >= 1,
      day <= CivilCalendar.daysInMonth(year: year, month: month)
    else { return false }
    self.year = year
    self.month = month
    self.day = day
    dayNumber = CivilCalendar.days(year: year, month: month, day: day)
    return true
  }

  /// Reads `[T ]hh:mm[:ss[.fff]][ AM| PM][Z|±hh[:mm]|CET]` after the date, which may also stand alone.
  private mutating func timeOfDay(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> StampOutcome {
    var i = start
    var milliseconds = 0
    if i < end {
      guard
        bytes[i] == UInt8(ascii: "T") || bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "t")
          || bytes[i] == UInt8(ascii: ",")
      else { return .malformed }
      i += 1
      while i < end, bytes[i] == 0x20 { i += 1 }
      guard let time = clock(bytes, &i, end) else { return .malformed }
      milliseconds = time
    }
    return instant(milliseconds, bytes, i, end)
  }

  /// Local time of the current day to an instant, by the offset that stands after it or by the zone.
  private mutating func instant(
    _ dayMilliseconds: Int, _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> StampOutcome {
    var i = start
    var milliseconds = dayMilliseconds
    let local = dayNumber * 86_400 + milliseconds / 1000
    milliseconds %= 1000
    if i < end {
      guard let offset = ZoneText.offset(bytes, &i, end), i == end else { return .malformed }
      return .instant((local - offset) * 1000 + milliseconds)
    }
    return instant(local: local, milliseconds: milliseconds)
  }

  /// Local time to an instant by the zone.
  mutating func instant(local: Int, milliseconds: Int) -> StampOutcome {
    guard let zone else { return .malformed }
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
      let second = later * 1000 + milliseconds
      previous = first > previous ? first : second
      repeated = (first, second)
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

  /// Reads a number or a date without marks: `20240331`, `2024033102`, `202403310215`, `20240331021500`.
  private mutating func digitsOnly(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> StampOutcome {
    func part(_ from: Int, _ count: Int) -> Int {
      var value = 0
      for i in start + from..<start + from + count { value = value * 10 + Int(bytes[i]) - 48 }
      return value
    }
    let count = end - start
    // `2025060100:12`, as weather services write the minute of the sun.
    if count == 13, bytes[start + 10] == UInt8(ascii: ":") {
      guard let date = wholeNumber(bytes, start, start + 10),
        let minute = wholeNumber(bytes, start + 11, end), minute < 60, date % 100 < 24,
        remember(date / 1_000_000, date / 10_000 % 100, date / 100 % 100)
      else { return .malformed }
      let time = date % 100 * 3600 + minute * 60
      return instant(local: dayNumber * 86_400 + time, milliseconds: 0)
    }
    if hasCompactDates != false, [8, 10, 12, 14].contains(count),
      (start..<end).allSatisfy({ bytes[$0] &- 48 < 10 }),
      remember(part(0, 4), part(4, 2), part(6, 2))
    {
      let hour = count >= 10 ? part(8, 2) : 0
      let minute = count >= 12 ? part(10, 2) : 0
      let second = count >= 14 ? part(12, 2) : 0
      if hour < 24, minute < 60, second < 60 {
        hasCompactDates = true
        let time = hour * 3600 + minute * 60 + second
        return instant(local: dayNumber * 86_400 + time, milliseconds: 0)
      }
    }
    if hasCompactDates == true { return .malformed }
    hasCompactDates = false
    return epoch(bytes, start, end, unit: nil)
  }
}
