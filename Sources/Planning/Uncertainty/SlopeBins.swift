/// Convex functions of the stored energy, one to a lane, by the widths of their slopes.
///
/// A function is known by the energy it begins at and by how wide it is at each slope. Joining it with the
/// cost of a slot adds widths; cutting it to a band takes widths from the lowest or the highest bins.
struct SlopeBins {
  typealias Lanes = PathLanes.Lanes

  private var width: [Lanes] = []
  /// One bit to a bin that holds any width.
  private var used: [UInt64] = []
  /// Lowest energy of each function. [kWh at the end of the horizon]
  private(set) var left = Lanes.zero
  private var total = Lanes.zero

  /// Empties all bins.
  mutating func restart(bins: Int, left: Lanes) {
    if width.count < bins { width = [Lanes](repeating: .zero, count: bins + bins / 4) }
    var span = width.mutableSpan
    for k in 0..<bins { span[k] = .zero }
    used = [UInt64](repeating: 0, count: (bins + 63) / 64)
    self.left = left
    total = .zero
  }

  /// Adds widths to a bin.
  @inline(__always)
  mutating func add(_ added: Lanes, to bin: Int) {
    guard any(added .> 0) else { return }
    width[bin] += added
    used[bin >> 6] |= 1 << UInt64(bin & 63)
    total += added
  }

  /// Moves the beginning of the functions down.
  @inline(__always)
  mutating func extendLeft(by amount: Lanes) { left -= amount }

  /// Cuts the functions to a band. [kWh at the end of the horizon]
  @inline(__always)
  mutating func cut(low: Lanes, high: Lanes) {
    let below = atLeastZero(low - left)
    left += below
    if any(below .> 0) { take(below, fromLowest: true) }
    let above = atLeastZero(total - atLeastZero(high - left))
    if any(above .> 0) { take(above, fromLowest: false) }
  }

  private mutating func take(_ amount: Lanes, fromLowest: Bool) {
    var rest = amount
    var word = fromLowest ? 0 : used.count - 1
    while word >= 0, word < used.count {
      var bits = used[word]
      while bits != 0 {
        let bit = fromLowest ? bits.trailingZeroBitCount : 63 - bits.leadingZeroBitCount
        bits &= ~(1 << UInt64(bit))
        let bin = word << 6 | bit
        let old = width[bin]
        let part = old.replacing(with: rest, where: rest .< old)
        let new = old - part
        width[bin] = new
        rest -= part
        total -= part
        if !any(new .> 0) { used[word] &= ~(1 << UInt64(bit)) }
        if !any(rest .> 0) { return }
      }
      word += fromLowest ? 1 : -1
    }
  }

  /// Calls a body with each bin that holds any width, by rising slope.
  @inline(__always)
  func forEach(_ body: (_ bin: Int, _ width: Lanes) -> Void) {
    for word in used.indices {
      var bits = used[word]
      while bits != 0 {
        let bit = bits.trailingZeroBitCount
        bits &= bits - 1
        body(word << 6 | bit, width[word << 6 | bit])
      }
    }
  }

  @inline(__always)
  private func atLeastZero(_ x: Lanes) -> Lanes {
    x.replacing(with: PathLanes.Lanes(), where: x .< 0)
  }
}
