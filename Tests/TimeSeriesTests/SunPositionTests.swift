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
}
