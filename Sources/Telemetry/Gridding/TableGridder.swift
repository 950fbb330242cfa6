import Diagnostics
import TimeSeries

/// One quantity on a grid.
struct SlotColumn {
  var values: [Double]
  var quality: [SlotQuality]

  /// Raises negative sums of a quantity that is never negative to zero.
  ///
  /// - Returns: Number of slots raised.
  mutating func clampNegative() -> Int {
    var count = 0
    for i in values.indices where values[i] < 0 {
      values[i] = 0
      quality[i] = .clamped
      count += 1
    }
    return count
  }

  /// Adds another column; a slot is missing where one of them is.
  func sum(with other: SlotColumn) -> SlotColumn {
    var result = self
    for i in values.indices {
      result.values[i] += other.values[i]
      if quality[i] == .ok || (other.quality[i] != .ok && !values[i].isNaN) {
        result.quality[i] = other.quality[i]
      }
    }
    return result
  }

  /// Joins or adds another column for the same quantity.
  func combined(
    with other: SlotColumn, mapping: ColumnMapping, file: String, grid: TimeGrid,
    report: inout IngestReport
  ) throws(InputError) -> SlotColumn {
    var result = self
    var differing = 0
    var firstDiffering: Int?
    for i in values.indices {
      switch mapping.combination {
      case .sum: return sum(with: other)
      case .join, .sumInFile:
        if values[i].isNaN {
          if !other.values[i].isNaN || quality[i] == .gap {
            result.values[i] = other.values[i]
            result.quality[i] = other.quality[i]
          }
        } else if !other.values[i].isNaN, other.values[i] != values[i] {
          differing += 1
          if firstDiffering == nil { firstDiffering = i }
        }
      }
    }
    if let firstDiffering {
      report.findings.append(
        IngestFinding(
          kind: .overlap,
          diagnostic: .warning(
            "'\(mapping.quantity.rawValue)' has another value in an earlier source for \(differing) "
              + "slots from \(Instant.utcText(grid.instant(firstDiffering))); the earlier source "
              + "counts", at: SourcePosition(file: file))))
    }
    return result
  }
}

/// A table with what is needed to put its columns on a grid.
struct GridInput {
  var table: SampleTable
  /// One per column of the table.
  var mappings: [ColumnMapping]
  var label = SlotLabel.start
  var sampling = Sampling.interval
  /// Step of the file; the most frequent distance of stamps when absent. [s]
  var stepSeconds: Int?
  /// Number of the file among the sources.
  var source = 0
  /// What became of a file that was read in parts; its table has counts and findings and no rows.
  var parts: PartsOutcome?

  /// Length of the interval of each row, in order of time: given, said by the file, or found from its stamps.
  func intervals(_ rows: [Int]) throws(InputError) -> RowIntervals {
    if let stepSeconds { return RowIntervals(seconds: stepSeconds) }
    if case .held = sampling { return RowIntervals(seconds: 60) }
    let found = RowIntervals(
      stamps: rows.map { table.stamps[$0] },
      ends: table.ends.isEmpty ? [] : rows.map { table.ends[$0] }, label: label)
    guard let found else {
      throw InputError(
        "the step cannot be found from fewer than two rows; give step_s",
        at: SourcePosition(file: table.file))
    }
    return found
  }

  /// Row positions in order of time, the last of equal stamps only.
  ///
  /// - Parameter replaced: Called with each row that a later one of the same stamp replaces, and that one.
  /// - Returns: Positions of rows.
  func orderedRows(replaced: (_ row: Int, _ by: Int) -> Void = { _, _ in }) -> [Int] {
    let stamps = table.stamps
    var rows = Array(stamps.indices)
    if zip(stamps, stamps.dropFirst()).contains(where: { $0 > $1 }) {
      rows.sort { (stamps[$0], $0) < (stamps[$1], $1) }
    }
    var kept: [Int] = []
    kept.reserveCapacity(rows.count)
    for row in rows {
      if let last = kept.last, stamps[last] == stamps[row] {
        replaced(last, row)
        kept[kept.count - 1] = row
      } else {
        kept.append(row)
      }
    }
    return kept
  }
}

extension GridInput {
  /// The input as one of a file among the sources.
  func from(_ source: Int) -> GridInput {
    var input = self
    input.source = source
    return input
  }
}

/// Puts the columns of a table on a grid.
struct TableGridder {
  let label: SlotLabel
  let sampling: Sampling
  let grid: TimeGrid
  let intervals: RowIntervals
  let minimumCoverage: Double
  /// What is put together from several columns, which may be negative one by one.
  let summed: Set<ColumnTarget>

  /// Values this large are an overflow of the logger, whatever the quantity.
  static let overflow = 1e9

  /// Puts one column on the grid, checking its range.
  func column(
    _ k: Int, mapping: ColumnMapping, table: inout SampleTable, rows: [Int]
  ) -> SlotColumn {
    var seen = MissingCode.Seen(codes: table.codes.indices.contains(k) ? table.codes[k] : [])
    seen.add(table.values, column: k, width: table.isPerInterval.count)
    var gridder = ColumnGridder(
      k, mapping: mapping, seen: seen, isPerInterval: table.isPerInterval[k], of: self)
    for (n, row) in rows.enumerated() {
      let next = n + 1 < rows.count ? table.stamps[rows[n + 1]] : Int.max
      gridder.add(&table, row: row, lengthMS: intervals.length(n), next: next)
    }
    return gridder.finished(minimumCoverage: minimumCoverage)
  }
}

