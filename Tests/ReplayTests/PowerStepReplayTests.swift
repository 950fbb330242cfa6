import Forecasting
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

/// Inverters that run at some powers alone, on days of four slots of six hours.
@Suite("Replays of an inverter with steps") struct PowerStepReplayTests {
  private static func replay(
    steps: [Double] = [], minimumKW: Double = 0, recourse: RecourseRule = .valueStep
  ) throws -> ReplayCase {
    let battery = try PaperSite.battery(
      capacityKWh: 12, powerKW: 2, minimumKW: minimumKW, stepsKW: steps)
    return try PaperSite.replay(
      PaperSite.history(
        loadKW: [[Double]](repeating: [0.6, 0.6, 1.5, 0.6], count: 3),
        pvKW: [[Double]](repeating: [0, 2, 0, 0], count: 3)), tariff: PaperSite.dayAndNight(),
      battery: battery, settings: PaperSite.settings(recourse: recourse))
  }

  private static let controllers: [Controller] = [
    .planned(PaperSite.version(.naiveDay)), .oracle, .selfConsumption,
  ]

  @Test("every run keeps to the powers, and none costs less than the bound at any power")
  func keeps() throws {
    for recourse in [RecourseRule.valueStep, .batterySetPoint, .gridSetPoint, .modeBand] {
      let replay = try Self.replay(steps: [1, 2], recourse: recourse)
      let bound = try ForesightBound(replay).cost
      for controller in Self.controllers {
        let outcome = try Replayer(replay).run(controller)
        for power in outcome.trace.batteryKW {
          #expect(
            [0, 1, 2].contains { isClose(abs(power), $0, absolute: 1e-3) },
            "\(controller.name) \(recourse) \(power)")
        }
        #expect(outcome.cost >= bound - 1e-5)
      }
    }
  }

  // Of a surplus of 1.4 kW the rule stores 1 kW for six hours and serves 1 of the 1.5 kW after noon: 0.4 and 0.5 kW differ for
  // six hours each, and the loads of 0.6 kW before and after for six hours, twice and once.
  @Test("the rule takes the next lower power, and what that changes is counted") func rule() throws
  {
    let outcome = try Replayer(Self.replay(steps: [1, 2])).run(.selfConsumption)
    #expect(
      zip(outcome.trace.batteryKW.prefix(4), [0, -1, 1, 0]).allSatisfy {
        isClose($0, $1, absolute: 1e-3)
      })
    let changed = outcome.interventionsKWh["power_steps"] ?? 0
    #expect(isClose(changed, 3 * 6 * (0.6 + 0.4 + 0.5 + 0.6), absolute: 1e-2), "\(changed)")
    // Below 1 kW it rests; from there on any power will do.
    let least = try Replayer(Self.replay(minimumKW: 1)).run(.selfConsumption)
    #expect(
      zip(least.trace.batteryKW.prefix(4), [0, -1.4, 1.4, 0]).allSatisfy {
        isClose($0, $1, absolute: 1e-3)
      }, "\(least.trace.batteryKW.prefix(4))")
  }

  @Test("plans count what steps cost them") func counts() throws {
    let outcome = try Replayer(Self.replay(steps: [1, 2])).run(.oracle)
    #expect(outcome.planning.stepped == outcome.planning.plans)
    #expect(outcome.planning.unstepped == 0 && outcome.planning.failed == 0)
    #expect(outcome.planning.obstacles[.powerSteps] == outcome.planning.plans)
  }

  /// 12 kWh at 1 or 2 kW beside 3 kWh at any power up to 0.5 kW.
  private static func fleet(recourse: RecourseRule = .valueStep) throws -> ReplayCase {
    let stepped = SiteBattery(
      name: "stepped",
      system: try PaperSite.battery(capacityKWh: 12, powerKW: 2, stepsKW: [1, 2]))
    let free = SiteBattery(
      name: "free", system: try PaperSite.battery(capacityKWh: 3, powerKW: 0.5))
    return try replay(recourse: recourse).with(fleet: [stepped, free])
  }

  @Test("of several batteries each keeps to its own powers") func several() throws {
    for recourse in [RecourseRule.valueStep, .batterySetPoint, .gridSetPoint, .modeBand] {
      let replay = try Self.fleet(recourse: recourse)
      let bound = try ForesightBound(replay).cost
      for controller in Self.controllers {
        let outcome = try Replayer(replay).run(controller)
        for power in outcome.trace.batteries[0].columns.batteryKW {
          #expect(
            [0, 1, 2].contains { isClose(abs(power), $0, absolute: 1e-3) },
            "\(controller.name) \(recourse) \(power)")
        }
        #expect(outcome.cost >= bound - 1e-5)
        if case .selfConsumption = controller { continue }
        #expect(outcome.planning.stepped == outcome.planning.plans)
      }
    }
  }

  // Of 1.4 kW left over the batteries would take 1.12 and 0.28 by their room: 1 kW is the next step below, and the other takes
  // 0.4. Of 1.5 kW after noon they would give 1.07 and 0.43 by what they hold: 1 kW, and the 2.4 kWh that the other has.
  @Test("what a step leaves of the rule the other battery takes over") func ruleOfSeveral() throws {
    let outcome = try Replayer(Self.fleet()).run(.selfConsumption)
    for (battery, powers) in [(0, [0.0, -1, 1, 0]), (1, [0, -0.4, 0.4, 0])] {
      let done = outcome.trace.batteries[battery].columns.batteryKW.prefix(4)
      #expect(
        zip(done, powers).allSatisfy { isClose($0, $1, absolute: 1e-2) }, "\(battery) \(done)")
    }
  }
}
