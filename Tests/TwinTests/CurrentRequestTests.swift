import TestSupport
import Testing

@testable import Twin

/// The cell by hand is `ModuleTests.ohmic`: 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ, rated at 100 A, four in series.
@Suite("A current asked of the pack", .tags(.physics)) struct CurrentRequestTests {
  private static func twin(
    soc: Double, converter: ConverterSpecification = .ideal(ratedKW: 20), linkOhm: Double = 0,
    parallel: Int = 1, substep: Double = 300
  ) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification(
        cell: ModuleTests.ohmic(capacityAh: 100), series: 4, parallel: parallel, linkOhm: linkOhm,
        spread: .none, enclosure: .cabinet(capacityKWh: 20), converter: converter,
        limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), derating: .none, balancing: nil,
        ageing: nil, substepSeconds: substep),
      seed: 7, socFraction: soc, temperatureC: 25)
  }

  /// By hand: 50 A for an hour take 50 Ah; the charge falls from 0.8 to 0.3, in the mean 0.55, so each cell gives
  /// 3.275 V − 50 mV, four of them 12.9 V · 50 A · 1 h = 0.645 kWh, and 4 · (50 A)² · 1 mΩ · 1 h = 10 Wh are lost.
  @Test("gives the energy of its voltage and loses that of its resistance")
  func energy() throws {
    var twin = try Self.twin(soc: 0.8)
    let step = try twin.step(
      BatteryRequest(.currentA(50)), ambientC: 25, seconds: 3600)
    #expect(isClose(step.packA, 50, relative: 1e-12) && step.requestedA == 50)
    #expect(isClose(step.deliveredKW, 0.645, relative: 1e-9))
    #expect(isClose(step.requestedKW, 0.645, relative: 1e-9) && step.clippedKW == 0)
    #expect(isClose(twin.socFraction, 0.3, relative: 1e-12))
    #expect(isClose(twin.ledger.seriesLossKWh, 0.010, relative: 1e-9))
    // At the end 4 · (3.0 + 0.15 − 0.05) V.
    #expect(isClose(twin.pack.packV, 12.4, relative: 1e-9))
  }

  /// By hand: three cells side by side carry 50 A of 150 A each.
  @Test("is that of the terminals, shared by cells side by side") func parallel() throws {
    var twin = try Self.twin(soc: 0.8, parallel: 3)
    let step = try twin.step(BatteryRequest(.currentA(150)), ambientC: 25, seconds: 3600)
    #expect(isClose(step.deliveredKW, 3 * 0.645, relative: 1e-9))
    #expect(isClose(twin.pack.packV, 12.4, relative: 1e-9))
  }

  /// By hand: connections of 1 mΩ take 50 mV of each cell, 0.2 V of 12.4 V and 0.2 V · 50 A · 1 h = 10 Wh.
  @Test("meets the connections on its way to the terminals") func links() throws {
    var twin = try Self.twin(soc: 0.8, linkOhm: 1e-3)
    let step = try twin.step(BatteryRequest(.currentA(50)), ambientC: 25, seconds: 3600)
    #expect(isClose(step.deliveredKW, 0.635, relative: 1e-9))
    #expect(isClose(twin.pack.packV, 12.2, relative: 1e-9))
  }

  /// By hand, over a short step at a charge of 0.8: 0.5 kW = I · 4 · (3.4 V − I · 1 mΩ), I = 37.17… A; 90 A would
  /// have had 90/37.17 of the power at that voltage.
  @Test("goes as far as the inverter's rating, which is counted") func inverter() throws {
    var twin = try Self.twin(soc: 0.8, converter: .ideal(ratedKW: 0.5))
    let step = try twin.step(BatteryRequest(.currentA(90)), ambientC: 25, seconds: 1)
    let root = (3.4 * 3.4 - 4 * 1e-3 * 125).squareRoot()
    let current = 2 * 125 / (3.4 + root)
    #expect(isClose(step.packA, current, relative: 2e-5))
    #expect(isClose(step.deliveredKW, 0.5, relative: 1e-9) && step.cause == .inverter)
    #expect(isClose(step.requestedKW, 0.5 * 90 / step.packA, relative: 1e-9))
    #expect(
      isClose(
        twin.ledger.clippedKWh[.inverter] ?? 0, (step.requestedKW - 0.5) / 3600, relative: 1e-9))
  }

  /// By hand: cells rated at 100 A give 100 of 250 A.
  @Test("goes as far as the cells' rate, which is counted", arguments: [250.0, -250])
  func rate(amperes: Double) throws {
    var twin = try Self.twin(soc: 0.5)
    let step = try twin.step(BatteryRequest(.currentA(amperes)), ambientC: 25, seconds: 60)
    #expect(isClose(abs(step.packA), 100, relative: 1e-12) && step.cause == .cRate)
    #expect(isClose(step.requestedKW, 2.5 * step.deliveredKW, relative: 1e-9))
  }

  /// A document writes a lag of nothing for a cell that has none; its voltage ends where that of one without does.
  @Test("a surface that lags by nothing is one that does not lag") func noLag() throws {
    func volt(_ lag: SurfaceLag?) throws -> Double {
      var cell = ModuleTests.ohmic(capacityAh: 100)
      cell.surfaceLag = lag
      var twin = DigitalTwin(
        try TwinSpecification(
          cell: cell, series: 4, spread: .none, enclosure: .cabinet(capacityKWh: 20),
          converter: .ideal(ratedKW: 20),
          limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), derating: .none,
          balancing: nil, ageing: nil),
        seed: 7, socFraction: 0.8, temperatureC: 25)
      _ = try twin.step(
        BatteryRequest(.currentA(-50), hold: .cell(3.42)), ambientC: 25, seconds: 10)
      return twin.pack.highestV
    }
    #expect(isClose(try volt(nil), 3.42, relative: 1e-8))
    #expect(isClose(try volt(SurfaceLag(socPerC: 0)), 3.42, relative: 1e-8))
  }

  /// By hand: at a charge of 0.8 a cell rests at 3.40 V; 3.42 V leave 20 A at once, less the rise of what is charged:
  /// I · (1 mΩ + 0.5 V · 10 s / 360 000 As) = 20 mV.
  @Test("gives way to a voltage that is held, which is no limit of the battery")
  func held() throws {
    let current = -0.02 / (1e-3 + 0.5 * 10 / 360_000)
    for hold in [VoltageHold.cell(3.42), .pack(4 * 3.42)] {
      var twin = try Self.twin(soc: 0.8)
      let step = try twin.step(
        BatteryRequest(.currentA(-50), hold: hold), ambientC: 25, seconds: 10)
      #expect(isClose(step.packA, current, relative: 1e-6) && step.isHeld)
      #expect(step.requestedA == step.packA && step.clippedKW == 0 && step.cause == nil)
      #expect(isClose(twin.pack.highestV, 3.42, relative: 1e-8))
      #expect(twin.ledger.limits.isEmpty)
    }
    // A power as well.
    var twin = try Self.twin(soc: 0.8)
    let step = try twin.step(
      BatteryRequest(.powerKW(-0.7), hold: .cell(3.42)), ambientC: 25, seconds: 10)
    #expect(isClose(step.packA, current, relative: 1e-6) && step.isHeld && step.clippedKW == 0)
    #expect(isClose(step.requestedKW, step.deliveredKW, relative: 1e-12))
  }

  @Test("a power without a voltage to hold is what it was", arguments: [-8.0, -0.3, 0, 0.3, 8])
  func power(kW: Double) throws {
    var one = try Self.twin(soc: 0.5)
    var other = one
    let a = try one.step(requestKW: kW, ambientC: 20, seconds: 900)
    let b = try other.step(BatteryRequest(.powerKW(kW)), ambientC: 20, seconds: 900)
    #expect(a == b && one.stateHash == other.stateHash)
    #expect(a.requestedKW == kW && a.requestedA == nil && !a.isHeld)
  }
}
