internal import CTwinKernels

/// Elementary functions with the same bits on every machine; the C library's differ with the CPU.
enum PortableMath {
  static func exp(_ x: Double) -> Double { twin_exp(x) }

  /// Returns the exponentials of eight numbers.
  static func exps(_ x: SIMD8<Double>) -> SIMD8<Double> {
    var result = SIMD8<Double>()
    for k in 0..<8 { result[k] = twin_exp(x[k]) }
    return result
  }

  /// Replaces numbers by their exponentials, with the same bits.
  static func exps(_ x: inout [SIMD8<Double>], _ kernels: UnsafePointer<twin_kernels>) {
    let count = x.count
    unsafe x.withUnsafeMutableBytes { bytes in
      guard let start = unsafe bytes.bindMemory(to: Double.self).baseAddress else { return }
      unsafe kernels.pointee.exps(start, start, 8 * count)
    }
  }

  static func log(_ x: Double) -> Double { twin_log(x) }

  /// Returns `x` to the power `p`, for `x` at least 0.
  static func pow(_ x: Double, _ p: Double) -> Double {
    if x == 0 { return p == 0 ? 1 : 0 }
    if p == 0.5 { return x.squareRoot() }
    if p == 1 { return x }
    return twin_exp(p * twin_log(x))
  }

  /// Returns the cumulative standard normal distribution.
  static func normalCDF(_ x: Double) -> Double {
    if x > 8.5 { return 1 }
    if x < -8.5 { return 0 }
    // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …), a series of one sign.
    var term = x
    var sum = x
    var n = 1.0
    while abs(term) > 1e-17 * abs(sum), n < 400 {
      n += 2
      term *= x * x / n
      sum += term
    }
    return 0.5 + sum * normalPDF(x)
  }

  static func normalPDF(_ x: Double) -> Double { 0.3989422804014327 * twin_exp(-0.5 * x * x) }
}
