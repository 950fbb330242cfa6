package import Diagnostics
import Documents
import TimeSeries

/// The header of a CSV file, and what its names suggest.
package struct CSVOutline: Sendable {
  /// Names of the columns, with the units they carry.
  package let names: [String]
  /// Cells of the first row below the header.
  private let firstRow: [String]

  /// Reads the header of a file.
  ///
  /// - Parameter path: Path of the file.
  /// - Throws: `InputError` when the file cannot be read or is empty.
  package init(path: String) throws(InputError) {
    var rows = try CSVRows(try TextFile(path))
    names = rows.names
    firstRow = rows.next() ? rows.texts : []
  }

  /// The column that most likely holds the stamps: the first that is named so, else the first whose first
  /// cell is a date and time, else the first.
  package var timeColumn: String? {
    let words = ["time", "date", "timestamp", "stamp", "start", "last_changed"]
    let named = names.first { name in
      let lower = name.lowercased()
      return words.contains {
        lower == $0 || lower.hasPrefix("\($0)_") || lower.hasSuffix("_\($0)")
      }
    }
    if let named { return named }
    let dated = zip(names, firstRow).first { _, cell in
      NumberScanner().number(cell) == nil && stamp(cell, zone: .utc) != nil
    }
    return dated?.0 ?? names.first
  }

  /// Position of a column, named with or without the unit it carries.
  package func index(of column: String) -> Int? {
    CSVHeader(names: names, file: "", line: 1).index(of: column)
  }

  /// Whether a column carries the unit of a current, such as `current_a` or `Current [mA]`.
  package static func carriesCurrent(_ column: String) -> Bool {
    let (name, unit) = CSVHeader.split(column)
    if let unit { return MeasurementUnit(unit)?.dimension == .current }
    return name.lowercased().hasSuffix("_a")
  }

  /// Columns whose name begins with that of a quantity and carries a unit, such as `load_kw`.
  package var mappings: [ColumnMapping] {
    var found: [ColumnMapping] = []
    for quantity in Quantity.allCases {
      let name = names.first { header in
        let bare = CSVHeader.split(header).name.lowercased()
        let matches = bare == quantity.rawValue || bare.hasPrefix(quantity.rawValue + "_")
        let isOther = ["forecast", "_fc", "meter"].contains { bare.contains($0) }
        return matches && !isOther && CSVHeader.unit(of: header, for: quantity) != nil
      }
      if let name { found.append(ColumnMapping(column: name, quantity: quantity)) }
    }
    return found
  }
}
