import Forecasting
import Numerics
import Replay
import SiteSupport
import TestSupport
import Testing
import Twin

@testable import Studies

@Suite("Stress study") struct StressTests {
  /// A policy that leaves the same share of the rated power at any temperature below 45 °C, and
  /// another one above it.
  private static func policy(_ name: String, share: Double, hot: Double) -> DeratingPolicy {
    let table = DeratingTable.temperature(
      LinearTable(x: [44.9, 45], y: [share, hot]))
    return DeratingPolicy(name: name, charge: [table], discharge: [table])
  }

  private static let threePolicies = [
    policy("full", share: 1, hot: 1), policy("half", share: 0.5, hot: 0.5),
    policy("stop", share: 1, hot: 0),
  ]

  // A load of 2 kW, 0.10 EUR/kWh before noon and 0.30 EUR/kWh after it, a battery of 24 kWh whose
  // cells give 2 kW. Without it a day costs 24·0.1 + 24·0.3 = 9.6. At full power 24 kWh move and
  // save 4.80, at half power 12 kWh and 2.40. In air of 50 °C a policy that stops saves nothing.
  private func study(
    _ policies: [DeratingPolicy] = threePolicies,
    faults: [StressFault] = [StressFault(name: "none")],
    weathers: [WeatherStress] = [WeatherStress(name: "none", ambientOffsetK: 0)],
    heats: [HeatForesight] = [.envelope], lifePrice: LifePrice? = nil
  ) throws -> StressStudy {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[2, 2, 2, 2]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 24, powerKW: 2))
    return try StressStudy(
      replay, version: PaperSite.version(.perfect),
      plan: StressPlan(
        policies: policies.map(\.name), faults: faults, weathers: weathers, heats: heats,
        lifePrice: lifePrice),
      twin: { policy, fault in
        try PaperSite.battery(
          capacityKWh: 24, powerKW: 2, derating: policies[policy], maximumRatePerHour: 1.0 / 12,
          faults: faults[fault].battery)
      }, threads: 1)
  }

  private let heat = [
    WeatherStress(name: "none", ambientOffsetK: 0), WeatherStress(name: "heat", ambientOffsetK: 30),
  ]

  @Test("costs are told against the first policy in the same case") func costDifferences() throws {
    let cells = try study(weathers: heat).cells
    #expect(cells.map(\.policy) == ["full", "full", "half", "half", "stop", "stop"])
    #expect(cells.map(\.weather) == ["none", "heat", "none", "heat", "none", "heat"])
    #expect(cells.allSatisfy { $0.fault == "none" })
    #expect(cells[0].againstNone == nil && cells[1].againstNone == nil)
    #expect(isClose(cells[0].cost, 4.8, absolute: 1e-4))
    for (cell, expected) in zip(cells.dropFirst(2), [2.4, 2.4, 0, 4.8]) {
      let difference = try #require(cell.againstNone?.difference)
      #expect(isClose(difference, expected, absolute: 1e-4), "\(cell.policy) \(cell.weather)")
    }
  }

  @Test("a fault is told against the same policy without it") func againstHealthy() throws {
    // Sensors that read 30 K too much stop 'stop' at 20 °C: 4.80 more.
    let cells = try study(faults: [
      StressFault(name: "none"),
      StressFault(name: "warm", battery: [FaultSpecification(.sensorBias(kelvin: 30))]),
    ]).cells
    #expect(cells.map(\.fault) == ["none", "warm", "none", "warm", "none", "warm"])
    #expect(cells[4].againstHealthy == nil)
    for (cell, expected) in zip([cells[1], cells[3], cells[5]], [0, 0, 4.8]) {
      #expect(
        isClose(try #require(cell.againstHealthy?.difference), expected, absolute: 1e-4))
    }
    #expect(isClose(try #require(cells[5].againstNone?.difference), 4.8, absolute: 1e-4))
  }

  @Test("cells at the temperature of the air are above the limit for as long as the air is")
  func violations() throws {
    // 20 °C until noon and 50 °C after it, with a limit of 45 °C: two intervals of six hours.
    let noon = PaperSite.monday + 43_200
    let afternoon = WeatherStress(
      name: "afternoon", ambientOffsetK: 30, window: noon..<noon + 43_200)
    let cells = try study(weathers: heat + [afternoon]).cells
    #expect(cells[0].violations == 0)
    #expect(cells[0].hoursAboveLimit == 0)
    #expect(isClose(cells[0].hottestCellC, 20, absolute: 0.01))
    #expect(cells[1].violations == 4)
    #expect(cells[1].hoursAboveLimit == 24)
    #expect(cells[2].violations == 2)
    #expect(isClose(cells[2].hoursAboveLimit, 12, absolute: 0.01))
    #expect(isClose(cells[2].hottestCellC, 50, absolute: 0.01))
  }

  // Rises over an hour at either end of four: half of 10 K half an hour after the beginning.
  @Test("a heat wave comes and goes over its edges") func edges() {
    let wave = WeatherStress(
      name: "wave", ambientOffsetK: 10, window: 0..<14_400, edgeSeconds: 3600)
    #expect(
      [-1, 0, 1800, 3600, 7200, 12_600, 14_400].map(wave.offsetK) == [0, 0, 5, 10, 10, 5, 0])
  }

  // Pulses of 6 kW, 60 s long, every 600 s from 300 s on: in 0…600 s one of 60 s, 0.6 kW; half of one in 300…330 s.
  @Test("pulses of load are means over what they cover") func spikes() {
    let spikes = LoadSpikes(
      heightKW: 6, everySeconds: 600, lengthSeconds: 60, startSeconds: 300, endSeconds: 1500)
    #expect(isClose(spikes.meanKW(from: 0, to: 600), 0.6, relative: 1e-12))
    #expect(spikes.meanKW(from: 300, to: 360) == 6)
    #expect(spikes.meanKW(from: 330, to: 390) == 3)
    #expect(spikes.meanKW(from: 360, to: 900) == 0)
    // After its end nothing: of 1500…2100 s none.
    #expect(spikes.meanKW(from: 1500, to: 2100) == 0)
  }

  @Test(
    "a policy's score is the mean difference, the hottest cell and the sum of hours of its cells")
  func policyScores() throws {
    let scores = try study(weathers: heat).policies
    for (score, expected) in zip(scores, [0, 2.4, 2.4]) {
      #expect(isClose(score.meanCostDelta, expected, absolute: 1e-4))
      #expect(isClose(score.hottestCellC, 50, absolute: 0.01))
      #expect(score.hoursAboveLimit == 24)
    }
  }

  @Test("the front drops what another policy beats somewhere and matches elsewhere, and keeps ties")
  func paretoFront() {
    func score(_ policy: String, _ cost: Double, _ hottest: Double, _ hours: Double) -> PolicyScore
    {
      PolicyScore(
        policy: policy, meanCostDelta: cost, lifeUsedFraction: 0, hottestCellC: hottest,
        hoursAboveLimit: hours)
    }
    let front = PolicyScore.paretoFront(of: [
      score("cheap", 0, 50, 9),
      score("dominated in all", 2, 51, 10),
      score("cool", 5, 40, 0),
      score("tie of cool", 5, 40, 0),
      score("as cool, dearer", 6, 40, 0),
      score("between", 3, 45, 4),
      score("cooler for shorter, dearer", 4, 44, 5),
    ])
    #expect(
      front.map(\.policy) == [
        "cheap", "cool", "tie of cool", "between", "cooler for shorter, dearer",
      ])
    #expect(PolicyScore.paretoFront(of: []).isEmpty)
  }

  @Test("the ranking is by cost among those with the fewest cut-offs, then among the next")
  func ranking() {
    func ranks(_ rows: (cost: Double, cutOffs: Int, life: Double)...) -> [Int] {
      PolicyScore.ranked(
        rows.map {
          PolicyScore(
            policy: "", meanCostDelta: $0.cost, lifeUsedFraction: $0.life, hottestCellC: 0,
            hoursAboveLimit: 0, cutOffs: $0.cutOffs)
        }
      ).map(\.rank)
    }
    #expect(ranks((0, 9, 0.1), (5, 0, 0.1), (6, 0, 0), (-1, 9, 0.1)) == [4, 1, 2, 3])
    #expect(ranks((1, 0, 0.2), (1.001, 0, 0.1)) == [2, 1])
    #expect(ranks((1, 0, 0.1), (1, 0, 0.1)) == [1, 2])
  }

  @Test("pairs compare the mean over the cases of the choice with that of the others")
  func pairs() throws {
    let study = try study(weathers: heat)
    #expect(study.choice?.policy == "full")
    #expect(study.pairs.map(\.b) == ["half", "stop"])
    // Half saves 2.40 less in both weathers, stop 4.80 less in one.
    for pair in study.pairs {
      #expect(isClose(pair.difference, -2.4, absolute: 1e-4))
      #expect(pair.verdict == .undecided(.tooFewDays(1)))
    }
  }

  @Test("a study reports every interval of every cell")
  func intervals() throws {
    let plan = StressPlan(
      policies: ["a", "b", "c"],
      faults: [StressFault(name: "none"), StressFault(name: "x")], weathers: heat,
      heats: [.blind, .envelope])
    #expect(plan.intervalCount(of: try PaperSite.idleDay()) == 3 * 2 * 2 * 2 * 4)
  }

  // 'stop' in air of 50 °C gives nothing: whoever plans blind asks for it in vain, and pays the same.
  @Test("what knowing is worth is told against blind plans") func knowing() throws {
    let study = try study(weathers: [heat[1]], heats: [.envelope, .blind])
    #expect(study.cells.count == 6)
    #expect(study.knowing.map(\.heat) == [.envelope])
    let way = try #require(study.knowing.first)
    #expect(way.byPolicy.map(\.a) == ["full", "half", "stop"])
    #expect(way.blindDeratedKWh > 1)
    #expect(way.deratedKWh < 0.01)
    #expect(study.cells[0].againstBlind != nil && study.cells[1].againstBlind == nil)
    // Verdict and ranking are of the first way.
    #expect(isClose(study.policies[1].meanCostDelta, 2.4, absolute: 1e-4))
  }

  // Peaks of the month, 10 EUR/kW: without a battery that helps 4 kW, with one 2 kW less.
  @Test("peaks that are higher than under none are counted and charged") func missedPeaks() throws {
    var none = try cell("none", peakKW: 3, demand: 30)
    let late = try cell("late", peakKW: 5, demand: 50)
    var same = late
    same.compare(withNone: none, limitC: 45)
    #expect(same.missedPeaks == 1 && same.missedPeakCharge == 20)
    none.compare(withNone: late, limitC: 45)
    #expect(none.missedPeaks == 0 && none.missedPeakCharge == 0)
  }

  private func cell(_ policy: String, peakKW: Double, demand: Double) throws -> StressCell {
    var outcome = try study().cells[0].outcome
    outcome.bill.months[0].peakKW = peakKW
    outcome.bill.months[0].monthlyDemand = demand
    return StressCell(
      policy: policy, fault: "none", weather: "none", outcome: outcome, violations: 0)
  }

  // Heat under none in slots 2 and 3 of four; the policy acts in slots 0 and 1, of which only slot 1 is followed by
  // heat within a reach of one slot of six hours.
  @Test("actions are held against the heat that would have come") func timing() throws {
    var none = try study().cells[0].outcome.trace
    none.hottestCellC = [40, 44, 46, 47]
    var trace = none
    trace.hottestCellC = [40, 43, 44, 44]
    trace.withheldBy = [.heat, .inverterTemperature, nil, .cold]
    let found = ActionTiming(of: trace, against: none, limitC: 45)
    #expect(found.leadHours == 12)
    #expect(found.precision == 0.5)
    trace.withheldBy = [nil, nil, nil, .heat]
    trace.hottestCellC[3] = 46
    let late = ActionTiming(of: trace, against: none, limitC: 45)
    #expect(late.leadHours == -6 && late.precision == nil)
    trace.withheldBy = [nil, nil, nil, nil]
    #expect(ActionTiming(of: trace, against: none, limitC: 45) == ActionTiming())
  }

  // A hundredth of a life of 4000 is 40; wear is left out.
  @Test("a price of the life takes the place of wear") func life() throws {
    var outcome = try study().cells[0].outcome
    outcome.wearCost = 3
    outcome.ledger = nil
    let price = LifePrice(replacement: 4000, years: 10)
    let cell = StressCell(
      policy: "a", fault: "none", weather: "none", outcome: outcome, violations: 0, lifePrice: price
    )
    #expect(cell.lifeCost == 0)
    #expect(isClose(cell.cost, outcome.cost - 3, relative: 1e-12))
    #expect(price.cost(ofLifeFraction: 0.01) == 40)
    #expect(price.projectCost(ofLifeFraction: 0.01) == 400)
  }
}
