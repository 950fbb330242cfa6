/// Summaries of samples; missing values (NaN) are the caller's business.
package enum Statistics {
  /// Returns the arithmetic mean, NaN for no values.
  package static func mean(_ values: some Sequence<Double>) -> Double {
    var sum = 0.0
    var count = 0
    for value in values {
      sum += value
      count += 1
    }
    return sum / Double(count)
  }

  /// Returns the standard deviation with n − 1 in the denominator, NaN for fewer than two values.
  package static func standardDeviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let centre = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// Returns a quantile by linear interpolation between order statistics (Hyndman and Fan type 7).
  ///
  /// - Parameters:
  ///   - sorted: Values in increasing order.
  ///   - probability: 0…1.
  /// - Returns: The quantile, NaN for no values.
  package static func quantile(sorted: [Double], probability: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = probability * Double(sorted.count - 1)
    let low = max(0, min(sorted.count - 1, Int(place.rounded(.down))))
    guard low + 1 < sorted.count else { return last }
    return sorted[low] + (place - Double(low)) * (sorted[low + 1] - sorted[low])
  }

  /// Returns Pearson's correlation, NaN when either side is constant.
  package static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "pairs")
    let meanA = mean(a)
    let meanB = mean(b)
    var ab = 0.0
    var aa = 0.0
    var bb = 0.0
    for i in a.indices {
      ab += (a[i] - meanA) * (b[i] - meanB)
      aa += (a[i] - meanA) * (a[i] - meanA)
      bb += (b[i] - meanB) * (b[i] - meanB)
    }
    return ab / (aa * bb).squareRoot()
  }

  /// Returns ranks from 1, equal values sharing the mean of their ranks.
  package static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for k in first...last { ranks[order[k]] = Double(first + last) / 2 + 1 }
      first = last + 1
    }
    return ranks
  }

  /// Returns Spearman's rank correlation, NaN when either side is constant.
  package static func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
    correlation(ranks(a), ranks(b))
  }

  /// Returns Kendall's rank correlation with ties (tau-b), NaN when either side is constant.
  ///
  /// Source: M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945),
  /// doi:10.1093/biomet/33.3.239.
  package static func kendallTau(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "pairs")
    var agreement = 0.0
    var inA = 0.0
    var inB = 0.0
    for i in a.indices {
      for j in 0..<i {
        let x: Double = a[i] == a[j] ? 0 : a[i] > a[j] ? 1 : -1
        let y: Double = b[i] == b[j] ? 0 : b[i] > b[j] ? 1 : -1
        agreement += x * y
        inA += x * x
        inB += y * y
      }
    }
    return agreement / (inA * inB).squareRoot()
  }

  /// Returns the most frequent number.
  ///
  /// - Parameter counts: How often each number occurs.
  /// - Returns: The number, the smallest of several; nothing when nothing was counted.
  package static func mode(_ counts: [Int: Int]) -> Int? {
    counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
