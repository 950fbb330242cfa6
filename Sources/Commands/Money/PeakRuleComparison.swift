import Documents
import Planning
import Reports
import Tariffs
import TimeSeries

/// The three rules for pricing a month's peak inside a short horizon, side by side.
///
/// A battery with a fixed envelope is planned over 36 h with the load known in advance, again every
/// six hours, and the metered result is billed exactly. What differs is only the rule.
struct PeakRuleComparison {
  /// One rule over the whole series.
  struct Row {
    let rule: PeakPricing
    let bill: Bill
    let gaps: [SurrogateGap]
    /// Share of the peak without a battery that each month aimed at, for the monthly target.
    let shares: [Double]
  }

  let withoutBattery: Bill
  let rows: [Row]
  let currency: String

  init(schedule: BillingSchedule, site: MeteredSite, capacityKWh: Double, powerKW: Double) {
    let (importKW, exportKW) = schedule.meters(
      loadKW: site.loadKW, generationKW: site.generationKW)
    withoutBattery = schedule.bill(importKW: importKW, exportKW: exportKW)
    currency = schedule.tariff.currency
    let battery = RollingBattery(
      schedule: schedule, site: site, capacityKWh: capacityKWh, powerKW: powerKW)
    rows = PeakPricing.allCases.map { rule in
      var state = battery.start()
      var shares: [Double] = []
      for month in schedule.monthSlots.indices {
        if rule == .monthlyTarget {
          let begin = state
          let search = PeakTargetSearch { share in
            battery.cost(ofMonth: month, from: begin, share: share)
          }
          shares.append(search.share)
          battery.run(month: month, rule: rule, share: search.share, state: &state)
        } else {
          battery.run(month: month, rule: rule, share: 0, state: &state)
        }
      }
      let bill = schedule.bill(importKW: state.importKW, exportKW: state.exportKW)
      return Row(
        rule: rule, bill: bill,
        gaps: schedule.surrogateGaps(
          importKW: state.importKW, exportKW: state.exportKW, bill: bill), shares: shares)
    }
  }

  /// Rules with their bills and the gap of the planning prices.
  var text: String {
    var table = TextTable([
      ("peak pricing", .left), ("total \(currency)", .right), ("energy", .right),
      ("demand", .right), ("saved", .right), ("planning gap", .right),
    ])
    table.add(cells("no battery", withoutBattery, gap: nil))
    for row in rows {
      table.add(cells(row.rule.rawValue, row.bill, gap: row.gaps.reduce(0) { $0 + $1.gap }))
    }
    return table.text + "plans of 36 h with the load known in advance, exact bills\n"
  }

  private func cells(_ name: String, _ bill: Bill, gap: Double?) -> [String] {
    func money(_ value: Double?) -> String { NumberText.fixed(value, decimals: 2) }
    let demand = bill.months.reduce(0) { $0 + $1.demand }
    let energy = bill.months.reduce(0) { $0 + $1.energy + $1.export }
    return [
      name, money(bill.total), money(energy), money(demand),
      money(withoutBattery.total - bill.total), money(gap),
    ]
  }

  /// Rules with their months in the form that other programs read.
  var json: JSONValue {
    .array(
      rows.map { row in
        [
          "rule": .string(row.rule.rawValue), "total": .number(row.bill.total),
          "saved": .number(withoutBattery.total - row.bill.total),
          "months": .array(
            zip(row.bill.months, row.gaps).enumerated().map { index, pair in
              [
                "month": .string(pair.0.month), "total": .number(pair.0.total),
                "demand": .number(pair.0.demand), "peak_kw": .number(pair.0.peakKW),
                "surrogate_gap": .number(pair.1.gap),
                "target_share": .optional(
                  row.shares.indices.contains(index) ? row.shares[index] : nil),
              ]
            }),
        ]
      })
  }
}

/// A battery with a fixed envelope under plans that roll ahead.
struct RollingBattery {
  /// Where a run stands: stored energy, meter, and what was metered so far.
  struct State {
    var energyKWh: Double
    var meter: BillingMeter
    var importKW: [Double]
    var exportKW: [Double]
  }

