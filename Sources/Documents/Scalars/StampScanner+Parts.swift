import TimeSeries

extension StampScanner {
  /// Reads a cell that is a date alone, or a date and a time, as its local day.
  ///
  /// - Returns: Days since 1970-01-01 on the local calendar, or nothing when the cell begins with no date.
  package mutating func day(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
    switch scan(bytes, from: start, to: end) {
    case .malformed: nil
    case .instant, .repeated, .nonexistent: dayNumber
    }
  }

  /// Reads a local time that is given as a day and a time of day. [ms]
  package mutating func scan(day: Int, milliseconds: Int) -> StampOutcome {
    dayNumber = day
    let outcome = instant(
      local: day * 86_400 + milliseconds / 1000, milliseconds: milliseconds % 1000)
    forgetDay()
    return outcome
  }

  /// Finds the two stamps of a cell such as `01.06.2025 00:00 - 01.06.2025 01:00`.
  ///
  /// - Returns: Where the first one ends and the second one begins, or nothing for a cell that is no such pair.
  package static func pair(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> (first: Int, second: Int)? {
    guard end - start >= 11 else { return nil }
    var i = start + 4
    while i + 3 < end {
      if bytes[i] == 0x20 {
        // ` - `, ` – `, ` to `, ` bis `, ` a `, ` / `
        var j = i + 1
        while j < end, bytes[j] != 0x20 { j += 1 }
        if j < end, isJoint(bytes, i + 1, j) { return (i, j + 1) }
      } else if bytes[i] == UInt8(ascii: "/"), holdsHour(bytes, start, i) {
        // `2025-06-01T00:00Z/2025-06-01T01:00Z`
        return (i, i + 1)
      }
      i += 1
    }
    return nil
  }

  private static func isJoint(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    ["-", "–", "—", "/", "to", "bis", "till", "tot", "au"].contains(bytes.text(start, end))
  }

  private static func holdsHour(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for i in start..<end where bytes[i] == UInt8(ascii: ":") { return true }
    return false
  }

  /// Reads the instant at which an interval that began ends. [ms]
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - start: First byte of the end's text, a whole stamp or a time of day.
  ///   - end: Byte after its last.
  ///   - begin: When the interval began. [ms]
  ///   - beginDay: Local day on which it began, for an end that is a time of day.
  /// - Returns: The first such instant after the beginning, or nothing.
  package mutating func end(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, after begin: Int, beginDay: Int
  ) -> Int? {
    let outcome: StampOutcome
    if let time = timeOfDayMS(bytes, from: start, to: end) {
      let first = scan(day: beginDay, milliseconds: time)
      if case .instant(let instant) = first, instant <= begin {
        outcome = scan(day: beginDay + 1, milliseconds: time)
      } else {
        outcome = first
      }
    } else {
      outcome = scan(bytes, from: start, to: end)
    }
    switch outcome {
    case .instant(let instant): return instant > begin ? instant : nil
    case .repeated: return repeated.earlier > begin ? repeated.earlier : repeated.later
    case .nonexistent(let civil):
      // 02:00 on the day when clocks go forward is the instant at which they do.
      return instantAfterGap(civil).flatMap { $0 > begin ? $0 : nil }
    case .malformed: return nil
    }
  }

  private mutating func instantAfterGap(_ civil: CivilTime) -> Int? {
    switch scan(day: civil.dayNumber, milliseconds: (civil.hour + 1) * 3_600_000) {
    case .instant(let instant): instant
    default: nil
    }
  }

  /// Reads days of a spreadsheet since the end of 1899, on the local clock.
  mutating func spreadsheetDays(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> StampOutcome {
    var days = NumberScanner().number(bytes, from: start, to: end)
    if days == nil {
      days = NumberScanner(decimal: UInt8(ascii: ",")).number(bytes, from: start, to: end)
    }
    guard let days, days > 1, days < 109_575 else { return .malformed }
    // Day 25 569 is 1970-01-01; half a millisecond of a day is what seven decimals can tell.
    let seconds = Int(((days - 25_569) * 86_400).rounded())
    let day = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
    return scan(day: day, milliseconds: (seconds - day * 86_400) * 1000)
  }

  /// True when letters of a month follow a day: `01-Jun-2025`, `1 Jun 2025`.
  func holdsMonthName(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Bool {
    var i = at
    while i < end,
      bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: ".")
        || bytes[i] == UInt8(ascii: "/")
    { i += 1 }
    return i > at && i + 2 < end && monthName(bytes, &i, end) != nil
  }

  /// Reads `01-Jun-2025`, `1 June 2025` or `Jun 1, 2025` and makes it the current day.
  mutating func namedDate(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Bool {
    func skip() {
      while i < end,
        bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "-")
          || bytes[i] == UInt8(ascii: ".") || bytes[i] == UInt8(ascii: "/")
          || bytes[i] == UInt8(ascii: ",")
      { i += 1 }
    }
    var first = digits(bytes, &i, end)
    if first != nil { skip() }
    guard let month = monthName(bytes, &i, end) else { return false }
    skip()
    if first == nil {
      first = digits(bytes, &i, end)
      skip()
    }
    let yearStart = i
    guard let day = first, let year = digits(bytes, &i, end) else { return false }
    return remember(i - yearStart == 2 ? year + 2000 : year, month, day)
  }

  /// Where a date begins behind the name of a weekday, as in `Sunday, June 01, 2025` or `So 01.06.2025`; the start
  /// itself where no such name stands.
  static func afterWeekday(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var i = start
    while i < end, case let letter = bytes[i] | 0x20,
      letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || bytes[i] >= 0x80
    { i += 1 }
    let word = i - start <= 16 ? bytes.text(start, i).lowercased() : ""
    let isShort = word.count == 2 && StampScanner.shortWeekdays.contains(word)
    guard isShort || StampScanner.weekdays.contains(where: { word.hasPrefix($0) }) else {
      return start
    }
    let wordEnd = i
    while i < end,
      bytes[i] == 0x20 || bytes[i] == UInt8(ascii: ",") || bytes[i] == UInt8(ascii: ".")
    { i += 1 }
    guard i > wordEnd, i < end else { return start }
    // A number alone behind a weekday is no date.
    var j = i
    while j < end, bytes[j] &- 48 < 10 { j += 1 }
    guard j > i else { return i }
    let isDate =
      j < end
      && (j - i <= 2 && [0x20, 0x2D, 0x2E, 0x2F].contains(bytes[j])
        || j - i == 4 && (bytes[j] == UInt8(ascii: "-") || bytes[j] == UInt8(ascii: "/")))
    return isDate ? i : start
  }

  /// First letters of the days of the week in English and other languages of Europe.
  private static let weekdays = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "die", "mit", "don", "fre", "sam", "son",
    "lun", "mar", "mer", "jeu", "ven", "dim", "mié", "mie", "jue", "vie", "sáb", "sab", "dom",
    "gio", "maa", "din", "woe", "vri", "zat", "zon", "mån", "tis", "ons", "tor", "lör", "sön",
    "man", "tir", "lør", "søn",
  ]
  private static let shortWeekdays = [
    "mo", "di", "mi", "do", "fr", "sa", "so", "ma", "wo", "vr", "za", "zo",
  ]

  /// Reads the name of a month in English or another language of Europe, by its first letters.
  private func monthName(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    let start = i
    while i < end, case let letter = bytes[i] | 0x20,
      letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || bytes[i] >= 0x80
    { i += 1 }
    let word = bytes.text(start, i).lowercased()
    guard word.count >= 3 else {
      i = start
      return nil
    }
    for (prefix, month) in StampScanner.months where word.hasPrefix(prefix) { return month }
    i = start
    return nil
  }

  private static let months: [(String, Int)] = [
    ("jan", 1), ("gen", 1), ("ene", 1), ("feb", 2), ("fév", 2), ("fev", 2), ("mar", 3),
    ("mär", 3), ("mrz", 3), ("mrt", 3), ("maa", 3), ("apr", 4), ("avr", 4), ("abr", 4),
    ("may", 5), ("mai", 5), ("mei", 5), ("maj", 5), ("mag", 5), ("jun", 6), ("juin", 6),
    ("giu", 6), ("jul", 7), ("juil", 7), ("lug", 7), ("aug", 8), ("aoû", 8), ("aou", 8),
    ("ago", 8), ("sep", 9), ("set", 9), ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10),
    ("nov", 11), ("dec", 12), ("dez", 12), ("déc", 12), ("dic", 12),
  ]
}
