import Numerics

/// A derating policy at work on measurements, without a twin: the same rules, memory and answers as in a replay.
///
/// Tables over cell voltage are the exception: a twin finds the current at which the voltage at the end of its step
/// is the table's, a controller reads the table at the voltage that was measured.
public struct DeratingController: Sendable {
  /// What was measured at an instant.
  public struct Sample: Sendable {
    /// Time on any clock that only runs forward. [s]
    public var seconds: Double
    /// Hottest and coldest cell. [°C]
    public var hottestC: Double
    public var coldestC: Double
    /// Lowest and highest state of charge of a cell.
    public var lowestSOC: Double
    public var highestSOC: Double
    /// Lowest and highest voltage of a cell; not a number where none is known. [V]
    public var lowestV: Double
    public var highestV: Double
    /// The inverter's heatsink. [°C]
    public var heatsinkC: Double
    /// Air around the inverter. [°C]
    public var airC: Double
    /// Current of the pack since the last sample, positive in discharge. [A]
    public var currentA: Double
    /// Rise within the lead of the rules that ask a twin, foreseen elsewhere. [K]
    public var riseK: Double?
    /// Probability of passing the limit of a warning, foreseen elsewhere; the warning's own where nil.
    public var probability: Double?
    /// Current that is to flow over the lead of a kept model; nil where nobody knows. [A]
    public var plannedA: Double?

    /// Takes measurements; what is left out is a battery at 25 °C, half full and at rest.
    public init(
      seconds: Double, hottestC: Double = 25, coldestC: Double? = nil, lowestSOC: Double = 0.5,
      highestSOC: Double? = nil, lowestV: Double = .nan, highestV: Double = .nan,
      heatsinkC: Double = 25, airC: Double = 25, currentA: Double = 0, riseK: Double? = nil,
      probability: Double? = nil, plannedA: Double? = nil
    ) {
      self.seconds = seconds
      self.hottestC = hottestC
      self.coldestC = coldestC ?? hottestC
      self.lowestSOC = lowestSOC
      self.highestSOC = highestSOC ?? lowestSOC
      self.lowestV = lowestV
      self.highestV = highestV
      self.heatsinkC = heatsinkC
      self.airC = airC
      self.currentA = currentA
      self.riseK = riseK
      self.probability = probability
      self.plannedA = plannedA
    }
  }

  /// What is left until the next sample.
  public struct Limits: Sendable, Equatable {
    /// Shares of the rated current.
    public var chargeFraction: Double
    public var dischargeFraction: Double
    /// Share of the inverter's rating.
    public var inverterFraction: Double
    /// The rule behind each share below 1.
    public var chargeRule: LimitReason.Rule?
    public var dischargeRule: LimitReason.Rule?
    public var inverterRule: LimitReason.Rule?
  }

  /// A measurement that a rule looks at.
  public enum Reading: String, Sendable, CaseIterable {
    case cellTemperature = "hottest_c"
    case charge = "soc_fraction"
    case cellVoltage = "lowest_v and highest_v"
    case heatsink = "heatsink_c"
    case air = "ambient_c"
    case coldestCell = "coldest_c"
    case current = "current_a"
    case rise = "rise_k"
  }

  private let rules: DeratingRules
  private var memory = DeratingMemory()

  /// Puts a policy to work.
  public init(_ policy: DeratingPolicy) { rules = DeratingRules(policy) }

  /// The policy.
  public var policy: DeratingPolicy { rules.policy }

  /// Measurements without which the policy cannot decide.
  public var needed: [Reading] {
    let policy = rules.policy
    var needed: Set<Reading> = []
    for table in policy.charge + policy.discharge {
      switch table {
      case .temperature: needed.insert(.cellTemperature)
      case .soc: needed.insert(.charge)
      case .voltage: needed.insert(.cellVoltage)
      case .surface: needed.formUnion([.cellTemperature, .charge])
      }
    }
    for direction in PowerDirection.allCases {
      if policy.stop(direction) != nil { needed.insert(.cellVoltage) }
      if policy.recovery(of: direction).latchC != nil { needed.insert(.cellTemperature) }
    }
    if policy.warning != nil { needed.insert(.cellTemperature) }
    let inverter = policy.inverter
    if inverter.heatsink != nil || inverter.stopC != nil || inverter.warning != nil {
      needed.insert(.heatsink)
    }
    if inverter.ambient != nil { needed.insert(.air) }
    for signal in [policy.warning, inverter.warning].flatMap({ $0?.model?.forecast.signals ?? [] })
    {
      switch signal {
      case .hottestCell: needed.insert(.cellTemperature)
      case .coldestCell: needed.insert(.coldestCell)
      case .charge: needed.insert(.charge)
      case .lowestVoltage, .highestVoltage: needed.insert(.cellVoltage)
      case .heatsink: needed.insert(.heatsink)
      case .air: needed.insert(.air)
      case .current: needed.insert(.current)
      }
    }
    if !rules.twinLeads.isEmpty { needed.insert(.rise) }
    return Reading.allCases.filter(needed.contains)
  }

