/// Powers at which an inverter can run, alike in both directions: any from a least one on, or some alone.
///
/// Below the least power it rests.
public struct PowerSteps: Sendable, Hashable {
  /// Lowest power at which it runs. [kW]
  public var minimumKW: Double
  /// The powers at which it runs, rising; without one any power from the lowest on. [kW]
  public var stepsKW: [Double]

  /// Any power at all.
  public static let free = PowerSteps()

  /// Slots from the beginning of a plan in which it keeps to the powers: those that it decides, within bounds.
  ///
  /// What lies later is planned anew before it comes, and each further slot makes the search longer by a factor.
  static let plannedSlots = 4...12

  /// Nodes of a search after which a plan goes without the powers.
  static let mostNodes = 20_000

  /// States what an inverter can do.
  ///
  /// - Parameters:
  ///   - minimumKW: Lowest power at which it runs; steps below it are none. [kW]
  ///   - stepsKW: The powers at which it runs, in any order. [kW]
  public init(minimumKW: Double = 0, stepsKW: [Double] = []) {
    self.minimumKW = max(0, minimumKW)
    self.stepsKW = Set(stepsKW.filter { $0 > 0 && $0 >= minimumKW }).sorted()
  }

  /// Whether it runs at any power.
  public var isFree: Bool { minimumKW <= 0 && stepsKW.isEmpty }

  /// Powers closer than this are the same. [kW]
  private static let roundingKW = 1e-9

  /// Returns the highest power at which it runs that does not exceed another; zero for rest. [kW]
  public func atMost(_ powerKW: Double) -> Double {
    guard stepsKW.isEmpty else {
      return stepsKW.last { $0 <= powerKW + Self.roundingKW } ?? 0
    }
    return powerKW >= minimumKW - Self.roundingKW ? powerKW : 0
  }

  /// Looks for the lowest power at which it runs that is no less than another.
  ///
  /// - Parameters:
  ///   - powerKW: The power. [kW]
  ///   - limitKW: Highest power that there is. [kW]
  /// - Returns: The power, or nothing above the limit. [kW]
  public func atLeast(_ powerKW: Double, limitKW: Double) -> Double? {
    let found =
      stepsKW.isEmpty ? max(powerKW, minimumKW) : stepsKW.first { $0 >= powerKW - Self.roundingKW }
    return found.flatMap { $0 <= limitKW + Self.roundingKW ? $0 : nil }
  }

  /// Returns the power at which it runs when it is asked for one: the next towards rest, or the next above where no less than
  /// another will do.
  ///
  /// - Parameters:
  ///   - batteryKW: What is asked for, positive when discharging. [kW]
  ///   - lowestKW: What is needed at least. [kW]
  ///   - limitKW: Highest power that there is. [kW]
  /// - Returns: The power; the next towards rest where there is none above. [kW]
  public func runnable(
    _ batteryKW: Double, atLeast lowestKW: Double = -.infinity, limitKW: Double = .infinity
  ) -> Double {
    let below = atMost(abs(batteryKW)) * (batteryKW < 0 ? -1 : 1)
    guard below < lowestKW - 1e-9, batteryKW > 0 else { return below }
    return atLeast(batteryKW, limitKW: limitKW) ?? below
  }

  /// Powers that a plan chooses from in a slot, as the ends of pieces; rest is always another. [kW]
  func pieces(limitKW: Double) -> [ClosedRange<Double>] {
    if !stepsKW.isEmpty {
      return stepsKW.filter { $0 <= limitKW + Self.roundingKW }.map { $0...$0 }
    }
    return minimumKW <= limitKW ? [minimumKW...limitKW] : []
  }

  /// Lists battery powers next to one.
  ///
  /// - Parameters:
  ///   - batteryKW: The power that would be best if any were allowed, positive when discharging. [kW]
  ///   - chargeKW: Highest charge. [kW]
  ///   - dischargeKW: Highest discharge. [kW]
  /// - Returns: Rest, and the next powers below and above. [kW]
  func around(_ batteryKW: Double, chargeKW: Double, dischargeKW: Double) -> [Double] {
    guard batteryKW != 0 else { return [0] }
    let sign = batteryKW > 0 ? 1.0 : -1
    let limit = batteryKW > 0 ? dischargeKW : chargeKW
    let power = abs(batteryKW)
    var found = [0.0]
    let below = atMost(min(power, limit))
    if below > 0 { found.append(sign * below) }
    if let above = atLeast(power, limitKW: limit), above > below { found.append(sign * above) }
    return found
  }
}

extension PlanRequest {
  /// Returns the same request for an inverter that runs at any power.
  func atAnyPower() -> PlanRequest {
    var free = self
    free.powerSteps = .free
    return free
  }
}
