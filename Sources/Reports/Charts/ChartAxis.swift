#if canImport(Glibc)
import Documents
import Glibc
#else
import Foundation
#endif

/// A linear axis with ticks at round numbers.
struct ChartAxis {
  let low: Double
  let high: Double
  let ticks: [Double]
  private let decimals: Int

  /// Covers values with some room, at about five ticks.
  init(covering values: some Sequence<Double>, includesZero: Bool = false) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if includesZero || low > high {
      low = min(low, 0)
      high = max(high, 0)
    }
    if !low.isFinite || !high.isFinite || low == high {
      low = (low.isFinite ? low : 0) - 0.5
      high = low + 1
    }
    let rough = (high - low) / 5
    let magnitude = pow(10, floor(log10(rough)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= rough } ?? rough
    let first = floor(low / step)
    let last = ceil(high / step)
    self.low = first * step
    self.high = last * step
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    decimals = max(0, Int(-floor(log10(step) + 1e-9))) + (step == 2.5 * magnitude ? 1 : 0)
  }

  /// Covers whole days with a tick on each of them, or every few.
  init(days: Int) {
    low = 0
    high = Double(max(1, days))
    let step = [1, 2, 5, 7, 14, 30, 60, 90].first { days / $0 <= 10 } ?? 90
    ticks = stride(from: 0, through: days, by: step).map(Double.init)
    decimals = 0
  }

  func text(_ tick: Double) -> String { NumberText.fixed(tick, decimals: decimals) }

  /// Share of the axis at a value, 0 at the low end.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }
}
