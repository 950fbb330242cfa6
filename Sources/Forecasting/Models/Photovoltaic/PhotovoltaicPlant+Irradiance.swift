import Numerics
package import TimeSeries

/// Light on the modules by where it comes from.
package struct PlaneIrradiance: Sendable, Hashable {
  /// From the disc of the sun. [W/m²]
  package var beamWM2: Double
  /// From the sky, its bright parts around the sun and over the horizon included. [W/m²]
  package var skyWM2: Double
  /// Reflected by the ground. [W/m²]
  package var groundWM2: Double
  /// Share of the beam that passes the cover, relative to a beam that falls straight, 0…1.
  package var beamTransmission: Double

  /// All light before the cover, which heats the modules. [W/m²]
  package var totalWM2: Double { beamWM2 + skyWM2 + groundWM2 }
  /// All light behind the cover, which makes current. [W/m²]
  package var transmittedWM2: Double { beamWM2 * beamTransmission + skyWM2 + groundWM2 }
}

extension PhotovoltaicPlant {
  /// Splits global horizontal irradiance into its beam and diffuse parts.
  ///
  /// Source: D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293,
  /// doi:10.1016/0038-092X(82)90302-4.
  ///
  /// - Parameters:
  ///   - horizontalWM2: Global horizontal irradiance. [W/m²]
  ///   - sun: Where the sun stands.
  /// - Returns: Beam irradiance on a plane facing the sun and diffuse horizontal irradiance. [W/m²]
  package static func split(
    horizontalWM2: Double, sun: SunPosition
  ) -> (beamWM2: Double, diffuseWM2: Double) {
    let cosine = sun.cosZenith
    // Under 3° the beam would be noise divided by next to nothing: all light counts as diffuse.
    guard cosine > 0.052, horizontalWM2 > 0 else { return (0, max(0, horizontalWM2)) }
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
    return (max(0, (horizontalWM2 - diffuse) / cosine), diffuse)
  }

  /// Light on the modules.
  ///
  /// The sky is that of R. Perez et al., Solar Energy 44 (1990) 271,
  /// doi:10.1016/0038-092X(90)90055-H, with the coefficients for all sites; within 2.5° of the
  /// horizon it is taken as even.
  package func planeIrradiance(
    beamWM2: Double, diffuseWM2: Double, horizontalWM2: Double, sun: SunPosition
  ) -> PlaneIrradiance {
    let degree = Double.pi / 180
    let cosineTilt = cosine(tiltDeg * degree)
    let sineTilt = sine(tiltDeg * degree)
    let sineZenith = max(0, 1 - sun.cosZenith * sun.cosZenith).squareRoot()
    let incidence =
      sun.cosZenith * cosineTilt
      + sineZenith * sineTilt * cosine((sun.azimuthDeg - azimuthDeg) * degree)
    let lit = sun.cosZenith > 0 ? max(0, incidence) : 0
    let isLow = sun.elevationDeg < 2.5
    let sky = SkyBrightness(beamWM2: beamWM2, diffuseWM2: diffuseWM2, sun: sun)
    let even = (1 + cosineTilt) / 2
    var share = even
    if !isLow {
      let around = max(0, incidence) / max(SkyBrightness.leastCosine, sun.cosZenith)
      share += sky.circumsolar * (around - even) + sky.horizon * sineTilt
    }
    return PlaneIrradiance(
      beamWM2: beamWM2 * lit, skyWM2: max(0, diffuseWM2 * share),
      groundWM2: isLow ? 0 : horizontalWM2 * albedo * (1 - cosineTilt) / 2,
      beamTransmission: PhotovoltaicPlant.coverTransmission(incidenceCosine: lit))
  }

  /// Share of a beam that passes a glass cover (refractive index 1.526), relative to a beam that falls
  /// straight.
  ///
  /// Source: W. De Soto, S. A. Klein, W. A. Beckman, Solar Energy 80 (2006) 78,
  /// doi:10.1016/j.solener.2005.06.010; absorption is left out.
  package static func coverTransmission(incidenceCosine: Double) -> Double {
    let degree = Double.pi / 180
    // Both ends of the formula are limits that cannot be computed.
    let angle = min(max(arccosine(min(1, max(0, incidenceCosine))), degree), 89 * degree)
    return passing(angle) / passing(degree)
  }

  /// Fresnel's share of unpolarised light that passes one surface.
  private static func passing(_ angle: Double) -> Double {
    let refracted = arcsine(sine(angle) / 1.526)
    let difference = refracted - angle
    let sum = refracted + angle
    let across = sine(difference) * sine(difference) / (sine(sum) * sine(sum))
    let tangents = tangent(difference) / tangent(sum)
    return 1 - (across + tangents * tangents) / 2
  }
}

/// How much of the sky's light comes from around the sun and from the horizon, after Perez.
private struct SkyBrightness {
  /// Bound of the sun's height for light around it: 5°.
  static let leastCosine = 0.0871557
  private static let clearnessBounds = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2]
  /// F11, F12, F13, F21, F22, F23 by clearness.
  private static let coefficients: [[Double]] = [
    [-0.008, 0.588, -0.062, -0.060, 0.072, -0.022],
    [0.130, 0.683, -0.151, -0.019, 0.066, -0.029],
    [0.330, 0.487, -0.221, 0.055, -0.064, -0.026],
    [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
    [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
    [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
    [1.060, -1.600, -0.359, 0.264, -1.127, 0.131],
    [0.678, -0.327, -0.250, 0.156, -1.377, 0.251],
  ]

  let circumsolar: Double
  let horizon: Double

  init(beamWM2: Double, diffuseWM2: Double, sun: SunPosition) {
    guard diffuseWM2 > 0, sun.elevationDeg > 0 else {
      circumsolar = 0
      horizon = 0
      return
    }
    let zenithDeg = 90 - sun.elevationDeg
    let zenith = zenithDeg * Double.pi / 180
    let cubed = 1.041 * zenith * zenith * zenith
    let clearness = ((diffuseWM2 + beamWM2) / diffuseWM2 + cubed) / (1 + cubed)
    // Air mass after F. Kasten, CRREL Technical Report 136, 1965.
    let airMass = 1 / (sun.cosZenith + 0.15 * raise(93.9 - zenithDeg, to: -1.253))
    let brightness = diffuseWM2 * airMass / 1367
    let bin = Self.clearnessBounds.firstIndex { clearness <= $0 } ?? Self.clearnessBounds.count
    let f = Self.coefficients[bin]
    circumsolar = max(0, f[0] + f[1] * brightness + f[2] * zenith)
    horizon = f[3] + f[4] * brightness + f[5] * zenith
  }
}
