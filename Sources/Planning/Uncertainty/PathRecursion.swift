/// The mean cost to go over several paths, at the states in which something is decided.
///
/// All paths go back through the horizon together, four to a vector, over bins of slopes.
struct PathRecursion {
  private typealias Lanes = PathLanes.Lanes

  private var pieces = SlotPieces()
  private var bins = SlopeBins()
  private var mean = MeanOfPaths()

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
    pieces.list(model, targets: targets, lanes: lanes)
    let states = min(states, model.count)
    mean.restart(states: states, paths: paths.map { $0.weight / total })
    for (group, four) in lanes.enumerated() {
      goBack(model, four, states: states, firstPath: group * Lanes.scalarCount)
    }
    return mean.value(start: model.start)
  }

  private mutating func goBack(
    _ model: PlanningModel, _ lanes: PathLanes, states: Int, firstPath: Int
  ) {
    let n = model.count
    setEnd(model, low: lanes.lowKWh[n - 1], high: lanes.highKWh[n - 1])
    if n <= states { enter(n, firstPath: firstPath) }
    let h = model.stepHours
    let (list, scale) = (pieces.pieces, pieces.scale)
    let (net, pv, out) = (lanes.netKW, lanes.pvKW, lanes.dischargeKW)
    let (low, high) = (lanes.lowKWh, lanes.highKWh)
    var t = n - 1
    while t >= 1 {
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
