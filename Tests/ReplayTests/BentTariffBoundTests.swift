import Forecasting
import Foundation
import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

/// Rules that no convex price stands for.
enum BentRule: String, CaseIterable, Sendable {
  case fallingBlocks, blocksPerPeak, demandBlocks, demandBands, meanOfHighest, meanOfMonths,
    yearlyPeak, ratchet, singlePeak, nettedUnits, nettedEnergy, nettedMoney, carriedCredit,
    minimums, yearlyMinimum, severalCaps,
    hoursOfUse, highLoadWindows, rootOfSquares, heldSubscription, yearlyBlocks,
    nettingRatio, deposit, datedDay, squaredPeak

  func tariff(_ generator: inout SeededGenerator) throws -> Tariff {
    func chance(_ p: Double) -> Bool { generator.uniform() < p }
    let evening = CalendarWindow(times: [ClockSpan(hours: 17, to: 22)])
    func energy(_ tiers: [EnergyTier]? = nil, basis: TierBasis = .kWhPerMonth) -> EnergyCharge {
      EnergyCharge(
        "energy",
        periods: [
          EnergyPeriod(
            "evening", window: evening, tiers: tiers ?? [EnergyTier(pricePerKWh: 0.4)]),
          EnergyPeriod("rest", window: .rest, tiers: tiers ?? [EnergyTier(pricePerKWh: 0.15)]),
        ], tierConvention: chance(0.5) ? .perPeriod : .proRata, tierBasis: basis)
    }
    func tiers(_ first: Double, _ limit: Double, _ second: Double) -> [EnergyTier] {
      [
        EnergyTier(upTo: limit, pricePerKWh: DatedValue(first)),
        EnergyTier(pricePerKWh: DatedValue(second)),
      ]
    }
    let price = generator.uniform(1, 8)
    func demand(
      _ measure: DemandMeasure, _ tiers: [DemandTier]? = nil
    ) -> DemandCharge {
      DemandCharge(
        "peak",
        periods: [DemandPeriod("all", tiers: tiers ?? [DemandTier(pricePerKW: DatedValue(price))])],
        measure: measure, meteringSeconds: 3600)
    }
    func made(
      _ energy: EnergyCharge, demand: [DemandCharge] = [],
      export: ExportRule = .fixed(pricePerKWh: 0.05), minimums: [MinimumCharge] = [],
      settlement: Settlement? = nil, contracted: [ContractedPower] = [],
      hoursOfUse: [HoursOfUseCharge] = []
    ) throws -> Tariff {
      try Tariff(
        name: rawValue, currency: "EUR", energy: [energy], demand: demand,
        contracted: contracted, hoursOfUse: hoursOfUse, export: export,
        minimums: minimums, settlement: settlement)
    }
    func selling(_ arrangement: MeteringArrangement) -> ExportRule {
      ExportRule(
        charges: [.flat("export", pricePerKWh: DatedValue(generator.uniform(0, 0.25)))],
        arrangement: arrangement, trueUpMonth: chance(0.5) ? 7 : nil,
        trueUpPerKWh: chance(0.5) ? 0.03 : nil, creditExpires: chance(0.3))
    }
    switch self {
    case .fallingBlocks: return try made(energy(tiers(0.35, generator.uniform(5, 60), 0.12)))
    case .blocksPerPeak:
      return try made(
        energy(
          chance(0.5) ? tiers(0.3, generator.uniform(5, 25), 0.1) : tiers(0.1, 10, 0.3),
          basis: .kWhPerKW))
    case .demandBlocks:
      return try made(
        energy(),
        demand: [
          demand(
            .monthlyPeak,
            [
              DemandTier(upToKW: generator.uniform(1, 3), pricePerKW: DatedValue(price)),
              DemandTier(pricePerKW: DatedValue(price / 4)),
            ])
        ])
    case .demandBands:
      var charge = demand(.monthlyPeak)
      charge.periods[0].steps = [
        DemandStep(upToKW: 1, amount: 2), DemandStep(upToKW: 2.5, amount: DatedValue(3 * price)),
        DemandStep(amount: DatedValue(4 * price)),
      ]
      return try made(energy(), demand: [charge])
    case .meanOfHighest:
      return try made(
        energy(), demand: [demand(.meanOfHighest(count: 2, onDifferentDays: chance(0.7)))])
    case .meanOfMonths:
      return try made(
        energy(), demand: [demand(.meanOfMonthlyPeaks(months: 3, earlierPeaksKW: [2, 1]))])
    case .yearlyPeak: return try made(energy(), demand: [demand(.yearlyPeak)])
    case .ratchet:
      var charge = demand(.monthlyPeak)
      charge.ratchet = DemandRatchet(
        fraction: 0.8, lookback: .range(months: 11), earlierPeaksKW: chance(0.5) ? [1] : [],
        usesActualPeak: chance(0.5))
      return try made(energy(), demand: [charge])
    case .singlePeak:
      var charge = demand(.singlePeak)
      charge.periods = [
        DemandPeriod("evening", window: evening, pricePerKW: DatedValue(price)),
        DemandPeriod("rest", window: .rest, pricePerKW: DatedValue(price / 2)),
      ]
      return try made(energy(), demand: [charge])
    case .nettedUnits:
      return try made(
        energy(), settlement: Settlement(seconds: 4 * 3600, netsImportAndExport: true))
    case .nettedEnergy: return try made(energy(), export: selling(.netMeteringEnergy))
    case .nettedMoney: return try made(energy(), export: selling(.netMeteringMoney))
    case .carriedCredit:
      return try made(
        energy(), export: selling(.netBillingCarryOver(sameMonthFirst: chance(0.5))))
    case .minimums:
      return try made(
        energy(),
        minimums: [
          MinimumCharge("one", amount: DatedValue(generator.uniform(5, 100)), unit: .month),
          MinimumCharge("two", amount: 1, unit: .day),
        ])
    case .severalCaps:
      var charges = [demand(.monthlyPeak), demand(.dailyPeak)]
      charges[1].name = "days"
      for k in charges.indices { charges[k].capPerKWh = generator.uniform(0.01, 0.15) }
      return try made(energy(), demand: charges)
    case .hoursOfUse:
      return try made(
        energy(),
        hoursOfUse: [
          HoursOfUseCharge(
            "grid", switchHours: generator.uniform(1500, 7000),
            below: .init(pricePerKW: 20, pricePerKWh: 0.05),
            above: .init(pricePerKW: DatedValue(20 + 20 * price), pricePerKWh: 0.01),
            meteringSeconds: 3600)
        ])
    case .yearlyBlocks:
      var charge = energy(
        tiers(0.35, generator.uniform(20, 120), chance(0.5) ? 0.12 : 0.5), basis: .kWhPerYear)
      charge.tierConvention = .chronological
      return try made(charge)
    case .nettingRatio:
      var rule = selling(.netMeteringEnergy)
      rule.nettingRatio = 0.7
      rule.creditMonths = chance(0.5) ? 1 : nil
      return try made(energy(), export: rule)
    case .deposit:
      var rule = selling(.netBillingCarryOver(sameMonthFirst: true))
      rule.trueUpMonth = nil
      rule.creditMonths = 1
      rule.refundFraction = 0.2
      return try made(energy(), export: rule)
    case .squaredPeak:
      var charge = demand(.monthlyPeak)
      charge.periods[0].tiers = [DemandTier(pricePerKW: 0)]
      charge.periods[0].pricePerKW2 = DatedValue(price)
      return try made(energy(), demand: [charge])
    case .datedDay:
      var window = evening
      window.kinds = ["event"]
      var charge = energy()
      charge.periods.insert(EnergyPeriod("event", window: window, pricePerKWh: 1.5), at: 0)
      return try Tariff(
        name: rawValue, currency: "EUR",
        dayKinds: [
          DayKind(
            "event", days: [CivilTime(year: 2024, month: 6, day: 30).dayNumber], knownMinute: 960)
        ], energy: [charge], export: .fixed(pricePerKWh: 0.05))
    case .rootOfSquares, .heldSubscription:
      return try made(
        energy(),
        contracted: [
          ContractedPower(
            "power",
            periods: [
              ContractedPeriod(
                "evening", windows: [evening], contractedKW: generator.uniform(0.5, 2),
                pricePerKW: DatedValue(price), overdrawPricePerKW: DatedValue(price)),
              ContractedPeriod(
                "rest", windows: [.rest], contractedKW: 1, pricePerKW: 1, overdrawPricePerKW: 1),
            ], excess: self == .rootOfSquares ? .rootOfSquares : .highest,
            holdsForYear: self == .heldSubscription, meteringSeconds: 3600)
        ])
    case .highLoadWindows:
      var charge = demand(
        DemandMeasure.kinds.first { $0.name == "yearly_peak_in_windows" }?
          .measure([.wholeNumber(20), .wholeNumber(0), .wholeNumber(20)]) ?? .yearlyPeak)
      charge.periods[0].windows = [evening]
      return try made(energy(), demand: [charge])
    case .yearlyMinimum:
      return try made(
        energy(), demand: [demand(.meanOfMonthlyPeaks(months: 2, earlierPeaksKW: []))],
        minimums: [
          MinimumCharge("year", amount: DatedValue(generator.uniform(50, 900)), unit: .year),
          MinimumCharge("month", amount: 20, unit: .month),
        ])
    }
  }

