/// Means and spreads of columns, taken from the rows that a model is fitted on.
struct Standardisation: Sendable, Equatable {
  var mean: [Double]
  /// Standard deviation; 1 for a column that does not vary.
  var spread: [Double]

  init(mean: [Double], spread: [Double]) {
    self.mean = mean
    self.spread = spread
  }

  /// - Parameters:
  ///   - rows: `count × width` values, row after row.
  ///   - width: Number of columns.
  init(_ rows: [Double], width: Int) {
    let count = Double(max(1, rows.count / width))
    mean = [Double](repeating: 0, count: width)
    spread = mean
    for (k, value) in rows.enumerated() { mean[k % width] += value / count }
    for (k, value) in rows.enumerated() {
      let difference = value - mean[k % width]
      spread[k % width] += difference * difference / count
    }
    for j in spread.indices {
      let root = spread[j].squareRoot()
      spread[j] = root > 1e-9 * (1 + abs(mean[j])) ? root : 1
    }
  }

  /// Returns the rows with mean 0 and spread 1.
  func callAsFunction(_ rows: [Double]) -> [Double] {
    let width = mean.count
    var result = rows
    for k in rows.indices { result[k] = (rows[k] - mean[k % width]) / spread[k % width] }
    return result
  }
}
