import Numerics
import TestSupport
import Testing

@testable import Twin

/// A battery of 10 kWh whose cells may charge and discharge at 1C, so 10 kW at their nominal voltage.
@Suite("What limited the battery, by cause", .tags(.physics)) struct LimitLedgerTests {
  /// Shares that hold at every temperature below, or above, the middle of the room.
  private static func coldTable(_ share: Double) -> DeratingTable {
    .temperature(LinearTable(x: [15, 16], y: [share, 1]))
  }
  private static func heatTable(_ share: Double) -> DeratingTable {
    .temperature(LinearTable(x: [35, 36], y: [1, share]))
  }

  private static func twin(
    inverterKW: Double = 20, at temperatureC: Double = 25, soc: Double = 0.5,
    charge: [DeratingTable] = [], discharge: [DeratingTable] = [],
    recovery: DeratingRecovery = DeratingRecovery(), heatsink: LinearTable? = nil,
    limits: LimitSpecification = LimitSpecification(maximumChargeC: 1, maximumDischargeC: 1)
  ) throws -> DigitalTwin {
    var converter = ConverterSpecification.ideal(ratedKW: inverterKW)
    if let heatsink { converter.heatsinkDerating = heatsink }
    let specification = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: inverterKW, converter: converter, spread: .none, limits: limits,
      derating: DeratingPolicy(
        name: "test", charge: charge, discharge: discharge, recovery: recovery), ageing: nil)
    return DigitalTwin(specification, seed: 1, socFraction: soc, temperatureC: temperatureC)
  }

  /// Half an hour in steps of a minute.
  private static func run(
    _ twin: inout DigitalTwin, requestKW: Double, ambientC: Double
  ) throws -> TwinStep {
    var last = try twin.step(requestKW: requestKW, ambientC: ambientC, seconds: 60)
    for _ in 1..<30 {
      last = try twin.step(requestKW: requestKW, ambientC: ambientC, seconds: 60)
    }
    return last
  }

  /// By hand: 10 kW · (1 − 0.3) · 0.5 h = 3.5 kWh of charging; discharging is free.
  @Test("a cold battery that is never asked has its charging withheld and nothing refused")
  func cold() throws {
    var twin = try Self.twin(at: 5, charge: [Self.coldTable(0.3)])
    let step = try Self.run(&twin, requestKW: 0, ambientC: 5)
    #expect(isClose(step.withheldChargeKW, 7, relative: 1e-12))
    #expect(step.withheldDischargeKW == 0 && step.withheldBy == .cold && step.cause == nil)
    let limits = twin.ledger.limits
    #expect(limits.map(\.cause) == [.cold])
    #expect(isClose(limits[0].withheldChargeKWh, 3.5, relative: 1e-9))
    #expect(isClose(limits[0].withheldChargeSeconds, 1800, relative: 1e-12))
    #expect(limits[0].withheldDischargeKWh == 0 && limits[0].withheldDischargeSeconds == 0)
    #expect(limits[0].refusedChargeKWh == 0 && limits[0].refusedDischargeKWh == 0)
    #expect(isClose(twin.ledger.coldSeconds, 1800, relative: 1e-12))
    #expect(isClose(twin.ledger.derateSeconds, 1800, relative: 1e-12))
    #expect(twin.ledger.heatSeconds == 0 && twin.ledger.deratedKWh == 0)
  }

  /// By hand: 10 kW · (1 − 0.2) · 0.5 h = 4 kWh of discharging, 10 · (1 − 0.6) · 0.5 = 2 kWh of charging.
  @Test("a hot battery likewise, in each direction by its own table")
  func hot() throws {
    var twin = try Self.twin(
      at: 45, charge: [Self.heatTable(0.6)], discharge: [Self.heatTable(0.2)])
    let step = try Self.run(&twin, requestKW: 0, ambientC: 45)
    #expect(step.withheldBy == .heat)
    let limits = twin.ledger.limits
    #expect(limits.map(\.cause) == [.heat])
    #expect(isClose(limits[0].withheldDischargeKWh, 4, relative: 1e-9))
    #expect(isClose(limits[0].withheldChargeKWh, 2, relative: 1e-9))
    #expect(limits[0].refusedChargeKWh + limits[0].refusedDischargeKWh == 0)
    // Both directions at once are one time.
    #expect(isClose(twin.ledger.heatSeconds, 1800, relative: 1e-12))
    #expect(twin.ledger.coldSeconds == 0)
  }

  /// By hand: an inverter of 5 kW before cells of 10 kW.
  ///
  /// At a share of 0.3 the cells leave 3 kW, 2 kW less
  /// than the inverter can; at 0.6 they leave more than it can, so nothing is missing.
  @Test(
    "the inverter's rating is the most that can be withheld", arguments: [(0.3, 2.0), (0.6, 0)])
  func smallInverter(share: Double, missingKW: Double) throws {
    var twin = try Self.twin(inverterKW: 5, at: 5, charge: [Self.coldTable(share)])
    let step = try twin.step(requestKW: 0, ambientC: 5, seconds: 60)
    #expect(isClose(step.withheldChargeKW, missingKW, absolute: 1e-9))
    #expect(twin.ledger.coldSeconds == (missingKW > 0 ? 60 : 0))
  }

  /// By hand: asked for 8 kW of 5 for half an hour, 1.5 kWh are refused; a rating withholds nothing.
  @Test("what is above the inverter's rating is refused in its direction")
  func inverter() throws {
    for (requestKW, charge, discharge) in [(8.0, 0.0, 1.5), (-8, 1.5, 0)] {
      var twin = try Self.twin(inverterKW: 5)
      _ = try Self.run(&twin, requestKW: requestKW, ambientC: 25)
      let limits = twin.ledger.limits
      #expect(limits.map(\.cause) == [.inverter])
      #expect(isClose(limits[0].refusedChargeKWh, charge, absolute: 1e-9))
      #expect(isClose(limits[0].refusedDischargeKWh, discharge, absolute: 1e-9))
      #expect(limits[0].withheldChargeKWh + limits[0].withheldDischargeKWh == 0)
    }
  }

  /// By hand: a heatsink that leaves 0.6 of 5 kW withholds 2 kW in both directions, 1 kWh in half an hour;
  /// of 4 kW asked for it refuses 1 kW.
  @Test("a warm inverter withholds in both directions and counts as heat")
  func heatsink() throws {
    var twin = try Self.twin(inverterKW: 5, heatsink: LinearTable(x: [0, 100], y: [0.6, 0.6]))
    _ = try Self.run(&twin, requestKW: 4, ambientC: 25)
    let limits = twin.ledger.limits
    #expect(limits.map(\.cause) == [.inverterTemperature])
    #expect(isClose(limits[0].withheldChargeKWh, 1, relative: 1e-9))
    #expect(isClose(limits[0].withheldDischargeKWh, 1, relative: 1e-9))
    #expect(isClose(limits[0].refusedDischargeKWh, 0.5, relative: 1e-9))
    #expect(isClose(twin.ledger.heatSeconds, 1800, relative: 1e-12))
  }

  /// By hand: empty at its lowest charge, the battery refuses 2 kW for half an hour.
  ///
  /// An empty battery is
  /// no rule that withholds.
  @Test("an empty and a full battery refuse and withhold nothing")
  func soc() throws {
    for (soc, requestKW) in [(0.05, 2.0), (0.95, -2)] {
      var twin = try Self.twin(soc: soc)
      _ = try Self.run(&twin, requestKW: requestKW, ambientC: 25)
      let limits = twin.ledger.limits
      #expect(limits.map(\.cause) == [.soc])
      let refused = requestKW > 0 ? limits[0].refusedDischargeKWh : limits[0].refusedChargeKWh
      // Self-discharge makes a little room in a full battery.
      #expect(isClose(refused, 1, absolute: 1e-3))
      #expect(limits[0].withheldChargeKWh + limits[0].withheldDischargeKWh == 0)
      #expect(twin.ledger.derateSeconds == 0)
    }
  }

  /// By hand: above 0.9 of the charge a table leaves 0.25 of 10 kW.
  @Test("a table over the charge withholds under its own cause")
  func chargeTable() throws {
    var twin = try Self.twin(
      soc: 0.93, charge: [.soc(LinearTable(x: [0.89, 0.9], y: [1, 0.25]))])
    let step = try Self.run(&twin, requestKW: 0, ambientC: 25)
    #expect(step.withheldBy == .derateSOC)
    let limits = twin.ledger.limits
    #expect(limits.map(\.cause) == [.derateSOC])
    #expect(isClose(limits[0].withheldChargeKWh, 3.75, relative: 1e-9))
    #expect(twin.ledger.heatSeconds + twin.ledger.coldSeconds == 0)
    #expect(isClose(twin.ledger.derateSeconds, 1800, relative: 1e-12))
  }

  /// Asked for 3C at a low charge, cells without a bound of their charge end at their lowest voltage.
  @Test("a cell at its voltage limit refuses and withholds nothing")
  func voltage() throws {
    var twin = try Self.twin(
      inverterKW: 30, soc: 0.02,
      limits: LimitSpecification(
        minimumSOC: 0, maximumSOC: 1, maximumChargeC: 3, maximumDischargeC: 3))
    let step = try twin.step(requestKW: 30, ambientC: 25, seconds: 60)
    let limit = try #require(twin.ledger.limits.first)
    #expect(twin.ledger.limits.count == 1 && limit.cause == .cellVoltage)
    #expect(isClose(limit.refusedDischargeKWh, (30 - step.deliveredKW) / 60, relative: 1e-9))
    #expect(limit.refusedDischargeKWh > 0 && limit.withheldDischargeKWh == 0)
  }

  /// A surface over temperature and charge: at 0 °C the share rises with the temperature, at 50 °C it falls,
  /// at 25 °C and a full battery no temperature would leave more.
  @Test("a surface is cold, heat or charge by what would raise its share")
  func surface() {
    let policy = DeratingPolicy(
      name: "surface",
      charge: [
        .surface(
          temperatureC: [0, 25, 50], socFraction: [0.5, 1],
          fraction: [[0.2, 0.1], [1, 0.4], [0.3, 0.1]])
      ], discharge: [])
    for (celsius, soc, cause, share) in [
      (0.0, 0.5, ClipCause.cold, 0.2), (50, 0.5, .heat, 0.3), (25, 1, .derateSOC, 0.4),
    ] {
      let allowed = policy.allowed(
        .charge,
        DeratingPolicy.Reading(
          coldestC: celsius, hottestC: celsius, lowestSOC: soc, highestSOC: soc))
      #expect(allowed.cause == cause && isClose(allowed.heat, share, relative: 1e-12))
    }
  }

  @Test("what heat or cold took and has not given back stays under its name", arguments: [5.0, 45])
  func memory(temperatureC: Double) throws {
    let tables = [Self.coldTable(0.3), Self.heatTable(0.3)]
    var twin = try Self.twin(
      at: temperatureC, charge: tables, discharge: tables,
      recovery: DeratingRecovery(dwellSeconds: 1e9))
    while abs(twin.hottestCellC - 25) > 5 {
      _ = try twin.step(requestKW: 0, ambientC: 25, seconds: 900)
    }
    let step = try twin.step(requestKW: 5, ambientC: 25, seconds: 60)
    #expect(step.withheldBy == (temperatureC < 25 ? .cold : .heat))
    #expect(step.cause == step.withheldBy)
  }

  /// 40 h of requests that meet every limit of a pack that starts freezing and ends hot.
  @Test("causes and directions sum to what was refused and withheld step by step")
  func sums() throws {
    var twin = try Self.twin(
      inverterKW: 6, at: 0, charge: [Self.coldTable(0.2), Self.heatTable(0.3)],
      discharge: [Self.coldTable(0.5), Self.heatTable(0.3)])
    var refused = [0.0, 0]
    var withheld = [0.0, 0]
    for minute in 0..<2400 {
      let requestKW = (minute / 90 % 2 == 0 ? -1.0 : 1) * Double(minute % 9)
      let step = try twin.step(
        requestKW: requestKW, ambientC: minute < 1200 ? 0 : 48, seconds: 60)
      refused[requestKW < 0 ? 0 : 1] += step.clippedKW / 60
      withheld[0] += step.withheldChargeKW / 60
      withheld[1] += step.withheldDischargeKW / 60
    }
    let limits = twin.ledger.limits
    #expect(Set(limits.map(\.cause)).isSuperset(of: [.inverter, .soc, .cold, .heat]))
    for (found, expected) in [
      (limits.reduce(0) { $0 + $1.refusedChargeKWh }, refused[0]),
      (limits.reduce(0) { $0 + $1.refusedDischargeKWh }, refused[1]),
      (limits.reduce(0) { $0 + $1.withheldChargeKWh }, withheld[0]),
      (limits.reduce(0) { $0 + $1.withheldDischargeKWh }, withheld[1]),
      (twin.ledger.clippedKWh.values.reduce(0, +), refused[0] + refused[1]),
    ] {
      #expect(expected > 0 && isClose(found, expected, relative: 1e-9))
    }
    #expect(
      isClose(
        twin.ledger.deratedKWh,
        limits.filter(\.cause.isDerating).reduce(0) {
          $0 + $1.refusedChargeKWh + $1.refusedDischargeKWh
        }, relative: 1e-12))
  }

  /// 0.1 + 0.2 + 0.3 in this order is another number than in others: 0.6000000000000001.
  @Test("refused energy is added up in the order of causes, to the same bits in every run")
  func order() {
    var ledger = TwinLedger()
    ledger.refused[.charge][.cold] = 0.1
    ledger.refused[.discharge][.heat] = 0.2
    ledger.refused[.charge][.derateSOC] = 0.3
    ledger.refused[.charge][.soc] = 7
    #expect(ledger.deratedKWh == 0.1 + 0.2 + 0.3)
  }
}
