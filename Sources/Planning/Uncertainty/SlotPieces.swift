/// The pieces of every slot's cost with the bins of their slopes, the same for all paths.
///
/// Paths differ in load and production, not in prices, so the slopes of all their cost functions come from
/// one sorted list. A bin is a place in it. Slopes are brought to the end of the horizon, where they do not
/// change any more as time goes back: resting for a slot scales them, and keeping energy adds its worth.
struct SlotPieces {
  /// A stretch of net power with one price.
  struct Piece {
    /// Where it begins and ends for a path without production. [kW]
    var from: Double
    var to: Double
    /// Whether production moves the beginning and the end down, 0 or 1.
    var fromMoves: Double
    var toMoves: Double
    /// Bins of the slope when discharging and when charging.
    var dischargeBin: Int
    var chargeBin: Int
  }

  /// Pieces of the last slot first.
  private(set) var pieces: [Piece] = []
  /// First piece of each slot; those of slot `t` end where those of slot `t - 1` begin.
  private(set) var first: [Int] = []
  /// The battery may discharge in the slot; not where a price pays for losing energy.
  private(set) var discharges: [Bool] = []
  /// Slope of each bin at the end of the horizon, rising. [currency/kWh]
  private(set) var slope: [Double] = []
  /// Bins of the pieces of the end value.
  private(set) var endBins: [Int] = []
  /// Scale of slopes before each slot, the energy left of a kWh at the end.
  private(set) var scale: [Double] = []
  /// Worth of keeping energy from before each slot to the end. [currency/kWh]
  private(set) var kept: [Double] = []

  private var packed: [UInt64] = []
  private var keys: [Double] = []

  /// Lists the pieces of all slots but the first, which nothing is decided before.
  mutating func list(_ model: PlanningModel, targets: [Double], lanes: [PathLanes]) {
    let n = model.count
    pieces.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    first = [Int](repeating: 0, count: n)
    discharges = [Bool](repeating: true, count: n)
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
      first[t] = pieces.count
      append(t, model, targets: targets, lanes: lanes)
      t -= 1
    }
    if n > 0 { first[0] = pieces.count }
    sort()
  }

  private mutating func append(
    _ t: Int, _ model: PlanningModel, targets: [Double], lanes: [PathLanes]
  ) {
    var pv = 0.0
    var lowest = Double.infinity
    var highest = -Double.infinity
    for group in lanes {
      pv = max(pv, group.pvKW[t].max())
      lowest = min(lowest, (group.netKW[t] - group.dischargeKW[t]).min())
      highest = max(highest, group.netKW[t].max())
    }
    highest += model.chargeKW[t]
    let price = model.gridPrice(t, targets: targets, pvKW: pv)
    let battery = model.batterySlot(t)
    discharges[t] = model.buy[t] >= -battery.simultaneousThreshold
    var from = -Double.infinity
    var fromMoves = 0.0
    for k in 0..<price.count {
      let moves = k < price.movedCount ? 1.0 : 0
      let to = price.end[k] + (moves == 1 ? pv : 0)
      if to > lowest, from - fromMoves * pv < highest {
        var piece = Piece(
          from: from, to: to, fromMoves: fromMoves, toMoves: moves, dischargeBin: keys.count,
          chargeBin: keys.count + 1)
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
    packed.sort()
    var bin = [Int](repeating: 0, count: count)
    slope = [Double](repeating: 0, count: count)
    for (place, value) in packed.enumerated() {
      let k = Int(value & mask)
      bin[k] = place
      slope[place] = keys[k]
    }
    for k in endBins.indices { endBins[k] = bin[endBins[k]] }
    for k in pieces.indices {
      pieces[k].dischargeBin = bin[pieces[k].dischargeBin]
      pieces[k].chargeBin = bin[pieces[k].chargeBin]
    }
  }
}
