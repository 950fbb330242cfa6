public import Diagnostics

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
  /// Parts of the pack and what they have behind them.
  public let modules: [ModuleCondition]
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
  let starts: PackStart

  /// Longest step taken at once: short against the hour in which cells of home size warm. [s]
  public static let usualStepSeconds = 300.0
  /// Temperature above which time is counted as too hot: where home packs begin to derate. [°C]
  public static let usualTemperatureLimitC = 45.0

  /// Checks and builds a battery system.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - series: Groups in series.
  ///   - parallel: Cells in parallel in each group.
  ///   - strings: Strings of such groups side by side.
  ///   - linkOhm: Connection of each cell. [Ω]
  ///   - spread: Differences between cells.
  ///   - modules: Parts of the pack that are named, or not like new.
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
    linkOhm: Double = 0, spread: CellSpread = CellSpread(), modules: [ModuleCondition] = [],
    cooling: CoolingSpecification = CoolingSpecification(),
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    limits: LimitSpecification = LimitSpecification(),
    derating: DeratingPolicy = .residential,
    balancing: BalancingSpecification? = BalancingSpecification(),
    ageing: AgeingSpecification? = AgeingSpecification(), faults: [FaultSpecification] = [],
    substepSeconds: Double = TwinSpecification.usualStepSeconds,
    temperatureLimitC: Double = TwinSpecification.usualTemperatureLimitC,
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
    found.append("inverter", converter.problems())
    found.append("derating", derating.problems())
    found.append("derating", derating.problems(of: cell))
    found.append("cooling", cooling.problems(cellCount: cellCount))
    found.append("enclosure", enclosure.problems())
    found.append(contentsOf: limits.problems().all)
    found.append("spread", spread.problems())
    if let balancing { found.append("balancing", balancing.problems()) }
    if let ageing { found.append("ageing", ageing.problems()) }
    if !(substepSeconds > 0 && substepSeconds <= 3600) {
      found.error("battery: the step must be within 0…3600 s, found '\(substepSeconds)'")
    }
    if !(linkOhm >= 0 && linkOhm.isFinite) {
      found.error("'link_ohm' must be zero or more, found '\(linkOhm)'", key: "link_ohm")
    }
    for fault in faults {
      found.append(contentsOf: fault.problems(cellCount: cellCount).all)
    }
    if !modules.isEmpty, cellCount > 0, cellCount <= 100_000 {
      found.append(
        "modules",
        TwinSpecification.problems(
          of: modules, series: series, parallel: parallel, strings: strings, ageing: ageing))
    }
    try found.throwIfErrors()

    self.cell = cell
    self.series = series
    self.parallel = parallel
    self.strings = strings
    self.linkOhm = linkOhm
    self.spread = spread
    self.modules = modules
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
    starts = PackStart(
      modules, series: series, parallel: parallel, strings: strings, chemistry: cell.chemistry,
      ageing: ageing)
    control = ControlModel(
      cell: cell, tables: model.tables, series: series, parallel: parallel * strings,
      enclosure: enclosure, converter: converter, limits: limits, derating: derating,
      balancing: balancing,
      faults: faults, layout: layout, starts: starts,
      temperatureLimitC: temperatureLimitC)
  }

  /// The number of cells, or a number above every limit when it cannot be counted.
  private static func product(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let (ab, overflow) = a.multipliedReportingOverflow(by: b)
    let (abc, tooMany) = ab.multipliedReportingOverflow(by: c)
    return overflow || tooMany ? .max : abc
  }

  /// Sizes a battery system by energy and power; see `BatterySystemSpecification`.
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
    series: Int = BatterySystemSpecification.Arrangement.usualSeries,
    enclosure: EnclosureSpecification? = nil,
    converter: ConverterSpecification? = nil, spread: CellSpread = CellSpread(),
    limits: LimitSpecification = LimitSpecification(),
    derating: DeratingPolicy = .residential,
    ageing: AgeingSpecification? = AgeingSpecification(), faults: [FaultSpecification] = []
  ) throws(InputError) -> TwinSpecification {
    try BatterySystemSpecification(
      cell: cell, arrangement: .capacity(kWh: capacityKWh, series: series),
      converter: converter ?? ConverterSpecification(ratedKW: powerKW), spread: spread,
      enclosure: enclosure.map { .custom($0) } ?? .cabinet, limits: limits, derating: derating,
      ageing: ageing
    ).twin(faults: faults)
  }

  /// Number of cells.
  public var cellCount: Int { series * parallel * strings }

  /// Whether the sun warms the enclosure, always or while a fault lasts.
  package var isSunlit: Bool {
    enclosure.solarApertureM2 > 0
      || faults.contains { fault in
        if case .sunOnDoor = fault.kind { true } else { false }
      }
  }

  /// The model by which the cells age; nil when they do not.
  public var ageingModel: AgeingModel? {
    ageing.map { $0.model ?? .standard(for: cell.chemistry) }
  }

  /// Whether every cell starts above the capacity at which its life ends; true of one that does not age.
  public var hasLifeLeft: Bool {
    ageing.map { starts.leastCapacity > $0.endOfLifeFraction } ?? true
  }

  /// Charge between empty and full of cells without spread. [Ah]
  public var nominalAh: Double { cell.capacityAh * Double(parallel * strings) }

  /// Highest current that the cells allow in either direction. [A]
  public var highestA: Double {
    nominalAh
      * max(
        limits.maximumChargeC ?? cell.maximumChargeC,
        limits.maximumDischargeC ?? cell.maximumDischargeC)
  }

  /// Energy between empty and full at the voltage at rest, of cells without spread. [kWh]
  public var nominalEnergyKWh: Double {
    Double(cellCount) * cell.capacityAh * cell.nominalV / 1000
  }
}
