/// What a step of a test protocol asks of a battery, and what ends it.
struct TestGoal {
  let request: BatteryRequest
  private let isRest: Bool
  private let isCharge: Bool
  private let until: VoltageHold?
  private let untilSOC: Double?
  /// Current at which a held voltage ends the step; nil where reaching the voltage does. [A]
  private let cutOffA: Double?
  /// True from the moment in which the voltage was reached.
  private var isHolding = false

  /// Share of what was asked for below which a limit of the battery leaves nothing.
  private static let leastShare = 1e-3

  /// Puts the request of a step in numbers of a battery.
  init(_ step: TestStep, of twin: DigitalTwin) {
    isRest = step.kind == .rest
    isCharge = step.kind == .charge
    let sign = isCharge ? -1.0 : 1
    let nominalAh = twin.control.constants.nominalAh
    let amount: BatteryRequest.Amount =
      switch step.strength {
      case nil: .powerKW(0)
      case .rateC(let rate): .currentA(sign * rate * nominalAh)
      case .currentA(let current): .currentA(sign * current)
      case .powerKW(let power): .powerKW(sign * power)
      }
    request = BatteryRequest(amount, hold: step.until)
    until = step.until
    untilSOC = step.untilSOC
    cutOffA =
      switch step.cutOff {
      case .rateC(let rate): rate * nominalAh
      case .currentA(let current): current
      case .powerKW, nil: nil
      }
  }

  /// What a step of the twin met, if anything.
  func met(_ step: TwinStep, _ twin: DigitalTwin) -> TestRecord.End? {
    if let untilSOC, !isRest,
      isCharge ? twin.socFraction >= untilSOC : twin.socFraction <= untilSOC
    {
      return .soc
    }
    guard until != nil, step.isHeld else { return nil }
    guard isHolding else { return .voltage }
    guard let cutOffA, abs(step.packA) <= cutOffA else { return nil }
    return .cutOff
  }

  /// What ends the step of the protocol after something was met; nil where the voltage is held from now on.
  mutating func end(after met: TestRecord.End) -> TestRecord.End? {
    guard met == .voltage, cutOffA != nil else { return met }
    isHolding = true
    return nil
  }

  /// Whether a limit of the battery that stays leaves nothing to go on with.
  func limitEnd(_ step: TwinStep) -> TestRecord.End? {
    guard !isRest, let cause = step.cause, !step.isHeld else { return nil }
    switch cause {
    case .soc, .cellVoltage, .derateSOC: break
    // These may leave something again later.
    case .cold, .heat, .inverter, .inverterTemperature, .cRate: return nil
    }
    if let asked = step.requestedA {
      let least = max(Self.leastShare * abs(asked), cutOffA ?? 0)
      return abs(step.packA) <= least ? .limit : nil
    }
    return abs(step.deliveredKW) <= Self.leastShare * abs(step.requestedKW) ? .limit : nil
  }
}
