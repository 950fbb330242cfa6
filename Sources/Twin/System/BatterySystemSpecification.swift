public import Diagnostics

/// A battery system as it is ordered: cell, number or energy, inverter, box and rules.
///
/// Builds the twin of the system itself and of its variants: other energies, other powers, another
/// derating policy, faults. What belongs to a size grows with it: cells with the energy, cabinet with
/// the energy, air conditioning of a container, standby and heatsink with the power.
public struct BatterySystemSpecification: Sendable {
  /// How the number of cells is found.
  public enum Arrangement: Sendable, Hashable {
    /// As many cells as stated.
    case cells(series: Int, parallel: Int)
    /// Groups in series whose cells are scaled to the nominal energy. [kWh]
    case capacity(kWh: Double, series: Int = Arrangement.usualSeries)

    /// Groups in series of a pack of about 51 V from iron phosphate cells.
    public static let usualSeries = 16

    /// Groups in series.
    public var series: Int {
      switch self {
      case .cells(let series, _), .capacity(_, let series): series
      }
    }
  }

  /// The box around the cells.
  public enum Enclosure: Sendable, Equatable {
    /// A cabinet that grows with the energy inside.
    case cabinet
    /// A container whose air conditioning grows with the power.
    case container
    /// Given by its own numbers, whatever the size of the battery.
    case custom(EnclosureSpecification)
  }

  /// The cell.
  public var cell: CellSpecification
  /// How the number of cells is found.
  public var arrangement: Arrangement
  /// The inverter; variants of another power have its loss curve.
  public var converter: ConverterSpecification
  /// Differences between cells.
  public var spread: CellSpread
  /// Parts of the pack that are named, or not like new.
  public var modules: [ModuleCondition] = []
  /// Heat paths of one cell; those usual for its size when nil.
  public var cooling: CoolingSpecification?
  /// The box around the cells.
  public var enclosure: Enclosure
  /// Numbers of the box that are not the usual ones of its kind, whatever the size of the battery.
  public var enclosureChanges = EnclosureChanges()
  /// Strings side by side that share the voltage of the pack.
  public var strings: Int
  /// Connection of each cell. [Ω]
  public var linkOhm: Double
  /// Limits at any time.
  public var limits: LimitSpecification
  /// Derating rules.
  public var derating: DeratingPolicy
  /// Bleeding of full cells; nil when they are left as they are.
  public var balancing: BalancingSpecification?
  /// How the cells age; nil when they do not.
  public var ageing: AgeingSpecification?
  /// Temperature above which time is counted as too hot. [°C]
  public var temperatureLimitC: Double

  /// Orders a battery system; what is left out is what a home battery of iron phosphate cells has.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - arrangement: How the number of cells is found.
  ///   - converter: The inverter.
  ///   - spread: Differences between cells.
  ///   - cooling: Heat paths of one cell; those usual for its size when nil.
  ///   - enclosure: The box around the cells.
  ///   - strings: Strings side by side.
  ///   - linkOhm: Connection of each cell. [Ω]
  ///   - limits: Limits at any time.
  ///   - derating: Derating rules.
  ///   - balancing: Bleeding of full cells; nil when they are left as they are.
  ///   - ageing: How the cells age; nil when they do not.
  ///   - temperatureLimitC: Temperature above which time is counted as too hot. [°C]
  public init(
    cell: CellSpecification = .lfpPrismatic280, arrangement: Arrangement,
    converter: ConverterSpecification, spread: CellSpread = CellSpread(),
    cooling: CoolingSpecification? = nil, enclosure: Enclosure = .cabinet, strings: Int = 1,
    linkOhm: Double = 0, limits: LimitSpecification = LimitSpecification(),
    derating: DeratingPolicy = .residential,
    balancing: BalancingSpecification? = BalancingSpecification(),
    ageing: AgeingSpecification? = AgeingSpecification(),
    temperatureLimitC: Double = TwinSpecification.usualTemperatureLimitC
  ) {
    self.cell = cell
    self.arrangement = arrangement
    self.converter = converter
    self.spread = spread
    self.cooling = cooling
    self.enclosure = enclosure
    self.strings = strings
    self.linkOhm = linkOhm
    self.limits = limits
    self.derating = derating
    self.balancing = balancing
    self.ageing = ageing
    self.temperatureLimitC = temperatureLimitC
  }

