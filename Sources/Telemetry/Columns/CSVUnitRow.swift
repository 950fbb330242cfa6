import Documents
import TimeSeries

/// A row of units below the header: `[dd.MM.yyyy HH:mm];[Wh];[Wh]`.
struct CSVUnitRow {
  /// The cursor behind the row.
  let cursor: CSVCursor
  /// Headers with the units they had none of.
  let names: [String]

  /// Reads the record below a header, or returns nothing when it is a row of data.
  init?(_ bytes: Span<UInt8>, below start: CSVCursor, time: Int, names: [String]) {
    var cursor = start
    guard cursor.next(bytes) else { return nil }
    let cells = cursor.texts(bytes)
    guard cells.count <= names.count, time < cells.count else { return nil }
    // The cell of the time is empty, names a pattern, or says what the other cells are.
    guard stamp(cells[time], zone: .utc) == nil, NumberScanner().number(cells[time]) == nil else {
      return nil
    }
    var units = 0
    var names = names
    for (k, cell) in cells.enumerated() where k != time && !cell.isEmpty {
      let inner = CSVUnitRow.bare(cell)
      // `1` is the unit of a share, and far more often a value.
      guard NumberScanner().number(inner) == nil else { return nil }
      if MeasurementUnit(inner) == nil {
        // Words and patterns are no data either, but digits are.
        guard !cell.contains(where: \.isNumber) else { return nil }
        continue
      }
      units += 1
      if CSVHeader.split(names[k]).unit == nil { names[k] += " [\(inner)]" }
    }
    guard units > 0 else { return nil }
    self.cursor = cursor
    self.names = names
  }

  private static func bare(_ cell: String) -> String {
    for (open, close) in [("[", "]"), ("(", ")")]
    where cell.hasPrefix(open) && cell.hasSuffix(close) {
      return trimmedText(String(cell.dropFirst().dropLast()))
    }
    return cell
  }

  /// The unit that a column of its own says, the same in all rows: `Eenheid`, `consumptionUnit`.
  static func unitColumn(
    _ names: [String], _ rows: [[String]], for mapping: ColumnMapping
  ) -> MeasurementUnit? {
    let words = [
      "unit", "uom", "eenheid", "einheit", "unité", "unite", "unidad", "enhed", "enhet", "unità",
      "jednostk",
    ]
    let found = names.indices.compactMap { cell -> MeasurementUnit? in
      guard words.contains(where: { names[cell].lowercased().contains($0) }) else { return nil }
      let texts = Set(rows.compactMap { cell < $0.count ? $0[cell] : nil }.filter { !$0.isEmpty })
      guard texts.count == 1, let text = texts.first, NumberScanner().number(text) == nil,
        let unit = MeasurementUnit(text), mapping.accepts(unit)
      else { return nil }
      return unit
    }
    // Two columns of units leave open which one is meant.
    return found.count == 1 ? found[0] : nil
  }
}
