/// What the battery does when load and photovoltaics differ from the plan.
///
/// The rule can matter more than the forecast, so it is part of every result.
public enum RecourseRule: String, Sendable, Hashable, CaseIterable, Codable {
  /// Follow the battery power of the plan; the grid takes every difference.
  case batterySetPoint = "battery_set_point"
  /// Follow the grid power of the plan; the battery takes every difference.
  case gridSetPoint = "grid_set_point"
  /// Run the mode the plan implies: self-use, grid charge, sell, hold; never above the peak target.
  case modeBand = "mode_band"
  /// Minimise the actual cost of the tick plus the plan's cost to go.
  case valueStep = "value_step"
}

/// What happens at one control tick, as measured.
public struct RecourseSituation: Sendable {
  /// Actual load. [kW]
  public var loadKW: Double
  /// Actual photovoltaic power. [kW]
  public var pvKW: Double
  /// Stored energy on the scale of the plan's envelope. [kWh]
  public var storedKWh: Double
  /// Most the battery can charge now. [kW]
  public var chargeLimitKW: Double
  /// Most the battery can discharge now. [kW]
  public var dischargeLimitKW: Double
  /// Length of the tick. [s]
  public var seconds: Double
  /// Highest import that keeps the metering interval's mean at the peak target; `infinity` for none. [kW]
  public var importAllowanceKW: Double
  /// Imports above which each kWh costs more; only the value step weighs them.
  public var importLines: [ImportLine] = []
  /// Import limit of the site. [kW]
  public var importLimitKW: Double
  /// Export limit of the site. [kW]
  public var exportLimitKW: Double
  /// Wear per discharged energy. [currency/kWh]
  public var wearPerKWh: Double
  /// Efficiency of charging, AC to stored.
  public var chargeEfficiency: Double
  /// Efficiency of discharging, stored to AC.
  public var dischargeEfficiency: Double

  /// Powers at which the inverter can run.
  public var powerSteps = PowerSteps.free
  /// Production that can be thrown away, rising amounts besides none; empty where any amount can be. [kW]
  public var curtailmentKW: [Double] = []

  /// Creates a situation.
  public init(
    loadKW: Double, pvKW: Double, storedKWh: Double, chargeLimitKW: Double,
    dischargeLimitKW: Double, seconds: Double, importAllowanceKW: Double = .infinity,
    importLimitKW: Double = .infinity, exportLimitKW: Double = .infinity, wearPerKWh: Double = 0,
    chargeEfficiency: Double = 1, dischargeEfficiency: Double = 1
  ) {
    self.loadKW = loadKW
    self.pvKW = pvKW
    self.storedKWh = storedKWh
    self.chargeLimitKW = chargeLimitKW
    self.dischargeLimitKW = dischargeLimitKW
    self.seconds = seconds
    self.importAllowanceKW = importAllowanceKW
    self.importLimitKW = importLimitKW
    self.exportLimitKW = exportLimitKW
    self.wearPerKWh = wearPerKWh
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
  }

  /// Load less photovoltaic power. [kW]
  var netKW: Double { loadKW - pvKW }
}

/// What a rule asks of the site for one tick.
public struct RecourseRequest: Sendable, Hashable {
  /// Battery power, positive when discharging. [kW]
  public var batteryKW: Double
  /// Photovoltaic power to throw away. [kW]
  public var curtailKW: Double
}

extension RecourseRule {
  /// Returns what to do in a tick of a slot of a plan.
  ///
  /// Ask at every control tick: the value step looks one tick ahead and lets the cost to go decide.
  ///
  /// - Parameters:
  ///   - plan: The plan in force.
  ///   - slot: The plan's slot now.
  ///   - situation: What is measured now.
  /// - Returns: Battery power and curtailment, within the limits of the situation.
  public func request(
    plan: Plan, slot: Int, situation: RecourseSituation
  ) -> RecourseRequest {
    let battery = batteryKW(plan: plan, slot: slot, situation)
    return RecourseRequest(
      batteryKW: battery,
      curtailKW: Self.curtailKW(plan: plan, slot: slot, situation, batteryKW: battery))
  }

  /// Returns the power that all batteries of a plan have together, within the limits of the situation. [kW]
  func batteryKW(plan: Plan, slot: Int, _ situation: RecourseSituation) -> Double {
    let wanted: Double
    switch self {
    case .batterySetPoint:
      wanted = plan.batteryKW(slot)
    case .gridSetPoint:
      wanted = situation.netKW - plan.gridKW(slot)
    case .modeBand:
      wanted = PlanMode(plan: plan, slot: slot).batteryKW(plan: plan, slot: slot, situation)
    case .valueStep:
      wanted = ValueStep.batteryKW(plan: plan, slot: slot, situation)
    }
    var battery = min(situation.dischargeLimitKW, max(-situation.chargeLimitKW, wanted))
    if self == .gridSetPoint { battery = plan.peakGuarded(battery, situation) }
    return situation.powerSteps.isFree
      ? battery : stepped(battery, plan: plan, slot: slot, situation)
  }

