/// How growth over time or cycles goes on from a state, when the rate changes.
enum AgeingContinuation {
  /// The slope at the start of the window times its length, as BLAST-Lite takes it; only the comparison
  /// with BLAST-Lite asks for it.
  case explicit
  /// The exact path from the state, which does not depend on how a window is divided.
  case exact

  /// Returns the increment of `k·x^p`.
  func power(_ y: Double, _ x: Double, _ k: Double, _ p: Double) -> Double {
    guard k > 0, x > 0 else { return 0 }
    switch self {
    case .exact:
      return k * PortableMath.pow(PortableMath.pow(y / k, 1 / p) + x, p) - y
    case .explicit:
      if y == 0 { return k * PortableMath.pow(x, p) }
      return x * k * p * PortableMath.pow(y / k, (p - 1) / p)
    }
  }

  /// Returns the increment of `(k·x)^p`.
  func powerB(_ y: Double, _ x: Double, _ k: Double, _ p: Double) -> Double {
    guard k > 0, x > 0 else { return 0 }
    switch self {
    case .exact:
      return PortableMath.pow(PortableMath.pow(y, 1 / p) + k * x, p) - y
    case .explicit:
      if y == 0 { return PortableMath.pow(k * x, p) }
      let s = PortableMath.pow(y, 1 / p) / k
      return x * p * PortableMath.pow(k * s, p) / s
    }
  }

  /// Returns the increment of `2·Y·(½ − 1/(1 + exp((k·x)^p)))`.
  func sigmoid(_ y: Double, _ x: Double, _ ceiling: Double, _ k: Double, _ p: Double) -> Double {
    guard k > 0, x > 0, ceiling > 0 else { return 0 }
    func value(_ w: Double) -> Double {
      2 * ceiling * (0.5 - 1 / (1 + PortableMath.exp(w)))
    }
    if y == 0 { return value(PortableMath.pow(k * x, p)) }
    guard y < ceiling else { return 0 }
    let inner = PortableMath.log(-2 * ceiling / (y - ceiling) - 1)
    switch self {
    case .exact:
      let s = PortableMath.pow(inner, 1 / p) / k
      return max(0, value(PortableMath.pow(k * (s + x), p)) - y)
    case .explicit:
      let s = PortableMath.pow(inner, 1 / p) / k
      let w = PortableMath.pow(k * s, p)
      let e = PortableMath.exp(w)
      return x * 2 * ceiling * p * e * w / (s * (e + 1) * (e + 1))
    }
  }
}
