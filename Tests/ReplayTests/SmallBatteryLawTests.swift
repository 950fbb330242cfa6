import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import Testing
import TimeSeries

/// A small battery saves no more than its energy can carry, whatever the tariff: every kWh that it gives earns
/// at most the largest price spread, and its power takes at most itself off a billed peak.
@Suite("A small battery's saving", .tags(.solver)) struct SmallBatteryLawTests {
  private static let capacityKWh = 0.1
  private static let powerKW = 0.1
  private static let days = 4

  /// A site and a tariff drawn at random.
  private struct Draw {
    var replay: ReplayCase
    /// Difference of the highest and the lowest price, where production that is thrown away costs nothing.
    /// [currency/kWh]
    var spread: Double
    /// Price of the month's peak; 0 for none. [currency/kW]
    var peakPrice: Double
  }

  private func draw(seed: UInt64) throws -> Draw {
    var random = SeededGenerator(seed: seed)
    var prices: [Double] = [0]
    func charge(_ name: String, _ range: ClosedRange<Double>, _ random: inout SeededGenerator)
      -> EnergyCharge
    {
      let from = 1 + random.index(below: 10)
      let to = from + 1 + random.index(below: 12)
      let values = [0, 1].map { _ in random.uniform(range.lowerBound, range.upperBound) }
      prices += values
      return EnergyCharge(
        name,
        periods: [
          EnergyPeriod(
            "some", window: CalendarWindow(times: [ClockSpan(hours: from, to: to)]),
            pricePerKWh: DatedValue(values[0])),
          EnergyPeriod("rest", window: .rest, pricePerKWh: DatedValue(values[1])),
        ])
    }
    let energy = charge("energy", -0.05...0.5, &random)
    let export = charge("export", -0.3...0.15, &random)
    let peakPrice = random.uniform() < 0.5 ? random.uniform(1, 10) : 0
    let tariff = try Tariff(
      name: "seed \(seed)", currency: "EUR", energy: [energy],
      demand: peakPrice == 0
        ? []
        : [
          DemandCharge(
            "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(peakPrice))],
            meteringSeconds: 3600)
        ],
      export: ExportRule(charges: [export]),
      exportLimitKW: random.uniform() < 0.5 ? random.uniform(0, 2) : nil)
    let from = CivilTime(year: 2024, month: 6, day: 10).dayNumber * 86_400
    let sunKW = random.uniform(0, 6)
    var noise = random.split("load")
    let history = SmallSite.history(
      from: from, days: Self.days, stepSeconds: 3600, zone: .utc,
      load: { _, _ in noise.uniform(0, 3) },
      pv: { _, hour in (8..<16).contains(hour) ? sunKW * noise.uniform() : 0 })
    var settings = ReplaySettings(
      planningStepSeconds: 3600, horizonHours: 24, replanSeconds: 10_800, twinStepSeconds: 3600)
    settings.curtailment = Curtailment.allCases[Int(seed % 3)]
    return Draw(
      replay: try SmallSite.replay(
        history, from: from, days: Self.days, tariff: tariff,
        twin: PaperSite.battery(capacityKWh: Self.capacityKWh, powerKW: Self.powerKW),
        settings: settings),
      spread: (prices.max() ?? 0) - (prices.min() ?? 0), peakPrice: peakPrice)
  }

  // The period lies in one month, so one peak is billed. What is left at the end is worth at most a price, too.
  @Test("0.1 kWh earn no more than spread times what they carry, and their power of the peak")
  func bound() throws {
    var largestShare = 0.0
    for seed in UInt64(1)...24 {
      let draw = try draw(seed: seed)
      let replayer = Replayer(draw.replay)
      let none = try replayer.run(.noBattery)
      for controller in [
        Controller.selfConsumption, .oracle, .planned(SmallSite.version(.naiveDay)),
      ] {
        let outcome = try replayer.run(controller)
        let carried = (outcome.ledger?.dischargedKWh ?? 0) + Self.capacityKWh
        let most = carried * draw.spread + Self.powerKW * draw.peakPrice
        let saved = none.cost - outcome.cost
        #expect(
          saved <= most * (1 + 1e-5),
          "seed \(seed), \(controller.name), '\(draw.replay.settings.curtailment)'")
        largestShare = max(largestShare, saved / most)
      }
    }
    // Some of them come near to it, so that the bound is one.
    #expect(largestShare > 0.5, "\(largestShare)")
  }
}
