/// Offsets from UTC as they stand behind a time.
package enum ZoneText {
  /// Words for clocks, in minutes from UTC.
  ///
  /// `IST` and the like mean several offsets and are not read.
  private static let minutes: [String: Int] = [
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "oez": 120, "eest": 180, "oesz": 180, "msk": 180,
    "nst": -210, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "jst": 540, "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780,
  ]

  /// Reads `Z`, `+01:00`, `CEST`, `UTC+1` or one of them in round brackets, up to the end of the text.
  ///
  /// - Returns: Local minus UTC, or nothing for anything else. [s]
  package static func offset(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    var last = end
    while i < last, bytes[i] == 0x20 { i += 1 }
    if i < last, bytes[i] == UInt8(ascii: "("), bytes[last - 1] == UInt8(ascii: ")") {
      i += 1
      last -= 1
    }
    guard i < last else { return nil }
    var seconds = 0
    if bytes[i] | 0x20 >= UInt8(ascii: "a"), bytes[i] | 0x20 <= UInt8(ascii: "z") {
      var word = ""
      while i < last, case let letter = bytes[i] | 0x20, letter >= UInt8(ascii: "a"),
        letter <= UInt8(ascii: "z")
      {
        word.unicodeScalars.append(Unicode.Scalar(letter))
        i += 1
      }
      guard let known = minutes[word] else { return nil }
      seconds = known * 60
      guard i < last else {
        i = end
        return seconds
      }
      guard word == "utc" || word == "gmt" else { return nil }
    }
    guard let signed = signedOffset(bytes, &i, last), i == last else { return nil }
    i = end
    return seconds + signed
  }

  /// Reads `+01:00`, `-0500`, `+1`. [s]
  private static func signedOffset(_ bytes: Span<UInt8>, _ i: inout Int, _ end: Int) -> Int? {
    let mark = bytes[i]
    guard mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-") else { return nil }
    i += 1
    let start = i
    guard var value = digits(bytes, &i, end) else { return nil }
    var minutes = 0
    if i < end, bytes[i] == UInt8(ascii: ":") {
      i += 1
      guard let part = digits(bytes, &i, end) else { return nil }
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
