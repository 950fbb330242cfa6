import Forecasting
import TestSupport
import Testing

@Suite("Sun position") struct SolarPositionTests {
  @Test("agrees with the example of NREL's algorithm to 0.05°")
  func nrelExample() {
    // I. Reda, A. Andreas, "Solar position algorithm for solar radiation applications", NREL
    // TP-560-34302: 2003-10-17T12:30:30 −07:00, 39.742476° N, 105.1786° W;
    // elevation without refraction 39.872046°, azimuth 194.340241°.
    let sun = SolarPosition(
      instant: 1_066_419_030, latitudeDeg: 39.742_476, longitudeDeg: -105.1786)
    #expect(isClose(sun.elevationDeg, 39.872_046, absolute: 0.05))
    #expect(isClose(sun.azimuthDeg, 194.340_241, absolute: 0.05))
  }
}
