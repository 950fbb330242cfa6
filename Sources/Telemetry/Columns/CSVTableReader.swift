import Diagnostics
import Documents
import TimeSeries

/// Reads the rows of one CSV source.
struct CSVTableReader {
  let source: CSVSource
  /// Clock of stamps without offset.
  let zone: Zone
  /// Stamps outside are skipped before their values are read. [ms]
  let window: Range<Int>

  private struct Column {
    var cell: Int
    var mapping: ColumnMapping
    var unit: MeasurementUnit? { didSet { scale = UnitScale(unit, factor: mapping.factor) } }
    private(set) var scale: UnitScale

    init(cell: Int, mapping: ColumnMapping, unit: MeasurementUnit?) {
      self.cell = cell
      self.mapping = mapping
      self.unit = unit
      scale = UnitScale(unit, factor: mapping.factor)
    }
  }

  /// Reads all rows.
  ///
  /// - Throws: `InputError` when the file cannot be read or its header does not fit the mapping.
  func read() throws(InputError) -> SampleTable {
    let document = try TextFile(source.path)
    var table = try read(document)
    table.log.add(.encoding, document.warnings)
    return table
  }

  /// Reads all rows of a document that is already in memory.
  func read(_ document: TextFile) throws(InputError) -> SampleTable {
    let span = document.bytes.span
    let dialect = CSVDialect(
      span, delimiter: source.delimiter, decimal: source.decimalMark)
    var cursor = CSVCursor(dialect)
    guard cursor.next(span) else {
      throw InputError("the file is empty", at: SourcePosition(file: source.path))
    }
    let header = CSVHeader(
      names: cursor.texts(span), file: source.path, line: cursor.recordLine)
    let layout = try resolve(header)
    return rows(span, cursor: cursor, dialect: dialect, layout: layout)
  }

  /// Reads the rows below a header that was put together elsewhere.
  func read(
    _ bytes: Span<UInt8>, header: CSVHeader, cursor: CSVCursor, dialect: CSVDialect
  ) throws(InputError) -> SampleTable {
    rows(bytes, cursor: cursor, dialect: dialect, layout: try resolve(header))
  }

  private struct Layout {
    var time: Int
    var columns: [Column]
    var filters: [(cell: Int, bytes: [UInt8])]
    /// Cells that a complete row must have.
    var needed: Int
    /// Cells of the header.
    var width: Int
  }

  private func resolve(_ header: CSVHeader) throws(InputError) -> Layout {
    var findings = Findings()
    var layout = Layout(time: 0, columns: [], filters: [], needed: 0, width: header.names.count)
    if let time = header.index(of: source.timeColumn) {
      layout.time = time
    } else {
      findings.append(contentsOf: [header.missing(source.timeColumn)])
    }
    for filter in source.filters {
      if let cell = header.index(of: filter.column) {
        layout.filters.append((cell, Array(filter.equals.utf8)))
      } else {
        findings.append(contentsOf: [header.missing(filter.column)])
      }
    }
    for mapping in source.columns {
      guard let cell = header.index(of: mapping.column) else {
        findings.append(contentsOf: [header.missing(mapping.column)])
        continue
      }
      do throws(InputError) {
        let unit = try mapping.resolvedUnit(
          header: header.names[cell],
          at: SourcePosition(file: source.path, line: header.line, column: 1))
        layout.columns.append(
          Column(cell: cell, mapping: mapping, unit: unit))
      } catch {
        findings.append(contentsOf: error.diagnostics)
      }
    }
    try findings.throwIfErrors()
    layout.needed = (layout.columns.map(\.cell) + [layout.time]).max() ?? 0
    return layout
  }

