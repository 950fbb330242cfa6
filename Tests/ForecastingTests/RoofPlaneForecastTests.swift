import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

/// Plants of several planes as forecasters know them.
@Suite("Planes of modules") struct RoofPlaneForecastTests {
  private static let berlin = GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4)
  private static let east = RoofPlane(name: "east", moduleKW: 6, tiltDeg: 35, azimuthDeg: 95)
  private static let west = RoofPlane(name: "west", moduleKW: 6, tiltDeg: 35, azimuthDeg: 275)

  private static func sun(hour: Int) -> SunPosition {
    // 2024-06-21, UTC.
    SunPosition(at: 1_718_928_000 + hour * 3600, place: berlin)
  }

  private static func power(_ planes: [RoofPlane], hour: Int, inverterKW: Double? = nil) -> Double {
    PlantOfPlanes(planes, inverterKW: inverterKW).power(
      horizontalWM2: sun(hour: hour).clearSkyWM2, ambientC: 20, windMS: 1, sun: sun(hour: hour))
  }

  @Test("one plane is the plant of that plane, to the last bit", arguments: 4..<19)
  func one(hour: Int) {
    let plant = PhotovoltaicPlant(moduleKW: 6, tiltDeg: 35, azimuthDeg: 95)
    let expected = plant.power(
      horizontalWM2: Self.sun(hour: hour).clearSkyWM2, ambientC: 20, windMS: 1,
      sun: Self.sun(hour: hour))
    #expect(Self.power([Self.east], hour: hour) == expected)
  }

  @Test("inverters of their own make plants side by side", arguments: [6, 9, 12, 15, 17])
  func apart(hour: Int) {
    var east = Self.east
    var west = Self.west
    east.inverterKW = 3
    west.inverterKW = 2
    let parts =
      Self.power([Self.east], hour: hour, inverterKW: 3)
      + Self.power([Self.west], hour: hour, inverterKW: 2)
    #expect(isClose(Self.power([east, west], hour: hour), parts, relative: 1e-12))
    #expect(parts <= 5)
  }

  // The sun stands in the south-east at 6:00 UTC and in the south-west at 16:00 UTC.
  @Test("the shape of the day is that of all planes")
  func shape() {
    #expect(Self.power([Self.east], hour: 6) > 2 * Self.power([Self.west], hour: 6))
    #expect(Self.power([Self.west], hour: 16) > 2 * Self.power([Self.east], hour: 16))
    let both = (4..<19).map { Self.power([Self.east, Self.west], hour: $0) }
    let parts = (4..<19).map {
      Self.power([Self.east], hour: $0) + Self.power([Self.west], hour: $0)
    }
    // On one inverter part load is that of the sum, a few percent better than apart.
    for (a, b) in zip(both, parts) where b > 0.5 { #expect(isClose(a, b, relative: 0.04)) }
  }

  // 12 kWp give 12.6 kW at most; a common inverter of 8 kW and one of 2 kW leave 10.
  @Test("no forecast is above what modules and inverters can give")
  func cap() {
    var site = SiteContext(zone: .utc, pvCapacityKW: 12)
    #expect(isClose(site.mostPVKW, 12.6, relative: 1e-12))
    site.planes = [Self.east, Self.west]
    #expect(isClose(site.mostPVKW, 12.6, relative: 1e-12))
    site.pvInverterKW = 8
    #expect(site.mostPVKW == 8)
    site.planes[1].inverterKW = 2
    #expect(site.mostPVKW == 10)
    // An inverter larger than its modules limits nothing: 6.3 and 2.
    site.pvInverterKW = 20
    #expect(isClose(site.mostPVKW, 12.6, relative: 1e-12))
    #expect(SiteContext(zone: .utc).mostPVKW == .infinity)
  }

  @Test("a calendar knows what a cloudless sky gives with all planes")
  func calendar() {
    var site = SiteContext(zone: .utc, latitudeDeg: 52.5, longitudeDeg: 13.4, pvCapacityKW: 12)
    func clear() -> [Double] {
      var calendar = SiteCalendar(
        site: site, start: 1_718_928_000, stepSeconds: 3600, hasSun: true)
      calendar.extend(to: 24)
      return Array(calendar.clearSky[..<24])
    }
    let flat = clear()
    site.planes = [Self.east]
    let east = clear()
    // Level ground peaks about noon (11 UTC), a plane that faces east before it.
    #expect(
      flat.firstIndex(of: flat.max() ?? 0) == 10 || flat.firstIndex(of: flat.max() ?? 0) == 11)
    #expect(east.firstIndex(of: east.max() ?? 0) ?? 24 < 9)
    #expect(east[0] == 0)
  }
}
