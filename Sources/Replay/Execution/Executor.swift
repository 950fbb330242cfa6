import TimeSeries
import Twin

/// Runs the battery through one interval at a time and writes down what happened at the meter.
struct Executor {
  private let context: MeteringContext
  private let importLimitKW: Double
  private let exportLimitKW: Double
  private let stepsPerSlot: Int
  private let secondsPerStep: Double

  /// The battery.
  private(set) var twin: DigitalTwin
  /// What happened so far.
  private(set) var trace: ReplayTrace
  /// Draw of the battery system in the interval before, which a controller at the meter sees. [kW]
  private(set) var lastAuxiliaryKW = 0.0
  /// Energy by which the grid limits changed what was asked for, by cause. [kWh]
  private(set) var interventionsKWh: [String: Double] = [:]

  init(_ replay: ReplayCase, context: MeteringContext) {
    self.context = context
    importLimitKW = replay.importLimitKW
    exportLimitKW = replay.exportLimitKW
    let slot = replay.period.stepSeconds
    stepsPerSlot = (slot + replay.settings.twinStepSeconds - 1) / replay.settings.twinStepSeconds
    secondsPerStep = Double(slot) / Double(stepsPerSlot)
    twin = replay.startingTwin(ambientC: context.ambientC.first ?? 20)
    trace = ReplayTrace(grid: replay.period)
  }

  /// Runs the battery, or the hybrid inverter that the production works on as well.
  ///
  /// On the DC side the battery's power is what the inverter gives more or less than it would make of
  /// the production alone, so the balance at the meter reads the same for both kinds.
  private mutating func advance(
    slot: Int, requestKW: Double, curtailKW: Double
  ) throws(ImpossibleState) -> TwinStep {
    let air = context.ambientC[slot]
    let sun = context.irradianceWM2[slot]
    guard let direct = context.directPVKW else {
      return try twin.step(
        requestKW: requestKW, ambientC: air, seconds: secondsPerStep, irradianceWPerM2: sun)
    }
    let aloneKW = context.pvKW[slot].isFinite ? context.pvKW[slot] - curtailKW : 0
    let offeredKW = direct[slot].isFinite ? direct[slot] : 0
    let step = try twin.step(
      siteKW: aloneKW + requestKW,
      pvKW: curtailKW > 0 ? twin.specification.converter.dcKW(acKW: aloneKW) : offeredKW,
      ambientC: air, seconds: secondsPerStep, irradianceWPerM2: sun)
    var battery = step.site
    battery.deliveredKW -= aloneKW
    return battery
  }

  /// Power below which a request is rounding and the inverter stays asleep. [kW]
  private static let smallestRequestKW = 1e-6

  /// Runs one interval.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - requestKW: Battery power the controller asks for, positive when discharging. [kW]
  ///   - plannedCurtailKW: Production the controller reckons to be thrown away; what the export limit demands
  ///     beyond it counts as an intervention. [kW]
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  mutating func run(
    slot: Int, requestKW: Double, plannedCurtailKW: Double = 0
  ) throws(ImpossibleState) {
    let hours = context.grid.stepHours
    let load = context.loadKW[slot]
    let pv = context.pvKW[slot]
    let measured = load.isFinite && pv.isFinite
    var request = measured ? requestKW : 0
    if measured {
      // The connection is protected before the plan is followed.
      let lowest = load - pv - importLimitKW
      if request < lowest {
        interventionsKWh["grid_import_limit", default: 0] += (lowest - request) * hours
        request = lowest
      }
    }
    if abs(request) < Self.smallestRequestKW { request = 0 }
    // A hybrid inverter throws away before the battery takes its share, by what the battery is asked for.
    let beforehand =
      measured && context.directPVKW != nil
      ? context.curtailment.curtailedKW(
        slot: slot, gridKW: load + lastAuxiliaryKW - request - pv, pvKW: pv) : 0
    var delivered = 0.0
    var auxiliary = 0.0
    var largestClip = 0.0
    var limitedBy: ClipCause?
    for _ in 0..<stepsPerSlot {
      let step = try advance(slot: slot, requestKW: request, curtailKW: beforehand)
      delivered += step.deliveredKW
      auxiliary += step.auxiliaryKW
      if step.clippedKW > largestClip {
        largestClip = step.clippedKW
        limitedBy = step.cause
      }
      trace.socFraction[slot] = step.socFraction
      trace.hottestCellC[slot] = step.hottestCellC
      trace.storedKWh[slot] = step.storedEnergyKWh
    }
    delivered /= Double(stepsPerSlot)
    auxiliary /= Double(stepsPerSlot)
    lastAuxiliaryKW = auxiliary
    trace.limitedBy[slot] = limitedBy
    guard measured else { return }
    let surplus = load + auxiliary - delivered - pv
    let curtailed = max(
      beforehand, context.curtailment.curtailedKW(slot: slot, gridKW: surplus, pvKW: pv))
    let unplanned =
      context.curtailment.forcedKW(gridKW: surplus, pvKW: pv) - max(0, plannedCurtailKW)
    if unplanned > 0 { interventionsKWh["grid_export_limit", default: 0] += unplanned * hours }
    let grid = surplus + curtailed
    if grid > importLimitKW + 1e-9 {
      interventionsKWh["import_above_limit", default: 0] += (grid - importLimitKW) * hours
    }
    if -grid > exportLimitKW + 1e-9 {
      interventionsKWh["export_above_limit", default: 0] += (-grid - exportLimitKW) * hours
    }
    trace.loadKW[slot] = load
    trace.pvKW[slot] = pv
    trace.curtailedKW[slot] = curtailed
    trace.requestedKW[slot] = requestKW
    trace.batteryKW[slot] = delivered
    trace.auxiliaryKW[slot] = auxiliary
    trace.gridKW[slot] = grid
  }
}