/// Puts the rows of one column on a grid, one after the other in order of time.
struct ColumnGridder {
  private let column: Int
  private let mapping: ColumnMapping
  private let isPerInterval: Bool
  private let labelsEnd: Bool
  private let sampling: Sampling
  private let clampsNegative: Bool
  /// Numbers that stand for no value.
  private let codes: Set<Double>
  private let possible: ClosedRange<Double>?
  private var accumulator: SlotAccumulator
  /// Samples that reach beyond the slots of the accumulator.
  private var open: [(value: Double, from: Int, to: Int, mark: SlotQuality)] = []
  /// The sample before, for values at instants.
  private var before: (time: Int, value: Double)?

  /// - Parameters:
  ///   - column: Which column of the table.
  ///   - mapping: What it becomes.
  ///   - seen: Codes for no value among all rows of the column.
  ///   - isPerInterval: Whether it holds energies of intervals.
  ///   - gridder: The grid and its rules.
  ///   - slots: Slots to begin with; all of the grid unless there is more to come.
  init(
    _ column: Int, mapping: ColumnMapping, seen: MissingCode.Seen, isPerInterval: Bool,
    of gridder: TableGridder, slots: Int = Int.max
  ) {
    self.column = column
    self.mapping = mapping
    self.isPerInterval = isPerInterval
    labelsEnd = gridder.label == .end
    sampling = gridder.sampling
    let isPart = gridder.summed.contains(mapping.target)
    clampsNegative = mapping.minimum == nil && mapping.quantity.isNonNegative && !isPart
    let isOpen = mapping.minimum == nil && mapping.maximum == nil
    codes =
      isOpen
      ? MissingCode.among(
        seen, quantity: mapping.quantity, isSigned: isPart || mapping.factor < 0) : []
    possible = isOpen && !mapping.isCurrent ? mapping.quantity.possibleRange : nil
    accumulator = SlotAccumulator(grid: gridder.grid[0..<min(slots, gridder.grid.count)])
  }

  /// Adds one row.
  ///
  /// - Parameters:
  ///   - table: The rows; what is wrong with the value is noted there.
  ///   - row: Its position.
  ///   - lengthMS: Length of its interval. [ms]
  ///   - next: Stamp of the next row. [ms]
  mutating func add(_ table: inout SampleTable, row: Int, lengthMS: Int, next: Int) {
    var value = table.values[row * table.isPerInterval.count + column]
    let isCode = !codes.isEmpty && codes.contains(value)
    if isPerInterval { value *= 3_600_000 / Double(lengthMS) }
    let stamp = table.stamps[row]
    let from = labelsEnd ? stamp - lengthMS : stamp
    var mark = SlotQuality.ok
    if let limit = isCode ? "is a code for no value" : violatedLimit(value) {
      table.note(
        .spike,
        "\(readable(value)) \(mapping.quantity.unit) of '\(mapping.quantity.rawValue)' \(limit)",
        row: row, column: column)
      mark = .spike
      value = .nan
    } else if clampsNegative, value < 0 {
      table.note(
        .clamped,
        "\(readable(value)) \(mapping.quantity.unit) of '\(mapping.quantity.rawValue)' is raised to 0",
        row: row, column: column)
      mark = .clamped
      value = 0
    }
    switch sampling {
    case .interval:
      accumulator.add(value, from: from, to: from + lengthMS, mark: mark)
      if from + lengthMS > accumulator.grid.end * 1000 {
        open.append((value, from, from + lengthMS, mark))
      }
    case .held(let maxAge):
      accumulator.add(value, from: from, to: min(next, from + maxAge * 1000), mark: mark)
    case .instant:
      if let before, from - before.time <= lengthMS * 3 / 2 {
        accumulator.addLine(before.value, value, from: before.time, to: from, mark: mark)
      }
      before = (from, value)
    }
  }

  /// The column, when all rows were added.
  func finished(minimumCoverage: Double) -> SlotColumn {
    let slots = accumulator.means(minimumCoverage: minimumCoverage)
    return SlotColumn(values: slots.values, quality: slots.quality)
  }

  /// Finishes the slots so far and goes on with those of another stretch, which follow; for means over intervals.
  mutating func advance(to grid: TimeGrid, minimumCoverage: Double) -> SlotColumn {
    let column = finished(minimumCoverage: minimumCoverage)
    accumulator = SlotAccumulator(grid: grid)
    for sample in open {
      accumulator.add(sample.value, from: sample.from, to: sample.to, mark: sample.mark)
    }
    open.removeAll { $0.to <= grid.end * 1000 }
    return column
  }

  private func violatedLimit(_ value: Double) -> String? {
    guard !value.isNaN else { return nil }
    if let minimum = mapping.minimum, value < minimum { return "lies below \(readable(minimum))" }
    if let maximum = mapping.maximum, value > maximum { return "lies above \(readable(maximum))" }
    if abs(value) >= TableGridder.overflow { return "is an overflow" }
    guard let possible, !possible.contains(value) else { return nil }
    return "lies outside what is possible, \(readable(possible.lowerBound)) to "
      + readable(possible.upperBound)
  }
}

extension Quantity {
  /// True for quantities that are never negative by definition.
  var isNonNegative: Bool {
    switch self {
    case .load, .pv, .irradiance, .cloudCover, .windSpeed, .stateOfCharge, .importLimit,
      .exportLimit:
      true
    case .ambient, .price, .batteryPower, .net: false
    }
  }
}
