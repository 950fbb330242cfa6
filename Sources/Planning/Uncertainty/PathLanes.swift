/// Up to four paths of a horizon side by side, one to a lane.
struct PathLanes {
  typealias Lanes = SIMD4<Double>

  /// Load less photovoltaic power, one per slot. [kW]
  private(set) var netKW: [Lanes] = []
  /// Photovoltaic power. [kW]
  private(set) var pvKW: [Lanes] = []
  /// Most discharge that load and export limit take. [kW]
  private(set) var dischargeKW: [Lanes] = []
  /// Lowest energy after each slot. [kWh]
  private(set) var lowKWh: [Lanes] = []
  /// Highest energy after each slot. [kWh]
  private(set) var highKWh: [Lanes] = []

  /// Lays the paths of a request into lanes; lanes left over repeat the first path.
  init(_ paths: ArraySlice<ForecastPath>, of model: PlanningModel) {
    let n = model.count
    netKW = [Lanes](repeating: .zero, count: n)
    pvKW = netKW
    dischargeKW = netKW
    let sharesBand = model.sharesBand
    if sharesBand {
      lowKWh = model.energyMin.map { Lanes(repeating: $0) }
      highKWh = model.energyMax.map { Lanes(repeating: $0) }
    } else {
      lowKWh = netKW
      highKWh = netKW
    }
    for lane in 0..<Lanes.scalarCount {
      let place = paths.startIndex + lane
      let path = paths[place < paths.endIndex ? place : paths.startIndex]
      Self.fill(&netKW, &pvKW, &dischargeKW, lane, path, model)
      guard !sharesBand else { continue }
      let own = model.along(path)
      for t in 0..<n {
        lowKWh[t][lane] = own.energyMin[t]
        highKWh[t][lane] = own.energyMax[t]
      }
    }
  }

  private static func fill(
    _ netKW: inout [Lanes], _ pvKW: inout [Lanes], _ dischargeKW: inout [Lanes], _ lane: Int,
    _ path: ForecastPath, _ model: PlanningModel
  ) {
    var net = netKW.mutableSpan
    var production = pvKW.mutableSpan
    var discharge = dischargeKW.mutableSpan
    let loads = path.loadKW.span
    let pvs = path.pvKW.span
    let most = model.mostDischargeKW.span
    for t in loads.indices {
      let load = loads[t]
      let pv = max(0, pvs[t])
      net[t][lane] = load - pv
      production[t][lane] = pv
      discharge[t][lane] = max(0, min(most[t], load + model.exportLimitKW))
    }
  }
}
