public import TimeSeries

/// A schedule over a horizon with what it costs and why.
///
/// All arrays have one value per slot. Powers are at the AC side and not negative.
public struct Plan: Sendable {
  /// Slots of the plan.
  public var grid: TimeGrid
  /// Power drawn from the grid. [kW]
  public var importKW: [Double]
  /// Power fed into the grid. [kW]
  public var exportKW: [Double]
  /// Charging power. [kW]
  public var chargeKW: [Double]
  /// Discharging power. [kW]
  public var dischargeKW: [Double]
  /// Photovoltaic power thrown away. [kW]
  public var curtailKW: [Double]
  /// Stored energy at the end of each slot. [kWh]
  public var energyKWh: [Double]
  /// Buying price used. [currency/kWh]
  public var buyPerKWh: [Double]
  /// Selling price used. [currency/kWh]
  public var sellPerKWh: [Double]
  /// Worth of one more stored kWh at the end of each slot. [currency/kWh]
  public var energyValuePerKWh: [Double]
  /// Cost of the plan: energy, wear, demand above what is incurred, soft limits, less the end value.
  public var objective: Double
  /// How the plan came about.
  public var status: PlanStatus
  /// Limits that had to give way.
  public var slack: [PlanSlack]
  /// The solver that made the plan: `value-function`, `glpk` or `none`.
  public var solver: String
  /// Import the plan aims not to exceed, one per demand price. [kW]
  public var peakTargetKW: [Double]
  /// Slots in which feeding in pays more than buying costs.
  public var invertedSlots: Int
  /// Slots in which the optimum charged and discharged, or imported and exported, at once.
  public var repairedSlots: Int
  /// Cost to go after each slot, for the value step; absent when the plan is idle.
  public var valueFunction: ValueFunction?
  /// Each battery where there are several; empty for one.
  ///
  /// Powers and energies of the plan are their sums, and the worth of energy is that of the first.
  public var batteries: [BatterySchedule] = []
  /// Power of each load that can wait, in the order of the request. [kW]
  public var waitingKW: [[Double]] = []
  /// What each of them is left short of in each slot. [kWh]
  public var waitingUnmetKWh: [[Double]] = []
  /// Part of the objective for what they are left short of, less the worth of what they store at the end.
  /// [currency]
  public var waitingCost = 0.0
  /// Worth of one kWh less of load in each slot, where GLPK planned. [currency/kWh]
  var meterWorthPerKWh: [Double] = []
  /// Power that the heat inside the plan leaves, where it was planned with heat. [kW]
  public var allowedKW: [Double]?
  /// Worth of keeping the planned energies that the plan counted with; not part of the cost. [currency]
  public var keepingValue = 0.0
  /// Price of importing above a peak target that the cost to go counts with. [currency/kWh]
  var overPeakPerKWh = 0.0
  /// Value of the energy left that the plan counted with.
  public var terminal: TerminalValue?
  /// Cost that no plan can go below in this model, when it is known.
  public var lowerBound: Double?

  /// Battery power of a slot, positive when discharging. [kW]
  public func batteryKW(_ slot: Int) -> Double { dischargeKW[slot] - chargeKW[slot] }
  /// Grid power of a slot, positive when importing. [kW]
  public func gridKW(_ slot: Int) -> Double { importKW[slot] - exportKW[slot] }

  /// Distance of the cost from the best bound, relative to the larger of the cost and one.
  public var relativeGap: Double? {
    lowerBound.map { max(0, objective - $0) / max(1, abs(objective)) }
  }
}

/// How a plan came about.
public enum PlanStatus: String, Sendable, Hashable, CaseIterable, Codable {
  /// The best plan of the model.
  case optimal
  /// A good plan whose distance from the best is known.
  case approximate
  /// Decided against several paths: its cost is for the forecast, its decisions are not.
  case hedged
  /// No solver succeeded: the battery rests.
  case idle
  /// The request held missing or impossible numbers: the battery rests.
  case invalid
}

/// A limit that had to give way, with what that costs.
public struct PlanSlack: Sendable, Hashable {
  /// The limit: `import_limit`, `energy_min`, `energy_max`, `reserve`, `end_energy` and others.
  public var rule: String
  /// By how much: kWh over the horizon.
  public var amount: Double
  /// Penalty in the objective; zero where a limit was moved before planning. [currency]
  public var cost: Double

