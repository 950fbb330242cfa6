/// Heat of the battery inside the linear program: one temperature and a line of allowed power.
///
/// The loss is quadratic in power and enters as tangents from below; the temperature relaxes towards the
/// ambient temperature plus the heat over the conductance; the allowed power falls in a straight line from
/// full power at one temperature to nothing at another. The relaxation is exact where more heat only
/// hurts; a cell that gains from warmth needs the envelope iteration instead.
public struct HeatModel: Sendable, Hashable {
  /// Ambient temperature, one per slot. [°C]
  public var ambientC: [Double]
  /// Temperature of the battery at the start. [°C]
  public var startC: Double
  /// Heat per squared AC power. [kW per kW²]
  public var heatPerSquaredKW: Double
  /// Heat that flows to the ambient per difference of temperature. [kW/K]
  public var conductanceKWPerK: Double
  /// Time constant of the temperature. [h]
  public var timeConstantHours: Double
  /// Power allowed up to `deratesAboveC`. [kW]
  public var fullPowerKW: Double
  /// Temperature from which the allowed power falls. [°C]
  public var deratesAboveC: Double
  /// Temperature at which no power is left. [°C]
  public var stopsAtC: Double
  /// Number of tangents of the loss.
  public var tangents: Int

  /// Creates a heat model.
  public init(
    ambientC: [Double], startC: Double, heatPerSquaredKW: Double, conductanceKWPerK: Double,
    timeConstantHours: Double, fullPowerKW: Double, deratesAboveC: Double, stopsAtC: Double,
    tangents: Int = 5
  ) {
    self.ambientC = ambientC
    self.startC = startC
    self.heatPerSquaredKW = heatPerSquaredKW
    self.conductanceKWPerK = conductanceKWPerK
    self.timeConstantHours = timeConstantHours
    self.fullPowerKW = fullPowerKW
    self.deratesAboveC = deratesAboveC
    self.stopsAtC = stopsAtC
    self.tangents = tangents
  }

  /// Says whether the numbers make a model that can be planned with.
  func isUsable(count: Int) -> Bool {
    let positive = [
      heatPerSquaredKW, conductanceKWPerK, timeConstantHours, fullPowerKW, stopsAtC - deratesAboveC,
    ]
    return ambientC.count == count && tangents >= 1 && tangents <= 64
      && ambientC.allSatisfy { $0.magnitude <= 1e4 } && startC.magnitude <= 1e4
      && positive.allSatisfy { $0 > 1e-12 && $0 <= 1e9 }
  }
}
