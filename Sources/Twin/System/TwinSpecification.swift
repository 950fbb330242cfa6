public import Diagnostics

/// How far cells of one pack differ, drawn with a seed.
public struct CellSpread: Sendable, Equatable {
  /// Standard deviation of the capacity, as a share.
  public var capacity: Double
  /// Standard deviation of the resistance, as a share.
  public var resistance: Double
  /// Standard deviation of the state of charge at the start.
  public var soc: Double

  /// Describes a spread; the defaults are those of new packs.
  ///
  /// Source: L. Wildfeuer, M. Lienkamp, eTransportation 9 (2021) 100129,
  /// doi:10.1016/j.etran.2021.100129 (inherent 0.17 % and 0.45 %), widened for assembly.
  public init(capacity: Double = 0.005, resistance: Double = 0.03, soc: Double = 0.005) {
    self.capacity = capacity
    self.resistance = resistance
    self.soc = soc
  }

  /// Equal cells.
  public static var none: CellSpread { CellSpread(capacity: 0, resistance: 0, soc: 0) }
  /// Cells of a second life.
  public static var secondLife: CellSpread {
    CellSpread(capacity: 0.03, resistance: 0.10, soc: 0.02)
  }
}

/// What the battery must keep to at any time.
public struct LimitSpecification: Sendable, Equatable {
  /// State of charge that no cell may leave.
  public var minimumSOC: Double
  public var maximumSOC: Double
  /// Highest rates of the pack; those of the cell when nil. [1/h]
  public var maximumChargeC: Double?
  public var maximumDischargeC: Double?

  /// Describes limits.
  public init(
    minimumSOC: Double = 0.05, maximumSOC: Double = 0.95, maximumChargeC: Double? = nil,
    maximumDischargeC: Double? = nil
  ) {
    self.minimumSOC = minimumSOC
    self.maximumSOC = maximumSOC
    self.maximumChargeC = maximumChargeC
    self.maximumDischargeC = maximumDischargeC
  }
}

/// Everything that is fixed about a battery system; one that exists is possible.
public struct TwinSpecification: Sendable {
  /// The cell.
  public let cell: CellSpecification
  /// Groups in series.
  public let series: Int
  /// Cells in parallel in each group.
  public let parallel: Int
  /// Strings of such groups side by side.
  public let strings: Int
  /// Connection of each cell. [Ω]
  public let linkOhm: Double
  /// Differences between cells.
  public let spread: CellSpread
  /// Heat paths of the cells.
  public let cooling: CoolingSpecification
  /// The box around the cells.
  public let enclosure: EnclosureSpecification
  /// The inverter.
  public let converter: ConverterSpecification
  /// Limits.
  public let limits: LimitSpecification
  /// Derating rules.
  public let derating: DeratingPolicy
  /// Bleeding of full cells; nil when cells are left as they are.
  public let balancing: BalancingSpecification?
  /// How the cells age; nil when they do not.
  public let ageing: AgeingSpecification?
  /// What goes wrong.
  public let faults: [FaultSpecification]
  /// Longest step the twin takes at once; longer ones are divided evenly. [s]
  public let substepSeconds: Double
  /// Temperature above which time is counted as too hot. [°C]
  public let temperatureLimitC: Double

  let model: PackModel
  let layout: NetworkLayout
  let control: ControlModel

