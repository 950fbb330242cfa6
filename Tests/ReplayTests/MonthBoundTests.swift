import LinearPrograms
import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Months at a cap or at a minimum", .tags(.solver)) struct MonthBoundTests {
  /// June has 30 days, so 4 of them owe 4/30 of a monthly amount.
  static let days = 4

  /// Nights are free, evenings cost 0.30 EUR/kWh; a month costs at least `leastOfPeriod` in these days.
  static func tariff(leastOfPeriod: Double) throws -> Tariff {
    try Tariff(
      name: "least", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "low", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 12)]), pricePerKWh: 0),
            EnergyPeriod("high", window: .rest, pricePerKWh: 0.3),
          ])
      ],
      minimums: [
        MinimumCharge("least", amount: DatedValue(leastOfPeriod * 30 / Double(days)), unit: .month)
      ])
  }

  /// 1 kW all day; the battery of 6 kWh moves 6 of the 12 kWh of the dear half day.
  static func replay(leastOfPeriod: Double, wearPerKWh: Double = 0.05) throws -> ReplayCase {
    try PaperSite.replay(
      PaperSite.history(loadKW: [[Double]](repeating: [1, 1, 1, 1], count: days)),
      tariff: tariff(leastOfPeriod: leastOfPeriod),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 2),
      settings: PaperSite.settings(wearPerKWh: wearPerKWh))
  }

  // Energy costs 12 · 0.30 = 3.60 a day, 14.40 in all; the battery saves 1.80 a day for 0.30 of wear.
  // Without a binding minimum: 4 · (1.80 + 0.30) = 8.40. A minimum of 20 is paid whatever the battery does, so
  // it rests: 20. One of 10.80 is met by two days' saving of 1.80 (14.40 − 3.60 = 10.80, wear 0.60): 11.40;
  // more saving is not billed less, less saving costs 1.80 for 0.30 of wear.
  @Test(
    "a month by hand, with a minimum that binds and one that does not",
    arguments: [(0.0, 8.4), (5, 8.4), (10.8, 11.4), (20, 20)])
  func byHand(leastOfPeriod: Double, cost: Double) throws {
    let replay = try Self.replay(leastOfPeriod: leastOfPeriod)
    let bound = try ForesightBound(replay)
    #expect(isClose(bound.cost, cost, absolute: 1e-4))
    let oracle = try Replayer(replay).run(.oracle)
    #expect(oracle.cost >= bound.cost - 1e-6)
    #expect(isClose(oracle.cost, cost, absolute: 1e-4), "\(oracle.cost)")
  }

  // Buying at noon and selling in the evening would pay, but the minimum of 20 is owed all the same, so what
  // a plan earns in the month is lost with the wear.
  @Test("at the minimum a version leaves the battery alone")
  func version() throws {
    let replay = try Self.replay(leastOfPeriod: 20)
    let outcome = try Replayer(replay).run(.planned(PaperSite.version(.naiveDay)))
    #expect(isClose(outcome.cost, 20, absolute: 1e-4))
    #expect(isClose(outcome.wearCost, 0, absolute: 1e-6))
  }

  /// Sites of three days whose months may end at a cap, at a minimum, or at neither.
  static func site(seed: UInt64) throws -> (replay: ReplayCase, numbers: Numbers) {
    var generator = SeededGenerator(seed: seed, label: "months")
    let count = 3
    func kilowatts(_ most: Double) -> [[Double]] {
      (0..<count).map { _ in (0..<4).map { _ in (generator.uniform(0, most) * 10).rounded() / 10 } }
    }
    let numbers = Numbers(
      load: kilowatts(2.5), pv: kilowatts(generator.uniform() < 0.5 ? 0 : 2),
      low: 0.1, high: 0.3, sell: 0.05, perKW: generator.uniform(0.5, 12),
      cap: generator.uniform(0.02, 0.3),
      least: generator.uniform() < 0.6 ? generator.uniform(1, 25) : 0,
      wear: 0.02, capacity: generator.uniform(2, 8), power: 1.5)
    let tariff = try Tariff(
      name: "months", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "low", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 12)]),
              pricePerKWh: DatedValue(numbers.low)),
            EnergyPeriod("high", window: .rest, pricePerKWh: DatedValue(numbers.high)),
          ])
      ],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(numbers.perKW))],
          meteringSeconds: PaperSite.stepSeconds, capPerKWh: numbers.cap)
      ], export: .fixed(pricePerKWh: DatedValue(numbers.sell)),
      minimums: numbers.least > 0
        ? [
          MinimumCharge(
            "least", amount: DatedValue(numbers.least * 30 / Double(count)), unit: .month)
        ] : [])
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: numbers.load, pvKW: numbers.pv), tariff: tariff,
      battery: PaperSite.battery(capacityKWh: numbers.capacity, powerKW: numbers.power),
      settings: PaperSite.settings(wearPerKWh: numbers.wear))
    return (replay, numbers)
  }

  struct Numbers {
    var load: [[Double]]
    var pv: [[Double]]
    var low: Double
    var high: Double
    var sell: Double
    var perKW: Double
    var cap: Double
    var least: Double
    var wear: Double
    var capacity: Double
    var power: Double

    /// The month as an integer program from the definition of the bill: the demand charge is the less of peak
    /// and cap, the month no less than its minimum, and a bill below zero is topped up by all of it.
    func leastCost() -> Double? {
      let h = 6.0
      var program = LinearProgram(name: "month")
      let load = load.flatMap { $0 }
      let pv = pv.flatMap { $0 }
      let peak = program.addColumn("peak")
      let demand = program.addColumn("demand")
      let isCapped = program.addColumn("capped", upper: 1, isInteger: true)
      let isBelowZero = program.addColumn("below_zero", upper: 1, isInteger: true)
      let total = program.addColumn("total", lower: -.infinity, cost: 1)
      let big = 500.0
      // total − energy − demand ≥ 0, with what the energy costs collected slot by slot.
      var bill: [(column: LinearProgram.Column, coefficient: Double)] = [(total, 1), (demand, -1)]
      var atCap: [(column: LinearProgram.Column, coefficient: Double)] = [(demand, 1)]
      var before: LinearProgram.Column?
      // Energy left is worth the price that a quarter of all slots lie below, after no losses.
      let worth = ([low, low, high, high] + [low, low, high, high] + [low, low, high, high])
        .sorted()[3]
      for t in load.indices {
        let price = t % 4 < 2 ? low : high
        let imported = program.addColumn("i\(t)")
        let exported = program.addColumn("x\(t)")
        let curtailed = program.addColumn("w\(t)", upper: pv[t])
        let charge = program.addColumn("c\(t)", upper: power)
        let discharge = program.addColumn("d\(t)", upper: power, cost: h * wear)
        let energy = program.addColumn(
          "e\(t)", upper: capacity, cost: t == load.count - 1 ? -worth : 0)
        bill += [(imported, -h * price), (exported, h * sell)]
        atCap.append((imported, -h * cap))
        _ = program.addRow("peak\(t)", lower: 0, terms: [(peak, 1), (imported, -1)])
        _ = program.addRow(
          "balance\(t)", lower: load[t] - pv[t], upper: load[t] - pv[t],
          terms: [(imported, 1), (exported, -1), (discharge, 1), (charge, -1), (curtailed, -1)])
        var terms: [(column: LinearProgram.Column, coefficient: Double)] = [
          (energy, 1), (charge, -h), (discharge, h),
        ]
        if let before { terms.append((before, -1)) }
        _ = program.addRow("energy\(t)", lower: 0, upper: 0, terms: terms)
        before = energy
      }
      _ = program.addRow(
        "by_peak", lower: 0, terms: [(demand, 1), (peak, -perKW), (isCapped, big)])
      _ = program.addRow("by_cap", lower: -big, terms: atCap + [(isCapped, -big)])
      _ = program.addRow("bill", lower: 0, terms: bill)
      if least > 0 {
        // total ≥ least, or total ≥ bill + least.
        _ = program.addRow("least", lower: least, terms: [(total, 1), (isBelowZero, big)])
        _ = program.addRow(
          "topped_up", lower: least - big, terms: bill + [(isBelowZero, -big)])
      }
      let outcome = LinearProgramSolver().solve(
        program, options: SolveOptions(method: .integer, timeLimitMilliseconds: 5000))
      return outcome.solution?.objective
    }
  }

  // The battery of the twin loses a millionth, and the peak price is that of a whole month.
  @Test("the bound is the least of an integer program", arguments: UInt64(1)...40)
  func integerProgram(seed: UInt64) throws {
    let (replay, numbers) = try Self.site(seed: seed)
    let bound = try ForesightBound(replay)
    let least = try #require(numbers.leastCost())
    #expect(isClose(bound.cost, least, absolute: 2e-4), "\(bound.cost) and \(least)")
    #expect(bound.cost <= least + 1e-4)
  }

  // A month of May and one of June, each with a peak, a cap and a minimum of its own.
  @Test("months are bounded together from below", arguments: UInt64(1)...12)
  func severalMonths(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed, label: "several months")
    let count = 6
    let load = (0..<count).map { _ in (0..<4).map { _ in generator.uniform(0, 2.5) } }
    let tariff = try Tariff(
      name: "months", currency: "EUR", energy: PaperSite.dayAndNight().energy,
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(generator.uniform(2, 9)))],
          measure: seed % 2 == 0
            ? .monthlyPeak : .meanOfMonthlyPeaks(months: 12, earlierPeaksKW: [1, 2]),
          meteringSeconds: PaperSite.stepSeconds, capPerKWh: generator.uniform(0.05, 0.3))
      ],
      minimums: seed % 4 == 0
        ? [MinimumCharge("least", amount: DatedValue(generator.uniform(20, 120)), unit: .month)]
        : [])
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: load, from: PaperSite.midnight(month: 5, day: 29)),
      tariff: tariff, battery: PaperSite.battery(capacityKWh: 6, powerKW: 2))
    let bound = try ForesightBound(replay)
    for controller in [Controller.oracle, .selfConsumption, .planned(PaperSite.version(.naiveDay))]
    {
      #expect(try Replayer(replay).run(controller).cost >= bound.cost - 1e-6, "\(controller.name)")
    }
    #expect(bound.openGap < 0.1 * abs(bound.cost), "\(bound.openGap) of \(bound.cost)")
  }
}
