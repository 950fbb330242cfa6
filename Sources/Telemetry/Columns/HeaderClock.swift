import Documents
import TimeSeries

/// The clock that the name of a time column says: `MTU (UTC)`, `MTU (CET/CEST)`, `time_utc`, `Zeit (UTC+01:00)`.
enum HeaderClock {
  /// Words of zones that go on summer time with their neighbours, and a place in each.
  ///
  /// Nord Pool's `CET` has days of 23 and 25 hours; a word alone does not say so, which is why the clock of a site
  /// that was told counts more.
  private static let places = [
    "CET": "Europe/Brussels", "CEST": "Europe/Brussels", "MEZ": "Europe/Berlin",
    "MESZ": "Europe/Berlin", "EET": "Europe/Helsinki", "EEST": "Europe/Helsinki",
    "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
  ]

  /// Words that some use for all of the year and others for the winter alone: a place, and the clock without summer time.
  private static let doubtful = [
    "EST": ("America/New_York", "Etc/GMT+5"), "EDT": ("America/New_York", "Etc/GMT+4"),
    "CST": ("America/Chicago", "Etc/GMT+6"), "CDT": ("America/Chicago", "Etc/GMT+5"),
    "MST": ("America/Denver", "Etc/GMT+7"), "MDT": ("America/Denver", "Etc/GMT+6"),
    "PST": ("America/Los_Angeles", "Etc/GMT+8"), "PDT": ("America/Los_Angeles", "Etc/GMT+7"),
  ]

  /// Returns the clock that a name says.
  ///
  /// - Parameters:
  ///   - name: Name of a time column.
  ///   - site: Clock of the site; UTC when nobody told it.
  /// - Returns: The clock; nothing when the name says none, or the site's own is as good.
  /// - Throws: `Doubt` when the word has two meanings and the site's clock is not told.
  static func zone(_ name: String, site: Zone) throws(Doubt) -> Zone? {
    let upper = name.uppercased()
    let words = upper.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    if words.contains("CET"), words.contains("CEST") { return try? Zone("Europe/Brussels") }
    if let offset = offset(upper) { return Zone(offsetSeconds: offset) }
    if words.last == "UTC" || words.last == "GMT" { return .utc }
    guard site == .utc else { return nil }
    if let place = words.lazy.compactMap({ places[$0] }).first { return try? Zone(place) }
    if let word = words.first(where: { doubtful[$0] != nil }), let clocks = doubtful[word] {
      throw Doubt(word: word, clocks: clocks)
    }
    return nil
  }

  /// A word that may or may not go on summer time.
  struct Doubt: Error {
    let word: String
    let clocks: (place: String, fixed: String)
  }

  /// The offset in `UTC+1` or `GMT-03:30`. [s]
  private static func offset(_ upper: String) -> Int? {
    for word in ["UTC", "GMT"] {
      guard let found = upper.firstRange(of: word) else { continue }
      let rest = upper[found.upperBound...].drop { $0 == " " }
      guard let sign = rest.first, sign == "+" || sign == "-" || sign == "\u{2212}" else {
        continue
      }
      let digits = rest.dropFirst().prefix { $0.isNumber || $0 == ":" }
      let text = Array("\(sign == "+" ? "+" : "-")\(digits)".utf8)
      var place = 0
      return ZoneText.offset(text.span, &place, text.count)
    }
    return nil
  }
}
