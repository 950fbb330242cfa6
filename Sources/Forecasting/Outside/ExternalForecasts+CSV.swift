import Diagnostics
package import TimeSeries

extension ExternalForecasts {
  /// Reads rows from CSV text with a header.
  ///
  /// Columns by name, in any order: `version`, `quantity`, `issued_at`, `valid_at`, `quantile`
  /// (empty for the point forecast), `value`, and optionally `unit`. Instants are ISO 8601 with `Z`
  /// or an offset, or UTC epoch seconds. Values are in the unit of the quantity unless `unit` says
  /// `W` or `currency/MWh`. `created_at` says when a row was computed: after the begin of its slot it
  /// is a hindcast, which is refused unless allowed. `trained_to` says where the training data of the
  /// row's model end: after the issue time the row is refused.
  ///
  /// - Parameters:
  ///   - bytes: The file, UTF-8.
  ///   - file: Name for messages.
  ///   - allowsHindcasts: Whether rows computed after the begin of their slot are taken.
  /// - Throws: `InputError` with every wrong row: a value that is no number, an instant that cannot
  ///   be read, an issue later than the slot it forecasts, a level outside 0…1, a repeated row.
  package init(csv bytes: [UInt8], file: String, allowsHindcasts: Bool = false) throws {
    var reader = ForecastRowReader(file: file, allowsHindcasts: allowsHindcasts)
    var lineNumber = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      lineNumber += 1
      var text = String(decoding: line, as: UTF8.self)
      if lineNumber == 1, text.hasPrefix("\u{FEFF}") { text.removeFirst() }
      if text.hasSuffix("\r") { text.removeLast() }
      if text.isEmpty { continue }
      reader.read(text, line: lineNumber)
    }
    if reader.columns.isEmpty {
      reader.findings.error("a forecast file has a header line", at: SourcePosition(file: file))
    }
    try reader.findings.throwIfErrors()
    self.init(rows: reader.rows)
  }
}

/// Reads forecast rows line by line and keeps what is wrong with them.
private struct ForecastRowReader {
  let file: String
  let allowsHindcasts: Bool
  var findings = Findings()
  var rows: [ExternalForecasts.Row] = []
  var columns: [String: Int] = [:]
  private var seen: [ExternalForecasts.Row: Int] = [:]
  private static let known = [
    "version", "quantity", "issued_at", "valid_at", "quantile", "value", "unit", "created_at",
    "trained_to",
  ]

  init(file: String, allowsHindcasts: Bool) {
    self.file = file
    self.allowsHindcasts = allowsHindcasts
  }

  mutating func read(_ text: String, line: Int) {
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map {
      trimmed(String($0))
    }
    if columns.isEmpty {
      readHeader(cells, line: line)
    } else {
      readRow(cells, line: line)
    }
  }

  private func trimmed(_ cell: String) -> String {
    var part = Substring(cell)
    while let first = part.first, first == " " || first == "\"" { part.removeFirst() }
    while let last = part.last, last == " " || last == "\"" { part.removeLast() }
    return String(part)
  }

  private mutating func readHeader(_ cells: [String], line: Int) {
    for (i, name) in cells.enumerated() {
      columns[name] = i
      if !ForecastRowReader.known.contains(name) {
        let near = suggestion(for: name, among: ForecastRowReader.known)
        findings.error(
          "unknown column '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
          at: SourcePosition(file: file, line: line, column: i + 1))
      }
    }
    for name in ["version", "quantity", "issued_at", "valid_at", "value"]
    where columns[name] == nil {
      findings.error(
        "a forecast file has a column '\(name)'", at: SourcePosition(file: file, line: line))
    }
  }

