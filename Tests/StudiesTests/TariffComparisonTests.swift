import Diagnostics
import Planning
import Replay
import Studies
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// 0.10 in the first half of the day, 0.30 in the second.
private let twoHalves = EnergyCharge(
  "energy",
  periods: [
    EnergyPeriod(
      "night", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 12)]), pricePerKWh: 0.1),
    EnergyPeriod("day", window: .rest, pricePerKWh: 0.3),
  ])

@Suite("Comparison of tariffs") struct TariffComparisonTests {
  /// One day of a constant kilowatt.
  private let site = MeteredSite(
    grid: TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: 24), zone: .utc,
    loadKW: [Double](repeating: 1, count: 24), generationKW: [Double](repeating: 0, count: 24),
    spotPerKWh: nil)

  private func candidate(_ file: String, _ tariff: Tariff) -> TariffComparison.Candidate {
    TariffComparison.Candidate(file: file, tariff: .success(tariff))
  }

  private func flat(_ price: DatedValue, currency: String = "EUR") throws -> Tariff {
    try Tariff(name: "flat", currency: currency, energy: [.flat("all", pricePerKWh: price)])
  }

  /// 0.10 in the first half of the day, 0.30 in the second.
  private func halves() throws -> Tariff {
    try Tariff(
      name: "halves", currency: "EUR",
      energy: [twoHalves])
  }

  @Test("tariffs are ranked by what is paid with the battery, within each currency")
  func ranking() throws {
    let candidates = [
      candidate("a", try flat(0.19)), candidate("b", try halves()),
      candidate("c", try flat(0.01, currency: "USD")),
      TariffComparison.Candidate(
        file: "d", tariff: .failure(InputError("the tariff cannot be read"))),
    ]
    let battery = FixedBattery(capacityKWh: 10, powerKW: 5)
    let bare = TariffComparison(candidates, site: site, battery: nil, threads: 1)
    // 24 kWh at 0.19; 12 kWh each at 0.10 and 0.30; 24 kWh at 0.01 of another currency.
    #expect(bare.rows.map(\.file) == ["a", "b", "c", "d"])
    let totals = bare.rows.map { $0.total ?? .nan }
    #expect(isClose(totals[0], 4.56, absolute: 1e-9))
    #expect(isClose(totals[1], 4.8, absolute: 1e-9))
    #expect(isClose(totals[2], 0.24, absolute: 1e-9))
    #expect(bare.rows[3].total == nil && bare.rows[3].reason == "the tariff cannot be read")
    #expect(bare.rows.allSatisfy { $0.withBattery == nil })
    let with = TariffComparison(candidates, site: site, battery: battery, threads: 1)
    // It starts and ends half full: 5 kWh go in at 0.10 and cost 5 / 0.95 · 0.10, and come out
    // at 0.30 as 5 · 0.95 kWh. That moves the second tariff to the top.
    #expect(with.rows.map(\.file) == ["b", "a", "c", "d"])
    let expected = 4.8 + 5 / 0.95 * 0.1 - 5 * 0.95 * 0.3
    #expect(isClose(with.rows[0].withBattery ?? .nan, expected, absolute: 1e-6))
    #expect(isClose(with.rows[1].withBattery ?? .nan, 4.56, absolute: 1e-6))
    #expect(isClose(with.rows[0].surrogateGap ?? .nan, 0, absolute: 1e-6))
  }

  @Test("the number of threads changes nothing") func threads() throws {
    let candidates = try (1...5).map { candidate("t\($0)", try flat(.init(0.1 * Double($0)))) }
    let battery = FixedBattery(capacityKWh: 10, powerKW: 5)
    let one = TariffComparison(candidates, site: site, battery: battery, threads: 1)
    let four = TariffComparison(candidates, site: site, battery: battery, threads: 4)
    #expect(one.rows.map(\.file) == four.rows.map(\.file))
    #expect(one.rows.map(\.withBattery) == four.rows.map(\.withBattery))
  }

  @Test("a peak that costs nothing is priced alike by all three rules, one that costs is shaved")
  func peakRules() throws {
    // A day of 1 kW with one hour of 4 kW at noon.
    var load = [Double](repeating: 1, count: 24)
    load[12] = 4
    let site = MeteredSite(
      grid: site.grid, zone: .utc, loadKW: load, generationKW: site.generationKW, spotPerKWh: nil)
    let battery = FixedBattery(capacityKWh: 10, powerKW: 5)
    func compare(_ tariff: Tariff, threads: Int = 2) throws -> PeakRuleComparison {
      PeakRuleComparison(
        schedule: try BillingSchedule(tariff, grid: site.grid, zone: .utc, spotPerKWh: nil),
        site: site,
        battery: battery, threads: threads)
    }
    let free = try compare(try flat(0.2))
    #expect(free.rows.map(\.rule) == [.fullPrice, .daysLeft, .monthlyTarget])
    // 27 kWh at 0.20, which a battery that begins and ends empty cannot lower.
    #expect(isClose(free.withoutBattery.bill.total, 5.4, absolute: 1e-9))
    for row in free.rows { #expect(isClose(row.bill.total, 5.4, absolute: 1e-6)) }
    let priced = try Tariff(
      name: "peak", currency: "EUR", energy: [.flat("all", pricePerKWh: 0.2)],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: 10)], meteringSeconds: 3600)
      ])
    let peaks = try compare(priced)
    // Without a battery: 5.40 and 4 kW at 10.
    #expect(isClose(peaks.withoutBattery.bill.total, 45.4, absolute: 1e-9))
    for row in peaks.rows {
      // Nothing beats a flat import over a day of 24 hours.
      #expect(row.bill.total >= 5.4 + 10 * 27.0 / 24 - 1e-6)
      #expect(row.bill.total < 5.4 + 10 * 2)
    }
    #expect(try compare(priced, threads: 1).rows.map(\.bill.total) == peaks.rows.map(\.bill.total))
    #expect(peaks.rows.filter { !$0.shares.isEmpty }.map(\.rule) == [.monthlyTarget])
  }

  // 1 kW of load and 3 kW of production from 06:00 to 12:00: a surplus of 12 kWh. Feeding it in costs 0.05
  // a kWh, 0.60; a limit of 1 kW for the export halves it.
  @Test(
    "a battery of no size saves exactly nothing at export prices below zero",
    arguments: [
      (Curtailment.free, Double?.none, 12.0, 0.6), (.exportLimit, nil, 0, 0), (.none, nil, 0, 0),
      (.free, 1, 12, 0.6), (.exportLimit, 1, 6, 0.3), (.none, 1, 0, 0),
    ])
  func noSize(
    setting: Curtailment, limitKW: Double?, curtailedKWh: Double, value: Double
  ) throws {
    let site = Self.sunny()
    let tariff = try Self.charged(exportLimitKW: limitKW)
    for powerKW in [0, 5.0] {
      let battery = FixedBattery(capacityKWh: 0, powerKW: powerKW, curtailment: setting)
      let rules = PeakRuleComparison(
        schedule: try BillingSchedule(tariff, grid: site.grid, zone: .utc, spotPerKWh: nil),
        site: site, battery: battery, threads: 1)
      #expect(isClose(rules.withoutBattery.curtailedKWh, curtailedKWh, absolute: 1e-9))
      #expect(isClose(rules.withoutBattery.value, value, absolute: 1e-9))
      // Six hours at 0.10, none while the sun shines, twelve at 0.30.
      #expect(isClose(rules.withoutBattery.bill.total, 4.2 + 0.6 - value, absolute: 1e-9))
      for row in rules.rows {
        #expect(row.bill.total == rules.withoutBattery.bill.total, "\(row.rule)")
      }
      let ranked = TariffComparison(
        [candidate("a", tariff)], site: site, battery: battery, threads: 1)
      #expect(ranked.rows[0].saved == 0)
      #expect(isClose(ranked.rows[0].total ?? .nan, 4.8, absolute: 1e-9))
      #expect(isClose(ranked.rows[0].withoutBattery?.value ?? .nan, value, absolute: 1e-9))
    }
  }

  private static let takenUp: Double = 0.05 * (3 / 0.95 - 2 * 0.95)

  // 1 kWh of the surplus serves load at 0.30 as 0.95 kWh. Where it would be fed in otherwise, the 1/0.95 kWh
  // that it takes save 0.05 each as well. Of the six hours three can charge and two between them discharge:
  // what such a cycle loses, 1/0.95 - 0.95 kWh, costs nobody 0.05.
  @Test(
    "a battery earns what the surplus is worth to it, and nothing for switching production off",
    arguments: [
      (Curtailment.free, 0.285), (.exportLimit, 0.285 + takenUp), (.none, 0.285 + takenUp),
    ])
  func surplus(setting: Curtailment, saved: Double) throws {
    let site = Self.sunny()
    let tariff = try Self.charged(exportLimitKW: nil)
    let rules = PeakRuleComparison(
      schedule: try BillingSchedule(tariff, grid: site.grid, zone: .utc, spotPerKWh: nil),
      site: site, battery: FixedBattery(capacityKWh: 1, powerKW: 5, curtailment: setting),
      threads: 1)
    for row in rules.rows {
      #expect(
        isClose(
          rules.withoutBattery.bill.total - row.bill.total, saved, absolute: 1e-9), "\(row.rule)")
    }
  }

  private static func sunny() -> MeteredSite {
    MeteredSite(
      grid: TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: 24), zone: .utc,
      loadKW: [Double](repeating: 1, count: 24),
      generationKW: (0..<24).map { (6..<12).contains($0) ? 3 : 0 }, spotPerKWh: nil)
  }

  /// 0.10 in the first half of the day, 0.30 in the second; feeding in costs 0.05.
  private static func charged(exportLimitKW: Double?) throws -> Tariff {
    try Tariff(
      name: "charged", currency: "EUR",
      energy: [twoHalves], export: .fixed(pricePerKWh: -0.05), exportLimitKW: exportLimitKW)
  }
}
