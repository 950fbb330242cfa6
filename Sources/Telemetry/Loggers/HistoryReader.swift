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
    for input in try inputs(window: Int.min..<Int.max) {
      let stamps = input.table.stamps
      guard let first = stamps.min(), let last = stamps.max() else {
        // Say why, when there were rows.
        let reasons = input.table.log.all(file: input.table.file).map(\.diagnostic)
        throw InputError(
          reasons + [.error("no row could be read", at: SourcePosition(file: input.table.file))])
      }
      let step = try input.step()
      let shift = input.label == .end ? -step : 0
      start = min(start, first / 1000 + shift)
      end = max(end, last / 1000 + shift + step)
      finest = min(finest, step)
    }
    guard start < end else { throw InputError("there is no source to read") }
    let step = stepSeconds ?? finest
    let aligned = start - ((start % step) + step) % step
    let count = (end - aligned + step - 1) / step
    // A year of seconds has 32 million slots; more is a stamp gone wrong rather than a wish.
    guard count <= 40_000_000 else {
      throw InputError(
        "the rows span \(Instant.utcText(start)) to \(Instant.utcText(end)), which is \(count) "
          + "slots of \(step) s; look at the first and last time stamps, or give a longer step")
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
    var merged: [Quantity: SlotColumn] = [:]
    var order: [Quantity] = []
    // A stretch on either side lets samples that straddle the ends of the grid count.
    let longest = sources.map { $0.stepSeconds ?? 86_400 } + logs.map { _ in 86_400 }
    let slack = max(longest.max() ?? 0, grid.stepSeconds)
    let window = (grid.start - slack) * 1000..<(grid.end + slack) * 1000
    for var input in try inputs(window: window) {
      let columns = try slotColumns(of: &input, grid: grid, report: &report)
      for (mapping, column) in zip(input.mappings, columns) {
        if let present = merged[mapping.quantity] {
          merged[mapping.quantity] = try present.combined(
            with: column, mapping: mapping, file: input.table.file, grid: grid, report: &report)
        } else {
          merged[mapping.quantity] = column
          order.append(mapping.quantity)
        }
      }
    }
    if policy == .refuse, report.hasErrors { throw InputError(report.diagnostics) }
    var history = SiteHistory(grid: grid, zone: zone, columns: [:])
    for quantity in order {
      guard var column = merged[quantity] else { continue }
      if summed.contains(quantity), quantity.isNonNegative {
        let raised = column.clampNegative()
        if raised > 0 {
          report.findings.append(
            IngestFinding(
              kind: .clamped,
              diagnostic: .warning(
                "the columns for '\(quantity.rawValue)' add up to less than 0 in \(raised) slots, "
                  + "which are raised to 0")))
        }
      }
      for mapping in mappings where mapping.quantity == quantity {
        mapping.fill.apply(
          to: &column.values, quality: &column.quality, grid: grid, place: place)
      }
      history[quantity] = column.values
      report.setQuality(column.quality, of: quantity, grid: grid)
    }
    return (history, report)
  }

  private var mappings: [ColumnMapping] {
    sources.flatMap(\.columns) + logs.flatMap(\.channels)
  }

  private var summed: Set<Quantity> {
    Set(mappings.filter { $0.combination == .sum }.map(\.quantity))
  }

  private func checkFillRules() throws(InputError) {
    guard place == nil else { return }
    for mapping in mappings {
      if case .zeroAtNight = mapping.fill {
        throw InputError(
          "filling '\(mapping.quantity.rawValue)' with zero at night needs the site's latitude "
            + "and longitude")
      }
    }
  }

  private func inputs(window: Range<Int>) throws(InputError) -> [GridInput] {
    var inputs: [GridInput] = []
    for source in sources {
      if let format = source.format {
        var log = LogSource(
          path: source.path, format: format, zone: source.zone, channels: source.columns)
        if case .held(let maxAge) = source.sampling { log.maxAgeSeconds = maxAge }
        inputs += try log.inputs(zone: zone, window: window)
        continue
      }
      let table = try CSVTableReader(source: source, zone: zone, window: window).read()
      inputs.append(
        GridInput(
          table: table, mappings: source.columns, label: source.label, sampling: source.sampling,
          stepSeconds: source.stepSeconds))
    }
    for log in logs { inputs += try log.inputs(zone: zone, window: window) }
    return inputs
  }

  private func slotColumns(
    of input: inout GridInput, grid: TimeGrid, report: inout IngestReport
  ) throws(InputError) -> [SlotColumn] {
    guard !input.table.stamps.isEmpty else {
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
    let step = try input.step()
    let rows = orderedRows(&input.table, report: &report)
    let gridder = TableGridder(
      label: input.label, sampling: input.sampling, grid: grid, stepSeconds: step,
      minimumCoverage: minimumCoverage, summed: summed)
    var columns: [SlotColumn] = []
    for (k, mapping) in input.mappings.enumerated() {
      columns.append(
        gridder.column(k, mapping: mapping, table: &input.table, rows: rows, report: &report))
    }
    report.add(input.table, kept: rows.count)
    return columns
  }

  /// Row positions in order of time, the last of equal stamps only.
  private func orderedRows(_ table: inout SampleTable, report: inout IngestReport) -> [Int] {
    let stamps = table.stamps
    var rows = Array(stamps.indices)
    if table.outOfOrder > 0 {
      rows.sort { (stamps[$0], $0) < (stamps[$1], $1) }
    }
    var kept: [Int] = []
    kept.reserveCapacity(rows.count)
    for row in rows {
      if let last = kept.last, stamps[last] == stamps[row] {
        report.duplicates += 1
        table.rowsReported += 1
        let line = table.lines[row]
        table.log.add(
          .duplicate, .warning, "line \(line) has the same time stamp and replaces this row",
          at: SourcePosition(file: table.file, line: Int(table.lines[last]), column: 1))
        kept[kept.count - 1] = row
      } else {
        kept.append(row)
      }
    }
    return kept
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
  /// Takes over the counts and findings of one table.
  mutating func add(_ table: SampleTable, kept: Int) {
    rowsIn += table.rowsIn
    rowsKept += kept
    rowsReported += table.rowsReported
    rowsOutside += table.rowsOutside
    cellsMissing += table.cellsMissing
    cellsFailed += table.cellsFailed
    cellsCoerced += table.cellsCoerced
    outOfOrder += table.outOfOrder
    ambiguousTimes += table.ambiguousTimes
    findings += table.log.all(file: table.file)
  }
}
