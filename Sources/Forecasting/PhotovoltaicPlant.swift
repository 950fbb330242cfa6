public import TimeSeries

/// A photovoltaic plant as PVWatts models it: transposition, cell temperature, direct current with
/// losses, inverter with part load and clip.
///
/// Sky-diffuse light is isotropic. Valid for fixed modules without shading.
///
/// Source: A. P. Dobos, "PVWatts Version 5 Manual", NREL/TP-6A20-62641, 2014; cell temperature after
/// D. L. King et al., "Photovoltaic Array Performance Model", SAND2004-3535, 2004.
public struct PhotovoltaicPlant: Sendable, Hashable {
  /// Power of the modules at 1000 W/m² and 25 °C. [kW]
  public var moduleKW: Double
  /// Largest power of the inverter, AC. [kW]
  public var inverterKW: Double
  /// Tilt of the modules from horizontal. [°]
  public var tiltDeg: Double
  /// Direction the modules face, 180 for south. [°]
  public var azimuthDeg: Double
  /// Change of module power per kelvin. [1/K]
  public var temperatureCoefficient = -0.0047
  /// Share of module power lost to soiling, wiring, mismatch and the like.
  public var lossFraction = 0.14
  /// Inverter efficiency at rated power.
  public var inverterEfficiency = 0.96
  /// Share of ground light that is reflected.
  public var albedo = 0.2

  /// Describes a plant; the inverter takes 1/1.1 of the module power unless stated.
  public init(
    moduleKW: Double, tiltDeg: Double = 20, azimuthDeg: Double = 180, inverterKW: Double? = nil
  ) {
    self.moduleKW = moduleKW
    self.inverterKW = inverterKW ?? moduleKW / 1.1
    self.tiltDeg = tiltDeg
    self.azimuthDeg = azimuthDeg
  }

  /// Splits global horizontal irradiance into its beam and diffuse parts.
  ///
  /// Source: D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293,
  /// doi:10.1016/0038-092X(82)90302-4.
  ///
  /// - Parameters:
  ///   - horizontalWM2: Global horizontal irradiance. [W/m²]
  ///   - sun: Where the sun stands.
  /// - Returns: Beam irradiance on a plane facing the sun and diffuse horizontal irradiance. [W/m²]
  public static func split(
    horizontalWM2: Double, sun: SunPosition
  ) -> (beamWM2: Double, diffuseWM2: Double) {
    let cosine = sun.cosZenith
    guard cosine > 0, horizontalWM2 > 0 else { return (0, max(0, horizontalWM2)) }
    // Near the horizon the index is bounded as if the sun stood 3.7° high.
    let index = min(2, horizontalWM2 / (sun.extraterrestrialWM2 * max(cosine, 0.065)))
    let share: Double
    if index <= 0.22 {
      share = 1 - 0.09 * index
    } else if index <= 0.8 {
      let k = index
      let k2 = k * k
      share = 0.9511 - 0.1604 * k + 4.388 * k2 - 16.638 * k2 * k + 12.336 * k2 * k2
    } else {
      share = 0.165
    }
    let diffuse = share * horizontalWM2
    // Under 3° the beam part is noise divided by next to nothing.
    let beam = cosine > 0.052 ? (horizontalWM2 - diffuse) / cosine : 0
    return (max(0, beam), diffuse)
  }

  /// Irradiance on the modules. [W/m²]
  public func planeIrradiance(
    beamWM2: Double, diffuseWM2: Double, horizontalWM2: Double, sun: SunPosition
  ) -> Double {
    let degree = Double.pi / 180
    let cosineTilt = cosine(tiltDeg * degree)
    let sineTilt = sine(tiltDeg * degree)
    let sineZenith = max(0, 1 - sun.cosZenith * sun.cosZenith).squareRoot()
    let incidence =
      sun.cosZenith * cosineTilt
      + sineZenith * sineTilt * cosine((sun.azimuthDeg - azimuthDeg) * degree)
    let beam = sun.cosZenith > 0 ? beamWM2 * max(0, incidence) : 0
    return beam + diffuseWM2 * (1 + cosineTilt) / 2
      + horizontalWM2 * albedo * (1 - cosineTilt) / 2
  }

  /// Cell temperature of an open rack of glass and polymer modules. [°C]
  public static func cellTemperature(
    planeWM2: Double, ambientC: Double, windMS: Double
  ) -> Double {
    ambientC + planeWM2 * exponential(-3.56 - 0.075 * windMS) + planeWM2 / 1000 * 3
  }

  /// Direct-current power of the modules, before losses. [kW]
  public func modulePower(planeWM2: Double, cellC: Double) -> Double {
    moduleKW * planeWM2 / 1000 * (1 + temperatureCoefficient * (cellC - 25))
  }

  /// Alternating-current power for a direct-current power. [kW]
  public func inverterPower(moduleKW power: Double) -> Double {
    let rated = inverterKW / inverterEfficiency
    guard power > 0, rated > 0 else { return 0 }
    let load = power / rated
    let efficiency =
      inverterEfficiency / 0.9637 * (-0.0162 * load - 0.0059 / load + 0.9858)
    return max(0, min(inverterKW, efficiency * power))
  }

  /// Alternating-current power of the plant under a sky. [kW]
  ///
  /// - Parameters:
  ///   - horizontalWM2: Global horizontal irradiance. [W/m²]
  ///   - ambientC: Air temperature. [°C]
  ///   - windMS: Wind speed. [m/s]
  ///   - sun: Where the sun stands.
  /// - Returns: Power at the inverter's grid side. [kW]
  public func power(
    horizontalWM2: Double, ambientC: Double, windMS: Double, sun: SunPosition
  ) -> Double {
    let (beam, diffuse) = PhotovoltaicPlant.split(horizontalWM2: horizontalWM2, sun: sun)
    let plane = planeIrradiance(
      beamWM2: beam, diffuseWM2: diffuse, horizontalWM2: horizontalWM2, sun: sun)
    let cell = PhotovoltaicPlant.cellTemperature(
      planeWM2: plane, ambientC: ambientC, windMS: windMS)
    return inverterPower(
      moduleKW: modulePower(planeWM2: plane, cellC: cell) * (1 - lossFraction))
  }
}

/// Power of the plant under an irradiance forecast; needs location, capacity and irradiance.
struct PhysicalModel: SlotModel {
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    guard let place = state.site.place, let capacity = state.site.pvCapacityKW,
      frame.ahead[.irradiance] != nil
    else { return }
    let plant = PhotovoltaicPlant(
      moduleKW: capacity, tiltDeg: state.site.tiltDeg ?? 20,
      azimuthDeg: state.site.azimuthDeg ?? (place.latitudeDeg < 0 ? 0 : 180))
    let covariates = CovariateColumns(frame: frame, state: state)
    for k in 0..<frame.count {
      let v = frame.first + k
      let middle =
        state.profile.start + v * state.profile.stepSeconds
        + state.profile.stepSeconds / 2
      let irradiance = covariates.value(.irradiance, v)
      guard irradiance.isFinite else { continue }
      let ambient = covariates.value(.ambient, v)
      let wind = covariates.value(.windSpeed, v)
      values[k] = plant.power(
        horizontalWM2: irradiance, ambientC: ambient.isFinite ? ambient : 20,
        windMS: wind.isFinite ? wind : 1, sun: SunPosition(at: middle, place: place))
    }
  }
}