  /// Nominal energy between empty and full. [kWh]
  public var nominalKWh: Double {
    switch arrangement {
    case .cells(let series, let parallel):
      Double(series * parallel * strings) * cell.capacityAh * cell.nominalV / 1000
    case .capacity(let kWh, _): kWh
    }
  }

  /// Cells side by side in each group of a string; not a whole number where the energy decides.
  public var cellsInParallel: Double {
    switch arrangement {
    case .cells(_, let parallel): Double(parallel)
    case .capacity(let kWh, let series): groupAh(kWh: kWh, series: series) / cell.capacityAh
    }
  }

  /// Cells that are stepped; where the energy decides, one for each group.
  public var cellCount: Int {
    switch arrangement {
    case .cells(let series, let parallel): series * parallel * strings
    case .capacity(_, let series): series * strings
    }
  }

  /// Rate of the pack at a power of its terminals, at the nominal voltage. [1/h]
  public func rate(ofPowerKW powerKW: Double) -> Double { powerKW / nominalKWh }

  /// Rate of the pack at a current of its terminals. [1/h]
  public func rate(ofCurrentA currentA: Double) -> Double {
    currentA * Double(arrangement.series) * cell.nominalV / (1000 * nominalKWh)
  }

  /// Charge of each group of a string that holds an energy with all the others. [Ah]
  private func groupAh(kWh: Double, series: Int) -> Double {
    kWh * 1000 / (Double(series * strings) * cell.nominalV)
  }

  /// Builds and checks the battery system, or a variant of it.
  ///
  /// - Parameters:
  ///   - capacityKWh: Another nominal energy. [kWh]
  ///   - powerKW: Another rating of the inverter. [kW]
  ///   - derating: Another policy.
  ///   - faults: What goes wrong.
  ///   - substepSeconds: Longest step that the twin takes at once. [s]
  /// - Returns: The battery system.
  /// - Throws: `InputError` with everything that is wrong.
  public func twin(
    capacityKWh: Double? = nil, powerKW: Double? = nil, derating: DeratingPolicy? = nil,
    faults: [FaultSpecification] = [],
    substepSeconds: Double = TwinSpecification.usualStepSeconds
  ) throws(InputError) -> TwinSpecification {
    // Sizes of an impossible cell cannot even be worked out.
    var found = cell.problems()
    let series = arrangement.series
    if series < 1 { found.error("battery: series must be at least 1, found '\(series)'") }
    if strings < 1 { found.error("battery: strings must be at least 1, found '\(strings)'") }
    if let kWh = capacityKWh ?? statedKWh, !(kWh > 0 && kWh.isFinite) {
      found.error("battery: capacity must be positive, found '\(kWh)'")
    }
    try found.throwIfErrors()
    let inverter = powerKW.map { converter.scaled(toRatedKW: $0) } ?? converter
    let energyKWh = capacityKWh ?? nominalKWh
    var parallel = 1
    var cell = self.cell
    var factor = 1.0
    if capacityKWh == nil, case .cells(_, let stated) = arrangement {
      parallel = stated
    } else {
      cell = cell.scaled(toCapacityAh: groupAh(kWh: energyKWh, series: series))
      factor = cell.capacityAh / self.cell.capacityAh
    }
    return try TwinSpecification(
      cell: cell, series: series, parallel: parallel, strings: strings, linkOhm: linkOhm / factor,
      spread: spread, modules: modules,
      cooling: (cooling ?? .usual(for: self.cell)).scaled(by: factor),
      enclosure: enclosure(capacityKWh: energyKWh, powerKW: inverter.ratedKW), converter: inverter,
      limits: limits, derating: derating ?? self.derating, balancing: balancing, ageing: ageing,
      faults: faults, substepSeconds: substepSeconds, temperatureLimitC: temperatureLimitC)
  }

  private var statedKWh: Double? {
    if case .capacity(let kWh, _) = arrangement { return kWh }
    return nil
  }

  private func enclosure(capacityKWh: Double, powerKW: Double) -> EnclosureSpecification {
    let usual: EnclosureSpecification =
      switch enclosure {
      case .cabinet: .cabinet(capacityKWh: capacityKWh)
      case .container: .container20(powerKW: powerKW)
      case .custom(let given): given
      }
    return usual.with(enclosureChanges)
  }
}
