package import TimeSeries

/// Dates and times of day as people write them in documents and on the command line, without a zone.
package enum CivilText {
  /// What a text is.
  package enum Reading: Sendable, Hashable {
    /// A local date and time.
    case time(CivilTime)
    /// Written as a date, but no day of the calendar or time of the day.
    case impossible
    /// Anything else.
    case malformed
  }

  /// Reads `2024-03-31`.
  package static func date(_ text: String) -> Reading { read(text, lengths: [10]) }

  /// Reads `2024-03-31`, `2024-03-31T14:00` or `2024-03-31 14:00:30`.
  ///
  /// - Returns: `malformed` also for a time that no day has, `impossible` for a day that no month has.
  package static func time(_ text: String) -> Reading {
    let reading = read(text, lengths: [10, 16, 19])
    guard reading == .impossible, case .time = date(String(text.prefix(10))) else {
      return reading
    }
    return .malformed
  }

  private static func read(_ text: String, lengths: [Int]) -> Reading {
    let pattern = Array("0000-00-00T00:00:00".utf8)
    let bytes = Array(text.utf8)
    guard lengths.contains(bytes.count) else { return .malformed }
    for (byte, mark) in zip(bytes, pattern) {
      switch mark {
      case UInt8(ascii: "0"): guard byte &- 48 < 10 else { return .malformed }
      case UInt8(ascii: "T"): guard byte == mark || byte == 0x20 else { return .malformed }
      default: guard byte == mark else { return .malformed }
      }
    }
    var scanner = StampScanner(zone: .utc)
    guard case .instant(let milliseconds) = scanner.scan(text) else { return .impossible }
    return .time(CivilTime(localSeconds: milliseconds / 1000))
  }

  /// Reads a time of day `7:30`, `07:30` or `24:00`.
  ///
  /// - Returns: Minutes since midnight, up to 1440.
  package static func minuteOfDay(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5 || bytes.count == 4, bytes[bytes.count - 3] == UInt8(ascii: ":") else {
      return nil
    }
    var i = 0
    guard let milliseconds = clock(bytes.span, &i, bytes.count), i == bytes.count else {
      return nil
    }
    return milliseconds / 60_000
  }

  /// Reads a day of every year, `06-01`.
  package static func monthDay(_ text: String) -> MonthDay? {
    // 2000 is a leap year, so that 29 February is one of its days.
    guard case .time(let day) = date("2000-\(text)") else { return nil }
    return MonthDay(month: day.month, day: day.day)
  }
}
