public import Tariffs

/// The peak that execution may not exceed, held over plans.
///
/// Each noisy re-plan would raise its own target a little. So the target only falls with new plans, and
/// rises only when a realised peak has gone above it; a new day or billing month starts afresh.
public struct PeakGuard: Sendable {
  /// One demand price under guard.
  public struct Target: Sendable, Hashable {
    /// Name of the rule with its period.
    public var label: String
    /// Import not to exceed. [kW]
    public var levelKW: Double
  }

  /// Targets in force.
  public private(set) var targets: [Target] = []
  private var sums: [(label: String, energyKWh: Double, seconds: Double)] = []
  private var day: Int?

  /// Guards nothing yet.
  public init() {}

  /// Takes over the targets of a new plan: a target that is held is never raised.
  ///
  /// - Parameters:
  ///   - plan: The new plan.
  ///   - demands: Its demand prices.
  ///   - day: Local day number; on a new day the plan's targets are taken as they are.
  public mutating func adopt(_ plan: Plan, demands: [DemandPrice], day: Int) {
    let isNewDay = self.day != day
    self.day = day
    var next: [Target] = []
    for (k, demand) in demands.enumerated() where demand.pricePerKW > 0 {
      var level = max(plan.peakTargetKW[k], demand.incurredKW)
      if !isNewDay, let held = targets.first(where: { $0.label == demand.label }) {
        level = min(level, max(held.levelKW, demand.incurredKW))
      }
      next.append(Target(label: demand.label, levelKW: level))
    }
    targets = next
  }

  /// Returns the import a tick may have so that the metering intervals it is in end at their targets.
  ///
  /// - Parameters:
  ///   - slot: The slot of the plan in force.
  ///   - demands: Its demand prices.
  ///   - meteringSeconds: Length of a metering interval. [s]
  /// - Returns: The highest import now; `infinity` where nothing is held. [kW]
  public func importAllowanceKW(
    slot: Int, demands: [DemandPrice], meteringSeconds: Double
  ) -> Double {
    var allowance = Double.infinity
    for demand in demands where slot < demand.applies.count && demand.applies[slot] {
      guard let target = targets.first(where: { $0.label == demand.label }) else { continue }
      let sum = sums.first(where: { $0.label == demand.label })
      let used = sum?.energyKWh ?? 0
      let left = (meteringSeconds - (sum?.seconds ?? 0)) / 3600
      let budget = target.levelKW * meteringSeconds / 3600 - used
      allowance = min(allowance, left > 0 ? max(0, budget / left) : target.levelKW)
    }
    return allowance
  }

  /// Enters what was imported in a tick; a full interval above the target raises it.
  public mutating func record(
    importKW: Double, seconds: Double, slot: Int, demands: [DemandPrice], meteringSeconds: Double
  ) {
    for demand in demands where slot < demand.applies.count && demand.applies[slot] {
      var place = sums.firstIndex { $0.label == demand.label }
      if place == nil {
        sums.append((demand.label, 0, 0))
        place = sums.count - 1
      }
      guard let place else { continue }
      sums[place].energyKWh += max(0, importKW) * seconds / 3600
      sums[place].seconds += seconds
      if sums[place].seconds >= meteringSeconds - 1e-6 {
        let mean = sums[place].energyKWh * 3600 / sums[place].seconds
        sums.remove(at: place)
        if let t = targets.firstIndex(where: { $0.label == demand.label }) {
          targets[t].levelKW = max(targets[t].levelKW, mean)
        }
      }
    }
  }
}
