import TimeSeries

/// What follows from the known values of one quantity, kept up as slots become known.
///
/// Every array that reaches beyond the known slots holds values that need no slot later than a
/// day before its own, so they are the same for every issue time from which they can be known.
/// That turns a forecast into a copy, and makes the cost of a year one pass over its slots.
///
/// A day before is the same time on the local clock, see `placeAtSameTime`, where the quantity goes by
/// the clock; else, and where clocks never change, so many slots before.
struct SlotProfile: Sendable {
  /// Begin of the first slot. [UTC epoch s]
  let start: Int
  let stepSeconds: Int
  let slotsPerDay: Int
  /// Known values; NaN where missing.
  private(set) var values: [Double] = []
  /// `sums[i]` is the sum of the finite values before slot `i`.
  private(set) var sums: [Double] = [0]
  /// `counts[i]` is the number of finite values before slot `i`.
  private(set) var counts: [Int] = [0]
  /// Mean of the same slot on the seven days before, for slots up to a day ahead.
  private(set) var mean7: [Double] = []
  /// The same over 28 days; empty without features.
  private(set) var mean28: [Double] = []
  /// Mean of the two neighbouring slots over seven days, without the last slot ahead; empty without features.
  private(set) var neighbours: [Double] = []
  /// Sum and number of `value − mean7` over the known slots.
  private(set) var deviationSums: [Double] = [0]
  private(set) var deviationCounts: [Int] = [0]
  /// Newest finite value at or before a slot.
  private(set) var newest: [Double] = []
  /// Largest finite value before a slot.
  private(set) var largest: [Double] = [0]
  /// Local time less UTC, in slots, as far as the calendar reaches; empty for a quantity that knows no
  /// clock.
  private var offsetSlots: [Int] = []
  private var signature: UInt64 = 0
  private let hasFeatures: Bool

  init(start: Int, stepSeconds: Int, hasFeatures: Bool = true) {
    self.hasFeatures = hasFeatures
    self.start = start
    self.stepSeconds = stepSeconds
    slotsPerDay = 86_400 / stepSeconds
  }

  var known: Int { values.count }
  var stepHours: Double { Double(stepSeconds) / 3600 }

  /// Tells whether a past continues the one seen so far, judged by its length and newest value.
  func isContinued(by past: ArraySlice<Double>) -> Bool {
    guard past.count >= known else { return false }
    guard known > 0 else { return true }
    return past[past.startIndex + known - 1].bitPattern == signature
  }

  /// Takes in the slots of a past that are not known yet.
  mutating func advance(to past: ArraySlice<Double>, offsetSlots: [Int] = []) {
    self.offsetSlots = offsetSlots
    let from = known
    guard past.count > from else { return }
    for i in from..<past.count { append(past[past.startIndex + i]) }
    signature = values[known - 1].bitPattern
  }

  private mutating func append(_ value: Double) {
    let i = known
    values.append(value.isFinite ? value : .nan)
    sums.append(sums[i] + (value.isFinite ? value : 0))
    counts.append(counts[i] + (value.isFinite ? 1 : 0))
    newest.append(value.isFinite ? value : (i > 0 ? newest[i - 1] : .nan))
    largest.append(max(largest[i], value.isFinite ? value : 0))
    if i == 0 { for v in 0..<slotsPerDay { appendAhead(v) } }
    appendAhead(i + slotsPerDay)
    let deviation = value - mean7[i]
    deviationSums.append(deviationSums[i] + (deviation.isFinite ? deviation : 0))
    deviationCounts.append(deviationCounts[i] + (deviation.isFinite ? 1 : 0))
  }

  private mutating func appendAhead(_ v: Int) {
    mean7.append(mean(at: v, firstDay: 1, days: 7))
    guard hasFeatures else { return }
    mean28.append(mean(at: v, firstDay: 1, days: 28))
    // The right neighbour of slot v − 1 has just become known.
    if v > 0 { neighbours.append(neighbourMean(v - 1, rightFirstDay: 1)) }
  }

  /// The slot of the same time of day so many days before slot `v`; negative before the first.
  func place(_ v: Int, daysBefore days: Int) -> Int {
    let straight = v - days * slotsPerDay
    guard straight >= 0, v < offsetSlots.count, offsetSlots[v] != offsetSlots[straight] else {
      return straight
    }
    return placeAtSameTime(as: v, back: days * slotsPerDay) { offsetSlots[max(0, $0)] }
  }

