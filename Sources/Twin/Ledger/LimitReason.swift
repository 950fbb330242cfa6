internal import CTwinKernels

/// The rule or rating by which a step got less than it was asked for, and what that looked at.
public struct LimitReason: Sendable, Equatable {
  /// The rule, as a policy's document names it, or the rating.
  public enum Rule: String, Sendable, CaseIterable {
    case chargeTemperature = "charge.temperature"
    case chargeSOC = "charge.soc"
    case chargeTemperatureSOC = "charge.temperature_soc"
    case chargeVoltage = "charge.voltage"
    case chargeStop = "charge.stop_v"
    case dischargeTemperature = "discharge.temperature"
    case dischargeSOC = "discharge.soc"
    case dischargeTemperatureSOC = "discharge.temperature_soc"
    case dischargeVoltage = "discharge.voltage"
    case dischargeStop = "discharge.stop_v"
    case recovery
    case chargeRecovery = "charge.recovery"
    case dischargeRecovery = "discharge.recovery"
    case latch = "recovery.latch_c"
    case chargeLatch = "charge.recovery.latch_c"
    case dischargeLatch = "discharge.recovery.latch_c"
    case warning
    case cutOff = "cut_off_c"
    case heatsink = "inverter.heatsink"
    case inverterWarning = "inverter.warning"
    case inverterAmbient = "inverter.ambient"
    case inverterStop = "inverter.stop_c"
    case rating = "power_kw"
    case rate = "max_c"
    case lowestSOC = "soc_min_fraction"
    case highestSOC = "soc_max_fraction"
    case lowestV = "min_v"
    case highestV = "max_v"
  }

  /// The cause that the energy is booked to.
  public var cause: ClipCause
  /// Direction that was asked for.
  public var direction: PowerDirection
  /// The rule.
  public var rule: Rule
  /// Share of the rated current, or of the inverter's rating, that it left; nil where it knows no share.
  public var fraction: Double?
  /// Temperature that it looked at, as control saw it. [°C]
  public var temperatureC: Double?
  /// State of charge that it looked at, as control saw it.
  public var socFraction: Double?
  /// Voltage of the cell that decided, at the end of the step. [V]
  public var voltageV: Double?

  /// Puts a reason together.
  public init(
    _ cause: ClipCause, _ direction: PowerDirection, _ rule: Rule, fraction: Double? = nil,
    temperatureC: Double? = nil, socFraction: Double? = nil, voltageV: Double? = nil
  ) {
    self.cause = cause
    self.direction = direction
    self.rule = rule
    self.fraction = fraction
    self.temperatureC = temperatureC
    self.socFraction = socFraction
    self.voltageV = voltageV
  }
}

/// What a step began with, as control saw it.
struct ControlSight {
  let seen: DeratingPolicy.Reading
  let heatsinkC: Double
  let airC: Double
  let ambientC: Double
}

