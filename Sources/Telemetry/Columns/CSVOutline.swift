package import Diagnostics
import Documents
package import TimeSeries

/// The header of a CSV file, and what its names and first rows suggest.
package struct CSVOutline: Sendable {
  /// Names of the columns, with the units they carry.
  package let names: [String]
  /// Cells of the first rows below the header.
  private let rows: [[String]]

  /// Rows that are looked at.
  private static let sampled = 60

  /// Reads the header of a file and its first rows.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - delimiter: Separator of cells; recognised when absent.
  /// - Throws: `InputError` when the file cannot be read or is empty.
  package init(path: String, delimiter: Character? = nil) throws(InputError) {
    var table = try CSVRows(try TextFile.beginning(path), delimiter: delimiter)
    names = table.names
    var rows: [[String]] = []
    while rows.count < CSVOutline.sampled, table.next() { rows.append(table.texts) }
    self.rows = rows
  }

  /// The column that most likely holds the stamps: the first that is named so, else the first whose first
  /// cell is a date, else the first.
  package var timeColumn: String? {
    let words = ["time", "date", "timestamp", "stamp", "start", "last_changed", "datum", "ds"]
    let named = names.indices.first { k in
      let lower = names[k].lowercased()
      let isNamed = words.contains {
        lower == $0 || lower.hasPrefix("\($0)_") || lower.hasSuffix("_\($0)")
      }
      // A word such as 'date' may also head a column of texts.
      return isNamed && (rows.isEmpty || first(k).map { CSVOutline.looksLikeTime($0) } ?? true)
    }
    if let named { return names[named] }
    let dated = names.indices.first { k in
      first(k).map { NumberScanner().number($0) == nil && CSVOutline.looksLikeDate($0) } ?? false
    }
    return dated.map { names[$0] } ?? names.first
  }

  /// The first filled cell of a column.
  private func first(_ column: Int) -> String? {
    rows.lazy.compactMap { column < $0.count && !$0[column].isEmpty ? $0[column] : nil }.first
  }

  private static func looksLikeTime(_ text: String) -> Bool {
    NumberScanner().number(text) != nil || looksLikeDate(text)
  }

  private static func looksLikeDate(_ text: String) -> Bool {
    for format in [StampFormat.automatic, .dayMonthYear, .monthDayYear] {
      let bytes = Array(text.utf8)
      var scanner = StampScanner(format: format, zone: .utc)
      let end = StampScanner.pair(bytes.span, from: 0, to: bytes.count)?.first ?? bytes.count
      if scanner.scan(bytes.span, from: 0, to: end) != .malformed { return true }
    }
    return false
  }

  /// The column that most likely holds the values of a quantity: the first that carries a unit of it, else the first
  /// whose cells are numbers, besides those that say when a row is.
  ///
  /// - Parameters:
  ///   - quantity: What is looked for.
  ///   - time: The column of the stamps.
  /// - Returns: Its header, or nothing when no column is left.
  package func valueColumn(of quantity: Quantity, time: String?) -> String? {
    let source = CSVSource(path: "", timeColumn: time ?? "", columns: [])
    var taken: Set<Int> = []
    if let cell = time.flatMap({ index(of: $0) }) {
      let axis = TimeAxis(
        time: cell, source: source, rows: rows,
        others: CSVHeader(names: names, file: "", line: 1).measuring, zone: .utc,
        wholeColumn: { _, _ in })
      taken = axis.cells.union([cell])
    }
    let free = names.indices.filter { !taken.contains($0) }
    let united = free.first { CSVHeader.unit(of: names[$0], for: quantity) != nil }
    let numbered = free.first { k in
      first(k).map { NumberScanner().number($0.split(separator: " ").first ?? "") != nil } ?? false
    }
    return (united ?? numbered ?? free.first).map { names[$0] }
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

  /// Whether the name of a column carries a unit of a quantity.
  package static func carriesUnit(_ column: String, of quantity: Quantity) -> Bool {
    CSVHeader.unit(of: column, for: quantity) != nil
  }

  /// Whether the name of a column carries a unit of power per rated power, such as `pv_w_per_kw`.
  package static func isPerRatedPower(_ column: String) -> Bool {
    CSVHeader.unit(of: column, for: .pv)?.dimension == .powerPerRatedPower
  }

  /// The first column that is named as a load is and carries a unit of one.
  package func loadColumn(besides taken: [String]) -> String? {
    let words = ["load", "demand", "consum", "usage", "import"]
    return names.first { name in
      !taken.contains(name) && words.contains { name.lowercased().contains($0) }
        && CSVHeader.unit(of: name, for: .load) != nil
    }
  }

  /// The export of a known service that the headers show.
  package var known: KnownLayout? { KnownLayout(names, rows: rows) }

  /// True when the columns are the times of a day.
  package var isDayTable: Bool { DayColumns(names) != nil }

  /// Name under which the values of a table with a row per day are mapped.
  package static var dayChannel: String { DayColumns.channel }

  /// Columns whose name begins with that of a quantity and carries a unit, such as `load_kw`; those of a known export;
  /// or the values of a table with a row per day.
  package var mappings: [ColumnMapping] {
    let named = namedMappings
    if !named.isEmpty { return named }
    if let known { return known.columns }
    guard DayColumns(names) != nil else { return spokenMappings }
    return [ColumnMapping(column: DayColumns.channel, quantity: .load)]
  }

  /// What was taken by a word of its name alone, for people.
  package var remarks: [String] {
    guard namedMappings.isEmpty else { return [] }
    if let known { return known.remarks }
    guard DayColumns(names) == nil else { return [] }
    return spokenMappings.map { "'\($0.column)' is taken as \($0.quantity.rawValue)" }
  }

  /// Columns with a unit and a word for consumption or production, where only one has it: `Verbrauch (kWh)`.
  private var spokenMappings: [ColumnMapping] {
    let words: [(Quantity, [String])] = [
      (
        .load,
        [
          "verbrauch", "verbruik", "consumption", "usage", "consumo", "consommation", "förbrukning",
          "forbrug", "forbruk", "mængde",
        ]
      ),
      (.pv, ["erzeugung", "production", "produktion", "producción", "opbrengst", "produzione"]),
    ]
    return words.compactMap { quantity, words in
      let found = names.indices.filter { k in
        let name = names[k].lowercased()
        return words.contains { name.contains($0) } && hasUnit(k, of: quantity) && !onlyGrows(k)
      }
      return found.count == 1
        ? ColumnMapping(column: names[found[0]], quantity: quantity) : nil
    }
  }

  /// Whether a column's name carries a unit, or it has numbers beside a column of units.
  private func hasUnit(_ column: Int, of quantity: Quantity) -> Bool {
    if CSVHeader.unit(of: names[column], for: quantity) != nil { return true }
    guard first(column).flatMap(CSVOutline.number) != nil else { return false }
    let mapping = ColumnMapping(column: names[column], quantity: quantity)
    return CSVUnitRow.unitColumn(names, rows, for: mapping) != nil
  }

  /// The number of a cell with either mark of fractions.
  private static func number(_ cell: String) -> Double? {
    NumberScanner().number(cell) ?? NumberScanner(decimal: UInt8(ascii: ",")).number(cell)
  }

  /// True for a column that never falls and begins high or goes on for long, as a counter's readings.
  private func onlyGrows(_ column: Int) -> Bool {
    let values = rows.compactMap { column < $0.count ? CSVOutline.number($0[column]) : nil }
    guard values.count > 2, let first = values.first, let last = values.last else { return false }
    let steps = zip(values, values.dropFirst()).map { $1 - $0 }
    return last > first && steps.allSatisfy { $0 >= 0 }
      && (values.count >= 8 || steps.allSatisfy { $0 < 0.2 * first })
  }

  private var namedMappings: [ColumnMapping] {
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
