import Forecasting
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// A connection that lets through more at one time than at another.
@Suite("Limits of a connection over time") struct ConnectionLimitTests {
  /// A day of four slots of six hours with 1 kW of load, and a battery of 12 kWh and 2 kW that loses nothing.
  private static func replay(
    _ tariff: Tariff, pvKW: [Double] = [0, 0, 0, 0], importKW: PowerLimit = .infinity,
    exportKW: PowerLimit = .infinity, usual: UsualLimits? = nil, curtailment: Curtailment = .free,
    recourse: RecourseRule = .valueStep
  ) throws -> ReplayCase {
    var settings = PaperSite.settings(recourse: recourse)
    settings.curtailment = curtailment
    return try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]], pvKW: [pvKW]), tariff: tariff,
      battery: PaperSite.battery(capacityKWh: 12, powerKW: 2), settings: settings,
      importLimitKW: importKW, exportLimitKW: exportKW, usualLimits: usual)
  }

  // 0.10 before noon, 0.30 after. The load of the morning takes 12 kWh; 1.5 and 1.25 kW leave 0.5 and 0.25 kW to charge:
  // 4.5 kWh. 16.5 kWh at 0.10 and the 7.5 kWh that the afternoon still needs at 0.30: 3.90. Without limits 2.40.
  @Test(
    "each slot charges what its own import limit leaves",
    arguments: [RecourseRule.valueStep, .batterySetPoint, .gridSetPoint, .modeBand])
  func importLimit(recourse: RecourseRule) throws {
    let limit = PowerLimit(slotsKW: [1.5, 1.25, .infinity, .infinity])
    let replay = try Self.replay(PaperSite.dayAndNight(), importKW: limit, recourse: recourse)
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, 3.9, absolute: 1e-4))
    #expect(isClose(oracle.trace.batteryKW[0], -0.5, absolute: 1e-4))
    #expect(isClose(oracle.trace.batteryKW[1], -0.25, absolute: 1e-4))
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, 3.9, absolute: 1e-3))
    #expect(oracle.interventionsKWh.values.allSatisfy { $0 < 1e-6 })
  }

  // 4 kW of production all day, 0.05 for what is fed in. At most 2 kW before noon and 0.5 after: without a battery 24 kWh and
  // 6 kWh are sold, −1.50, and the rest is thrown away. The battery takes 12 kWh of that and can give none of it where
  // nothing more may be fed in; it keeps them, each worth the 0.10 that replaces it: −1.50 − 1.20.
  @Test("each slot feeds in what its own export limit leaves")
  func exportLimit() throws {
    let limit = PowerLimit(slotsKW: [2, 2, 0.5, 0.5])
    let replay = try Self.replay(
      PaperSite.dayAndNight(exportPerKWh: 0.05), pvKW: [4, 4, 4, 4], exportKW: limit)
    let idle = try Replayer(replay).run(.noBattery)
    #expect(isClose(idle.cost, -1.5, absolute: 1e-9))
    for (slot, thrown) in [1.0, 1, 2.5, 2.5].enumerated() {
      #expect(isClose(idle.trace.curtailedKW[slot], thrown, absolute: 1e-9))
    }
    #expect(isClose(try ForesightBound(replay).cost, -2.7, absolute: 1e-3))
  }

  // 4 kW of production before noon, 1 kW of load: 3 kW of surplus of which 1 kW may be fed in before noon. After noon
  // there is no limit, and the battery sells what it stored: 12 kWh less the 12 kWh of the load. Without: 12 kWh
  // sold, 12 kWh bought at 0.30: 3.00. With: the afternoon is served, 12 kWh sold: −0.60.
  @Test("production above the limit of the morning serves the afternoon")
  func shifted() throws {
    let limit = PowerLimit(slotsKW: [1, 1, .infinity, .infinity])
    let replay = try Self.replay(
      PaperSite.dayAndNight(exportPerKWh: 0.05), pvKW: [4, 4, 0, 0], exportKW: limit)
    #expect(isClose(try Replayer(replay).run(.noBattery).cost, 3, absolute: 1e-9))
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, -0.6, absolute: 1e-4))
    #expect(isClose(try ForesightBound(replay).cost, -0.6, absolute: 1e-3))
  }

  /// 0.20 until six, 0.10 until noon, 0.30 after.
  private static func threePrices() throws -> Tariff {
    try Tariff(
      name: "three prices", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "early", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 6)]), pricePerKWh: 0.2
            ),
            EnergyPeriod(
              "low", window: CalendarWindow(times: [ClockSpan(hours: 6, to: 12)]), pricePerKWh: 0.1),
            EnergyPeriod("high", window: .rest, pricePerKWh: 0.3),
          ])
      ], export: .fixed(pricePerKWh: 0))
  }

  // The load alone: 6 × 0.20 + 6 × 0.10 + 12 × 0.30 = 5.40. In the second slot the connection has no room to
  // charge. Whoever knows it charges 12 kWh at 0.20 in the first slot: 1.20 + 2.40 + 0.60 = 4.20. Whoever learns of it when
  // the slot begins has waited for 0.10, and gets nothing: 5.40.
  @Test(
    "a plan knows of a limit no earlier than it is known",
    arguments: [(nil, 4.2), (0, 5.4), (6, 5.4), (12, 4.2)] as [(Int?, Double)])
  func unknown(_ hours: Int?, cost: Double) throws {
    let limit = PowerLimit(slotsKW: [.infinity, 1, .infinity, .infinity])
    let replay = try Self.replay(
      Self.threePrices(), importKW: limit,
      usual: hours.map {
        UsualLimits(importKW: .infinity, exportKW: .infinity, knownSeconds: $0 * 3600)
      })
    let told = try Replayer(replay).run(.planned(PaperSite.version(.perfect)))
    #expect(isClose(told.cost, cost, absolute: 1e-4))
    // The bound knows everything.
    #expect(isClose(try ForesightBound(replay).cost, 4.2, absolute: 1e-3))
  }

  // The load of 1 kW exceeds the 0.4 kW of the last slot; 12 kWh of the battery serve 12 kWh of the afternoon,
  // so that nothing is above the limit with it, and 6 h × 0.6 kW without.
  @Test("what exceeds the limit of its time is counted, with a battery and without")
  func counted() throws {
    let limit = PowerLimit(slotsKW: [.infinity, .infinity, .infinity, 0.4])
    let replay = try Self.replay(PaperSite.dayAndNight(), importKW: limit)
    let idle = try Replayer(replay).run(.noBattery)
    #expect(isClose(idle.interventionsKWh["import_above_limit"] ?? 0, 3.6, absolute: 1e-9))
    let planned = try Replayer(replay).run(.planned(PaperSite.version(.perfect)))
    #expect(planned.interventionsKWh["import_above_limit"] ?? 0 < 1e-6)
  }

  @Test("limits of another number of slots and below zero are refused")
  func refused() throws {
    for limit in [PowerLimit(slotsKW: [1, 2]), PowerLimit(slotsKW: [1, 2, -1, 3]), -2] {
      #expect(throws: (any Error).self) {
        try Self.replay(PaperSite.dayAndNight(), importKW: limit)
      }
    }
  }
}

@Suite("Power limits") struct PowerLimitTests {
  @Test("equal limits are one limit; parts, joins and longer slots keep their numbers")
  func parts() {
    #expect(PowerLimit(slotsKW: [2, 2, 2]) == PowerLimit(2))
    let limit = PowerLimit(slotsKW: [5, 3, 4, 9])
    #expect(limit.leastKW == 3)
    #expect(limit.mostKW == 9)
    #expect(limit[1..<3] == PowerLimit(slotsKW: [3, 4]))
    #expect(limit.lowered(to: 4) == PowerLimit(slotsKW: [4, 3, 4, 4]))
    #expect(PowerLimit(4).lowered(to: limit) == PowerLimit(slotsKW: [4, 3, 4, 4]))
    #expect(limit.coarsened(by: 2) { $0.min() ?? 0 } == PowerLimit(slotsKW: [3, 4]))
    #expect(
      limit.preceded(by: 7, slots: 2, of: 4) == PowerLimit(slotsKW: [7, 7, 5, 3, 4, 9]))
    #expect(!limit.isUsable(slots: 3))
    #expect(PowerLimit(2).isUsable(slots: 3))
    #expect(!PowerLimit(.nan).isUsable(slots: 3))
  }
}