  /// Checks and builds a battery system.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - series: Groups in series.
  ///   - parallel: Cells in parallel in each group.
  ///   - strings: Strings of such groups side by side.
  ///   - linkOhm: Connection of each cell. [Ω]
  ///   - spread: Differences between cells.
  ///   - cooling: Heat paths of the cells.
  ///   - enclosure: The box around the cells.
  ///   - converter: The inverter.
  ///   - limits: Limits.
  ///   - derating: Derating rules.
  ///   - balancing: Bleeding of full cells; nil when cells are left as they are.
  ///   - ageing: How the cells age; nil when they do not.
  ///   - faults: What goes wrong.
  ///   - substepSeconds: Longest step taken at once, at most 3600. [s]
  ///   - temperatureLimitC: Temperature above which time is counted as too hot. [°C]
  ///   - vectorWidth: Machine code of the kernels; results do not depend on it.
  /// - Throws: `InputError` with everything that is wrong.
  public init(
    cell: CellSpecification, series: Int, parallel: Int = 1, strings: Int = 1,
    linkOhm: Double = 0, spread: CellSpread = CellSpread(),
    cooling: CoolingSpecification = CoolingSpecification(),
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    limits: LimitSpecification = LimitSpecification(),
    derating: DeratingPolicy = .residential,
    balancing: BalancingSpecification? = BalancingSpecification(),
    ageing: AgeingSpecification? = AgeingSpecification(), faults: [FaultSpecification] = [],
    substepSeconds: Double = 300, temperatureLimitC: Double = 45,
    vectorWidth: VectorWidth = .widest
  ) throws(InputError) {
    var found = cell.problems()
    let isCountable = series >= 1 && parallel >= 1 && strings >= 1
    let cellCount = isCountable ? TwinSpecification.product(series, parallel, strings) : 0
    if !isCountable {
      found.error(
        "battery: series, parallel and strings must be at least 1, "
          + "found '\(series)×\(parallel)×\(strings)'")
    } else if cellCount > 100_000 {
      found.error("battery: at most 100000 cells, found '\(series)×\(parallel)×\(strings)'")
    }
    found.append(contentsOf: converter.problems().all)
    found.append(contentsOf: derating.problems().all)
    TwinSpecification.check(
      cooling: cooling, enclosure: enclosure, limits: limits, cell: cell, spread: spread,
      found: &found)
    if !(substepSeconds > 0 && substepSeconds <= 3600) {
      found.error("battery: the step must be within 0…3600 s, found '\(substepSeconds)'")
    }
    if !(linkOhm >= 0 && linkOhm.isFinite) {
      found.error("battery: connection resistance must not be negative, found '\(linkOhm)'")
    }
    if let ageing,
      !(ageing.endOfLifeFraction > 0 && ageing.endOfLifeFraction < 1 && ageing.sampleSeconds > 0)
    {
      found.error("ageing: the end of life must be within 0…1, found '\(ageing.endOfLifeFraction)'")
    }
    if isCountable {
      TwinSpecification.check(cooling.topology, cellCount: cellCount, found: &found)
    }
    for fault in faults { TwinSpecification.check(fault, cellCount: cellCount, found: &found) }
    try found.throwIfErrors()

    self.cell = cell
    self.series = series
    self.parallel = parallel
    self.strings = strings
    self.linkOhm = linkOhm
    self.spread = spread
    self.cooling = cooling
    self.enclosure = enclosure
    self.converter = converter
    self.limits = limits
    self.derating = derating
    self.ageing = ageing
    self.balancing = balancing
    self.faults = faults
    self.substepSeconds = substepSeconds
    self.temperatureLimitC = temperatureLimitC
    layout = NetworkLayout(
      cellCount: cellCount, cell: cell, cooling: cooling, enclosure: enclosure,
      converter: converter, faults: faults)
    model = PackModel(
      cell: cell, series: series, parallel: parallel, strings: strings, linkOhm: linkOhm,
      networks: layout.networks, width: vectorWidth)
    control = ControlModel(
      cell: cell, tables: model.tables, parallel: parallel * strings, enclosure: enclosure,
      converter: converter, limits: limits, derating: derating, balancing: balancing,
      faults: faults, layout: layout,
      temperatureLimitC: temperatureLimitC)
  }

  /// The number of cells, or a number above every limit when it cannot be counted.
  private static func product(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let (ab, overflow) = a.multipliedReportingOverflow(by: b)
    let (abc, tooMany) = ab.multipliedReportingOverflow(by: c)
    return overflow || tooMany ? .max : abc
  }

  /// Sizes a battery system by energy and power, as a study does.
  ///
  /// The cell is scaled so that `series` of them hold the nominal energy; the enclosure is a cabinet of
  /// that size.
  ///
  /// - Parameters:
  ///   - capacityKWh: Nominal energy between empty and full. [kWh]
  ///   - powerKW: Rated AC power of the inverter. [kW]
  ///   - cell: The cell to scale.
  ///   - series: Groups in series.
  ///   - enclosure: The box; a cabinet when nil.
  ///   - converter: The inverter; a hybrid of `powerKW` when nil.
  ///   - spread: Differences between cells.
  ///   - limits: Limits.
  ///   - derating: Derating rules.
  ///   - ageing: How the cells age; nil when they do not.
  ///   - faults: What goes wrong.
  /// - Returns: The battery system.
  /// - Throws: `InputError` with everything that is wrong.
  public static func sized(
    capacityKWh: Double, powerKW: Double, cell: CellSpecification = .lfpPrismatic280,
    series: Int = 16, enclosure: EnclosureSpecification? = nil,
    converter: ConverterSpecification? = nil, spread: CellSpread = CellSpread(),
    limits: LimitSpecification = LimitSpecification(),
    derating: DeratingPolicy = .residential,
    ageing: AgeingSpecification? = AgeingSpecification(), faults: [FaultSpecification] = []
  ) throws(InputError) -> TwinSpecification {
    guard capacityKWh > 0, capacityKWh.isFinite else {
      throw InputError("battery: capacity must be positive, found '\(capacityKWh)'")
    }
    guard series > 0 else {
      throw InputError("battery: series must be at least 1, found '\(series)'")
    }
    let capacityAh = capacityKWh * 1000 / (Double(series) * cell.nominalV)
    let factor = capacityAh / CellSpecification.lfpPrismatic280.capacityAh
    return try TwinSpecification(
      cell: cell.scaled(toCapacityAh: capacityAh), series: series, spread: spread,
      cooling: CoolingSpecification(
        neighbourWPerK: 0.4 * factor, airWPerK: 0.8 * factor),
      enclosure: enclosure ?? .cabinet(capacityKWh: capacityKWh),
      converter: converter ?? ConverterSpecification(ratedKW: powerKW), limits: limits,
      derating: derating, ageing: ageing, faults: faults)
  }

