import Planning
import TimeSeries
import Twin

/// What a battery did in one interval: means of powers, and the state at the end.
struct BatteryInterval {
  private(set) var deliveredKW = 0.0
  private(set) var auxiliaryKW = 0.0
  private(set) var withheldChargeKW = 0.0
  private(set) var withheldDischargeKW = 0.0
  /// What limited it most, and the rule that withheld most.
  private(set) var limitedBy: ClipCause?
  private(set) var withheldBy: ClipCause?
  private(set) var socFraction = Double.nan
  private(set) var hottestCellC = Double.nan
  private(set) var coldestCellC = Double.nan
  private(set) var storedKWh = Double.nan
  private(set) var largestClip = 0.0
  private(set) var largestWithheld = 0.0

  /// Adds a step of the twin.
  mutating func add(_ step: TwinStep) {
    deliveredKW += step.deliveredKW
    auxiliaryKW += step.auxiliaryKW
    if step.clippedKW > largestClip {
      largestClip = step.clippedKW
      limitedBy = step.cause
    }
    withheldChargeKW += step.withheldChargeKW
    withheldDischargeKW += step.withheldDischargeKW
    if step.withheldKW > largestWithheld {
      largestWithheld = step.withheldKW
      withheldBy = step.withheldBy
    }
    socFraction = step.socFraction
    hottestCellC = step.hottestCellC
    storedKWh = step.storedEnergyKWh
  }

  /// Ends the interval after as many steps.
  mutating func end(steps: Int, coldestCellC: Double) {
    deliveredKW /= Double(steps)
    auxiliaryKW /= Double(steps)
    withheldChargeKW /= Double(steps)
    withheldDischargeKW /= Double(steps)
    self.coldestCellC = coldestCellC
  }
}

extension ReplayTrace {
  /// Enters the state that a battery came to, whether the interval was metered or not.
  mutating func enter(_ done: BatteryInterval, slot: Int) {
    socFraction[slot] = done.socFraction
    hottestCellC[slot] = done.hottestCellC
    storedKWh[slot] = done.storedKWh
    coldestCellC[slot] = done.coldestCellC
    limitedBy[slot] = done.limitedBy
    withheldBy[slot] = done.withheldBy
    withheldChargeKW[slot] = done.withheldChargeKW
    withheldDischargeKW[slot] = done.withheldDischargeKW
  }
}

/// One of several batteries in motion, with what happened in it interval by interval.
struct BatteryUnit {
  let battery: SiteBattery
  /// First interval of the period in which it is there.
  let firstSlot: Int
  /// Highest stored energy. [kWh]
  let mostKWh: Double
  /// Stored energy at the start of the period. [kWh]
  let startStoredKWh: Double
  /// Powers at which its inverter can run.
  let powerSteps: PowerSteps
  /// The battery.
  var twin: DigitalTwin
  /// Columns of the battery; those of the site have no values.
  var trace: ReplayTrace

  init(_ replay: ReplayCase, _ place: Int, ambientC: Double) {
    battery = replay.fleet[place]
    firstSlot = replay.firstSlot(of: place)
    powerSteps = replay.alone(place).powerSteps
    twin = replay.alone(place).startingTwin(ambientC: ambientC)
    mostKWh = twin.energyBounds().maximumKWh
    startStoredKWh = twin.storedEnergyKWh
    trace = ReplayTrace(grid: replay.period)
  }

  /// Whether the battery is there in an interval.
  func isThere(_ slot: Int) -> Bool { slot >= firstSlot }
}
