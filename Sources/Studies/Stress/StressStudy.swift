package import Replay
import TimeSeries
package import Twin

/// What derating policies cost and what they protect, under faults, weather and ways of planning.
package struct StressStudy: Sendable {
  /// Every combination, in the order of the plan.
  package let cells: [StressCell]
  /// Policies that no other policy beats in money, heat and life at once.
  package let pareto: [PolicyScore]
  /// Every policy over its cells, in the order given.
  package let policies: [PolicyScore]
  /// The policy to take: the cheapest of those under which the protection opens the circuit least often; of equal
  /// costs the one that uses less of the battery's life, then the first.
  package let choice: PolicyScore?
  /// Mean cost of the choice over its cells against that of every other policy, in their order.
  package let pairs: [PairedInterval]
  /// What knowing the heat is worth: mean cost over all cells of each way of planning against blind plans; empty where
  /// none are blind or all are.
  package let knowing: [HeatKnowledge]
  /// Price of the battery's life; nothing where it is not known.
  package let lifePrice: LifePrice?

  /// Replays every combination.
  ///
  /// - Parameters:
  ///   - replay: The case; twin, air, load and foresight of heat are replaced in each cell.
  ///   - version: The forecasts that plans are made with.
  ///   - plan: What is gone through.
  ///   - twin: Builds the battery system with the policy and the fault at these positions.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done.
  /// - Throws: What building a twin or a replay throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, version: ForecastVersion, plan: StressPlan,
    twin: @escaping @Sendable (_ policy: Int, _ fault: Int) throws -> TwinSpecification,
    threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let cells = try parallelMap(plan.places, threads: threads) { place in
      let fault = plan.faults[place.fault]
      let history = fault.applied(
        to: plan.weathers[place.weather].applied(to: replay.history), from: replay.period.start)
      var stressed = try replay.with(battery: try twin(place.policy, place.fault))
        .with(history: history)
      stressed.settings.heat = plan.heats[place.heat]
      let outcome = try Replayer(stressed).run(.planned(version), monitor: monitor)
      let limitC = replay.battery.temperatureLimitC
      return StressCell(
        policy: plan.policies[place.policy], fault: fault.name,
        weather: plan.weathers[place.weather].name, heat: plan.heats[place.heat],
        outcome: outcome, violations: outcome.trace.hottestCellC.count { $0 > limitC },
        unloggedHours: fault.unloggedSeconds(of: replay.period) / 3600, lifePrice: plan.lifePrice)
    }
    self.init(
      cells: cells, policies: plan.policies, limitC: replay.battery.temperatureLimitC,
      lifePrice: plan.lifePrice)
  }

  /// Scores finished replays.
  ///
  /// - Parameters:
  ///   - cells: Policies in the outer order, over the same period and the same cases each.
  ///   - policies: Names of the policies, the reference first.
  ///   - limitC: Temperature of a cell that is to be avoided. [°C]
  ///   - lifePrice: Price of the battery's life; nothing where it is not known.
  init(
    cells: [StressCell], policies: [String], limitC: Double = 45, lifePrice: LifePrice? = nil
  ) {
    let none = cells.filter { $0.policy == policies.first }
    let healthy = cells.first?.fault
    let compared = cells.map { cell in
      var cell = cell
      if cell.policy != policies.first, let other = none.first(where: { $0.isSameCase(cell) }) {
        cell.compare(withNone: other, limitC: limitC)
      }
      if cell.fault != healthy {
        cell.againstHealthy = cells.first {
          $0.policy == cell.policy && $0.fault == healthy && $0.weather == cell.weather
            && $0.heat == cell.heat
        }.map { PairedInterval(cell.costs.named(cell.fault), $0.costs.named($0.fault)) }
      }
      if cell.heat != .blind {
        cell.againstBlind = cells.first {
          $0.heat == .blind && $0.policy == cell.policy && $0.fault == cell.fault
            && $0.weather == cell.weather
        }.map {
          PairedInterval(cell.costs.named(cell.heat.rawValue), $0.costs.named($0.heat.rawValue))
        }
      }
      return cell
    }
    self.cells = compared
    self.lifePrice = lifePrice
    knowing = HeatKnowledge.all(of: compared)
    // The verdict is on one way of planning.
    let judged = compared.filter { $0.heat == compared.first?.heat }
    let judgedNone = judged.filter { $0.policy == policies.first }
    let scores = PolicyScore.ranked(
      policies.map { PolicyScore($0, of: judged, none: judgedNone, lifePrice: lifePrice) })
    self.policies = scores
    pareto = PolicyScore.paretoFront(of: scores)
    let choice = scores.first { $0.rank == 1 }
    self.choice = choice
    func costs(_ policy: String) -> VersionCosts {
      VersionCosts(meanOf: judged.filter { $0.policy == policy }.map(\.costs), name: policy)
    }
    pairs =
      choice.map { choice in
        PairedInterval.comparing(
          costs(choice.policy), with: policies.filter { $0 != choice.policy }.map(costs))
      } ?? []
  }
}

/// What one way of foreseeing the heat is worth against blind plans, on the mean of all policies and cases.
package struct HeatKnowledge: Sendable {
  /// How plans foresee the heat.
  package let heat: HeatForesight
  /// Mean cost of these plans less that of blind ones.
  package let pair: PairedInterval
  /// The same for each policy, in their order.
  package let byPolicy: [PairedInterval]
  /// Mean energy asked for and refused by policies, and the same of blind plans. [kWh]
  package let deratedKWh: Double
  package let blindDeratedKWh: Double

  /// Compares every way of planning with blind plans.
  static func all(of cells: [StressCell]) -> [HeatKnowledge] {
    let blind = cells.filter { $0.heat == .blind }
    guard !blind.isEmpty else { return [] }
    var heats: [HeatForesight] = []
    var policies: [String] = []
    for cell in cells {
      if cell.heat != .blind, !heats.contains(cell.heat) { heats.append(cell.heat) }
      if !policies.contains(cell.policy) { policies.append(cell.policy) }
    }
    func mean(_ cells: [StressCell], _ name: String) -> VersionCosts {
      VersionCosts(meanOf: cells.map(\.costs), name: name)
    }
    func refused(_ cells: [StressCell]) -> Double {
      cells.reduce(0) { $0 + $1.deratedKWh } / Double(max(1, cells.count))
    }
    let pairs = PairedInterval.corrected(
      heats.map { heat in
        PairedInterval(
          mean(cells.filter { $0.heat == heat }, heat.rawValue), mean(blind, "blind"))
      })
    return zip(heats, pairs).map { heat, pair in
      let own = cells.filter { $0.heat == heat }
      return HeatKnowledge(
        heat: heat, pair: pair,
        byPolicy: policies.map { policy in
          PairedInterval(
            mean(own.filter { $0.policy == policy }, policy),
            mean(blind.filter { $0.policy == policy }, policy))
        }, deratedKWh: refused(own), blindDeratedKWh: refused(blind))
    }
  }
}
