import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Sun position") struct SunPositionTests {
  // 2003-10-17 19:30:30 UTC at the site of the worked example of I. Reda, A. Andreas, "Solar
  // Position Algorithm for Solar Radiation Applications", NREL/TP-560-34302 (2008), table A5.1:
  // topocentric elevation without refraction 39.872046°, azimuth 194.340241°, declination
  // −9.316179°, distance 0.996542 au.
  @Test func agreesWithThePublishedExample() {
    let sun = SunPosition(
      at: 1_066_419_030,
      place: GeographicPosition(latitudeDeg: 39.742476, longitudeDeg: -105.1786))
    #expect(isClose(sun.elevationDeg, 39.872046, absolute: 0.01))
    #expect(isClose(sun.azimuthDeg, 194.340241, absolute: 0.01))
    #expect(isClose(sun.declinationDeg, -9.316179, absolute: 0.01))
    #expect(isClose(sun.distanceAU, 0.996542, absolute: 0.00005))
  }

  // Meeus, example 25.a: 1992-10-13 0h, apparent declination −7.78507°.
  @Test func declinationOfMeeusExample() {
    let sun = SunPosition(
      at: 718_934_400, place: GeographicPosition(latitudeDeg: 0, longitudeDeg: 0))
    #expect(isClose(sun.declinationDeg, -7.78507, absolute: 0.001))
  }

  // Equation of time on 1992-10-13 is +13 min 42.6 s (Meeus, example 28.b): the sun passes the
  // Greenwich meridian at 11:46:17 UTC.
  @Test func culminatesAtTheEquationOfTime() {
    let place = GeographicPosition(latitudeDeg: 51.4769, longitudeDeg: 0)
    let noon = 718_934_400 + 11 * 3600 + 46 * 60 + 17
    let sun = SunPosition(at: noon, place: place)
    #expect(isClose(sun.azimuthDeg, 180, absolute: 0.03))
    #expect(isClose(sun.elevationDeg, 90 - 51.4769 + sun.declinationDeg, absolute: 0.001))
  }

  @Test func southernNoonLooksNorthAndNightIsDark() {
    let melbourne = GeographicPosition(latitudeDeg: -37.91, longitudeDeg: 145.13)
    // 2020-10-15T02:10Z is close to solar noon there.
    let day = SunPosition(at: 1_602_727_800, place: melbourne)
    #expect(day.elevationDeg > 55 && day.elevationDeg < 62)
    #expect(day.azimuthDeg < 20 || day.azimuthDeg > 340)
    let night = SunPosition(at: 1_602_727_800 + 43_200, place: melbourne)
    #expect(night.elevationDeg < -30)
    #expect(night.clearSkyWM2 == 0)
    #expect(night.cosZenith < 0)
  }

  // Haurwitz at the zenith: 1098·exp(−0.057) = 1037.2 W/m².
  @Test func clearSkyAtTheZenith() {
    // 2024-03-20T12:07Z, the equinox: the sun stands over the equator near 0° E.
    let sun = SunPosition(
      at: 1_710_936_420, place: GeographicPosition(latitudeDeg: 0, longitudeDeg: 0))
    #expect(sun.elevationDeg > 89)
    #expect(isClose(sun.clearSkyWM2, 1037.2, relative: 0.001))
    #expect(isClose(sun.extraterrestrialWM2, 1373, relative: 0.003))
  }

  /// Elevation without refraction and azimuth by pvlib 0.16.1, solarposition.spa_python: NREL's SPA,
  /// Reda and Andreas, doi:10.1016/j.solener.2003.12.003.
  @Test(
    "the sun stands within 0.05° of where the reference algorithm has it, 2000 to 2040",
    arguments: [
      (946_728_000, 51.47790, 0.0, 15.4837, 179.2157),
      (1_066_419_030, 39.7424760, -105.17860, 39.8721, 194.3403),
      (1_111_301_100, 48.20, 16.370, 16.7507, 109.8334),
      (1_204_323_000, -36.850, 174.760, 46.2127, 57.0087),
      (1_308_690_000, 64.150, -21.940, 11.7773, 300.0944),
      (1_419_127_200, -33.870, 151.210, 79.4488, 351.1736),
      (1_503_336_000, 37.0, -87.70, 63.7528, 161.0085),
      (1_592_640_000, 23.40, 30.0, 62.1437, 83.7634),
      (1_726_996_500, -1.290, 36.820, 87.0973, 62.3807),
      (1_857_048_600, -54.80, -68.30, 47.6924, 31.8859),
      (1_997_221_200, 35.680, 139.690, 41.7185, 110.4551),
      (2_225_034_000, -22.90, -43.20, 35.4599, 324.7547),
    ] as [(Int, Double, Double, Double, Double)])
  func agreesWithTheReferenceAlgorithm(
    instant: Int, latitudeDeg: Double, longitudeDeg: Double, elevationDeg: Double,
    azimuthDeg: Double
  ) {
    let sun = SunPosition(
      at: instant, place: GeographicPosition(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg))
    #expect(isClose(sun.elevationDeg, elevationDeg, absolute: 0.05))
    // Near the zenith a small angle is a large azimuth; what counts is the angle on the sky.
    let across = (sun.azimuthDeg - azimuthDeg) * cos(elevationDeg * Double.pi / 180)
    #expect(abs(across) < 0.05)
  }
}
