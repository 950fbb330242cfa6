import Documents
import Replay
package import Studies

extension StressCell {
  /// One derating policy under one fault and one weather.
  package static let measures = names + numbers

  private static let names = MeasureList<StressCell>([
    Measure("policy", header: "policy", unit: .words, "Derating policy.") { .text($0.policy) },
    Measure("fault", header: "fault", unit: .words, "Fault.") { .text($0.fault) },
    Measure("weather", header: "weather", unit: .words, "Change of the weather.") {
      .text($0.weather)
    },
  ])

  private static let numbers = MeasureList<StressCell>([
    Measure("cost", header: "cost", unit: .currency, "What the period cost.") {
      .number($0.outcome.cost)
    },
    Measure(
      "cost_delta", header: "Δ cost", namesUnit: false, unit: .currency,
      "Cost less that of the first policy without its fault in the first weather."
    ) { .number($0.costDelta) },
    Measure(
      "derated_kwh", header: "derated", unit: .kWh, decimals: 1, "Energy that the policy refused."
    ) { .number($0.deratedKWh) },
    Measure(
      "derate_minutes", header: "derate h", namesUnit: false, unit: .minutes,
      "Time in which the policy left less than the rated power, asked for or not; hours in the table.",
      words: { NumberText.fixed($0.outcome.derateMinutes / 60, decimals: 1) }
    ) { .number($0.outcome.derateMinutes) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell at any time."
    ) { .number($0.hottestCellC) },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time with a cell above its temperature limit."
    ) { .number($0.hoursAboveLimit) },
    Measure("violations", in: .json, "Intervals that ended with a cell above its limit.") {
      .integer($0.violations)
    },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction,
      "Share of the battery's life used."
    ) { .number($0.lifeUsedFraction) },
  ])
}

extension PolicyScore {
  /// A policy over all its faults and weathers.
  package static let measures = MeasureList<PolicyScore>([
    Measure(
      "policy", header: "policy on the Pareto front", unit: .words,
      "Derating policy; of `pareto` one that no other beats in cost, hottest cell and hours above the limit at once."
    ) { .text($0.policy) },
    Measure(
      "mean_cost_delta", header: "mean Δ cost", unit: .currency,
      "Mean cost over faults and weathers, less the reference cell's cost."
    ) { .number($0.meanCostDelta) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1,
      "Hottest cell in any of its cells."
    ) { .number($0.hottestCellC) },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time above the limit, summed over its cells."
    ) { .number($0.hoursAboveLimit) },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction,
      "Mean share of the battery's life used over its cells."
    ) { .number($0.lifeUsedFraction) },
  ])
}
