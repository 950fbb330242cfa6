import CSQLite
import Diagnostics
import Documents

/// Reads a SQLite database of another program, without changing it.
@safe final class SQLiteReader {
  private let handle: OpaquePointer
  private let path: String

  /// Opens a database for reading, or for writing when asked.
  init(path: String, writing: Bool = false) throws(InputError) {
    self.path = path
    var opened: OpaquePointer?
    let mode = writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    let code = unsafe sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw InputError(
        "cannot open '\(path)' as a SQLite database", at: SourcePosition(file: path))
    }
    unsafe handle = opened
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// One row of an answer.
  @safe struct Row {
    fileprivate let statement: OpaquePointer

    fileprivate let path: String

    /// Number of a column, also where it was stored as text; NaN for NULL.
    ///
    /// - Throws: `InputError` for a text that is no number, which SQLite would turn into 0.
    func real(_ column: Int) throws(InputError) -> Double {
      switch unsafe sqlite3_column_type(statement, Int32(column)) {
      case SQLITE_NULL: return .nan
      case SQLITE_INTEGER, SQLITE_FLOAT:
        return unsafe sqlite3_column_double(statement, Int32(column))
      default:
        let text = text(column) ?? ""
        guard let number = NumberScanner().number(text) else {
          let name = unsafe sqlite3_column_name(statement, Int32(column))
            .map { unsafe String(cString: $0) }
          throw InputError(
            "'\(name ?? "")' must be a number, found '\(text)'", at: SourcePosition(file: path))
        }
        return number
      }
    }

    /// Text of a column; nothing for NULL.
    func text(_ column: Int) -> String? {
      guard let bytes = unsafe sqlite3_column_text(statement, Int32(column)) else { return nil }
      return unsafe String(cString: bytes)
    }
  }

  /// Runs a statement with text parameters and calls `row` for each row.
  func query(
    _ sql: String, _ parameters: [String] = [], row: (Row) throws(InputError) -> Void
  ) throws(InputError) {
    var compiled: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, sql, -1, &compiled, nil) == SQLITE_OK,
      let statement = unsafe compiled
    else { throw error(sql) }
    defer { unsafe sqlite3_finalize(statement) }
    for (k, parameter) in parameters.enumerated() {
      // SQLITE_TRANSIENT: SQLite copies the text before the call returns.
      let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      unsafe sqlite3_bind_text(
        statement, Int32(k + 1), parameter, Int32(parameter.utf8.count), copies)
    }
    while true {
      let code = unsafe sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw error(sql) }
      try row(unsafe Row(statement: statement, path: path))
    }
  }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws(InputError) {
    if unsafe sqlite3_exec(handle, sql, nil, nil, nil) != SQLITE_OK { throw error(sql) }
  }

  /// First column of all rows.
  func texts(_ sql: String, _ parameters: [String] = []) throws(InputError) -> [String] {
    var result: [String] = []
    try query(sql, parameters) { row throws(InputError) in
      if let text = row.text(0) { result.append(text) }
    }
    return result
  }

  /// Names of the columns of a table, none when there is no such table.
  func columns(of table: String) throws(InputError) -> Set<String> {
    Set(try texts("SELECT name FROM pragma_table_info(?)", [table]))
  }

  private func error(_ sql: String) -> InputError {
    let message = unsafe String(cString: sqlite3_errmsg(handle))
    let code = unsafe sqlite3_extended_errcode(handle)
    return InputError(
      "SQLite error \(code): \(message) in: \(sql)", at: SourcePosition(file: path))
  }
}
