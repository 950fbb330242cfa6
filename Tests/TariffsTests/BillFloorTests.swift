import Numerics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Seeded tariffs with every rule that no convex price stands for, and series that a site may meter.
struct FloorCase: CustomStringConvertible {
  let schedule: BillingSchedule
  /// Import that no series is below. [kW]
  let leastKW: [Double]
  let mostKW: [Double]
  let description: String
  private var generator: SeededGenerator

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed, label: "floors")
    func chance(_ p: Double) -> Bool { generator.uniform() < p }
    func pick<T>(_ choices: [T]) -> T { choices[Int(generator.uniform() * Double(choices.count))] }
    // From the 28th of October: a change of the clock is two days before in 2024; two and a half months.
    let zone = Zone.utc
    let start = CivilTime(year: 2024, month: 10, day: 28).dayNumber * 86_400
    let grid = TimeGrid(start: start, stepSeconds: 7200, count: 12 * pick([3, 20, 70]))
    let evening = CalendarWindow(times: [ClockSpan(hours: 16, to: 22)])
    func tiers(_ falls: Bool, _ limit: Double) -> [EnergyTier] {
      let prices = falls ? [0.4, 0.25, 0.1] : pick([[0.1, 0.2, 0.5], [0.3, 0.1, 0.2]])
      return [
        EnergyTier(upTo: limit, pricePerKWh: DatedValue(prices[0])),
        EnergyTier(upTo: 3 * limit, pricePerKWh: DatedValue(prices[1])),
        EnergyTier(pricePerKWh: DatedValue(prices[2])),
      ]
    }
    let arrangement = pick([
      MeteringArrangement.netBilling, .netBilling,
      .netBillingCarryOver(sameMonthFirst: chance(0.5)),
      .netMeteringEnergy, .netMeteringMoney,
    ])
    let nets = arrangement == .netMeteringEnergy || arrangement == .netMeteringMoney
    let convention = pick(
      nets
        ? [TierConvention.proRata, .perPeriod]
        : [TierConvention.proRata, .perPeriod, .chronological])
    let basis = pick(
      [TierBasis.kWhPerMonth, .kWhPerDay, .kWhPerKW, .kWhPerKWDay]
        + (convention == .chronological ? [.kWhPerYear] : []))
    let limit =
      switch basis {
      case .kWhPerMonth: 60.0
      case .kWhPerYear: 150.0
      case .kWhPerDay: 10.0
      case .kWhPerKW: 30.0
      case .kWhPerKWDay: 2.0
      }
    let falls = chance(0.6)
    let bank = chance(0.3) ? "one" : nil
    let periods = [
      EnergyPeriod(
        "evening", window: evening,
        tiers: chance(0.7) ? tiers(falls, limit) : [EnergyTier(pricePerKWh: 0.5)],
        bank: bank),
      EnergyPeriod(
        "rest", window: .rest,
        tiers: chance(0.7)
          ? tiers(chance(0.5) ? falls : !falls, limit) : [EnergyTier(pricePerKWh: 0.2)],
        bank: bank),
    ]
    var energy = [
      EnergyCharge("energy", periods: periods, tierConvention: convention, tierBasis: basis)
    ]
    if chance(0.5) {
      energy.append(
        EnergyCharge(
          "spot", periods: [EnergyPeriod("all", pricePerKWh: 0.01, spotMultiplier: 1)],
          isNetted: chance(0.5)))
    }
    let measure = pick([
      DemandMeasure.monthlyPeak, .singlePeak, .dailyPeak, .yearlyPeak,
      .meanOfHighest(count: pick([2, 5, 40]), onDifferentDays: chance(0.5)),
      .meanOfMonthlyPeaks(months: pick([2, 12]), earlierPeaksKW: chance(0.5) ? [] : [2, 6]),
      DemandMeasure(YearlyPeakInWindows([.wholeNumber(20), .wholeNumber(1), .wholeNumber(20)])),
    ])
    let demandTiers = pick([
      [DemandTier(pricePerKW: 5)],
      [DemandTier(upToKW: 3, pricePerKW: 8), DemandTier(pricePerKW: 2)],
      [
        DemandTier(upToKW: 2, pricePerKW: 2), DemandTier(upToKW: 4, pricePerKW: 9),
        DemandTier(pricePerKW: 4),
      ],
    ])
    var night = DemandPeriod("rest", window: .rest, tiers: demandTiers)
    if chance(0.4) { night.weight = 0.5 }
    var peak = DemandPeriod("evening", window: evening, tiers: demandTiers)
    if chance(0.2) {
      peak.steps = [
        DemandStep(upToKW: 2, amount: 4), DemandStep(upToKW: 5, amount: 30), DemandStep(amount: 35),
      ]
      (peak.tiers, night.tiers) = ([], [])
      night.steps = peak.steps
    }
    if measure.name == SinglePeak.name, peak.steps.isEmpty {
      night.tiers = [DemandTier(pricePerKW: 3)]
    }
    var demand = DemandCharge(
      "peak", periods: chance(0.3) ? [peak] : [peak, night], measure: measure,
      meteringSeconds: pick([7200, 14_400]), minimumKW: chance(0.3) ? 1.5 : 0)
    if measure == .monthlyPeak, chance(0.6) {
      demand.ratchet = DemandRatchet(
        fraction: 0.8, lookback: chance(0.5) ? .range(months: 2) : .months([10, 11]),
        earlierPeaksKW: chance(0.5) ? [3] : [], usesActualPeak: chance(0.6),
        scope: pick([.site, .floor, .period]))
    }
    if measure == .monthlyPeak, chance(0.3) {
      for k in demand.periods.indices {
        demand.periods[k].steps = []
        demand.periods[k].tiers = [DemandTier(pricePerKW: 0)]
        demand.periods[k].pricePerKW2 = DatedValue(pick([0.5, 2]))
      }
      demand.ratchet = nil
    }
    if measure.name == YearlyPeakInWindows.name {
      peak.tiers = [DemandTier(pricePerKW: 5)]
      peak.steps = []
      demand.periods = [peak]
    }
    if chance(0.2) { demand.powerFactor = PowerFactorRule(assumed: 0.8, required: 0.9) }
    let holds = chance(0.4)
    let carries = arrangement != .netBilling
    let tariff = try Tariff(
      name: "bent", currency: "EUR", vatFraction: chance(0.3) ? 0.2 : 0, energy: energy,
      demand: chance(0.7) ? [demand] : [],
      contracted: chance(0.3)
        ? [
          ContractedPower(
            "own",
            periods: [
              ContractedPeriod(
                "evening", windows: [evening], contractedKW: 3, pricePerKW: 2,
                overdrawPricePerKW: 7),
              ContractedPeriod(
                "rest", windows: [.rest], contractedKW: 2, pricePerKW: 1, overdrawPricePerKW: 4),
            ], overdrawUnit: pick([.month, .day]),
            excess: holds ? .highest : pick([.highest, .rootOfSquares]), holdsForYear: holds,
            assumedPowerFactor: pick([1, 0.9]), meteringSeconds: pick([7200, 14_400]))
        ] : [],
      hoursOfUse: chance(0.3)
        ? [
          HoursOfUseCharge(
            "use", switchHours: pick([1000, 2500, 6000]),
            below: .init(pricePerKW: 30, pricePerKWh: 0.06),
            above: .init(pricePerKW: pick([20, 130, 400]), pricePerKWh: pick([0.01, 0.09])),
            meteringSeconds: pick([7200, 14_400]))
        ] : [],
      fixed: [FixedCharge("base", amount: 10, unit: .month)],
      export: ExportRule(
        charges: [.spot("export", multiplier: 1, adderPerKWh: DatedValue(pick([-0.1, 0, 0.1])))],
        arrangement: arrangement, trueUpMonth: pick([nil, 10, 11, 12]),
        trueUpPerKWh: pick([nil, 0.05]), creditExpires: chance(0.3),
        nettingRatio: nets ? pick([1, 0.8]) : 1, creditMonths: carries ? pick([nil, 1]) : nil,
        refundFraction: 0),
      settlement: chance(0.4)
        ? Settlement(seconds: 14_400, netsImportAndExport: chance(0.7)) : nil)
    let spot = grid.indices.map { _ in generator.uniform(-0.05, 0.3) }
    schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    leastKW = grid.indices.map { _ in chance(0.5) ? generator.uniform(0, 1) : 0 }
    let room = generator.uniform(1, 6)
    mostKW = leastKW.map { $0 + room }
    description =
      "seed \(seed): \(arrangement), \(measure.name), \(convention), \(basis), \(grid.count) slots"
    self.generator = generator
  }

  var reach: MeterReach {
    let h = schedule.grid.stepHours
    return MeterReach(
      mostKW: mostKW,
      leastKWh: { slots, applies in
        zip(slots, applies).reduce(0) { $0 + ($1.1 ? leastKW[$1.0] * h : 0) }
      },
      leastKW: { slots, applies, metering in
        var peak = 0.0
        for first in stride(from: slots.lowerBound, to: slots.upperBound, by: metering) {
          let part = first..<min(first + metering, slots.upperBound)
          guard applies[first - slots.lowerBound] else { continue }
          peak = max(peak, part.reduce(0) { $0 + leastKW[$1] } / Double(part.count))
        }
        return peak
      })
  }

  /// A series between the least and the most; export where little is imported.
  mutating func series() -> FloorReference {
    let level = generator.uniform()
    let bend = generator.uniform(0.3, 3)
    let exports = generator.uniform(0, 4)
    var importKW = leastKW
    var exportKW = leastKW.map { _ in 0.0 }
    for t in importKW.indices {
      let share = generator.uniform()
      importKW[t] += (mostKW[t] - leastKW[t]) * level * (share < 0.3 ? 0 : share * bend / 3)
      if leastKW[t] == 0, share < 0.3 {
        exportKW[t] = exports * generator.uniform()
      }
    }
    let worth = importKW.map { _ in generator.uniform(0, 0.4) }
    return FloorReference(importKW: importKW, exportKW: exportKW, worthPerKWh: worth)
  }
}

