/// Keeps the rows whose cell in a column reads exactly so.
package struct RowFilter: Sendable, Hashable {
  /// Header of the column.
  package var column: String
  /// Text of the cell, without quotes and blanks around it.
  package var equals: String

  /// Creates a filter.
  package init(column: String, equals: String) {
    self.column = column
    self.equals = equals
  }
}