  /// Creates a slack.
  public init(rule: String, amount: Double, cost: Double) {
    self.rule = rule
    self.amount = amount
    self.cost = cost
  }
}

/// Plans schedules, one after the other, remembering what makes the next one cheaper.
public protocol SchedulePlanner {
  /// Returns a plan for a request; there is always one, if need be of a battery at rest.
  mutating func plan(_ request: PlanRequest) -> Plan
  /// What happened in all plans so far.
  var counts: PlanCounts { get }
}

/// What happened while planning, over many plans.
public struct PlanCounts: Sendable, Hashable {
  /// Plans asked for.
  public var plans = 0
  /// Plans made by GLPK.
  public var glpk = 0
  /// Plans made by the value function.
  public var valueFunction = 0
  /// Plans solved by both.
  public var certified = 0
  /// Largest relative difference between the costs of both solvers.
  public var maxCertifiedGap = 0.0
  /// Warm starts whose basis was bad.
  public var coldStarts = 0
  /// Solves that went one step further down the ladder of methods.
  public var fallbacks = 0
  /// Plans no solver could make.
  public var failed = 0
  /// Plans in which a limit gave way.
  public var relaxed = 0
  /// Slots repaired from charging and discharging, or importing and exporting, at once.
  public var repairedSlots = 0
  /// Slots in which feeding in pays more than buying costs.
  public var invertedSlots = 0
  /// Simplex steps.
  public var iterations = 0
  /// Evaluations of the value function in searches for a peak.
  public var evaluations = 0
  /// Good plans that are not proven to be the best.
  public var approximate = 0
  /// Plans for something that the value function does not solve exactly, by what it is; GLPK alone
  /// vouches for them.
  public var obstacles: [PlanObstacle: Int] = [:]
  /// Plans decided against several paths.
  public var hedged = 0
  /// Plans that were to be hedged and had no path to be hedged against.
  public var unhedged = 0
  /// Paths that the hedged plans were decided against, all together.
  public var paths = 0
  /// Plans that keep to the powers at which the inverter can run, in their first slots.
  public var stepped = 0
  /// Plans for which such a search was given up, so that any power was planned.
  public var unstepped = 0
  /// Largest distance of a plan that keeps to the powers from the best at any power, relative to its cost.
  public var maxSteppedGap = 0.0
  /// Plans made only to find the envelope of the plan in force; not among `plans`.
  public var envelopeRounds = 0
  /// Plans whose envelope settled before the rounds ran out.
  public var settledEnvelopes = 0

  /// Begins at zero.
  public init() {}

  /// Adds the counts of another planner.
  public mutating func add(_ other: PlanCounts) {
    plans += other.plans
    glpk += other.glpk
    valueFunction += other.valueFunction
    certified += other.certified
    maxCertifiedGap = max(maxCertifiedGap, other.maxCertifiedGap)
    coldStarts += other.coldStarts
    fallbacks += other.fallbacks
    failed += other.failed
    relaxed += other.relaxed
    repairedSlots += other.repairedSlots
    invertedSlots += other.invertedSlots
    iterations += other.iterations
    evaluations += other.evaluations
    approximate += other.approximate
    obstacles.merge(other.obstacles) { $0 + $1 }
    hedged += other.hedged
    unhedged += other.unhedged
    paths += other.paths
    stepped += other.stepped
    unstepped += other.unstepped
    maxSteppedGap = max(maxSteppedGap, other.maxSteppedGap)
    envelopeRounds += other.envelopeRounds
    settledEnvelopes += other.settledEnvelopes
  }

  /// Enters what a finished plan says about itself.
  mutating func enter(_ plan: Plan) {
    plans += 1
    switch plan.solver {
    case "glpk": glpk += 1
    case "value-function": valueFunction += 1
    default: failed += 1
    }
    if plan.status == .approximate { approximate += 1 }
    if !plan.slack.isEmpty { relaxed += 1 }
    repairedSlots += plan.repairedSlots
    invertedSlots += plan.invertedSlots
  }
}