  private func rows(
    _ bytes: Span<UInt8>, cursor start: CSVCursor, dialect: CSVDialect, layout: Layout
  ) -> SampleTable {
    var cursor = start
    var table = SampleTable(file: source.path)
    var columns = layout.columns
    table.isPerInterval = columns.map { $0.mapping.isPerInterval($0.unit) }
    let scanner = dialect.numbers
    var stamper = StampScanner(format: source.stampFormat, zone: source.zone ?? zone)
    let reserve = bytes.count / 24
    table.stamps.reserveCapacity(reserve)
    table.lines.reserveCapacity(reserve)
    table.values.reserveCapacity(reserve * columns.count)
    table.places.reserveCapacity(reserve * columns.count)
    var previous = Int.min
    let width = columns.count

    while cursor.next(bytes) {
      table.rowsIn += 1
      if !layout.filters.isEmpty, !passes(bytes, cursor, layout.filters) {
        table.rowsOutside += 1
        continue
      }
      guard cursor.count > layout.time else {
        table.rowsReported += 1
        table.log.add(
          .raggedRow, .error, "the row has \(cursor.count) cells and no time stamp",
          at: place(bytes, cursor, nil))
        continue
      }
      if cursor.count > layout.width, let cell = cursor.surplus(over: layout.width) {
        table.rowsReported += 1
        table.log.add(
          .raggedRow, .error, CSVCursor.surplusMessage(cursor.count, over: layout.width),
          at: place(bytes, cursor, cell))
        continue
      }
      let stamp: Int
      switch stamper.scan(bytes, from: cursor.starts[layout.time], to: cursor.ends[layout.time]) {
      case .instant(let value): stamp = value
      case .repeated(let value):
        stamp = value
        table.ambiguousTimes += 1
      case .nonexistent(let civil):
        table.rowsReported += 1
        table.log.add(
          .nonexistentTime, source.skipsNonexistentTimes ? .warning : .error,
          "\(civil) does not exist in \((source.zone ?? zone).identifier)",
          at: place(bytes, cursor, layout.time))
        continue
      case .malformed:
        table.rowsReported += 1
        table.log.add(
          .badStamp, .error,
          "'\(cursor.text(bytes, layout.time))' is not a time stamp",
          at: place(bytes, cursor, layout.time))
        continue
      }
      guard window.contains(stamp) else {
        table.rowsOutside += 1
        continue
      }
      if stamp < previous {
        table.outOfOrder += 1
        table.log.add(
          .outOfOrder, .warning, "the time stamp lies before that of the row above",
          at: place(bytes, cursor, layout.time))
      }
      previous = stamp
      table.stamps.append(stamp)
      table.lines.append(UInt32(truncatingIfNeeded: cursor.recordLine))
      if cursor.count <= layout.needed {
        table.log.add(
          .raggedRow, .warning,
          "the row has \(cursor.count) cells, the header needs \(layout.needed + 1)",
          at: place(bytes, cursor, nil))
      }
      for k in 0..<width {
        let cell = columns[k].cell
        guard cell < cursor.count else {
          table.cellsMissing += 1
          table.values.append(.nan)
          table.places.append(1)
          continue
        }
        let from = cursor.starts[cell]
        table.places.append(UInt32(truncatingIfNeeded: from - cursor.recordStart + 1))
        if let number = scanner.scan(bytes, from: from, to: cursor.ends[cell]),
          number.next == cursor.ends[cell], columns[k].unit != nil
        {
          table.values.append(columns[k].scale.kept(number.value))
        } else {
          table.values.append(slowCell(bytes, cursor, cell, scanner, &columns[k], &table))
        }
      }
    }
    if let line = cursor.openQuoteLine {
      table.log.add(
        .raggedRow, .error, CSVCursor.openQuoteMessage,
        at: SourcePosition(file: source.path, line: line, column: 1))
    }
    table.isPerInterval = columns.map { $0.mapping.isPerInterval($0.unit) }
    return table
  }

  private func passes(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, _ filters: [(cell: Int, bytes: [UInt8])]
  ) -> Bool {
    for filter in filters {
      guard filter.cell < cursor.count else { return false }
      let start = cursor.starts[filter.cell]
      guard cursor.ends[filter.cell] - start == filter.bytes.count else { return false }
      for k in filter.bytes.indices where bytes[start + k] != filter.bytes[k] { return false }
    }
    return true
  }

  /// Where a cell stands, or the row.
  private func place(_ bytes: Span<UInt8>, _ cursor: CSVCursor, _ cell: Int?) -> SourcePosition {
    cursor.position(
      bytes, at: cell.map { cursor.starts[$0] } ?? cursor.recordStart, file: source.path)
  }

  /// Cells that are not a bare number: blank, with blanks, with a unit, or wrong.
  private func slowCell(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, _ cell: Int, _ scanner: NumberScanner,
    _ column: inout Column, _ table: inout SampleTable
  ) -> Double {
    var from = cursor.starts[cell]
    var to = cursor.ends[cell]
    while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
    while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
    guard to > from else {
      table.cellsMissing += 1
      return .nan
    }
    let text = bytes.text(from, to)
    if source.missingWords.contains(text) {
      table.cellsMissing += 1
      return .nan
    }
    func fail(_ kind: FindingKind, _ message: String) -> Double {
      table.cellsFailed += 1
      table.log.add(
        kind, .error, message, at: cursor.position(bytes, at: from, file: source.path))
      return .nan
    }
    let quantity = column.mapping.quantity
    guard let number = scanner.scan(bytes, from: from, to: to) else {
      let word = text.lowercased()
      let special = ["nan", "+nan", "-nan", "inf", "+inf", "-inf", "infinity", "-infinity"]
      if special.contains(word) {
        return fail(
          .notFinite,
          "'\(text)' is not a number for '\(quantity.rawValue)'; leave the cell empty when it is "
            + "missing")
      }
      return fail(.badNumber, "'\(text)' is not a number for '\(quantity.rawValue)'")
    }
    let rest = trimmedText(bytes.text(number.next, to))
    if rest.isEmpty {
      guard column.unit != nil else {
        return fail(
          .badUnit,
          "neither the mapping, the header nor the cell names a unit for '\(quantity.rawValue)'")
      }
      return column.scale.kept(number.value)
    }
    guard let unit = MeasurementUnit(rest) else {
      let isUnit = rest.first.map { $0.isLetter || $0 == "°" || $0 == "%" } ?? false
      return fail(
        isUnit ? .badUnit : .badNumber,
        isUnit
          ? "unknown unit '\(rest)' in '\(text)'"
          : "'\(text)' is not a number for '\(quantity.rawValue)'")
    }
    guard column.mapping.accepts(unit) else {
      return fail(
        .badUnit,
        "unit '\(rest)' measures \(unit.dimension.rawValue) and cannot be used for "
          + "'\(quantity.rawValue)'")
    }
    if column.unit == nil { column.unit = unit }
    guard column.unit?.dimension == unit.dimension else {
      return fail(.badUnit, "unit '\(rest)' differs in kind from the rest of the column")
    }
    table.cellsCoerced += 1
    return UnitScale(unit, factor: column.mapping.factor).kept(number.value)
  }
}
