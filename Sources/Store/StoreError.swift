/// Thrown when the database refuses a statement.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Extended result code of SQLite, or 0 when the store itself refuses.
  public let code: Int
  /// What is wrong.
  public let message: String
  /// The statement, empty when none was involved.
  public let sql: String

  /// States an error.
  public init(code: Int = 0, message: String, sql: String = "") {
    self.code = code
    self.message = message
    self.sql = sql
  }

  public var description: String {
    let head = code == 0 ? message : "SQLite error \(code): \(message)"
    return sql.isEmpty ? head : "\(head) in: \(sql)"
  }
}
