internal import Numerics
internal import Tariffs

/// Which solver plans.
public enum PlannerChoice: String, Sendable, Hashable, CaseIterable, Codable {
  /// The value function wherever it is exact, GLPK elsewhere.
  case automatic = "auto"
  /// GLPK for every plan.
  case glpk
  /// The value function for every plan, also where it is only close.
  case valueFunction = "value-function"
}

/// Plans with the faster solver that is exact, and has the other check a sample of the plans.
///
/// Both solvers share nothing but the prepared numbers of a request, so agreement is a certificate; GLPK begins
/// its search at the plan to be checked and judges it by prices of its own. The
/// sample is drawn from a seed; the number of certified plans and the largest gap are in `counts`.
public struct AutomaticPlanner: SchedulePlanner {
  /// Which solver plans.
  public let choice: PlannerChoice
  /// Share of plans that both solvers make, 0…1.
  public let certifiedShare: Double
  /// Relative difference of cost beyond which a run cannot be trusted.
  public static let largestGap = 1e-7

  private var valueFunction = ValueFunctionPlanner()
  private var glpk = GLPKPlanner()
  private var certifier = GLPKPlanner()
  private var generator: SeededGenerator
  /// Whether the next plan is drawn to be certified.
  private var isNextDrawn: Bool
  private var own = PlanCounts()

  /// Prepares a planner.
  ///
  /// - Parameters:
  ///   - choice: Which solver plans.
  ///   - seed: Draws the plans that are certified.
  ///   - certifiedShare: Share of plans that both solvers make.
  public init(_ choice: PlannerChoice = .automatic, seed: UInt64, certifiedShare: Double = 0.01) {
    self.choice = choice
    self.certifiedShare = certifiedShare
    generator = SeededGenerator(seed: seed, label: "certified plans")
    isNextDrawn = generator.uniform() < certifiedShare
    certifier.attachesValueFunction = false
  }

  /// What happened so far; the certifier's own plans are not counted as plans.
  public var counts: PlanCounts {
    var sum = valueFunction.counts
    sum.add(glpk.counts)
    sum.add(own)
    return sum
  }

  /// Returns whether the certified plans agree.
  public var isCertified: Bool { own.maxCertifiedGap <= Self.largestGap }

  /// Returns the best schedule.
  public mutating func plan(_ request: PlanRequest) -> Plan {
    var request = request
    let obstacles = ValueFunctionPlanner.obstacles(in: request)
    for obstacle in obstacles { own.obstacles[obstacle, default: 0] += 1 }
    let isExact = obstacles.isEmpty
    let isDrawn = isNextDrawn
    // A plan can only be certified as a whole.
    if isDrawn { request.mayEndDecided = false }
    isNextDrawn = generator.uniform() < certifiedShare
    let usesValueFunction = choice == .valueFunction || (choice == .automatic && isExact)
    let plan = usesValueFunction ? valueFunction.plan(request) : glpk.plan(request)
    if isDrawn, isExact, plan.status == .optimal { certify(plan, request, usesValueFunction) }
    return plan
  }

  /// Passes over a plan that the value function would make exactly and nobody asks for.
  ///
  /// - Returns: Whether it may be left out; not where it is drawn to be certified.
  mutating func passes(over request: PlanRequest) -> Bool {
    guard choice != .glpk, !isNextDrawn, ValueFunctionPlanner.isExact(for: request) else {
      return false
    }
    isNextDrawn = generator.uniform() < certifiedShare
    return true
  }

  private mutating func certify(_ plan: Plan, _ request: PlanRequest, _ usesValueFunction: Bool) {
    // The value carried from the last plan is part of the request's meaning, so pass it on as a table.
    var same = request
    if case .nextDayShadowPrice = request.terminal { same.terminal = plan.terminal ?? .none }
    let other: Plan
    if usesValueFunction {
      other = certifier.plan(same, near: plan)
      guard other.solver == "glpk" else { return }
    } else {
      var fresh = ValueFunctionPlanner()
      other = fresh.plan(same)
    }
    own.certified += 1
    let cost = plan.objective - plan.keepingValue
    let gap = abs(cost - other.objective + other.keepingValue) / max(1, abs(cost))
    own.maxCertifiedGap = max(own.maxCertifiedGap, gap)
  }
}
