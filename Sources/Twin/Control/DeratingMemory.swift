/// What a derating rule remembers between steps.
struct DeratingMemory: Sendable, Equatable, Codable {
  private var charge = Direction()
  private var discharge = Direction()
  private var inverter = StopMemory()
  /// When it was moved last. [s of the twin]
  private var lastS: Double?
  private var lastHottestC: Double?
  private var lastHeatsinkC: Double?
  private var warning = WarningMemory()
  private var inverterWarning = WarningMemory()
  /// Probability of being too hot that something outside of the twin tells; nil for the rules' own.
  var probability: Double?
  /// Samples that kept models of cells, then of the heatsink, look back on; empty before the first: a twin without
  /// models stays small to copy.
  private var pasts: [HeatPast] = []
  /// Current of the last step, kept where a model looks at it. [A]
  private var lastA: Double?
  /// Whether a kept model said nothing at the last step, as its past was not whole.
  private(set) var isUnforeseen = false

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

  /// Share that a warning leaves of the inverter's rating.
  var inverterShare: Double { inverterWarning.share }

  /// Whether a warning, and no table, decides what a direction has now.
  func isWarned(_ direction: PowerDirection) -> Bool {
    !isLatched(direction) && warning.share < self[direction].share
  }

  /// Returns the share that a direction has now.
  func share(_ direction: PowerDirection) -> Double {
    isLatched(direction) ? 0 : min(self[direction].share, warning.share)
  }

  /// Returns what keeps a direction from having its whole share.
  func cause(_ direction: PowerDirection) -> ClipCause {
    isLatched(direction) || isWarned(direction) ? .heat : self[direction].cause
  }

  /// Moves by one step.
  ///
  /// - Parameters:
  ///   - rules: The rules that hold.
  ///   - seen: The pack as control sees it at the start of the step.
  ///   - heatsinkC: Temperature of the inverter's heatsink. [°C]
  ///   - looks: What a copy of the twin foresees.
  ///   - now: Time of the twin at the start of the step. [s]
  ///   - readings: What kept models look at; nil where there are none.
  mutating func update(
    _ rules: DeratingRules, seen: DeratingPolicy.Reading, heatsinkC: Double,
    looks: [ThermalLook], now: Double, readings: HeatReadings? = nil
  ) {
    let seconds = now - (lastS ?? now)
    lastS = now
    let policy = rules.policy
    if let stop = policy.inverter.stopC, let restart = policy.inverter.restartC {
      inverter.update(
        isReached: heatsinkC >= stop, isBack: heatsinkC <= restart,
        release: policy.inverter.release, now: now)
    }
    func rate(_ now: Double, since last: Double?) -> Double {
      seconds > 0 ? (now - (last ?? now)) / seconds : 0
    }
    let warmingKPerS = rate(seen.hottestC, since: lastHottestC)
    let heatsinkKPerS = rate(heatsinkC, since: lastHeatsinkC)
    lastHottestC = seen.hottestC
    lastHeatsinkC = heatsinkC
    /// Rise within a lead.
    func rise(
      _ foresight: ThermalForesight, _ leadSeconds: Double, perSecond: Double,
      _ look: KeyPath<ThermalLook, Double>
    ) -> Double {
      foresight == .trend
        ? perSecond * leadSeconds
        : looks.first { $0.leadSeconds == leadSeconds }?[keyPath: look] ?? 0
    }
    for direction in PowerDirection.allCases {
      let rule = policy.recovery(of: direction)
      let riseK =
        rule.lookAheadSeconds > 0
        ? max(0, rise(rule.foresight, rule.lookAheadSeconds, perSecond: warmingKPerS, \.cellK)) : 0
      if direction == .charge {
        DeratingMemory.update(
          &charge, direction, rules, seen: seen, riseK: riseK, seconds: seconds, now: now)
      } else {
        DeratingMemory.update(
          &discharge, direction, rules, seen: seen, riseK: riseK, seconds: seconds, now: now)
      }
    }
    isUnforeseen = false
    if let rule = policy.warning {
      let said = outlook(rule, 0, readings, now: now)
      warning.update(
        rule, temperatureC: seen.hottestC,
        riseK: said?.riseK
          ?? rise(rule.foresight, rule.leadSeconds, perSecond: warmingKPerS, \.cellK),
        probability: said.map(\.probability) ?? probability, seconds: seconds)
    }
    if let rule = policy.inverter.warning {
      let said = outlook(rule, 1, readings, now: now)
      inverterWarning.update(
        rule, temperatureC: heatsinkC,
        riseK: said?.riseK
          ?? rise(rule.foresight, rule.leadSeconds, perSecond: heatsinkKPerS, \.heatsinkK),
        probability: said.map(\.probability) ?? probability, seconds: seconds)
    }
  }

  /// What the kept model of a rule says: a change that is not a number where it says chances alone, and no change
  /// while its past is not whole; nothing for a rule without a model.
  private mutating func outlook(
    _ rule: DeratingWarning, _ place: Int, _ readings: HeatReadings?, now: Double
  ) -> (riseK: Double, probability: Double?)? {
    guard let model = rule.model else { return nil }
    if pasts.isEmpty { pasts = [HeatPast(), HeatPast()] }
    let currentA = lastA ?? 0
    let said = readings.flatMap {
      model.outlook(&pasts[place], $0, currentA: currentA, now: now)
    }
    guard let said else {
      isUnforeseen = true
      return (0, probability)
    }
    return (said.riseK ?? .nan, said.probability)
  }

  /// Notes the current of a step, positive in discharge. [A]
  mutating func note(currentA: Double, forModels: Bool = false) {
    if forModels { lastA = currentA }
    if currentA < 0 { discharge.voltage.reverse() }
    if currentA > 0 { charge.voltage.reverse() }
  }

  private static func update(
    _ memory: inout Direction, _ direction: PowerDirection, _ rules: DeratingRules,
    seen: DeratingPolicy.Reading, riseK: Double, seconds: Double, now: Double
  ) {
    if let stop = rules.policy.stop(direction) {
      memory.voltage.update(
        isReached: stop.isReached(direction, seen), isBack: stop.isBack(direction, seen),
        release: stop.release, now: now)
    }
    let rule = rules.policy.recovery(of: direction)
    if let stop = rule.latchC {
      memory.heat.update(
        isReached: seen.hottestC >= stop,
        isBack: rule.latchResetC.map { seen.hottestC <= $0 } ?? false, release: StopRelease(),
        now: now)
    }
    var ahead = seen
    ahead.hottestC += riseK
    var back = ahead
    back.hottestC += rule.hysteresisK
    back.coldestC -= rule.hysteresisK
    let allowed = rules.allowed(direction, ahead)
    if allowed.heat < memory.share {
      memory.cause = allowed.cause
      memory.waitS = 0
      memory.share = allowed.heat
      return
    }
    memory.waitS += seconds
    let safe = rules.allowed(direction, back).heat
    guard seconds > 0, memory.waitS > rule.dwellSeconds, safe > memory.share else { return }
    memory.share = min(safe, memory.share + rule.risePerMinute * seconds / 60)
  }
}
