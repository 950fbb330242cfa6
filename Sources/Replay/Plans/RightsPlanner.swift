import Planning
import TimeSeries

/// Plans a battery by what rules of the connection leave it at the net load that the plan comes to.
///
/// Where loads can wait, how much that is depends on where they run, which no linear program can choose together with
/// the battery. So they are placed first, with a battery that may serve any of them and charge from any surplus of the
/// others, and then the battery is planned around them.
struct RightsPlanner {
  private let rights: BatteryRights
  private var planner: HedgedPlanner
  private var placer: HedgedPlanner

  /// Prepares a planner.
  ///
  /// - Parameter settings: How plans are made.
  init(_ settings: ReplaySettings) {
    rights = settings.rights
    planner = HedgedPlanner(settings.hedge.hedge, choice: settings.engine, seed: settings.seed)
    placer = HedgedPlanner(.none, choice: settings.engine, seed: settings.seed)
  }

  /// What happened so far; plans that only placed loads are none of their own.
  var counts: PlanCounts {
    var counts = planner.counts
    counts.add(placer.counts)
    counts.plans -= placer.counts.plans
    return counts
  }

  /// Whether the certified plans agree.
  var isCertified: Bool { planner.isCertified && placer.isCertified }

  /// Returns the best schedule for a request and the paths its horizon may take.
  ///
  /// Paths share the limits of the expected net load.
  mutating func plan(_ request: PlanRequest, paths: [ForecastPath]) -> Plan {
    // What several batteries may do together is in the request.
    if request.jointPower != nil { return planner.plan(request, paths: paths) }
    if rights.isFree || request.waitingLoads.isEmpty {
      return planner.plan(request.keeping(rights), paths: paths)
    }
    let placed = placer.plan(request.keeping(rights), paths: [])
    guard !placed.waitingKW.isEmpty else { return placed }
    var around = request
    var others = paths
    around.waitingLoads = []
    around.mayEndDecided = false
    for power in placed.waitingKW {
      for t in request.grid.indices {
        around.loadKW[t] += power[t]
        for k in others.indices where others[k].loadKW.count == power.count {
          others[k].loadKW[t] += power[t]
        }
      }
    }
    var plan = planner.plan(around.keeping(rights), paths: others)
    guard plan.status != .invalid else { return plan }
    plan.takeWaitingLoads(of: placed)
    return plan
  }
}
