import Documents
import Tariffs
import Planning
package import Replay
import TimeSeries

extension ReplayCase {
  /// The period of a replay.
  package static let periodMeasures = MeasureList<ReplayCase>([
    Measure("from", unit: .instant, "First instant.") {
      .text(Instant.utcText($0.period.start))
    },
    Measure("to", unit: .instant, "End.") { .text(Instant.utcText($0.period.end)) },
    Measure("step_s", unit: .seconds, "Step of the measurements, in which energy is metered.") {
      .integer($0.period.stepSeconds)
    },
  ])

  /// The settings that a result depends on.
  package static let settingsMeasures =
    ReplaySettings.measures.of { $0.settings }
    + MeasureList<ReplayCase>([
      Measure(
        "slot_averaged", unit: .flag,
        "Whether the measurements are coarser than a minute, so that execution follows slot means."
      ) { .flag($0.period.stepSeconds > 60) }
    ])
}

extension ReplaySettings {
  fileprivate static let measures = MeasureList<ReplaySettings>([
    Measure("planner", unit: .words, "Solver: `auto`, `glpk` or `value-function`.") {
      .text($0.engine.rawValue)
    },
    Measure("hedge", unit: .object, in: .json, "How plans are hedged.") {
      .json(HedgeSettings.measures.json($0.hedge))
    },
    Measure("heat", unit: .words, "How plans foresee derating.") { .text($0.heat.rawValue) },
    Measure("battery_outlook", unit: .words, "How battery power is expected before a plan.") {
      .text($0.batteryPowerMethod.rawValue)
    },
    Measure("recourse", unit: .words, "How a plan meets what happens.") {
      .text($0.recourse.rawValue)
    },
    Measure("curtailment", unit: .words, "When production may be thrown away.") {
      .text($0.curtailment.rawValue)
    },
    Measure(
      "curtailment_steps", unit: .object, in: .json, isOptional: true,
      "Shares of the plant's peak power that production can be held to."
    ) {
      guard !$0.curtailmentSteps.isFree else { return .number(nil) }
      return .json(.array($0.curtailmentSteps.levels.map { .number($0) }))
    },
    Measure("grid_charging", unit: .flag, "Whether the battery may charge from the grid.") {
      .flag($0.rights.gridCharging)
    },
    Measure("battery_export", unit: .flag, "Whether the battery may discharge into the grid.") {
      .flag($0.rights.batteryExport)
    },
    Measure("planning_step_s", unit: .seconds, "Length of a planning slot.") {
      .integer($0.planningStepSeconds)
    },
    Measure("horizon_h", unit: .hours, "Time that a plan looks ahead.") {
      .number($0.horizonHours)
    },
    Measure("replan_s", unit: .seconds, "Time between plans.") { .integer($0.replanSeconds) },
    Measure("twin_step_s", unit: .seconds, "Longest step of the twin.") {
      .integer($0.twinStepSeconds)
    },
    Measure("wear_per_kwh", unit: .currencyPerKWh, "Price of wear per kWh discharged.") {
      .number($0.wearPerKWh)
    },
    Measure("peak_pricing", unit: .words, "How a month's peak is priced in a shorter horizon.") {
      .text($0.peakPricing.rawValue)
    },
    Measure("seed", unit: .words, "Seed of everything random.") { .text(String($0.seed)) },
  ])
}

extension HedgeSettings {
  /// How plans are hedged; keys that a kind does not have are left out.
  static let measures = MeasureList<HedgeSettings>([
    Measure("kind", unit: .words, "`none` or the kind of hedge.") { .text($0.hedge.name) },
    Measure(
      "paths", unit: .words, isOptional: true, "Where the paths come from."
    ) { .text($0.hedge == .none ? nil : $0.source.rawValue) },
    Measure("path_count", isOptional: true, "Number of paths wanted.") {
      .integer($0.hedge == .none ? nil : $0.pathCount)
    },
    Measure("quantile", unit: .fraction, isOptional: true, "Quantile of a `quantile_margin`.") {
      guard case .quantileMargin(let quantile) = $0.hedge else { return .number(nil) }
      return .number(quantile)
    },
  ])
}

extension Hedge {
  /// The name that documents use.
  var name: String {
    switch self {
    case .none: "none"
    case .quantileMargin: "quantile_margin"
    case .expectedValue: "expected_value"
    }
  }
}
