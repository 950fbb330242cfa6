import Forecasting
import Numerics
import Planning
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Replay

/// Several batteries on days of four slots of six hours: 0.10 EUR/kWh before noon, 0.30 after.
@Suite("Replays of several batteries", .tags(.endToEnd)) struct SeveralBatteriesReplayTests {
  static func site(
    _ fleet: [SiteBattery], loadKW: [[Double]], pvKW: [[Double]]? = nil,
    settings: ReplaySettings = PaperSite.settings(recourse: .valueStep), exportPerKWh: Double = 0,
    importLimitKW: PowerLimit = .infinity
  ) throws -> ReplayCase {
    try PaperSite.replay(
      PaperSite.history(loadKW: loadKW, pvKW: pvKW),
      tariff: PaperSite.dayAndNight(exportPerKWh: exportPerKWh), battery: fleet[0].system,
      settings: settings, importLimitKW: importLimitKW
    ).with(fleet: fleet)
  }

  static func battery(
    _ name: String, kWh: Double, kW: Double, soc: Double? = nil, wear: Double? = nil,
    since: Int? = nil, derating: DeratingPolicy = .none
  ) throws -> SiteBattery {
    SiteBattery(
      name: name,
      system: try PaperSite.battery(capacityKWh: kWh, powerKW: kW, derating: derating),
      initialSOCFraction: soc, wearPerKWh: wear, since: since)
  }

  static let controllers: [Controller] = [
    .planned(PaperSite.version(.naiveDay)), .oracle, .selfConsumption, .noBattery,
  ]

  // 1 kW at 0.10 and 0.30: 4.80 a day. 6 kWh charged at 0.10 and let out at 0.30 save 1.20 a day.
  @Test("two halves of a battery cost what the whole one does", arguments: controllers)
  func halves(controller: Controller) throws {
    let load = [[Double]](repeating: [1, 1, 1, 1], count: 2)
    let whole = try Replayer(
      Self.site([Self.battery("whole", kWh: 6, kW: 1)], loadKW: load)
    ).run(controller)
    let halves = try Replayer(
      Self.site(
        [Self.battery("left", kWh: 3, kW: 0.5), Self.battery("right", kWh: 3, kW: 0.5)],
        loadKW: load)
    ).run(controller)
    #expect(isClose(halves.cost, whole.cost, absolute: 1e-4))
    #expect(isClose(halves.dailyCosts.reduce(0, +), halves.cost, absolute: 1e-9))
    if case .planned = controller { #expect(isClose(halves.cost, 7.2, absolute: 1e-4)) }
    if case .oracle = controller { #expect(isClose(halves.cost, 7.2, absolute: 1e-4)) }
  }

  @Test("the bound of two halves is that of the whole battery")
  func bounds() throws {
    let load = [[Double]](repeating: [1, 1, 1, 1], count: 2)
    let whole = try ForesightBound(
      Self.site([Self.battery("whole", kWh: 6, kW: 1)], loadKW: load))
    let halves = try ForesightBound(
      Self.site(
        [Self.battery("left", kWh: 3, kW: 0.5), Self.battery("right", kWh: 3, kW: 0.5)],
        loadKW: load))
    #expect(isClose(whole.cost, 7.2, absolute: 1e-3))
    #expect(isClose(halves.cost, whole.cost, absolute: 1e-3))
    #expect(abs(halves.modelGap) < 1e-3)
  }

  @Test("a list of one battery is that battery, to the last bit", arguments: controllers)
  func one(controller: Controller) throws {
    let load = [[1.0, 2, 0.5, 1.5], [1, 1, 3, 1]]
    let own = try Self.battery("one", kWh: 6, kW: 1, soc: 0.5)
    var settings = PaperSite.settings(recourse: .valueStep)
    settings.initialSOCFraction = 0.5
    let alone = try PaperSite.replay(
      PaperSite.history(loadKW: load), tariff: PaperSite.dayAndNight(), battery: own.system,
      settings: settings)
    let listed = try Replayer(alone.with(fleet: [own])).run(controller)
    let single = try Replayer(alone).run(controller)
    #expect(listed.trace.gridKW == single.trace.gridKW)
    #expect(listed.trace.storedKWh == single.trace.storedKWh || controller.name == "no battery")
    #expect(listed.cost == single.cost)
    #expect(listed.batteries.isEmpty)
  }

  // Two kW of load from noon to midnight are 24 kWh. The first battery gives 6, the second, there from Tuesday on, 12
  // more: Monday 24 x 0.30 - 6 x 0.20 = 6.00, Tuesday 7.20 - 18 x 0.20 = 3.60.
  @Test("a battery that comes later works from its day on")
  func later() throws {
    let replay = try Self.site(
      [
        Self.battery("old", kWh: 6, kW: 1),
        Self.battery("new", kWh: 12, kW: 2, since: PaperSite.monday + 86_400),
      ], loadKW: [[Double]](repeating: [0, 0, 2, 2], count: 2))
    for controller in Self.controllers.prefix(2) {
      let outcome = try Replayer(replay).run(controller)
      #expect(isClose(outcome.cost, 9.6, absolute: 1e-3), "\(controller.name)")
      #expect(isClose(outcome.dailyCosts[0], 6, absolute: 1e-3))
      #expect(isClose(outcome.dailyCosts[1], 3.6, absolute: 1e-3))
      let new = outcome.trace.batteries[1].columns
      #expect(new.batteryKW[..<4].allSatisfy { $0 == 0 })
      #expect(isClose(outcome.batteries[1].ledger.dischargedKWh, 12, absolute: 1e-3))
    }
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, 9.6, absolute: 1e-2))
    #expect(bound.cost <= 9.6 + 1e-6)
  }

  // 1 kWh of load needs no more than the battery without wear. With 0.25 a kWh wear eats the 0.20 that a kWh earns.
  @Test("a battery whose wear costs more than it earns rests, and wear is each battery's own")
  func wear() throws {
    let load = [[Double]](repeating: [0, 0, 2, 2], count: 2)
    let replay = try Self.site(
      [
        Self.battery("worn", kWh: 6, kW: 1, wear: 0.25),
        Self.battery("new", kWh: 6, kW: 1, wear: 0.05),
      ], loadKW: load)
    let outcome = try Replayer(replay).run(.oracle)
    #expect(isClose(outcome.batteries[0].ledger.dischargedKWh, 0, absolute: 1e-6))
    #expect(isClose(outcome.batteries[1].ledger.dischargedKWh, 12, absolute: 1e-3))
    #expect(isClose(outcome.wearCost, 12 * 0.05, absolute: 1e-3))
    // 14.40 without, each of 12 kWh earns 0.20 less 0.05.
    #expect(isClose(outcome.cost, 14.4 - 12 * 0.15, absolute: 1e-3))
    // The rule does not look at wear.
    let rule = try Replayer(replay).run(.selfConsumption)
    #expect(rule.wearCost == 0)
  }

  // A surplus of 2 kW for six hours; the large battery has four times the room of the small one.
  @Test("without a plan batteries share by the room and the energy they have")
  func sharing() throws {
    let replay = try Self.site(
      [Self.battery("small", kWh: 3, kW: 2), Self.battery("large", kWh: 12, kW: 2)],
      loadKW: [[0, 0, 2, 1]], pvKW: [[2, 0, 0, 0]])
    let outcome = try Replayer(replay).run(.selfConsumption)
    let small = outcome.trace.batteries[0].columns
    let large = outcome.trace.batteries[1].columns
    #expect(isClose(small.batteryKW[0], -0.4, absolute: 1e-6))
    #expect(isClose(large.batteryKW[0], -1.6, absolute: 1e-6))
    // 12 kWh are there: 2 kW from noon on take all of them.
    #expect(isClose(small.batteryKW[2], 0.4, absolute: 1e-4))
    #expect(isClose(large.batteryKW[2], 1.6, absolute: 1e-4))
    #expect(isClose(outcome.trace.gridKW[2], 0, absolute: 1e-4))
    #expect(isClose(outcome.trace.gridKW[3], 1, absolute: 1e-4))
    #expect(outcome.trace.largestImbalanceKWh < 1e-9)
  }

  // 30 °C leave the hot battery a quarter of its rate of 1/h: 0.75 kW of 3. The other one takes over.
  @Test("what a battery cannot give another one gives", arguments: [true, false])
  func takingOver(isPlanned: Bool) throws {
    let policy = DeratingPolicy(
      name: "half", charge: [],
      discharge: [.temperature(LinearTable(x: [0, 60], y: [0.25, 0.25]))])
    let hot = SiteBattery(
      name: "hot",
      system: try PaperSite.battery(
        capacityKWh: 3, powerKW: 3, derating: policy, maximumRatePerHour: 1),
      initialSOCFraction: 1)
    let replay = try Self.site(
      [hot, Self.battery("cool", kWh: 24, kW: 3, soc: 1)], loadKW: [[0, 0, 3, 0]])
    let outcome = try Replayer(replay).run(isPlanned ? .oracle : .selfConsumption)
    #expect(isClose(outcome.trace.gridKW[2], 0, absolute: 1e-3))
    let powers = outcome.trace.batteries.map { $0.columns.batteryKW[2] }
    #expect(powers[0] <= 0.75 + 1e-6)
    #expect(isClose(powers.reduce(0, +), 3, absolute: 1e-3))
  }

  // Both could charge 2 kW at night; only the surplus of 1 kW may go in.
  @Test("what the site may not charge from the grid none of its batteries does")
  func rights() throws {
    var settings = PaperSite.settings(recourse: .valueStep)
    settings.rights = BatteryRights(gridCharging: false)
    let replay = try Self.site(
      [Self.battery("a", kWh: 12, kW: 1), Self.battery("b", kWh: 12, kW: 1)],
      loadKW: [[1, 1, 2, 2]], pvKW: [[2, 0, 0, 0]], settings: settings)
    for controller in Self.controllers.prefix(3) {
      let outcome = try Replayer(replay).run(controller)
      #expect(isClose(outcome.trace.batteryKW[0], -1, absolute: 1e-4), "\(controller.name)")
      #expect(outcome.trace.batteryKW[1] >= -1e-6)
      // 1 kW x 6 h at 0.10 before noon and 24 - 6 kWh at 0.30 after; the rule lets out what it has at once.
      let cost = controller.name == Controller.selfConsumption.name ? 7.2 : 0.6 + 18 * 0.3
      #expect(isClose(outcome.cost, cost, absolute: 1e-3), "\(controller.name)")
    }
    #expect(isClose(try ForesightBound(replay).cost, 6, absolute: 1e-2))
  }

  // A connection of 2 kW: at night both charge what the load of 1 kW leaves, 1 kW together.
  @Test("batteries share what the connection leaves")
  func connection() throws {
    let replay = try Self.site(
      [Self.battery("a", kWh: 12, kW: 2), Self.battery("b", kWh: 12, kW: 2)],
      loadKW: [[1, 1, 2, 2]], importLimitKW: 2)
    let outcome = try Replayer(replay).run(.oracle)
    #expect(outcome.trace.gridKW.allSatisfy { $0 <= 2 + 1e-6 })
    #expect(isClose(outcome.trace.batteryKW[0], -1, absolute: 1e-4))
    // 24 kWh at 0.10 before noon, 24 - 12 kWh at 0.30 after.
    #expect(isClose(outcome.cost, 2.4 + 3.6, absolute: 1e-3))
  }

  @Test("books of a fleet are sums, means by energy and extremes")
  func ledger() throws {
    let replay = try Self.site(
      [Self.battery("small", kWh: 3, kW: 2, soc: 1), Self.battery("large", kWh: 12, kW: 2)],
      loadKW: [[0, 0, 2, 2]])
    let outcome = try Replayer(replay).run(.oracle)
    let ledger = try #require(outcome.ledger)
    let parts = outcome.batteries.map(\.ledger)
    #expect(
      isClose(ledger.dischargedKWh, parts.reduce(0) { $0 + $1.dischargedKWh }, absolute: 1e-9))
    #expect(
      isClose(
        ledger.equivalentFullCycles * 15,
        parts[0].equivalentFullCycles * 3 + parts[1].equivalentFullCycles * 12, relative: 1e-6))
    #expect(
      isClose(
        outcome.trace.storedKWh[0],
        outcome.trace.batteries.reduce(0) { $0 + $1.columns.storedKWh[0] }, absolute: 1e-9))
  }
}
