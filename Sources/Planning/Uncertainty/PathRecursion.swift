internal import CPlanningKernels

/// The mean cost to go over several paths, at the states in which something is decided.
///
/// All paths go back through the horizon together over bins of slopes. Where feeding in
/// pays more than buying costs, bins hold the convex relaxation of the later slots; each path then goes
/// through the first hours by itself and as they are.
struct PathRecursion {
  private var pieces = SlotPieces()
  private var bins = SlopeBins()
  private var mean = MeanOfPaths()
  private var shaped = ShapedSlotCost()
  private var shapes = ShapeMemory()

  /// Time from the beginning in which inverted prices keep their shape: beyond, all of the saving is kept
  /// with the relaxation as well. [h]
  private static let shapedHours = 4.0

  /// Prepares a recursion with the widest vectors of the machine or the portable code.
  init(isPortable: Bool = false) {
    if isPortable { bins.vectorWidth = PLANNING_PORTABLE }
  }

  /// Returns the mean cost to go.
  ///
  /// - Parameters:
  ///   - model: The request of all paths.
  ///   - paths: The paths with their weights.
  ///   - targets: Peak targets. [kW]
  ///   - states: Number of slots whose state afterwards is asked for.
  ///   - reached: Energies that are asked for after each of them; all where there is none. [kWh]
  /// - Returns: Cost to go after the first slots.
  mutating func costToGo(
    _ model: PlanningModel, paths: [ForecastPath], targets: [Double], states: Int,
    reached: [ClosedRange<Double>] = []
  ) -> ValueFunction {
    var total = 0.0
    for path in paths { total += path.weight }
    let states = min(states, model.count)
    var kept = states
    var convex = model
    if model.invertedSlots > 0 {
      kept = min(model.count, max(states, Int((Self.shapedHours / model.stepHours).rounded(.up))))
      convex = model.relaxed().model
    }
    let lanes = PathLanes(paths, of: convex)
    pieces.list(convex, targets: targets, paths: lanes)
    // Where a path goes on by itself it needs all of its function.
    let asked =
      model.invertedSlots > 0 || reached.isEmpty ? [] : [-.infinity ... .infinity] + reached
    mean.restart(
      states: kept, paths: paths.map { $0.weight / total }, room: pieces.slope.count, asked: asked)
    goBack(convex, lanes, to: model.invertedSlots > 0 ? kept : 1, states: kept)
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
    _ model: PlanningModel, _ lanes: PathLanes, to first: Int, states: Int
  ) {
    let n = model.count
    bins.restart(bins: pieces.slope.count, paths: lanes)
    bins.setEnd(model.terminal, bins: pieces.endBins, paths: lanes)
    if n <= states { mean.enter(&bins, state: n, pieces) }
    let h = model.stepHours
    var from = n - 1
    while from >= first {
      // Nobody asks for the states between the horizon and those in which something is decided.
      let to = max(first, min(from, states))
      bins.goBack(
        lanes, pieces, perDischarge: h / model.dischargeEfficiency,
        perCharge: h * model.chargeEfficiency, from: from, to: to)
      if to <= states { mean.enter(&bins, state: to, pieces) }
      from = to - 1
    }
  }
}
