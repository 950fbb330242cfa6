import Numerics
import TimeSeries

/// A photovoltaic plant of one or more planes behind one inverter, or behind inverters of their own.
///
/// Irradiance is split into direct and diffuse light by its clearness, turned onto each plane with an
/// isotropic sky, and makes power at the temperature of the module; each inverter clips.
///
/// Sources: D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293,
/// doi:10.1016/0038-092X(82)90302-4 (diffuse share); B. Y. H. Liu, R. C. Jordan, Solar Energy 7 (1963) 53,
/// doi:10.1016/0038-092X(63)90006-9 (isotropic sky); D. Faiman, Prog. Photovolt. 16 (2008) 307,
/// doi:10.1002/pip.813 (module temperature); A. Dobos, NREL/TP-6A20-62641 (2014) (losses of 14 %).
package struct SyntheticPV: Sendable, Hashable {
  /// One plane of modules.
  package struct Plane: Sendable, Hashable {
    /// Name under which its production is told beside that of the plant; nothing for a plane that is not told apart.
    package var name: String?
    /// Rated power at 1000 W/m² and 25 °C. [kW]
    package var peakKW: Double
    /// Angle from the horizontal. [deg]
    package var tiltDeg: Double
    /// Direction of the plane, clockwise from north. [deg]
    package var azimuthDeg: Double
    /// Largest power of an inverter of its own; nothing for a plane on that of the plant. [kW]
    package var inverterKW: Double?

    /// Creates a plane.
    package init(
      peakKW: Double, tiltDeg: Double = 30, azimuthDeg: Double = 180, inverterKW: Double? = nil,
      name: String? = nil
    ) {
      self.name = name
      self.peakKW = peakKW
      self.tiltDeg = tiltDeg
      self.azimuthDeg = azimuthDeg
      self.inverterKW = inverterKW
    }
  }

  /// The planes.
  package var planes: [Plane]
  /// Largest power of the inverter of all planes without one of their own. [kW]
  package var inverterKW: Double
  /// Wiring, soiling, mismatch and age.
  package var lossFraction: Double
  /// Loss of power per kelvin above 25 °C. [1/K]
  package var temperatureCoefficient: Double
  /// Share of light that the ground returns.
  package var albedo: Double

  /// Creates a plant.
  package init(
    planes: [Plane], inverterKW: Double? = nil, lossFraction: Double = 0.14,
    temperatureCoefficient: Double = 0.004, albedo: Double = 0.2
  ) {
    self.planes = planes
    self.inverterKW =
      inverterKW ?? planes.reduce(0) { $0 + ($1.inverterKW == nil ? $1.peakKW : 0) } * 0.9
    self.lossFraction = lossFraction
    self.temperatureCoefficient = temperatureCoefficient
    self.albedo = albedo
  }

  /// Creates a plant of one plane that faces south.
  package init(peakKW: Double, tiltDeg: Double = 30, azimuthDeg: Double = 180) {
    self.init(planes: [Plane(peakKW: peakKW, tiltDeg: tiltDeg, azimuthDeg: azimuthDeg)])
  }

  /// The same plant with inverters that clip nothing.
  package var unclipped: SyntheticPV {
    var open = self
    open.inverterKW = .infinity
    for k in open.planes.indices { open.planes[k].inverterKW = nil }
    return open
  }

  /// The power of the plant, and that of each plane; planes on one inverter share what it clips by what each makes.
  func powerKW(
    _ block: YearBlock, weather: Weather
  ) -> (plant: [Double], planes: [[Double]]) {
    var output = [Double](repeating: 0, count: block.grid.count)
    var parts = planes.map { _ in output }
    for i in output.indices where weather.irradianceWM2[i] > 0 {
      let elevation = weather.sunElevationDeg[i]
      let cosZenith = sine(deg: elevation)
      let global = weather.irradianceWM2[i]
      let clearness = limited(
        global / (weather.extraterrestrialWM2[i] * max(cosZenith, 0.05)), 0, 1)
      let diffuse = global * diffuseShare(clearness)
      let direct = min(1000, (global - diffuse) / max(cosZenith, 0.05))
      var power = 0.0
      var own = 0.0
      for (k, plane) in planes.enumerated() {
        let turn = cosine(deg: weather.sunAzimuthDeg[i] - plane.azimuthDeg)
        let incidence =
          cosZenith * cosine(deg: plane.tiltDeg)
          + cosine(deg: elevation) * sine(deg: plane.tiltDeg) * turn
        let sky = (1 + cosine(deg: plane.tiltDeg)) / 2
        let onPlane =
          direct * max(0, incidence) + diffuse * sky + global * albedo * (1 - sky)
        let moduleC = weather.ambientC[i] + onPlane / (25 + 6.84 * weather.windMS[i])
        let made =
          plane.peakKW * onPlane / 1000 * (1 - temperatureCoefficient * (moduleC - 25))
          * (1 - lossFraction)
        if let limitKW = plane.inverterKW {
          parts[k][i] = min(limitKW, max(0, made))
          own += parts[k][i]
        } else {
          parts[k][i] = max(0, made)
          power += made
        }
      }
      output[i] = min(inverterKW, max(0, power)) + own
      guard power > inverterKW else { continue }
      for k in planes.indices where planes[k].inverterKW == nil {
        parts[k][i] *= inverterKW / power
      }
    }
    return (output, parts)
  }

  /// Share of diffuse light in global light by the clearness index (Erbs).
  private func diffuseShare(_ k: Double) -> Double {
    if k <= 0.22 { return 1 - 0.09 * k }
    if k > 0.8 { return 0.165 }
    return 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)))
  }
}
