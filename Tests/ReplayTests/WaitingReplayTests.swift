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

/// Loads that wait, on days of four slots of six hours: 0.10 EUR/kWh before noon, 0.30 after.
@Suite("Replays of loads that wait", .tags(.endToEnd)) struct WaitingReplayTests {
  /// Two days of 1 kW: 4.80 EUR each without a battery and without other loads.
  static func replay(
    _ loads: [SiteLoad], pvKW: [[Double]]? = nil, days: Int = 2, ambientC: Double = 20
  ) throws -> ReplayCase {
    let history = PaperSite.history(
      loadKW: [[Double]](repeating: [1, 1, 1, 1], count: days), pvKW: pvKW, ambientC: ambientC)
    var replay = try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1), settings: PaperSite.settings())
    replay.loads = loads
    return replay
  }

  /// A car that comes on Monday at noon and needs 6 kWh at up to 2 kW.
  static func car(
    told: Int, leaves: Int, unmetPerKWh: Double = 0.5, nice: Double = 0, known: Bool = false,
    otherwise: SiteLoad.Otherwise = .atOnce
  ) -> SiteLoad {
    let midnight = PaperSite.monday
    return SiteLoad(
      name: "car", kind: .ev, powerKW: 2,
      work: .sessions(
        [
          LoadSession(
            arrival: midnight + 12 * 3600, departure: midnight + leaves * 3600,
            toldDeparture: midnight + told * 3600, mustKWh: 6, niceKWh: nice, powerKW: 2)
        ], knownAhead: known), otherwise: otherwise, unmetPerKWh: unmetPerKWh,
      optionalPerKWh: nice > 0 ? 0.12 : 0)
  }

  private static let version = PaperSite.version(.naiveDay)

  // At once: 6 kWh from noon on at 0.30 = 1.80 on top of 9.60. A plan waits for midnight: 0.60. The battery takes 6 kWh
  // at 0.10 and gives them at 0.30 on both days (-2.40) or, on the last, as much as that leaves.
  @Test("a car charges at once by the rule and in the cheap hours by a plan")
  func car() throws {
    let replay = try Self.replay([Self.car(told: 36, leaves: 36)])
    let none = try Replayer(replay).run(.noBattery)
    #expect(isClose(none.cost, 11.4, absolute: 1e-6))
    #expect(isClose(none.waiting[0].energyCost, 1.8, absolute: 1e-6))
    #expect(none.waiting[0].shiftedShare == 0)
    for controller in [Controller.planned(Self.version), .oracle] {
      let planned = try Replayer(replay).run(controller)
      #expect(isClose(planned.cost, 9.6 - 2.4 + 0.6, absolute: 1e-4), "\(controller.name)")
      let car = planned.waiting[0]
      #expect(isClose(car.drawnKWh, 6, absolute: 1e-6))
      #expect(isClose(car.servedKWh, 6, absolute: 1e-6))
      #expect(isClose(car.energyCost, 0.6, absolute: 1e-6))
      #expect(isClose(car.unmetKWh, 0, absolute: 1e-9))
      #expect(isClose(car.shiftedShare ?? 0, 1, absolute: 1e-9))
    }
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, 7.8, absolute: 1e-3))
  }

  // Told noon on Tuesday, gone at midnight: the plan has waited for nothing, 6 kWh at 0.50 are missing. Who knows it
  // charges at 0.30.
  @Test("what a car that leaves early lacks is unmet and priced")
  func early() throws {
    let replay = try Self.replay([Self.car(told: 36, leaves: 24)])
    let planned = try Replayer(replay).run(.planned(Self.version))
    #expect(isClose(planned.waiting[0].unmetKWh, 6, absolute: 1e-9))
    #expect(isClose(planned.unmetCost, 3, absolute: 1e-9))
    #expect(isClose(planned.cost, 9.6 - 2.4 + 3, absolute: 1e-4))
    #expect(planned.waiting[0].drawnKWh == 0)
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, 9.6 - 2.4 + 1.8, absolute: 1e-4))
    #expect(oracle.unmetCost == 0)
    let days = planned.dailyCosts.reduce(0, +)
    #expect(isClose(days, planned.cost, absolute: 1e-9))
  }

  // At 0.20 per missing kWh nobody charges at 0.30.
  @Test("what costs more than it is worth is left unmet")
  func worthless() throws {
    let replay = try Self.replay([Self.car(told: 24, leaves: 24, unmetPerKWh: 0.2)])
    let planned = try Replayer(replay).run(.planned(Self.version))
    #expect(isClose(planned.unmetCost, 1.2, absolute: 1e-9))
    #expect(isClose(try ForesightBound(replay).cost, 9.6 - 2.4 + 1.2, absolute: 1e-3))
  }

  // 6 kWh must and 4 kWh would be nice at 0.12: from midnight to noon at 0.10 both are worth it.
  @Test("what would be nice to have is bought below its worth")
  func nice() throws {
    let replay = try Self.replay([Self.car(told: 36, leaves: 36, nice: 4)])
    let planned = try Replayer(replay).run(.planned(Self.version))
    #expect(isClose(planned.waiting[0].drawnKWh, 10, absolute: 1e-6))
    // Gone at midnight, with what must be had at 0.30: what is nice is left, 4 x 0.12.
    let short = try Self.replay([Self.car(told: 24, leaves: 24, nice: 4)])
    let left = try Replayer(short).run(.planned(Self.version))
    #expect(isClose(left.waiting[0].drawnKWh, 6, absolute: 1e-6))
    #expect(isClose(left.waiting[0].optionalUnmetKWh, 4, absolute: 1e-6))
    #expect(isClose(left.unmetCost, 0.48, absolute: 1e-6))
  }

  // From 18:00 on: 6 kWh at 0.30 in the last slot of Monday. From 18:00, gone at 18:00: the last moment is the slot before.
  @Test("a timer waits for its time, and not longer than what must be had allows")
  func timer() throws {
    let evening = SiteLoad.Otherwise.timer(minuteOfDay: 18 * 60)
    let late = try Replayer(
      try Self.replay([Self.car(told: 36, leaves: 36, otherwise: evening)])
    ).run(.noBattery)
    #expect(late.trace.waiting[0].powerKW.prefix(5).map { ($0 * 6).rounded() } == [0, 0, 0, 6, 0])
    let leaving = try Replayer(
      try Self.replay([Self.car(told: 18, leaves: 18, otherwise: evening)])
    ).run(.noBattery)
    #expect(isClose(leaving.trace.waiting[0].powerKW[2], 1, absolute: 1e-9))
    #expect(leaving.unmetCost == 0)
  }

  // Wanted at 0.5 kW, a car that runs at 1 kW or more runs in every second slot of six hours: 3 kWh more than wanted and 3
  // less. Of 40 kWh that must be had in 36 hours it has 12 after three slots. The last two can give 24, so 4 kWh must be
  // drawn in the fourth, 0.67 kW, and it runs at 1 kW; with 18 kWh and 12 left to the last slot, 10 must be in the fifth.
  @Test("below its lowest power a load rests until it is owed a run") func leastPower() throws {
    var car = Self.car(told: 36, leaves: 36)
    car.leastKW = 1
    let midnight = PaperSite.monday
    car.work = .sessions(
      [
        LoadSession(
          arrival: midnight, departure: midnight + 36 * 3600, mustKWh: 40, powerKW: 2)
      ], knownAhead: true)
    let replay = try Self.replay([car])
    var bank = LoadBank(replay, context: try MeteringContext(replay))
    let powers = (0..<5).map { bank.run($0, powersKW: [0.5]) }
    #expect(powers.map { ($0 * 100).rounded() / 100 } == [1, 0, 1, 1, 1.67])
    #expect(isClose(bank.steppedKWh, 3 + 3 + 3 + 3 + 7, absolute: 1e-9))
    #expect(isClose(bank.storedKWh[0], 28, absolute: 1e-9))
    // Without a lowest power it draws what is wanted.
    car.leastKW = 0
    let free = try Self.replay([car])
    var any = LoadBank(free, context: try MeteringContext(free))
    #expect(any.run(0, powersKW: [0.5]) == 0.5 && any.steppedKWh == 0)
  }

  // At 0.30 after noon and 0.10 before, 6 kWh at 1.5 kW or more are drawn in four hours of the night, a mean of 1 kW.
  @Test("a plan runs a load at its lowest power or not at all") func plannedLeastPower() throws {
    for controller in [Controller.planned(Self.version), .oracle] {
      var car = Self.car(told: 36, leaves: 36)
      car.leastKW = 1.5
      let outcome = try Replayer(Self.replay([car])).run(controller)
      #expect(isClose(outcome.cost, 9.6 - 2.4 + 0.6, absolute: 1e-4), "\(controller.name)")
      #expect(outcome.interventionsKWh["load_min_power"] ?? 0 < 1e-9)
    }
    // A tank of which 3 kWh are drawn in each slot and that holds 12: a boiler that is on or off at 1 kW fills it by 6 kWh
    // in each slot in which it runs.
    var boiler = SiteLoad(
      name: "boiler", kind: .boiler, powerKW: 1,
      work: .store(
        HeatStore(
          capacityKWh: 12, lossKWhPerDay: 0, use: .hourly([Double](repeating: 0.5, count: 24)))),
      unmetPerKWh: 1)
    boiler.leastKW = 1
    let outcome = try Replayer(Self.replay([boiler])).run(.oracle)
    #expect(outcome.trace.waiting[0].powerKW.allSatisfy { min(abs($0), abs($0 - 1)) < 1e-6 })
    #expect(outcome.unmetCost == 0)
  }

  // A tank of 12 kWh that begins with 6, 12 kWh drawn a day (3 a slot) and no loss. At once it is filled in the first
  // slot: 9 kWh at 0.10, then 3 in each slot: 3 at 0.10, 6 at 0.30 = 3.0, and the same the next day less the filling.
  // It ends full: 6 kWh more than at the start at 0.10.
  @Test("a boiler heats at night by a plan")
  func boiler() throws {
    let load = SiteLoad(
      name: "boiler", kind: .boiler, powerKW: 2,
      work: .store(
        HeatStore(
          capacityKWh: 12, lossKWhPerDay: 0, use: .hourly([Double](repeating: 0.5, count: 24)))),
      unmetPerKWh: 1)
    let replay = try Self.replay([load])
    let none = try Replayer(replay).run(.noBattery)
    #expect(isClose(none.waiting[0].energyCost, 0.9 + 0.3 + 1.8 + 0.6 + 1.8, absolute: 1e-6))
    #expect(isClose(none.waitingEndValue, 0.6, absolute: 1e-6))
    #expect(isClose(none.cost, 9.6 + 5.4 - 0.6, absolute: 1e-6))
    // By a plan the 24 kWh are heated before noon, at 0.10: the tank is full at noon and half full at midnight.
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.cost, 9.6 - 2.4 + 2.4, absolute: 1e-4))
    #expect(oracle.unmetCost == 0)
    #expect(isClose(try ForesightBound(replay).cost, 9.6, absolute: 1e-3))
  }

  // 10 °C below the limit at 0.1 kW/K is 1 kW of heat; a COP of 2 at that air makes 0.5 kW, 12 kWh a day.
  @Test("a heat pump draws heat by its coefficient of performance at the air of the day")
  func heatPump() throws {
    let load = SiteLoad(
      name: "pump", kind: .heatPump, powerKW: 2,
      work: .store(
        HeatStore(
          capacityKWh: 24, lossKWhPerDay: 0, use: .heating(kWPerK: 0.1, limitC: 15),
          performance: LinearTable(x: [-5, 15], y: [1, 3]))),
      unmetPerKWh: 1)
    let replay = try Self.replay([load], ambientC: 5)
    let oracle = try Replayer(replay).run(.oracle)
    #expect(isClose(oracle.waiting[0].servedKWh, 48, absolute: 1e-6))
    #expect(oracle.unmetCost == 0)
    // 48 kWh of heat less the 12 it began with are 18 kWh at 0.10, whatever is left at the end is worth 0.05 a kWh:
    // 12 hours at 2 kW and a COP of 2 fill the store by noon.
    #expect(isClose(oracle.cost, 9.6 - 2.4 + 1.8 + 0.6, absolute: 1e-4))
  }

  @Test("power and energy balance in every run", arguments: UInt64(1)...12)
  func conservation(seed: UInt64) throws {
    let replay = try Self.seeded(seed)
    let context = try MeteringContext(replay)
    for controller in [
      Controller.noBattery, .selfConsumption, .planned(SmallSite.version(.naiveDay)), .oracle,
    ] {
      let outcome = try Replayer(replay).run(controller)
      let trace = outcome.trace
      #expect(trace.largestImbalanceKWh < 1e-9)
      for t in trace.grid.indices where trace.loadKW[t].isFinite {
        let sum = trace.waiting.reduce(0) { $0 + $1.powerKW[t] }
        #expect(isClose(trace.loadKW[t], context.loadKW[t] + sum, absolute: 1e-9))
      }
      for (load, truth) in zip(trace.waiting, context.waiting) {
        var stored = truth.startKWh
        for t in trace.grid.indices {
          let gained = load.powerKW[t] * trace.grid.stepHours * truth.storedPerKWh[t]
          let expected =
            stored * truth.retentionPerStep + gained - truth.drawKWh[t] + load.unmetKWh[t]
            + load.optionalUnmetKWh[t]
          #expect(isClose(load.storedKWh[t], expected, absolute: 1e-9), "\(load.name) \(t)")
          #expect(load.powerKW[t] <= truth.powerKW[t] + 1e-12)
          stored = load.storedKWh[t]
        }
      }
      #expect(isClose(outcome.dailyCosts.reduce(0, +), outcome.cost, absolute: 1e-6))
    }
  }

  @Test("no run of a site costs less than its bound", arguments: UInt64(1)...(longTests ? 200 : 24))
  func bound(seed: UInt64) throws {
    let replay = try Self.seeded(seed)
    let bound = try ForesightBound(replay)
    for controller in [
      Controller.oracle, .selfConsumption, .planned(SmallSite.version(.naiveDay)),
    ] {
      let cost = try Replayer(replay).run(controller).cost
      #expect(
        cost >= bound.cost - 1e-6, "seed \(seed), \(controller.name): \(cost) and \(bound.cost)")
    }
  }

  /// A seeded site of the bound's laws with a car, a boiler, a heat pump and a process.
  static func seeded(_ seed: UInt64) throws -> ReplayCase {
    var replay = try BoundSite(seed: seed).replay
    var generator = SeededGenerator(seed: seed, label: "loads")
    let start = replay.period.start
    func hours(_ a: Double, _ b: Double) -> Int { Int(generator.uniform(a, b) * 3600) }
    var sessions: [LoadSession] = []
    for day in 0..<4 {
      let arrival = start + day * 86_400 + hours(15, 20)
      let departure = arrival + hours(3, 14)
      sessions.append(
        LoadSession(
          arrival: arrival, departure: departure, toldDeparture: departure + hours(-1, 3),
          mustKWh: generator.uniform(1, 12), niceKWh: generator.uniform(0, 5),
          powerKW: generator.uniform(2, 7)))
    }
    let jobs = (0..<4).map { day in
      LoadSession(
        arrival: start + day * 86_400 + 8 * 3600, departure: start + day * 86_400 + 16 * 3600,
        mustKWh: 4, powerKW: 2)
    }
    let draws = (0..<24).map { _ in generator.uniform(0, 0.6) }
    replay.loads = [
      SiteLoad(
        name: "car", kind: .ev, powerKW: 7,
        work: .sessions(sessions, knownAhead: generator.uniform() < 0.5),
        unmetPerKWh: generator.uniform(0.1, 2), optionalPerKWh: 0.1),
      SiteLoad(
        name: "boiler", kind: .boiler, powerKW: 2,
        work: .store(HeatStore(capacityKWh: 6, lossKWhPerDay: 1, use: .hourly(draws))),
        otherwise: .timer(minuteOfDay: 22 * 60), unmetPerKWh: generator.uniform(0.2, 1)),
      SiteLoad(
        name: "pump", kind: .heatPump, powerKW: 2,
        work: .store(
          HeatStore(
            capacityKWh: 8, lossKWhPerDay: 2, use: .heating(kWPerK: 0.15, limitC: 22),
            performance: LinearTable(x: [0, 20], y: [2, 4.5]))), unmetPerKWh: 1),
      SiteLoad(
        name: "press", kind: .process, powerKW: 2, work: .sessions(jobs, knownAhead: true),
        unmetPerKWh: 0.6),
    ]
    return replay
  }
}
