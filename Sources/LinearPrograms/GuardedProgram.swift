internal import GLPKGuard
internal import Glibc

/// Sole owner of one program inside GLPK; every pointer of the room is in this file.
@safe final class GuardedProgram {
  private let handle: OpaquePointer?

  init() {
    unsafe handle = glpk_guard_create()
  }

  deinit {
    unsafe glpk_guard_release(handle)
  }

  /// How often GLPK loaded the program from nothing.
  var loads: Int {
    guard let handle = unsafe handle else { return 0 }
    return unsafe Int(glpk_guard_loads(handle))
  }

  /// What GLPK said when it gave up.
  var message: String {
    unsafe String(cString: glpk_guard_message())
  }

  /// Loads what moved, solves, and returns code, status and the answer.
  func solve(
    _ program: LinearProgram, from basis: Basis?, options: SolveOptions
  ) -> (code: CInt, status: CInt, solution: Solution) {
    guard let handle = unsafe handle else { return (-4, 1, Solution()) }
    let rows = program.rowCount
    let columns = program.columnCount
    var rowStatus = basis?.rows ?? [BasisStatus](repeating: .basic, count: rows)
    var columnStatus = basis?.columns ?? [BasisStatus](repeating: .lower, count: columns)
    var columnValue = [Double](repeating: 0, count: columns)
    var columnDual = columnValue
    var rowValue = [Double](repeating: 0, count: rows)
    var rowDual = rowValue
    var settings = cOptions(options, size: rows + columns, usesBasis: basis != nil)
    var code: CInt = 0
    var status: CInt = 0
    var iterations: CInt = 0
    var objective = 0.0
    unsafe program.withGuardedPointers { matrix, data in
      unsafe rowStatus.withUnsafeMutableBytes { rs in
        unsafe columnStatus.withUnsafeMutableBytes { cs in
          unsafe columnValue.withUnsafeMutableBufferPointer { cv in
            unsafe columnDual.withUnsafeMutableBufferPointer { cd in
              unsafe rowValue.withUnsafeMutableBufferPointer { rv in
                unsafe rowDual.withUnsafeMutableBufferPointer { rd in
                  var result = unsafe glpk_guard_result(
                    row_status: rs.assumingMemoryBound(to: UInt8.self).baseAddress,
                    column_status: cs.assumingMemoryBound(to: UInt8.self).baseAddress,
                    column_value: cv.baseAddress, column_dual: cd.baseAddress,
                    row_value: rv.baseAddress, row_dual: rd.baseAddress, objective: 0, status: 0,
                    iterations: 0)
                  code = unsafe glpk_guard_solve(handle, matrix, data, &settings, &result)
                  unsafe (status, iterations, objective) = (
                    result.status, result.iterations, result.objective
                  )
                }
              }
            }
          }
        }
      }
    }
    let solution = Solution(
      objective: objective, columnValue: columnValue, columnDual: columnDual, rowValue: rowValue,
      rowDual: rowDual, basis: Basis(rows: rowStatus, columns: columnStatus),
      iterations: Int(iterations))
    return (code, status, solution)
  }

  private func cOptions(
    _ options: SolveOptions, size: Int, usesBasis: Bool
  ) -> glpk_guard_options {
    var iterationLimit = options.iterationLimit ?? 20 * (size + 10)
    var timeLimit = options.timeLimitMilliseconds
    if options.injectedFault == .iterationLimit { iterationLimit = 0 }
    if options.injectedFault == .timeLimit { timeLimit = 0 }
    return glpk_guard_options(
      method: options.method.rawValue, iteration_limit: CInt(clamping: iterationLimit),
      time_limit_ms: CInt(clamping: timeLimit), tolerance: options.tolerance,
      node_limit: CInt(clamping: options.nodeLimit ?? 0), use_basis: usesBasis ? 1 : 0,
      injected_fault: options.injectedFault.map { $0.rawValue <= 2 ? $0.rawValue : 0 } ?? 0)
  }
}

extension LinearProgram {
  /// Lends the arrays to C for one call.
  func withGuardedPointers<R>(
    _ body: (UnsafePointer<glpk_guard_matrix>, UnsafePointer<glpk_guard_data>) -> R
  ) -> R {
    unsafe entryRow.withUnsafeBufferPointer { er in
      unsafe entryColumn.withUnsafeBufferPointer { ec in
        unsafe entryValue.withUnsafeBufferPointer { ev in
          unsafe rowLower.withUnsafeBufferPointer { rl in
            unsafe rowUpper.withUnsafeBufferPointer { ru in
              unsafe columnLower.withUnsafeBufferPointer { cl in
                unsafe columnUpper.withUnsafeBufferPointer { cu in
                  unsafe cost.withUnsafeBufferPointer { c in
                    unsafe isInteger.withUnsafeBufferPointer { whole in
                      var matrix = unsafe glpk_guard_matrix(
                        rows: CInt(rowCount), columns: CInt(columnCount),
                        entries: CInt(entryCount), entry_row: er.baseAddress,
                        entry_column: ec.baseAddress, entry_value: ev.baseAddress,
                        matrix_version: matrixVersion)
                      var data = unsafe glpk_guard_data(
                        row_lower: rl.baseAddress, row_upper: ru.baseAddress,
                        column_lower: cl.baseAddress, column_upper: cu.baseAddress,
                        cost: c.baseAddress, is_integer: whole.baseAddress)
                      return unsafe body(&matrix, &data)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

extension LinearProgram {
  /// Form of an exported file.
  package enum FileFormat: CInt, Sendable, Hashable, CaseIterable {
    /// CPLEX LP, for people.
    case lp = 0
    /// Free MPS, for other solvers.
    case mps = 1
  }

  /// Writes the program with its names to a file, and returns why that failed, if it did.
  package func write(_ format: FileFormat, to path: String) -> SolveFailure? {
    let defects = defects()
    guard defects.isEmpty else { return .defective(defects) }
    let columnPointers = unsafe columnNames.map { unsafe UnsafePointer(strdup($0)) }
    let rowPointers = unsafe rowNames.map { unsafe UnsafePointer(strdup($0)) }
    defer {
      unsafe (columnPointers + rowPointers).forEach {
        unsafe free(UnsafeMutablePointer(mutating: $0))
      }
    }
    let code = unsafe withGuardedPointers { matrix, data in
      unsafe glpk_guard_write(
        matrix, data, rowPointers, columnPointers, name, format.rawValue, path)
    }
    switch code {
    case 0: return nil
    case -1: return unsafe .aborted(String(cString: glpk_guard_message()))
    default: return .code(Int(code), status: 0)
    }
  }
}
