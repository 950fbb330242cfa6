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

  struct Column {
    var cell: Int
    var mapping: ColumnMapping
    var unit: MeasurementUnit? { didSet { scale = UnitScale(unit, factor: mapping.factor) } }
    private(set) var scale: UnitScale
    /// Which rows count, where rows of several kinds have the same stamp.
    var choice: Choice?

    init(cell: Int, mapping: ColumnMapping, unit: MeasurementUnit?) {
      self.cell = cell
      self.mapping = mapping
      self.unit = unit
      scale = UnitScale(unit, factor: mapping.factor)
    }
  }

  /// Which rows of a column count, by the text of another cell.
  enum Choice {
    /// Those that a selector names.
    case selected(ColumnSelector)
    /// Those of some directions.
    case directions(Set<FlowDirection>)

    /// Factor of a row's value, nothing when the row does not count.
    func factor(of kind: String) -> Double? {
      switch self {
      case .selected(let selector): return selector.takes(kind) ? 1 : nil
      case .directions(let taken):
        guard let direction = FlowDirection(kind), taken.contains(direction) else { return nil }
        return taken.count > 1 && direction == .exported ? -1 : 1
      }
    }
  }

  /// Where things stand in the rows.
  struct Layout {
    var axis = TimeAxis(time: 0)
    var columns: [Column] = []
    var filters: [(cell: Int, bytes: [UInt8])] = []
    /// Clock that the header names for stamps without offset.
    var zone: Zone?
    /// Cell that tells rows of one stamp apart.
    var kind: Int?
    /// Cells that a complete row must have.
    var needed = 0
    /// Cells of the header.
    var width = 0
    /// What was recognised, for people.
    var remarks: [String] = []
    var warnings: [Diagnostic] = []
  }

  /// Rows from which a layout is told.
  static let sampledRows = 300

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
    let dialect = CSVDialect(span, delimiter: source.delimiter, decimal: source.decimalMark)
    var cursor = CSVCursor(dialect)
    guard cursor.next(span) else {
      throw InputError("the file is empty", at: SourcePosition(file: source.path))
    }
    let header = CSVHeader(names: cursor.texts(span), file: source.path, line: cursor.recordLine)
    if let days = dayColumns(header) { return try dayTable(days, header, span, cursor, dialect) }
    return try read(span, header: header, cursor: cursor, dialect: dialect)
  }

  /// Reads the rows below a header, which may have been put together elsewhere.
  func read(
    _ bytes: Span<UInt8>, header: CSVHeader, cursor: CSVCursor, dialect: CSVDialect
  ) throws(InputError) -> SampleTable {
    var header = header
    var cursor = cursor
    let layout = try resolve(&header, bytes, &cursor, dialect)
    var table = rows(bytes, cursor: cursor, dialect: dialect, layout: layout)
    table.log.add(.layout, layout.warnings)
    table.layout = layout.remarks
    return table
  }

  /// Finds columns, units and times, and passes over a row of units below the header.
  func resolve(
    _ header: inout CSVHeader, _ bytes: Span<UInt8>, _ cursor: inout CSVCursor,
    _ dialect: CSVDialect
  ) throws(InputError) -> Layout {
    var findings = Findings()
    var layout = Layout(width: header.names.count)
    layout.remarks = source.remarks
    let place = SourcePosition(file: source.path, line: header.line, column: 1)
    let time = header.index(of: source.timeColumn)
    if time == nil { findings.append(contentsOf: [header.missing(source.timeColumn)]) }
    if let repeated = header.repeated(source.timeColumn) {
      findings.append(contentsOf: [repeated])
    }
    let unitRow = CSVUnitRow(bytes, below: cursor, time: time ?? 0, names: header.names)
    if let unitRow {
      cursor = unitRow.cursor
      header = CSVHeader(names: unitRow.names, file: header.file, line: header.line)
      layout.remarks.append("units stand in line \(unitRow.cursor.recordLine)")
    }
    if dialect.preambleLines > 0 {
      layout.remarks.append("the header is line \(header.line)")
    }
    for filter in source.filters {
      if let cell = header.index(of: filter.column) {
        layout.filters.append((cell, Array(filter.equals.utf8)))
      } else {
        findings.append(contentsOf: [header.missing(filter.column)])
      }
    }
    let sample = sampleRows(bytes, cursor, layout.filters)
    for mapping in source.columns {
      let selector = header.index(of: mapping.column) == nil ? ColumnSelector(mapping.column) : nil
      guard let cell = header.index(of: selector?.column ?? mapping.column) else {
        findings.append(contentsOf: [header.missing(selector?.column ?? mapping.column)])
        continue
      }
      if let repeated = header.repeated(selector?.column ?? mapping.column) {
        findings.append(contentsOf: [repeated])
        continue
      }
      do throws(InputError) {
        var unit = try mapping.resolvedUnit(header: header.names[cell], at: place)
        if unit == nil { unit = CSVUnitRow.unitColumn(header.names, sample, for: mapping) }
        var column = Column(cell: cell, mapping: mapping, unit: unit)
        if let selector {
          guard let kind = header.index(of: selector.kind) else {
            findings.append(contentsOf: [header.missing(selector.kind)])
            continue
          }
          guard layout.kind == nil || layout.kind == kind else {
            throw InputError(
              "the columns of a file choose their rows by one column, found '\(selector.kind)' as "
                + "well", at: place)
          }
          layout.kind = kind
          column.choice = .selected(selector)
        }
        layout.columns.append(column)
        if let doubt = dialect.ambiguous[cell] {
          layout.warnings.append(
            .warning(
              "'\(doubt.marked)' beside '\(doubt.plain)' in column '\(header.names[cell])' is "
                + "ambiguous: the mark may be that of a fraction or of thousands; it is read as "
                + "\(NumberText.shortest(dialect.numbers.number(doubt.marked) ?? .nan))", at: place,
              notes: ["say which with the decimal mark"]))
        }
      } catch {
        findings.append(contentsOf: error.diagnostics)
      }
    }
    try findings.throwIfErrors()
    try findTimes(&layout, header: header, time: time ?? 0, sample: sample, bytes, cursor)
    layout.needed = (layout.columns.map(\.cell) + layout.axis.cells).max() ?? 0
    return layout
  }

  /// Cells of the first rows that pass the filters.
  func sampleRows(
    _ bytes: Span<UInt8>, _ start: CSVCursor, _ filters: [(cell: Int, bytes: [UInt8])]
  ) -> [[String]] {
    var cursor = start
    var sample: [[String]] = []
    while sample.count < CSVTableReader.sampledRows, cursor.next(bytes) {
      if filters.isEmpty || passes(bytes, cursor, filters) { sample.append(cursor.texts(bytes)) }
    }
    return sample
  }

  private func findTimes(
    _ layout: inout Layout, header: CSVHeader, time: Int, sample: [[String]],
    _ bytes: Span<UInt8>, _ start: CSVCursor
  ) throws(InputError) {
    let place = SourcePosition(file: source.path, line: header.line, column: 1)
    if source.zone == nil {
      do { layout.zone = try HeaderClock.zone(header.names[time], site: zone) } catch {
        throw InputError(
          "'\(error.word)' in the name of column '\(header.names[time])' may or may not go on summer "
            + "time; name the clock, such as \(error.clocks.place) or, without summer time, \(error.clocks.fixed)",
          at: place)
      }
    }
    let clock = source.zone ?? layout.zone ?? zone
    var isUndecided = false
    var source = source
    // The market time units of ENTSO-E have the day first; a file of one day may not show it.
    if source.stampFormat == .automatic, header.names[time].hasPrefix("MTU") {
      source.stampFormat = .dayMonthYear
    }
    layout.axis = TimeAxis(
      time: time, source: source, rows: sample,
      others: header.measuring.union(layout.columns.map(\.cell)), zone: clock,
      wholeColumn: { cell, evidence in
        var cursor = start
        while evidence.isOpen, cursor.next(bytes) {
          if cell < cursor.count {
            evidence.add(bytes, from: cursor.starts[cell], to: cursor.ends[cell])
          }
        }
        if cell == time { isUndecided = evidence.isUndecided }
      })
    let axis = layout.axis
    if isUndecided, axis.format == .automatic {
      throw InputError(
        "nothing in column '\(header.names[axis.time])' tells whether the day or the month comes "
          + "first; say 'day_month_year' or 'month_day_year' as the format of the time", at: place)
    }
    layout.remarks += axis.remarks(names: header.names)
    if let named = layout.zone {
      layout.remarks.append("'\(header.names[time])' is on the clock of \(named.identifier)")
    } else if clock == .utc, axis.isNaive(bytes, start) {
      layout.remarks.append("stamps have no offset and are taken as UTC")
    }
    // Rows of one stamp are of several kinds.
    guard layout.filters.isEmpty, layout.kind == nil else { return }
    var cursor = start
    var stamps = StampScanner(format: axis.format, zone: clock)
    var ends = stamps
    var instants: [Int] = []
    var reached: [Int?] = []
    for _ in sample.indices where cursor.next(bytes) {
      let (stamp, end) = axis.read(bytes, cursor, stamps: &stamps, ends: &ends, zone: clock)
      switch stamp {
      case .instant(let instant), .repeated(let instant): instants.append(instant)
      case .nonexistent, .malformed: return
      }
      reached.append(end)
    }
    let taken = axis.cells.union(layout.columns.map(\.cell))
    guard
      let kinds = RowKinds(
        rows: sample, stamps: instants, ends: reached, names: header.names, taken: taken)
    else { return }
    layout.kind = kinds.cell
    for k in layout.columns.indices {
      let mapping = layout.columns[k].mapping
      guard let directions = kinds.directions(for: mapping.quantity) else {
        throw InputError([kinds.refusal(of: mapping, at: place)])
      }
      layout.columns[k].choice = .directions(directions)
      let choice = CSVTableReader.Choice.directions(directions)
      let used = kinds.seen.filter { choice.factor(of: $0) != nil }
      let unused = kinds.seen.filter { choice.factor(of: $0) == nil }
      layout.warnings.append(
        .warning(
          "rows of one stamp are told apart by '\(kinds.name)': '\(mapping.quantity.rawValue)' takes "
            + quoted(used) + (unused.isEmpty ? "" : " and leaves out \(quoted(unused))"), at: place,
          notes: ["say otherwise with '\(mapping.column)[\(kinds.name)=…]'"]))
    }
  }

  private func quoted(_ words: [String]) -> String {
    words.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
  }
}
