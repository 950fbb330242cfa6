/// A figure of the replayed years, read at the capacity or the number of other years.
///
/// Between replayed years it runs straight; outside of them it is in proportion to the capacity, or stays where years
/// are read.
struct YearCurve: Sendable {
  private let points: [(x: Double, value: Double)]
  private let isProportional: Bool

  /// Takes points in any order; several of one place stand for their mean.
  init(_ points: [(x: Double, value: Double)], isProportional: Bool) {
    self.isProportional = isProportional
    var merged: [(x: Double, value: Double)] = []
    var count = 0.0
    for point in points.sorted(by: { $0.x < $1.x }) {
      if let last = merged.last, point.x - last.x < 1e-9 {
        merged[merged.count - 1].value = (last.value * count + point.value) / (count + 1)
        count += 1
      } else {
        merged.append(point)
        count = 1
      }
    }
    self.points = merged
  }

  /// Returns the value at a place.
  func value(at x: Double) -> Double {
    guard let first = points.first, let last = points.last else { return 0 }
    if x <= first.x { return isProportional ? first.value * x / first.x : first.value }
    if x >= last.x { return isProportional ? last.value * x / last.x : last.value }
    let upper = points.firstIndex { $0.x >= x } ?? points.count - 1
    let (a, b) = (points[upper - 1], points[upper])
    return a.value + (b.value - a.value) * (x - a.x) / (b.x - a.x)
  }

  /// Largest error of a point read from the others, as a share of its value; nothing for fewer than three points.
  var largestError: Double? {
    guard points.count > 2 else { return nil }
    return (1..<points.count - 1).reduce(0) { worst, left in
      var others = points
      let point = others.remove(at: left)
      let read = YearCurve(others, isProportional: isProportional).value(at: point.x)
      return point.value == 0 ? worst : max(worst, abs(read - point.value) / abs(point.value))
    }
  }
}
