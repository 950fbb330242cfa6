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
      case .sum:
        result.values[i] += other.values[i]
        if quality[i] == .ok || (other.quality[i] != .ok && !values[i].isNaN) {
          result.quality[i] = other.quality[i]
        }
      case .join:
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

  /// Step of the file: given, or the most frequent distance of its stamps. [s]
  func step() throws(InputError) -> Int {
    if let stepSeconds { return stepSeconds }
    if case .held = sampling { return 60 }
    var counts: [Int: Int] = [:]
    let stamps = table.stamps
    for k in stamps.indices.dropFirst() {
      let distance = (stamps[k] - stamps[k - 1]) / 1000
      if distance > 0 { counts[distance, default: 0] += 1 }
    }
    let best = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let best else {
      throw InputError(
        "the step cannot be found from fewer than two rows; give step_s",
        at: SourcePosition(file: table.file))
    }
    return best.key
  }
}

/// Puts the columns of a table on a grid.
struct TableGridder {
  let label: SlotLabel
  let sampling: Sampling
  let grid: TimeGrid
  let stepSeconds: Int
  let minimumCoverage: Double
  /// Quantities put together from several columns, which may be negative one by one.
  let summed: Set<Quantity>

  /// Values this large are an overflow of the logger, whatever the quantity.
  static let overflow = 1e9

  /// Puts one column on the grid, checking its range.
  func column(
    _ k: Int, mapping: ColumnMapping, table: inout SampleTable, rows: [Int],
    report: inout IngestReport
  ) -> SlotColumn {
    if case .counter(let rule) = mapping.reading {
      return counter(k, rule: rule, mapping: mapping, table: &table, rows: rows, report: &report)
    }
    let width = table.isPerInterval.count
    let perHour = table.isPerInterval[k] ? 3600 / Double(stepSeconds) : 1
    let stepMS = stepSeconds * 1000
    let shift = label == .end ? -stepMS : 0
    let clampsNegative =
      mapping.minimum == nil && mapping.quantity.isNonNegative
      && !summed.contains(mapping.quantity)
    var accumulator = SlotAccumulator(grid: grid)
    var before: (time: Int, value: Double)?
    for (n, row) in rows.enumerated() {
      var value = table.values[row * width + k] * perHour
      let from = table.stamps[row] + shift
      var mark = SlotQuality.ok
      if let limit = violatedLimit(value, mapping) {
        table.note(
          .spike,
          "\(readable(value)) \(mapping.quantity.unit) of '\(mapping.quantity.rawValue)' \(limit)",
          row: row, column: k)
        mark = .spike
        value = .nan
      } else if clampsNegative, value < 0 {
        table.note(
          .clamped,
          "\(readable(value)) \(mapping.quantity.unit) of '\(mapping.quantity.rawValue)' is raised to 0",
          row: row, column: k)
        mark = .clamped
        value = 0
      }
      switch sampling {
      case .interval: accumulator.add(value, from: from, to: from + stepMS, mark: mark)
      case .held(let maxAge):
        let next = n + 1 < rows.count ? table.stamps[rows[n + 1]] + shift : Int.max
        accumulator.add(value, from: from, to: min(next, from + maxAge * 1000), mark: mark)
      case .instant:
        if let before, from - before.time <= stepMS * 3 / 2 {
          accumulator.addLine(before.value, value, from: before.time, to: from, mark: mark)
        }
        before = (from, value)
      }
    }
    let slots = accumulator.means(minimumCoverage: minimumCoverage)
    return SlotColumn(values: slots.values, quality: slots.quality)
  }

  private func violatedLimit(_ value: Double, _ mapping: ColumnMapping) -> String? {
    guard !value.isNaN else { return nil }
    if let minimum = mapping.minimum, value < minimum { return "lies below \(readable(minimum))" }
    if let maximum = mapping.maximum, value > maximum { return "lies above \(readable(maximum))" }
    return abs(value) >= TableGridder.overflow ? "is an overflow" : nil
  }

  private func counter(
    _ k: Int, rule: CounterRule, mapping: ColumnMapping, table: inout SampleTable, rows: [Int],
    report: inout IngestReport
  ) -> SlotColumn {
    let width = table.isPerInterval.count
    var readings: [CounterReading] = []
    var origin: [Int] = []
    for row in rows {
      let total = table.values[row * width + k]
      guard !total.isNaN else { continue }
      if total < 0 || total >= TableGridder.overflow {
        table.note(
          .spike, "a counter cannot read \(total) kWh",
          row: row, column: k)
        continue
      }
      readings.append(
        CounterReading(
          time: table.stamps[row] + rule.delaySeconds * 1000, totalKWh: total))
      origin.append(row)
    }
    let gapSeconds: Int
    switch sampling {
    case .interval, .instant: gapSeconds = max(stepSeconds * 3 / 2, grid.stepSeconds)
    case .held(let maxAge): gapSeconds = maxAge
    }
    let outcome = rule.slots(readings, grid: grid, gapSeconds: gapSeconds)
    for position in outcome.resets {
      table.note(
        .reset,
        "the counter of '\(mapping.quantity.rawValue)' starts again at "
          + "\(readings[position].totalKWh) kWh",
        row: origin[position], column: k)
    }
    for position in outcome.spikes {
      table.note(
        .spike, "the counter of '\(mapping.quantity.rawValue)' grows faster than its largest power",
        row: origin[position], column: k)
    }
    report.resets += outcome.resets.count
    let slots = outcome.accumulator.totals()
    return SlotColumn(
      values: slots.values.map { $0 * mapping.factor }, quality: slots.quality)
  }
}

extension Quantity {
  /// True for quantities that are never negative by definition.
  var isNonNegative: Bool {
    switch self {
    case .load, .pv, .irradiance, .cloudCover, .windSpeed, .stateOfCharge: true
    case .ambient, .price, .batteryPower, .net: false
    }
  }
}
