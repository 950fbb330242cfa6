/// Up to four paths of a horizon side by side, one to a lane.
struct PathLanes {
  typealias Lanes = SIMD4<Double>

  /// Weight of each lane; zero for a lane without a path.
  private(set) var weight = Lanes.zero
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

  /// Lays models of one request and their weights into lanes; lanes left over repeat the first path.
  init(_ paths: ArraySlice<(model: PlanningModel, weight: Double)>) {
    guard let first = paths.first else { return }
    for (lane, path) in paths.enumerated() { weight[lane] = path.weight }
    netKW = [Lanes](repeating: .zero, count: first.model.count)
    pvKW = netKW
    dischargeKW = netKW
    lowKWh = netKW
    highKWh = netKW
    for lane in 0..<Lanes.scalarCount {
      let place = paths.startIndex + lane
      let model = place < paths.endIndex ? paths[place].model : first.model
      Self.fill(&netKW, lane, model.netKW)
      Self.fill(&pvKW, lane, model.pvKW)
      Self.fill(&dischargeKW, lane, model.dischargeKW)
      Self.fill(&lowKWh, lane, model.energyMin)
      Self.fill(&highKWh, lane, model.energyMax)
    }
  }

  private static func fill(_ lanes: inout [Lanes], _ lane: Int, _ values: [Double]) {
    var span = lanes.mutableSpan
    let source = values.span
    for t in source.indices { span[t][lane] = source[t] }
  }
}
