import Numerics

/// A weighted sum of standardised columns: the change of ridge, the log odds of logistic regression.
struct LinearWarning: Sendable, Equatable {
  var standardisation: Standardisation
  /// One weight per column.
  var weights: [Double]
  var intercept: Double

  /// Returns one sum per row.
  func values(_ rows: [Double]) -> [Double] {
    LinearAlgebra.product(rows: standardisation(rows), width: weights.count, weights: weights)
      .map { $0 + intercept }
  }

  /// Share of each column in the sum of the absolute weights.
  var importances: [Double] {
    let sum = weights.reduce(0) { $0 + abs($1) }
    return weights.map { sum > 0 ? abs($0) / sum : 0 }
  }

  /// Ridge regression with a penalty on the weights of standardised columns.
  ///
  /// - Returns: The sum, or nothing where the rows do not tell.
  static func ridge(
    _ rows: [Double], width: Int, targets: [Double], penalty: Double = 10
  ) -> LinearWarning? {
    let standardisation = Standardisation(rows, width: width)
    let scaled = standardisation(rows)
    let mean = Statistics.mean(targets)
    var matrix = [Double](repeating: 0, count: width * width)
    LinearAlgebra.addGram(rows: scaled, width: width, to: &matrix)
    var vector = [Double](repeating: 0, count: width)
    for (i, target) in targets.enumerated() {
      for j in 0..<width { vector[j] += scaled[i * width + j] * (target - mean) }
    }
    for j in 0..<width { matrix[j * width + j] += penalty }
    guard let weights = LinearAlgebra.choleskySolve(matrix: matrix, rightHandSide: vector) else {
      return nil
    }
    return LinearWarning(
      standardisation: standardisation, weights: weights, intercept: mean)
  }

  /// Logistic regression with a penalty of 1 on the weights, by Newton's method with halved steps.
  ///
  /// - Returns: The log odds, or nothing where all targets are alike.
  static func logistic(_ rows: [Double], width: Int, targets: [Double]) -> LinearWarning? {
    guard targets.contains(0), targets.contains(1) else { return nil }
    let standardisation = Standardisation(rows, width: width)
    let scaled = standardisation(rows)
    let count = targets.count
    let full = width + 1
    var table = [Double](repeating: 1, count: count * full)
    for i in 0..<count {
      for j in 0..<width { table[i * full + j] = scaled[i * width + j] }
    }
    let share = Statistics.mean(targets)
    var weights = [Double](repeating: 0, count: width) + [logarithm(share / (1 - share))]
    func loss(_ weights: [Double]) -> Double {
      let odds = LinearAlgebra.product(rows: table, width: full, weights: weights)
      var sum = weights.dropLast().reduce(0) { $0 + $1 * $1 } / 2
      for (z, y) in zip(odds, targets) {
        // log(1 + e^z) without overflow.
        sum += max(z, 0) + logarithm(1 + exponential(-abs(z))) - y * z
      }
      return sum
    }
    var current = loss(weights)
    for _ in 0..<50 {
      let odds = LinearAlgebra.product(rows: table, width: full, weights: weights)
      var gradient = [Double](repeating: 0, count: full)
      var bent = table
      for i in 0..<count {
        let p = Probability.logistic(odds[i])
        let root = max(1e-12, p * (1 - p)).squareRoot()
        for j in 0..<full {
          gradient[j] += (targets[i] - p) * table[i * full + j]
          bent[i * full + j] *= root
        }
      }
      var matrix = [Double](repeating: 0, count: full * full)
      LinearAlgebra.addGram(rows: bent, width: full, to: &matrix)
      for j in 0..<width {
        matrix[j * full + j] += 1
        gradient[j] -= weights[j]
      }
      guard let step = LinearAlgebra.choleskySolve(matrix: matrix, rightHandSide: gradient)
      else { break }
      var length = 1.0
      var next = weights
      var value = Double.infinity
      while length > 1e-4 {
        next = zip(weights, step).map { $0 + length * $1 }
        value = loss(next)
        if value <= current { break }
        length /= 2
      }
      guard value < current else { break }
      let gained = current - value
      weights = next
      current = value
      if gained < 1e-9 * (1 + abs(current)) { break }
    }
    return LinearWarning(
      standardisation: standardisation, weights: Array(weights.dropLast()),
      intercept: weights[width])
  }
}

/// Probabilities from odds and from spreads.
enum Probability {
  /// Returns the probability of log odds.
  static func logistic(_ odds: Double) -> Double {
    odds >= 0 ? 1 / (1 + exponential(-odds)) : exponential(odds) / (1 + exponential(odds))
  }

  /// Returns the probability that a normal error lifts a value to a limit at least.
  static func exceeding(_ value: Double, limit: Double, spread: Double) -> Double {
    guard spread > 0 else { return value >= limit ? 1 : 0 }
    return complementaryError((limit - value) / (spread * 2.0.squareRoot())) / 2
  }
}