extension ControlModel {
  /// Returns why a step got less, once it is done.
  ///
  /// - Parameters:
  ///   - cause: What the largest part is booked to.
  ///   - direction: What was asked for.
  ///   - sight: What control saw at the start.
  ///   - currentA: Current of the pack that was left. [A]
  ///   - summary: The cells at the end of the step.
  ///   - memory: What derating rules remember.
  ///   - isCutOff: Whether the protection has opened the circuit.
  /// - Returns: The rule and what it looked at.
  func reason(
    _ cause: ClipCause, _ direction: PowerDirection, _ sight: ControlSight, currentA: Double,
    summary: twin_summary, memory: DeratingMemory, isCutOff: Bool
  ) -> LimitReason {
    let charging = direction == .charge
    let seen = sight.seen
    switch cause {
    case .inverter:
      return LimitReason(cause, direction, .rating)
    case .inverterTemperature:
      return inverterReason(direction, sight, memory: memory)
    case .cRate:
      return LimitReason(cause, direction, .rate)
    case .soc:
      return LimitReason(
        cause, direction, charging ? .highestSOC : .lowestSOC,
        socFraction: charging ? summary.highest_soc : summary.lowest_soc)
    case .cellVoltage:
      let voltage = charging ? summary.highest_v : summary.lowest_v
      let stopped = memory.isStopped(direction)
      let limitV = charging ? constants.maximumV : constants.minimumV
      // The table is at work wherever the cell's own limit is not reached.
      let isTable = taper(direction) != nil && abs(voltage - limitV) > 1e-3
      let rule: LimitReason.Rule =
        stopped
        ? (charging ? .chargeStop : .dischargeStop)
        : isTable
          ? (charging ? .chargeVoltage : .dischargeVoltage) : (charging ? .highestV : .lowestV)
      let rated = charging ? constants.chargeA : constants.dischargeA
      return LimitReason(
        cause, direction, rule,
        fraction: rule == .highestV || rule == .lowestV ? nil : abs(currentA) / rated,
        voltageV: voltage)
    case .cold, .heat, .derateSOC:
      let celsius = cause == .cold ? seen.coldestC : seen.hottestC
      let soc = charging ? seen.highestSOC : seen.lowestSOC
      let (rule, share) = derating.decidingTable(direction, seen, cause)
      let rated = charging ? constants.chargeA : constants.dischargeA
      let left = abs(currentA) / rated
      if cause == .heat, isCutOff {
        return LimitReason(
          cause, direction, .cutOff, fraction: 0, temperatureC: summary.hottest_c)
      }
      if cause != .derateSOC, constants.hasDeratingMemory {
        if memory.isWarned(direction) {
          return LimitReason(
            cause, direction, .warning, fraction: memory.share(direction), temperatureC: celsius)
        }
        let own =
          charging ? derating.chargeRecovery : derating.dischargeRecovery
        if memory.isLatched(direction) {
          return LimitReason(
            cause, direction,
            own == nil ? .latch : charging ? .chargeLatch : .dischargeLatch, fraction: 0,
            temperatureC: celsius)
        }
        let held = memory.share(direction)
        if held < share - 1e-9 {
          return LimitReason(
            cause, direction,
            own == nil ? .recovery : charging ? .chargeRecovery : .dischargeRecovery,
            fraction: held, temperatureC: celsius)
        }
      }
      // A step that would end beyond the stop gets less than the table allows at its start.
      return LimitReason(
        cause, direction, rule, fraction: min(share, max(left, 0)),
        temperatureC: cause == .derateSOC ? nil : celsius,
        socFraction: cause == .derateSOC || rule.isOverSOC ? soc : nil)
    }
  }

  private func inverterReason(
    _ direction: PowerDirection, _ sight: ControlSight, memory: DeratingMemory
  ) -> LimitReason {
    if memory.isInverterStopped {
      return LimitReason(
        .inverterTemperature, direction, .inverterStop, fraction: 0, temperatureC: sight.heatsinkC)
    }
    let heatsink = inverterShare(heatsinkC: sight.heatsinkC)
    let around = policyShare(
      airC: sight.airC, ambientC: sight.ambientC, memory: memory)
    if memory.inverterShare < heatsink, memory.inverterShare <= around {
      return LimitReason(
        .inverterTemperature, direction, .inverterWarning, fraction: memory.inverterShare,
        temperatureC: sight.heatsinkC)
    }
    return heatsink <= around
      ? LimitReason(
        .inverterTemperature, direction, .heatsink, fraction: heatsink,
        temperatureC: sight.heatsinkC)
      : LimitReason(
        .inverterTemperature, direction, .inverterAmbient, fraction: around,
        temperatureC: isInverterInside ? sight.airC : sight.ambientC)
  }
}

extension LimitReason.Rule {
  /// True for tables over temperature and state of charge together.
  var isOverSOC: Bool { self == .chargeTemperatureSOC || self == .dischargeTemperatureSOC }
}

extension DeratingPolicy {
  /// Returns the table of a direction that leaves least of what a cause is booked to, and the share.
  func decidingTable(
    _ direction: PowerDirection, _ seen: Reading, _ cause: ClipCause
  ) -> (rule: LimitReason.Rule, share: Double) {
    let charging = direction == .charge
    var best: (rule: LimitReason.Rule, share: Double)?
    for table in charging ? charge : discharge {
      let rule: LimitReason.Rule
      switch table {
      case .temperature: rule = charging ? .chargeTemperature : .dischargeTemperature
      case .soc: rule = charging ? .chargeSOC : .dischargeSOC
      case .surface: rule = charging ? .chargeTemperatureSOC : .dischargeTemperatureSOC
      case .voltage: continue
      }
      let alone = DeratingPolicy(
        name: name, charge: charging ? [table] : [], discharge: charging ? [] : [table])
      let allowed = alone.allowed(direction, seen)
      let share: Double
      switch (table, cause) {
      case (.soc, .derateSOC): share = allowed.soc
      case (.soc, _), (.temperature, .derateSOC): continue
      default: share = allowed.heat
      }
      if best.map({ share < $0.share }) ?? true { best = (rule, share) }
    }
    return best ?? (charging ? .chargeTemperature : .dischargeTemperature, 1)
  }
}
