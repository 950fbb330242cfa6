/// Cost to go after each slot as a piecewise-linear function of the stored energy.
///
/// Only slopes are kept, because only differences of cost decide anything. The slope is minus the
/// worth of a stored kWh, keeping it over the slot included. Slopes rise, so energy is worth less the
/// fuller the battery; only where feeding in pays more than buying costs may they fall as well.
public struct ValueFunction: Sendable {
  /// First piece of each state; the pieces of state `t` end where those of the one before begin.
  var offset: [Int] = []
  var pieces: [Int] = []
  /// Lowest energy of each state. [kWh]
  var leftEnd: [Double] = []
  var slope: [Double] = []
  var width: [Double] = []
  /// Slopes rise in every state.
  var isConvex = true

  /// An empty function.
  init() {}

  /// An empty function with room for as many pieces as another one has.
  init(sizedLike other: ValueFunction) {
    restart(slots: other.slotCount)
    var used = 0
    for state in other.pieces.indices {
      used = max(used, other.offset[state] + other.pieces[state])
    }
    reserve(used + used / 4, from: 0)
  }

  /// The first states of another function, which lie together at its end.
  init(_ other: ValueFunction, states: Int) {
    guard states < other.leftEnd.count else {
      self = other
      return
    }
    let first = other.offset[states - 1]
    let end = other.offset[0] + other.pieces[0]
    offset = other.offset[..<states].map { $0 - first }
    pieces = Array(other.pieces[..<states])
    leftEnd = Array(other.leftEnd[..<states])
    slope = Array(other.slope[first..<end])
    width = Array(other.width[first..<end])
    isConvex = other.isConvex
  }

  /// Number of slots: states are the beginnings of slots and, last, the end of the horizon.
  public var slotCount: Int { max(0, leftEnd.count - 1) }

  /// Returns the lowest and the highest energy for which the cost after a slot is known. [kWh]
  public func energyRange(after slot: Int) -> ClosedRange<Double> {
    let state = min(slot + 1, leftEnd.count - 1)
    var right = leftEnd[state]
    for k in 0..<pieces[state] { right += width[offset[state] + k] }
    return leftEnd[state]...max(leftEnd[state], right)
  }

  /// Returns the worth of one more stored kWh after a slot. [currency/kWh]
  public func energyValuePerKWh(after slot: Int, energyKWh: Double) -> Double {
    let state = min(slot + 1, leftEnd.count - 1)
    var right = leftEnd[state]
    let first = offset[state]
    for k in 0..<pieces[state] {
      right += width[first + k]
      if energyKWh < right { return -slope[first + k] }
    }
    return pieces[state] > 0 ? -slope[first + pieces[state] - 1] : 0
  }

  /// Returns the pieces after a slot between two energies, the fullest first.
  ///
  /// - Parameters:
  ///   - slot: The slot.
  ///   - lowKWh: Lower energy. [kWh]
  ///   - highKWh: Higher energy. [kWh]
  /// - Returns: Widths and worths of a stored kWh; none outside of what is known. [kWh, currency/kWh]
  func worths(
    after slot: Int, from lowKWh: Double, to highKWh: Double
  ) -> [(widthKWh: Double, perKWh: Double)] {
    let state = min(slot + 1, leftEnd.count - 1)
    guard state >= 0 else { return [] }
    var found: [(widthKWh: Double, perKWh: Double)] = []
    var left = leftEnd[state]
    for k in 0..<pieces[state] {
      let place = offset[state] + k
      let right = left + width[place]
      let cut = min(right, highKWh) - max(left, lowKWh)
      if cut > 0 { found.append((cut, -slope[place])) }
      left = right
    }
    return found.reversed()
  }

  /// Returns the cost to go after a slot, less that of the lowest energy; beyond its ends it goes on as it ends.
  /// [currency]
  func costToGo(after slot: Int, energyKWh: Double) -> Double {
    let state = min(slot + 1, leftEnd.count - 1)
    let first = offset[state]
    guard pieces[state] > 0 else { return 0 }
    var left = energyKWh - leftEnd[state]
    var sum = 0.0
    for k in 0..<pieces[state] {
      let isLast = k == pieces[state] - 1
      let part = isLast ? left : min(left, width[first + k])
      sum += part * slope[first + k]
      left -= part
      if left <= 0 { break }
    }
    return sum
  }

