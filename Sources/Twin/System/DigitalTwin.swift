internal import CTwinKernels
public import Diagnostics
import Numerics

/// A battery system in motion: cells, heat, inverter and control, advanced step by step.
///
/// A value: copying it is how a what-if starts. Two twins of the same specification, seed and requests
/// are equal to the last bit.
public struct DigitalTwin: Sendable {
  /// What is fixed.
  public let specification: TwinSpecification
  let control: ControlModel
  /// The cells and their heat.
  public internal(set) var pack: CellPack
  /// What happened so far.
  public internal(set) var ledger = TwinLedger()
  /// Time since the twin was built. [s]
  public internal(set) var elapsedSeconds = 0.0

  /// Power that photovoltaics offer on the DC side in the step under way. [kW]
  var pvInputKW = 0.0
  var hvacMode = HVACMode.off
  var derating = DeratingMemory()
  /// The protection that opens the circuit at a cell's temperature.
  var cutOff = StopMemory()
  var sensor = SensorMemory()
  /// What the last step that asked a copy foresaw.
  var looks: [ThermalLook] = []
  /// True in the copy by which a rule looks ahead.
  var isLookingAhead = false
  /// In a look ahead the faults of this time hold throughout: nobody knows those to come. [s]
  var faultsFrozenAt: Double?
  /// The time that decides which faults are there. [s]
  var faultSeconds: Double { faultsFrozenAt ?? elapsedSeconds }
  var isBalancing = false
  /// True while an empty cell keeps the monitoring electronics off.
  var isProtected = false
  let possible: PossibleState
  /// Energy of all cells at the end of the last step, from empty. [Wh]
  var energyWh: Double
  private(set) var startWh: Double
  let floorEnergy: Double
  /// Capacity of all cells times the energy integral at the lowest allowed charge. [Wh]
  private(set) var floorWh: Double
  private(set) var freshCapacityAh: [Double]
  private(set) var freshScale: [Double]
  var ageing: PackAgeing
  /// False where the cells do not age, and in a look ahead.
  var isAgeing: Bool

  enum HVACMode: String, Codable { case off, cooling, heating }

  /// Builds a battery system at rest.
  ///
  /// - Parameters:
  ///   - specification: What is fixed.
  ///   - seed: Decides which cell has which capacity, resistance and state of charge.
  ///   - socFraction: Mean state of charge, 0…1.
  ///   - temperatureC: Temperature of everything. [°C]
  public init(
    _ specification: TwinSpecification, seed: UInt64, socFraction: Double, temperatureC: Double
  ) {
    precondition(socFraction >= 0 && socFraction <= 1, "a state of charge is within 0…1")
    self.specification = specification
    control = specification.control
    let cell = specification.cell
    possible = PossibleState(cell)
    let count = specification.model.cellCount
    let spread = specification.spread
    var generator = SeededGenerator(seed: seed, label: "twin cells")
    var capacity = [Double](repeating: cell.capacityAh, count: count)
    var scale = [Double](repeating: 1, count: count)
    var soc = [Double](repeating: socFraction, count: count)
    let low = specification.limits.minimumSOC
    let high = specification.limits.maximumSOC
    let starts = specification.starts
    for j in 0..<count {
      // Capacity and resistance go against each other: correlation −0.3.
      let a = DigitalTwin.draw(&generator)
      let b = -0.3 * a + 0.954 * DigitalTwin.draw(&generator)
      capacity[j] *= max(0.5, 1 + spread.capacity * a)
      scale[j] *= max(0.5, 1 + spread.resistance * b)
      var own = socFraction
      if let start = starts.cell(j) {
        own = min(max(socFraction + start.socDifference, 0), 1)
        capacity[j] *= start.capacity
        scale[j] *= start.resistance
      }
      let drawn = own + spread.soc * DigitalTwin.draw(&generator)
      soc[j] = min(max(drawn, min(low, own)), max(high, own))
    }
    for fault in specification.faults {
      switch fault.kind {
      case .hotCell(let index, let factor): scale[index] *= factor
      case .weakCell(let index, let factor): capacity[index] *= factor
      case .imbalance(let index, let difference):
        soc[index] = min(max(soc[index] + difference, 0), 1)
      case .agedPack(let capacityFactor, let resistanceFactor):
        for j in 0..<count {
          capacity[j] *= capacityFactor
          scale[j] *= resistanceFactor
        }
      default: break
      }
    }
    freshCapacityAh = capacity
    freshScale = scale
    isAgeing = specification.ageing != nil
    ageing = PackAgeing(
      specification.ageing ?? AgeingSpecification(), chemistry: cell.chemistry,
      cellCount: specification.ageing == nil ? 0 : count)
    if isAgeing, !starts.isFresh {
      for j in 0..<count {
        guard let state = starts.cell(j)?.state else { continue }
        ageing.start(cell: j, from: state)
        capacity[j] *= max(PackAgeing.leastCapacity, state.capacityFactor(ageing.model))
        scale[j] *= state.resistanceFactor(ageing.model)
      }
    }
    pack = CellPack(
      model: specification.model, capacityAh: capacity, resistanceScale: scale, socFraction: soc,
      temperatureC: temperatureC)
    // Self-discharge is a current of its own in every cell.
    for j in 0..<count {
      pack[.bleed, j] = capacity[j] * cell.selfDischargePerMonth / (30 * 24)
    }
    floorEnergy = specification.model.tables.energyIntegral(at: low)
    energyWh = pack.energyWh
    startWh = energyWh
    floorWh = floorEnergy * capacity.reduce(0, +)
    // Extremes start from the battery as it is.
    let summary = pack.summary
    ledger.book(
      coldestC: summary.coldest_c, hottestC: summary.hottest_c, lowestV: summary.lowest_v,
      highestV: summary.highest_v, soc: pack.meanSOC, seconds: 0, limitC: .infinity)
    ledger.steps = 0
  }

