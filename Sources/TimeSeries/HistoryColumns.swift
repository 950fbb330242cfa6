/// Columns of a history with the quality of their slots, read a stretch at a time, so that not all of them need to be
/// in memory.
package protocol HistoryColumns {
  /// The intervals of all columns.
  var grid: TimeGrid { get }
  /// The site's zone.
  var zone: Zone { get }
  /// What there is a column of, in the order of all quantities.
  var quantities: [Quantity] { get }
  /// Reads some slots of a column.
  ///
  /// - Parameters:
  ///   - quantity: One of `quantities`.
  ///   - slots: Which slots of the grid.
  /// - Returns: As many values and qualities as slots.
  /// - Throws: Where they are kept elsewhere and cannot be read.
  func part(_ quantity: Quantity, _ slots: Range<Int>) throws -> HistoryPart
}

/// Some slots of a column.
package struct HistoryPart: Sendable {
  /// One per slot; NaN where nothing was measured.
  package var values: [Double]
  /// One per slot.
  package var quality: [SlotQuality]

  /// Puts values and qualities together, as many of one as of the other.
  package init(values: [Double], quality: [SlotQuality]) {
    precondition(values.count == quality.count, "one quality per value")
    self.values = values
    self.quality = quality
  }
}

/// Slots that are looked at together.
package let historyPartSlots = 65_536

extension HistoryColumns {
  /// Calls a body with one stretch of a column after the other.
  package func forEachPart(
    _ quantity: Quantity, _ body: (Range<Int>, HistoryPart) throws -> Void
  ) throws {
    for first in stride(from: 0, to: grid.count, by: historyPartSlots) {
      let slots = first..<min(grid.count, first + historyPartSlots)
      try body(slots, try part(quantity, slots))
    }
  }
}

/// A history in memory with the quality of its slots.
package struct MarkedHistory: HistoryColumns, Sendable {
  private let history: SiteHistory
  private let quality: [Quantity: [SlotQuality]]

  /// Puts a history and its qualities together.
  ///
  /// - Parameters:
  ///   - history: The columns.
  ///   - quality: One per slot; `ok` for a value and `gap` for none where not given.
  package init(_ history: SiteHistory, quality: [Quantity: [SlotQuality]] = [:]) {
    self.history = history
    self.quality = quality
  }

  package var grid: TimeGrid { history.grid }
  package var zone: Zone { history.zone }
  package var quantities: [Quantity] { Quantity.allCases.filter { history[$0] != nil } }

  package func part(_ quantity: Quantity, _ slots: Range<Int>) -> HistoryPart {
    let values = history[quantity].map { Array($0[slots]) } ?? slots.map { _ in Double.nan }
    let marks = quality[quantity].map { Array($0[slots]) }
    return HistoryPart(values: values, quality: marks ?? values.map { $0.isNaN ? .gap : .ok })
  }
}
