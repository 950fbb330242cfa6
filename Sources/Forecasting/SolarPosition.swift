import Foundation

/// Where the sun stands for an observer.
///
/// Low-precision formulae of the Astronomical Almanac, within 0.01° from 1950 to 2050; without
/// refraction.
///
/// Source: J. J. Michalsky, "The Astronomical Almanac's algorithm for approximate solar position
/// (1950–2050)", Solar Energy 40 (1988) 227, doi:10.1016/0038-092X(88)90045-X.
public struct SolarPosition: Sendable, Hashable {
  /// Angle above the horizon, without refraction. [°]
  public let elevationDeg: Double
  /// Direction from north through east. [°]
  public let azimuthDeg: Double

  /// Cosine of the zenith angle, negative when the sun is down.
  public var cosineZenith: Double { sin(elevationDeg * .pi / 180) }

  /// Returns the sun's position at an instant. [UTC epoch s; °, north and east positive]
  public init(instant: Int, latitudeDeg: Double, longitudeDeg: Double) {
    let degree = Double.pi / 180
    // Days from 2000-01-01T12:00Z; that instant is 946 728 000 s after the epoch.
    let days = Double(instant - 946_728_000) / 86_400
    let meanLongitude = (280.460 + 0.985_647_4 * days) * degree
    let meanAnomaly = (357.528 + 0.985_600_3 * days) * degree
    let longitude =
      meanLongitude + (1.915 * sin(meanAnomaly) + 0.020 * sin(2 * meanAnomaly)) * degree
    let obliquity = (23.439 - 0.000_000_4 * days) * degree
    let rightAscension = atan2(cos(obliquity) * sin(longitude), cos(longitude))
    let declination = asin(sin(obliquity) * sin(longitude))
    // Sidereal time of Greenwich advances 24.065 709 824 2 h per day. [h]
    let siderealHours = 18.697_375 + 24.065_709_824_2 * days
    let hourAngle =
      (siderealHours.truncatingRemainder(dividingBy: 24) * 15 + longitudeDeg) * degree
      - rightAscension
    let latitude = latitudeDeg * degree
    let sine =
      sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hourAngle)
    elevationDeg = asin(min(1, max(-1, sine))) / degree
    let east = -cos(declination) * sin(hourAngle)
    let north =
      cos(latitude) * sin(declination) - sin(latitude) * cos(declination) * cos(hourAngle)
    let azimuth = atan2(east, north) / degree
    azimuthDeg = azimuth < 0 ? azimuth + 360 : azimuth
  }
}

/// Global horizontal irradiance under a clear sky. [W/m²]
///
/// Source: B. Haurwitz, "Insolation in relation to cloudiness and cloud density", J. Meteorol. 2
/// (1945) 154.
///
/// - Parameter cosineZenith: Cosine of the sun's zenith angle.
public func clearSkyIrradiance(cosineZenith: Double) -> Double {
  cosineZenith <= 0 ? 0 : 1098 * cosineZenith * exp(-0.057 / cosineZenith)
}
