import Numerics

/// Sums of products of regression rows, in blocks of a few issues so that the newest part can be
/// held out.
///
/// A row is `[1, columns…, target]`; a block is the upper triangle of its `Xᵀ·X`.
struct GramBlocks: Sendable {
  static let issuesPerBlock = 8
  /// Number of columns without the constant and the target.
  let width: Int
  /// First of the columns whose range is kept, to hold a forecast within it.
  let boundedFrom: Int
  /// Rows of the open block.
  var pending: [Double] = []
  private var blocks: [[Double]] = []
  /// The last issue of each block.
  private var lastIssues: [Int] = []
  /// The range of each bounded column in each block.
  private var ranges: [[ClosedRange<Double>]] = []
  private var openIssues = 0
  private var newestIssue = 0
  private(set) var rowCount = 0

  init(width: Int, boundedFrom: Int? = nil) {
    self.width = width
    self.boundedFrom = boundedFrom ?? width
  }

  private var order: Int { width + 2 }

  /// Appends an empty row and returns where it begins in `pending`.
  mutating func beginRow() -> Int {
    let at = pending.count
    pending.append(contentsOf: repeatElement(0, count: order))
    rowCount += 1
    return at
  }

  /// Takes the newest row back.
  mutating func dropRow() {
    pending.removeLast(order)
    rowCount -= 1
  }

  /// Closes an issue, and the block when it is full.
  mutating func endIssue(_ issue: Int) {
    openIssues += 1
    newestIssue = issue
    if openIssues == GramBlocks.issuesPerBlock { closeBlock() }
  }

  /// Drops the blocks that have no issue at or after a slot.
  mutating func drop(before slot: Int) {
    while let last = lastIssues.first, last < slot {
      rowCount -= Int(blocks[0][0].rounded())
      blocks.removeFirst()
      lastIssues.removeFirst()
      ranges.removeFirst()
    }
  }

  private mutating func closeBlock() {
    openIssues = 0
    guard !pending.isEmpty else { return }
    var block = [Double](repeating: 0, count: order * order)
    LinearAlgebra.addGram(rows: pending, width: order, to: &block)
    blocks.append(block)
    lastIssues.append(newestIssue)
    ranges.append(
      (boundedFrom..<width).map { column in
        var low = Double.infinity
        var high = -Double.infinity
        for at in stride(from: column + 1, to: pending.count, by: order) {
          low = min(low, pending[at])
          high = max(high, pending[at])
        }
        return low...max(low, high)
      })
    pending.removeAll(keepingCapacity: true)
  }

  /// Solves the ridge regression with the penalty that did best on the newest 15 % of rows.
  func solve() -> RidgeFit? {
    var all = self
    if all.openIssues > 0 { all.closeBlock() }
    var held = [Double](repeating: 0, count: order * order)
    var kept = held
    var heldRows = 0.0
    for block in all.blocks.reversed() {
      if heldRows < 0.15 * Double(rowCount) {
        for i in held.indices { held[i] += block[i] }
        heldRows += block[0]
      } else {
        for i in kept.indices { kept[i] += block[i] }
      }
    }
    var penalty = 10.0
    var heldOutError: Double?
    if kept[0] >= Double(5 * width) {
      var best = Double.infinity
      for candidate in [1.0, 10, 100, 1000] {
        guard let fit = RidgeFit(gram: kept, width: width, penalty: candidate) else { continue }
        let error = fit.squaredError(gram: held)
        if error < best {
          best = error
          penalty = candidate
        }
      }
      heldOutError = heldRows > 0 ? (max(0, best) / heldRows).squareRoot() : nil
    }
    var total = held
    for i in total.indices { total[i] += kept[i] }
    var fit = RidgeFit(gram: total, width: width, penalty: penalty)
    fit?.heldOutRMSE = heldOutError
    fit?.boundedFrom = boundedFrom
    fit?.ranges = (0..<width - boundedFrom).map { column in
      let own = all.ranges.map { $0[column] }
      let low = own.map(\.lowerBound).min() ?? 0
      return low...max(low, own.map(\.upperBound).max() ?? 0)
    }
    return fit
  }
}

