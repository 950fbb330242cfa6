import Diagnostics
import Documents
import TimeSeries

extension CSVTableReader {
  /// Where the reading of rows stands.
  struct RowProgress {
    var cursor: CSVCursor
    var columns: [Column]
    fileprivate var stamper: StampScanner
    fileprivate var ender: StampScanner
    fileprivate var repeats: [RepeatedTime] = []
    fileprivate var kinds = KindNumbers()
    fileprivate var rowKinds: [Int] = []
    fileprivate var previous = Int.min
  }

  /// Reads all rows.
  func rows(
    _ bytes: Span<UInt8>, cursor start: CSVCursor, dialect: CSVDialect, layout: Layout
  ) -> SampleTable {
    var (progress, table) = begun(cursor: start, layout: layout)
    let reserve = bytes.count / 24
    table.stamps.reserveCapacity(reserve)
    table.lines.reserveCapacity(reserve)
    table.values.reserveCapacity(reserve * layout.columns.count)
    table.places.reserveCapacity(reserve * layout.columns.count)
    readRows(bytes, &progress, into: &table, dialect: dialect, layout: layout, most: Int.max)
    table.isPerInterval = progress.columns.map { $0.mapping.isPerInterval($0.unit) }
    if table.ends.allSatisfy({ $0 == Int.min }) { table.ends = [] }
    table.tellApart(progress.repeats, kinds: progress.rowKinds)
    if layout.kind != nil { table.joinRows(kinds: progress.rowKinds) }
    return table
  }

  /// The state before the first row, and a table without rows.
  func begun(cursor: CSVCursor, layout: Layout) -> (RowProgress, SampleTable) {
    var table = SampleTable(file: source.path)
    table.isPerInterval = layout.columns.map { $0.mapping.isPerInterval($0.unit) }
    table.codes = layout.columns.map { column in
      // A counter may read anything; its own rules find what is impossible.
      if case .counter = column.mapping.reading { return [] }
      return MissingCode.written.map { column.scale.kept($0) }
    }
    table.labelsEnd = layout.axis.labelsEnd
    let stamper = StampScanner(
      format: layout.axis.format, zone: source.zone ?? layout.zone ?? zone)
    return (
      RowProgress(cursor: cursor, columns: layout.columns, stamper: stamper, ender: stamper), table
    )
  }

