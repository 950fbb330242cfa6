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

/// Seeded sites of a few days around the end of a month, with every rule that bends what a kWh costs.
struct BoundSite: CustomStringConvertible {
  let seed: UInt64
  let replay: ReplayCase
  let description: String

  init(seed: UInt64) throws {
    self.seed = seed
    var generator = SeededGenerator(seed: seed, label: "bound sites")
    func chance(_ p: Double) -> Bool { generator.uniform() < p }
    var words: [String] = []
    func choose(_ p: Double, _ word: String) -> Bool {
      let isChosen = chance(p)
      if isChosen { words.append(word) }
      return isChosen
    }
    // 2024-06-28 to 2024-07-03: two billing months in half of the sites.
    let days = 4
    let crosses = choose(0.5, "two months")
    let from = SmallSite.berlin.startOfDay(
      CivilTime(year: 2024, month: 6, day: crosses ? 29 : 10).dayNumber)
    let isNegative = choose(0.5, "prices below zero")
    let isInverted = choose(0.4, "inverted")
    let followsSpot = isNegative || choose(0.3, "spot")
    let peak = choose(0.5, "peak")
    let meters = peak && choose(0.4, "metered over 2 h")
    let isCapped = peak && choose(0.5, "capped")
    let isTiered = !followsSpot && choose(0.4, "blocks")
    let hasMinimum = choose(0.4, "minimum")
    let phase = generator.uniform(0, 24)
    let noise = (0..<(days + SmallSite.warmUpDays) * 24 + 2).map { _ in generator.uniform(0, 1.5) }
    let sun = generator.uniform(0, 6)
    let history = SmallSite.history(
      from: from, days: days, stepSeconds: 3600,
      load: { slot, hour in 0.3 + noise[slot] + (hour >= 17 && hour < 22 ? 1.2 : 0) },
      pv: { slot, hour in
        hour > 6 && hour < 20
          ? sun * noise[slot / 24] / 1.5 * sin((hour - 6) / 14 * Double.pi) : 0
      },
      price: { slot, hour in
        (isNegative ? 0.03 : 0.12) + 0.1 * sin((hour - phase) / 12 * Double.pi)
          + 0.02 * noise[slot]
      })
    let energy =
      followsSpot
      ? EnergyCharge.spot("energy", adderPerKWh: 0.01)
      : EnergyCharge(
        "energy",
        periods: [
          EnergyPeriod(
            "day", window: CalendarWindow(times: [ClockSpan(hours: 7, to: 22)]),
            tiers: isTiered
              ? [EnergyTier(upTo: 20, pricePerKWh: 0.2), EnergyTier(pricePerKWh: 0.35)]
              : [EnergyTier(pricePerKWh: 0.3)]),
          EnergyPeriod("night", window: .rest, pricePerKWh: 0.1),
        ], tierConvention: .perPeriod)
    let tariff = try Tariff(
      name: "bent", currency: "EUR", energy: [energy],
      demand: peak
        ? [
          DemandCharge(
            "peak",
            periods: [DemandPeriod("all", pricePerKW: DatedValue(generator.uniform(0.5, 8)))],
            meteringSeconds: meters ? 7200 : 3600,
            capPerKWh: isCapped ? generator.uniform(0.02, 0.15) : nil)
        ] : [],
      export: .fixed(pricePerKWh: DatedValue(isInverted ? 0.22 : 0.02)),
      minimums: hasMinimum
        ? [MinimumCharge("least", amount: DatedValue(generator.uniform(5, 150)), unit: .month)]
        : [])
    var settings = ReplaySettings(
      planningStepSeconds: 3600, horizonHours: 24, replanSeconds: 3600,
      wearPerKWh: chance(0.5) ? 0.01 : 0)
    let curtailments = Curtailment.allCases
    settings.curtailment = curtailments[Int(generator.uniform() * Double(curtailments.count))]
    settings.initialSOCFraction = chance(0.5) ? 0.6 : nil
    settings.rights.gridCharging = !choose(0.2, "no charging from the grid")
    settings.rights.batteryExport = !choose(0.2, "no stored energy fed in")
    replay = try ReplayCase(
      history: history, site: SiteContext(zone: SmallSite.berlin), from: from,
      to: from + days * 86_400, battery: SmallSite.battery(), tariff: tariff, settings: settings)
    description = "seed \(seed): \(words.joined(separator: ", ")), \(settings.curtailment)"
  }
}

@Suite("Laws of the foresight bound", .tags(.solver)) struct BoundLawTests {
  @Test("no run of a site costs less than its bound", arguments: UInt64(1)...(longTests ? 600 : 72))
  func nobodyBeatsTheBound(seed: UInt64) throws {
    let site = try BoundSite(seed: seed)
    let bound = try ForesightBound(site.replay)
    let replayer = Replayer(site.replay)
    for controller in [
      Controller.oracle, .selfConsumption, .planned(SmallSite.version(.naiveDay)),
    ] {
      let cost = try replayer.run(controller).cost
      #expect(
        cost >= bound.cost - 1e-6, "\(site), \(controller.name): \(cost) and \(bound.cost)")
    }
    #expect(bound.executed.cost >= bound.cost - 1e-6, "\(site)")
    #expect(bound.openGap >= 0)
  }
}
