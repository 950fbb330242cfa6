package import Diagnostics
public import Numerics

/// The loss of a converter in one direction: `loss/rated = p0 + k1·p + k2·p²`, `p = |P_ac|/rated`.
public struct ConverterLoss: Sendable, Equatable {
  /// Loss while running without load, as a share of the rating.
  public var noLoad: Double
  /// Loss that grows with the power.
  public var linear: Double
  /// Loss that grows with the square of the power.
  public var quadratic: Double

  /// Creates a loss curve.
  public init(noLoad: Double, linear: Double, quadratic: Double) {
    self.noLoad = noLoad
    self.linear = linear
    self.quadratic = quadratic
  }

  /// Returns the loss at an AC power. [kW]
  func lossKW(acKW: Double, ratedKW: Double) -> Double {
    let p = abs(acKW) / ratedKW
    return ratedKW * (noLoad + p * (linear + p * quadratic))
  }
}

/// Inverter between the pack and the AC bus, with its heatsink.
///
/// Loss coefficients: G. Notton et al., Renewable Energy 35 (2010) 1129; M. Schimpe et al., Energy
/// Procedia 155 (2018), doi:10.1016/j.egypro.2018.11.065. The default is a hybrid inverter of the
/// 5 kW class: 0.8 % no-load, 0.6 % linear, 2.5 % quadratic.
public struct ConverterSpecification: Sendable, Equatable {
  /// Rated AC power, both directions. [kW]
  public var ratedKW: Double
  /// Loss while charging.
  public var chargeLoss: ConverterLoss
  /// Loss while discharging.
  public var dischargeLoss: ConverterLoss
  /// Draw from the AC bus while no power is asked for. [kW]
  public var standbyKW: Double
  /// Heatsink to surroundings. [K/W]
  public var heatsinkKPerW: Double
  /// Time constant of the heatsink. [s]
  public var heatsinkTimeConstantS: Double
  /// Share of the rating allowed over the heatsink's temperature. [°C]
  public var heatsinkDerating: LinearTable
  /// Where photovoltaics of the site work.
  public var pvCoupling = PVCoupling.ac
  /// Power below which the converter rests; whoever asks it for power keeps to that. [kW]
  public var minimumKW = 0.0
  /// The only powers at which it runs, in both directions; empty for any. [kW]
  public var stepsKW: [Double] = []

  /// Creates a converter.
  ///
  /// - Parameters:
  ///   - ratedKW: Rated AC power. [kW]
  ///   - chargeLoss: Loss while charging.
  ///   - dischargeLoss: Loss while discharging; the same as in charge when nil.
  ///   - standbyKW: Draw while idle; 0.2 % of the rating when nil. [kW]
  ///   - heatsinkKPerW: 35 K above the surroundings at rated loss when nil. [K/W]
  ///   - heatsinkTimeConstantS: Time constant of the heatsink. [s]
  ///   - heatsinkDerating: Share of the rating over the heatsink's temperature.
  public init(
    ratedKW: Double,
    chargeLoss: ConverterLoss = ConverterLoss(noLoad: 0.008, linear: 0.006, quadratic: 0.025),
    dischargeLoss: ConverterLoss? = nil, standbyKW: Double? = nil, heatsinkKPerW: Double? = nil,
    heatsinkTimeConstantS: Double = 1200,
    heatsinkDerating: LinearTable = LinearTable(x: [75, 90, 105], y: [1, 0.5, 0])
  ) {
    self.ratedKW = ratedKW
    self.chargeLoss = chargeLoss
    self.dischargeLoss = dischargeLoss ?? chargeLoss
    self.standbyKW = standbyKW ?? 0.002 * ratedKW
    let rated = chargeLoss.lossKW(acKW: ratedKW, ratedKW: ratedKW)
    self.heatsinkKPerW = heatsinkKPerW ?? 35 / max(rated * 1000, 1e-9)
    self.heatsinkTimeConstantS = heatsinkTimeConstantS
    self.heatsinkDerating = heatsinkDerating
  }

  /// Returns a large power conversion system: 0.4 % no-load, 0.4 % linear, 1.2 % quadratic.
  public static func utility(ratedKW: Double) -> ConverterSpecification {
    ConverterSpecification(
      ratedKW: ratedKW, chargeLoss: ConverterLoss(noLoad: 0.004, linear: 0.004, quadratic: 0.012))
  }

