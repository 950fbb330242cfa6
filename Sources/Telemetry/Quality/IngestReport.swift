package import Diagnostics
package import TimeSeries

/// Slots of one quantity by quality; the sum is the number of slots of the grid.
package struct SlotCounts: Sendable, Hashable {
  /// Measured.
  package var ok = 0
  /// Missing, or spread over a gap.
  package var gap = 0
  /// Measured across a restart of the counter.
  package var reset = 0
  /// Missing because of the physical range.
  package var spike = 0
  /// Moved to the end of the range.
  package var clamped = 0
  /// Put in by a fill rule.
  package var filled = 0

  /// Counts nothing.
  package init() {}

  /// Counts slots by quality.
  package init(_ quality: [SlotQuality]) { add(quality) }

  /// Counts more slots.
  mutating func add(_ quality: [SlotQuality]) {
    for slot in quality {
      switch slot {
      case .ok: ok += 1
      case .gap: gap += 1
      case .reset: reset += 1
      case .spike: spike += 1
      case .clamped: clamped += 1
      case .filled: filled += 1
      }
    }
  }

  /// All slots.
  package var total: Int { ok + gap + reset + spike + clamped + filled }
}

/// Counts the slots of a column, one stretch after the other.
struct GapTally {
  private(set) var counts = SlotCounts()
  /// Slots that nothing was measured in.
  private(set) var missing = 0
  /// The most of them in a row, the first such stretch.
  private(set) var longest = 0..<0
  /// Where the newest row of them begins, while it lasts.
  private var first: Int?
  private var slots = 0

  /// Adds the slots that follow.
  mutating func add(_ column: SlotColumn) {
    counts.add(column.quality)
    for i in column.values.indices {
      if column.values[i].isNaN, column.quality[i] == .gap {
        let from = first ?? slots + i
        first = from
        missing += 1
        if slots + i + 1 - from > longest.count { longest = from..<slots + i + 1 }
      } else {
        first = nil
      }
    }
    slots += column.values.count
  }
}

/// What an ingest did: every row and every slot is accounted for.
package struct IngestReport: Sendable {
  /// Data rows read, headers not counted.
  package var rowsIn = 0
  /// Rows that contributed.
  package var rowsKept = 0
  /// Rows left out, each with a finding.
  package var rowsReported = 0
  /// Rows left out because they lie outside the period or do not match the row filter.
  package var rowsOutside = 0
  /// Cells of mapped columns that held no value.
  package var cellsMissing = 0
  /// Cells of mapped columns that could not be read, each with a finding.
  package var cellsFailed = 0
  /// Cells whose value carried its own unit.
  package var cellsCoerced = 0
  /// Rows whose stamp had occurred before.
  package var duplicates = 0
  /// Rows whose stamp lay before that of the row above.
  package var outOfOrder = 0
  /// Local times that occur twice, told apart by their order.
  package var ambiguousTimes = 0
  /// Counters that started again.
  package var resets = 0
  /// What was found, in reading order; each kind keeps its first 20 per file and counts the rest.
  package var findings: [IngestFinding] = []
  /// How files are laid out that are more than a header and rows of one stamp each.
  package var layouts: [FileLayout] = []
  /// Slots by quality.
  package var slots: [Quantity: SlotCounts] = [:]
  /// Quality of each slot, one per interval of the history's grid.
  package var quality: [Quantity: [SlotQuality]] = [:]

  /// Starts with nothing read.
  package init() {}

  /// The findings as diagnostics.
  package var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }

  /// True when a finding is an error.
  package var hasErrors: Bool { findings.contains { $0.diagnostic.severity == .error } }

  /// Slots that a fill rule supplied, over all quantities.
  package var filledSlots: Int { slots.values.reduce(0) { $0 + $1.filled } }

  /// Takes over the slot qualities of one quantity and notes its gaps as one finding.
  mutating func setQuality(_ column: SlotColumn, of quantity: Quantity, grid: TimeGrid) {
    quality[quantity] = column.quality
    var tally = GapTally()
    tally.add(column)
    setSlots(tally, of: quantity, grid: grid)
  }

  /// Takes over the counts of one quantity and notes its gaps as one finding.
  mutating func setSlots(_ tally: GapTally, of quantity: Quantity, grid: TimeGrid) {
    slots[quantity] = tally.counts
    let (missing, longest) = (tally.missing, tally.longest)
    let spread = tally.counts.gap - missing
    if missing > 0 {
      let from = Instant.utcText(grid.instant(longest.lowerBound))
      let to = Instant.utcText(grid.instant(longest.upperBound))
      note(
        "'\(quantity.rawValue)' has no value in \(missing) of \(grid.count) slots; "
          + "the longest gap is \(from) to \(to)")
    }
    if spread > 0 {
      note(
        "the energy of gaps of '\(quantity.rawValue)' is spread over \(spread) of \(grid.count) slots"
      )
    }
  }

  private mutating func note(_ message: String) {
    findings.append(IngestFinding(kind: .gap, diagnostic: .warning(message)))
  }
}

/// What was recognised of the layout of a file.
package struct FileLayout: Sendable, Hashable {
  /// Path of the file.
  package var file: String
  /// What was found, one phrase each.
  package var remarks: [String]

  /// The file and what was found, in a line.
  package var text: String { "\(file): \(remarks.joined(separator: "; "))" }
}
