import Diagnostics
package import Documents
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
  /// A frame with one row per slot and one column per level is taken as well, see ``ForecastFrameNotes``:
  /// those of Chronos, Nixtla and Solcast are recognised.
  ///
  /// - Parameters:
  ///   - document: The file.
  ///   - allowsHindcasts: Whether rows computed after the begin of their slot are taken.
  ///   - notes: What a frame does not say itself.
  ///   - site: The site whose rows are taken by their column `site`; nothing where all are of one site.
  /// - Throws: `InputError` with every wrong row: a value that is no number, an instant that cannot
  ///   be read, an issue later than the slot it forecasts, a level outside 0…1, a repeated row, more
  ///   cells than the header has.
  package init(
    csv document: TextFile, allowsHindcasts: Bool = false,
    notes: ForecastFrameNotes = ForecastFrameNotes(), site: String? = nil
  ) throws {
    let cells = try CSVRows(document)
    if let repeated = cells.repeatedName { throw InputError([repeated]) }
    let isRows = cells.names.contains("valid_at") && cells.names.contains("value")
    if site == nil, !isRows || !notes.roles.isEmpty,
      let frame = ForecastFrame(cells.names, roles: notes.roles)
    {
      var reader = ForecastFrameReader(frame, cells: cells, notes: notes)
      let name = document.path.split(separator: "/").last.map(String.init) ?? document.path
      let stem = name.split(separator: ".").first.map(String.init) ?? name
      self.init(rows: try reader.rows(file: stem))
      layout = frame.name
      warnings = document.warnings + reader.warnings
    } else {
      var reader = ForecastRowReader(cells: cells, allowsHindcasts: allowsHindcasts, site: site)
      reader.readHeader()
      while reader.cells.next() { reader.readRow() }
      if let finding = reader.cells.openQuote { reader.findings.append(contentsOf: [finding]) }
      try reader.findings.throwIfErrors()
      self.init(rows: reader.rows)
      warnings = document.warnings
      if let doubt = reader.doubt { warnings.append(doubt) }
    }
    warnings += crossingWarnings(file: document.path)
  }

  /// Returns the sites that a file of rows names in its column `site`.
  ///
  /// - Throws: `InputError` when the file has no such column.
  package static func sites(csv document: TextFile) throws -> Set<String> {
    var cells = try CSVRows(document)
    guard let column = cells.names.firstIndex(of: "site") else {
      throw InputError(
        "a forecast file of many sites has a column 'site'", at: cells.headerPosition())
    }
    var sites: Set<String> = []
    while cells.next() { sites.insert(cells.text(column)) }
    return sites
  }

  /// Names the versions whose levels are not in order.
  private func crossingWarnings(file: String) -> [Diagnostic] {
    struct Slot: Hashable {
      var version: String
      var quantity: Quantity
      var issuedAt: Int
      var validAt: Int
    }
    var slots: [Slot: [(level: Double, value: Double)]] = [:]
    for row in rows {
      guard let level = row.quantile else { continue }
      let slot = Slot(
        version: row.version, quantity: row.quantity, issuedAt: row.issuedAt, validAt: row.validAt)
      slots[slot, default: []].append((level, row.value))
    }
    var counts: [String: (crossed: Int, all: Int, first: Int)] = [:]
    for (slot, values) in slots {
      let sorted = values.sorted { $0.level < $1.level }
      let crosses = zip(sorted, sorted.dropFirst()).contains { $0.value > $1.value }
      let name = "'\(slot.version)' of \(slot.quantity.rawValue)"
      var count = counts[name] ?? (0, 0, Int.max)
      count.all += 1
      if crosses {
        count.crossed += 1
        count.first = min(count.first, slot.validAt)
      }
      counts[name] = count
    }
    return counts.sorted { $0.key < $1.key }.filter { $0.value.crossed > 0 }.map { name, count in
      .warning(
        "levels of \(name) cross in \(count.crossed) of \(count.all) slots, the first "
          + "\(Instant.utcText(count.first)): a higher level has a lower value; they are put in order "
          + "when the forecast is used", at: SourcePosition(file: file))
    }
  }
}

/// Reads forecast rows line by line and keeps what is wrong with them.
private struct ForecastRowReader {
  var cells: CSVRows
  let allowsHindcasts: Bool
  /// The site whose rows are taken; nothing where all are of one site.
  let site: String?
  var findings = Findings()
  var rows: [ExternalForecasts.Row] = []
  private var columns: [String: Int] = [:]
  private var seen: [ExternalForecasts.Row: Int] = [:]
  private var stamps = StampScanner(zone: nil)
  /// A mark in the values that may mean two things.
  private(set) var doubt: Diagnostic?
  private static let known = [
    "version", "quantity", "issued_at", "valid_at", "quantile", "value", "unit", "created_at",
    "trained_to",
  ]

  init(cells: CSVRows, allowsHindcasts: Bool, site: String?) {
    self.cells = cells
    self.site = site
    self.allowsHindcasts = allowsHindcasts
  }

  mutating func readHeader() {
    for (i, name) in cells.names.enumerated() {
      columns[name] = i
      if !ForecastRowReader.known.contains(name), name != "site" || site == nil {
        let near = suggestion(for: name, among: ForecastRowReader.known)
        findings.error(
          "unknown column '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
          at: cells.headerPosition(i))
      }
    }
    if let k = columns["value"], let doubt = cells.dialect.ambiguous[k] {
      self.doubt = .warning(
        "'\(doubt.marked)' beside '\(doubt.plain)' is ambiguous: the mark may be that of a fraction or "
          + "of thousands", at: cells.headerPosition(k))
    }
    for name in ["version", "quantity", "issued_at", "valid_at", "value"]
      + (site == nil ? [] : ["site"])
    where columns[name] == nil {
      findings.error("a forecast file has a column '\(name)'", at: cells.headerPosition())
    }
  }

  mutating func readRow() {
    let (cells, columns) = (cells, columns)
    func cell(_ name: String) -> String? {
      guard let i = columns[name] else { return nil }
      let text = cells.text(i)
      return text.isEmpty ? nil : text
    }
    func position(_ name: String) -> SourcePosition { cells.position(columns[name] ?? 0) }
    if let surplus = cells.surplus() { return findings.append(contentsOf: [surplus]) }
    if let site, cell("site") != site { return }
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
      guard let text = cell(column), let instant = stamps.instant(text) else {
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
      guard let instant = stamps.instant(text) else {
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
      guard let number = columns["quantile"].flatMap(cells.number), number > 0, number < 1 else {
        return findings.error(
          "'quantile' must lie between 0 and 1, found '\(text)'", at: position("quantile"))
      }
      level = number
    }
    // An empty value is a missing one: the row says nothing.
    guard let text = cell("value") else { return }
    guard let value = columns["value"].flatMap(cells.number) else {
      return findings.error("'value' must be a number, found '\(text)'", at: position("value"))
    }
    guard let factor = quantity.factor(ofUnit: cell("unit")) else {
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
    seen[key] = cells.position.line
    rows.append(row)
  }
}

extension ExternalForecasts {
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
    var text = CSVWriter(
      header: ["version", "quantity", "issued_at", "valid_at", "quantile", "value"])
    for row in rows {
      text.add(row.version)
      text.add(row.quantity.rawValue)
      text.add(Instant.utcText(row.issuedAt))
      text.add(Instant.utcText(row.validAt))
      text.add(row.quantile)
      text.add(row.value)
      text.endRow()
    }
    return text.text
  }
}
