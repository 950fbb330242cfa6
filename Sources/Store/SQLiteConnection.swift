import CSQLite
import Glibc

/// A value of a column or a parameter.
enum SQLValue {
  case null
  case integer(Int)
  case real(Double)
  case text(String)

  /// NULL for a missing number.
  init(_ value: Double) { self = value.isNaN ? .null : .real(value) }
  init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null }
}

/// Sole owner of one SQLite connection; used by one thread at a time.
@safe final class SQLiteConnection {
  private let handle: OpaquePointer

  /// Opens a database, or creates one where that is wanted.
  init(path: String, creates: Bool = true) throws(StoreError) {
    var opened: OpaquePointer?
    let flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (creates ? SQLITE_OPEN_CREATE : 0)
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let opened = unsafe opened else {
      throw StoreError(code: Int(code), message: "cannot open '\(path)'")
    }
    unsafe handle = opened
    guard code == SQLITE_OK else {
      let message = unsafe String(cString: sqlite3_errmsg(opened))
      unsafe sqlite3_close_v2(opened)
      throw StoreError(code: Int(code), message: "cannot open '\(path)': \(message)")
    }
    unsafe sqlite3_extended_result_codes(opened, 1)
    unsafe sqlite3_busy_timeout(opened, 10_000)
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// True when a database, or an empty file that may become one, has this path.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0
  }

  /// Runs statements that take no parameters and give no rows.
  func execute(_ sql: String) throws(StoreError) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw error(code, sql) }
  }

  /// Runs one statement and calls `row` for each row it gives.
  func query(
    _ sql: String, _ values: [SQLValue] = [], row: (borrowing SQLiteStatement) throws -> Void
  ) throws {
    let statement = try prepare(sql)
    try statement.bind(values)
    while try statement.step() { try row(statement) }
  }

  /// Runs one statement that gives no rows.
  func run(_ sql: String, _ values: [SQLValue]) throws(StoreError) {
    let statement = try prepare(sql)
    try statement.bind(values)
    _ = try statement.step()
  }

  /// Compiles a statement for repeated use.
  func prepare(_ sql: String) throws(StoreError) -> SQLiteStatement {
    var compiled: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &compiled, nil)
    guard code == SQLITE_OK, let compiled = unsafe compiled else { throw error(code, sql) }
    return unsafe SQLiteStatement(handle: compiled, connection: self, sql: sql)
  }

  /// Runs a body that either happens as a whole or not at all.
  func transaction<T>(_ body: () throws -> T) throws -> T {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // The first error is the one worth reporting; a failed rollback means it has happened already.
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Runs a body whose rows refer to what it has entered itself, without a look at each reference.
  ///
  /// Not within a transaction, where SQLite keeps the setting as it is.
  func withoutReferences<T>(_ body: () throws -> T) throws -> T {
    try execute("PRAGMA foreign_keys = OFF")
    let result = Result { try body() }
    try execute("PRAGMA foreign_keys = ON")
    return try result.get()
  }

  /// Row number given to the row inserted last.
  var lastInsertedRow: Int { unsafe Int(sqlite3_last_insert_rowid(handle)) }

  func error(_ code: Int32, _ sql: String) -> StoreError {
    unsafe StoreError(
      code: Int(sqlite3_extended_errcode(handle)), message: String(cString: sqlite3_errmsg(handle)),
      sql: sql)
  }
}

/// A compiled statement; freed with its last use.
@safe struct SQLiteStatement: ~Copyable {
  private let handle: OpaquePointer
  private let connection: SQLiteConnection
  private let sql: String

  fileprivate init(handle: OpaquePointer, connection: SQLiteConnection, sql: String) {
    unsafe self.handle = handle
    self.connection = connection
    self.sql = sql
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Gives the parameters their values, from the first on.
  func bind(_ values: [SQLValue]) throws(StoreError) {
    for (k, value) in values.enumerated() { try bind(value, at: k + 1) }
  }

  /// Gives one parameter its value, counted from 1.
  func bind(_ value: SQLValue, at position: Int) throws(StoreError) {
    let index = Int32(position)
    let code: Int32
    switch value {
    case .null: code = unsafe sqlite3_bind_null(handle, index)
    case .integer(let number): code = unsafe sqlite3_bind_int64(handle, index, Int64(number))
    case .real(let number): code = unsafe sqlite3_bind_double(handle, index, number)
    case .text(let text):
      // SQLITE_TRANSIENT: SQLite copies the text before the call returns.
      let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      code = unsafe sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), copies)
    }
    if code != SQLITE_OK { throw connection.error(code, sql) }
  }

  /// Gives one parameter a whole number, counted from 1.
  func bind(integer: Int, at position: Int) throws(StoreError) {
    let code = unsafe sqlite3_bind_int64(handle, Int32(position), Int64(integer))
    if code != SQLITE_OK { throw connection.error(code, sql) }
  }

  /// Gives one parameter a number, or NULL for NaN, counted from 1.
  func bind(real: Double, at position: Int) throws(StoreError) {
    // SQLite takes NaN for NULL.
    let code = unsafe sqlite3_bind_double(handle, Int32(position), real)
    if code != SQLITE_OK { throw connection.error(code, sql) }
  }

  /// Moves to the next row; false when there is none.
  func step() throws(StoreError) -> Bool {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else { throw connection.error(code, sql) }
    return false
  }

  /// Runs a statement without rows and makes it ready for the next values.
  func runOnce(_ values: [SQLValue]) throws(StoreError) {
    try bind(values)
    _ = try step()
    unsafe sqlite3_reset(handle)
  }

  /// Runs a statement without rows; its parameters keep their values for the next run.
  func runAgain() throws(StoreError) {
    _ = try step()
    unsafe sqlite3_reset(handle)
  }

  /// Whole number of a column, counted from 0; nothing for NULL.
  func integer(_ column: Int) -> Int? {
    guard unsafe sqlite3_column_type(handle, Int32(column)) != SQLITE_NULL else { return nil }
    return unsafe Int(sqlite3_column_int64(handle, Int32(column)))
  }

  /// Number of a column, counted from 0; NaN for NULL.
  func real(_ column: Int) -> Double {
    guard unsafe sqlite3_column_type(handle, Int32(column)) != SQLITE_NULL else { return .nan }
    return unsafe sqlite3_column_double(handle, Int32(column))
  }

  /// Text of a column, counted from 0; nothing for NULL.
  func text(_ column: Int) -> String? {
    guard let bytes = unsafe sqlite3_column_text(handle, Int32(column)) else { return nil }
    return unsafe String(cString: bytes)
  }
}
