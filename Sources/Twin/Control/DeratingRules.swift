import Numerics

/// A policy with what makes it quick to read, for a twin and for a controller without one.
struct DeratingRules: Sendable {
  let policy: DeratingPolicy
  /// True when what is allowed does not follow from the present state alone.
  let hasMemory: Bool
  /// Leads for which rules ask the twin. [s]
  let twinLeads: [Double]
  /// True when a rule asks a kept model.
  let asksModels: Bool
  /// Where no table of a direction says less than 1.
  let freeCharge: DeratingPolicy.FreeRange
  let freeDischarge: DeratingPolicy.FreeRange

  /// Prepares a policy.
  init(_ policy: DeratingPolicy) {
    self.policy = policy
    hasMemory = policy.hasMemory
    freeCharge = policy.freeRange(.charge)
    freeDischarge = policy.freeRange(.discharge)
    var leads: [Double] = []
    for direction in PowerDirection.allCases {
      let rule = policy.recovery(of: direction)
      if rule.foresight == .twin, rule.lookAheadSeconds > 0 { leads.append(rule.lookAheadSeconds) }
    }
    asksModels = policy.warning?.model != nil || policy.inverter.warning?.model != nil
    for warning in [policy.warning, policy.inverter.warning] {
      if let warning, warning.model == nil, warning.foresight == .twin {
        leads.append(warning.leadSeconds)
      }
    }
    twinLeads = Set(leads).sorted()
  }

  /// Returns the shares that temperature and SOC tables allow, and what decided the first.
  func allowed(
    _ direction: PowerDirection, _ state: DeratingPolicy.Reading
  ) -> (heat: Double, soc: Double, cause: ClipCause) {
    let free = direction == .charge ? freeCharge : freeDischarge
    if free.holds(state) { return (1, 1, .heat) }
    return policy.allowed(direction, state)
  }

  /// Returns the share of the rated current that all rules but the tables over voltage leave, and what decides it.
  func share(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading, memory: DeratingMemory
  ) -> (fraction: Double, cause: ClipCause) {
    let free = direction == .charge ? freeCharge : freeDischarge
    if !hasMemory, free.holds(seen) { return (1, .cRate) }
    var allowed = allowed(direction, seen)
    if hasMemory {
      if memory.isStopped(direction) { return (0, .cellVoltage) }
      allowed.heat = memory.share(direction)
      allowed.cause = memory.cause(direction)
    }
    if allowed.heat <= allowed.soc {
      return (allowed.heat, allowed.heat < 1 ? allowed.cause : .cRate)
    }
    return (allowed.soc, .derateSOC)
  }
}

extension DeratingPolicy {
  /// True when what is allowed does not follow from the present state alone.
  var hasMemory: Bool {
    PowerDirection.allCases.contains { recovery(of: $0).hasMemory || stop($0) != nil }
      || inverter.stopC != nil || warning != nil || inverter.warning != nil
  }

  /// Where a direction is not held back at all.
  struct FreeRange: Sendable {
    var lowC = -Double.infinity
    var highC = Double.infinity
    var lowSOC = -Double.infinity
    var highSOC = Double.infinity

    func holds(_ state: DeratingPolicy.Reading) -> Bool {
      state.coldestC >= lowC && state.hottestC <= highC && state.lowestSOC >= lowSOC
        && state.highestSOC <= highSOC
    }
  }

  /// Returns a range of states in which no table of a direction says less than 1.
  func freeRange(_ direction: PowerDirection) -> FreeRange {
    var range = FreeRange()
    for table in direction == .charge ? charge : discharge {
      switch table {
      case .temperature(let table):
        let (low, high) = DeratingPolicy.fullSpan(table)
        range.lowC = max(range.lowC, low)
        range.highC = min(range.highC, high)
      case .soc(let table):
        let (low, high) = DeratingPolicy.fullSpan(table)
        if direction == .charge {
          range.highSOC = min(range.highSOC, high)
          if low > 0 { range.lowSOC = .infinity }
        } else {
          range.lowSOC = max(range.lowSOC, low)
          if high < 1 { range.highSOC = -.infinity }
        }
      case .voltage: break
      case .surface:
        range.lowC = .infinity
      }
    }
    return range
  }

  /// The longest stretch in which a table says 1, without ends where it does so beyond them.
  private static func fullSpan(_ table: LinearTable) -> (Double, Double) {
    guard let first = table.y.firstIndex(where: { $0 >= 1 }) else { return (.infinity, -.infinity) }
    var last = first
    while last + 1 < table.y.count, table.y[last + 1] >= 1 { last += 1 }
    return (
      first == 0 ? -.infinity : table.x[first],
      last == table.y.count - 1 ? .infinity : table.x[last]
    )
  }
}