  /// Returns the pieces after a slot as falling values less an amount, for the end of another plan.
  func terminalPieces(after slot: Int, lessPerKWh: Double) -> [TerminalPiece] {
    let state = min(slot + 1, leftEnd.count - 1)
    guard state >= 0 else { return [] }
    var right = leftEnd[state]
    var result: [TerminalPiece] = []
    for piece in convexPieces(of: state) {
      right += piece.width
      result.append(TerminalPiece(upToKWh: right, valuePerKWh: -piece.slope - lessPerKWh))
    }
    if !result.isEmpty { result[result.count - 1].upToKWh = .infinity }
    return result
  }
}

// MARK: - Backward recursion

extension ValueFunction {
  /// Empties the states and makes room, keeping the memory.
  mutating func restart(slots: Int) {
    isConvex = true
    if leftEnd.count != slots + 1 {
      offset = [Int](repeating: 0, count: slots + 1)
      pieces = offset
      leftEnd = [Double](repeating: 0, count: slots + 1)
    }
  }

  /// Sets the last state from the value of the energy left and of keeping it, within a band.
  ///
  /// Returns where the next state's pieces may begin.
  mutating func setEnd(
    _ terminal: [TerminalPiece], keepingPerKWh: Double, low: Double, high: Double
  ) {
    let state = leftEnd.count - 1
    reserve(terminal.count + 1, from: 0)
    var at = low
    var k = 0
    for piece in terminal {
      let end = min(high, piece.upToKWh)
      if end > at {
        slope[k] = -piece.valuePerKWh - keepingPerKWh
        width[k] = end - at
        at = end
        k += 1
      }
    }
    offset[state] = 0
    pieces[state] = k
    leftEnd[state] = low
  }

  mutating func reserve(_ more: Int, from first: Int) {
    let needed = first + more
    if slope.count < needed {
      let extra = max(needed, 2 * slope.count) - slope.count
      slope.append(contentsOf: repeatElement(0, count: extra))
      width.append(contentsOf: repeatElement(0, count: extra))
    }
  }

  /// Adds the state before a slot: the slot's cost joined with the state after it.
  ///
  /// The best split of a change of energy between the slot and the future is a merge of both lists of
  /// slopes (an infimal convolution), cut to the band of energies that may be reached.
  ///
  /// - Parameters:
  ///   - slot: The slot; its state after must be set.
  ///   - cost: Cost of the slot.
  ///   - retention: Part of the energy left after resting over the slot.
  ///   - keepingPerKWh: Worth of a kWh kept over the slot before. [currency/kWh]
  ///   - low: Lowest energy before the slot. [kWh]
  ///   - high: Highest energy before the slot. [kWh]
  mutating func step(
    slot: Int, cost: borrowing SlotCost, retention: Double, keepingPerKWh: Double, low: Double,
    high: Double
  ) {
    let after = slot + 1
    let from = offset[after]
    let to = from + pieces[after]
    reserve(pieces[after] + cost.count, from: to)
    // In the energy left after resting: the slot's change is taken from the far end of charging.
    let left = leftEnd[after] - cost.highest
    let begin = max(left, low * retention)
    let written = Self.merge(
      &slope, &width, from: from, to: to, cost: cost, skip: begin - left,
      room: high * retention - begin, retention: retention, keepingPerKWh: keepingPerKWh)
    offset[slot] = to
    pieces[slot] = written - to
    leftEnd[slot] = begin / retention
  }

  /// Writes the merge of the pieces `from..<to` with those of a slot behind them, and returns its end.
  private static func merge(
    _ slope: inout [Double], _ width: inout [Double], from: Int, to: Int,
    cost: borrowing SlotCost, skip: Double, room: Double, retention: Double,
    keepingPerKWh: Double
  ) -> Int {
    var slopes = slope.mutableSpan
    var widths = width.mutableSpan
    var skip = skip
    var room = room
    var written = to
    var i = from
    var j = cost.count - 1
    var nextSlot = j >= 0 ? -cost.slope[j] : Double.infinity
    var nextFuture = i < to ? slopes[i] : Double.infinity
    let scales = retention != 1
    var last = Double.nan
    var crumbs = 0.0
    while room > 0 {
      var s: Double
      var w: Double
      if nextFuture <= nextSlot {
        if i >= to { break }
        s = nextFuture
        w = widths[i]
        i += 1
        nextFuture = i < to ? slopes[i] : Double.infinity
      } else {
        s = nextSlot
        w = cost.width[j]
        j -= 1
        nextSlot = j >= 0 ? -cost.slope[j] : Double.infinity
      }
      if skip > 0 {
        if w <= skip {
          skip -= w
          continue
        }
        w -= skip
        skip = 0
      }
      w = min(w, room)
      room -= w
      // A piece made by a rounding would hide the worth on its other side.
      if w < crumbWidth {
        crumbs += w
        continue
      }
      w += crumbs
      crumbs = 0
      if scales {
        s *= retention
        w /= retention
      }
      s -= keepingPerKWh
      if s == last {
        widths[written - 1] += w
      } else {
        slopes[written] = s
        widths[written] = w
        written += 1
        last = s
      }
    }
    if crumbs > 0, written > to { widths[written - 1] += scales ? crumbs / retention : crumbs }
    return written
  }

