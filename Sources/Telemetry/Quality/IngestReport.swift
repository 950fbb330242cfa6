public import Diagnostics
public import TimeSeries

/// Slots of one quantity by quality; the sum is the number of slots of the grid.
public struct SlotCounts: Sendable, Hashable {
  /// Measured.
  public var ok = 0
  /// Missing, or spread over a gap.
  public var gap = 0
  /// Measured across a restart of the counter.
  public var reset = 0
  /// Missing because of the physical range.
  public var spike = 0
  /// Moved to the end of the range.
  public var clamped = 0
  /// Put in by a fill rule.
  public var filled = 0

  /// Counts nothing.
  public init() {}

  /// Counts slots by quality.
  public init(_ quality: [SlotQuality]) {
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
  public var total: Int { ok + gap + reset + spike + clamped + filled }
}

/// What an ingest did: every row and every slot is accounted for.
public struct IngestReport: Sendable {
  /// Data rows read, headers not counted.
  public var rowsIn = 0
  /// Rows that contributed.
  public var rowsKept = 0
  /// Rows left out, each with a finding.
  public var rowsReported = 0
  /// Rows left out because they lie outside the period or do not match the row filter.
  public var rowsOutside = 0
  /// Cells of mapped columns that held no value.
  public var cellsMissing = 0
  /// Cells of mapped columns that could not be read, each with a finding.
  public var cellsFailed = 0
  /// Cells whose value carried its own unit.
  public var cellsCoerced = 0
  /// Rows whose stamp had occurred before.
  public var duplicates = 0
  /// Rows whose stamp lay before that of the row above.
  public var outOfOrder = 0
  /// Local times that occur twice, told apart by their order.
  public var ambiguousTimes = 0
  /// Counters that started again.
  public var resets = 0
  /// What was found, in reading order; each kind keeps its first 20 per file and counts the rest.
  public var findings: [IngestFinding] = []
  /// Slots by quality.
  public var slots: [Quantity: SlotCounts] = [:]
  /// Quality of each slot, one per interval of the history's grid.
  public var quality: [Quantity: [SlotQuality]] = [:]

  /// Starts with nothing read.
  public init() {}

  /// The findings as diagnostics.
  public var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }

  /// True when a finding is an error.
  public var hasErrors: Bool { findings.contains { $0.diagnostic.severity == .error } }

  /// Slots that a fill rule supplied, over all quantities.
  public var filledSlots: Int { slots.values.reduce(0) { $0 + $1.filled } }

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
