import TestSupport
import Testing

@testable import Twin

/// Aperture × irradiance × time into the node that the sun sees, by hand.
@Suite("Sun on an enclosure", .tags(.physics)) struct SunTests {
  private func twin(_ enclosure: EnclosureSpecification, airWPerK: Double = 0) throws
    -> DigitalTwin
  {
    DigitalTwin(
      try TwinSpecification(
        cell: .lfpPrismatic280, series: 4, spread: .none,
        cooling: CoolingSpecification(neighbourWPerK: 0, airWPerK: airWPerK),
        enclosure: enclosure, converter: .ideal(ratedKW: 5), balancing: nil, ageing: nil),
      seed: 1, socFraction: 0.5, temperatureC: 20)
  }

  /// 2 m² × 500 W/m² × 60 s = 60 kJ into 40 kJ/K: 1.5 K.
  @Test("a box without walls and losses warms its air", arguments: [1, 4, 60])
  func air(parts: Int) throws {
    var twin = try twin(EnclosureSpecification(airCapacityJPerK: 40_000, solarApertureM2: 2))
    for _ in 0..<parts {
      _ = try twin.step(
        requestKW: 0, ambientC: 20, seconds: 60 / Double(parts), irradianceWPerM2: 500)
    }
    #expect(isClose(twin.airC, 21.5, absolute: 1e-9))
  }

  /// 1.5 m² × 800 W/m² × 300 s = 360 kJ into the outer wall of 120 kJ/K: 3 K; the air stays.
  @Test("walls take the sun from outside")
  func wall() throws {
    var twin = try twin(
      EnclosureSpecification(
        airCapacityJPerK: 4000,
        walls: [
          WallLayer(inwardWPerK: 0, capacityJPerK: 50_000),
          WallLayer(inwardWPerK: 0, capacityJPerK: 120_000),
        ], solarApertureM2: 1.5))
    _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 300, irradianceWPerM2: 800)
    #expect(isClose(twin.pack.commonC(2), 23, absolute: 1e-9))
    #expect(isClose(twin.pack.commonC(1), 20, absolute: 1e-9))
    #expect(isClose(twin.airC, 20, absolute: 1e-9))
  }

  /// A cabinet of 14 kWh has 600 W on the wall, 20 W/K from wall to surroundings, 20 W/K from wall to air,
  /// 18 W/K from air to surroundings: wall 600 / (20 + 20·18/38) = 20.357 K, air 20/38 of it,
  /// 10.714 K above the surroundings.
  @Test("an outdoor cabinet settles where the sun's heat leaves it")
  func cabinet() throws {
    var changes = EnclosureChanges()
    changes.solarApertureM2 = 0.75
    var twin = try twin(
      .cabinet(capacityKWh: 14).with(changes), airWPerK: 0.8)
    for _ in 0..<(24 * 8) {
      _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600, irradianceWPerM2: 800)
    }
    #expect(isClose(twin.airC, 30.714, absolute: 0.01))
    // Self-discharge of 280 Ah · 2 % in 720 h at 3.3 V is 26 mW in each cell: 0.03 K at 0.8 W/K.
    #expect(isClose(twin.hottestCellC, 30.714 + 0.032, absolute: 0.01))
  }

  /// White paint with an absorptance of 0.3 on 2.5 m², a fifth in the shade, takes 540 W of 900 W/m².
  ///
  /// The wall loses 60 W/K outwards; inwards 12 W/K lead to air that loses 3 W/K, 2.4 W/K in a row: the wall is
  /// 540 / 62.4 = 8.654 K and the air 12/15 of it, 6.923 K, above the surroundings.
  @Test("paint and shade keep the sun off") func paint() throws {
    var changes = EnclosureChanges()
    changes.solarApertureM2 = 2.5 * 0.3
    changes.shadedFraction = 0.2
    let box = EnclosureSpecification(
      airCapacityJPerK: 30_000, leakWPerK: 3,
      walls: [WallLayer(inwardWPerK: 12, capacityJPerK: 100_000)], outsideWPerK: 60)
    var twin = try twin(box.with(changes), airWPerK: 0.8)
    for _ in 0..<(24 * 20) {
      _ = try twin.step(requestKW: 0, ambientC: 20, seconds: 3600, irradianceWPerM2: 900)
    }
    #expect(isClose(twin.pack.commonC(1), 28.654, absolute: 0.02))
    #expect(isClose(twin.airC, 26.923, absolute: 0.02))
  }

  @Test("a plan's envelope sees the sun")
  func envelope() throws {
    var changes = EnclosureChanges()
    changes.solarApertureM2 = 3
    let twin = try twin(.cabinet(capacityKWh: 14).with(changes), airWPerK: 0.8)
    let slots = 24
    func most(_ irradianceWM2: Double) throws -> Double {
      try twin.envelope(
        along: [Double](repeating: 0, count: slots), stepSeconds: 3600,
        ambientC: [Double](repeating: 30, count: slots),
        irradianceWPerM2: [Double](repeating: irradianceWM2, count: slots)
      ).dischargeKW[slots - 1]
    }
    // 2.4 kW of sun heat the cells beyond 55 °C, where the policy stops them.
    #expect(try most(800) == 0)
    #expect(try most(0) > 3)
  }
}
