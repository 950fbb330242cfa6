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

  @Test("and this")
  func order() throws {
    #expect(try PageExample(room: "Twin", block: 2).isCode())

    var order = BatterySystemSpecification(
      arrangement: .capacity(kWh: 200), converter: .utility(ratedKW: 100))
    order.enclosure = .container
    order.enclosureChanges.solarApertureM2 = 8
    let half = try order.twin(capacityKWh: 100, powerKW: 50)

    #expect(isClose(half.nominalEnergyKWh, 100, relative: 1e-12))
    #expect(half.converter.ratedKW == 50 && half.enclosure.solarApertureM2 == 8)
    // 2 kW and 6 % of the power.
    #expect(half.enclosure.hvac?.coolingKW == 5)

    #expect(try PageExample(room: "Twin", block: 3).isCode())
    order.modules = [
      ModuleCondition(
        name: "rack1/m2", groups: [5...8], capacityFactor: 0.82, resistanceFactor: 1.4)
    ]
    let used = try order.twin()
    print(used.place(ofCell: 6))  // cell 6 (module rack1/m2, group 7)

    #expect("\(used.place(ofCell: 6))" == "cell 6 (module rack1/m2, group 7)")
    // Variants are of the same pack.
    #expect(try order.twin(capacityKWh: 50).modules == used.modules)
  }
}