  private static func draw(_ generator: inout SeededGenerator) -> Double {
    min(max(generator.normal(), -4), 4)
  }

  /// Energy above the lowest allowed state of charge, at the voltage at rest. [kWh]
  ///
  /// It may be a little negative when self-discharge has taken a cell below its limit.
  public var storedEnergyKWh: Double {
    (pack.energyWh - floorWh) / 1000
  }

  /// Mean state of charge of the cells.
  public var socFraction: Double { pack.meanSOC }

  /// Temperature of the hottest cell. [°C]
  public var hottestCellC: Double { pack.summary.hottest_c }

  /// Temperature of the coldest cell. [°C]
  public var coldestCellC: Double { pack.summary.coldest_c }

  /// Temperature of the inverter's heatsink. [°C]
  public var heatsinkC: Double { pack.commonC(control.constants.heatsink) }

  /// Temperature of the enclosure's air. [°C]
  public var airC: Double { pack.commonC(0) }

  /// Sets the floor of the stored energy again after capacities changed.
  mutating func refreshFloor() {
    floorWh = floorEnergy * pack.capacityAh.reduce(0, +)
  }

  // MARK: State

  /// Everything that moves, to be saved and restored.
  public struct State: Sendable, Codable, Equatable {
    var pack: CellPack.State
    var ledger: TwinLedger
    var elapsedSeconds: Double
    var hvacMode: HVACMode
    var derating: DeratingMemory
    var cutOff: StopMemory
    var sensor: SensorMemory
    var isBalancing: Bool
    var isProtected: Bool
    var energyWh: Double
    var startWh: Double
    var freshCapacityAh: [Double]
    var freshScale: [Double]
    var ageing: PackAgeing
  }

  /// The present state; the twin goes on from it to the last bit.
  public var state: State {
    State(
      pack: pack.state, ledger: ledger, elapsedSeconds: elapsedSeconds, hvacMode: hvacMode,
      derating: derating, cutOff: cutOff, sensor: sensor, isBalancing: isBalancing,
      isProtected: isProtected, energyWh: energyWh,
      startWh: startWh,
      freshCapacityAh: freshCapacityAh, freshScale: freshScale, ageing: ageing)
  }

  /// Restores a battery system from a saved state.
  ///
  /// - Parameters:
  ///   - specification: What is fixed; the same as when the state was saved.
  ///   - state: What was saved.
  /// - Throws: `InputError` when the state belongs to another number of cells or nodes.
  public init(_ specification: TwinSpecification, state: State) throws(InputError) {
    self.init(specification, seed: 0, socFraction: 0.5, temperatureC: 25)
    guard pack.fits(state.pack), state.freshCapacityAh.count == pack.cellCount,
      state.freshScale.count == pack.cellCount
    else {
      throw InputError("state: it belongs to another battery")
    }
    pack.restore(state.pack)
    ledger = state.ledger
    elapsedSeconds = state.elapsedSeconds
    hvacMode = state.hvacMode
    derating = state.derating
    cutOff = state.cutOff
    sensor = state.sensor
    isBalancing = state.isBalancing
    isProtected = state.isProtected
    energyWh = state.energyWh
    startWh = state.startWh
    freshCapacityAh = state.freshCapacityAh
    freshScale = state.freshScale
    ageing = state.ageing
    refreshFloor()
  }
}
