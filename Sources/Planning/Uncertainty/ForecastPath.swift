/// One way the horizon may turn out.
public struct ForecastPath: Sendable {
  /// Load, one per slot. [kW]
  public var loadKW: [Double]
  /// Photovoltaic power, one per slot. [kW]
  public var pvKW: [Double]
  /// Weight among the paths, greater than zero; they need not sum to one.
  public var weight: Double

  /// Creates a path.
  public init(loadKW: [Double], pvKW: [Double], weight: Double = 1) {
    self.loadKW = loadKW
    self.pvKW = pvKW
    self.weight = weight
  }
}
