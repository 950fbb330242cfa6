/// Thrown when the database refuses a statement.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Extended result code of SQLite, or 0 when the store itself refuses.
  package let code: Int
  /// What is wrong.
  package let message: String
  /// The statement, empty when none was involved.
  package let sql: String

  /// Creates an error.
  package init(code: Int = 0, message: String, sql: String = "") {
    self.code = code
    self.message = message
    self.sql = sql
  }

  package var description: String {
    let head = code == 0 ? message : "SQLite error \(code): \(message)"
    return sql.isEmpty ? head : "\(head) in: \(sql)"
  }
}
