import Numerics
import Planning
import TestSupport
import Testing

@Suite("Batteries at full power or rest", .tags(.solver)) struct SteppedPlanTests {
  // One battery of a step of 1 kWh without losses, full; loads of 2, 4, 2 kW for an hour each at 0.1 EUR/kWh and 0.05
  // EUR/kW². At rest 0.8 + 0.05·16 = 1.6. The step serves the second hour: 0.7 + 0.05·9 = 1.15.
  @Test("a full battery takes the peak")
  func peak() {
    var planner = SteppedPlanner(
      netKW: [2, 4, 2], pricePerKWh: [0.1, 0.1, 0.1], stepHours: 1,
      batteries: [
        SteppedBattery(name: "a", capacityKWh: 1, powerKW: 1, roundTripEfficiency: 1)
      ], peakPerKW2: 0.05)
    let plan = planner.plan()
    #expect(isClose(plan.cost, 1.15, relative: 1e-12))
    #expect(plan.actions == [[.rest, .discharge, .rest]])
    #expect(plan.peakKW == 3)
  }

  // A round trip of 64 %: a step of 1 kWh draws 1.25 kWh and gives 0.8.
  @Test("losses fall on both ways alike")
  func losses() {
    var planner = SteppedPlanner(
      netKW: [2, 2, 2], pricePerKWh: [1, -1, 1], stepHours: 1,
      batteries: [
        SteppedBattery(name: "a", capacityKWh: 1.5, powerKW: 1, roundTripEfficiency: 0.64)
      ], peakPerKW2: 0)
    let plan = planner.plan()
    #expect(plan.actions == [[.discharge, .charge, .discharge]])
    #expect(isClose(plan.energyCost, 1.2 - 3.25 + 1.2, relative: 1e-12))
  }

  @Test("no mixture of actions is cheaper", arguments: UInt64(1)...20)
  func bruteForce(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let n = 5
    let net = (0..<n).map { _ in generator.uniform(0, 12) }
    let price = (0..<n).map { _ in generator.uniform(-0.2, 0.6) }
    let batteries = [
      SteppedBattery(name: "a", capacityKWh: 2, powerKW: 1, roundTripEfficiency: 0.8),
      SteppedBattery(name: "b", capacityKWh: 3, powerKW: 3, roundTripEfficiency: 0.6),
    ]
    var planner = SteppedPlanner(
      netKW: net, pricePerKWh: price, stepHours: 1, batteries: batteries, peakPerKW2: 0.02)
    var least = Double.infinity
    // All 9^5 mixtures, those that run over or empty left out.
    for code in 0..<59_049 {
      var rest = code
      var stored = [2.0, 3.0]
      var cost = 0.0
      var peak = 0.0
      for t in 0..<n {
        var power = net[t]
        for b in 0..<2 {
          let action = Double(rest % 3 - 1)
          rest /= 3
          stored[b] += action * batteries[b].powerKW
          let root = batteries[b].roundTripEfficiency.squareRoot()
          power += action * batteries[b].powerKW * (action > 0 ? 1 / root : root)
        }
        if stored[0] < 0 || stored[0] > 2 || stored[1] < 0 || stored[1] > 3 {
          cost = .infinity
          break
        }
        cost += power * price[t]
        peak = max(peak, power)
      }
      least = min(least, cost + 0.02 * peak * peak)
    }
    let plan = planner.plan()
    #expect(isClose(plan.cost, least, absolute: SteppedPlanner.tolerance * max(1, abs(least))))
    #expect(plan.lowerBound <= least + 1e-9)
  }
}
