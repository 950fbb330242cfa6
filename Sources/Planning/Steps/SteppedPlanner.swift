/// Plans batteries that act at full power or rest, at a linear price of energy and a quadratic one of the peak.
///
/// Below a roof over the power at the meter the cheapest energy is found by an exact dynamic program over the steps
/// that all batteries hold together. The roof is sought by branch and bound: between two roofs no plan costs
/// less than the energy under the higher one and the peak at the lower one.
public struct SteppedPlanner {
  private let netKW: [Double]
  private let pricePerKWh: [Double]
  private let stepHours: Double
  private let peakPerKW2: Double
  private let batteries: [SteppedBattery]
  /// Power at the meter of every mixture of actions, rest first. [kW]
  private var mixtureKW: [Double] = []
  private var mixtures: [[BatteryAction]] = []
  /// State after a mixture, or -1, by mixture and state.
  private var next: [[Int32]] = []
  private var stateCount = 1
  private var startState = 0
  // Memory that is kept from roof to roof.
  private var value: [Double] = []
  private var best: [UInt8] = []

  /// Relative distance from the best plan that is left open.
  public static let tolerance = 1e-5

  /// Most mixtures of steps of all batteries together.
  public static let mostStates = 100_000

  /// Prepares a period.
  ///
  /// - Parameters:
  ///   - netKW: Load less production, one per slot. [kW]
  ///   - pricePerKWh: Price of energy, which may be below zero; one per slot. [currency/kWh]
  ///   - stepHours: Length of a slot. [h]
  ///   - batteries: The batteries; they begin full.
  ///   - peakPerKW2: Price of the square of the highest power. [currency/kW²]
  public init(
    netKW: [Double], pricePerKWh: [Double], stepHours: Double, batteries: [SteppedBattery],
    peakPerKW2: Double
  ) {
    precondition(netKW.count == pricePerKWh.count, "one price per slot")
    self.netKW = netKW
    self.pricePerKWh = pricePerKWh
    self.stepHours = stepHours
    self.peakPerKW2 = peakPerKW2
    self.batteries = batteries
    prepareStates()
  }

  /// Number of states of all batteries together.
  ///
  /// - Parameters:
  ///   - batteries: The batteries.
  ///   - stepHours: Length of a slot. [h]
  /// - Returns: The number; beyond ``mostStates`` nothing is planned.
  public static func stateCount(_ batteries: [SteppedBattery], stepHours: Double) -> Int {
    batteries.reduce(1) { sum, battery in
      min(mostStates + 1, sum * (battery.levels(stepHours: stepHours) + 1))
    }
  }

  private mutating func prepareStates() {
    let levels = batteries.map { $0.levels(stepHours: stepHours) }
    mixtures = [[]]
    for _ in batteries {
      mixtures = mixtures.flatMap { mixture in
        [BatteryAction.rest, .charge, .discharge].map { mixture + [$0] }
      }
    }
    mixtureKW = mixtures.map { mixture in
      zip(batteries, mixture).reduce(0) { $0 + $1.0.meterKW($1.1) }
    }
    stateCount = levels.reduce(1) { $0 * ($1 + 1) }
    startState = stateCount - 1
    next = mixtures.map { mixture in
      (0..<stateCount).map { state in
        var rest = state
        var weight = 1
        var after = 0
        for (level, action) in zip(levels, mixture) {
          let held = rest % (level + 1) + action.rawValue
          guard (0...level).contains(held) else { return -1 }
          after += held * weight
          rest /= level + 1
          weight *= level + 1
        }
        return Int32(after)
      }
    }
  }

  /// Returns the best plan, to a relative distance of ``tolerance`` from what is proven.
  public mutating func plan() -> SteppedPlan {
    guard !netKW.isEmpty, let free = plan(under: .infinity) else { return atRest() }
    var found = free
    var bound = Double.infinity
    // No roof is lower than what all batteries together leave of the highest power.
    let lowest = mixtureKW.min() ?? 0
    let floor = max(0, (netKW.max() ?? 0) + lowest)
    var open: [(low: Double, high: Double, energy: Double)] = [
      (min(floor, free.peakKW), free.peakKW, free.energyCost)
    ]
    while let span = open.popLast() {
      let least = span.energy + peakPerKW2 * span.low * span.low
      if least >= found.cost - Self.tolerance * max(1, abs(found.cost))
        || span.high - span.low < 1e-6
      {
        bound = min(bound, least)
        continue
      }
      let middle = 0.5 * (span.low + span.high)
      guard let plan = plan(under: middle) else {
        open.append((middle, span.high, span.energy))
        continue
      }
      if plan.cost < found.cost { found = plan }
      open.append((middle, span.high, span.energy))
      open.append((span.low, max(span.low, plan.peakKW), plan.energyCost))
    }
    found.lowerBound = min(bound, found.cost)
    return found
  }

  private func atRest() -> SteppedPlan {
    let rest = [BatteryAction](repeating: .rest, count: netKW.count)
    return scored(batteries.map { _ in rest })
  }

  /// Returns what actions come to at this net power.
  public func scored(_ actions: [[BatteryAction]]) -> SteppedPlan {
    var plan = SteppedPlan(
      actions: actions, batteryKW: [Double](repeating: 0, count: netKW.count), energyCost: 0,
      peakKW: 0, peakCost: 0, lowerBound: -.infinity)
    for t in netKW.indices {
      for (battery, action) in zip(batteries, actions) {
        plan.batteryKW[t] += battery.meterKW(action[t])
      }
      let power = netKW[t] + plan.batteryKW[t]
      plan.energyCost += stepHours * power * pricePerKWh[t]
      plan.peakKW = max(plan.peakKW, power)
    }
    plan.peakCost = peakPerKW2 * plan.peakKW * plan.peakKW
    return plan
  }

  /// Finds the cheapest energy below a roof; nothing where none keeps it.
  private mutating func plan(under roofKW: Double) -> SteppedPlan? {
    let n = netKW.count
    if best.count != n * stateCount {
      best = [UInt8](repeating: 0, count: n * stateCount)
    }
    value = [Double](repeating: 0, count: stateCount)
    var later = value
    for t in stride(from: n - 1, through: 0, by: -1) {
      swap(&value, &later)
      let price = stepHours * pricePerKWh[t]
      let place = t * stateCount
      for s in 0..<stateCount { value[s] = .infinity }
      for (m, power) in mixtureKW.enumerated() where netKW[t] + power <= roofKW + 1e-9 {
        let cost = price * power
        let after = next[m]
        for s in 0..<stateCount where after[s] >= 0 {
          let sum = cost + later[Int(after[s])]
          // Of equal costs the first stands, which rests.
          if sum < value[s] {
            value[s] = sum
            best[place + s] = UInt8(m)
          }
        }
      }
    }
    guard value[startState] < .infinity else { return nil }
    var state = startState
    var actions = batteries.map { _ in [BatteryAction]() }
    for t in 0..<n {
      let m = Int(best[t * stateCount + state])
      for (k, action) in mixtures[m].enumerated() { actions[k].append(action) }
      state = Int(next[m][state])
    }
    return scored(actions)
  }
}
