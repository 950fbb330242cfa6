import Documents

/// How fast a counter usually grows, and which of its readings leave its line and come back to it.
struct CounterLine {
  /// Power that nearly all steps of the counter stay below; nothing with too few steps to tell. [kW]
  let usualKW: Double?
  /// Positions of readings that lie off the line.
  private(set) var blips: Set<Int> = []

  /// Steps from which something usual can be told.
  private static let fewestSteps = 8
  /// Readings that a blip may last.
  private static let longestBlip = 12
  /// Times the usual power that no step of an honest counter has.
  private static let impossibleTimes = 5.0

  /// Looks at readings in order of time.
  init(_ readings: [CounterReading], resetFraction: Double) {
    var powers: [Double] = []
    for (before, after) in zip(readings, readings.dropFirst())
    where after.totalKWh >= before.totalKWh {
      powers.append(CounterLine.powerKW(before, after))
    }
    powers.sort()
    // Blips are the largest steps of all; a share of the steps that is larger than theirs is left out.
    let usual = powers.isEmpty ? 0 : powers[(powers.count - 1) * 97 / 100]
    let top = powers.last { $0 <= max(CounterLine.impossibleTimes * usual, 1e-6) } ?? usual
    usualKW = powers.count >= CounterLine.fewestSteps && top > 0 ? top : nil
    guard readings.count > 2 else { return }
    var height = 0
    var k = 1
    while k < readings.count {
      if let end = back(readings, from: height, at: k, resetFraction) {
        blips.formUnion(k..<end)
        height = end
        k = end + 1
      } else {
        height = k
        k += 1
      }
    }
  }

  /// The reading at which the counter is back on its line, when the one at `k` leaves it.
  private func back(
    _ readings: [CounterReading], from last: Int, at k: Int, _ resetFraction: Double
  ) -> Int? {
    let (line, odd) = (readings[last].totalKWh, readings[k].totalKWh)
    let isDrop = odd < line * max(resetFraction, 0.5)
    guard isDrop || isImpossible(readings[last], readings[k]) && odd > line else { return nil }
    for j in (k + 1)..<min(readings.count, k + 1 + CounterLine.longestBlip) where j < readings.count
    {
      let value = readings[j].totalKWh
      guard value >= line * 0.999_999, !isImpossible(readings[last], readings[j]) else { continue }
      if isDrop {
        // The way back is one step, and one that no consumption makes.
        guard isImpossible(readings[j - 1], readings[j]) else { return nil }
      } else if value >= odd {
        return nil
      }
      return j
    }
    return nil
  }

  /// True for a step that is much faster than nearly all others; with few steps, for one of a tenth of the total.
  private func isImpossible(_ before: CounterReading, _ after: CounterReading) -> Bool {
    let energy = after.totalKWh - before.totalKWh
    guard let usualKW else { return energy > max(0.5 * after.totalKWh, 10) }
    return CounterLine.powerKW(before, after) > CounterLine.impossibleTimes * usualKW
      && energy > 0.05
  }

  private static func powerKW(_ before: CounterReading, _ after: CounterReading) -> Double {
    (after.totalKWh - before.totalKWh) / (Double(max(1, after.time - before.time)) / 3_600_000)
  }
}
