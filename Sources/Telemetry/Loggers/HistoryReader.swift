package import Diagnostics
package import TimeSeries

/// What happens to rows and cells with errors.
package enum FindingPolicy: Sendable, Hashable {
  /// Any error stops the ingest; all of them are reported at once.
  case refuse
  /// Cells with errors are missing, rows with errors are left out, and each is reported.
  case report
}

/// Reads files of loggers into one history.
///
/// Several sources of different steps are joined on one grid: a finer step is averaged, a coarser one is
/// held. Gaps stay missing unless a fill rule says otherwise, and every filled slot is counted.
package struct HistoryReader: Sendable {
  /// Plain CSV files, in order of precedence.
  package var sources: [CSVSource]
  /// Files of known loggers, after the plain ones.
  package var logs: [LogSource]
  /// The site's clock.
  package var zone: Zone
  /// Where the site lies; needed by `FillRule.zeroAtNight`.
  package var place: GeographicPosition?
  /// What happens to errors.
  package var policy: FindingPolicy
  /// Share of a slot that must be covered by samples for its mean to count.
  package var minimumCoverage: Double
  /// Planes of modules without a column of their own: the share of the production in columns of no plane that is
  /// each one's, by name.
  package var planeShares: [String: Double] = [:]
  /// Size from which a file is read in parts. [byte]
  var largeBytes = CSVTableReader.largeBytes

  /// Creates an ingest.
  package init(
    _ sources: [CSVSource], logs: [LogSource] = [], zone: Zone, place: GeographicPosition? = nil,
    policy: FindingPolicy = .refuse, minimumCoverage: Double = 0.5
  ) {
    self.sources = sources
    self.logs = logs
    self.zone = zone
    self.place = place
    self.policy = policy
    self.minimumCoverage = minimumCoverage
  }

  /// Returns the grid that covers all rows of all sources.
  ///
  /// - Parameter stepSeconds: Step of the grid; the finest step of the sources when absent. [s]
  /// - Returns: A grid aligned to its step.
  /// - Throws: `InputError` when a file cannot be read, or holds no row that can.
  package func extent(stepSeconds: Int? = nil) throws(InputError) -> TimeGrid {
    var start = Int.max
    var end = Int.min
    var finest = Int.max
    var rowCount = 0
    var farthest: (distance: Int, place: SourcePosition) = (-1, SourcePosition(file: ""))
    for input in try inputs(window: Int.min..<Int.max, grid: nil) {
      if let parts = input.parts {
        rowCount += parts.rows
        let far = parts.farthest(file: input.table.file)
        if far.distance > farthest.distance { farthest = far }
        let span = parts.span(label: input.label)
        start = min(start, span.lowerBound)
        end = max(end, span.upperBound)
        finest = min(finest, parts.stepSeconds)
        continue
      }
      let stamps = input.table.stamps
      guard let first = stamps.min(), let last = stamps.max() else {
        // Say why, when there were rows.
        let reasons = input.table.log.all(file: input.table.file).map(\.diagnostic)
        throw InputError(
          reasons + [.error("no row could be read", at: SourcePosition(file: input.table.file))])
      }
      let rows = input.orderedRows()
      let intervals = try input.intervals(rows)
      rowCount += rows.count
      let middle = stamps[rows[rows.count / 2]]
      for row in [rows[0], rows[rows.count - 1]] where abs(stamps[row] - middle) > farthest.distance
      {
        farthest = (
          abs(stamps[row] - middle),
          SourcePosition(file: input.table.file, line: Int(input.table.lines[row]), column: 1)
        )
      }
      let (head, tail) = (intervals.length(0) / 1000, intervals.length(rows.count - 1) / 1000)
      start = min(start, floorDivided(first, 1000) - (input.label == .end ? head : 0))
      end = max(end, floorDivided(last, 1000) + (input.label == .end ? 0 : tail))
      finest = min(finest, intervals.finestSeconds)
    }
    return try HistoryReader.grid(
      from: start, to: end, stepSeconds: stepSeconds ?? finest, rowCount: rowCount,
      farthest: farthest.place)
  }

  /// The grid over a stretch of time, when the rows can be meant to be on it.
  static func grid(
    from start: Int, to end: Int, stepSeconds step: Int, rowCount: Int, farthest: SourcePosition
  ) throws(InputError) -> TimeGrid {
    guard start < end else { throw InputError("there is no source to read") }
    let aligned = start - ((start % step) + step) % step
    let count = (end - aligned + step - 1) / step
    // A year of seconds has 32 million slots; more is a stamp gone wrong rather than a wish.
    guard count <= 40_000_000 else {
      throw InputError(
        "the rows span \(Instant.utcText(start)) to \(Instant.utcText(end)), which is \(count) "
          + "slots of \(step) s; look at the first and last time stamps, or give a longer step")
    }
    // A grid that is nearly empty comes of one stamp gone wrong.
    guard count <= 100_000 || count / 50 <= rowCount else {
      throw InputError(
        "\(rowCount) rows span \(Instant.utcText(start)) to \(Instant.utcText(end)), which is \(count) "
          + "slots of \(step) s; look at the time stamp of this line", at: farthest)
    }
    return TimeGrid(start: aligned, stepSeconds: step, count: count)
  }

  /// Reads all sources onto a grid.
  ///
  /// - Parameter grid: Slots of the history.
  /// - Returns: The history and what was done to get it.
  /// - Throws: `InputError` with all findings, when a file cannot be used, or when the policy is to
  ///   refuse errors and there are some.
  package func read(grid: TimeGrid) throws(InputError) -> (SiteHistory, IngestReport) {
    try checkFillRules()
    var report = IngestReport()
    var merged: [ColumnTarget: SlotColumn] = [:]
    var order: [ColumnTarget] = []
    // A stretch on either side lets samples that straddle the ends of the grid count.
    let longest = sources.map { $0.stepSeconds ?? 86_400 } + logs.map { _ in 86_400 }
    let slack = max(longest.max() ?? 0, grid.stepSeconds)
    let window = (grid.start - slack) * 1000..<(grid.end + slack) * 1000
    var inputs = try inputs(window: window, grid: grid)
    var rows: [[Int]] = []
    var intervals: [RowIntervals] = []
    for k in inputs.indices {
      if let parts = inputs[k].parts {
        rows.append([])
        intervals.append(RowIntervals(seconds: parts.stepSeconds))
        continue
      }
      try refuseEmpty(inputs[k], grid: grid, report: &report)
      rows.append(timeOrder(&inputs[k]))
      intervals.append(try inputs[k].intervals(rows[k]))
      noteChanges(&inputs[k], intervals[k], rows[k])
    }
    let counters = CounterColumn.chains(inputs)
    // Sums within one file, joined when the file ends.
    var sums: [(target: ColumnTarget, mapping: ColumnMapping, column: SlotColumn)] = []
    func merge(_ column: SlotColumn, _ mapping: ColumnMapping, _ file: String) throws(InputError) {
      if let present = merged[mapping.target] {
        merged[mapping.target] = try present.combined(
          with: column, mapping: mapping, file: file, grid: grid, report: &report)
      } else {
        merged[mapping.target] = column
        order.append(mapping.target)
      }
    }
    for (i, input) in inputs.enumerated() {
      let gridder = TableGridder(
        label: input.label, sampling: input.sampling, grid: grid, intervals: intervals[i],
        minimumCoverage: minimumCoverage, summed: summed)
      for (k, mapping) in input.mappings.enumerated() {
        let column: SlotColumn
        if case .counter = mapping.reading {
          guard
            let counter = counters.first(where: {
              $0.parts.first?.input == i && $0.parts.first?.column == k
            })
          else { continue }
          let (slots, resets) = counter.slots(
            &inputs, rows: rows, intervals: intervals, grid: grid)
          report.resets += resets
          column = slots
        } else if let parts = input.parts {
          column = parts.columns[k]
        } else {
          column = gridder.column(k, mapping: mapping, table: &inputs[i].table, rows: rows[i])
        }
        guard mapping.combination == .sumInFile else {
          try merge(column, mapping, input.table.file)
          continue
        }
        if let at = sums.firstIndex(where: { $0.target == mapping.target }) {
          sums[at].column = sums[at].column.sum(with: column)
        } else {
          sums.append((mapping.target, mapping, column))
        }
      }
      if i + 1 == inputs.count || inputs[i + 1].source != input.source {
        for sum in sums { try merge(sum.column, sum.mapping, input.table.file) }
        sums = []
      }
    }
    for k in inputs.indices {
      report.add(inputs[k].table, kept: inputs[k].parts?.rows ?? rows[k].count)
      try refuseUnreadable(inputs[k], kept: rows[k].count)
    }
    if policy == .refuse, report.hasErrors { throw InputError(report.diagnostics) }
    var history = SiteHistory(grid: grid, zone: zone, columns: [:])
    let hasPlanes = !planeShares.isEmpty || order.contains { $0.plane != nil }
    var production: SlotColumn?
    for target in order {
      guard var column = merged[target] else { continue }
      let quantity = target.quantity
      if summed.contains(target), quantity.isNonNegative {
        report.noteRaised(column.clampNegative(), of: quantity)
      }
      for mapping in mappings where mapping.target == target {
        var memory = FillRule.Memory()
        mapping.fill.apply(
          to: &column.values, quality: &column.quality, grid: grid, place: place, memory: &memory)
      }
      if quantity == .pv, hasPlanes {
        if let plane = target.plane {
          history[plane: plane] = column.values
        } else {
          history.setPlanes(shares: planeShares, of: column.values)
        }
        production = production?.sum(with: column) ?? column
        continue
      }
      history[quantity] = column.values
      report.setQuality(column, of: quantity, grid: grid)
    }
    if let production {
      history[.pv] = production.values
      report.setQuality(production, of: .pv, grid: grid)
    }
    return (history, report)
  }

  var mappings: [ColumnMapping] {
    sources.flatMap(\.columns) + logs.flatMap(\.channels)
  }

  var summed: Set<ColumnTarget> {
    Set(mappings.filter { $0.combination != .join }.map(\.target))
  }

  func checkFillRules() throws(InputError) {
    guard place == nil else { return }
    for mapping in mappings {
      if case .zeroAtNight = mapping.fill {
        throw InputError(
          "filling '\(mapping.quantity.rawValue)' with zero at night needs the site's latitude "
            + "and longitude")
      }
    }
  }

  /// All files, those that are large and simple already on the grid when there is one.
  private func inputs(window: Range<Int>, grid: TimeGrid?) throws(InputError) -> [GridInput] {
    var inputs: [GridInput] = []
    for (number, source) in sources.enumerated() {
      if let format = source.format ?? LogFormat.recognised(source.path) {
        var log = LogSource(
          path: source.path, format: format, zone: source.zone, channels: source.columns)
        if case .held(let maxAge) = source.sampling { log.maxAgeSeconds = maxAge }
        inputs += try log.inputs(zone: zone, window: window).map { $0.from(number) }
        continue
      }
      let reader = CSVTableReader(source: source, zone: zone, window: window)
      if let input = try inParts(reader, number, grid) {
        inputs.append(input)
        continue
      }
      let table = try reader.read()
      inputs.append(
        GridInput(
          table: table, mappings: source.columns, label: table.labelsEnd ? .end : source.label,
          sampling: source.sampling, stepSeconds: source.stepSeconds, source: number))
    }
    for (number, log) in logs.enumerated() {
      inputs += try log.inputs(zone: zone, window: window).map { $0.from(sources.count + number) }
    }
    return inputs
  }

  /// A large file of simple rows, read some rows at a time; nothing for others.
  private func inParts(
    _ reader: CSVTableReader, _ number: Int, _ grid: TimeGrid?
  ) throws(InputError) -> GridInput? {
    guard let file = try reader.surveyed(atLeast: largeBytes) else { return nil }
    var input = GridInput(
      table: file.table, mappings: reader.source.columns, label: reader.source.label,
      sampling: reader.source.sampling, stepSeconds: reader.source.stepSeconds, source: number,
      parts: file.outcome)
    guard let grid else { return input }
    var columns: [SlotColumn] = []
    input.table = try reader.read(
      file, onto: gridder(reader.source, file.outcome, grid), windowSlots: grid.count
    ) { columns = $1 }
    input.parts?.columns = columns
    return input
  }

  /// The rules for the rows of a file that was surveyed.
  func gridder(_ source: CSVSource, _ found: PartsOutcome, _ grid: TimeGrid) -> TableGridder {
    TableGridder(
      label: source.label, sampling: source.sampling, grid: grid,
      intervals: RowIntervals(seconds: found.stepSeconds), minimumCoverage: minimumCoverage,
      summed: summed)
  }

  /// Refuses a file without any row in the period.
  private func refuseEmpty(
    _ input: GridInput, grid: TimeGrid, report: inout IngestReport
  ) throws(InputError) {
    guard input.table.stamps.isEmpty else { return }
    report.add(input.table, kept: 0)
    if policy == .refuse, report.hasErrors { throw InputError(report.diagnostics) }
    // Say why, when there were rows.
    let reasons = input.table.log.all(file: input.table.file).map(\.diagnostic)
    throw InputError(
      reasons + [
        .error(
          "no row lies between \(Instant.utcText(grid.start)) and \(Instant.utcText(grid.end))",
          at: SourcePosition(file: input.table.file))
      ])
  }

  /// Refuses a column of which nothing could be read, and a file whose rows mostly replace one another.
  func refuseUnreadable(_ input: GridInput, kept: Int) throws(InputError) {
    let table = input.table
    let width = input.mappings.count
    var reasons: [Diagnostic] = []
    let isEmpty = input.mappings.indices.map { k in
      if let parts = input.parts { return parts.isEmpty(k) }
      return table.stamps.indices.allSatisfy { table.values[$0 * width + k].isNaN }
    }
    // A column without a value in the period is missing; a file without any was not understood.
    let holdsNothing = (!table.stamps.isEmpty || input.parts != nil) && isEmpty.allSatisfy { $0 }
    for (k, mapping) in input.mappings.enumerated()
    where isEmpty[k] && (table.cellsFailed > 0 || holdsNothing) {
      reasons.append(
        .error(
          "no value of column '\(mapping.column)' could be read for '\(mapping.quantity.rawValue)'",
          at: SourcePosition(file: table.file)))
    }
    if table.duplicates > kept, table.duplicates > 2 {
      reasons.append(
        .error(
          "most rows have the stamp of another row: \(table.duplicates) were replaced and \(kept) are "
            + "left; look for a column with the time of day, or one that tells such rows apart",
          at: SourcePosition(file: table.file)))
    }
    if !reasons.isEmpty {
      throw InputError(table.log.all(file: table.file).map(\.diagnostic) + reasons)
    }
  }

  /// Row positions in order of time; rows that another one replaces are reported.
  private func timeOrder(_ input: inout GridInput) -> [Int] {
    var replaced: [(row: Int, by: Int)] = []
    let rows = input.orderedRows { replaced.append(($0, $1)) }
    for (row, newer) in replaced {
      input.table.duplicates += 1
      input.table.rowsReported += 1
      let line = input.table.lines[newer]
      input.table.log.add(
        .duplicate, .warning, "line \(line) has the same time stamp and replaces this row",
        at: SourcePosition(
          file: input.table.file, line: Int(input.table.lines[row]), column: 1))
    }
    return rows
  }

  /// Says where the intervals of a file become longer or shorter, when only its stamps show it.
  private func noteChanges(_ input: inout GridInput, _ intervals: RowIntervals, _ rows: [Int]) {
    for change in intervals.changes {
      let row = rows[change.row]
      let instant = Instant.utcText(floorDivided(input.table.stamps[row], 1000))
      input.table.log.add(
        .stepChange, .warning,
        "the intervals change from \(change.before) s to \(change.after) s at \(instant)",
        at: SourcePosition(file: input.table.file, line: Int(input.table.lines[row]), column: 1))
    }
  }
}

