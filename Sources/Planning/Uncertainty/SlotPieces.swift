internal import CPlanningKernels

/// The pieces of every slot's cost with the bins of their slopes, the same for all paths.
///
/// Paths differ in load and production, not in prices, so the slopes of all their cost functions come from
/// one sorted list. A bin is a place in it. Slopes are brought to the end of the horizon, where they do not
/// change any more as time goes back: resting for a slot scales them, and keeping energy adds its worth.
struct SlotPieces {
  /// Pieces of the last slot first.
  private var pieces: [planning_piece] = []
  /// First piece of each slot; those of slot `t` end where those of slot `t - 1` begin.
  private var first: [Int64] = []
  /// Slope of each bin at the end of the horizon, rising. [currency/kWh]
  private(set) var slope: [Double] = []
  /// Bins of the pieces of the end value.
  private(set) var endBins: [Int] = []
  /// Scale of slopes before each slot, the energy left of a kWh at the end.
  private(set) var scale: [Double] = []
  /// Worth of keeping energy from before each slot to the end. [currency/kWh]
  private(set) var kept: [Double] = []

  private var packed: [UInt64] = []
  private var spare: [UInt64] = []
  private var bin: [Int64] = []
  private var keys: [Double] = []

  /// Lists the pieces of all slots but the first, which nothing is decided before.
  mutating func list(_ model: PlanningModel, targets: [Double], paths: PathLanes) {
    let n = model.count
    pieces.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    first = [Int64](repeating: 0, count: n)
    scale = [Double](repeating: 1, count: n + 1)
    kept = [Double](repeating: 0, count: n + 1)
    for t in stride(from: n - 1, through: 0, by: -1) {
      scale[t] = scale[t + 1] * model.retention
      kept[t] = kept[t + 1] * model.retention + model.keepingPerKWh
    }
    endBins.removeAll(keepingCapacity: true)
    for piece in model.terminal {
      endBins.append(keys.count)
      keys.append(-piece.valuePerKWh - model.keepingPerKWh)
    }
    var t = n - 1
    while t >= 1 {
      first[t] = Int64(pieces.count)
      append(t, model, targets: targets, reach: paths.reach[t])
      t -= 1
    }
    if n > 0 { first[0] = Int64(pieces.count) }
    sort()
  }

  private mutating func append(
    _ t: Int, _ model: PlanningModel, targets: [Double], reach: planning_reach
  ) {
    let pv = reach.pv_kw
    let lowest = reach.lowest_kw
    let highest = reach.highest_kw + model.chargeKW[t]
    let price = model.gridPrice(t, targets: targets, pvKW: pv)
    var from = -Double.infinity
    var fromMoves = 0.0
    for k in 0..<price.count {
      let moves = k < price.movedCount ? 1.0 : 0
      let to = price.end[k] + (moves == 1 ? pv : 0)
      if to > lowest, from - fromMoves * pv < highest {
        var piece = planning_piece(
          from: from, to: to, from_moves: fromMoves, to_moves: moves,
          discharge_bin: Int64(keys.count), charge_bin: Int64(keys.count + 1))
        let bought = price.slope[k]
        keys.append(
          (kept[t + 1] - model.dischargeEfficiency * (bought - model.wear)) / scale[t + 1])
        keys.append((kept[t + 1] - bought / model.chargeEfficiency) / scale[t + 1])
        if k == price.count - 1 { piece.to = .infinity }
        pieces.append(piece)
      }
      from = to
      fromMoves = moves
    }
  }

  /// Turns the place of each slope in the list into its place among the sorted ones.
  private mutating func sort() {
    let count = keys.count
    let bits = UInt64(UInt64.bitWidth - count.leadingZeroBitCount)
    let mask = (UInt64(1) << bits) - 1
    packed.removeAll(keepingCapacity: true)
    packed.reserveCapacity(count)
    for k in 0..<count {
      // The bits of a number in its order; the last ones make room for its place.
      let pattern = (keys[k] + 0).bitPattern
      let ordered = pattern >> 63 == 1 ? ~pattern : pattern | 1 << 63
      packed.append(ordered & ~mask | UInt64(k))
    }
    if spare.count < count { spare = [UInt64](repeating: 0, count: count + count / 4) }
    unsafe packed.withUnsafeMutableBufferPointer { packed in
      unsafe spare.withUnsafeMutableBufferPointer { spare in
        unsafe planning_sort(packed.baseAddress, spare.baseAddress, count)
      }
    }
    if bin.count < count { bin = [Int64](repeating: 0, count: count + count / 4) }
    slope = [Double](repeating: 0, count: count)
    for (place, value) in packed.enumerated() {
      let k = Int(value & mask)
      bin[k] = Int64(place)
      slope[place] = keys[k]
    }
    for k in endBins.indices { endBins[k] = Int(bin[endBins[k]]) }
    for k in pieces.indices {
      pieces[k].discharge_bin = bin[Int(pieces[k].discharge_bin)]
      pieces[k].charge_bin = bin[Int(pieces[k].charge_bin)]
    }
  }

  /// Calls a body with the slots of a horizon as the kernels take them.
  ///
  /// - Parameters:
  ///   - paths: The paths, with as many slots as were listed.
  ///   - perDischarge: Stored energy that a kW takes over a slot. [h]
  ///   - perCharge: Stored energy that a kW leaves over a slot. [h]
  ///   - body: Called with them; they are gone afterwards.
  borrowing func withSlots(
    _ paths: PathLanes, perDischarge: Double, perCharge: Double,
    _ body: (UnsafePointer<planning_slots>) -> Void
  ) {
    precondition(paths.reach.count == first.count, "a row for each slot")
    let count = first.count
    unsafe paths.rows.withUnsafeBufferPointer { rows in
      unsafe pieces.withUnsafeBufferPointer { pieces in
        unsafe first.withUnsafeBufferPointer { first in
          unsafe scale.withUnsafeBufferPointer { scale in
            var slots = unsafe planning_slots(
              count: count, rows: rows.baseAddress, pieces: pieces.baseAddress,
              first: first.baseAddress,
              scale: scale.baseAddress, per_discharge: perDischarge, per_charge: perCharge)
            unsafe body(&slots)
          }
        }
      }
    }
  }
}
