package import Diagnostics

/// How power that a temperature table took comes back, and how far the rule looks ahead.
///
/// Power is taken at once. It comes back after the temperature has moved `hysteresisK` away from where
/// it was taken, not before `dwellSeconds` without a further cut, and no faster than `risePerMinute`.
public struct DeratingRecovery: Sendable, Equatable {
  /// Distance that the temperature must move back. [K]
  public var hysteresisK: Double
  /// Shortest time before power comes back. [s]
  public var dwellSeconds: Double
  /// Fastest return, as a share of the rating. [1/min]
  public var risePerMinute: Double
  /// Temperature of the hottest cell that stops the battery altogether. [°C]
  public var latchC: Double?
  /// Temperature that lets it start again; never when nil. [°C]
  public var latchResetC: Double?
  /// Tables are read at the temperature this far ahead at the present rate of warming. [s]
  public var lookAheadSeconds: Double

  /// Sets how power comes back; the default returns power as soon as the table does.
  public init(
    hysteresisK: Double = 0, dwellSeconds: Double = 0, risePerMinute: Double = .infinity,
    latchC: Double? = nil, latchResetC: Double? = nil, lookAheadSeconds: Double = 0
  ) {
    self.hysteresisK = hysteresisK
    self.dwellSeconds = dwellSeconds
    self.risePerMinute = risePerMinute
    self.latchC = latchC
    self.latchResetC = latchResetC
    self.lookAheadSeconds = lookAheadSeconds
  }

  /// True when the present share does not follow from the present temperature alone.
  var hasMemory: Bool { self != DeratingRecovery() }

  /// Returns everything that makes the recovery impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, value) in [
      ("hysteresis_k", hysteresisK), ("dwell_s", dwellSeconds), ("look_ahead_s", lookAheadSeconds),
    ] where !(value >= 0) {
      found.error("'\(key)' must be zero or more, found '\(value)'", key: key)
    }
    if !(risePerMinute > 0) {
      found.error(
        "'rise_fraction_per_minute' must be positive, found '\(risePerMinute)'",
        key: "rise_fraction_per_minute")
    }
    switch (latchC, latchResetC) {
    case (nil, .some):
      found.error("'latch_reset_c' needs 'latch_c'", key: "latch_reset_c")
    case (let stop?, let reset?) where !(reset < stop):
      found.error("'latch_reset_c' must be less than 'latch_c'", key: "latch_reset_c")
    default: break
    }
    return found
  }
}

/// What a derating rule remembers between steps.
struct DeratingMemory: Sendable, Equatable, Codable {
  private(set) var chargeShare = 1.0
  private(set) var dischargeShare = 1.0
  /// What took the power that is missing.
  private var chargeCause = ClipCause.heat
  private var dischargeCause = ClipCause.heat
  private(set) var isLatched = false
  private var chargeWaitS = 0.0
  private var dischargeWaitS = 0.0
  private var lastHottestC: Double?
  private var isChargeStopped = false
  private var isDischargeStopped = false
  private(set) var isInverterStopped = false

  /// Returns whether a cell's voltage stops a direction.
  func isStopped(_ direction: PowerDirection) -> Bool {
    direction == .charge ? isChargeStopped : isDischargeStopped
  }

  /// Returns the share that a direction has now.
  func share(_ direction: PowerDirection) -> Double {
    isLatched ? 0 : (direction == .charge ? chargeShare : dischargeShare)
  }

  /// Returns what keeps a direction from having its whole share.
  func cause(_ direction: PowerDirection) -> ClipCause {
    isLatched ? .heat : (direction == .charge ? chargeCause : dischargeCause)
  }

  /// Moves by one step.
  mutating func update(
    _ control: ControlModel, seen: DeratingPolicy.Reading, heatsinkC: Double, seconds: Double
  ) {
    let policy = control.derating
    if let stop = policy.chargeStop {
      isChargeStopped = stop.isStopped(.charge, before: isChargeStopped, seen)
    }
    if let stop = policy.dischargeStop {
      isDischargeStopped = stop.isStopped(.discharge, before: isDischargeStopped, seen)
    }
    if let stop = policy.inverter.stopC, let restart = policy.inverter.restartC {
      isInverterStopped = heatsinkC >= stop || (isInverterStopped && heatsinkC > restart)
    }
    let rule = control.derating.recovery
    if let stop = rule.latchC {
      if seen.hottestC >= stop {
        isLatched = true
      } else if let reset = rule.latchResetC, seen.hottestC <= reset {
        isLatched = false
      }
    }
    var ahead = seen
    if rule.lookAheadSeconds > 0, let lastHottestC {
      ahead.hottestC += max(0, (seen.hottestC - lastHottestC) / seconds * rule.lookAheadSeconds)
    }
    lastHottestC = seen.hottestC
    var back = ahead
    back.hottestC += rule.hysteresisK
    back.coldestC -= rule.hysteresisK
    let charge = control.allowed(.charge, ahead)
    let discharge = control.allowed(.discharge, ahead)
    if charge.heat < chargeShare { chargeCause = charge.cause }
    if discharge.heat < dischargeShare { dischargeCause = discharge.cause }
    chargeShare = DeratingMemory.moved(
      chargeShare, to: charge.heat,
      safe: control.allowed(.charge, back).heat, wait: &chargeWaitS, rule: rule, seconds: seconds)
    dischargeShare = DeratingMemory.moved(
      dischargeShare, to: discharge.heat,
      safe: control.allowed(.discharge, back).heat, wait: &dischargeWaitS, rule: rule,
      seconds: seconds)
  }

  private static func moved(
    _ share: Double, to table: Double, safe: Double, wait: inout Double, rule: DeratingRecovery,
    seconds: Double
  ) -> Double {
    if table < share {
      wait = 0
      return table
    }
    wait += seconds
    guard wait > rule.dwellSeconds, safe > share else { return share }
    return min(safe, share + rule.risePerMinute * seconds / 60)
  }
}
