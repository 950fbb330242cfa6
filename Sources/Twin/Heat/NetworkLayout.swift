/// Where the nodes of a battery system lie in its network of heat, and the network per condition.
///
/// Nodes besides the cells: the enclosure's air, its wall layers from inside to outside, the heatsink.
/// The only boundary is the surroundings.
struct NetworkLayout: Sendable {
  let air: Int
  /// Node that the sun warms.
  let sunlit: Int
  let heatsink: Int
  /// One network per set of cooling faults that are there together.
  private(set) var networks: [HeatNetwork] = []
  /// Time from which a network holds, rising. [s]
  private(set) var schedule: [(fromSeconds: Double, network: Int)] = []

  init(
    cellCount: Int, cell: CellSpecification, cooling: CoolingSpecification,
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    faults: [FaultSpecification]
  ) {
    air = 0
    sunlit = enclosure.walls.count
    heatsink = enclosure.walls.count + 1

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
  ) -> HeatNetwork {
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
    var capacities = [enclosure.airCapacityJPerK] + enclosure.walls.map(\.capacityJPerK)
    capacities.append(converter.heatsinkTimeConstantS / converter.heatsinkKPerW)
    typealias Link = ThermalNetwork.Link
    // Among common nodes; −1 is the surroundings.
    var links = enclosure.walls.enumerated().map { layer, wall in
      Link(node: layer, other: layer + 1, wattPerKelvin: wall.inwardWPerK)
    }
    links.append(Link(node: air, other: -1, wattPerKelvin: ventilation + enclosure.leakWPerK))
    if !enclosure.walls.isEmpty {
      links.append(Link(node: sunlit, other: -1, wattPerKelvin: enclosure.outsideWPerK))
    }
    links.append(
      Link(
        node: heatsink, other: enclosure.holdsConverter ? air : -1,
        wattPerKelvin: 1 / converter.heatsinkKPerW))

    if let module = NetworkLayout.module(cellCount, cooling.topology) {
      let touching = NetworkLayout.neighbours(cellCount, cooling.topology)
      var next = [Double](repeating: 0, count: cellCount)
      for pair in touching { next[pair.0] = cooling.neighbourWPerK }
      return .modules(
        ModuleHeatNetwork(
          module: module, cellCapacityJPerK: cell.heatCapacityJPerK, nextWPerK: next,
          airWPerK: toAir, commonCapacityJPerK: capacities, links: links))
    }
    var all = NetworkLayout.neighbours(cellCount, cooling.topology).map { pair in
      Link(node: pair.0, other: pair.1, wattPerKelvin: cooling.neighbourWPerK)
    }
    for j in 0..<cellCount {
      all.append(Link(node: j, other: cellCount + air, wattPerKelvin: toAir[j]))
    }
    var boundary: [Link] = []
    for link in links {
      if link.other < 0 {
        boundary.append(
          Link(node: cellCount + link.node, other: 0, wattPerKelvin: link.wattPerKelvin))
      } else {
        all.append(
          Link(
            node: cellCount + link.node, other: cellCount + link.other,
            wattPerKelvin: link.wattPerKelvin))
      }
    }
    return .general(
      ThermalNetwork(
        capacityJPerK: [Double](repeating: cell.heatCapacityJPerK, count: cellCount) + capacities,
        links: all, boundaryLinks: boundary, boundaryCount: 1))
  }

  /// Largest number of cells that one matrix holds; more must form modules.
  static let largestBlock = 128

  /// Returns the size of the modules, or nil when the layout has none.
  static func module(_ count: Int, _ topology: CellTopology) -> Int? {
    switch topology {
    case .grid: return nil
    case .isolated: return count <= largestBlock ? count : divisor(of: count)
    case .chain: return count
    case .modules(let size): return count % size == 0 && size <= largestBlock ? size : count
    case .automatic: return count <= 32 ? count : divisor(of: count)
    }
  }

  private static func divisor(of count: Int) -> Int {
    (1...16).last { count % $0 == 0 } ?? 1
  }

  /// Returns the pairs of touching cells.
  static func neighbours(_ count: Int, _ topology: CellTopology) -> [(Int, Int)] {
    switch topology {
    case .isolated:
      []
    case .chain:
      count < 2 ? [] : (1..<count).map { ($0 - 1, $0) }
    case .automatic:
      neighbours(count, .modules(of: module(count, .automatic) ?? count))
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
