import Documents
import Replay
package import Studies
import Twin

extension StressCell {
  /// One derating policy under one fault, one weather and one way of planning.
  package static let measures = names + money + comparisons + work + timing

  private static let names = MeasureList<StressCell>([
    Measure("policy", header: "policy", unit: .words, "Derating policy.") { .text($0.policy) },
    Measure("fault", header: "fault", unit: .words, "Fault.") { .text($0.fault) },
    Measure("weather", header: "weather", unit: .words, "Change of the weather.") {
      .text($0.weather)
    },
    Measure("heat", header: "plans", unit: .words, "How plans foresee the heat of the battery.") {
      .text($0.heat.rawValue)
    },
  ])

  private static let money = MeasureList<StressCell>([
    Measure(
      "cost", header: "cost", unit: .currency,
      "Bill less the value of the energy left, with the money of the life used, or with wear where no price of it is known."
    ) { .number($0.cost) },
    Measure(
      "bill_cost", unit: .currency, "Bill less the value of the energy left, without life and wear."
    ) { .number($0.bill) },
    Measure(
      "life_cost", unit: .currency,
      "Money of the share of the battery's life used; null where no price is known."
    ) { .number($0.lifeCost) },
  ])

  private static let comparisons = MeasureList<StressCell>(
    pair(
      "cost_delta", "against_none", header: "Δ none",
      "Cost less that of `none` in the same case; null for `none`"
    ) { $0.againstNone }
      + pair(
        "fault_cost_delta", "against_healthy", header: "Δ healthy",
        "Cost less that of the same policy without the fault; null without a fault"
      ) { $0.againstHealthy }
      + pair(
        "blind_cost_delta", "against_blind", header: nil,
        "Cost less that of blind plans in the same case; null for those and where no plans are blind"
      ) { $0.againstBlind })

  /// A difference and half of its interval.
  private static func pair(
    _ key: String, _ group: String, header: String?, _ meaning: String,
    _ part: @escaping @Sendable (StressCell) -> PairedInterval?
  ) -> [Measure<StressCell>] {
    [
      Measure(
        key, path: "\(group).difference", header: header, namesUnit: false, unit: .currency,
        "\(meaning).",
        words: { cell in
          guard let pair = part(cell) else { return "–" }
          let half = pair.total.halfWidth.map { " ± \(NumberText.fixed($0, decimals: 2))" } ?? ""
          return NumberText.fixed(pair.difference, decimals: 2) + half
        }
      ) { .number(part($0)?.difference) },
      Measure(
        "\(key)_half_width", path: "\(group).half_width", unit: .currency,
        "Half of its 95 % interval, for one comparison alone; null where the data allow none."
      ) { .number(part($0)?.total.halfWidth) },
    ]
  }

  private static let work = MeasureList<StressCell>([
    Measure(
      "derated_kwh", header: "refused", unit: .kWh, decimals: 1,
      "Energy asked for that the policy refused."
    ) { .number($0.deratedKWh) },
    Measure(
      "limits", unit: .list, in: .json,
      "What kept the battery from its rating or from what it was asked for, by cause."
    ) { .json(LimitRecord.measures.list($0.outcome.ledger?.limits ?? [])) },
    Measure(
      "derate_minutes", header: "derate h", namesUnit: false, unit: .minutes,
      "Time in which the policy left less than the rated power, asked for or not; hours in the table.",
      words: { NumberText.fixed($0.outcome.derateMinutes / 60, decimals: 1) }
    ) { .number($0.outcome.derateMinutes) },
    Measure(
      "missed_peaks", "Months whose billed peak was higher than under `none` in the same case."
    ) { .integer($0.missedPeaks) },
    Measure(
      "missed_peak_charge", header: "peaks", unit: .currency,
      "What the peaks of those months cost more."
    ) { .number($0.missedPeakCharge) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell at any time."
    ) { .number($0.hottestCellC) },
    Measure("spread_k", unit: .none, "Largest difference between two cells at one time, in kelvin.")
    {
      .number($0.spreadK)
    },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time with a cell above its temperature limit."
    ) { .number($0.hoursAboveLimit) },
    Measure("violations", in: .json, "Intervals that ended with a cell above its limit.") {
      .integer($0.violations)
    },
    Measure(
      "cut_offs", header: "cut-offs",
      "Times that the battery's own protection opened the circuit (`battery.cut_off_c`)."
    ) { .integer($0.cutOffs) },
    Measure("cut_off_hours", unit: .hours, "Time in which it was open.") {
      .number($0.cutOffHours)
    },
    Measure(
      "unlogged_hours", unit: .hours,
      "Time that the site's logger was silent (`logger_gap`): forecasts never learn of it, and control goes on with the temperatures it saw last."
    ) { .number($0.unloggedHours) },
    Measure(
      "unforeseen_hours", unit: .hours,
      "Time in which the policy's kept model said nothing, as its past was not whole."
    ) { .number($0.unforeseenHours) },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction,
      "Share of the battery's life used."
    ) { .number($0.lifeUsedFraction) },
  ])

  private static let timing = MeasureList<StressCell>([
    Measure(
      "action_lead_hours", unit: .hours,
      "Time by which the policy's first action against heat comes before the first cell above its limit under `none`; negative after it, null where there is no action or no such heat."
    ) { .number($0.timing.leadHours) },
    Measure(
      "action_precision", unit: .fraction,
      "Of the intervals with an action while no cell was above its limit, the share that was followed under `none` by a cell above its limit within an hour; null without such an action."
    ) { .number($0.timing.precision) },
  ])
}

