internal import Tariffs

/// Bounds the cost over one peak where the plan is exact at each target and the cost over the targets is not
/// convex: where feeding in pays more than buying costs, or a price pays for losing energy.
///
/// A higher target never costs more before the price of the peak, so between two targets nothing costs less
/// than the plan at the upper one with the price of the lower one. The stretch with the least such bound is
/// halved until the best plan meets it.
enum PeakBranching {
  /// Most runs of the value function.
  private static let mostEvaluations = 120
  /// Most slots of all runs together.
  private static let mostSlots = 2_000_000
  /// Relative distance of the bounds at which the search ends.
  private static let tolerance = 1e-8

  /// A stretch of targets and the cost at its upper end without the price of the peak.
  private struct Stretch {
    var low: Double
    var high: Double
    var cost: Double
    func bound(_ price: Double) -> Double { cost + price * low }
  }

  /// Returns a plan of one peak with a bound that is at least as high as its own.
  static func tightened(_ plan: Plan, _ request: PlanRequest) -> Plan {
    guard let own = plan.lowerBound, plan.objective - own > tolerance * max(1, abs(plan.objective)),
      case .perKWh = request.terminal, let model = PlanningModel(request)
    else { return plan }
    let active = model.searchedDemands
    guard active.count == 1, model.keepingPerKWh == 0 else { return plan }
    var tightened = plan
    tightened.lowerBound = max(own, bound(model, active[0], best: plan.objective))
    return tightened
  }

  private static func bound(_ model: PlanningModel, _ k: Int, best: Double) -> Double {
    var recursion = ValueRecursion()
    recursion.open(model)
    recursion.keepsShape = true
    var targets = [Double](repeating: .infinity, count: model.demands.count)
    func cost(_ target: Double) -> Double {
      targets[k] = target
      recursion.run(model, targets: targets)
      return model.penalisedCost(recursion, targets: targets)
    }
    let price = model.demands[k].pricePerKW
    let floor = max(0, model.demands[k].incurredKW)
    let free = cost(.infinity)
    let most = max(floor, model.peakKW(k, of: recursion.flows))
    var best = min(best, free + price * (most - floor))
    // Prices of peaks are counted from what is incurred.
    var stretches = [Stretch(low: 0, high: most - floor, cost: free)]
    best = min(best, cost(floor))
    let evaluations = min(mostEvaluations, mostSlots / max(1, model.count))
    for _ in 0..<evaluations {
      guard
        let least = stretches.indices.min(by: {
          stretches[$0].bound(price) < stretches[$1].bound(price)
        })
      else { break }
      let stretch = stretches[least]
      if stretch.bound(price) >= best - tolerance * max(1, abs(best)) { break }
      let middle = 0.5 * (stretch.low + stretch.high)
      let found = cost(floor + middle)
      best = min(best, found + price * middle)
      stretches[least].low = middle
      stretches.append(Stretch(low: stretch.low, high: middle, cost: found))
    }
    return stretches.map { $0.bound(price) }.min() ?? -.infinity
  }
}