  /// Days around the end of June with a battery of 10 kWh and 5 kW, or a fifth of it.
  func replay(seed: UInt64) throws -> ReplayCase {
    var generator = SeededGenerator(seed: seed, label: rawValue)
    let days = 4
    let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 6, day: 29).dayNumber)
    let phase = generator.uniform(0.3, 1.5)
    let noise = (0..<(days + SmallSite.warmUpDays) * 24 + 2).map { _ in
      generator.uniform(0, phase)
    }
    let sun = generator.uniform(0, 6)
    let history = SmallSite.history(
      from: from, days: days, stepSeconds: 3600,
      load: { slot, hour in 0.3 + noise[slot] + (hour >= 17 && hour < 22 ? 1.2 : 0) },
      pv: { slot, hour in
        hour > 6 && hour < 20
          ? sun * noise[slot / 24] / phase * sin((hour - 6) / 14 * Double.pi) : 0
      })
    var settings = ReplaySettings(
      planningStepSeconds: 3600, horizonHours: 24, replanSeconds: 3600,
      wearPerKWh: generator.uniform() < 0.5 ? 0.01 : 0)
    settings.initialSOCFraction = generator.uniform() < 0.5 ? 0.6 : nil
    let size = seed % 2 == 0 ? 1.0 : 0.2
    return try ReplayCase(
      history: history, site: SiteContext(zone: SmallSite.berlin), from: from,
      to: from + days * 86_400,
      battery: .sized(capacityKWh: 10 * size, powerKW: 5 * size, derating: .none),
      tariff: tariff(&generator), settings: settings)
  }
}

