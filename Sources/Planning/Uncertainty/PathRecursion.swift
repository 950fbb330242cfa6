/// The mean cost to go over several paths, at the states in which something is decided.
///
/// All paths go back through the horizon together, four to a vector, over bins of slopes. Where feeding in
/// pays more than buying costs, bins hold the convex relaxation of the later slots; each path then goes
/// through the first hours by itself and as they are.
struct PathRecursion {
  private typealias Lanes = PathLanes.Lanes

  private var pieces = SlotPieces()
  private var bins = SlopeBins()
  private var mean = MeanOfPaths()
  private var shaped = ShapedSlotCost()
  private var shapes = ShapeMemory()

  /// Time from the beginning in which inverted prices keep their shape: beyond, all of the saving is kept
  /// with the relaxation as well. [h]
  private static let shapedHours = 4.0

  /// Returns the mean cost to go.
  ///
  /// - Parameters:
  ///   - model: The request of all paths.
  ///   - paths: The paths with their weights.
  ///   - targets: Peak targets. [kW]
  ///   - states: Number of slots whose state afterwards is asked for.
  /// - Returns: Cost to go after the first slots.
  mutating func costToGo(
    _ model: PlanningModel, paths: [ForecastPath], targets: [Double], states: Int
  ) -> ValueFunction {
    var total = 0.0
    for path in paths { total += path.weight }
    let lanes = stride(from: 0, to: paths.count, by: Lanes.scalarCount).map {
      PathLanes(paths[$0..<min(paths.count, $0 + Lanes.scalarCount)], of: model)
    }
    let states = min(states, model.count)
    var kept = states
    var convex = model
    if model.invertedSlots > 0 {
      kept = min(model.count, max(states, Int((Self.shapedHours / model.stepHours).rounded(.up))))
      convex = model.relaxed().model
    }
    pieces.list(convex, targets: targets, lanes: lanes)
    mean.restart(states: kept, paths: paths.map { $0.weight / total })
    let first = model.invertedSlots > 0 ? kept : 1
    for (group, four) in lanes.enumerated() {
      goBack(convex, four, to: first, states: kept, firstPath: group * Lanes.scalarCount)
    }
    if model.invertedSlots > 0 {
      for (number, path) in paths.enumerated() {
        goBack(model.along(path), path: number, targets: targets, from: kept)
      }
    }
    return mean.value(start: model.start, states: states)
  }

  /// Takes one path from a state to the first one, whatever its shapes.
  private mutating func goBack(
    _ model: PlanningModel, path: Int, targets: [Double], from last: Int
  ) {
    var value = mean.entered(state: last, path: path)
    for t in stride(from: last - 1, through: 1, by: -1) {
      shaped.build(model.batterySlot(t), price: model.meterPrice(t, targets: targets))
      let before = model.bandBefore(t)
      value.step(
        slot: t, cost: shaped, retention: model.retention, keepingPerKWh: model.keepingPerKWh,
        low: before.low, high: before.high, memory: &shapes)
      mean.enter(value, state: t, path: path)
    }
  }

  private mutating func goBack(
    _ model: PlanningModel, _ lanes: PathLanes, to first: Int, states: Int, firstPath: Int
  ) {
    let n = model.count
    setEnd(model, low: lanes.lowKWh[n - 1], high: lanes.highKWh[n - 1])
    if n <= states { enter(n, firstPath: firstPath) }
    let h = model.stepHours
    let (list, scale) = (pieces.pieces, pieces.scale)
    let (net, pv, out) = (lanes.netKW, lanes.pvKW, lanes.dischargeKW)
    let (low, high) = (lanes.lowKWh, lanes.highKWh)
    var t = n - 1
    while t >= first {
      let perDischarge = h / model.dischargeEfficiency * scale[t + 1]
      let perCharge = h * model.chargeEfficiency * scale[t + 1]
      let atRest = net[t]
      let weakest = pieces.discharges[t] ? atRest - out[t] : atRest
      let strongest = atRest + model.chargeKW[t]
      var charged = Lanes.zero
      for k in pieces.first[t]..<pieces.first[t - 1] {
        let piece = list[k]
        let from = piece.from - piece.fromMoves * pv[t]
        let to = piece.to - piece.toMoves * pv[t]
        let discharging = Self.overlap(from, to, weakest, atRest) * perDischarge
        let charging = Self.overlap(from, to, atRest, strongest) * perCharge
        bins.add(discharging, to: piece.dischargeBin)
        bins.add(charging, to: piece.chargeBin)
        charged += charging
      }
      bins.extendLeft(by: charged)
      bins.cut(low: low[t - 1] * scale[t], high: high[t - 1] * scale[t])
      if t <= states { enter(t, firstPath: firstPath) }
      t -= 1
    }
  }

  /// Width of the part of one stretch that lies in another.
  @inline(__always)
  private static func overlap(_ from: Lanes, _ to: Lanes, _ low: Lanes, _ high: Lanes) -> Lanes {
    let end = to.replacing(with: high, where: high .< to)
    let begin = from.replacing(with: low, where: low .> from)
    let width = end - begin
    return width.replacing(with: PathLanes.Lanes(), where: width .< 0)
  }

  private mutating func setEnd(_ model: PlanningModel, low: Lanes, high: Lanes) {
    bins.restart(bins: pieces.slope.count, left: low)
    var at = low
    for (piece, bin) in zip(model.terminal, pieces.endBins) {
      let end = high.replacing(with: piece.upToKWh, where: high .> piece.upToKWh)
      let width = end - at
      let added = width.replacing(with: PathLanes.Lanes(), where: width .< 0)
      bins.add(added, to: bin)
      at += added
    }
  }

  private mutating func enter(_ state: Int, firstPath: Int) {
    mean.enter(
      bins, state: state, firstPath: firstPath, slopes: pieces.slope, scale: pieces.scale[state],
      kept: pieces.kept[state])
  }
}
