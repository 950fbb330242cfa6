import COpenBLAS

/// Dense linear algebra of OpenBLAS on arrays in row order; one thread.
package enum LinearAlgebra {
  /// OpenBLAS shall not start threads of its own: studies run cases in parallel.
  private static let singleThreaded: Void = { openblas_set_num_threads(1) }()

  /// Solves `A·x = b` for a symmetric positive definite matrix.
  ///
  /// Cholesky factorisation by LAPACK `dposv`, O(n³/3).
  ///
  /// - Parameters:
  ///   - matrix: `n × n` values; only the upper triangle in row order is read.
  ///   - rightHandSide: `n` values.
  /// - Returns: `x`, or nothing when the matrix is not positive definite or not finite.
  package static func choleskySolve(matrix: [Double], rightHandSide: [Double]) -> [Double]? {
    _ = singleThreaded
    let n = rightHandSide.count
    precondition(matrix.count == n * n, "a square matrix that fits the right-hand side")
    guard matrix.allSatisfy(\.isFinite), rightHandSide.allSatisfy(\.isFinite) else { return nil }
    if n == 0 { return [] }
    var order = Int32(n)
    var one: Int32 = 1
    var information: Int32 = 0
    var factor = matrix
    var solution = rightHandSide
    // The upper triangle in row order is the lower one in the column order LAPACK expects.
    unsafe dposv_("L", &order, &one, &factor, &order, &solution, &order, &information, 1)
    return information == 0 ? solution : nil
  }

  /// Adds `Xᵀ·X` to the upper triangle of a matrix in row order (BLAS `dsyrk`).
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row.
  ///   - width: Number of columns.
  ///   - matrix: `width × width` values; the lower triangle is left as it is.
  package static func addGram(rows: [Double], width: Int, to matrix: inout [Double]) {
    _ = singleThreaded
    precondition(width > 0 && rows.count % width == 0, "whole rows")
    precondition(matrix.count == width * width, "a square matrix as wide as the rows")
    let count = rows.count / width
    guard count > 0 else { return }
    unsafe cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(width), Int32(count), 1, rows, Int32(width), 1,
      &matrix, Int32(width))
  }

  /// Returns `X·w` for rows in row order (BLAS `dgemv`).
  package static func product(rows: [Double], width: Int, weights: [Double]) -> [Double] {
    _ = singleThreaded
    precondition(width > 0 && rows.count % width == 0 && weights.count == width, "sizes agree")
    let count = rows.count / width
    var result = [Double](repeating: 0, count: count)
    guard count > 0 else { return result }
    unsafe cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(count), Int32(width), 1, rows, Int32(width), weights, 1,
      0, &result, 1)
    return result
  }
}
