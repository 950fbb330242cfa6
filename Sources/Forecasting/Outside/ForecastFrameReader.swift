import Diagnostics
import Documents
import Numerics
import TimeSeries

/// Reads the rows of a wide frame into forecast rows.
struct ForecastFrameReader {
  private let frame: ForecastFrame
  private let notes: ForecastFrameNotes
  private var cells: CSVRows
  private(set) var findings = Findings()
  private(set) var warnings: [Diagnostic] = []

  /// One row of the frame with its times read.
  private struct Line {
    var version: String?
    var quantity: Quantity
    var series: String
    var issuedAt: Int?
    var validAt: Int
    var position: SourcePosition
    var values: [(value: ForecastFrame.Value, number: Double)]
  }

  init(_ frame: ForecastFrame, cells: CSVRows, notes: ForecastFrameNotes) {
    self.frame = frame
    self.cells = cells
    self.notes = notes
  }

  /// Reads all rows.
  ///
  /// - Parameter file: Name of the file without folder and ending, the version of a frame that names none.
  /// - Returns: Rows of the frame, one per slot and level.
  /// - Throws: `InputError` with every wrong row.
  mutating func rows(file: String) throws -> [ExternalForecasts.Row] {
    var stamps = try scanner(of: frame.valid)
    var issues = try frame.issued.map { try scanner(of: $0) }
    var lines: [Line] = []
    while cells.next() {
      if let surplus = cells.surplus() {
        findings.append(contentsOf: [surplus])
        continue
      }
      if let line = line(&stamps, &issues) { lines.append(line) }
    }
    if let finding = cells.openQuote { findings.append(contentsOf: [finding]) }
    try findings.throwIfErrors()
    let step = stepSeconds(lines)
    if frame.labelsEnd || frame.issueIsLastKnown, step == nil {
      throw InputError(
        "the step of the forecast cannot be found from one slot", at: cells.headerPosition())
    }
    if !frame.unread.isEmpty {
      let list = frame.unread.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      warnings.append(.warning("columns that are not read: \(list)", at: cells.headerPosition()))
    }
    if frame.values.contains(where: { cells.dialect.ambiguous[$0.column] != nil }) {
      warnings.append(
        .warning(
          "the marks before three digits may be those of fractions or of thousands",
          at: cells.headerPosition()))
    }
    return try rows(of: lines, file: file, step: step ?? 0)
  }

  /// Times of a column, in the form that its cells show.
  private func scanner(of column: Int) throws -> StampScanner {
    var copy = cells
    var evidence = StampEvidence()
    while copy.next() {
      let bytes = Array(copy.text(column).utf8)
      evidence.add(bytes.span, from: 0, to: bytes.count)
    }
    if evidence.isUndecided {
      throw InputError(
        "nothing in column '\(cells.names[column])' tells whether the day or the month comes first; "
          + "write the year first", at: cells.headerPosition(column))
    }
    return StampScanner(format: evidence.format, zone: notes.zone)
  }