  /// Reads rows until the end of the bytes or until the table has so many.
  ///
  /// - Returns: True when more may follow.
  @discardableResult
  func readRows(
    _ bytes: Span<UInt8>, _ progress: inout RowProgress, into result: inout SampleTable,
    dialect: CSVDialect, layout: Layout, most: Int
  ) -> Bool {
    // What the loop changes is local to it, which spares a look at who else holds it for every cell.
    var table = SampleTable(file: source.path)
    swap(&table, &result)
    defer { swap(&table, &result) }
    var cursor = progress.cursor
    var columns = progress.columns
    var stamper = progress.stamper
    var ender = progress.ender
    var repeats = progress.repeats
    var kinds = progress.kinds
    var rowKinds = progress.rowKinds
    var previous = progress.previous
    progress.repeats = []
    progress.rowKinds = []
    defer {
      progress = RowProgress(
        cursor: cursor, columns: columns, stamper: stamper, ender: ender, repeats: repeats,
        kinds: kinds, rowKinds: rowKinds, previous: previous)
    }
    let axis = layout.axis
    let isPlain = axis.isPlain
    let clock = source.zone ?? layout.zone ?? zone
    let scanner = dialect.numbers
    let width = columns.count

    while table.stamps.count < most {
      guard cursor.next(bytes) else {
        if let line = cursor.openQuoteLine {
          table.log.add(
            .raggedRow, .error, CSVCursor.openQuoteMessage,
            at: SourcePosition(file: source.path, line: line, column: 1))
        }
        return false
      }
      table.rowsIn += 1
      if !layout.filters.isEmpty, !passes(bytes, cursor, layout.filters) {
        table.rowsOutside += 1
        continue
      }
      guard cursor.count > axis.time else {
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
      var kind = ""
      if let cell = layout.kind {
        kind = cell < cursor.count ? trimmedText(cursor.text(bytes, cell)) : ""
        guard columns.contains(where: { $0.choice?.factor(of: kind) != nil || $0.choice == nil })
        else {
          table.rowsOutside += 1
          continue
        }
      }
      var end: Int?
      let outcome: StampOutcome
      if isPlain {
        outcome = stamper.scan(bytes, from: cursor.starts[axis.time], to: cursor.ends[axis.time])
      } else {
        (outcome, end) = axis.read(bytes, cursor, stamps: &stamper, ends: &ender, zone: clock)
      }
      let stamp: Int
      switch outcome {
      case .instant(let value): stamp = value
      case .repeated(let value):
        stamp = value
        table.ambiguousTimes += 1
        if window.contains(stamp) {
          repeats.append(
            RepeatedTime(
              row: table.stamps.count, earlier: stamper.repeated.earlier,
              later: stamper.repeated.later))
        }
      case .nonexistent(let civil):
        // Exports for people have the hour that clocks skip as a row without a value.
        if layout.columns.allSatisfy({ isEmpty(cursor, $0.cell) }) {
          table.rowsOutside += 1
          continue
        }
        table.rowsReported += 1
        table.log.add(
          .nonexistentTime, source.skipsNonexistentTimes ? .warning : .error,
          "\(civil) does not exist in \(clock.identifier)",
          at: place(bytes, cursor, axis.time))
        continue
      case .malformed:
        table.rowsReported += 1
        let text = ([axis.time] + (axis.clock.map { [$0] } ?? []))
          .map { $0 < cursor.count ? cursor.text(bytes, $0) : "" }.joined(separator: " ")
        table.log.add(
          .badStamp, .error, "'\(text)' is not a time stamp",
          at: place(bytes, cursor, axis.time))
        continue
      }
      guard window.contains(stamp) else {
        table.rowsOutside += 1
        continue
      }
      // The order of the hour that occurs twice is looked at when all of it is known.
      if case .repeated = outcome {
      } else if stamp < previous {
        table.outOfOrder += 1
        table.log.add(
          .outOfOrder, .warning, "the time stamp lies before that of the row above",
          at: place(bytes, cursor, axis.time))
      }
      if case .repeated = outcome {} else { previous = stamp }
      table.stamps.append(stamp)
      if !isPlain { table.ends.append(end ?? Int.min) }
      if layout.kind != nil { rowKinds.append(kinds.number(of: kind)) }
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
        var factor = 1.0
        if let choice = columns[k].choice {
          guard let taken = choice.factor(of: kind) else {
            table.values.append(.nan)
            table.places.append(1)
            continue
          }
          factor = taken
        }
        let from = cursor.starts[cell]
        table.places.append(UInt32(truncatingIfNeeded: from - cursor.recordStart + 1))
        if let number = scanner.scan(bytes, from: from, to: cursor.ends[cell]),
          number.next == cursor.ends[cell], columns[k].unit != nil
        {
          table.values.append(factor * columns[k].scale.kept(number.value))
        } else {
          table.values.append(
            factor * slowCell(bytes, cursor, cell, scanner, &columns[k], &table))
        }
      }
    }
    return true
  }

  private func isEmpty(_ cursor: CSVCursor, _ cell: Int) -> Bool {
    cell >= cursor.count || cursor.starts[cell] == cursor.ends[cell]
  }

  func passes(
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
}

/// Numbers for the kinds of rows, in order of appearance.
private struct KindNumbers {
  private var numbers: [String: Int] = [:]

  mutating func number(of kind: String) -> Int {
    if let known = numbers[kind] { return known }
    numbers[kind] = numbers.count
    return numbers.count - 1
  }
}
