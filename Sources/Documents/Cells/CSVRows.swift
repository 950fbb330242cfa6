package import Diagnostics

/// The rows of a CSV document under its header: cells as text, as numbers, and where they stand.
///
/// For documents of some thousand rows; what must be fast works on ``CSVCursor`` itself.
package struct CSVRows {
  /// Names of the columns, without the blanks around them.
  package let names: [String]
  private let file: String
  private let bytes: [UInt8]
  /// How cells and numbers of the document are written.
  package let dialect: CSVDialect
  private let scanner: NumberScanner
  private let header: CSVCursor
  private var cursor: CSVCursor

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - delimiter: Separator of cells; recognised when absent.
  ///   - findsHeader: Whether lines above the header are passed over.
  /// - Throws: `InputError` when the document is empty.
  package init(
    _ document: TextFile, delimiter: Character? = nil, findsHeader: Bool = true
  ) throws(InputError) {
    try self.init(
      document.bytes, file: document.path, delimiter: delimiter, findsHeader: findsHeader)
  }

  /// Reads the header of a document in memory.
  ///
  /// - Parameters:
  ///   - bytes: The document in UTF-8.
  ///   - file: The name to use in positions.
  ///   - delimiter: Separator of cells; recognised when absent.
  ///   - findsHeader: Whether lines above the header are passed over.
  /// - Throws: `InputError` when the document is empty.
  package init(
    _ bytes: [UInt8], file: String, delimiter: Character? = nil, findsHeader: Bool = true
  ) throws(InputError) {
    self.file = file
    self.bytes = bytes
    dialect = CSVDialect(bytes.span, delimiter: delimiter, findsHeader: findsHeader)
    scanner = dialect.numbers
    cursor = CSVCursor(dialect)
    guard cursor.next(bytes.span) else {
      throw InputError("the file is empty", at: SourcePosition(file: file))
    }
    header = cursor
    names = cursor.texts(bytes.span)
  }

  /// The finding for a name that stands in the header more than once, so that nobody can tell which column is meant.
  package var repeatedName: Diagnostic? {
    var seen: Set<String> = []
    for (k, name) in names.enumerated() where !name.isEmpty && !seen.insert(name).inserted {
      return .error(
        "two columns are named '\(name)'; rename one or leave it out", at: headerPosition(k))
    }
    return nil
  }

  /// Goes to the next row that is not an empty line.
  ///
  /// - Returns: False when there is none.
  package mutating func next() -> Bool {
    // The span holds on to what it is a view of; a copy leaves the cursor free to change.
    let bytes = bytes
    return cursor.next(bytes.span)
  }

  /// Number of cells of the row.
  package var count: Int { cursor.count }

  /// Where the row begins.
  package var position: SourcePosition {
    cursor.position(bytes.span, at: cursor.recordStart, file: file)
  }

  /// The texts of all cells of the row.
  package var texts: [String] { cursor.texts(bytes.span) }

  /// Text of a cell without the blanks around it, empty where the row is too short.
  package func text(_ column: Int) -> String {
    column < cursor.count ? trimmedText(cursor.text(bytes.span, column)) : ""
  }

  /// The number that a cell is, nothing when it is anything else.
  package func number(_ column: Int) -> Double? {
    guard column < cursor.count else { return nil }
    return scanner.cellNumber(bytes.span, from: cursor.starts[column], to: cursor.ends[column])
  }

  /// Where a cell stands; the end of the row where it is too short.
  package func position(_ column: Int) -> SourcePosition {
    let last = cursor.ends[cursor.count - 1]
    return cursor.position(
      bytes.span, at: column < cursor.count ? cursor.starts[column] : last, file: file)
  }

  /// Where the name of a column stands.
  package func headerPosition(_ column: Int = 0) -> SourcePosition {
    header.position(bytes.span, at: header.starts[min(column, header.count - 1)], file: file)
  }

  /// The finding for a row with more cells than the header, which would shift what it says.
  ///
  /// A separator at the end of a row is harmless.
  ///
  /// - Parameter width: Cells of the header; of the first one when absent.
  /// - Returns: The finding, or nothing.
  package func surplus(over width: Int? = nil) -> Diagnostic? {
    let width = width ?? names.count
    return cursor.surplus(over: width).map { cell in
      .error(CSVCursor.surplusMessage(cursor.count, over: width), at: position(cell))
    }
  }

  /// The finding for a quote that is opened and never closed, which swallows rows.
  package var openQuote: Diagnostic? {
    cursor.openQuoteLine.map {
      .error(CSVCursor.openQuoteMessage, at: SourcePosition(file: file, line: $0, column: 1))
    }
  }
}
