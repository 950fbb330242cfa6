/// A cycle that rainflow counting found.
public struct RainflowCycle: Sendable, Equatable {
  /// Distance between its two reversals.
  public var range: Double
  /// Mean of its two reversals.
  public var mean: Double
  /// 1 for a closed cycle, 0.5 for a half cycle.
  public var count: Double
  /// Which samples its reversals were, counted from 0.
  public var start: Int
  public var end: Int
}

/// Rainflow counting of a stream, sample by sample.
///
/// The three-point rule of ASTM E1049-85 with its start point. The stack of open reversals is the only
/// state, so counting may stop and go on at any sample, across years and saved states; what is still
/// open at the end counts as half cycles.
public struct RainflowCounter: Sendable, Equatable, Codable {
  private var values: [Double] = []
  private var indices: [Int] = []
  private var last = 0.0
  private var direction = 0.0
  private var seen = 0

  /// Starts without samples.
  public init() {
    values.reserveCapacity(32)
    indices.reserveCapacity(32)
  }

  /// Takes a sample and reports every cycle that it closes.
  @inline(__always)
  public mutating func add(_ value: Double, found: (RainflowCycle) -> Void) {
    let step = value - last
    if step * direction >= 0, seen > 1 {
      // Goes on the same way or stands still; a first move after standing sets the way.
      if step != 0 {
        direction = step
        last = value
      }
      seen += 1
      return
    }
    turn(value, step: step, found: found)
  }

  /// Takes many samples.
  public mutating func add(_ samples: [Double], found: (RainflowCycle) -> Void) {
    for value in samples { add(value, found: found) }
  }

  private mutating func turn(_ value: Double, step: Double, found: (RainflowCycle) -> Void) {
    defer {
      last = value
      seen += 1
    }
    if seen == 0 {
      values.append(value)
      indices.append(0)
      return
    }
    if seen == 1 {
      direction = step
      return
    }
    // The sample before this one was a reversal.
    push(last, index: seen - 1, found: found)
    direction = step
  }

  private mutating func push(_ value: Double, index: Int, found: (RainflowCycle) -> Void) {
    values.append(value)
    indices.append(index)
    var count = values.count
    while count >= 3 {
      let recent = abs(values[count - 1] - values[count - 2])
      let before = abs(values[count - 2] - values[count - 3])
      if recent < before { break }
      if count == 3 {
        found(cycle(0, 1, count: 0.5))
        values.removeFirst()
        indices.removeFirst()
      } else {
        found(cycle(count - 3, count - 2, count: 1))
        values.remove(at: count - 3)
        values.remove(at: count - 3)
        indices.remove(at: count - 3)
        indices.remove(at: count - 3)
      }
      count = values.count
    }
  }

  private func cycle(_ a: Int, _ b: Int, count: Double) -> RainflowCycle {
    RainflowCycle(
      range: abs(values[a] - values[b]), mean: 0.5 * (values[a] + values[b]), count: count,
      start: indices[a], end: indices[b])
  }

  /// Reports what is still open, the last sample taken as a reversal, without changing the counter.
  public func residue(found: (RainflowCycle) -> Void) {
    guard seen > 1 else { return }
    var closing = self
    closing.push(last, index: seen - 1, found: found)
    while closing.values.count > 1 {
      found(closing.cycle(0, 1, count: 0.5))
      closing.values.removeFirst()
      closing.indices.removeFirst()
    }
  }

  /// Returns all cycles of a finished series.
  public static func cycles(of samples: [Double]) -> [RainflowCycle] {
    var counter = RainflowCounter()
    var all: [RainflowCycle] = []
    for value in samples { counter.add(value) { all.append($0) } }
    counter.residue { all.append($0) }
    return all
  }
}
