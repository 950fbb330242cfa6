import Forecasting
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("The site as it ran") struct MeasuredBatteryTests {
  /// A day of four slots of six hours: 1 kW of load, 3 kW of production in the second slot, the energy at
  /// 0.10 EUR/kWh until noon and 0.30 after, fed in at 0.05.
  private func site(
    batteryKW: [Double], soc: [Double]? = nil, wearPerKWh: Double = 0,
    filled: Set<Int> = [], mostUnmeasured: Double = 0.2, curtailment: Curtailment = .free,
    exportPerKWh: Double = 0.05
  ) throws -> ReplayCase {
    var history = PaperSite.history(loadKW: [[1, 1, 1, 1]], pvKW: [[0, 3, 0, 0]])
    let before = [Double](repeating: 0, count: 28)
    history[.batteryPower] = before + batteryKW
    history.setStandIns((0..<32).map { filled.contains($0 - 28) }, of: .batteryPower)
    if let soc { history[.stateOfCharge] = before + soc }
    var settings = PaperSite.settings(wearPerKWh: wearPerKWh)
    settings.filledMaxFraction = mostUnmeasured
    settings.curtailment = curtailment
    return try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(exportPerKWh: exportPerKWh),
      battery: PaperSite.battery(capacityKWh: 12, powerKW: 2), settings: settings)
  }

  /// By hand, with 4.5 kWh discharged at 0.02 EUR/kWh of wear, 0.09.
  ///
  /// 1 kW is bought for six hours, 0.60; of the 2 kW left over, 1 kW is stored and 1 kW is fed in, −0.30; the
  /// battery gives 0.75 kW for six hours and 0.25 kW are bought, 0.45; then 1 kW, 1.80. Sum 2.55.
  @Test("it pays for what the meter read and for the wear of what it discharged")
  func bill() throws {
    let replay = try site(batteryKW: [0, -1, 0.75, 0], wearPerKWh: 0.02)
    #expect(replay.isMeasured)
    let outcome = try Replayer(replay).run(.asMeasured)
    #expect(outcome.name == "as measured")
    #expect(outcome.trace.gridKW == [1, -1, 0.25, 1])
    #expect(outcome.trace.batteryKW == [0, -1, 0.75, 0])
    #expect(isClose(outcome.bill.total, 2.55, relative: 1e-12))
    #expect(isClose(outcome.wearCost, 0.09, relative: 1e-12))
    #expect(outcome.endEnergyValue == 0)
    #expect(isClose(outcome.cost, 2.64, relative: 1e-12))
    #expect(isClose(outcome.dailyCosts.reduce(0, +), 2.64, relative: 1e-12))
    #expect(outcome.trace.largestImbalanceKWh < 1e-12)
    #expect(outcome.curtailedKWh == 0)
  }

  /// By hand: 1 kW fed in for six hours at −0.05 costs 0.30, which any other run saves.
  @Test(
    "what was fed in was fed in, whatever may be thrown away", arguments: [Curtailment.free, .none])
  func fedIn(curtailment: Curtailment) throws {
    let outcome = try Replayer(
      site(batteryKW: [0, -1, 0, 0], curtailment: curtailment, exportPerKWh: -0.05)
    ).run(.asMeasured)
    #expect(isClose(outcome.bill.total, 0.6 + 0.3 + 1.8 + 1.8, relative: 1e-12))
    #expect(outcome.curtailedKWh == 0)
  }

  /// By hand: from 0.25 to 0.5 of 12 kWh are 3 kWh more, each worth the 0.10 EUR that the cheapest quarter
  /// of the prices takes to replace it.
  @Test("a state of charge values what is left")
  func left() throws {
    let outcome = try Replayer(
      site(batteryKW: [0, -1, 0.75, 0], soc: [0.25, 0.7, 0.5, 0.5])
    ).run(.asMeasured)
    #expect(isClose(outcome.endEnergyValue, 0.3, absolute: 1e-5))
    #expect(isClose(outcome.dailyCosts.reduce(0, +), outcome.cost, absolute: 1e-9))
  }

  /// By hand: without its 0.75 kW the third slot buys 1 kW, 1.80 instead of 0.45.
  @Test("a missing slot counts as rest, up to the share that is allowed")
  func missing() throws {
    let replay = try site(batteryKW: [0, -1, .nan, 0], filled: [0], mostUnmeasured: 0.5)
    let battery = try #require(replay.measuredBattery)
    #expect(battery.slots == 4 && battery.missing == 1 && battery.filled == 1)
    #expect(battery.unmeasuredShare == 0.5 && replay.isMeasured)
    #expect(
      isClose(try Replayer(replay).run(.asMeasured).bill.total, 3.9, relative: 1e-12))
    #expect(
      try !site(batteryKW: [0, -1, .nan, 0], filled: [0], mostUnmeasured: 0.49).isMeasured)
  }

  @Test("a history without battery power has no such run")
  func none() throws {
    let replay = try PaperSite.idleDay()
    #expect(replay.measuredBattery == nil && !replay.isMeasured)
  }
}
