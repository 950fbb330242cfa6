import Diagnostics
import Documents
import TimeSeries

extension CSVTableReader {
  /// Cells that are not a bare number: blank, with blanks, with a unit, or wrong.
  func slowCell(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, _ cell: Int, _ scanner: NumberScanner,
    _ column: inout Column, _ table: inout SampleTable
  ) -> Double {
    var from = cursor.starts[cell]
    var to = cursor.ends[cell]
    while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
    while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
    guard to > from else {
      table.cellsMissing += 1
      return .nan
    }
    let text = bytes.text(from, to)
    if source.missingWords.contains(text) {
      table.cellsMissing += 1
      return .nan
    }
    let cellRead: CellRead
    // Thousands set apart by blanks or apostrophes.
    if let plain = NumberScanner.ungrouped(bytes, from: from, to: to) {
      cellRead = written(plain.span, 0, plain.count, text, scanner, &column, &table)
    } else {
      cellRead = written(bytes, from, to, text, scanner, &column, &table)
    }
    switch cellRead {
    case .value(let value): return value
    case .mistake(let kind, let message):
      table.cellsFailed += 1
      table.log.add(
        kind, .error, message, at: cursor.position(bytes, at: from, file: source.path))
      return .nan
    }
  }

  private enum CellRead {
    case value(Double)
    case mistake(FindingKind, String)
  }

  /// Reads a number with or without its unit.
  private func written(
    _ bytes: Span<UInt8>, _ from: Int, _ to: Int, _ text: String, _ scanner: NumberScanner,
    _ column: inout Column, _ table: inout SampleTable
  ) -> CellRead {
    let quantity = column.mapping.quantity
    guard let number = scanner.scan(bytes, from: from, to: to) else {
      let word = text.lowercased()
      let special = ["nan", "+nan", "-nan", "inf", "+inf", "-inf", "infinity", "-infinity"]
      if special.contains(word) {
        return .mistake(
          .notFinite,
          "'\(text)' is not a number for '\(quantity.rawValue)'; leave the cell empty when it is "
            + "missing")
      }
      return .mistake(.badNumber, "'\(text)' is not a number for '\(quantity.rawValue)'")
    }
    let rest = trimmedText(bytes.text(number.next, to))
    if rest.isEmpty {
      guard column.unit != nil else {
        return .mistake(
          .badUnit,
          "neither the mapping, the header nor the cell names a unit for '\(quantity.rawValue)'")
      }
      return .value(column.scale.kept(number.value))
    }
    guard let unit = MeasurementUnit(rest) else {
      let isUnit = rest.first.map { $0.isLetter || $0 == "°" || $0 == "%" } ?? false
      return .mistake(
        isUnit ? .badUnit : .badNumber,
        isUnit
          ? "unknown unit '\(rest)' in '\(text)'"
          : "'\(text)' is not a number for '\(quantity.rawValue)'")
    }
    guard column.mapping.accepts(unit) else {
      return .mistake(
        .badUnit,
        "unit '\(rest)' measures \(unit.dimension.rawValue) and cannot be used for "
          + "'\(quantity.rawValue)'")
    }
    if column.unit == nil { column.unit = unit }
    guard column.unit?.dimension == unit.dimension else {
      return .mistake(.badUnit, "unit '\(rest)' differs in kind from the rest of the column")
    }
    table.cellsCoerced += 1
    return .value(UnitScale(unit, factor: column.mapping.factor).kept(number.value))
  }
}