  /// Narrower pieces join their neighbour. [kWh]
  static let crumbWidth = 2e-10
}

// MARK: - The best change of energy

/// The best change of the stored energy in a slot and the worth of energy there.
struct BestChange {
  /// Change of the stored energy, positive when charging. [kWh]
  var change: Double
  /// Smallest worth of a stored kWh that supports the change. [currency/kWh]
  var lowestValue: Double
  /// Largest worth that supports the change. [currency/kWh]
  var highestValue: Double
}

extension ValueFunction {
  /// Energies closer than this are one corner: the worth of energy must not depend on a rounding. [kWh]
  static let energyRounding = 1e-10

  /// Returns the change that is cheapest for a slot and all that follows.
  ///
  /// Among equal costs the smaller movement is taken.
  ///
  /// - Parameters:
  ///   - slot: The slot.
  ///   - cost: Cost of the slot.
  ///   - energyKWh: Energy left after resting over the slot. [kWh]
  /// - Returns: The change with the worths of energy that support it.
  func bestChange(slot: Int, cost: borrowing SlotCost, energyKWh: Double) -> BestChange {
    bestChange(
      slot: slot, costSlopes: cost.slope.span.extracting(0..<cost.count),
      costWidths: cost.width.span.extracting(0..<cost.count), highest: cost.highest,
      energyKWh: energyKWh)
  }

  /// The same for a cost given by its pieces, with the change at the strongest charge. [kWh]
  @inline(__always)
  func bestChange(
    slot: Int, costSlopes: Span<Double>, costWidths: Span<Double>, highest: Double,
    energyKWh: Double
  ) -> BestChange {
    let after = slot + 1
    var i = offset[after]
    let end = i + pieces[after]
    var j = costSlopes.count - 1
    let slopes = slope.span
    let widths = width.span
    // Amount to fill from both lists, beginning at the lowest future and the strongest charge.
    var rest = energyKWh - leftEnd[after] + highest
    var fromSlot = 0.0
    var lowFuture = -Double.infinity
    var lowSlot = -Double.infinity
    var highFuture = Double.infinity
    var highSlot = Double.infinity
    let fuzz = Self.energyRounding
    while rest > fuzz {
      let sFuture = i < end ? slopes[i] : Double.infinity
      let sSlot = j >= 0 ? -costSlopes[j] : Double.infinity
      if i >= end { if j < 0 { break } }
      if sFuture == sSlot {
        let wFuture = widths[i]
        let wSlot = costWidths[j]
        if wFuture + wSlot <= rest + fuzz {
          rest -= wFuture + wSlot
          fromSlot += wSlot
          lowFuture = sFuture
          lowSlot = sSlot
          i += 1
          j -= 1
          continue
        }
        // A tie: the change may lie anywhere between, so take the smallest movement.
        let least = max(0, rest - wFuture)
        let most = min(wSlot, rest)
        let still = highest - fromSlot
        let take = min(most, max(least, still))
        fromSlot += take
        lowSlot = take > fuzz ? sSlot : lowSlot
        lowFuture = rest - take > fuzz ? sFuture : lowFuture
        highSlot = sSlot
        highFuture = sFuture
        return BestChange(
          change: highest - fromSlot, lowestValue: -min(highSlot, highFuture),
          highestValue: -max(lowSlot, lowFuture))
      }
      if sFuture < sSlot {
        lowFuture = sFuture
        if widths[i] > rest + fuzz {
          highFuture = sFuture
          highSlot = sSlot
          break
        }
        rest -= widths[i]
        i += 1
      } else {
        lowSlot = sSlot
        if costWidths[j] > rest + fuzz {
          fromSlot += rest
          highSlot = sSlot
          highFuture = sFuture
          return BestChange(
            change: highest - fromSlot, lowestValue: -min(highSlot, highFuture),
            highestValue: -max(lowSlot, lowFuture))
        }
        fromSlot += costWidths[j]
        rest -= costWidths[j]
        j -= 1
      }
    }
    if highFuture == .infinity, i < end { highFuture = slopes[i] }
    if highSlot == .infinity { if j >= 0 { highSlot = -costSlopes[j] } }
    return BestChange(
      change: highest - fromSlot, lowestValue: -min(highSlot, highFuture),
      highestValue: -max(lowSlot, lowFuture))
  }
}