/// Reads CSV sources onto a grid, refusing any error.
///
/// - Parameters:
///   - sources: The files.
///   - grid: Slots of the history.
///   - zone: The site's clock.
///   - place: Where the site lies; needed by `FillRule.zeroAtNight`.
/// - Returns: The history and what was done to get it.
/// - Throws: `InputError` with all findings.
package func readHistory(
  _ sources: [CSVSource], grid: TimeGrid, zone: Zone, place: GeographicPosition? = nil
) throws(InputError) -> (SiteHistory, IngestReport) {
  try HistoryReader(sources, zone: zone, place: place).read(grid: grid)
}

extension IngestReport {
  /// Says that sums of a quantity were raised to zero, where some were.
  mutating func noteRaised(_ slots: Int, of quantity: Quantity) {
    guard slots > 0 else { return }
    findings.append(
      IngestFinding(
        kind: .clamped,
        diagnostic: .warning(
          "the columns for '\(quantity.rawValue)' add up to less than 0 in \(slots) slots, "
            + "which are raised to 0")))
  }

  /// Takes over the counts and findings of one table.
  mutating func add(_ table: SampleTable, kept: Int) {
    rowsIn += table.rowsIn
    rowsKept += kept + table.rowsJoined
    rowsReported += table.rowsReported
    rowsOutside += table.rowsOutside
    cellsMissing += table.cellsMissing
    cellsFailed += table.cellsFailed
    cellsCoerced += table.cellsCoerced
    outOfOrder += table.outOfOrder
    duplicates += table.duplicates
    if !table.layout.isEmpty {
      layouts.append(FileLayout(file: table.file, remarks: table.layout))
    }
    ambiguousTimes += table.ambiguousTimes
    findings += table.log.all(file: table.file)
  }
}
