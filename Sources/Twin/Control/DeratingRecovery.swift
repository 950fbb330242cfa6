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
  /// Temperature of the hottest cell that stops the directions of the rule altogether. [°C]
  public var latchC: Double?
  /// Temperature that lets them start again; never when nil. [°C]
  public var latchResetC: Double?
  /// Tables are read at the temperature this far ahead. [s]
  public var lookAheadSeconds: Double
  /// How that temperature is foreseen.
  public var foresight: ThermalForesight

  /// Sets how power comes back; the default returns power as soon as the table does.
  public init(
    hysteresisK: Double = 0, dwellSeconds: Double = 0, risePerMinute: Double = .infinity,
    latchC: Double? = nil, latchResetC: Double? = nil, lookAheadSeconds: Double = 0,
    foresight: ThermalForesight = .trend
  ) {
    self.hysteresisK = hysteresisK
    self.dwellSeconds = dwellSeconds
    self.risePerMinute = risePerMinute
    self.latchC = latchC
    self.latchResetC = latchResetC
    self.lookAheadSeconds = lookAheadSeconds
    self.foresight = foresight
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
    if foresight == .twin, lookAheadSeconds > 3600 {
      found.error(
        "'look_ahead_s' of the twin must be at most 3600, found '\(lookAheadSeconds)'",
        key: "look_ahead_s")
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
