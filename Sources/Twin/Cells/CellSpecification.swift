public import Diagnostics

/// The kind of electrodes, which decides the default ageing model.
public enum Chemistry: String, Sendable, CaseIterable, Codable {
  /// Lithium iron phosphate against graphite.
  case lfp
  /// Nickel manganese cobalt oxide against graphite.
  case nmc
}

/// One pair of resistor and capacitor of the equivalent circuit.
public struct ResistorCapacitor: Sendable, Equatable, Codable {
  /// Resistance at 25 °C where the shape is 1. [Ω]
  public var resistanceOhm: Double
  /// Time constant, the same at every temperature. [s]
  public var timeConstantS: Double
  /// Activation energy of the resistance. [J/mol]
  public var activationJPerMol: Double

  /// Creates a pair.
  public init(resistanceOhm: Double, timeConstantS: Double, activationJPerMol: Double) {
    self.resistanceOhm = resistanceOhm
    self.timeConstantS = timeConstantS
    self.activationJPerMol = activationJPerMol
  }
}

/// What is fixed about one cell: curves over state of charge, resistances, heat and limits.
///
/// The voltage is `U(s) + M(s)·h − I·R0 − v1 − v2`, where `s` is the state of charge `z`, less its `SurfaceLag`; resistances are a reference value at 25 °C times a
/// shape over state of charge times `exp(Ea/R·(1/T − 1/298.15 K))`. Curves are piecewise linear over
/// `socFraction`.
public struct CellSpecification: Sendable, Equatable, Codable {
  /// Name that documents use.
  public var name: String
  /// Kind of electrodes.
  public var chemistry: Chemistry
  /// Where the numbers come from.
  public var sources: [String]
  /// Charge between empty and full. [Ah]
  public var capacityAh: Double
  /// Nodes of the curves, from 0 to 1, strictly increasing.
  public var socFraction: [Double]
  /// Voltage at rest, one per node, strictly increasing. [V]
  public var openCircuitV: [Double]
  /// Change of the voltage at rest with temperature, one per node. [V/K]
  public var entropicVPerK: [Double]
  /// Half of the distance between the charge and discharge voltage at rest. [V]
  public var hysteresisV: [Double]
  /// Rate at which hysteresis turns over, per full charge.
  public var hysteresisRate: Double
  /// Series resistance at 25 °C where the shape is 1. [Ω]
  public var seriesOhm: Double
  /// Activation energy of the series resistance. [J/mol]
  public var seriesActivationJPerMol: Double
  /// Shape of the series resistance in discharge, one per node.
  public var seriesShape: [Double]
  /// Shape of the series resistance in charge, one per node.
  public var seriesChargeShape: [Double]
  /// Fast pair.
  public var fast: ResistorCapacitor
  /// Slow pair; resistance 0 leaves it out.
  public var slow: ResistorCapacitor
  /// Shape of the fast pair's resistance, one per node.
  public var pairShape: [Double]
  /// Shape of the slow pair's resistance, one per node.
  public var slowShape: [Double]
  /// How far the charge at the surface, at which the curves are read, lags behind the mean; nil when it does not.
  public var surfaceLag: SurfaceLag?
  /// Share of the charge sent that is kept.
  public var chargeEfficiency: Double
  /// Loss of charge at rest per 30 days, including the monitoring electronics.
  public var selfDischargePerMonth: Double
  /// Lowest and highest allowed voltage. [V]
  public var minimumV: Double
  public var maximumV: Double
  /// Highest continuous rates. [1/h]
  public var maximumChargeC: Double
  public var maximumDischargeC: Double
  /// Heat capacity of the cell. [J/K]
  public var heatCapacityJPerK: Double

