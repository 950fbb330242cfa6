import TestSupport
import Testing
import Twin

@Suite("Page of Twin") struct TwinPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Twin").isCode())
    #expect(try PageExample(room: "Twin", block: 1).isCode())

    let battery = try TwinSpecification.sized(capacityKWh: 10, powerKW: 5)
    var twin = DigitalTwin(battery, seed: 1, socFraction: 0.5, temperatureC: 20)
    let step = try twin.step(requestKW: 3, ambientC: 25, seconds: 900)
    print(step.deliveredKW, step.hottestCellC, step.cause?.rawValue ?? "nothing clipped")

    #expect(isClose(step.deliveredKW, 3, absolute: 1e-6))

    let noon = try twin.step(siteKW: 1, pvKW: 8, ambientC: 25, seconds: 900)
    print(noon.site.deliveredKW, noon.pvUsedKW, noon.pvUnusedKW)

    // At most 0.5 C of 10 kWh charge the battery; the rest of the 8 kW goes to the site.
    #expect(noon.site.deliveredKW > 1 && noon.site.deliveredKW < 5)
    #expect(isClose(noon.pvUsedKW + noon.pvUnusedKW, 8, absolute: 1e-9))
  }
}
