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
  package init(_ quality: [SlotQuality]) {
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

  /// Counts slot qualities of one quantity and notes the gaps as one finding.
  mutating func setQuality(_ quality: [SlotQuality], of quantity: Quantity, grid: TimeGrid) {
    self.quality[quantity] = quality
    slots[quantity] = SlotCounts(quality)
    var longest = 0..<0
    var missing = 0
    var first = 0
    while first < quality.count {
      guard quality[first] == .gap else {
        first += 1
        continue
      }
      var last = first
      while last < quality.count, quality[last] == .gap { last += 1 }
      missing += last - first
      if last - first > longest.count { longest = first..<last }
      first = last
    }
    guard missing > 0 else { return }
    let from = Instant.utcText(grid.instant(longest.lowerBound))
    let to = Instant.utcText(grid.instant(longest.upperBound))
    findings.append(
      IngestFinding(
        kind: .gap,
        diagnostic: .warning(
          "'\(quantity.rawValue)' has no value in \(missing) of \(grid.count) slots; "
            + "the longest gap is \(from) to \(to)")))
  }
}
