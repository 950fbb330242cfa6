/// A mean with one wave a year, fitted to values of calendar months by least squares.
package enum YearlyWave {
  /// Returns what is left of values after a mean and, if wanted, one yearly wave.
  ///
  /// - Parameters:
  ///   - values: One value per month.
  ///   - months: Calendar month of each value, 1…12.
  ///   - hasWave: False for the mean alone, which is right for less than a year.
  /// - Returns: Residuals, one per value; about the mean alone where the months cannot tell a wave.
  package static func residuals(of values: [Double], months: [Int], hasWave: Bool) -> [Double] {
    precondition(values.count == months.count, "one month per value")
    let mean = Statistics.mean(values)
    let centred = values.map { $0 - mean }
    guard hasWave else { return centred }
    let rows = months.map { [1, cosine($0), cosine($0 - 3)] }
    var matrix = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for (row, value) in zip(rows, centred) {
      for i in 0..<3 {
        for j in 0..<3 { matrix[i][j] += row[i] * row[j] }
        matrix[i][3] += row[i] * value
      }
    }
    guard let weights = solve(matrix) else { return centred }
    return zip(rows, centred).map { row, value in
      value - row[0] * weights[0] - row[1] * weights[1] - row[2] * weights[2]
    }
  }

  /// Cosine of a month's angle, 30° a month, without the C library: the same on every machine.
  private static func cosine(_ month: Int) -> Double {
    let half = 0.5
    let root = 3.0.squareRoot() / 2
    let table = [1, root, half, 0, -half, -root, -1, -root, -half, 0, half, root]
    return table[((month % 12) + 12) % 12]
  }

  /// Solves three normal equations with their right-hand side in the fourth column.
  private static func solve(_ equations: [[Double]]) -> [Double]? {
    var a = equations
    for i in 0..<3 {
      let pivot = a[i][i]
      guard pivot > 1e-9 else { return nil }
      for j in 0..<3 where j != i {
        let factor = a[j][i] / pivot
        for k in i..<4 { a[j][k] -= factor * a[i][k] }
      }
    }
    return (0..<3).map { a[$0][3] / a[$0][$0] }
  }
}