@Suite("Floors of bills") struct BillFloorTests {
  @Test("no bill is below its floor", arguments: UInt64(1)...400)
  func nobodyPaysLess(seed: UInt64) throws {
    var site = try FloorCase(seed: seed)
    let h = site.schedule.grid.stepHours
    let reach = site.reach
    for splitsMonths in [false, true] {
      let floors = (0..<2).map { _ in
        site.schedule.floor(at: site.series(), reach: reach, splitsMonths: splitsMonths)
      }
      for floor in floors + [BillFloor.mean(of: floors)] {
        for _ in 0..<6 {
          let series = site.series()
          let bill = site.schedule.bill(importKW: series.importKW, exportKW: series.exportKW)
          let least =
            floor.monthly.reduce(0, +)
            + floor.prices.cost(
              importKW: series.importKW, exportKW: series.exportKW, stepHours: h)
          #expect(bill.total >= least - 1e-8, "\(site): \(bill.total) and \(least)")
        }
      }
    }
  }
}

@Suite("Convex floors") struct ConvexFloorTests {
  // 10 a kW up to 5 kW, 4 above. Over 2…8 kW the chord joins 20 and 50 + 3 · 4 = 62: 7 a kW.
  @Test("a falling block is its chord")
  func falling() {
    let floor = ConvexFloor(breaks: [5], over: 2...8) { 10 * min($0, 5) + 4 * max(0, $0 - 5) }
    #expect(!floor.isExact)
    #expect(floor.base == 20)
    #expect(isClose(floor.value(at: 5), 41, absolute: 1e-12))
    #expect(isClose(floor.value(at: 8), 62, absolute: 1e-12))
  }