  /// Whether a kept model said nothing at the last sample, as its past was not whole.
  public var isUnforeseen: Bool { memory.isUnforeseen }

  /// Takes a sample and returns what is left until the next one.
  ///
  /// - Parameter sample: The measurements; those of `needed` are numbers, and time runs forward.
  /// - Returns: The limits.
  public mutating func limits(_ sample: Sample) -> Limits {
    let seen = DeratingPolicy.Reading(
      coldestC: sample.coldestC, hottestC: sample.hottestC, lowestSOC: sample.lowestSOC,
      highestSOC: sample.highestSOC, lowestV: sample.lowestV, highestV: sample.highestV)
    if rules.hasMemory {
      memory.note(currentA: sample.currentA, forModels: rules.asksModels)
      memory.probability = sample.probability
      let looks = rules.twinLeads.map {
        ThermalLook(
          leadSeconds: $0, cellK: sample.riseK ?? 0, heatsinkK: sample.riseK ?? 0)
      }
      memory.update(
        rules, seen: seen, heatsinkC: sample.heatsinkC, looks: looks, now: sample.seconds,
        readings: rules.asksModels
          ? HeatReadings(
            seen: seen, heatsinkC: sample.heatsinkC, airC: sample.airC, plannedA: sample.plannedA)
          : nil)
    }
    let charge = limit(.charge, seen)
    let discharge = limit(.discharge, seen)
    let inverter = inverterLimit(sample)
    return Limits(
      chargeFraction: charge.fraction, dischargeFraction: discharge.fraction,
      inverterFraction: inverter.fraction, chargeRule: charge.rule,
      dischargeRule: discharge.rule, inverterRule: inverter.rule)
  }

  private func limit(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading
  ) -> (fraction: Double, rule: LimitReason.Rule?) {
    let charging = direction == .charge
    var share = rules.share(direction, seen, memory: memory)
    var rule: LimitReason.Rule?
    if share.fraction < 1 {
      rule =
        share.cause == .cellVoltage
        ? (charging ? .chargeStop : .dischargeStop)
        : policy.rule(direction, seen, share: share.fraction, cause: share.cause, memory: memory)
    }
    if let table = policy.voltageTable(direction) {
      let byVoltage = table(charging ? seen.highestV : seen.lowestV)
      if byVoltage < share.fraction {
        share.fraction = byVoltage
        rule = charging ? .chargeVoltage : .dischargeVoltage
      }
    }
    return (share.fraction, rule)
  }

  private func inverterLimit(
    _ sample: Sample
  ) -> (fraction: Double, rule: LimitReason.Rule?) {
    if memory.isInverterStopped { return (0, .inverterStop) }
    var found: (fraction: Double, rule: LimitReason.Rule?) = (1, nil)
    func take(_ fraction: Double, _ rule: LimitReason.Rule) {
      if fraction < found.fraction { found = (min(max(fraction, 0), 1), rule) }
    }
    if let table = policy.inverter.heatsink { take(table(sample.heatsinkC), .heatsink) }
    if let table = policy.inverter.ambient { take(table(sample.airC), .inverterAmbient) }
    take(memory.inverterShare, .inverterWarning)
    return found
  }
}

extension DeratingPolicy {
  /// Returns the rule that leaves a share of a direction: of a memory, or the table that decides.
  func rule(
    _ direction: PowerDirection, _ seen: Reading, share: Double, cause: ClipCause,
    memory: DeratingMemory
  ) -> LimitReason.Rule {
    let charging = direction == .charge
    let table = decidingTable(direction, seen, cause)
    guard cause != .derateSOC, hasMemory else { return table.rule }
    if memory.isWarned(direction) { return .warning }
    let own = charging ? chargeRecovery : dischargeRecovery
    if memory.isLatched(direction) {
      return own == nil ? .latch : charging ? .chargeLatch : .dischargeLatch
    }
    if share < table.share - 1e-9 {
      return own == nil ? .recovery : charging ? .chargeRecovery : .dischargeRecovery
    }
    return table.rule
  }
}
