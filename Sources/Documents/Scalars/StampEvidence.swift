/// What the cells of a time column say about how its stamps are written.
///
/// The order of day and month is told from the whole column: a number above 12 decides; without one, the order in
/// which neighbouring days follow one another does.
package struct StampEvidence {
  private var dayFirst = 0
  private var monthFirst = 0
  private var ambiguous = 0
  private var previous: (Int, Int)?
  private var dayFollows = 0
  private var monthFollows = 0
  private var serials = 0
  private var others = 0
  private var lastSerial: Double?
  private var closeSerials = 0

  /// Starts with nothing seen.
  package init() {}

  /// True while more cells may change the answer.
  package var isOpen: Bool { dayFirst == 0 && monthFirst == 0 && (ambiguous > 0 || serials > 0) }

  /// True when the order of day and month matters and cannot be told.
  package var isUndecided: Bool { ambiguous > 0 && format == .automatic }

  /// Adds a cell, which may hold the beginning and the end of an interval.
  package mutating func add(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    if end - start > 20, let pair = StampScanner.pair(bytes, from: start, to: end) {
      addStamp(bytes, from: start, to: pair.first)
      addStamp(bytes, from: pair.second, to: end)
    } else {
      addStamp(bytes, from: start, to: end)
    }
  }

  private mutating func addStamp(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    var i = start
    while i < end, bytes[i] == 0x20 { i += 1 }
    i = StampScanner.afterWeekday(bytes, i, end)
    let first = i
    guard let a = digits(bytes, &i, end), i - first <= 2, i < end,
      bytes[i] == UInt8(ascii: "/") || bytes[i] == UInt8(ascii: "-")
    else { return addNumber(bytes, first, end) }
    let separator = bytes[i]
    i += 1
    guard let b = digits(bytes, &i, end), i < end, bytes[i] == separator else {
      others += 1
      return
    }
    if a > 12, a <= 31, b <= 12 {
      dayFirst += 1
    } else if b > 12, b <= 31, a <= 12 {
      monthFirst += 1
    } else {
      ambiguous += 1
    }
    if let previous, previous != (a, b) {
      // One part moves from a day to the next: the day does.
      if previous.1 == b, abs(a - previous.0) == 1 { dayFollows += 1 }
      if previous.0 == a, abs(b - previous.1) == 1 { monthFollows += 1 }
    }
    previous = (a, b)
  }

  private mutating func addNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    var value = NumberScanner().number(bytes, from: start, to: end)
    if value == nil {
      value = NumberScanner(decimal: UInt8(ascii: ",")).number(bytes, from: start, to: end)
    }
    guard let value, value > 25_000, value < 75_000 else {
      others += 1
      return
    }
    serials += 1
    // Stamps of a spreadsheet are days, so that neighbours differ by less than two.
    if let lastSerial, value > lastSerial, value - lastSerial < 0.99 { closeSerials += 1 }
    lastSerial = value
  }

  /// The form that the cells have, `automatic` where nothing else is needed or told.
  package var format: StampFormat {
    if dayFirst > 0 || monthFirst > 0 {
      return dayFirst >= monthFirst ? .dayMonthYear : .monthDayYear
    }
    if ambiguous > 0, dayFollows != monthFollows {
      return dayFollows > monthFollows ? .dayMonthYear : .monthDayYear
    }
    return serials > others && closeSerials > 0 ? .spreadsheetDays : .automatic
  }
}
