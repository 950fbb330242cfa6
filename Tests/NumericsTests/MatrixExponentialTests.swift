import Numerics
import TestSupport
import Testing

@Suite("Matrix exponential") struct MatrixExponentialTests {
  @Test("one node relaxes as (1 − exp(−a·t))/a", arguments: [1e-3, 1, 60, 3600, 1e6])
  func scalar(seconds: Double) {
    let psi = MatrixExponential.integral(of: [-0.01], order: 1, over: seconds)
    // (1 − exp(−x)) / 0.01 at x = 1e-5, 0.01, 0.6, 36, 1e4
    let expected = [
      1e-3: 9.99995000016666e-4, 1: 0.995016625083195, 60: 45.11883639059736, 3600: 100, 1e6: 100,
    ]
    #expect(isClose(psi[0], expected[seconds] ?? .nan, relative: 1e-12))
  }

  @Test("a singular matrix integrates to time")
  func singular() {
    // Two nodes that only exchange: the mode of the sum has eigenvalue 0.
    let psi = MatrixExponential.integral(of: [-1, 1, 1, -1], order: 2, over: 10)
    // Eigenvalues 0 and −2: Ψ = ½·[10 + s, 10 − s], s = (1 − exp(−20))/2
    let s = (1 - 2.061153622438558e-09) / 2
    #expect(isClose(psi[0], 0.5 * (10 + s), relative: 1e-13))
    #expect(isClose(psi[1], 0.5 * (10 - s), relative: 1e-13))
  }

  /// Two nodes with rates of exchange a and b and no loss: eigenvalues 0 and −(a + b).
  ///
  /// Each doubling doubles the rounding of the slow mode.
  @Test("a stiff matrix keeps its slow mode", arguments: [1.0, 1e3, 1e6, 1e9])
  func stiff(rate: Double) {
    let (a, b) = (rate, 1e-3 * rate)
    let seconds = 300.0
    let psi = MatrixExponential.integral(of: [-a, b, a, -b], order: 2, over: seconds)
    // Ψ = (t·(A + (a+b)·1) − s·A) / (a + b), s = (1 − exp(−(a+b)·t))/(a + b) with exp(−300) = 5e-131.
    let s = 1 / (a + b)
    let expected = [
      (seconds * b + s * a) / (a + b), (seconds - s) * b / (a + b),
      (seconds - s) * a / (a + b), (seconds * a + s * b) / (a + b),
    ]
    for (found, wanted) in zip(psi, expected) {
      #expect(isClose(found, wanted, relative: max(1e-12, 1e-15 * rate * seconds)))
    }
  }
}