  /// Creates a cell; `problems()` tells what is wrong with it.
  public init(
    name: String, chemistry: Chemistry, sources: [String], capacityAh: Double,
    socFraction: [Double], openCircuitV: [Double], entropicVPerK: [Double]? = nil,
    hysteresisV: [Double]? = nil, hysteresisRate: Double = 50, seriesOhm: Double,
    seriesActivationJPerMol: Double, seriesShape: [Double]? = nil,
    seriesChargeShape: [Double]? = nil,
    fast: ResistorCapacitor, slow: ResistorCapacitor, pairShape: [Double]? = nil,
    slowShape: [Double]? = nil, surfaceLag: SurfaceLag? = nil,
    chargeEfficiency: Double = 1, selfDischargePerMonth: Double = 0, minimumV: Double,
    maximumV: Double, maximumChargeC: Double, maximumDischargeC: Double,
    heatCapacityJPerK: Double
  ) {
    let ones = [Double](repeating: 1, count: socFraction.count)
    let zeros = [Double](repeating: 0, count: socFraction.count)
    self.name = name
    self.chemistry = chemistry
    self.sources = sources
    self.capacityAh = capacityAh
    self.socFraction = socFraction
    self.openCircuitV = openCircuitV
    self.entropicVPerK = entropicVPerK ?? zeros
    self.hysteresisV = hysteresisV ?? zeros
    self.hysteresisRate = hysteresisRate
    self.seriesOhm = seriesOhm
    self.seriesActivationJPerMol = seriesActivationJPerMol
    self.seriesShape = seriesShape ?? ones
    self.seriesChargeShape = seriesChargeShape ?? seriesShape ?? ones
    self.fast = fast
    self.slow = slow
    self.pairShape = pairShape ?? ones
    self.slowShape = slowShape ?? pairShape ?? ones
    self.surfaceLag = surfaceLag
    self.chargeEfficiency = chargeEfficiency
    self.selfDischargePerMonth = selfDischargePerMonth
    self.minimumV = minimumV
    self.maximumV = maximumV
    self.maximumChargeC = maximumChargeC
    self.maximumDischargeC = maximumDischargeC
    self.heatCapacityJPerK = heatCapacityJPerK
  }

  /// Returns the cell made larger or smaller, as if more or less of it were in parallel.
  ///
  /// - Parameter capacityAh: Charge of the new cell, greater than 0. [Ah]
  /// - Returns: The scaled cell.
  public func scaled(toCapacityAh capacityAh: Double) -> CellSpecification {
    let factor = capacityAh / self.capacityAh
    var cell = self
    cell.capacityAh = capacityAh
    cell.seriesOhm /= factor
    cell.fast.resistanceOhm /= factor
    cell.slow.resistanceOhm /= factor
    cell.heatCapacityJPerK *= factor
    return cell
  }

  /// Voltage at rest at half charge, by which packs are counted. [V]
  public var nominalV: Double {
    OCVCurve(self).meanVoltage
  }

  /// Returns everything that makes the cell impossible.
  public func problems() -> Findings {
    var found = Findings()
    func check(_ condition: Bool, _ message: String) {
      if !condition { found.error("cell '\(name)': \(message)") }
    }
    check(capacityAh.isFinite && capacityAh > 0, "capacity must be positive, found '\(capacityAh)'")
    check(
      socFraction.count >= 2 && socFraction.first == 0 && socFraction.last == 1
        && zip(socFraction, socFraction.dropFirst()).allSatisfy { $0 < $1 },
      "the nodes must rise from 0 to 1")
    let columns = [
      ("open-circuit voltage", openCircuitV), ("entropic coefficient", entropicVPerK),
      ("hysteresis", hysteresisV), ("series resistance shape", seriesShape),
      ("charge resistance shape", seriesChargeShape), ("fast pair shape", pairShape),
      ("slow pair shape", slowShape),
    ]
    for (label, column) in columns {
      check(column.count == socFraction.count, "\(label) needs one value per node")
      check(column.allSatisfy(\.isFinite), "\(label) must be finite")
    }
    check(
      zip(openCircuitV, openCircuitV.dropFirst()).allSatisfy { $0 < $1 },
      "the open-circuit voltage must rise with the charge")
    for (label, column) in columns[3...] {
      check(column.allSatisfy { $0 > 0 }, "\(label) must be positive")
    }
    check(hysteresisV.allSatisfy { $0 >= 0 }, "hysteresis must not be negative")
    check(seriesOhm > 0 && seriesOhm.isFinite, "series resistance must be positive")
    for pair in [fast, slow] {
      check(pair.resistanceOhm >= 0 && pair.timeConstantS > 0, "a pair needs a time constant")
    }
    if let problem = surfaceLag?.problem() { check(false, problem) }
    check(chargeEfficiency > 0.5 && chargeEfficiency <= 1, "charge efficiency must be within 0.5…1")
    check(selfDischargePerMonth >= 0 && selfDischargePerMonth < 1, "self-discharge must be below 1")
    check(minimumV < maximumV && minimumV > 0, "the voltage limits must be in order")
    check(maximumChargeC > 0 && maximumDischargeC > 0, "the C-rates must be positive")
    check(heatCapacityJPerK > 0, "heat capacity must be positive")
    return found
  }
}

/// The open-circuit voltage of a cell and its integral.
struct OCVCurve {
  let cell: CellSpecification

  init(_ cell: CellSpecification) { self.cell = cell }

  var meanVoltage: Double {
    var sum = 0.0
    for i in 1..<cell.socFraction.count {
      sum +=
        0.5 * (cell.openCircuitV[i] + cell.openCircuitV[i - 1])
        * (cell.socFraction[i] - cell.socFraction[i - 1])
    }
    return sum
  }
}