  /// Returns the power next to one at which the inverter can run: for the value step the cheapest, for the others the
  /// nearest, of equal ones the lower.
  private func stepped(
    _ batteryKW: Double, plan: Plan, slot: Int, _ s: RecourseSituation
  ) -> Double {
    let candidates = s.powerSteps.around(
      batteryKW, chargeKW: s.chargeLimitKW, dischargeKW: s.dischargeLimitKW)
    func rank(_ power: Double) -> Double {
      self == .valueStep
        ? ValueStep.cost(ofKW: power, plan: plan, slot: slot, s) : abs(power - batteryKW)
    }
    var best = candidates[0]
    var least = rank(best)
    for power in candidates.dropFirst() {
      let cost = rank(power)
      if cost < least { (best, least) = (power, cost) }
    }
    return best
  }

  /// Throws surplus away where feeding it in costs money or is not allowed.
  static func curtailKW(
    plan: Plan, slot: Int, _ s: RecourseSituation, batteryKW: Double
  ) -> Double {
    let grid = s.netKW - batteryKW
    if !s.curtailmentKW.isEmpty {
      let price = ValueStep.price(plan: plan, slot: slot, s)
      return max(0, price.cheapestKW(netKW: grid, amountsKW: s.curtailmentKW) - grid)
    }
    if plan.sellPerKWh[slot] > plan.buyPerKWh[slot] {
      // Feeding in may earn more than import does, so both are tried.
      var caps = Caps()
      let roof = min(s.importAllowanceKW, s.importLimitKW)
      if roof < .infinity { caps.insert(aboveKW: max(0, roof), price: .greatestFiniteMagnitude) }
      let price = MeterPrice(
        buy: plan.buyPerKWh[slot], sell: plan.sellPerKWh[slot], exportLimitKW: s.exportLimitKW,
        pvKW: s.pvKW, caps: caps)
      return max(0, min(s.pvKW, price.cheapestKW(netKW: grid) - grid))
    }
    if plan.buyPerKWh[slot] < 0 {
      // Import earns money, so production makes way for it as far as the peak target leaves room.
      let roof = min(s.importAllowanceKW, s.importLimitKW)
      return max(0, min(s.pvKW, roof - grid))
    }
    let floor = plan.sellPerKWh[slot] < 0 ? 0 : -s.exportLimitKW
    return max(0, min(s.pvKW, floor - grid))
  }
}

extension Plan {
  /// Raises the discharge, or lowers the charge, until the import fits the peak target.
  fileprivate func peakGuarded(_ battery: Double, _ s: RecourseSituation) -> Double {
    let roof = min(s.importAllowanceKW, s.importLimitKW)
    guard s.netKW - battery > roof else { return battery }
    return min(s.dischargeLimitKW, max(battery, s.netKW - roof))
  }
}

/// What a slot of a plan is for.
enum PlanMode {
  case selfUse
  case gridCharge
  case sell
  case hold

  init(plan: Plan, slot: Int) {
    let tiny = 1e-6
    let charge = plan.chargeKW[slot]
    let discharge = plan.dischargeKW[slot]
    if charge > tiny, plan.importKW[slot] > tiny {
      self = .gridCharge
    } else if discharge > tiny, plan.exportKW[slot] > tiny {
      self = .sell
    } else if charge <= tiny, discharge <= tiny,
      plan.importKW[slot] > tiny || plan.exportKW[slot] > tiny
    {
      self = .hold
    } else if discharge > tiny, plan.importKW[slot] > tiny {
      // Serving a part of the load: the battery keeps the import at the plan's level.
      self = .selfUse
    } else {
      self = .selfUse
    }
  }

  func batteryKW(plan: Plan, slot: Int, _ s: RecourseSituation) -> Double {
    let planned = plan.batteryKW(slot)
    let net = s.netKW
    let wanted: Double
    switch self {
    case .selfUse:
      // Net zero, but what the plan leaves to the grid on purpose stays with it.
      if planned > 0, plan.importKW[slot] > 1e-6 {
        wanted = max(0, min(net, max(planned, net - plan.importKW[slot])))
      } else if planned < 0, plan.exportKW[slot] > 1e-6 {
        wanted = min(0, max(net, min(planned, net + plan.exportKW[slot])))
      } else {
        wanted = net
      }
    case .gridCharge: wanted = min(planned, net)
    case .sell: wanted = max(planned, net)
    case .hold:
      // Holding is meant against the planned direction only: surplus is kept, not bought.
      if plan.importKW[slot] > 1e-6 { wanted = min(0, net) } else { wanted = max(0, net) }
    }
    let limited = min(s.dischargeLimitKW, max(-s.chargeLimitKW, wanted))
    return plan.peakGuarded(limited, s)
  }
}