  private mutating func line(
    _ stamps: inout StampScanner, _ issues: inout StampScanner?
  ) -> Line? {
    func instant(_ column: Int, _ scanner: inout StampScanner) -> Int? {
      if let instant = scanner.instant(cells.text(column)) { return instant }
      findings.error(
        "'\(cells.names[column])' must be an instant"
          + (notes.zone == nil ? " with 'Z' or an offset" : "") + ", found '\(cells.text(column))'",
        at: cells.position(column))
      return nil
    }
    guard let valid = instant(frame.valid, &stamps) else { return nil }
    var issued: Int?
    if let column = frame.issued, var scanner = issues {
      issued = instant(column, &scanner)
      issues = scanner
      if issued == nil { return nil }
    }
    let series = frame.item.map { cells.text($0) } ?? ""
    let named = [frame.target.map { cells.text($0) }, series].compactMap { $0 }
    guard
      let quantity = named.lazy.compactMap({ Quantity(rawValue: $0.lowercased()) }).first
        ?? notes.quantity ?? frame.quantity
    else {
      findings.error(
        "'\(named.first { !$0.isEmpty } ?? "")' says no quantity; name it with '--quantity', or the "
          + "series one of \(Quantity.allCases.map(\.rawValue).joined(separator: ", "))",
        at: cells.position(frame.target ?? frame.item ?? frame.valid))
      return nil
    }
    var line = Line(
      version: frame.version.map { cells.text($0) }, quantity: quantity, series: series,
      issuedAt: issued ?? notes.issuedAt, validAt: valid, position: cells.position(frame.valid),
      values: [])
    guard let factor = quantity.factor(ofUnit: notes.unit) else {
      findings.error(
        "the unit of \(quantity.rawValue) must be '\(quantity.unit)', found '\(notes.unit ?? "")'",
        at: line.position)
      return nil
    }
    for value in frame.values {
      let text = cells.text(value.column)
      // An empty cell is a missing value: the row says nothing there.
      if text.isEmpty || text.lowercased() == "nan" { continue }
      guard let number = cells.number(value.column) else {
        findings.error(
          "'\(cells.names[value.column])' must be a number, found '\(text)'",
          at: cells.position(value.column))
        continue
      }
      line.values.append((value, number * factor))
    }
    return line
  }

  /// The most frequent distance of slots. [s]
  private func stepSeconds(_ lines: [Line]) -> Int? {
    var counts: [Int: Int] = [:]
    for (before, after) in zip(lines, lines.dropFirst()) where after.validAt > before.validAt {
      counts[after.validAt - before.validAt, default: 0] += 1
    }
    return Statistics.mode(counts)
  }

  private mutating func rows(
    of lines: [Line], file: String, step: Int
  ) throws -> [ExternalForecasts.Row] {
    var first: [String: Int] = [:]
    for line in lines { first[line.series] = min(first[line.series] ?? Int.max, line.validAt) }
    let shift = frame.labelsEnd ? step : 0
    var isAssumed = false
    var rows: [ExternalForecasts.Row] = []
    var seen: [ExternalForecasts.Row: Int] = [:]
    for line in lines {
      var issued = line.issuedAt
      // The last known slot ends when the next one begins; what it held was not known before.
      if frame.issueIsLastKnown, frame.issued != nil { issued = issued.map { $0 + step } }
      if issued == nil {
        issued = (first[line.series] ?? line.validAt) - shift
        isAssumed = true
      }
      guard let issued else { continue }
      let validAt = line.validAt - shift
      guard issued <= validAt else {
        findings.error(
          "a forecast is issued before the slot it is about, found issue"
            + " \(Instant.utcText(issued)) for \(Instant.utcText(validAt))", at: line.position)
        continue
      }
      let own = notes.version ?? line.version.flatMap { $0.isEmpty ? nil : $0 }
      for (value, number) in line.values {
        let row = ExternalForecasts.Row(
          version: own ?? value.model ?? file, quantity: line.quantity, issuedAt: issued,
          validAt: validAt, quantile: value.level, value: number)
        var key = row
        key.value = 0
        if let before = seen[key] {
          findings.error(
            "this row repeats series, issue and slot of line \(before); several forecasts in one frame "
              + "need a column that says when each was issued", at: line.position)
          break
        }
        seen[key] = line.position.line
        rows.append(row)
      }
    }
    try findings.throwIfErrors()
    if isAssumed {
      warnings.append(
        .warning(
          "no column says when the forecast was issued; it is taken as issued at its first slot",
          at: cells.headerPosition(), notes: ["say when with '--issue'"]))
    }
    return rows
  }
}

extension Quantity {
  /// What turns values of a unit into those of the quantity, nothing for a unit that does not measure it.
  func factor(ofUnit unit: String?) -> Double? {
    guard let unit, unit != self.unit else { return 1 }
    switch (self, unit) {
    case (.load, "W"), (.pv, "W"), (.batteryPower, "W"), (.net, "W"): return 0.001
    case (.load, "MW"), (.pv, "MW"), (.batteryPower, "MW"), (.net, "MW"): return 1000
    case (.price, "currency/MWh"), (.price, "EUR/MWh"): return 0.001
    default: return nil
    }
  }
}
