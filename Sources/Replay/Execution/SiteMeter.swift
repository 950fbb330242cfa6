import TimeSeries

/// Settles the balance of power at the site's meter, with a battery and without one.
///
/// What is thrown away of the production is decided here, and what the limits of the connection change or
/// suffer is counted.
struct SiteMeter {
  private let context: MeteringContext
  private let importLimitKW: PowerLimit
  private let exportLimitKW: PowerLimit

  /// What happened so far.
  var trace: ReplayTrace
  /// Energy by which the grid limits changed what was asked for or were exceeded, by cause. [kWh]
  private(set) var interventionsKWh: [String: Double] = [:]

  init(_ replay: ReplayCase, context: MeteringContext) {
    self.context = context
    importLimitKW = replay.importLimitKW
    exportLimitKW = replay.exportLimitKW
    trace = ReplayTrace(grid: replay.period)
  }

  /// Counts a power that lasted an interval.
  mutating func count(_ powerKW: Double, by cause: String) {
    interventionsKWh[cause, default: 0] += powerKW * context.grid.stepHours
  }

  /// Settles an interval whose load and production were measured.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - waitingKW: Power of the loads that can wait. [kW]
  ///   - requestedKW: Battery power that the controller asked for, positive when discharging. [kW]
  ///   - deliveredKW: Battery power. [kW]
  ///   - auxiliaryKW: Draw of the battery system. [kW]
  ///   - curtailedKW: Production thrown away already. [kW]
  ///   - plannedCurtailKW: Production the controller reckoned to be thrown away; what the export limit demands
  ///     beyond it counts as an intervention. [kW]
  mutating func settle(
    slot: Int, waitingKW: Double = 0, requestedKW: Double = 0, deliveredKW: Double = 0,
    auxiliaryKW: Double = 0,
    curtailedKW: Double = 0, plannedCurtailKW: Double = 0
  ) {
    let load = context.loadKW[slot] + waitingKW
    let pv = context.pvKW[slot]
    let surplus = load + auxiliaryKW - deliveredKW - pv
    let curtailed = max(
      curtailedKW, context.curtailment.curtailedKW(slot: slot, gridKW: surplus, pvKW: pv))
    let unplanned =
      context.curtailment.forcedKW(slot: slot, gridKW: surplus, pvKW: pv) - max(0, plannedCurtailKW)
    if unplanned > 0 { count(unplanned, by: "grid_export_limit") }
    let coarse = context.curtailment.coarseKW(
      slot: slot, gridKW: surplus, pvKW: pv, curtailedKW: curtailed)
    if coarse > 1e-9 { count(coarse, by: "curtailment_steps") }
    enter(
      slot: slot, loadKW: load, pvKW: pv, gridKW: surplus + curtailed, curtailedKW: curtailed,
      requestedKW: requestedKW, batteryKW: deliveredKW, auxiliaryKW: auxiliaryKW)
  }

  /// Settles an interval as it was, with nothing thrown away; one whose load or production was not measured
  /// is left out.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - waitingKW: Power of the loads that can wait. [kW]
  ///   - pvKW: Production as it was measured. [kW]
  ///   - batteryKW: Battery power as it was measured, positive when discharging. [kW]
  mutating func settleMeasured(
    slot: Int, waitingKW: Double, pvKW: Double, batteryKW: Double
  ) {
    let load = context.loadKW[slot] + waitingKW
    let grid = load - pvKW - batteryKW
    guard grid.isFinite else { return }
    enter(
      slot: slot, loadKW: load, pvKW: pvKW, gridKW: grid, curtailedKW: 0, requestedKW: batteryKW,
      batteryKW: batteryKW, auxiliaryKW: 0)
  }

  private mutating func enter(
    slot: Int, loadKW: Double, pvKW: Double, gridKW grid: Double, curtailedKW: Double,
    requestedKW: Double,
    batteryKW: Double, auxiliaryKW: Double
  ) {
    let aboveImportKW = grid - importLimitKW[slot]
    let aboveExportKW = -grid - exportLimitKW[slot]
    if aboveImportKW > 1e-9 { count(aboveImportKW, by: "import_above_limit") }
    if aboveExportKW > 1e-9 { count(aboveExportKW, by: "export_above_limit") }
    trace.loadKW[slot] = loadKW
    trace.pvKW[slot] = pvKW
    trace.curtailedKW[slot] = curtailedKW
    trace.requestedKW[slot] = requestedKW
    trace.batteryKW[slot] = batteryKW
    trace.auxiliaryKW[slot] = auxiliaryKW
    trace.gridKW[slot] = grid
  }
}
