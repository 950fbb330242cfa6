import Diagnostics
import Documents
import TimeSeries

/// What became of a file that was read in parts.
struct PartsOutcome {
  /// Rows with a stamp in the window.
  var rows: Int
  /// The oldest and the newest stamp. [ms]
  var first: Int
  var last: Int
  /// Lines of these two.
  var firstLine: UInt32
  var lastLine: UInt32
  /// Length of the intervals. [s]
  var stepSeconds: Int
  /// The columns on the grid, when one was given.
  var columns: [SlotColumn] = []
}

extension CSVTableReader {
  /// Size from which a file is read in parts, so that memory does not grow with it. [byte]
  static let largeBytes = 64 << 20
  /// Rows in memory at a time.
  private static let rowsAtOnce = 65_536

  /// Reads a large file twice, some rows at a time: once for its interval and its codes for no value, and once onto
  /// the grid.
  ///
  /// That gives what reading it whole gives, where the rows are in order, each has a stamp of its own and intervals of
  /// one length; there is nothing for other files, which are read whole.
  ///
  /// - Parameters:
  ///   - gridder: The grid and its rules, for the interval found; nothing to find the interval alone.
  ///   - least: Size from which files are taken. [byte]
  /// - Returns: A table with counts and findings and no rows, and what became of the rows.
  /// - Throws: `InputError` when the header does not fit the mapping.
  func readInParts(
    onto gridder: ((RowIntervals) -> TableGridder)?, atLeast least: Int = largeBytes
  ) throws(InputError) -> (table: SampleTable, parts: PartsOutcome)? {
    guard case .interval = source.sampling,
      source.columns.allSatisfy({
        if case .value = $0.reading { true } else { false }
      }),
      let text = MappedText.opened(source.path, atLeast: least)
    else { return nil }
    return try text.withBytes { (bytes) throws(InputError) in
      let dialect = CSVDialect(bytes, delimiter: source.delimiter, decimal: source.decimalMark)
      var cursor = CSVCursor(dialect)
      guard cursor.next(bytes) else { return nil }
      var header = CSVHeader(
        names: cursor.texts(bytes), file: source.path, line: cursor.recordLine)
      guard dayColumns(header) == nil else { return nil }
      let layout = try resolve(&header, bytes, &cursor, dialect)
      guard layout.kind == nil, !layout.axis.labelsEnd,
        layout.columns.allSatisfy({ $0.unit != nil }),
        let (survey, seen) = try survey(bytes, text, cursor, dialect, layout)
      else { return nil }
      var (progress, table) = begun(cursor: cursor, layout: layout)
      table.log.add(.layout, layout.warnings)
      table.layout = layout.remarks
      guard let gridder else { return (table, survey) }
      let rules = gridder(RowIntervals(seconds: survey.stepSeconds))
      var columns: [ColumnGridder] = []
      for k in layout.columns.indices {
        columns.append(
          ColumnGridder(
            k, mapping: layout.columns[k].mapping, seen: seen[k],
            isPerInterval: table.isPerInterval[k], of: rules))
      }
      let lengthMS = survey.stepSeconds * 1000
      var goesOn = true
      while goesOn {
        goesOn = readRows(
          bytes, &progress, into: &table, dialect: dialect, layout: layout,
          most: CSVTableReader.rowsAtOnce)
        for k in columns.indices {
          for row in table.stamps.indices {
            columns[k].add(&table, row: row, lengthMS: lengthMS, next: Int.max)
          }
        }
        table.dropRows()
        try text.release(before: progress.cursor.recordStart)
      }
      var outcome = survey
      outcome.columns = columns.map {
        $0.finished(minimumCoverage: rules.minimumCoverage)
      }
      return (table, outcome)
    }
  }

  /// Looks at all rows once; nothing when the file has to be read whole.
  private func survey(
    _ bytes: Span<UInt8>, _ text: borrowing MappedText, _ cursor: CSVCursor, _ dialect: CSVDialect,
    _ layout: Layout
  ) throws(InputError) -> (PartsOutcome, [MissingCode.Seen])? {
    var (progress, table) = begun(cursor: cursor, layout: layout)
    var seen = table.codes.map { MissingCode.Seen(codes: $0) }
    var steps = StepCount()
    var outcome: PartsOutcome?
    var goesOn = true
    while goesOn {
      goesOn = readRows(
        bytes, &progress, into: &table, dialect: dialect, layout: layout,
        most: CSVTableReader.rowsAtOnce)
      guard table.ends.allSatisfy({ $0 == Int.min }) else { return nil }
      for k in seen.indices {
        seen[k].add(table.values, column: k, width: layout.columns.count)
      }
      for (row, stamp) in table.stamps.enumerated() {
        if var before = outcome {
          guard steps.add(stamp - before.last) else { return nil }
          before.last = stamp
          before.lastLine = table.lines[row]
          before.rows += 1
          outcome = before
        } else {
          let line = table.lines[row]
          outcome = PartsOutcome(
            rows: 1, first: stamp, last: stamp, firstLine: line, lastLine: line, stepSeconds: 0)
        }
      }
      table.dropRows()
      try text.release(before: progress.cursor.recordStart)
    }
    guard var outcome, let step = source.stepSeconds ?? steps.only else { return nil }
    outcome.stepSeconds = step
    return (outcome, seen)
  }
}

/// Counts the distances between rows that are in order.
private struct StepCount {
  private var counts: [Int: (rows: Int, longestRun: Int)] = [:]
  private var run = (seconds: 0, count: 0)
  /// Distances of a logger that are worth counting.
  private static let mostDistances = 4096

  /// Adds a distance. [ms]
  ///
  /// - Returns: False when the rows are not in order, or never at the same distance.
  mutating func add(_ milliseconds: Int) -> Bool {
    guard milliseconds > 0 else { return false }
    let seconds = milliseconds / 1000
    run = (seconds, seconds == run.seconds ? run.count + 1 : 1)
    var count = counts[seconds] ?? (0, 0)
    count.rows += 1
    count.longestRun = max(count.longestRun, run.count)
    counts[seconds] = count
    return counts.count <= StepCount.mostDistances
  }

  /// The one length that all intervals have by the rules of ``RowIntervals``; nothing when there may be several.
  var only: Int? {
    let usual = counts.filter { $0.key > 0 }
      .min { ($1.value.rows, $0.key) < ($0.value.rows, $1.key) }?.key
    guard let usual, usual < 86_400 else { return nil }
    let others = counts.contains { seconds, count in
      seconds != usual && seconds > 0 && count.longestRun >= 3
        && max(seconds, usual) % min(seconds, usual) == 0
    }
    return others ? nil : usual
  }
}