@Suite("The foresight bound under tariffs that are not convex", .tags(.solver))
struct BentTariffBoundTests {
  @Test(
    "no run of a site costs less than its bound", arguments: BentRule.allCases,
    UInt64(1)...(longTests ? 40 : 6))
  func nobodyBeatsTheBound(rule: BentRule, seed: UInt64) throws {
    let replay = try rule.replay(seed: seed)
    let bound = try ForesightBound(replay)
    let replayer = Replayer(replay)
    for controller in [
      Controller.oracle, .selfConsumption, .noBattery, .planned(SmallSite.version(.naiveDay)),
    ] {
      let cost = try replayer.run(controller).cost
      #expect(
        cost >= bound.cost - 1e-6,
        "\(rule), seed \(seed), \(controller.name): \(cost), \(bound.cost)")
    }
    #expect(bound.executed.cost >= bound.cost - 1e-6, "\(rule), seed \(seed)")
    #expect(bound.openGap >= 0)
  }

  static func bound(
    _ tariff: Tariff, load: [[Double]], pv: [[Double]]? = nil, capacityKWh: Double = 6
  ) throws -> ForesightBound {
    try ForesightBound(
      PaperSite.replay(
        PaperSite.history(loadKW: load, pvKW: pv), tariff: tariff,
        battery: PaperSite.battery(capacityKWh: capacityKWh, powerKW: 2)))
  }

  // 1 kW for four days: 96 kWh. Energy left is worth the price of the first block, 0.30, so the battery of 6 kWh
  // ends full: 102 kWh. The month imports at least 90 kWh (a full battery emptied) and at most 96 · 3 kW = 288.
  // Blocks end at 60: 18 + 42 · 0.10 − 1.80 = 20.40, met exactly, for the blocks bend outside of 90…288.
  // Blocks end at 100: the chord runs from 27 at 90 kWh to 30 + 188 · 0.10 = 48.80 at 288 kWh, and the bound is
  // 27 + 12 · 21.80 / 198 − 1.80 = 26.52121; the plan itself costs 30 + 0.20 − 1.80 = 28.40.
  @Test("blocks of falling price by hand", arguments: [(60.0, 20.4, 20.4), (100, 26.521212, 28.4)])
  func fallingBlocks(limit: Double, least: Double, plan: Double) throws {
    let tariff = try Tariff(
      name: "blocks", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "all",
              tiers: [
                EnergyTier(upTo: limit, pricePerKWh: 0.3), EnergyTier(pricePerKWh: 0.1),
              ])
          ])
      ])
    let bound = try Self.bound(tariff, load: [[Double]](repeating: [1, 1, 1, 1], count: 4))
    #expect(isClose(bound.cost, least, absolute: 1e-4), "\(bound.cost)")
    #expect(isClose(bound.cost + bound.openGap, plan, absolute: 1e-4), "\(bound.openGap)")
  }

  // Two days of 1 kW but 3 kW from noon to 18 h of the first, windows from 18 h on. No slot imports more than 3 + 2 kW, so
  // that nothing lies 6 kW below it: all 60 kWh at 0.10 and 2 a kW of the highest of all, which 6 kWh over 6 h lower from
  // 3 to 2 kW. 4 kW below it a window may lie, in which the battery leaves nothing.
  @Test("where no series brings the relief, the bound pays for the highest of all")
  func unrelieved() throws {
    let measure = try #require(
      DemandMeasure.kinds.first { $0.name == "yearly_peak_in_windows" })
    func cost(_ significantKW: Int) throws -> Double {
      try Self.bound(
        PaperSite.flat(demand: [
          DemandCharge(
            "peak",
            periods: [
              DemandPeriod(
                "evening", window: CalendarWindow(times: [ClockSpan(hours: 18, to: 24)]),
                pricePerKW: 2)
            ],
            measure: measure.measure([
              .wholeNumber(20), .wholeNumber(significantKW), .wholeNumber(20),
            ]), meteringSeconds: PaperSite.stepSeconds)
        ]), load: [[1, 1, 3, 1], [1, 1, 1, 1]]
      ).cost
    }
    #expect(isClose(try cost(6), 60 * 0.1 + 2 * 2, absolute: 1e-4))
    #expect(try cost(4) < 60 * 0.1 + 2 * 2 - 1)
  }

  // 2 a kW on the mean of the two highest days, 0.10 a kWh at any time, which the battery cannot save. The first
  // day's 3 kW fall by 6 kWh over 6 h to 2 kW. After it the battery takes 6 kWh at 2 kW of import, no more than
  // that day's peak, and the second day's 2 kW fall to 1 kW. The third day has no more than 1 kW.
  // 90 kWh · 0.10 + 2 · (2 + 1) / 2 = 12.
  @Test("the mean of two days' peaks by hand")
  func meanOfHighest() throws {
    let bound = try Self.bound(
      PaperSite.flat(demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: 2)],
          measure: .meanOfHighest(count: 2, onDifferentDays: true),
          meteringSeconds: PaperSite.stepSeconds)
      ]), load: [[1, 1, 3, 1], [1, 1, 2, 1], [1, 1, 1, 1]])
    #expect(isClose(bound.cost, 12, absolute: 1e-4), "\(bound.cost) + \(bound.openGap)")
    #expect(isClose(bound.openGap, 0, absolute: 1e-4))
  }

  // Four days of 24 kWh load. 18 kWh of sun a day leave 24 kWh to pay at 0.20 and energy left is worth the same:
  // 4.80. 36 kWh a day leave a surplus of 48 kWh that nobody pays for, of which the battery keeps 6 kWh.
  @Test("energy netted over the month by hand", arguments: [(3.0, 4.8), (6, -1.2)])
  func netMetering(sunKW: Double, cost: Double) throws {
    let tariff = try Tariff(
      name: "netted", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.2)],
      export: ExportRule(arrangement: .netMeteringEnergy))
    let bound = try Self.bound(
      tariff, load: [[Double]](repeating: [1, 1, 1, 1], count: 4),
      pv: [[Double]](repeating: [0, sunKW, 0, 0], count: 4))
    #expect(isClose(bound.cost, cost, absolute: 1e-4), "\(bound.cost) + \(bound.openGap)")
    #expect(isClose(bound.openGap, 0, absolute: 1e-4))
  }

  // Half days net: from midnight to noon 12 kWh of load and 12 kWh of sun cancel, from noon on 12 kWh cost 0.30.
  // Every kWh that the battery takes in the morning costs what it saves later: 4 · 3.60 = 14.40.
  @Test("energy netted over half days by hand")
  func nettedUnits() throws {
    let tariff = try Tariff(
      name: "half days", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)],
      settlement: Settlement(seconds: 43_200, netsImportAndExport: true))
    let bound = try Self.bound(
      tariff, load: [[Double]](repeating: [1, 1, 1, 1], count: 4),
      pv: [[Double]](repeating: [0, 2, 0, 0], count: 4))
    #expect(isClose(bound.cost, 14.4, absolute: 1e-4), "\(bound.cost) + \(bound.openGap)")
  }
}
