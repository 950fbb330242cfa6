/// A load that can wait: what it draws fills a store of its own, from which its use is taken.
///
/// A car, a boiler with a tank, a heat pump and a process are the same problem. The store holds the energy of
/// a session, the heat of a tank or the part of a job that is done; use takes from it at its time, and what
/// the store cannot give is unmet, at a price:
///
///     stored[t] = stored[t-1]·retention + power[t]·h·storedPerKWh[t] − draw[t] + unmet[t]
///
/// Arrays have one value per slot.
public struct WaitingLoad: Sendable, Hashable {
  /// Name of the load.
  public var name: String
  /// Highest power; zero where it is not there. [kW]
  public var powerKW: [Double]
  /// Lowest power at which it runs where it does not rest; empty for any. [kW]
  public var leastKW: [Double] = []
  /// What the store gains from a kWh drawn: one for a car, the coefficient of performance for a heat pump.
  public var storedPerKWh: [Double]
  /// Most that the store holds at the end of a slot. [kWh]
  public var capacityKWh: [Double]
  /// What is taken from the store in a slot. [kWh]
  public var drawKWh: [Double]
  /// Part of it that would be nice to have. [kWh]
  public var optionalKWh: [Double]
  /// Share of the stored energy that is left after a slot.
  public var retentionPerStep: Double
  /// Stored energy now. [kWh]
  public var startKWh: Double
  /// Price of what must be had and is not. [currency/kWh]
  public var unmetPerKWh: Double
  /// Price of what would be nice to have and is not. [currency/kWh]
  public var optionalPerKWh: Double
  /// Worth of what the store holds at the end. [currency/kWh]
  public var endPerKWh: Double

  /// Creates a load; every array has one value per slot.
  public init(
    name: String, powerKW: [Double], storedPerKWh: [Double]? = nil, capacityKWh: [Double],
    drawKWh: [Double], optionalKWh: [Double]? = nil, retentionPerStep: Double = 1,
    startKWh: Double = 0, unmetPerKWh: Double, optionalPerKWh: Double = 0, endPerKWh: Double = 0
  ) {
    self.name = name
    self.powerKW = powerKW
    self.storedPerKWh = storedPerKWh ?? [Double](repeating: 1, count: powerKW.count)
    self.capacityKWh = capacityKWh
    self.drawKWh = drawKWh
    self.optionalKWh = optionalKWh ?? [Double](repeating: 0, count: powerKW.count)
    self.retentionPerStep = retentionPerStep
    self.startKWh = startKWh
    self.unmetPerKWh = unmetPerKWh
    self.optionalPerKWh = optionalPerKWh
    self.endPerKWh = endPerKWh
  }

  /// Whether every number can be planned with.
  func isUsable(count: Int) -> Bool {
    for column in [powerKW, storedPerKWh, capacityKWh, drawKWh, optionalKWh] {
      guard column.count == count, column.allSatisfy({ $0 >= 0 && $0 <= 1e9 }) else {
        return false
      }
    }
    guard leastKW.isEmpty || leastKW.count == count && leastKW.allSatisfy({ $0 >= 0 && $0 <= 1e9 })
    else { return false }
    guard zip(optionalKWh, drawKWh).allSatisfy({ $0 <= $1 + 1e-9 }) else { return false }
    return [retentionPerStep, startKWh, unmetPerKWh, optionalPerKWh, endPerKWh].allSatisfy {
      $0 >= 0 && $0 <= 1e9
    } && retentionPerStep <= 1
  }

  /// Whether it runs at any power up to its highest.
  var isFree: Bool { !leastKW.contains { $0 > 0 } }

  /// Returns the lowest power at which it runs in each slot, and never more than what fills an empty store. [kW]
  ///
  /// The last of a session is drawn in a part of a slot.
  func leastKW(stepHours: Double) -> [Double] {
    var stored = startKWh
    return powerKW.indices.map { t in
      let room = capacityKWh[t] + drawKWh[t] - stored
      if drawKWh[t] > 0 { stored = 0 }
      let gain = stepHours * storedPerKWh[t]
      return gain > 0 ? min(leastKW[t], powerKW[t], max(0, room / gain)) : 0
    }
  }

  /// Returns the load at any power up to its highest.
  package func atAnyPower() -> WaitingLoad {
    var free = self
    free.leastKW = []
    return free
  }

  /// Returns the load with stores that hold at least what nobody takes out of them.
  func reachable() -> WaitingLoad {
    var load = self
    var least = startKWh
    for t in powerKW.indices {
      // What falls below its capacity without a draw would have nowhere to go.
      least = max(0, least * retentionPerStep - drawKWh[t])
      load.capacityKWh[t] = max(capacityKWh[t], least)
      least = min(least, load.capacityKWh[t])
    }
    return load
  }
}

/// One slot of a load that waits, as it went.
public struct WaitingStep: Sendable, Hashable {
  /// Stored energy at the end. [kWh]
  public var storedKWh = 0.0
  /// What must be had and was not. [kWh]
  public var unmetKWh = 0.0
  /// What would have been nice to have and was not. [kWh]
  public var optionalUnmetKWh = 0.0
}

extension WaitingLoad {
  /// Returns what a power in a slot comes to.
  ///
  /// - Parameters:
  ///   - slot: The slot.
  ///   - powerKW: Power drawn. [kW]
  ///   - storedKWh: Stored energy before. [kWh]
  ///   - stepHours: Length of the slot. [h]
  /// - Returns: What the store holds then, and what is unmet.
  public func step(
    _ slot: Int, powerKW: Double, storedKWh: Double, stepHours: Double
  ) -> WaitingStep {
    let left =
      storedKWh * retentionPerStep + powerKW * stepHours * storedPerKWh[slot] - drawKWh[slot]
    // What a rounding leaves short is not short.
    let short = left < -1e-11 ? -left : 0
    let optional = min(short, optionalKWh[slot])
    return WaitingStep(
      storedKWh: min(max(0, left), capacityKWh[slot]), unmetKWh: short - optional,
      optionalUnmetKWh: optional)
  }

  /// Returns the power that brings the store to an amount after the draw of a slot, within what the load
  /// can draw. [kW]
  public func powerKW(
    _ slot: Int, toReachKWh goal: Double, storedKWh: Double, stepHours: Double
  ) -> Double {
    let gain = stepHours * storedPerKWh[slot]
    guard gain > 0 else { return 0 }
    let missing = goal + drawKWh[slot] - storedKWh * retentionPerStep
    return min(powerKW[slot], max(0, missing / gain))
  }

  /// Returns what powers come to besides the electricity: what is unmet, less the worth of what is left.
  ///
  /// - Parameters:
  ///   - powers: Power in each slot. [kW]
  ///   - stepHours: Length of a slot. [h]
  /// - Returns: The cost, and what each slot comes to. [currency]
  public func cost(
    of powers: [Double], stepHours: Double
  ) -> (cost: Double, steps: [WaitingStep]) {
    var stored = startKWh
    var cost = 0.0
    var steps: [WaitingStep] = []
    steps.reserveCapacity(powers.count)
    for t in powers.indices {
      let step = step(t, powerKW: powers[t], storedKWh: stored, stepHours: stepHours)
      cost += step.unmetKWh * unmetPerKWh + step.optionalUnmetKWh * optionalPerKWh
      stored = step.storedKWh
      steps.append(step)
    }
    return (cost - stored * endPerKWh, steps)
  }
}
