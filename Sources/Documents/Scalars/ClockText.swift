/// Reads `hh:mm[:ss[.fff]]` up to 24:00, also with AM or PM; the hour may end in `.` or `h` as well. [ms]
@inline(__always)
func clock(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
  guard var hour = digits(bytes, &i, end), i + 1 < end else { return nil }
  let mark = bytes[i]
  guard
    mark == UInt8(ascii: ":") || mark == UInt8(ascii: ".") || mark | 0x20 == UInt8(ascii: "h")
  else { return nil }
  i += 1
  let minuteStart = i
  guard let minute = digits(bytes, &i, end), minute < 60 else { return nil }
  if mark != UInt8(ascii: ":"), i - minuteStart != 2 { return nil }
  var milliseconds = 0
  if i < end, bytes[i] == mark, i + 1 < end, bytes[i + 1] &- 48 < 10 {
    i += 1
    guard let second = digits(bytes, &i, end), second < 60 else { return nil }
    milliseconds = second * 1000
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
  if let isAfternoon = halfOfDay(bytes, &i, end) {
    guard (1...12).contains(hour) else { return nil }
    hour = hour % 12 + (isAfternoon ? 12 : 0)
  }
  guard hour < 24 || (hour == 24 && minute == 0 && milliseconds == 0) else { return nil }
  return (hour * 60 + minute) * 60_000 + milliseconds
}

/// Reads `AM`, `PM`, `a.m.` or `p. m.`; true for the afternoon, nothing when there is no such mark.
private func halfOfDay(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Bool? {
  var at = i
  while at < end, bytes[at] == 0x20 { at += 1 }
  // A narrow no-break space, which some exports put there, has three bytes.
  if at + 2 < end, bytes[at] == 0xE2, bytes[at + 1] == 0x80, bytes[at + 2] == 0xAF { at += 3 }
  guard at < end else { return nil }
  let half = bytes[at] | 0x20
  guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p") else { return nil }
  at += 1
  while at < end, bytes[at] == UInt8(ascii: ".") || bytes[at] == 0x20 { at += 1 }
  guard at < end, bytes[at] | 0x20 == UInt8(ascii: "m") else { return nil }
  at += 1
  if at < end, bytes[at] == UInt8(ascii: ".") { at += 1 }
  i = at
  return half == UInt8(ascii: "p")
}

/// Reads up to nine digits.
@inline(__always)
func digits(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
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

/// Reads the time of day that a cell of its own is, without a date. [ms]
///
/// - Returns: Milliseconds since midnight, up to 24:00, or nothing for anything else.
package func timeOfDayMS(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
  var i = start
  var last = end
  while i < last, bytes[i] == 0x20 { i += 1 }
  while last > i, bytes[last - 1] == 0x20 { last -= 1 }
  guard let time = clock(bytes, &i, last), i == last else { return nil }
  return time
}

/// Reads `hhmm` or `hhmmss` without marks. [ms]
///
/// - Returns: Milliseconds since midnight and the byte after them, or nothing for anything else.
func compactClock(
  _ bytes: Span<UInt8>, _ start: Int, _ end: Int
) -> (milliseconds: Int, end: Int)? {
  var i = start
  guard let time = digits(bytes, &i, end), i - start == 4 || i - start == 6,
    i == end || bytes[i] != UInt8(ascii: ":") && bytes[i] != UInt8(ascii: ".")
  else { return nil }
  let seconds = i - start == 6 ? time % 100 : 0
  let clock = i - start == 6 ? time / 100 : time
  guard clock / 100 < 24, clock % 100 < 60, seconds < 60 else { return nil }
  return ((clock / 100 * 60 + clock % 100) * 60_000 + seconds * 1000, i)
}

/// The number that nothing but digits are; nothing for other texts.
func wholeNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
  guard end - start <= 18, end > start else { return nil }
  var value = 0
  for i in start..<end {
    let digit = bytes[i] &- 48
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}
