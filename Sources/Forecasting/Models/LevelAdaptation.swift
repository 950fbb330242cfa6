/// Levels of quantiles that follow the coverage they had: adaptive conformal inference.
///
/// For each stated level τ the level used moves once a day, `a ← a + γ·(τ − share of y < q)`, the
/// share over the day's matured pairs. The walk begins at τ 90 days back, so that a forecast depends
/// on the past and the issue time only. I. Gibbs, E. Candès, arXiv 2106.00170.
struct LevelAdaptation: Sendable {
  static let windowDays = 90
  /// Levels used stay within these.
  static let limits = 0.002...0.998

  /// Step γ.
  let rate: Double
  /// Sorted errors that were known at an issue that has not matured, by issue.
  private(set) var waiting: [Int: [[Double]]] = [:]
  /// Places of the actual values among the errors known at their issue, by day of maturing.
  private var places: [Int: [Double]] = [:]

  init(rate: Double) { self.rate = rate }

  /// Keeps what was known at an issue until it can be judged.
  mutating func note(_ issue: Int, pools: [[Double]]) {
    if !pools.isEmpty { waiting[issue] = pools }
  }

  /// Places the errors of a matured issue among those known when it was issued.
  mutating func judge(_ issue: Int, errors: [(slot: Int, error: Double)], at boundary: Int) {
    guard let pools = waiting.removeValue(forKey: issue) else { return }
    for (slot, error) in errors where pools[slot].count >= 20 {
      let pool = pools[slot]
      var low = 0
      var high = pool.count
      while low < high {
        let middle = (low + high) / 2
        if pool[middle] <= error { low = middle + 1 } else { high = middle }
      }
      places[boundary, default: []].append(Double(low) / Double(pool.count))
    }
  }

  /// Drops days from before a slot.
  mutating func forget(before slot: Int) {
    places = places.filter { $0.key >= slot }
  }

  /// The levels to use for the stated ones; as many, not decreasing.
  func levels(_ stated: [Double]) -> [Double] {
    var used = stated
    for day in places.keys.sorted() {
      guard let day = places[day], !day.isEmpty else { continue }
      for i in used.indices {
        let share = Double(day.count { $0 < used[i] }) / Double(day.count)
        let moved = used[i] + rate * (stated[i] - share)
        used[i] = min(max(moved, Self.limits.lowerBound), Self.limits.upperBound)
      }
    }
    return used.sorted()
  }
}
