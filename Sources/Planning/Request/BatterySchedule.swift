internal import TimeSeries

/// What one of several batteries does in a plan; all arrays have one value per slot.
public struct BatterySchedule: Sendable {
  /// Charging power. [kW]
  public var chargeKW: [Double]
  /// Discharging power. [kW]
  public var dischargeKW: [Double]
  /// Stored energy at the end of each slot. [kWh]
  public var energyKWh: [Double]
  /// Worth of one more stored kWh at the end of each slot. [currency/kWh]
  public var energyValuePerKWh: [Double]
  /// Cost to go after each slot while the other batteries follow the plan; absent when the plan is idle.
  public var valueFunction: ValueFunction?
  /// Value of the energy left that the plan counted with.
  public var terminal: TerminalValue?

  /// A battery that does nothing.
  init(count: Int, storedKWh: Double = 0) {
    chargeKW = [Double](repeating: 0, count: count)
    dischargeKW = chargeKW
    energyValuePerKWh = chargeKW
    energyKWh = [Double](repeating: storedKWh, count: count)
  }

  /// The battery of a plan of one.
  init(_ plan: Plan) {
    chargeKW = plan.chargeKW
    dischargeKW = plan.dischargeKW
    energyKWh = plan.energyKWh
    energyValuePerKWh = plan.energyValuePerKWh
    valueFunction = plan.valueFunction
    terminal = plan.terminal
  }

  /// Appends the first slots of another one.
  mutating func append(_ other: BatterySchedule, first count: Int) {
    chargeKW += other.chargeKW.prefix(count)
    dischargeKW += other.dischargeKW.prefix(count)
    energyKWh += other.energyKWh.prefix(count)
    energyValuePerKWh += other.energyValuePerKWh.prefix(count)
  }

  /// Power of a slot, positive when discharging. [kW]
  public func batteryKW(_ slot: Int) -> Double { dischargeKW[slot] - chargeKW[slot] }
}

extension Plan {
  /// Power of one of the batteries in a slot, positive when discharging. [kW]
  public func batteryKW(_ slot: Int, of battery: Int) -> Double {
    batteries.isEmpty ? batteryKW(slot) : batteries[battery].batteryKW(slot)
  }

  /// Returns the plan as that of one of its batteries: what is at the meter stays as it is.
  public func alone(_ battery: Int) -> Plan {
    guard !batteries.isEmpty else { return self }
    let own = batteries[battery]
    var plan = self
    plan.batteries = []
    plan.chargeKW = own.chargeKW
    plan.dischargeKW = own.dischargeKW
    plan.energyKWh = own.energyKWh
    plan.energyValuePerKWh = own.energyValuePerKWh
    plan.valueFunction = own.valueFunction
    plan.terminal = own.terminal
    return plan
  }

  /// Enters the batteries beside the first one, which the plan was made of: powers and energies become sums.
  mutating func enter(
    _ others: [BatterySchedule], of model: PlanningModel, _ request: PlanRequest
  ) {
    guard !others.isEmpty else { return }
    batteries = [BatterySchedule(self)] + others
    sumUp()
    for (b, own) in model.others.enumerated() {
      objective += own.ownCost(of: others[b])
      keepingValue += own.keepingValue(of: others[b].energyKWh)
      guard case .equalToStart = request.others[b].terminal else { continue }
      // As for the first battery the penalty of a missed end is counted from its target.
      objective += own.endValue(own.start)
      let missing = own.start - (others[b].energyKWh.last ?? own.start)
      if missing > 1e-7 {
        slack.append(
          PlanSlack(rule: "end_energy", amount: missing, cost: missing * own.limitPenalty))
      }
    }
  }

  /// Makes powers and energies the sums of the batteries.
  mutating func sumUp() {
    for t in grid.indices {
      chargeKW[t] = 0
      dischargeKW[t] = 0
      energyKWh[t] = 0
      for battery in batteries {
        chargeKW[t] += battery.chargeKW[t]
        dischargeKW[t] += battery.dischargeKW[t]
        energyKWh[t] += battery.energyKWh[t]
      }
    }
  }
}
