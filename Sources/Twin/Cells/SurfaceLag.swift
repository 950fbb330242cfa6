/// How far the charge at the surface of the active material lags behind the mean charge.
///
/// In discharge the surface is emptier than the whole by `socPerC` per unit of C-rate, reached with one
/// time constant, `dℓ/dt = (K(T)·I/Q − ℓ)/τ` with `K(T) = socPerC·exp(Ea/R·(1/T − 1/298.15 K))`; the cell shows the
/// voltage at rest of the surface. It is two wells of charge in other words, of which the smaller feeds the current.
/// In the cold the lag grows, so that a cell is empty at the surface while most of its charge is left within; it
/// comes back when the current falls or the cell warms. Around steps of the open-circuit
/// curve this is not a resistance: a linear pair, however dense its nodes, misses where the step falls.
/// Source of the idea: V. R. Subramanian et al., J. Electrochem. Soc. 152 (2005) A2002,
/// doi:10.1149/1.2032427 (two-parameter approximation of diffusion in a sphere).
public struct SurfaceLag: Sendable, Equatable, Codable {
  /// Time constant. [s]
  public var timeConstantS: Double
  /// Lag in steady discharge at 1C and 25 °C, as a share of the full charge. [h]
  public var socPerC: Double
  /// Activation energy of the lag. [J/mol]
  public var activationJPerMol: Double

  /// Creates a lag; the defaults are a start for a fit.
  public init(
    timeConstantS: Double = 300, socPerC: Double = 0.05, activationJPerMol: Double = 10_000
  ) {
    self.timeConstantS = timeConstantS
    self.socPerC = socPerC
    self.activationJPerMol = activationJPerMol
  }

  /// Returns the lag in steady discharge at 1C, as a share of the full charge. [h]
  func hours(kelvin: Double) -> Double {
    socPerC * PhysicalConstant.arrhenius(activationJPerMol: activationJPerMol, kelvin: kelvin)
  }
}

extension SurfaceLag {
  /// The lag of lithium iron phosphate cells, fitted to makers' and measured charges at 0…−20 °C.
  ///
  /// See <doc:Validation>; the activation energy is close to that of charge transfer, 41 kJ/mol in discharge
  /// (Electrochim. Acta 60 (2012) 269).
  static let ironPhosphate = SurfaceLag(socPerC: 0.04, activationJPerMol: 45_000)
  /// The lag of nickel manganese cobalt cells, by two weak points of makers; see <doc:Validation>.
  static let nickelManganeseCobalt = SurfaceLag(socPerC: 0.02, activationJPerMol: 45_000)

  /// The share of its charge that a cell gives at a temperature and a rate.
  public struct UsableCharge: Sendable, Equatable {
    /// Temperature that the cell is held at. [°C]
    public var temperatureC: Double
    /// Charge that it gives, over that of a slow discharge at 25 °C.
    public var fraction: Double
    /// Rate of the discharge, above 0. [1/h]
    public var rateC: Double

    /// Creates a point.
    public init(temperatureC: Double, fraction: Double, rateC: Double) {
      self.temperatureC = temperatureC
      self.fraction = fraction
      self.rateC = rateC
    }
  }

  /// Fits a lag to charges that a cell gives, `fraction = 1 − K(T)·rate`; nil when no point is below 1 or the points
  /// do not fall with the cold.
  ///
  /// The lines `ln K` over `1/T` are weighted with `K²`, so that misses count as shares of the charge. One
  /// point leaves the activation energy of `base`, as does its time constant.
  ///
  /// - Parameters:
  ///   - points: Charges at temperatures; those of the full charge say nothing.
  ///   - base: Supplies what the points do not tell.
  public init?(usable points: [UsableCharge], base: SurfaceLag) {
    self = base
    let lags = points.filter { $0.fraction < 1 }.map { point in
      let hours = (1 - point.fraction) / point.rateC
      return (
        x: (1 / (point.temperatureC + 273.15) - 1 / PhysicalConstant.referenceK)
          / PhysicalConstant.gasJPerMolK,
        y: PortableMath.log(hours), weight: hours * hours
      )
    }
    let total = lags.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return nil }
    let meanX = lags.reduce(0) { $0 + $1.weight * $1.x } / total
    let meanY = lags.reduce(0) { $0 + $1.weight * $1.y } / total
    let square = lags.reduce(0) { $0 + $1.weight * ($1.x - meanX) * ($1.x - meanX) }
    if square > 0 {
      let product = lags.reduce(0) { $0 + $1.weight * ($1.x - meanX) * ($1.y - meanY) }
      activationJPerMol = product / square
    }
    guard activationJPerMol >= 0 else { return nil }
    socPerC = PortableMath.exp(meanY - activationJPerMol * meanX)
  }

  /// Returns what makes the lag impossible.
  func problem() -> String? {
    guard timeConstantS > 0, timeConstantS.isFinite else {
      return "the surface lag needs a time constant"
    }
    guard socPerC >= 0, socPerC.isFinite, activationJPerMol >= 0, activationJPerMol.isFinite else {
      return "the surface lag and its activation energy must not be negative"
    }
    return nil
  }
}
