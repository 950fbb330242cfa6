package import Documents
import Forecasting
import Planning
package import Replay
package import Studies
package import Tariffs
import TimeSeries
import Twin

/// The objects that several commands print.
extension JSONValue {
  /// Returns an object with one more key; other values are returned as they are.
  package func adding(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members[key] = value
    return .object(members)
  }

  /// Returns an object with more keys; other values are returned as they are.
  package func adding(_ more: [String: JSONValue]) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(more) { $1 })
  }

  /// One *result*: what a controller cost, met and did.
  package static func result(_ score: VersionScore) -> JSONValue {
    let outcome = score.outcome
    let ledger = outcome.ledger
    let planning = outcome.planning
    let members: JSONValue = [
      "version": .string(outcome.name),
      "forecast": .string(score.forecast),
      "planner": score.planner.map { .string($0) } ?? .null,
      "oracle": .boolean(outcome.isOracle),
      "oracle_weather": .boolean(outcome.hasOracleWeather),
      "cost": .number(outcome.cost),
      "bill": .number(outcome.bill.total),
      "wear_cost": .number(outcome.wearCost),
      "end_energy_value": .number(outcome.endEnergyValue),
      "savings_vs_no_battery": .number(score.savingsVsNoBattery),
      "savings_vs_self_consumption": .number(score.savingsVsSelfConsumption),
      "regret": .number(score.regret),
      "share_captured": .optional(score.shareCaptured),
      "derate_minutes": .number(outcome.derateMinutes),
      "derated_kwh": .number(ledger?.deratedKWh ?? 0),
      "hottest_cell_c": .optional(ledger?.hottestCellC),
      "hours_above_limit": .number((ledger?.secondsAboveLimit ?? 0) / 3600),
      "equivalent_full_cycles": .number(ledger?.equivalentFullCycles ?? 0),
      "life_used_fraction": .number(ledger?.lifeUsedFraction ?? 0),
      "plans": .integer(planning.plans),
      "solver": [
        "glpk": .integer(planning.glpk),
        "value_function": .integer(planning.valueFunction),
        "certified": .integer(planning.certified),
        "max_certified_gap": .number(planning.maxCertifiedGap),
        "failed": .integer(planning.failed),
        "approximate": .integer(planning.approximate),
        "obstacles": .object(
          Dictionary(
            uniqueKeysWithValues: planning.obstacles.map {
              ($0.key.rawValue, JSONValue.integer($0.value))
            })),
      ],
      "hedge": [
        "plans": .integer(planning.hedged), "unhedged_plans": .integer(planning.unhedged),
        "paths": .integer(planning.paths), "fallbacks": .integer(planning.hedgeFallbacks),
      ],
      "envelope_rounds": .integer(planning.envelopeRounds),
      "settled_envelopes": .integer(planning.settledEnvelopes),
      "softened_plans": .integer(planning.relaxed),
      "clamped_sell_slots": .integer(planning.clampedSellSlots),
      "repaired_slots": .integer(planning.repairedSlots),
      "interventions_kwh": .object(outcome.interventionsKWh.mapValues(JSONValue.number)),
      "accuracy": .object(
        Dictionary(
          uniqueKeysWithValues: outcome.accuracy.filter { $0.value.count > 0 }
            .map { ($0.key.rawValue, accuracy($0.value)) })),
      "battery_outlooks": .object(
        Dictionary(
          uniqueKeysWithValues: outcome.batteryOutlooks.map { ($0.outlook.rawValue, outlook($0)) })),
      "battery_outlook_stand_ins": .integer(outcome.batteryOutlookStandIns),
      "models": .array(outcome.models.map(\.json)),
      "plan_fidelity_kw": .object(
        Dictionary(
          uniqueKeysWithValues: zip(
            PlanFidelity.bucketEndHours, outcome.fidelity.meanAbsoluteKW
          ).map { ("lead_below_\(JSONValue.text(of: $0))_h", .number($1)) })),
      "auxiliary_kwh": .number(ledger?.auxiliaryKWh ?? 0),
      "balance_error_kwh": .number(outcome.trace.largestImbalanceKWh),
    ]
    return members.adding(outcome.forecastCounts.members(in: .replay))
  }

  private static func outlook(_ score: BatteryOutlookScore) -> JSONValue {
    func finite(_ value: Double) -> JSONValue { .optional(value.isFinite ? value : nil) }
    func errors(_ statistics: ErrorStatistics) -> JSONValue {
      [
        "pairs": .integer(statistics.count), "mae": finite(statistics.mae),
        "rmse": finite(statistics.rmse), "bias": finite(statistics.bias),
      ]
    }
    return [
      "quiet": errors(score.quiet), "cycling": errors(score.cycling),
      "sign_accuracy_fraction": finite(score.battery.signAccuracy),
      "throughput_error_fraction": finite(score.battery.throughputErrorFraction),
    ]
  }

  private static func accuracy(_ statistics: ErrorStatistics) -> JSONValue {
    [
      "mae": .number(statistics.mae), "rmse": .number(statistics.rmse),
      "bias": .number(statistics.bias), "nmae": .number(statistics.nmae),
      "pairs": .integer(statistics.count), "missing_pairs": .integer(statistics.missingPairs),
    ]
  }

  /// The period of a replay.
  package static func period(of replay: ReplayCase) -> JSONValue {
    [
      "from": .string(Instant.utcText(replay.period.start)),
      "to": .string(Instant.utcText(replay.period.end)),
      "step_s": .integer(replay.period.stepSeconds),
    ]
  }

  /// The settings that a result depends on.
  package static func settings(of replay: ReplayCase) -> JSONValue {
    let settings = replay.settings
    return [
      "planner": .string(settings.engine.rawValue),
      "hedge": .hedge(settings.hedge),
      "heat": .string(settings.heat.rawValue),
      "battery_outlook": .string(settings.batteryOutlook.rawValue),
      "recourse": .string(settings.recourse.rawValue),
      "planning_step_s": .integer(settings.planningStepSeconds),
      "horizon_h": .number(settings.horizonHours),
      "replan_s": .integer(settings.replanSeconds),
      "twin_step_s": .integer(settings.twinStepSeconds),
      "wear_per_kwh": .number(settings.wearPerKWh),
      "peak_pricing": .string(settings.peakPricing.rawValue),
      "slot_averaged": .boolean(replay.period.stepSeconds > 60),
      "seed": .string(String(settings.seed)),
    ]
  }

  /// How plans are hedged.
  static func hedge(_ settings: HedgeSettings) -> JSONValue {
    guard settings.hedge != .none else { return ["kind": "none"] }
    let base: JSONValue = [
      "kind": .string(settings.hedge.name), "paths": .string(settings.source.rawValue),
      "path_count": .integer(settings.pathCount),
    ]
    switch settings.hedge {
    case .none, .expectedValue: return base
    case .quantileMargin(let quantile): return base.adding("quantile", .number(quantile))
    case .twoStage(let shared, let weight, let share):
      return base.adding("shared_slots", .integer(shared)).adding("tail_weight", .number(weight))
        .adding("tail_fraction", .number(share))
    }
  }

  /// Ways of planning that are compared.
  static func planners(_ planners: [PlannerVariant]) -> JSONValue {
    .array(
      planners.map {
        [
          "name": .string($0.name), "planner": .string($0.engine.rawValue),
          "hedge": .hedge($0.hedge), "heat": .string($0.heat.rawValue),
          "recourse": .string($0.recourse.rawValue),
        ]
      })
  }

  /// The months of a bill, with what the planner's prices left unexplained.
  ///
  /// - Parameters:
  ///   - bill: The exact bill.
  ///   - gaps: Exact bill less cost at planning prices, one per month or none at all.
  /// - Returns: The months in order.
  package static func months(_ bill: Bill, gaps: [SurrogateGap]) -> JSONValue {
    .array(
      bill.months.map { month in
        [
          "month": .string(month.month), "bill": .number(month.total),
          "import_kwh": .number(month.importKWh), "export_kwh": .number(month.exportKWh),
          "peak_kw": .number(month.peakKW),
          "surrogate_gap": .optional(gaps.first { $0.month == month.month }?.gap),
        ]
      })
  }
}

extension Hedge {
  /// The name that documents use.
  var name: String {
    switch self {
    case .none: "none"
    case .quantileMargin: "quantile_margin"
    case .expectedValue: "expected_value"
    case .twoStage: "two_stage"
    }
  }
}
