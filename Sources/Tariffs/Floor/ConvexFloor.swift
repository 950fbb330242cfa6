/// The highest convex function that is nowhere above a price function of blocks or bands over a range.
///
/// Where the function is convex itself it is met exactly; a part that bends down is replaced by its chord.
struct ConvexFloor {
  /// Upper end of the range.
  private let end: Double
  /// Value at the lower end of the range.
  private(set) var base: Double
  /// Where the slope changes, from the lower end on, and by how much; positive but for the first.
  private(set) var bends: [(from: Double, slope: Double)] = []
  /// Whether the function is met everywhere.
  private(set) var isExact = true

  /// Lays the function under a price function.
  ///
  /// - Parameters:
  ///   - breaks: Where the function may bend or jump, in rising order; it is straight between.
  ///   - range: Where the function is met from below.
  ///   - cost: The price function.
  init(breaks: [Double], over range: ClosedRange<Double>, _ cost: (Double) -> Double) {
    // At a jump the lower side counts.
    func lower(_ x: Double) -> Double { min(cost(x), cost(x.nextUp)) }
    let inside = breaks.filter { $0 > range.lowerBound && $0 < range.upperBound }
    end = range.upperBound
    var points = [(x: range.lowerBound, y: lower(range.lowerBound))]
    points += inside.map { ($0, lower($0)) }
    if range.upperBound > range.lowerBound {
      points.append((range.upperBound, lower(range.upperBound)))
    }
    var hull: [(x: Double, y: Double)] = []
    for point in points where hull.last?.x != point.x {
      while hull.count > 1 {
        let (a, b) = (hull[hull.count - 2], hull[hull.count - 1])
        if (b.y - a.y) * (point.x - b.x) < (point.y - b.y) * (b.x - a.x) { break }
        hull.removeLast()
      }
      hull.append(point)
    }
    base = hull[0].y
    var slope = 0.0
    for (a, b) in zip(hull, hull.dropFirst()) {
      let next = (b.y - a.y) / (b.x - a.x)
      bends.append((a.x, next - slope))
      slope = next
    }
    for point in points {
      let high = max(cost(point.x), cost(point.x.nextUp))
      if high > value(at: point.x) + 1e-9 * max(1, abs(high)) { isExact = false }
    }
  }

  /// Lays tangents under a square, of which one meets it at a point.
  ///
  /// - Parameters:
  ///   - square: Factor on the square, above zero.
  ///   - range: Where the square is met from below.
  ///   - reference: The point.
  init(square: Double, over range: ClosedRange<Double>, at reference: Double) {
    let shares = [0.5, 0.7, 0.85, 0.95, 1, 1.05, 1.15, 1.3, 1.6]
    let points =
      [range.lowerBound]
      + shares.map { $0 * reference }.filter { $0 > range.lowerBound && $0 < range.upperBound }
    end = range.upperBound
    base = square * range.lowerBound * range.lowerBound
    bends = [(range.lowerBound, 2 * square * range.lowerBound)]
    isExact = false
    for (a, b) in zip(points, points.dropFirst()) {
      // Tangents of a square cross in the middle.
      bends.append(((a + b) / 2, 2 * square * (b - a)))
    }
    bends.removeAll { $0.slope == 0 }
  }

  /// Returns the value at a point.
  func value(at x: Double) -> Double {
    bends.reduce(base) { $0 + $1.slope * max(0, x - $1.from) }
  }

  /// Returns the slope just above a point.
  func slope(at x: Double) -> Double {
    bends.reduce(0) { $0 + ($1.from <= x ? $1.slope : 0) }
  }

  /// The highest such function that falls nowhere.
  var rising: ConvexFloor {
    var result = self
    while let first = result.bends.first, first.slope < 0 {
      let next = result.bends.count > 1 ? result.bends[1] : nil
      result.bends.removeFirst()
      guard let next else {
        result.base += first.slope * max(0, end - first.from)
        break
      }
      result.base += first.slope * (next.from - first.from)
      result.bends[0].slope += first.slope
    }
    result.bends.removeAll { $0.slope == 0 }
    return result
  }
}
