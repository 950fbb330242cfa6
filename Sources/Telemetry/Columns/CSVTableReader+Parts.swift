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
  /// Columns that hold a value, where they are not kept here.
  var filled: Set<Int> = []

  /// True when nothing of a column could be read.
  func isEmpty(_ column: Int) -> Bool {
    guard columns.indices.contains(column) else { return !filled.contains(column) }
    return columns[column].values.allSatisfy { $0.isNaN }
  }

  /// The time of the rows. [UTC epoch s]
  func span(label: SlotLabel) -> Range<Int> {
    let length = label == .end ? (stepSeconds, 0) : (0, stepSeconds)
    return floorDivided(first, 1000) - length.0..<floorDivided(last, 1000) + length.1
  }

  /// The end of the rows that lies farther from their middle. [ms]
  func farthest(file: String) -> (distance: Int, place: SourcePosition) {
    let middle = first + (last - first) / 2
    let (distance, line) =
      abs(first - middle) >= abs(last - middle)
      ? (abs(first - middle), firstLine) : (abs(last - middle), lastLine)
    return (distance, SourcePosition(file: file, line: Int(line), column: 1))
  }
}

/// Puts rows on a grid of which some slots are in memory at a time.
private struct GridWindows {
  private var columns: [ColumnGridder]
  private let rules: TableGridder
  private let slots: Int
  /// The slots in memory.
  private var window: Range<Int>

  init(columns: [ColumnGridder], rules: TableGridder, slots: Int) {
    self.columns = columns
    self.rules = rules
    self.slots = slots
    window = 0..<min(slots, rules.grid.count)
  }

  /// Adds rows, in order of time, and hands out the slots that no later row reaches.
  mutating func add(
    _ table: inout SampleTable, lengthMS: Int, _ each: (Range<Int>, [SlotColumn]) -> Void
  ) {
    var row = 0
    while row < table.stamps.count {
      let end = windowEnd(in: table, from: row, lengthMS)
      for k in columns.indices {
        for r in row..<end { columns[k].add(&table, row: r, lengthMS: lengthMS, next: Int.max) }
      }
      row = end
      if row < table.stamps.count { advance(each) }
    }
  }

  /// Hands out the slots that are left.
  mutating func finish(_ each: (Range<Int>, [SlotColumn]) -> Void) {
    while window.upperBound < rules.grid.count { advance(each) }
    each(window, columns.map { $0.finished(minimumCoverage: rules.minimumCoverage) })
  }

  /// The first row that begins behind the window, which is not the last one.
  private func windowEnd(in table: SampleTable, from row: Int, _ lengthMS: Int) -> Int {
    guard window.upperBound < rules.grid.count else { return table.stamps.count }
    let limit = rules.grid.instant(window.upperBound) * 1000 + (rules.label == .end ? lengthMS : 0)
    var end = row
    while end < table.stamps.count, table.stamps[end] < limit { end += 1 }
    return end
  }

  private mutating func advance(_ each: (Range<Int>, [SlotColumn]) -> Void) {
    let next = window.upperBound..<min(rules.grid.count, window.upperBound + slots)
    var done: [SlotColumn] = []
    for k in columns.indices {
      done.append(
        columns[k].advance(to: rules.grid[next], minimumCoverage: rules.minimumCoverage))
    }
    each(window, done)
    window = next
  }
}

/// A large file that was looked at once.
struct SurveyedFile {
  fileprivate let dialect: CSVDialect
  fileprivate let layout: CSVTableReader.Layout
  /// Stands before the first row.
  fileprivate let cursor: CSVCursor
  /// What the columns were seen to hold.
  fileprivate let seen: [MissingCode.Seen]
  let outcome: PartsOutcome
  /// Counts of the survey, and what the header says.
  let table: SampleTable
}

extension CSVTableReader {
  /// Size from which a file is read in parts, so that memory does not grow with it. [byte]
  static let largeBytes = 64 << 20
  /// Rows in memory at a time.
  private static let rowsAtOnce = 65_536

  /// Looks at a large file once, some rows at a time, for its interval and its codes for no value.
  ///
  /// Reading it in parts then gives what reading it whole gives, where the rows are in order, each has a stamp of its
  /// own and intervals of one length; there is nothing for other files, which are read whole.
  ///
  /// - Parameter least: Size from which files are taken. [byte]
  /// - Returns: What the file holds, or nothing.
  /// - Throws: `InputError` when the header does not fit the mapping.
  func surveyed(atLeast least: Int = largeBytes) throws(InputError) -> SurveyedFile? {
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
      return SurveyedFile(
        dialect: dialect, layout: layout, cursor: cursor, seen: seen, outcome: survey,
        table: tableWithoutRows(cursor, layout))
    }
  }

  /// The state before the first row, with what the header says.
  private func tableWithoutRows(_ cursor: CSVCursor, _ layout: Layout) -> SampleTable {
    var table = begun(cursor: cursor, layout: layout).1
    table.log.add(.layout, layout.warnings)
    table.layout = layout.remarks
    return table
  }

  /// Reads a file that was surveyed onto a grid, some rows and some slots at a time.
  ///
  /// - Parameters:
  ///   - file: What the survey found.
  ///   - rules: The grid and its rules.
  ///   - windowSlots: Slots in memory at a time.
  ///   - each: Takes some slots of all columns; one stretch follows the other, to the end of the grid.
  /// - Returns: A table with counts and findings and no rows.
  /// - Throws: `InputError` when the file changed meanwhile.
  func read(
    _ file: SurveyedFile, onto rules: TableGridder, windowSlots: Int,
    _ each: (Range<Int>, [SlotColumn]) -> Void
  ) throws(InputError) -> SampleTable {
    guard let text = MappedText.opened(source.path, atLeast: 0) else {
      throw InputError("the file changed while it was read", at: SourcePosition(file: source.path))
    }
    return try text.withBytes { (bytes) throws(InputError) in
      var table = tableWithoutRows(file.cursor, file.layout)
      var progress = begun(cursor: file.cursor, layout: file.layout).0
      var windows = GridWindows(
        columns: file.layout.columns.indices.map { k in
          ColumnGridder(
            k, mapping: file.layout.columns[k].mapping, seen: file.seen[k],
            isPerInterval: table.isPerInterval[k], of: rules, slots: windowSlots)
        }, rules: rules, slots: windowSlots)
      var goesOn = true
      while goesOn {
        goesOn = readRows(
          bytes, &progress, into: &table, dialect: file.dialect, layout: file.layout,
          most: CSVTableReader.rowsAtOnce)
        windows.add(&table, lengthMS: file.outcome.stepSeconds * 1000, each)
        table.dropRows()
        try text.release(before: progress.cursor.recordStart)
      }
      windows.finish(each)
      return table
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