  /// Returns a converter without loss, for checks.
  public static func ideal(ratedKW: Double) -> ConverterSpecification {
    ConverterSpecification(
      ratedKW: ratedKW, chargeLoss: ConverterLoss(noLoad: 0, linear: 0, quadratic: 0),
      standbyKW: 0, heatsinkKPerW: 0.001)
  }

  /// Returns the converter made for another power: the same curves, with standby and heatsink to match.
  ///
  /// - Parameter ratedKW: Rated AC power. [kW]
  /// - Returns: The converter.
  public func scaled(toRatedKW ratedKW: Double) -> ConverterSpecification {
    let factor = ratedKW / self.ratedKW
    var converter = self
    converter.ratedKW = ratedKW
    converter.standbyKW *= factor
    converter.heatsinkKPerW /= factor
    return converter
  }

  /// The curve of power through the converter.
  var curve: ConverterCurve {
    ConverterCurve(ratedKW: ratedKW, chargeLoss: chargeLoss, dischargeLoss: dischargeLoss)
  }

  /// Returns the power at the pack's terminals for an AC power, both positive in discharge. [kW]
  ///
  /// A charge request below the no-load loss reaches the pack as nothing.
  public func dcKW(acKW: Double) -> Double { curve.dcKW(acKW: acKW) }

  /// Returns the AC power that a power at the pack's terminals makes or needs. [kW]
  public func acKW(dcKW: Double) -> Double { curve.acKW(dcKW: dcKW) }

  /// Returns everything that makes the converter impossible.
  package func problems() -> Findings {
    var found = Findings()
    if !(ratedKW > 0 && ratedKW.isFinite) {
      found.error("inverter: power must be positive, found '\(ratedKW)'", key: "power_kw")
    }
    for (key, loss) in [("charge_loss", chargeLoss), ("discharge_loss", dischargeLoss)] {
      let parts = [loss.noLoad, loss.linear, loss.quadratic]
      if !parts.allSatisfy({ $0 >= 0 && $0 < 0.5 }) || parts.reduce(0, +) >= 0.5 {
        found.error("inverter: losses must be at least 0 and below one half in all", key: key)
      }
    }
    if !(standbyKW >= 0 && standbyKW.isFinite) {
      found.error(
        "inverter: standby power must not be negative, found '\(standbyKW)'", key: "standby_kw")
    }
    if !(heatsinkKPerW > 0 && heatsinkTimeConstantS > 0) {
      found.error("inverter: the heatsink needs a resistance and a time constant")
    }
    return found
  }
}

/// Power through a converter: what goes in on one side and comes out on the other.
struct ConverterCurve: Sendable {
  var ratedKW: Double
  var chargeLoss: ConverterLoss
  var dischargeLoss: ConverterLoss

  /// Returns the power at the pack's terminals for an AC power, both positive in discharge. [kW]
  ///
  /// A charge request below the no-load loss reaches the pack as nothing.
  func dcKW(acKW: Double) -> Double {
    if acKW == 0 { return 0 }
    if acKW > 0 { return acKW + dischargeLoss.lossKW(acKW: acKW, ratedKW: ratedKW) }
    return min(0, acKW + chargeLoss.lossKW(acKW: acKW, ratedKW: ratedKW))
  }

  /// Returns the AC power that a power at the pack's terminals makes or needs. [kW]
  func acKW(dcKW: Double) -> Double {
    if dcKW == 0 { return 0 }
    let p = abs(dcKW) / ratedKW
    if dcKW > 0 {
      // p_dc = p0 + (1 + k1) p + k2 p²
      let free = p - dischargeLoss.noLoad
      guard free > 0 else { return 0 }
      let b = 1 + dischargeLoss.linear
      let root = (b * b + 4 * dischargeLoss.quadratic * free).squareRoot()
      return ratedKW * 2 * free / (b + root)
    }
    // p_dc = (1 − k1) p − p0 − k2 p², the smaller root
    let needed = p + chargeLoss.noLoad
    let b = 1 - chargeLoss.linear
    let root = max(0, b * b - 4 * chargeLoss.quadratic * needed).squareRoot()
    return -ratedKW * 2 * needed / (b + root)
  }
}