extension PolicyScore {
  /// A policy over all its faults and weathers.
  package static let measures = MeasureList<PolicyScore>([
    Measure(
      "policy", header: "policy", unit: .words,
      "Derating policy; of `pareto` one that no other beats in bill, hottest cell, hours above the limit, cut-offs and life at once."
    ) { .text($0.policy) },
    Measure(
      "rank", header: "rank",
      "Place by cost among those with the fewest cut-offs, then the others; 1 is the one to take."
    ) { .integer($0.rank) },
    Measure(
      "mean_cost_delta", header: "mean Δ cost", unit: .currency,
      "Mean over faults and weathers of the cost less that of `none` in the same case."
    ) { .number($0.meanCostDelta) },
    Measure(
      "mean_bill_delta", header: "of it bill", namesUnit: false, unit: .currency,
      "The same without life and wear."
    ) { .number($0.meanBillDelta) },
    Measure(
      "life_cost", header: "life", unit: .currency,
      "Mean money of the life used; null where no price is known."
    ) { .number($0.lifeCost) },
    Measure(
      "project_life_cost", unit: .currency,
      "The same over the years of the project, with one such period in each."
    ) { .number($0.projectLifeCost) },
    Measure(
      "derated_kwh", header: "refused", unit: .kWh, decimals: 1,
      "Mean energy asked for that the policy refused."
    ) { .number($0.deratedKWh) },
    Measure(
      "missed_peak_charge", unit: .currency,
      "Mean of what peaks cost more in months in which they were higher than under `none`."
    ) { .number($0.missedPeakCharge) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1,
      "Hottest cell in any of its cells."
    ) { .number($0.hottestCellC) },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time above the limit, summed over its cells."
    ) { .number($0.hoursAboveLimit) },
    Measure(
      "cut_offs", header: "cut-offs",
      "Times that the battery's own protection opened the circuit, over its cells."
    ) { .integer($0.cutOffs) },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction,
      "Mean share of the battery's life used over its cells."
    ) { .number($0.lifeUsedFraction) },
  ])
}

extension HeatKnowledge {
  /// What one way of foreseeing the heat is worth.
  package static let measures = MeasureList<HeatKnowledge>([
    Measure("heat", header: "plans", unit: .words, "How plans foresee the heat.") {
      .text($0.heat.rawValue)
    },
    Measure(
      "cost_delta", header: "Δ blind", unit: .currency,
      "Mean cost over policies, faults and weathers, less that of blind plans.",
      words: { $0.pair.total.text(decimals: 2) }
    ) { .number($0.pair.difference) },
    Measure(
      "cost_delta_half_width", unit: .currency,
      "Half of its interval, corrected for the number of ways; null where the data allow none."
    ) { .number($0.pair.total.halfWidth) },
    Measure(
      "derated_kwh", header: "refused", unit: .kWh, decimals: 1,
      "Mean energy asked for that policies refused."
    ) { .number($0.deratedKWh) },
    Measure(
      "blind_derated_kwh", header: "refused of blind", unit: .kWh, decimals: 1,
      "The same of blind plans."
    ) { .number($0.blindDeratedKWh) },
    Measure(
      "by_policy", unit: .object, in: .json,
      "Mean cost over faults and weathers, less that of blind plans, by policy."
    ) { knowledge in
      .json(
        .object(
          Dictionary(
            uniqueKeysWithValues: knowledge.byPolicy.map { ($0.a, .number($0.difference)) })))
    },
  ])
}
