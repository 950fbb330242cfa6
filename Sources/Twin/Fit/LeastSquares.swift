/// Small symmetric systems.
enum LeastSquares {
  /// Solves a positive definite system by Cholesky's method.
  static func solve(_ matrix: [Double], _ vector: [Double], order: Int) -> [Double] {
    var l = matrix
    var x = vector
    for j in 0..<order {
      var diagonal = l[j * order + j]
      for k in 0..<j { diagonal -= l[j * order + k] * l[j * order + k] }
      // A direction without information stays at zero.
      let floor = 1e-14 * abs(matrix[j * order + j]) + 1e-300
      let root = diagonal > floor ? diagonal.squareRoot() : 1e150
      l[j * order + j] = root
      for i in j + 1..<max(order, j + 1) {
        var sum = l[i * order + j]
        for k in 0..<j { sum -= l[i * order + k] * l[j * order + k] }
        l[i * order + j] = sum / root
      }
    }
    for i in 0..<order {
      for k in 0..<i { x[i] -= l[i * order + k] * x[k] }
      x[i] /= l[i * order + i]
    }
    for i in stride(from: order - 1, through: 0, by: -1) {
      for k in i + 1..<max(order, i + 1) { x[i] -= l[k * order + i] * x[k] }
      x[i] /= l[i * order + i]
    }
    return x
  }

  /// Solves with a range of unknowns kept at zero or above, by leaving out the negative ones.
  static func nonNegative(
    _ matrix: [Double], _ vector: [Double], order: Int, constrained: Range<Int>
  ) -> [Double] {
    var held = [Bool](repeating: false, count: order)
    var x = [Double](repeating: 0, count: order)
    for _ in 0..<order {
      let free = (0..<order).filter { !held[$0] }
      let sub = free.flatMap { a in free.map { matrix[a * order + $0] } }
      let part = solve(sub, free.map { vector[$0] }, order: free.count)
      x = [Double](repeating: 0, count: order)
      for (k, index) in free.enumerated() { x[index] = part[k] }
      let negative = constrained.filter { x[$0] < 0 }
      if negative.isEmpty { break }
      for index in negative { held[index] = true }
    }
    return x
  }
}
