import Numerics
import Replay
import SiteSupport
import TestSupport
import Testing
import Twin

@testable import Studies

@Suite("Stress study") struct StressTests {
  /// A policy that leaves the same share of the rated power at any temperature below 45 °C, and
  /// nothing above it.
  private static func policy(_ name: String, share: Double, hot: Double) -> DeratingPolicy {
    let table = DeratingTable.temperature(
      LinearTable(x: [44.9, 45], y: [share, hot]))
    return DeratingPolicy(name: name, charge: [table], discharge: [table])
  }

  // A load of 2 kW, 0.10 EUR/kWh before noon and 0.30 EUR/kWh after it, a battery of 24 kWh whose
  // cells give 2 kW. Without it a day costs 24·0.1 + 24·0.3 = 9.6. At full power 24 kWh move and
  // save 4.80, at half power 12 kWh and 2.40. In air of 50 °C a policy that stops saves nothing.
  private func study(
    weathers: [WeatherStress] = [WeatherStress(name: "none", ambientOffsetK: 0)]
  ) throws -> StressStudy {
    let policies = [
      Self.policy("full", share: 1, hot: 1), Self.policy("half", share: 0.5, hot: 0.5),
      Self.policy("stop", share: 1, hot: 0),
    ]
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[2, 2, 2, 2]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 24, powerKW: 2))
    return try StressStudy(
      replay, version: PaperSite.version(.perfect), policies: policies.map(\.name),
      faults: ["none"], weathers: weathers,
      twin: { policy, _ in
        try PaperSite.battery(
          capacityKWh: 24, powerKW: 2, derating: policies[policy], maximumRatePerHour: 1.0 / 12)
      }, threads: 1)
  }

  private let heat = [
    WeatherStress(name: "none", ambientOffsetK: 0), WeatherStress(name: "heat", ambientOffsetK: 30),
  ]

  @Test("costs are told against the first policy without its fault in the first weather")
  func costDifferences() throws {
    let cells = try study(weathers: heat).cells
    #expect(cells.map(\.policy) == ["full", "full", "half", "half", "stop", "stop"])
    #expect(cells.map(\.weather) == ["none", "heat", "none", "heat", "none", "heat"])
    #expect(cells.allSatisfy { $0.fault == "none" })
    #expect(cells[0].costDelta == 0)
    #expect(isClose(cells[0].outcome.cost, 4.8, absolute: 1e-4))
    for (cell, expected) in zip(cells, [0, 0, 2.4, 2.4, 0, 4.8]) {
      #expect(
        isClose(cell.costDelta, expected, absolute: 1e-4), "\(cell.policy) \(cell.weather)")
    }
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

  @Test("a policy's score is the mean cost, the hottest cell and the sum of hours of its cells")
  func policyScores() throws {
    // Mean cost: full 0, half 2.4, stop (0 + 4.8)/2. What passes less current stays cooler by less
    // than a millionth of a degree, which is enough for the front; whether half is on it is up to
    // what is left of resistance, for it costs what stop does.
    let front = try study(weathers: heat).pareto
    #expect(front.first?.policy == "full" && front.last?.policy == "stop")
    for score in front {
      #expect(isClose(score.meanCostDelta, score.policy == "full" ? 0 : 2.4, absolute: 1e-4))
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

  @Test("the choice is the cheapest of the policies with the least time above the limit")
  func choice() {
    func choice(_ rows: (name: String, cost: Double, hours: Double, life: Double)...) -> String? {
      PolicyScore.choice(
        of: rows.map {
          PolicyScore(
            policy: $0.name, meanCostDelta: $0.cost, lifeUsedFraction: $0.life, hottestCellC: 0,
            hoursAboveLimit: $0.hours)
        })?.policy
    }
    #expect(choice(("cheap", 0, 9, 0.1), ("dear", 5, 0, 0.1), ("dearer", 6, 0, 0)) == "dear")
    #expect(choice(("a", 1, 0, 0.2), ("b", 1.001, 0, 0.1)) == "b")
    #expect(choice(("a", 1, 0, 0.1), ("b", 1, 0, 0.1)) == "a")
    #expect(choice() == nil)
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
    let replay = try PaperSite.idleDay()
    #expect(
      StressStudy.intervalCount(replay, policies: 3, faults: 2, weathers: 2) == 3 * 2 * 2 * 4)
  }
}
