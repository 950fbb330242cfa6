/// The exponential of small dense matrices, the same bits on every machine.
///
/// Matrices are stored by columns: element (row, column) is at `column * order + row`.
package enum MatrixExponential {
  /// Returns the integral of `exp(A·s)` over `s` from 0 to a length of time.
  ///
  /// With it, `x' = A·x + b` with constant `b` moves from `x` to `x + Ψ·(A·x + b)`, also when `A` is
  /// singular. Scaling and squaring: a Taylor series of degree 16 over a step with `‖A·h‖₁ ≤ ½`,
  /// doubled by `Ψ(2h) = (2 + A·Ψ(h))·Ψ(h)`. That relation multiplies rounding by `|a|·h` in every
  /// doubling of a mode of rate `a`; where `‖A‖₁` times the length is above 64, the exponential is doubled
  /// beside it: `E(2h) = E(h)²`, `Ψ(2h) = (1 + E(h))·Ψ(h)`. Cost grows with the third power of the order.
  ///
  /// - Parameters:
  ///   - matrix: `A`, stored by columns. [1/s]
  ///   - order: Number of rows.
  ///   - seconds: Length of the step, at least 0. [s]
  /// - Returns: `Ψ`, stored by columns. [s]
  package static func integral(of matrix: [Double], order: Int, over seconds: Double) -> [Double] {
    precondition(matrix.count == order * order && seconds >= 0, "a square matrix, a step forward")
    var norm = 0.0
    for column in 0..<order {
      var sum = 0.0
      for row in 0..<order { sum += abs(matrix[column * order + row]) }
      norm = max(norm, sum)
    }
    var doublings = 0
    while norm * seconds > 0.5 * Double(1 << doublings), doublings < 60 { doublings += 1 }
    let h = seconds / Double(1 << doublings)
    let scaled = matrix.map { $0 * h }
    // Horner: Ψ = h (I + A h/2 (I + A h/3 (I + …)))
    var psi = identity(order)
    for degree in stride(from: 17, through: 2, by: -1) {
      psi = product(scaled, psi, order: order)
      for i in psi.indices { psi[i] /= Double(degree) }
      for i in 0..<order { psi[i * order + i] += 1 }
    }
    for i in psi.indices { psi[i] *= h }
    if norm * seconds > 64 {
      var decay = product(matrix, psi, order: order)
      for i in 0..<order { decay[i * order + i] += 1 }
      for _ in 0..<doublings {
        let later = product(decay, psi, order: order)
        for i in psi.indices { psi[i] += later[i] }
        decay = product(decay, decay, order: order)
      }
      return psi
    }
    for _ in 0..<doublings {
      var growth = product(matrix, psi, order: order)
      for i in 0..<order { growth[i * order + i] += 2 }
      psi = product(growth, psi, order: order)
    }
    return psi
  }

  /// Returns the product of two square matrices stored by columns.
  static func product(_ a: [Double], _ b: [Double], order: Int) -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      for k in 0..<order {
        let factor = b[column * order + k]
        if factor == 0 { continue }
        for row in 0..<order { result[column * order + row] += a[k * order + row] * factor }
      }
    }
    return result
  }

  static func identity(_ order: Int) -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for i in 0..<order { result[i * order + i] = 1 }
    return result
  }
}
