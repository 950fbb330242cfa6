/// Where the nodes of a battery system lie in its network of heat, and the network per condition.
///
/// Nodes: the cells, the enclosure's air, its wall layers from inside to outside, the heatsink.
/// The only boundary is the surroundings.
struct NetworkLayout: Sendable {
  let air: Int
  /// Node that the sun warms.
  let sunlit: Int
  let heatsink: Int
  /// One network per set of cooling faults that are there together.
  private(set) var networks: [ThermalNetwork] = []
  /// Time from which a network holds, rising. [s]
  private(set) var schedule: [(fromSeconds: Double, network: Int)] = []

  init(
    cellCount: Int, cell: CellSpecification, cooling: CoolingSpecification,
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    faults: [FaultSpecification]
  ) {
    air = cellCount
    sunlit = cellCount + enclosure.walls.count
    heatsink = cellCount + enclosure.walls.count + 1

    let coolingFaults = faults.filter(\.changesCooling)
    var times = [0.0]
    for fault in coolingFaults {
      let ends = [fault.startSeconds, fault.endSeconds]
      for time in ends where time.isFinite && !times.contains(time) { times.append(time) }
    }
    times.sort()
    var seen: [[Int]] = []
    for time in times {
      let active = coolingFaults.indices.filter { coolingFaults[$0].isActive(at: time) }
      if let index = seen.firstIndex(of: active) {
        schedule.append((time, index))
      } else {
        schedule.append((time, seen.count))
        seen.append(active)
        networks.append(
          network(
            cellCount: cellCount, cell: cell, cooling: cooling, enclosure: enclosure,
            converter: converter, faults: active.map { coolingFaults[$0] }))
      }
    }
  }

  /// Returns the network that holds at a time since the start. [s]
  func condition(at seconds: Double) -> Int {
    guard schedule.count > 1 else { return 0 }
    return schedule.last { $0.fromSeconds <= seconds }?.network ?? 0
  }

  private func network(
    cellCount: Int, cell: CellSpecification, cooling: CoolingSpecification,
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    faults: [FaultSpecification]
  ) -> ThermalNetwork {
    var toAir = [Double](repeating: cooling.airWPerK, count: cellCount)
    var ventilation = enclosure.ventilationWPerK
    for fault in faults {
      switch fault.kind {
      case .fanFailure:
        for j in toAir.indices { toAir[j] *= cooling.stillAirFraction }
        ventilation *= cooling.stillAirFraction
      case .blockedVent(let cells, let remaining):
        for j in cells { toAir[j] *= remaining }
        ventilation *= 1 - (1 - remaining) * Double(cells.count) / Double(max(1, cellCount))
      default: break
      }
    }
    var capacities = [Double](repeating: cell.heatCapacityJPerK, count: cellCount)
    capacities.append(enclosure.airCapacityJPerK)
    capacities += enclosure.walls.map(\.capacityJPerK)
    capacities.append(converter.heatsinkTimeConstantS / converter.heatsinkKPerW)

    var links = NetworkLayout.neighbours(cellCount, cooling.topology).map { pair in
      ThermalNetwork.Link(node: pair.0, other: pair.1, wattPerKelvin: cooling.neighbourWPerK)
    }
    for j in 0..<cellCount {
      links.append(ThermalNetwork.Link(node: j, other: air, wattPerKelvin: toAir[j]))
    }
    for (layer, wall) in enclosure.walls.enumerated() {
      links.append(
        ThermalNetwork.Link(
          node: air + layer, other: air + layer + 1, wattPerKelvin: wall.inwardWPerK))
    }
    var boundary = [
      ThermalNetwork.Link(node: air, other: 0, wattPerKelvin: ventilation + enclosure.leakWPerK)
    ]
    if !enclosure.walls.isEmpty {
      boundary.append(
        ThermalNetwork.Link(node: sunlit, other: 0, wattPerKelvin: enclosure.outsideWPerK))
    }
    let sink = 1 / converter.heatsinkKPerW
    if enclosure.holdsConverter {
      links.append(ThermalNetwork.Link(node: heatsink, other: air, wattPerKelvin: sink))
    } else {
      boundary.append(ThermalNetwork.Link(node: heatsink, other: 0, wattPerKelvin: sink))
    }
    return ThermalNetwork(
      capacityJPerK: capacities, links: links, boundaryLinks: boundary, boundaryCount: 1)
  }

  /// Returns the pairs of touching cells.
  static func neighbours(_ count: Int, _ topology: CellTopology) -> [(Int, Int)] {
    switch topology {
    case .isolated:
      []
    case .chain:
      count < 2 ? [] : (1..<count).map { ($0 - 1, $0) }
    case .modules(let size):
      count < 2 ? [] : (1..<count).filter { $0 % size != 0 }.map { ($0 - 1, $0) }
    case .grid(let columns):
      (0..<count).flatMap { j in
        var pairs: [(Int, Int)] = []
        if (j + 1) % columns != 0, j + 1 < count { pairs.append((j, j + 1)) }
        if j + columns < count { pairs.append((j, j + columns)) }
        return pairs
      }
    }
  }
}
