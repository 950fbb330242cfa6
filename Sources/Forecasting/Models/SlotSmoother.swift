/// Exponentially weighted means per slot of the day and day type, with and without the day type.
///
/// `m ← m + α·(y − m)` per slot; a day type is working day or rest day. The two variants run side
/// by side, and the one with the smaller error a day ahead over everything known is used.
struct SlotSmoother: Sendable {
  static let weight = 0.15
  private let slotsPerDay: Int
  private var states: [[Double]]
  /// Mean before the update at slot `i`, up to a day ahead; row 0 without day type, row 1 with.
  private var ahead: [[Double]] = [[], []]
  private var residualSums: [[Double]] = [[0], [0]]
  private var residualCounts: [[Int]] = [[0], [0]]
  private var absoluteErrors: [[Double]] = [[0], [0]]
  private var known = 0

  init(slotsPerDay: Int) {
    self.slotsPerDay = slotsPerDay
    let empty = [Double](repeating: .nan, count: slotsPerDay)
    states = [empty, empty, empty]
  }

  mutating func advance(profile: SlotProfile, calendar: SiteCalendar) {
    if known == 0, profile.known > 0 {
      for _ in 0..<slotsPerDay { for row in 0..<2 { ahead[row].append(.nan) } }
    }
    while known < profile.known {
      let i = known
      let value = profile.values[i]
      let slot = calendar.slot[i]
      update(0, slot, value)
      update(calendar.isRest[i] ? 2 : 1, slot, value)
      for row in 0..<2 {
        let residual = value - ahead[row][i]
        let isKnown = residual.isFinite
        residualSums[row].append(residualSums[row][i] + (isKnown ? residual : 0))
        residualCounts[row].append(residualCounts[row][i] + (isKnown ? 1 : 0))
        absoluteErrors[row].append(absoluteErrors[row][i] + (isKnown ? abs(residual) : 0))
      }
      known += 1
      let v = i + slotsPerDay
      ahead[0].append(state(0, calendar.slot[v]))
      ahead[1].append(state(calendar.isRest[v] ? 2 : 1, calendar.slot[v]))
    }
  }

  private mutating func update(_ table: Int, _ slot: Int, _ value: Double) {
    guard value.isFinite else { return }
    let mean = states[table][slot]
    states[table][slot] = mean.isNaN ? value : mean + SlotSmoother.weight * (value - mean)
  }

  /// The mean of a slot; for a day type not met yet, the mean over all days.
  private func state(_ table: Int, _ slot: Int) -> Double {
    let mean = states[table][slot]
    return mean.isNaN ? states[0][slot] : mean
  }

  /// Tells which variant had the smaller error a day ahead before slot `known`.
  func usesDayType(known: Int) -> Bool {
    absoluteErrors[1][known] < absoluteErrors[0][known]
  }

  /// The smoothed value of a slot as known before slot `known`.
  ///
  /// Beyond a day ahead the same slot of the newest such day is used when it lies in the same
  /// variant's table already.
  func mean(_ v: Int, known: Int, dayType: Bool) -> Double {
    let row = dayType ? 1 : 0
    return v < ahead[row].count && v < known + slotsPerDay ? ahead[row][v] : .nan
  }

  /// The current state for a slot further ahead than a day; only at the newest issue time.
  func farMean(slot: Int, isRest: Bool, dayType: Bool) -> Double {
    dayType ? state(isRest ? 2 : 1, slot) : state(0, slot)
  }

  /// Mean of `value − mean` over the `count` slots before `end`, 0 when none is known.
  func level(_ count: Int, before end: Int, dayType: Bool) -> Double {
    let row = dayType ? 1 : 0
    let from = max(0, end - count)
    let n = residualCounts[row][end] - residualCounts[row][from]
    return n > 0 ? (residualSums[row][end] - residualSums[row][from]) / Double(n) : 0
  }
}
