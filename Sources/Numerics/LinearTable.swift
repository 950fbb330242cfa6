/// A function given by points and straight lines between them, constant beyond the ends.
public struct LinearTable: Sendable, Equatable {
  /// Where values are given, strictly increasing.
  public let x: [Double]
  /// The values, one per point.
  public let y: [Double]

  /// Joins points by straight lines.
  ///
  /// - Parameters:
  ///   - x: Finite and strictly increasing, at least one point.
  ///   - y: Finite, one per point.
  public init(x: [Double], y: [Double]) {
    precondition(LinearTable.isValid(x: x, y: y), "points in strictly increasing order")
    self.x = x
    self.y = y
  }

  /// Returns whether points can form a table.
  public static func isValid(x: [Double], y: [Double]) -> Bool {
    !x.isEmpty && x.count == y.count && x.allSatisfy(\.isFinite) && y.allSatisfy(\.isFinite)
      && zip(x, x.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// Returns the value at a place; the value at the nearest end beyond the points.
  public func callAsFunction(_ place: Double) -> Double {
    if place <= x[0] { return y[0] }
    if place >= x[x.count - 1] { return y[y.count - 1] }
    var low = 0
    var high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= place { low = middle } else { high = middle }
    }
    let share = (place - x[low]) / (x[high] - x[low])
    return y[low] + share * (y[high] - y[low])
  }
}
