import Forecasting
import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

/// Reserves by windows of time and for expected outages, on days of four slots of six hours.
@Suite("Reserves by time and for outages") struct ReserveWindowTests {
  /// Three quarters of every day, from noon to six the next morning.
  private static let night = Reserve.Window(
    time: CalendarWindow(
      times: [ClockSpan(hours: 12, to: 24), ClockSpan(hours: 0, to: 6)]), fraction: 0.5)

  /// 6 kWh and 1 kW for a load of 1 kW that costs 0.10 until noon and 0.30 after it.
  private static func replay(
    _ reserve: Reserve, sunny: Bool = false, days: Int = 4, startFraction: Double = 0
  ) throws -> ReplayCase {
    var settings = PaperSite.settings()
    settings.reserve = reserve
    settings.initialSOCFraction = startFraction
    return try PaperSite.replay(
      PaperSite.history(
        loadKW: [[Double]](repeating: [sunny ? 0.5 : 1, 1, 1, 1], count: days),
        pvKW: sunny ? [[Double]](repeating: [2, 2, 0, 0], count: days) : nil),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: settings)
  }

  /// From noon or midnight of the third day on for twelve hours, half of the load.
  private static func outage(fromHour hour: Int, critical share: Double = 0.5) -> ExpectedOutages {
    let start = PaperSite.monday + 2 * 86_400 + hour * 3600
    return ExpectedOutages(stated: [start..<start + 12 * 3600], criticalShare: share)
  }

  private static let perfect = Controller.planned(PaperSite.version(.perfect))

  // What an interval begins with within the window is at least 3 of 6 kWh; from six to noon nothing stays.
  @Test("a window's share is there when the window begins, and within it nothing of it is let out")
  func windows() throws {
    for controller in [Self.perfect, .oracle, .selfConsumption] {
      let outcome = try Replayer(
        Self.replay(Reserve(windows: [Self.night]), sunny: true)
      ).run(controller)
      let stored = outcome.trace.storedKWh
      for slot in stored.indices.dropFirst(1) where slot % 4 != 0 {
        #expect(stored[slot] >= 3 - 1e-5, "\(controller.name) \(slot)")
      }
      // Half of what the battery holds serves each evening.
      let letOut = outcome.trace.batteryKW.enumerated().reduce(0) { sum, slot in
        slot.offset % 4 >= 2 ? sum + 6 * max(0, slot.element) : sum
      }
      #expect(isClose(letOut, 4 * 3, absolute: 1e-3), "\(controller.name) \(letOut)")
    }
  }

  // Full at midnight, the battery does not serve the second evening: 6 kWh at 0.30. They serve the third evening, for
  // which 6 kWh at 0.10 need not be bought.
  @Test("a plan has what an outage needs when it begins") func stated() throws {
    for controller in [Self.perfect, .oracle] {
      let free = try Replayer(Self.replay(Reserve())).run(controller)
      let ready = try Replayer(
        Self.replay(Reserve(outages: Self.outage(fromHour: 0)))
      ).run(controller)
      #expect(free.outages == nil)
      #expect(isClose(ready.cost - free.cost, 6 * 0.3 - 6 * 0.1, absolute: 1e-4))
      #expect(isClose(ready.trace.storedKWh[7], 6, absolute: 1e-4))
      let outages = try #require(ready.outages)
      #expect(outages.count == 1 && outages.servedInFull == 1 && outages.beyondBattery == 0)
      #expect(isClose(outages.criticalKWh, 6, absolute: 1e-9))
      #expect(isClose(outages.unservedKWh, 0, absolute: 1e-3))
    }
    // The rule buys nothing, so it has nothing; nor has the site without a battery.
    for controller in [Controller.selfConsumption, .noBattery] {
      let bare = try Replayer(
        Self.replay(Reserve(outages: Self.outage(fromHour: 0)))
      ).run(controller)
      let outages = try #require(bare.outages)
      #expect(outages.servedInFull == 0)
      #expect(isClose(outages.unservedKWh, 6, absolute: 1e-3))
    }
  }

  // The sun fills the battery every morning. Known from noon of the second day on, 6 kWh are needed at noon of the third
  // and 3 kWh at six.
  @Test("without a plan what is there is held from when the outage is known") func rule() throws {
    func stored(_ reserve: Reserve) throws -> [Double] {
      try Replayer(Self.replay(reserve, sunny: true)).run(.selfConsumption).trace.storedKWh
    }
    let free = try stored(Reserve())
    let ready = try stored(Reserve(outages: Self.outage(fromHour: 12)))
    for (slot, kWh) in [(6, 0.0), (7, 0), (10, 0), (11, 0)] {
      #expect(isClose(free[slot], kWh, absolute: 1e-3))
    }
    for (slot, kWh) in [(2, 0.0), (6, 6), (7, 6), (9, 6), (10, 3), (11, 0), (14, 0)] {
      #expect(isClose(ready[slot], kWh, absolute: 1e-3), "\(slot) \(ready[slot])")
    }
  }

  @Test("more than the battery holds is counted, and all that it holds is kept") func beyond()
    throws
  {
    let outcome = try Replayer(
      Self.replay(Reserve(outages: Self.outage(fromHour: 0, critical: 1)))
    ).run(Self.perfect)
    let outages = try #require(outcome.outages)
    #expect(outages.beyondBattery == 1 && outages.servedInFull == 0)
    #expect(isClose(outages.criticalKWh, 12, absolute: 1e-9))
    #expect(isClose(outages.unservedKWh, 6, absolute: 1e-3))
  }

  @Test("drawn outages follow from the seed") func drawn() {
    let year = TimeGrid(start: 0, stepSeconds: 3600, count: 8766)
    let expected = ExpectedOutages(stated: [3600..<7200], drawnPerYear: 12, drawnHours: 2)
    let first = expected.outages(in: year, seed: 1)
    #expect(first == expected.outages(in: year, seed: 1))
    #expect(first != expected.outages(in: year, seed: 2))
    #expect(first.count > 9 && first.count <= 13)
    #expect(first.allSatisfy { $0.count >= 3600 && $0.lowerBound % 3600 == 0 })
    for (a, b) in zip(first, first.dropFirst()) { #expect(a.upperBound < b.lowerBound) }
    // Those that touch are one; those outside of the period are none.
    let joined = ExpectedOutages(stated: [7200..<9000, 0..<7200, -9000 ..< -3600])
    #expect(joined.outages(in: year, seed: 1) == [0..<9000])
  }

  @Test("no run costs less than the foresight bound, which keeps the reserve as well")
  func bound() throws {
    var generator = SeededGenerator(seed: 5)
    for reserve in [
      Reserve(), Reserve(fraction: 0.5), Reserve(fraction: 0.2, windows: [Self.night]),
      Reserve(outages: Self.outage(fromHour: 0)),
      Reserve(fraction: 0.1, outages: Self.outage(fromHour: 12, critical: 1)),
    ] {
      for start in [0, 0.5, 1] {
        let replay = try Self.replay(
          reserve, sunny: generator.uniform() < 0.5, startFraction: start)
        let bound = try ForesightBound(replay).cost
        for controller in [Self.perfect, .oracle, .selfConsumption, .noBattery] {
          let cost = try Replayer(replay).run(controller).cost
          #expect(cost >= bound - 1e-5, "\(controller.name) \(reserve) \(start)")
        }
      }
    }
    let free = try ForesightBound(Self.replay(Reserve(), startFraction: 1)).cost
    let kept = try ForesightBound(Self.replay(Reserve(fraction: 0.5), startFraction: 1)).cost
    #expect(kept > free + 0.1)
  }
}