  /// Mean of the finite values of a slot on `days` days, the newest `firstDay` days before; a day later
  /// where clocks were set forward and the slot lies less than those days back.
  func mean(at v: Int, firstDay: Int, days: Int) -> Double {
    let isShort = place(v, daysBefore: firstDay) > v - firstDay * slotsPerDay
    return mean(at: v, newest: firstDay + (isShort ? 1 : 0), days: days)
  }

  private func mean(at v: Int, newest firstDay: Int, days: Int) -> Double {
    var sum = 0.0
    var count = 0
    for day in firstDay..<firstDay + days {
      let i = place(v, daysBefore: day)
      if i < 0 { break }
      let value = values[i]
      if !value.isNaN {
        sum += value
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : .nan
  }

  /// Mean of a slot over the newest seven days on which it is known.
  func newestMean7(_ v: Int, known: Int) -> Double {
    let f = folded(v, known: known)
    guard f < offsetSlots.count, f >= slotsPerDay,
      offsetSlots[f] != offsetSlots[f - slotsPerDay]
    else { return mean7[f] }
    // Within a day of a change of clocks the day before may be known or not, by the hour.
    return mean(at: v, newest: daysBack(v, known: known), days: 7)
  }

  private func neighbourMean(_ v: Int, rightFirstDay: Int) -> Double {
    var sum = 0.0
    var count = 0
    for (offset, firstDay) in [(-1, 1), (1, rightFirstDay)] {
      for day in firstDay..<8 {
        let i = place(v + offset, daysBefore: day)
        if i >= 0, i <= v + offset - firstDay * slotsPerDay, i < known, !values[i].isNaN {
          sum += values[i]
          count += 1
        }
      }
    }
    return count > 0 ? sum / Double(count) : .nan
  }

  /// The days back to the newest day on which slot `v` is known when `known` slots are.
  func daysBack(_ v: Int, known: Int) -> Int {
    let days = max(1, (v - known) / slotsPerDay + 1)
    if offsetSlots.isEmpty { return days }
    if place(v, daysBefore: days) >= known { return days + 1 }
    return days > 1 && place(v, daysBefore: days - 1) < known ? days - 1 : days
  }

  /// The slot less than a day ahead that has the same place in the day as `v`.
  func folded(_ v: Int, known: Int) -> Int {
    let days = max(1, (v - known) / slotsPerDay + 1) - 1
    let f = place(v, daysBefore: days)
    return f < known + slotsPerDay ? f : place(v, daysBefore: days + 1)
  }

  /// The value `days` days before slot `v`, or further back if that is not known yet.
  func lag(_ days: Int, _ v: Int, known: Int) -> Double {
    let i = place(v, daysBefore: max(days, daysBack(v, known: known)))
    return i >= 0 ? values[i] : .nan
  }

  /// The seven-day mean of both neighbours of a folded slot.
  func neighbourMean(_ v: Int, known: Int) -> Double {
    if v + 1 - slotsPerDay < known { return neighbours[v] }
    return neighbourMeanAtEdge(v)
  }

  private func neighbourMeanAtEdge(_ v: Int) -> Double { neighbourMean(v, rightFirstDay: 2) }

  /// Mean of the finite values of the `count` slots before slot `end`.
  func trailingMean(_ count: Int, before end: Int) -> Double {
    let from = max(0, end - count)
    let n = counts[end] - counts[from]
    return n > 0 ? (sums[end] - sums[from]) / Double(n) : .nan
  }

  /// Mean of `value − mean7` over the `count` slots before slot `end`, 0 when none is known.
  func trailingDeviation(_ count: Int, before end: Int) -> Double {
    let from = max(0, end - count)
    let n = deviationCounts[end] - deviationCounts[from]
    return n > 0 ? (deviationSums[end] - deviationSums[from]) / Double(n) : 0
  }

  /// Largest finite value of the `count` slots before slot `end`.
  func trailingMaximum(_ count: Int, before end: Int) -> Double {
    var largest = -Double.infinity
    for i in max(0, end - count)..<end where values[i] > largest { largest = values[i] }
    return largest.isFinite ? largest : .nan
  }

  /// The stated fallback for a slot nothing else could forecast: the mean of its newest seven
  /// days, else of 28, else of the last day, else the newest value, else 0.
  func fallback(_ v: Int, known: Int) -> Double {
    let f = folded(v, known: known)
    if f < mean7.count, !mean7[f].isNaN { return mean7[f] }
    if f < mean7.count {
      let month = mean(at: f, firstDay: 1, days: 28)
      if !month.isNaN { return month }
    }
    if known > 0 {
      let day = trailingMean(slotsPerDay, before: known)
      if !day.isNaN { return day }
      if !newest[known - 1].isNaN { return newest[known - 1] }
    }
    return 0
  }
}
