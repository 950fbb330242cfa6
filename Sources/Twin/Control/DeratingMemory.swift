/// What a derating rule remembers between steps.
struct DeratingMemory: Sendable, Equatable, Codable {
  private var charge = Direction()
  private var discharge = Direction()
  private var inverter = StopMemory()
  private var lastHottestC: Double?

  /// What a direction remembers.
  private struct Direction: Sendable, Equatable, Codable {
    var share = 1.0
    /// What took the power that is missing.
    var cause = ClipCause.heat
    var waitS = 0.0
    var heat = StopMemory()
    var voltage = StopMemory()
  }

  private subscript(_ direction: PowerDirection) -> Direction {
    direction == .charge ? charge : discharge
  }

  /// True while the heatsink's temperature stops the inverter.
  var isInverterStopped: Bool { inverter.isStopped }

  /// Returns whether a cell's voltage stops a direction.
  func isStopped(_ direction: PowerDirection) -> Bool { self[direction].voltage.isStopped }

  /// Returns whether a cell's temperature stops a direction altogether.
  func isLatched(_ direction: PowerDirection) -> Bool { self[direction].heat.isStopped }

  /// Returns the share that a direction has now.
  func share(_ direction: PowerDirection) -> Double {
    isLatched(direction) ? 0 : self[direction].share
  }

  /// Returns what keeps a direction from having its whole share.
  func cause(_ direction: PowerDirection) -> ClipCause {
    isLatched(direction) ? .heat : self[direction].cause
  }

  /// Moves by one step.
  ///
  /// - Parameters:
  ///   - control: Whose rules hold.
  ///   - seen: The pack as control sees it at the start of the step.
  ///   - heatsinkC: Temperature of the inverter's heatsink. [°C]
  ///   - seconds: Length of the step. [s]
  ///   - now: Time of the twin at the start of the step. [s]
  mutating func update(
    _ control: ControlModel, seen: DeratingPolicy.Reading, heatsinkC: Double, seconds: Double,
    now: Double
  ) {
    let rules = control.derating.inverter
    if let stop = rules.stopC, let restart = rules.restartC {
      inverter.update(
        isReached: heatsinkC >= stop, isBack: heatsinkC <= restart, release: rules.release, now: now
      )
    }
    let warmingK = seen.hottestC - (lastHottestC ?? seen.hottestC)
    lastHottestC = seen.hottestC
    DeratingMemory.update(
      &charge, .charge, control, seen: seen, warmingK: warmingK, seconds: seconds, now: now)
    DeratingMemory.update(
      &discharge, .discharge, control, seen: seen, warmingK: warmingK, seconds: seconds, now: now)
  }

  /// Notes the current of a step, positive in discharge. [A]
  mutating func note(currentA: Double) {
    if currentA < 0 { discharge.voltage.reverse() }
    if currentA > 0 { charge.voltage.reverse() }
  }

  private static func update(
    _ memory: inout Direction, _ direction: PowerDirection, _ control: ControlModel,
    seen: DeratingPolicy.Reading, warmingK: Double, seconds: Double, now: Double
  ) {
    if let stop = control.derating.stop(direction) {
      memory.voltage.update(
        isReached: stop.isReached(direction, seen), isBack: stop.isBack(direction, seen),
        release: stop.release, now: now)
    }
    let rule = control.derating.recovery(of: direction)
    if let stop = rule.latchC {
      memory.heat.update(
        isReached: seen.hottestC >= stop,
        isBack: rule.latchResetC.map { seen.hottestC <= $0 } ?? false, release: StopRelease(),
        now: now)
    }
    var ahead = seen
    if rule.lookAheadSeconds > 0 {
      ahead.hottestC += max(0, warmingK / seconds * rule.lookAheadSeconds)
    }
    var back = ahead
    back.hottestC += rule.hysteresisK
    back.coldestC -= rule.hysteresisK
    let allowed = control.allowed(direction, ahead)
    if allowed.heat < memory.share {
      memory.cause = allowed.cause
      memory.waitS = 0
      memory.share = allowed.heat
      return
    }
    memory.waitS += seconds
    let safe = control.allowed(direction, back).heat
    guard memory.waitS > rule.dwellSeconds, safe > memory.share else { return }
    memory.share = min(safe, memory.share + rule.risePerMinute * seconds / 60)
  }
}