/// Weights of a linear forecast: `value = constant + Σ weight·column`.
struct RidgeFit: Sendable {
  let constant: Double
  let weights: [Double]
  let penalty: Double
  /// Root mean squared error on the rows that chose the penalty, before they were fitted on; nothing
  /// when there were too few.
  var heldOutRMSE: Double?
  /// First of the columns that are held within the range they had in the rows fitted on.
  var boundedFrom = Int.max
  /// Those ranges.
  var ranges: [ClosedRange<Double>] = []

  /// Minimises `Σ (y − ȳ − z·w)² + penalty·Σ w²` on standardised columns `z`.
  ///
  /// - Parameters:
  ///   - gram: Upper triangle of the product of rows `[1, columns…, target]`.
  ///   - width: Number of columns.
  ///   - penalty: Weight of the squared weights.
  init?(gram: [Double], width: Int, penalty: Double) {
    let order = width + 2
    let n = gram[0]
    guard n > 1 else { return nil }
    let means = (1...width).map { gram[$0] / n }
    let targetMean = gram[order - 1] / n
    let deviations = (0..<width).map { j -> Double in
      let variance = gram[(j + 1) * order + j + 1] / n - means[j] * means[j]
      // A column without variation carries nothing; rounding must not blow it up.
      let scale = max(abs(means[j]), 1e-12)
      return variance > 1e-12 * scale * scale ? variance.squareRoot() : 0
    }
    var matrix = [Double](repeating: 0, count: width * width)
    var rightHandSide = [Double](repeating: 0, count: width)
    for i in 0..<width {
      guard deviations[i] > 0 else {
        matrix[i * width + i] = 1
        continue
      }
      for j in i..<width where deviations[j] > 0 {
        let covariance = gram[(i + 1) * order + j + 1] - n * means[i] * means[j]
        matrix[i * width + j] = covariance / (deviations[i] * deviations[j])
      }
      matrix[i * width + i] += penalty
      let covariance = gram[(i + 1) * order + order - 1] - n * means[i] * targetMean
      rightHandSide[i] = covariance / deviations[i]
    }
    guard
      let solution = LinearAlgebra.choleskySolve(matrix: matrix, rightHandSide: rightHandSide)
    else { return nil }
    weights = (0..<width).map { deviations[$0] > 0 ? solution[$0] / deviations[$0] : 0 }
    var constant = targetMean
    for j in 0..<width { constant -= weights[j] * means[j] }
    self.constant = constant
    self.penalty = penalty
  }

  /// Holds the bounded columns of a row within what the fit has seen.
  ///
  /// - Returns: Whether any column lay beyond.
  func bound(_ row: inout [Double]) -> Bool {
    var isMoved = false
    for (i, range) in ranges.enumerated() where !range.contains(row[boundedFrom + i]) {
      row[boundedFrom + i] = min(max(row[boundedFrom + i], range.lowerBound), range.upperBound)
      isMoved = true
    }
    return isMoved
  }

  /// The forecast of a row of columns.
  func value(_ row: [Double]) -> Double {
    var sum = constant
    for j in weights.indices { sum += weights[j] * row[j] }
    return sum
  }

  /// Sum of squared errors over the rows of a Gram matrix.
  func squaredError(gram: [Double]) -> Double {
    let order = weights.count + 2
    let coefficients = [-constant] + weights.map { -$0 } + [1]
    var sum = 0.0
    for i in 0..<order {
      sum += coefficients[i] * coefficients[i] * gram[i * order + i]
      for j in (i + 1)..<order {
        sum += 2 * coefficients[i] * coefficients[j] * gram[i * order + j]
      }
    }
    return sum
  }
}
