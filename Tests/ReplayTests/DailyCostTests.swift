import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Daily costs") struct DailyCostTests {
  private func monthlyPeak() -> DemandCharge {
    DemandCharge(
      "peak", periods: [DemandPeriod("all", pricePerKW: 10)],
      meteringSeconds: PaperSite.stepSeconds)
  }

  private func outcome(
    _ controller: Controller, loadKW: [[Double]], pvKW: [[Double]]? = nil, tariff: Tariff,
    from: Int = PaperSite.monday, wearPerKWh: Double = 0
  ) throws -> ReplayOutcome {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: loadKW, pvKW: pvKW, from: from), tariff: tariff,
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: PaperSite.settings(wearPerKWh: wearPerKWh))
    return try Replayer(replay).run(controller)
  }

  private func expect(
    _ outcome: ReplayOutcome, _ days: [Double], _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.dailyCosts.count == days.count, comment, sourceLocation: sourceLocation)
    for (found, expected) in zip(outcome.dailyCosts, days) {
      #expect(isClose(found, expected, absolute: 1e-5), comment, sourceLocation: sourceLocation)
    }
    #expect(
      isClose(outcome.dailyCosts.reduce(0, +), outcome.cost, absolute: 1e-9), comment,
      sourceLocation: sourceLocation)
  }

  // Energy 24·0.1 = 2.4 and 36·0.1 = 3.6; the peak of 3 kW costs 30 on its day; 6 a month for 2 of
  // June's 30 days are 0.4, half of it each day.
  @Test("energy falls on its day, a peak charge on the day of the peak, a fee on all days")
  func parts() throws {
    let tariff = try PaperSite.flat(
      demand: [monthlyPeak()], fixed: [FixedCharge("meter", amount: 6)])
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1], [1, 3, 1, 1]], tariff: tariff)
    expect(outcome, [2.6, 33.8])
  }

  @Test("of two equal peaks the earlier one is charged")
  func equalPeaks() throws {
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1], [1, 3, 1, 1], [3, 1, 1, 1]],
      tariff: PaperSite.flat(demand: [monthlyPeak()]))
    expect(outcome, [2.4, 33.6, 3.6])
  }

  // 2024-06-29 to 2024-07-02: 2 kW on the last day of June, 4 kW on the first of July.
  @Test("each month's charge falls on that month's peak")
  func months() throws {
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 4], [1, 1, 1, 1]],
      tariff: PaperSite.flat(demand: [monthlyPeak()]),
      from: PaperSite.midnight(month: 6, day: 29))
    expect(outcome, [2.4, 23, 4.2 + 40, 2.4])
  }

  // The first evening's surplus of 1 kW fills 6 kWh, which the rule spends in the first slot of the
  // second day. Day 1: 18 kWh bought for 1.8, less 6 kWh in store at 0.1. Day 2: 18 kWh bought, the
  // store used up again, 0.02 wear for each of the 6 kWh.
  @Test("energy left in store is a credit on the evening and a debit on the next day")
  func storedEnergy() throws {
    let outcome = try outcome(
      .selfConsumption, loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]],
      pvKW: [[0, 0, 0, 2], [0, 0, 0, 0]], tariff: PaperSite.flat(), wearPerKWh: 0.02)
    expect(outcome, [1.8 - 0.6, 1.8 + 0.6 + 0.12])
    #expect(isClose(outcome.cost, 3.72, absolute: 1e-5))
  }

  // −6 kWh·0.05 of export and 18 kWh at 0.1 and 0.3.
  @Test("export is a credit on its day")
  func export() throws {
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1]], pvKW: [[2, 0, 0, 0]],
      tariff: PaperSite.dayAndNight(exportPerKWh: 0.05))
    expect(outcome, [-0.3 + 0.6 + 3.6])
  }

  @Test("a slot that nobody measured costs nothing, and the days still sum to the cost")
  func missing() throws {
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1], [1, .nan, 1, 1]],
      tariff: PaperSite.flat(demand: [monthlyPeak()]))
    expect(outcome, [2.4 + 10, 1.8])
  }

  // June: 2 days, energy 2.4 and 3.0, a peak of 2 kW; July: 4.2 and 2.4, a peak of 4 kW. 6 a month is
  // 0.2 a day of June and 6/31 of July.
  @Test("months hold what adds up by day, and what the peak decides apart")
  func monthsApart() throws {
    let outcome = try outcome(
      .noBattery, loadKW: [[1, 1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 4], [1, 1, 1, 1]],
      tariff: PaperSite.flat(
        demand: [monthlyPeak()], fixed: [FixedCharge("meter", amount: 6)]),
      from: PaperSite.midnight(month: 6, day: 29))
    let months = outcome.monthCosts
    #expect(months.map(\.label) == ["2024-06", "2024-07"])
    #expect(months.map(\.month) == [6, 7])
    #expect(months.map(\.isWhole) == [false, false])
    #expect(months.map(\.demand) == [20, 40])
    #expect(months.map(\.peakKW) == [2, 4])
    #expect(
      months.map(\.peakStart) == [
        PaperSite.midnight(month: 6, day: 30),
        PaperSite.midnight(month: 7, day: 1) + 3 * PaperSite.stepSeconds,
      ])
    let energy = months.flatMap(\.energyByDay)
    for (found, expected) in zip(energy, [2.6, 3.2, 4.2 + 6 / 31.0, 2.4 + 6 / 31.0]) {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
    #expect(
      isClose(months.reduce(0) { $0 + $1.cost }, outcome.cost, absolute: 1e-9))
  }

  @Test("a month is whole when the period holds it and each of its days was metered")
  func whole() throws {
    func months(missing: [Int]) throws -> [MonthCosts] {
      var load = [[Double]](repeating: [1, 1, 1, 1], count: 30 + 2)
      for day in missing { load[day] = [.nan, .nan, .nan, .nan] }
      load[3][1] = .nan
      return try outcome(
        .noBattery, loadKW: load, tariff: PaperSite.flat(),
        from: PaperSite.midnight(month: 6, day: 1)
      ).monthCosts
    }
    #expect(try months(missing: []).map(\.isWhole) == [true, false])
    #expect(try months(missing: [12]).map(\.isWhole) == [false, false])
  }

  // 6 kWh discharged on the second day at 0.02.
  @Test("wear stands on its day, and in the energy part")
  func wear() throws {
    let outcome = try outcome(
      .selfConsumption, loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]],
      pvKW: [[0, 0, 0, 2], [0, 0, 0, 0]], tariff: PaperSite.flat(), wearPerKWh: 0.02)
    let wear = outcome.monthCosts.flatMap(\.wearByDay)
    #expect(isClose(wear[0], 0, absolute: 1e-9))
    #expect(isClose(wear[1], 0.12, absolute: 1e-5))
  }
}