  private mutating func readRow(_ cells: [String], line: Int) {
    func cell(_ name: String) -> String? {
      guard let i = columns[name], i < cells.count, !cells[i].isEmpty else { return nil }
      return cells[i]
    }
    func position(_ name: String) -> SourcePosition {
      SourcePosition(file: file, line: line, column: (columns[name] ?? 0) + 1)
    }
    guard let version = cell("version") else {
      return findings.error("a row names its version", at: position("version"))
    }
    guard let name = cell("quantity"), let quantity = Quantity(rawValue: name) else {
      let names = Quantity.allCases.map(\.rawValue)
      let near = suggestion(for: cell("quantity") ?? "", among: names)
      return findings.error(
        "unknown quantity '\(cell("quantity") ?? "")'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""), at: position("quantity"))
    }
    var instants: [Int] = []
    for column in ["issued_at", "valid_at"] {
      guard let text = cell(column), let instant = parseInstant(text) else {
        return findings.error(
          "'\(column)' must be an instant with 'Z' or an offset, found '\(cell(column) ?? "")'",
          at: position(column))
      }
      instants.append(instant)
    }
    guard instants[0] <= instants[1] else {
      return findings.error(
        "a forecast is issued before the slot it is about, found issue"
          + " \(Instant.utcText(instants[0])) for \(Instant.utcText(instants[1]))",
        at: position("issued_at"))
    }
    for (column, limit, rule) in [
      ("created_at", instants[1], "a forecast is made before the slot it is about"),
      ("trained_to", instants[0], "a model is trained on data from before its issue"),
    ] {
      guard let text = cell(column), !(column == "created_at" && allowsHindcasts) else { continue }
      guard let instant = parseInstant(text) else {
        return findings.error(
          "'\(column)' must be an instant with 'Z' or an offset, found '\(text)'",
          at: position(column))
      }
      if instant > limit {
        return findings.error(
          "\(rule), found \(Instant.utcText(instant)) after \(Instant.utcText(limit))",
          at: position(column))
      }
    }
    var level: Double?
    if let text = cell("quantile") {
      guard let number = Double(text), number > 0, number < 1 else {
        return findings.error(
          "'quantile' must lie between 0 and 1, found '\(text)'", at: position("quantile"))
      }
      level = number
    }
    // An empty value is a missing one: the row says nothing.
    guard let text = cell("value") else { return }
    guard let value = Double(text), value.isFinite else {
      return findings.error("'value' must be a number, found '\(text)'", at: position("value"))
    }
    guard let factor = factor(cell("unit"), quantity) else {
      return findings.error(
        "'unit' of \(quantity.rawValue) must be '\(quantity.unit)', found '\(cell("unit") ?? "")'",
        at: position("unit"))
    }
    let row = ExternalForecasts.Row(
      version: version, quantity: quantity, issuedAt: instants[0], validAt: instants[1],
      quantile: level, value: value * factor)
    var key = row
    key.value = 0
    if let first = seen[key] {
      return findings.error(
        "this row repeats version, quantity, issue, slot and quantile of line \(first)",
        at: position("version"))
    }
    seen[key] = line
    rows.append(row)
  }

  private func factor(_ unit: String?, _ quantity: Quantity) -> Double? {
    guard let unit, unit != quantity.unit else { return 1 }
    switch (quantity, unit) {
    case (.load, "W"), (.pv, "W"), (.batteryPower, "W"): return 0.001
    case (.load, "MW"), (.pv, "MW"), (.batteryPower, "MW"): return 1000
    case (.price, "currency/MWh"): return 0.001
    default: return nil
    }
  }
}

/// Reads an instant: ISO 8601 with `Z` or an offset, or UTC epoch seconds.
func parseInstant(_ text: String) -> Int? {
  if let epoch = Int(text) { return epoch }
  let characters = Array(text.utf8)
  func number(_ from: Int, _ count: Int) -> Int? {
    guard from + count <= characters.count else { return nil }
    var value = 0
    for character in characters[from..<(from + count)] {
      guard character >= 48, character <= 57 else { return nil }
      value = value * 10 + Int(character) - 48
    }
    return value
  }
  func isAt(_ i: Int, _ symbols: String) -> Bool {
    i < characters.count && symbols.utf8.contains(characters[i])
  }
  guard let year = number(0, 4), isAt(4, "-"), let month = number(5, 2), isAt(7, "-"),
    let day = number(8, 2), isAt(10, "T "), let hour = number(11, 2), isAt(13, ":"),
    let minute = number(14, 2)
  else { return nil }
  var at = 16
  var second = 0
  if isAt(at, ":") {
    guard let value = number(at + 1, 2) else { return nil }
    second = value
    at += 3
    if isAt(at, ".") {
      at += 1
      while number(at, 1) != nil { at += 1 }
    }
  }
  let civil = CivilTime(
    year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  guard civil.isValid else { return nil }
  if isAt(at, "Z"), at + 1 == characters.count { return civil.localSeconds }
  guard isAt(at, "+-"), let hours = number(at + 1, 2) else { return nil }
  let minutesAt = isAt(at + 3, ":") ? at + 4 : at + 3
  let minutes = characters.count > at + 3 ? number(minutesAt, 2) : 0
  guard let minutes else { return nil }
  let offset = (hours * 60 + minutes) * 60
  return civil.localSeconds - (isAt(at, "-") ? -offset : offset)
}

extension ExternalForecasts {
  /// Reads an instant: ISO 8601 with `Z` or an offset, or UTC epoch seconds.
  ///
  /// - Parameter text: The text to read.
  /// - Returns: UTC epoch, or nothing when it is no instant. [s]
  package static func instant(_ text: String) -> Int? { parseInstant(text) }

  /// Turns one issue into rows.
  package init(forecast: Forecast, version: String, quantity: Quantity) {
    var rows: [Row] = []
    for k in forecast.grid.indices {
      let row = Row(
        version: version, quantity: quantity, issuedAt: forecast.grid.start,
        validAt: forecast.grid.instant(k), value: forecast.values[k])
      rows.append(row)
      for (level, column) in zip(forecast.quantileLevels, forecast.quantiles) {
        var quantile = row
        quantile.quantile = level
        quantile.value = column[k]
        rows.append(quantile)
      }
    }
    self.init(rows: rows)
  }

  /// All rows as CSV in the form that is read.
  package var csv: String {
    var text = "version,quantity,issued_at,valid_at,quantile,value\n"
    for row in rows {
      let level = row.quantile.map { "\($0)" } ?? ""
      text +=
        "\(row.version),\(row.quantity.rawValue),\(Instant.utcText(row.issuedAt)),"
        + "\(Instant.utcText(row.validAt)),\(level),\(row.value)\n"
    }
    return text
  }
}
