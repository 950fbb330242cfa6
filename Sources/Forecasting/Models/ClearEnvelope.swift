/// What a photovoltaic plant gives in a slot when the sky is clear, learned from its own output.
///
/// With `M(v)` the largest value of slot `v` on the 14 days before,
/// `env(v) = ½·M(v) + ½·min(max(M(v−1), M(v), M(v+1)), 1.5·M(v))`. It needs no site data and learns
/// tilt and shading. The clear-sky index over a window is the output over the envelope.
struct ClearEnvelope: Sendable {
  static let days = 14
  private let slotsPerDay: Int
  private var largest: [Double] = []
  private var envelope: [Double] = []
  private var outputSums: [Double] = [0]
  private var envelopeSums: [Double] = [0]
  private var known = 0

  init(slotsPerDay: Int) { self.slotsPerDay = slotsPerDay }

  mutating func advance(profile: SlotProfile) {
    if known == 0, profile.known > 0 {
      for v in 0..<slotsPerDay { appendAhead(v, profile) }
    }
    while known < profile.known {
      let i = known
      known += 1
      appendAhead(i + slotsPerDay, profile)
      let both = profile.values[i].isFinite && envelope[i].isFinite
      outputSums.append(outputSums[i] + (both ? profile.values[i] : 0))
      envelopeSums.append(envelopeSums[i] + (both ? envelope[i] : 0))
    }
  }

  private mutating func appendAhead(_ v: Int, _ profile: SlotProfile) {
    largest.append(maximum(v, firstDay: 1, profile))
    if v > 0 {
      envelope.append(combined(largest[v - 1], left: v > 1 ? largest[v - 2] : .nan, largest[v]))
    }
  }

  private func maximum(_ v: Int, firstDay: Int, _ profile: SlotProfile) -> Double {
    var result = Double.nan
    for day in firstDay...ClearEnvelope.days {
      let i = v - day * slotsPerDay
      if i < 0 { break }
      if profile.values[i] > result || result.isNaN { result = profile.values[i] }
    }
    return result
  }

  private func combined(_ own: Double, left: Double, _ right: Double) -> Double {
    var highest = own
    if left > highest { highest = left }
    if right > highest { highest = right }
    return 0.5 * own + 0.5 * min(highest, 1.5 * own)
  }

  /// The envelope of a folded slot as known before slot `known`; NaN when nothing is known of it.
  func value(_ v: Int, known: Int, profile: SlotProfile) -> Double {
    if v + 1 - slotsPerDay < known { return envelope[v] }
    // The right neighbour's newest day is not known yet: its days count from the second.
    return combined(
      largest[v], left: v > 0 ? largest[v - 1] : .nan, maximum(v + 1, firstDay: 2, profile))
  }

  /// Output over envelope of the `count` slots before `end`; nothing in the dark, where the
  /// envelope of the window is under 2 % of `capKW` for one hour.
  func clearness(_ count: Int, before end: Int, capKW: Double, stepHours: Double) -> Double? {
    let from = max(0, end - count)
    let sum = envelopeSums[end] - envelopeSums[from]
    guard sum * stepHours > 0.02 * capKW else { return nil }
    return (outputSums[end] - outputSums[from]) / sum
  }
}
