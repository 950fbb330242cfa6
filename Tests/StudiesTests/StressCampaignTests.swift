import Forecasting
import Numerics
import Replay
import SiteSupport
import TestSupport
import Testing
import Twin

@testable import Studies

/// What must hold of every policy under faults.
@Suite("Laws of derating under faults", .tags(.physics)) struct StressCampaignTests {
  private static let box = EnclosureSpecification(
    airCapacityJPerK: 4000, ventilationWPerK: 8, leakWPerK: 3,
    hvac: HVACSpecification(coolingKW: 0.3, setpointC: 30))

  private static func battery(
    _ policy: DeratingPolicy, _ faults: [FaultSpecification] = []
  ) throws -> TwinSpecification {
    try .sized(
      capacityKWh: 10, powerKW: 5, enclosure: box, derating: policy, faults: faults)
  }

  /// Four days at 38 °C with a load that the battery carries in the evening.
  private static func days() throws -> (days: PlannedDays, replay: ReplayCase) {
    var history = PaperSite.history(
      loadKW: [[1, 1, 1, 3], [1, 1, 1, 4], [1, 1, 1, 2], [1, 1, 1, 3]])
    history[.ambient] = history[.load]?.map { _ in 38 }
    let replay = try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(), battery: battery(.none))
    let outcome = try Replayer(replay).run(.planned(PaperSite.version(.perfect)))
    return (try PlannedDays(replay, following: outcome), replay)
  }

  private static let policies: [DeratingPolicy] = [.none, .residential, .cautious]

  private func campaign(
    _ count: Int, seed: UInt64 = 5, threads: Int = 2, own: [StressFault] = []
  ) throws -> StressCampaign {
    let (days, replay) = try Self.days()
    return try StressCampaign(
      days, start: { replay.period.instant($0) }, policies: Self.policies.map(\.name),
      healthy: replay.battery, own: own, count: count, seed: seed, stepSeconds: 300,
      twin: { try Self.battery(Self.policies[$0], $1) }, threads: threads)
  }

  @Test("energy balances in every run of a campaign of 500 days, and every kind of fault comes")
  func balance() throws {
    let own = [
      StressFault(name: "none"),
      StressFault(
        name: "hot corner",
        battery: [
          FaultSpecification(.hotCell(index: 3, factor: 3)),
          FaultSpecification(.fanFailure, startSeconds: 40 * 86_400),
        ], spikes: [LoadSpikes(heightKW: 2, everySeconds: 900, lengthSeconds: 60)]),
    ]
    let campaign = try campaign(500, own: own)
    #expect(campaign.runs.count == 500)
    let drawn = campaign.runs.map(\.day.fault).filter { $0.name.contains("hot corner") }
    #expect(drawn.count > 20 && drawn.count < 200)
    for fault in drawn {
      // As strong as the scenario says, within the day.
      let train = try #require(fault.spikes.first { $0.heightKW == 2 })
      #expect(train.startSeconds < 86_400 && train.endSeconds - train.startSeconds >= 3600)
      for kind in [FaultSpecification.Kind.hotCell(index: 3, factor: 3), .fanFailure] {
        #expect(
          fault.battery.contains {
            $0.kind == kind && $0.startSeconds == train.startSeconds
              && $0.endSeconds == train.endSeconds
          })
      }
    }
    #expect(!campaign.runs.contains { $0.day.fault.name.contains("none") })
    for run in campaign.runs {
      for outcome in run.outcomes {
        let moved = outcome.ledger.chargedKWh + outcome.ledger.dischargedKWh
        #expect(abs(outcome.ledger.balanceErrorKWh) <= 1e-9 * max(moved, 1), "\(run.number)")
        #expect(outcome.ledger.seconds == 86_400)
      }
    }
    for kind in FaultKind.allCases where kind != .logger {
      #expect(
        campaign.runs.contains { $0.day.fault.name.contains(kind.rawValue) }, "\(kind.rawValue)")
    }
    #expect(Set(campaign.runs.map(\.day.day)) == [0, 1, 2, 3])
    #expect(campaign.scores[0].meanCostDelta == 0)
    #expect(campaign.scores.contains { $0.deratedKWh > 0 })
  }

  @Test("equal seeds give equal days on any number of threads, another seed gives others")
  func seeds() throws {
    let one = try campaign(20, threads: 1)
    let two = try campaign(20, threads: 2)
    #expect(one.runs.map(\.day.fault.name) == two.runs.map(\.day.fault.name))
    #expect(one.scores.map(\.meanCostDelta) == two.scores.map(\.meanCostDelta))
    #expect(
      try campaign(20, seed: 6).runs.map(\.day.fault.name) != one.runs.map(\.day.fault.name))
  }

  @Test("a policy that never limits equals none to the last bit") func neverLimits() throws {
    // Tables, levels and recovery that leave everything at any temperature that comes.
    var generous = DeratingPolicy.late
    generous.charge = [.temperature(LinearTable(x: [-60, 90], y: [1, 1]))]
    generous.discharge = generous.charge
    generous.recovery = DeratingRecovery(
      hysteresisK: 2, dwellSeconds: 600, risePerMinute: 0.1, lookAheadSeconds: 600,
      foresight: .twin)
    generous.warning = DeratingWarning(
      leadSeconds: 300, limitC: 150, errorK: 1, levels: [.init(probability: 0.5, fraction: 0)])
    let (_, replay) = try Self.days()
    func outcome(_ policy: DeratingPolicy) throws -> ReplayOutcome {
      try Replayer(replay.with(battery: try Self.battery(policy)))
        .run(.planned(PaperSite.version(.perfect)))
    }
    let none = try outcome(.none)
    let other = try outcome(generous)
    for column in ReplayTrace.columns {
      #expect(
        none.trace[keyPath: column.values] == other.trace[keyPath: column.values], "\(column.key)")
    }
    #expect(none.bill == other.bill && none.cost == other.cost)
    #expect(none.ledger == other.ledger)
  }

  @Test("a stricter table never gives a hotter cell under the same plan", arguments: 1...12)
  func stricter(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let celsius = [0.0, 10, 35, 42, 48, 55]
    let loose = celsius.map { $0 < 42 ? 1 : generator.uniform(0.3, 1) }.enumerated()
      .reduce(into: [Double]()) { $0.append(min($1.element, $0.last ?? 1)) }
    let factor = generator.uniform(0.3, 0.9)
    let strict = loose.map { $0 * factor }
    // Large enough that neither is ever full or empty.
    func twin(_ shares: [Double]) throws -> DigitalTwin {
      let table = DeratingTable.temperature(LinearTable(x: celsius, y: shares))
      return DigitalTwin(
        try TwinSpecification.sized(
          capacityKWh: 40, powerKW: 40, spread: .none,
          derating: DeratingPolicy(name: "t", charge: [table], discharge: [table]), ageing: nil),
        seed: 1, socFraction: 0.5, temperatureC: 36)
    }
    var one = try twin(loose)
    var other = try twin(strict)
    for _ in 0..<12 {
      let power = generator.uniform(10, 40)
      for direction in [1.0, -1] {
        for _ in 0..<12 {
          _ = try one.step(requestKW: direction * power, ambientC: 38, seconds: 60)
          _ = try other.step(requestKW: direction * power, ambientC: 38, seconds: 60)
          #expect(other.hottestCellC <= one.hottestCellC + 1e-6)
        }
      }
    }
    #expect(other.hottestCellC < one.hottestCellC)
  }

  @Test("with a sensor stuck cold the protection acts, and the ranking puts the policy behind")
  func stuck() throws {
    let (days, _) = try Self.days()
    let fault = FaultSpecification(.sensorStuck(temperatureC: 20))
    let outcome = try days.run(
      day: 0, battery: try Self.battery(.cautious, [fault]),
      around: PlannedDays.Surroundings(ambientOffsetK: { _ in 35 }), stepSeconds: 60)
    #expect(outcome.ledger.cutOffs >= 1)
    #expect(outcome.ledger.cutOffSeconds > 0)
    // No current flows at 65 °C; the air alone warms the cells further, to its own 73 °C.
    #expect(outcome.ledger.hottestCellC > 65)
    let seen = try days.run(
      day: 0, battery: try Self.battery(.cautious),
      around: PlannedDays.Surroundings(), stepSeconds: 60)
    #expect(seen.ledger.cutOffs == 0)
  }

  // 4 slots of six hours; the day's plan and prices are those of the replay, so without faults and at its own steps
  // the day costs what the replay's cost.
  @Test("a day without faults repeats the replay's power") func repeats() throws {
    let (days, replay) = try Self.days()
    #expect(days.days == [0..<4, 4..<8, 8..<12, 12..<16])
    let outcome = try days.run(
      day: 1, battery: replay.battery, around: PlannedDays.Surroundings(), stepSeconds: 300)
    let replayed = try Replayer(replay).run(.planned(PaperSite.version(.perfect)))
    let peak = try #require(replayed.trace.gridKW[4..<8].max())
    #expect(isClose(outcome.peakKW, peak, absolute: 0.05))
  }
}
