import Planning
import Tariffs
import TimeSeries

/// A fixed battery under plans that roll ahead, with load and production known.
///
/// A replay rolls ahead as well, but executes in the twin, which needs cells, heat and a converter,
/// and meters what the twin did. Here a battery is two numbers and every plan comes true, so a month
/// can be run again from the same state with another target in a fraction of the time.
struct RollingBattery {
  /// Where a run stands: stored energy, meter, and what the battery did so far.
  struct State {
    var energyKWh: Double
    var meter: BillingMeter
    /// Power of the battery, positive when discharging, one per interval. [kW]
    var batteryKW: [Double]
  }

  /// Horizon of a plan. [h]
  private static let horizonHours = 36.0
  /// Time from plan to plan. [h]
  private static let replanHours = 6.0

  let planning: FixedBatteryPlanning
  private var schedule: BillingSchedule { planning.schedule }

  init(_ planning: FixedBatteryPlanning) { self.planning = planning }

  /// Starts empty: what is stored at the end of the data is worth nothing, so nothing is given either.
  func start() -> State {
    State(
      energyKWh: 0, meter: BillingMeter(schedule),
      batteryKW: [Double](repeating: 0, count: schedule.grid.count))
  }

  /// Returns the exact cost of a month that aims at a share of the peaks without a battery.
  func cost(ofMonth month: Int, from begin: State, share: Double) -> Double {
    var state = begin
    run(month: month, rule: .monthlyTarget, share: share, state: &state)
    return planning.metered(batteryKW: state.batteryKW).bill.months[month].total
  }

  /// Plans and meters a month.
  func run(month: Int, rule: PeakPricing, share: Double, state: inout State) {
    let slots = schedule.monthSlots[month]
    state.meter.begin(slot: slots.lowerBound)
    let targets = rule == .monthlyTarget ? self.targets(slots, state.meter, share: share) : [:]
    let stepHours = schedule.grid.stepHours
    let horizon = max(1, Int((Self.horizonHours / stepHours).rounded()))
    let stride = max(1, Int((Self.replanHours / stepHours).rounded()))
    var planner = ValueFunctionPlanner()
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      let range = slot..<min(schedule.grid.count, slot + horizon)
      let plan = planner.plan(
        planning.request(
          range,
          prices: planning.prices(range, meter: state.meter, rule: rule, targetsKW: targets),
          energyKWh: state.energyKWh,
          terminal: range.upperBound == schedule.grid.count ? .none : .priceQuantile(0.5)))
      for offset in 0..<min(stride, slots.upperBound - slot) {
        let powerKW = FixedBatteryPlanning.batteryKW(plan, offset)
        state.batteryKW[slot + offset] = powerKW
        let grid = planning.settled(slot: slot + offset, batteryKW: powerKW).gridKW
        state.meter.record(slot: slot + offset, importKW: max(0, grid), exportKW: max(0, -grid))
        state.energyKWh = plan.energyKWh[offset]
      }
      slot += stride
    }
  }

  /// Targets of a month's rows: a share of their peaks without a battery.
  private func targets(
    _ slots: Range<Int>, _ meter: BillingMeter, share: Double
  ) -> [String: Double] {
    let net = slots.map { max(0, planning.settled(slot: $0, batteryKW: 0).gridKW) }
    return Dictionary(
      planning.prices(slots, meter: meter, rule: .fullPrice).demands.map {
        ($0.label, share * $0.peakKW(importKW: net))
      }, uniquingKeysWith: max)
  }
}
