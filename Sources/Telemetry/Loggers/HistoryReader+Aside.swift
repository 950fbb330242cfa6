import Diagnostics
import Documents
package import TimeSeries

/// A history that is kept in a file aside, because it is as long as the file it was read from.
package final class HistoryAside: HistoryColumns {
  package let grid: TimeGrid
  package let zone: Zone
  package let quantities: [Quantity]
  private let file: TemporaryFile

  fileprivate init(
    grid: TimeGrid, zone: Zone, quantities: [Quantity], folder: String
  ) throws(WriteFailure) {
    self.grid = grid
    self.zone = zone
    self.quantities = quantities
    file = try TemporaryFile(in: folder)
  }

  /// Where values and qualities of a slot stand: column by column, values first.
  private func places(_ quantity: Quantity, _ slot: Int) -> (value: Int, quality: Int) {
    let base = (quantities.firstIndex(of: quantity) ?? 0) * grid.count * 9
    return (base + 8 * slot, base + 8 * grid.count + slot)
  }

  fileprivate func write(
    _ column: SlotColumn, of quantity: Quantity, at slot: Int
  ) throws(WriteFailure) {
    let place = places(quantity, slot)
    try file.write(column.values, at: place.value)
    try file.write(
      column.quality.map { UInt8(truncatingIfNeeded: $0.number) }, at: place.quality)
  }

  package func part(_ quantity: Quantity, _ slots: Range<Int>) throws -> HistoryPart {
    let place = places(quantity, slots.lowerBound)
    var values = [Double](repeating: .nan, count: slots.count)
    var numbers = [UInt8](repeating: 0, count: slots.count)
    try file.read(at: place.value, into: &values)
    try file.read(at: place.quality, into: &numbers)
    return HistoryPart(
      values: values, quality: numbers.map { SlotQuality.byNumber[min(Int($0), 5)] })
  }
}

extension HistoryReader {
  /// Reads all sources onto the grid that covers them; one large file so that memory does not grow with it.
  ///
  /// - Parameters:
  ///   - stepSeconds: Step of the grid; the finest step of the sources when absent. [s]
  ///   - folder: Where the slots of a large file are put aside.
  /// - Returns: The history and what was done to get it, its qualities in the history alone.
  /// - Throws: `InputError` as `read(grid:)` does, or `WriteFailure` when nothing can be put aside.
  package func read(
    stepSeconds: Int?, aside folder: String
  ) throws -> (any HistoryColumns, IngestReport) {
    if let (history, report) = try readAside(stepSeconds: stepSeconds, folder: folder) {
      return (history, report)
    }
    let (history, found) = try read(grid: try extent(stepSeconds: stepSeconds))
    var report = found
    let marked = MarkedHistory(history, quality: report.quality)
    report.quality = [:]
    return (marked, report)
  }

  /// Reads one large file of simple rows; nothing for other sources.
  private func readAside(
    stepSeconds: Int?, folder: String
  ) throws -> (HistoryAside, IngestReport)? {
    let columns = sources.first?.columns ?? []
    let groups = Dictionary(grouping: columns.indices) { columns[$0].quantity }
    guard sources.count == 1, logs.isEmpty, let source = sources.first,
      columns.allSatisfy({ $0.fill.looksBackOnly }),
      groups.values.allSatisfy({ group in
        group.count == 1 || group.allSatisfy { columns[$0].combination != .join }
      }),
      // The columns of planes are a sum and parts at the same time.
      columns.allSatisfy({ $0.plane == nil }),
      source.format == nil, LogFormat.recognised(source.path) == nil
    else { return nil }
    try checkFillRules()
    let reader = CSVTableReader(source: source, zone: zone, window: Int.min..<Int.max)
    guard let file = try reader.surveyed(atLeast: largeBytes) else { return nil }
    let span = file.outcome.span(label: source.label)
    let grid = try HistoryReader.grid(
      from: span.lowerBound, to: span.upperBound,
      stepSeconds: stepSeconds ?? file.outcome.stepSeconds, rowCount: file.outcome.rows,
      farthest: file.outcome.farthest(file: source.path).place)
    let history = try HistoryAside(
      grid: grid, zone: zone, quantities: Quantity.allCases.filter { groups[$0] != nil },
      folder: folder)
    var outcome = file.outcome
    var memories = [FillRule.Memory](repeating: FillRule.Memory(), count: columns.count)
    var tallies: [Quantity: GapTally] = [:]
    var raised: [Quantity: Int] = [:]
    var failure: WriteFailure?
    let table = try reader.read(
      file, onto: gridder(source, outcome, grid), windowSlots: historyPartSlots
    ) { slots, parts in
      for k in parts.indices where !outcome.filled.contains(k) {
        if parts[k].values.contains(where: { !$0.isNaN }) { outcome.filled.insert(k) }
      }
      for quantity in history.quantities {
        let group = groups[quantity] ?? []
        var column = parts[group[0]]
        for k in group.dropFirst() { column = column.sum(with: parts[k]) }
        if summed.contains(ColumnTarget(quantity: quantity)), quantity.isNonNegative {
          raised[quantity, default: 0] += column.clampNegative()
        }
        for k in group {
          columns[k].fill.apply(
            to: &column.values, quality: &column.quality, grid: grid[slots], place: place,
            memory: &memories[k])
        }
        tallies[quantity, default: GapTally()].add(column)
        guard failure == nil else { continue }
        do throws(WriteFailure) {
          try history.write(column, of: quantity, at: slots.lowerBound)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    var report = IngestReport()
    report.add(table, kept: outcome.rows)
    try refuseUnreadable(
      GridInput(
        table: table, mappings: columns, label: source.label, sampling: source.sampling,
        parts: outcome), kept: 0)
    if policy == .refuse, report.hasErrors { throw InputError(report.diagnostics) }
    var told: Set<Quantity> = []
    for quantity in columns.map(\.quantity) where told.insert(quantity).inserted {
      report.noteRaised(raised[quantity] ?? 0, of: quantity)
      report.setSlots(tallies[quantity] ?? GapTally(), of: quantity, grid: grid)
    }
    return (history, report)
  }
}
