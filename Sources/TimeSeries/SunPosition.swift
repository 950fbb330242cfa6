#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// A point on the Earth.
package struct GeographicPosition: Sendable, Hashable {
  /// Latitude, north positive. [deg]
  package var latitudeDeg: Double
  /// Longitude, east positive. [deg]
  package var longitudeDeg: Double

  /// Creates a position.
  ///
  /// - Parameters:
  ///   - latitudeDeg: Latitude, north positive, −90…90. [deg]
  ///   - longitudeDeg: Longitude, east positive, −180…180. [deg]
  package init(latitudeDeg: Double, longitudeDeg: Double) {
    self.latitudeDeg = latitudeDeg
    self.longitudeDeg = longitudeDeg
  }
}

/// Where the sun stands, seen from a place at an instant.
///
/// Geometric direction of the centre of the disc: refraction (up to 0.5° at the horizon) and parallax
/// (0.002°) are left out. Agrees with the ephemeris to about 0.01° between 1950 and 2050.
///
/// Source: J. Meeus, *Astronomical Algorithms*, 2nd edition (1998), chapters 12, 13 and 25 (the method of
/// the NOAA solar calculator).
package struct SunPosition: Sendable, Hashable {
  /// Angle above the horizon, negative at night. [deg]
  package let elevationDeg: Double
  /// Direction clockwise from north, 0…360. [deg]
  package let azimuthDeg: Double
  /// Angle north of the equator. [deg]
  package let declinationDeg: Double
  /// Distance to the sun. [astronomical units]
  package let distanceAU: Double

  /// Computes the position of the sun.
  ///
  /// - Parameters:
  ///   - instant: UTC epoch. [s]
  ///   - place: The observer.
  package init(at instant: Int, place: GeographicPosition) {
    let degree = Double.pi / 180
    let days = Double(instant) / 86400 + 2_440_587.5 - 2_451_545.0
    let t = days / 36525

    let meanLongitude = 280.46646 + t * (36000.76983 + 0.0003032 * t)
    let anomaly = (357.52911 + t * (35999.05029 - 0.0001537 * t)) * degree
    let eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    let centreFirst = sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
    let centreSecond = sin(2 * anomaly) * (0.019993 - 0.000101 * t)
    let centre = centreFirst + centreSecond + sin(3 * anomaly) * 0.000289
    let node = (125.04 - 1934.136 * t) * degree
    let nutationDeg = -0.00478 * sin(node)
    let longitude = (meanLongitude + centre - 0.00569 + nutationDeg) * degree
    let meanObliquity = 23.439291111 - t * (0.013004167 + t * (1.639e-7 - 5.036e-7 * t))
    let obliquity = (meanObliquity + 0.00256 * cos(node)) * degree

    let sinDeclination = sin(obliquity) * sin(longitude)
    let declination = asin(sinDeclination)
    let rightAscension = atan2(cos(obliquity) * sin(longitude), cos(longitude))
    let siderealDeg =
      280.46061837 + 360.98564736629 * days + 0.000387933 * t * t + nutationDeg * cos(obliquity)
    let hourAngle =
      (siderealDeg + place.longitudeDeg).truncatingRemainder(dividingBy: 360) * degree
      - rightAscension

    let latitude = place.latitudeDeg * degree
    let sinElevation =
      sin(latitude) * sinDeclination + cos(latitude) * cos(declination) * cos(hourAngle)
    let southAzimuth = atan2(
      sin(hourAngle) * cos(declination),
      cos(hourAngle) * sin(latitude) * cos(declination) - sinDeclination * cos(latitude))
    let northAzimuth = (southAzimuth / degree + 180).truncatingRemainder(dividingBy: 360)

    elevationDeg = asin(min(1, max(-1, sinElevation))) / degree
    azimuthDeg = northAzimuth < 0 ? northAzimuth + 360 : northAzimuth
    declinationDeg = declination / degree
    distanceAU =
      1.000001018 * (1 - eccentricity * eccentricity)
      / (1 + eccentricity * cos(anomaly + centre * degree))
  }

  /// Cosine of the angle between the sun and the zenith, negative at night.
  package var cosZenith: Double { sin(elevationDeg * Double.pi / 180) }

  /// Irradiance on a plane facing the sun above the atmosphere. [W/m²]
  ///
  /// Solar constant 1361 W/m²: G. Kopp, J. Lean (2011), doi:10.1029/2010GL045777.
  package var extraterrestrialWM2: Double { 1361 / (distanceAU * distanceAU) }

  /// Global horizontal irradiance under a cloudless sky, 0 at night. [W/m²]
  ///
  /// Source: B. Haurwitz, "Insolation in relation to cloudiness and cloud density", J. Meteorology 2 (1945),
  /// `1098·cos z·exp(−0.057 / cos z)`.
  package var clearSkyWM2: Double {
    let cosine = cosZenith
    return cosine > 0 ? 1098 * cosine * exp(-0.057 / cosine) : 0
  }

  /// Global horizontal irradiance under a sky of which a share is covered, 0 at night. [W/m²]
  ///
  /// The cloudless irradiance times `1 − 0.75·n^3.4`.
  ///
  /// Source: F. Kasten, G. Czeplak, Solar Energy 24 (1980) 177, doi:10.1016/0038-092X(80)90391-6.
  ///
  /// - Parameter cloudCover: Share of the sky that is covered; values outside 0…1 are taken as the nearer
  ///   end.
  /// - Returns: The irradiance. [W/m²]
  package func horizontalWM2(cloudCover: Double) -> Double {
    clearSkyWM2 * (1 - 0.75 * pow(min(1, max(0, cloudCover)), 3.4))
  }
}
