import Diagnostics
import Documents
import TimeSeries

/// The header of a CSV file: names, and the units that some of them carry.
struct CSVHeader {
  let names: [String]
  let file: String
  let line: Int

  /// Returns the cell position of a column, matched by full text or by name without unit.
  ///
  /// Columns of one name are told apart by their number: `Power#2` is the second one.
  func index(of column: String) -> Int? {
    let wanted = trimmedText(column)
    if let exact = names.firstIndex(of: wanted) { return exact }
    if let mark = wanted.lastIndex(of: "#"), let number = Int(wanted[wanted.index(after: mark)...])
    {
      let same = names.indices.filter { names[$0] == wanted[..<mark] }
      return same.indices.contains(number - 1) ? same[number - 1] : nil
    }
    let bare = names.firstIndex { CSVHeader.split($0).name == wanted }
    return bare ?? names.firstIndex { $0.lowercased() == wanted.lowercased() }
  }

  /// The finding for a column whose name others have as well, nothing for a name that stands once.
  func repeated(_ column: String) -> Diagnostic? {
    let wanted = trimmedText(column)
    guard case let count = names.count(where: { $0 == wanted }), count > 1, !wanted.isEmpty else {
      return nil
    }
    return .error(
      "\(count) columns are named '\(wanted)'",
      at: SourcePosition(file: file, line: line, column: 1),
      notes: ["name one by its number: '\(wanted)#1' or '\(wanted)#\(count)'"])
  }

  /// Cells whose names carry a unit of something that is measured.
  var measuring: Set<Int> {
    Set(
      names.indices.filter { k in
        Quantity.allCases.contains { CSVHeader.unit(of: names[k], for: $0) != nil }
      })
  }

  /// The finding for a column that is not there.
  func missing(_ column: String) -> Diagnostic {
    let bare = names.map { CSVHeader.split($0).name }
    let hint = suggestion(for: column, among: names + bare).map { "; did you mean '\($0)'?" } ?? ""
    return .error(
      "there is no column '\(column)'\(hint)",
      at: SourcePosition(file: file, line: line, column: 1),
      notes: ["the columns are \(names.map { "'\($0)'" }.joined(separator: ", "))"])
  }

  /// Separates `Power [kW]` or `temperature_2m (°C)` into name and unit.
  static func split(_ header: String) -> (name: String, unit: String?) {
    for (open, close) in [("[", "]"), ("(", ")")] {
      guard header.hasSuffix(close), let at = header.lastIndex(of: Character(open)) else {
        continue
      }
      let name = trimmedText(String(header[..<at]))
      let unit = trimmedText(String(header[header.index(after: at)...].dropLast()))
      return (name, unit)
    }
    return (header, nil)
  }

  /// The unit that a header carries, in brackets, as the end of its name or as one of its words.
  static func unit(of header: String, for quantity: Quantity) -> MeasurementUnit? {
    HeaderUnit.unit(of: header, for: quantity)
  }
}

extension ColumnMapping {
  /// Finds the unit of the cells, nothing when only the cells can tell.
  ///
  /// - Throws: `InputError` for a unit that is unknown, measures something else, or contradicts the header.
  func resolvedUnit(header: String, at position: SourcePosition) throws(InputError)
    -> MeasurementUnit?
  {
    let carried = CSVHeader.unit(of: header, for: quantity)
    guard let text = unit else {
      if let bracket = CSVHeader.split(header).unit, carried == nil, !bracket.isEmpty {
        throw unknownUnit(bracket, at: position)
      }
      if let carried { try check(carried, at: position) }
      return carried
    }
    guard let given = MeasurementUnit(text) else { throw unknownUnit(text, at: position) }
    try check(given, at: position)
    if let carried, carried.factor != given.factor || carried.dimension != given.dimension {
      throw InputError(
        "column '\(header)' carries the unit '\(carried.symbol)', but its mapping says '\(text)'",
        at: position)
    }
    return given
  }

  private func unknownUnit(_ text: String, at position: SourcePosition) -> InputError {
    let hint =
      suggestion(for: text, among: MeasurementUnit.knownSymbols)
      .map { "; did you mean '\($0)'?" } ?? ""
    return InputError(
      "unknown unit '\(text)' for '\(quantity.rawValue)'\(hint); "
        + "use \(unitExamples)", at: position)
  }

  /// Refuses a unit that cannot measure the quantity.
  func check(_ unit: MeasurementUnit, at position: SourcePosition) throws(InputError) {
    guard accepts(unit) else {
      throw InputError(
        "unit '\(unit.symbol)' measures \(unit.dimension.rawValue) and cannot be used for "
          + "'\(quantity.rawValue)'; use \(unitExamples)", at: position)
    }
    if unit.dimension == .powerPerRatedPower, factor == 1 {
      throw InputError(
        "unit '\(unit.symbol)' of '\(quantity.rawValue)' needs a factor, the rated power in kW",
        at: position)
    }
  }

  /// True when cells are energy per interval, which becomes power once the step is known.
  func isPerInterval(_ unit: MeasurementUnit?) -> Bool {
    guard case .value = reading, let unit else { return false }
    return unit.dimension == .energy || unit.dimension == .irradiation
  }

  func accepts(_ unit: MeasurementUnit) -> Bool {
    if case .counter = reading { return unit.dimension == .energy }
    return isCurrent
      ? unit.dimension == .current : quantity.acceptedDimensions.contains(unit.dimension)
  }

  private var unitExamples: String { isCurrent ? "A or mA" : quantity.unitExamples }
}