  // 2 a kW up to 2 kW, 9 up to 4 kW, 4 above: over 0…6 kW the corners are 0, 4, 22 and 30. The first block is
  // below every chord; from 2 kW the chord to 6 kW rises by 26 over 4 kW, 6.5 a kW.
  @Test("a rising block is met, what bends down after it is a chord")
  func mixed() {
    let floor = ConvexFloor(breaks: [2, 4], over: 0...6) {
      2 * min($0, 2) + 9 * max(0, min($0, 4) - 2) + 4 * max(0, $0 - 4)
    }
    #expect(floor.bends.map(\.from) == [0, 2])
    #expect(isClose(floor.bends[0].slope, 2, absolute: 1e-12))
    #expect(isClose(floor.bends[1].slope, 4.5, absolute: 1e-12))
    #expect(isClose(floor.value(at: 4), 17, absolute: 1e-12))
  }

  // Amounts of 4 up to 2 kW, 30 up to 5 kW and 35 above, 0…10 kW: from (0, 4) along 4 to 2 kW, then to 35 at
  // 10 kW, 31 over 8; 30 at 5 kW lies above the chord at 15.625.
  @Test("bands are met where they end")
  func bands() {
    let floor = ConvexFloor(breaks: [2, 5], over: 0...10) { $0 <= 2 ? 4 : $0 <= 5 ? 30 : 35 }
    #expect(floor.value(at: 2) == 4)
    #expect(isClose(floor.value(at: 5), 15.625, absolute: 1e-12))
  }

  // A price below zero: 3 − x up to 2 kW, then rising by 1. Nowhere falling means 1 up to 2 kW.
  @Test("what falls is cut off at its least")
  func rising() {
    let floor = ConvexFloor(breaks: [2], over: 0...4) { $0 <= 2 ? 3 - $0 : $0 - 1 }.rising
    #expect(floor.value(at: 0) == 1)
    #expect(floor.value(at: 2) == 1)
    #expect(isClose(floor.value(at: 4), 3, absolute: 1e-12))
  }
}
