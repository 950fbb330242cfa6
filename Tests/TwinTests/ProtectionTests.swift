import Foundation
import Numerics
import TestSupport
import Testing

@testable import Twin

@Suite("Protection and faults of sensors", .tags(.physics)) struct ProtectionTests {
  private func twin(
    _ faults: [FaultSpecification], temperatureC: Double = 25, soc: Double = 0.9
  ) throws -> DigitalTwin {
    let specification = try BatterySystemSpecification(
      arrangement: .capacity(kWh: 10), converter: ConverterSpecification(ratedKW: 10),
      ageing: nil
    ).twin(faults: faults)
    return DigitalTwin(specification, seed: 1, socFraction: soc, temperatureC: temperatureC)
  }

  @Test("a sensor stuck cold blinds the policy, and the protection cuts the battery off")
  func cutOff() throws {
    var battery = try twin([FaultSpecification(.sensorStuck(temperatureC: 20))], temperatureC: 62)
    var hottest = 0.0
    while battery.elapsedSeconds < 3 * 3600 {
      let wasHot = battery.hottestCellC >= 65
      let step = try battery.step(requestKW: 3, ambientC: 80, seconds: 60)
      hottest = max(hottest, battery.hottestCellC)
      if wasHot {
        #expect(step.deliveredKW == 0)
        #expect(step.reason?.rule == .cutOff)
      } else if battery.ledger.cutOffs == 0 {
        #expect(step.deliveredKW == 3)
      }
    }
    #expect(battery.ledger.cutOffs == 1)
    #expect(battery.ledger.cutOffSeconds > 3600)
    // The limit that planners are given is nothing as well.
    #expect(
      try battery.envelope(along: [0], stepSeconds: 900, ambientC: [80]).dischargeKW == [0])
    // It gives again once the hottest cell is 10 K below.
    while battery.hottestCellC > 55 {
      #expect(try battery.step(requestKW: 3, ambientC: 20, seconds: 60).deliveredKW == 0)
    }
    #expect(try battery.step(requestKW: 3, ambientC: 20, seconds: 60).deliveredKW == 3)
    #expect(battery.ledger.cutOffs == 1)
  }

  // The sensor moves by 1 − e^(−60/600) = 0.0952 of its distance in a minute.
  @Test("a late sensor follows the cells with its time constant") func late() throws {
    var battery = try twin(
      [FaultSpecification(.sensorLate(seconds: 600))], temperatureC: 20)
    // It begins at what the cells have after the first step.
    _ = try battery.step(requestKW: 8, ambientC: 60, seconds: 60)
    var expected = battery.hottestCellC
    for _ in 0..<30 {
      _ = try battery.step(requestKW: 8, ambientC: 60, seconds: 60)
      expected += (1 - exp(-0.1)) * (battery.hottestCellC - expected)
      #expect(isClose(battery.controlView().hottestC, expected, absolute: 1e-9))
    }
    #expect(battery.hottestCellC - expected > 1)
  }

  @Test("a silent sensor stands still while it is silent") func gap() throws {
    var battery = try twin(
      [FaultSpecification(.sensorGap, startSeconds: 600, endSeconds: 1800)], temperatureC: 20)
    var seen: [Double] = []
    for _ in 0..<40 {
      _ = try battery.step(requestKW: 8, ambientC: 60, seconds: 60)
      seen.append(battery.controlView().hottestC)
    }
    #expect(seen[5] > seen[4])
    #expect(Set(seen[10..<29]).count == 1)
    #expect(battery.controlView().hottestC == battery.hottestCellC)
  }

  @Test("an unbalanced cell starts fuller than its neighbours by what is stated")
  func imbalance() throws {
    let even = try twin([], soc: 0.5)
    let uneven = try twin([FaultSpecification(.imbalance(index: 3, socDifference: 0.1))], soc: 0.5)
    for j in 0..<16 {
      let expected = even.pack.socFraction[j] + (j == 3 ? 0.1 : 0)
      #expect(isClose(uneven.pack.socFraction[j], expected, absolute: 1e-12))
    }
  }

  @Test("sun on a door warms like an aperture of the enclosure, while it lasts") func sun() throws {
    let system = BatterySystemSpecification(
      arrangement: .capacity(kWh: 10), converter: ConverterSpecification(ratedKW: 5), ageing: nil)
    var wide = system
    wide.enclosureChanges.solarApertureM2 = 1.5
    var exposed = DigitalTwin(
      try system.twin(faults: [
        FaultSpecification(.sunOnDoor(apertureM2: 1.5), startSeconds: 0, endSeconds: 7200)
      ]), seed: 1, socFraction: 0.5, temperatureC: 20)
    var other = DigitalTwin(try wide.twin(), seed: 1, socFraction: 0.5, temperatureC: 20)
    for _ in 0..<24 {
      _ = try exposed.step(requestKW: 0, ambientC: 20, seconds: 300, irradianceWPerM2: 800)
      _ = try other.step(requestKW: 0, ambientC: 20, seconds: 300, irradianceWPerM2: 800)
    }
    #expect(exposed.hottestCellC == other.hottestCellC && exposed.hottestCellC > 21)
    for _ in 0..<12 {
      _ = try exposed.step(requestKW: 0, ambientC: 20, seconds: 300, irradianceWPerM2: 800)
      _ = try other.step(requestKW: 0, ambientC: 20, seconds: 300, irradianceWPerM2: 800)
    }
    #expect(exposed.airC < other.airC - 1)
  }

  @Test("a plan does not know a fault that has yet to come") func frozen() throws {
    let power = [Double](repeating: 4, count: 24)
    let air = [Double](repeating: 38, count: 24)
    func envelope(_ faults: [FaultSpecification]) throws -> TwinEnvelope {
      try twin(faults, temperatureC: 38).envelope(
        along: power, stepSeconds: 900, ambientC: air)
    }
    let healthy = try envelope([])
    let later = try envelope([FaultSpecification(.fanFailure, startSeconds: 1800)])
    // A pack with faults is looked at more often, which moves a limit by a fraction of a percent.
    func farthest(_ other: TwinEnvelope) -> Double {
      zip(other.dischargeKW, healthy.dischargeKW).reduce(0) { max($0, abs($1.0 / $1.1 - 1)) }
    }
    let present = try envelope([FaultSpecification(.fanFailure)])
    #expect(farthest(later) < 0.01)
    #expect(farthest(present) > 4 * farthest(later))
  }
}