  let schedule: BillingSchedule
  let capacityKWh: Double
  let powerKW: Double
  private let loadKW: [Double]
  private let generationKW: [Double]
  private let planning: PlanningTariff

  init(schedule: BillingSchedule, site: MeteredSite, capacityKWh: Double, powerKW: Double) {
    self.schedule = schedule
    self.capacityKWh = capacityKWh
    self.powerKW = powerKW
    loadKW = site.loadKW.map { $0.isFinite ? $0 : 0 }
    generationKW = site.generationKW.map { $0.isFinite ? $0 : 0 }
    planning = PlanningTariff(schedule.tariff, grid: schedule.grid, zone: schedule.zone)
  }

  func start() -> State {
    let idle = [Double](repeating: 0, count: schedule.grid.count)
    return State(
      energyKWh: capacityKWh / 2, meter: BillingMeter(schedule), importKW: idle, exportKW: idle)
  }

  /// Returns the exact cost of a month that aims at a share of the peaks without a battery.
  func cost(ofMonth month: Int, from begin: State, share: Double) -> Double {
    var state = begin
    run(month: month, rule: .monthlyTarget, share: share, state: &state)
    return schedule.bill(importKW: state.importKW, exportKW: state.exportKW).months[month].total
  }

  /// Plans and meters a month.
  func run(month: Int, rule: PeakPricing, share: Double, state: inout State) {
    let slots = schedule.monthSlots[month]
    state.meter.begin(slot: slots.lowerBound)
    let targets = rule == .monthlyTarget ? self.targets(slots, state.meter, share: share) : [:]
    let stepHours = schedule.grid.stepHours
    let horizon = max(1, Int((36 / stepHours).rounded()))
    let stride = max(1, Int((6 / stepHours).rounded()))
    var planner = ValueFunctionPlanner()
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      let range = slot..<min(schedule.grid.count, slot + horizon)
      let request = PlanRequest(
        grid: schedule.grid[range], loadKW: Array(loadKW[range]),
        pvKW: Array(generationKW[range]),
        prices: planning.prices(
          over: range, spotPerKWh: schedule.spotPerKWh.map { $0[range] }, meter: state.meter,
          peakPricing: rule, targetsKW: targets),
        envelope: .constant(
          count: range.count, chargeKW: powerKW, dischargeKW: powerKW,
          energyMaxKWh: capacityKWh, chargeEfficiency: BatteryPlan.efficiency,
          dischargeEfficiency: BatteryPlan.efficiency), initialEnergyKWh: state.energyKWh,
        importLimitKW: schedule.tariff.importLimitKW ?? .infinity,
        exportLimitKW: schedule.tariff.exportLimitKW ?? .infinity,
        terminal: range.upperBound == schedule.grid.count ? .none : .priceQuantile(0.5))
      let plan = planner.plan(request)
      for offset in 0..<min(stride, slots.upperBound - slot) {
        state.importKW[slot + offset] = plan.importKW[offset]
        state.exportKW[slot + offset] = plan.exportKW[offset]
        state.meter.record(
          slot: slot + offset, importKW: plan.importKW[offset], exportKW: plan.exportKW[offset])
        state.energyKWh = plan.energyKWh[offset]
      }
      slot += stride
    }
  }

  /// Targets of a month's rows: a share of their peaks without a battery.
  private func targets(
    _ slots: Range<Int>, _ meter: BillingMeter, share: Double
  ) -> [String: Double] {
    let rows = planning.prices(
      over: slots, spotPerKWh: schedule.spotPerKWh.map { $0[slots] }, meter: meter,
      peakPricing: .fullPrice
    ).demands
    let net = slots.map { max(0, loadKW[$0] - generationKW[$0]) }
    return Dictionary(
      rows.map { ($0.label, share * $0.peakKW(importKW: net)) }, uniquingKeysWith: max)
  }
}