  /// Energy between empty and full at the voltage at rest, of cells without spread. [kWh]
  public var nominalEnergyKWh: Double {
    Double(series * parallel * strings) * cell.capacityAh * cell.nominalV / 1000
  }

  /// Highest current of the pack in a direction. [A]
  func ratedCurrentA(_ direction: PowerDirection) -> Double {
    let rate =
      direction == .charge
      ? limits.maximumChargeC ?? cell.maximumChargeC
      : limits.maximumDischargeC ?? cell.maximumDischargeC
    return rate * cell.capacityAh * Double(parallel * strings)
  }

  private static func check(
    cooling: CoolingSpecification, enclosure: EnclosureSpecification, limits: LimitSpecification,
    cell: CellSpecification, spread: CellSpread, found: inout Findings
  ) {
    let conductances = [
      cooling.neighbourWPerK, cooling.airWPerK, enclosure.ventilationWPerK, enclosure.leakWPerK,
      enclosure.outsideWPerK, enclosure.solarApertureM2, enclosure.fanKW,
    ]
    if !conductances.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      found.error("enclosure: conductances, areas and powers must not be negative")
    }
    if !(cooling.stillAirFraction >= 0 && cooling.stillAirFraction <= 1) {
      found.error("enclosure: the share of still air must be within 0…1")
    }
    switch cooling.topology {
    case .modules(let size) where size < 1, .grid(let size) where size < 1:
      found.error("enclosure: a module or row needs at least one cell, found '\(size)'")
    default: break
    }
    if !(enclosure.airCapacityJPerK > 0)
      || !enclosure.walls.allSatisfy({ $0.capacityJPerK > 0 && $0.inwardWPerK >= 0 })
    {
      found.error("enclosure: air and walls need a heat capacity")
    }
    if let hvac = enclosure.hvac,
      !(hvac.coolingKW >= 0 && hvac.heatingKW >= 0 && hvac.coolingCOP > 0 && hvac.heatingCOP > 0
        && hvac.bandK >= 0)
    {
      found.error("enclosure: the thermostat needs powers of at least 0 and positive COPs")
    }
    if !(limits.minimumSOC >= 0 && limits.minimumSOC < limits.maximumSOC && limits.maximumSOC <= 1)
    {
      found.error(
        "limits: the state of charge needs 0 ≤ minimum < maximum ≤ 1, found "
          + "'\(limits.minimumSOC)…\(limits.maximumSOC)'")
    }
    if let rate = limits.maximumChargeC, !(rate > 0) {
      found.error("limits: the charge rate must be positive, found '\(rate)'")
    }
    if let rate = limits.maximumDischargeC, !(rate > 0) {
      found.error("limits: the discharge rate must be positive, found '\(rate)'")
    }
    if ![spread.capacity, spread.resistance, spread.soc].allSatisfy({ $0 >= 0 && $0 <= 0.2 }) {
      found.error("battery: spreads must be within 0…0.2")
    }
  }

  private static func check(_ topology: CellTopology, cellCount: Int, found: inout Findings) {
    switch topology {
    case .grid(let columns) where columns < 1, .modules(of: let columns) where columns < 1:
      return
    default: break
    }
    let block = NetworkLayout.module(cellCount, topology) ?? cellCount
    if block > NetworkLayout.largestBlock {
      found.error(
        "enclosure: \(block) cells in one block are more than \(NetworkLayout.largestBlock); "
          + "give a module size that divides \(cellCount)")
    }
  }

  private static func check(
    _ fault: FaultSpecification, cellCount: Int, found: inout Findings
  ) {
    switch fault.kind {
    case .hotCell(let index, let factor), .weakCell(let index, let factor):
      if index < 0 || index >= cellCount {
        found.error("fault: there is no cell '\(index)' among \(cellCount)")
      }
      if !(factor > 0 && factor.isFinite) {
        found.error("fault: a factor must be positive, found '\(factor)'")
      }
    case .blockedVent(let cells, let remaining):
      if cells.lowerBound < 0 || cells.upperBound > cellCount {
        found.error("fault: there are only \(cellCount) cells, found '\(cells)'")
      }
      if !(remaining >= 0 && remaining <= 1) {
        found.error("fault: the remaining share must be within 0…1, found '\(remaining)'")
      }
    case .agedPack(let capacity, let resistance):
      if !(capacity > 0 && capacity <= 1 && resistance >= 1 && resistance.isFinite) {
        found.error("fault: an aged pack has a capacity of 0…1 and a resistance of at least 1")
      }
    case .sensorBias(let value), .sensorStuck(let value):
      if !value.isFinite { found.error("fault: a sensor needs a finite value") }
    case .fanFailure, .hvacFailure: break
    }
    if !(fault.startSeconds >= 0 && fault.endSeconds > fault.startSeconds) {
      found.error("fault: it must end after it starts")
    }
  }
}
