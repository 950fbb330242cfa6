import Planning
import Replay
import Studies
import Tariffs

extension ForesightBound {
  /// The plan over the whole period on the truth.
  static let measures = MeasureList<ForesightBound>([
    Measure(
      "cost", unit: .currency, "What the period costs in the planner's own model, on the truth."
    ) { .number($0.cost) },
    Measure("bill", unit: .currency, "Exact bill of the planned import and export.") {
      .number($0.billTotal)
    },
    Measure("wear_cost", unit: .currency, "Wear of the planned discharge.") {
      .number($0.wearCost)
    },
    Measure("end_energy_value", unit: .currency, "Value of the energy that the plan leaves.") {
      .number($0.endEnergyValue)
    },
    Measure(
      "waiting_cost", unit: .currency, isOptional: true,
      "What loads that can wait are left short of, less the worth of what their stores gain; left out for a "
        + "site without any."
    ) { $0.executed.waiting.isEmpty ? .number(nil) : .number($0.waitingCost) },
    Measure(
      "open_gap", unit: .currency,
      "What a better plan might still save where none is proven to be the best; taken off the cost."
    ) { .number($0.openGap) },
    Measure(
      "model_gap", unit: .currency,
      "Cost of the plan executed in the twin less its cost in the planner's model."
    ) { .number($0.modelGap) },
    Measure("executed_cost", unit: .currency, "Cost of the plan executed in the twin.") {
      .number($0.executed.cost)
    },
  ])
}

extension MeasureAudit {
  /// What picking by an accuracy measure costs.
  static let measures = MeasureList<MeasureAudit>([
    Measure("measure", unit: .words, "Accuracy measure, with its quantity.") { .text($0.measure) },
    Measure("picked", unit: .words, "The version with its smallest value.") { .text($0.picked) },
    Measure(
      "planner", unit: .words,
      "Variant of the planner that the versions share; null where only one plans."
    ) { .text($0.planner) },
    Measure(
      "extra_cost", unit: .currency,
      "Cost of the version picked less that of the cheapest with the same planner."
    ) { .number($0.extraCost) },
    Measure(
      "rank_correlation",
      "Rank correlation of the measure with the cost over the versions; null for fewer than three."
    ) { .number($0.rankCorrelation) },
  ])
}

extension PlannerVariant {
  /// A way of planning that is compared.
  static let measures = MeasureList<PlannerVariant>([
    Measure("name", unit: .words, "Name of the variant.") { .text($0.name) },
    Measure("planner", unit: .words, "Solver: `auto`, `glpk` or `value-function`.") {
      .text($0.engine.rawValue)
    },
    Measure("hedge", unit: .object, in: .json, "How plans are hedged.") {
      .json(HedgeSettings.measures.json($0.hedge))
    },
    Measure("heat", unit: .words, "How plans foresee derating.") { .text($0.heat.rawValue) },
    Measure("recourse", unit: .words, "How a plan meets what happens.") {
      .text($0.recourse.rawValue)
    },
    Measure("peak_pricing", unit: .words, "How a plan prices the month's peak.") {
      .text($0.peakPricing.rawValue)
    },
  ])
}
