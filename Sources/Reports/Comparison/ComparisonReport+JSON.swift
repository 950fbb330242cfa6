package import Documents
import Replay
import Studies
import TimeSeries

extension ComparisonReport {
  /// The comparison as `wattif.compare/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.compare/1",
      "currency": .string(currency),
      "period": .period(of: replay),
      "settings": .settings(of: replay),
      "baselines": [
        "no_battery": .result(comparison.score(comparison.noBattery)),
        "self_consumption": .result(comparison.score(comparison.selfConsumption)),
        "oracle": .result(comparison.oracle),
        "foresight_bound": [
          "cost": .number(comparison.foresight.cost),
          "bill": .number(comparison.foresight.billTotal),
          "wear_cost": .number(comparison.foresight.wearCost),
          "end_energy_value": .number(comparison.foresight.endEnergyValue),
          "model_gap": .number(comparison.foresight.modelGap),
          "executed_cost": .number(comparison.foresight.executed.cost),
        ],
      ],
      "versions": .array(comparison.versions.map { .result($0) }),
      "planners": .planners(comparison.planners),
      "pairs": .array(comparison.pairs.map(Self.json)),
      "planner_pairs": .array(comparison.plannerPairs.map(Self.json)),
      "audit": .array(
        comparison.audits.map { audit in
          [
            "measure": .string(audit.measure), "picked": .string(audit.picked),
            "extra_cost": .number(audit.extraCost),
            "rank_correlation": .optional(audit.rankCorrelation),
          ]
        }),
      "unmeasured_slots": .integer(comparison.noBattery.trace.unmeasuredCount),
    ]
  }

  private static func json(_ pair: PairedDifference) -> JSONValue {
    [
      "a": .string(pair.a), "b": .string(pair.b),
      "difference_per_day": .number(pair.perDay), "low": .number(pair.low),
      "high": .number(pair.high), "significant": .boolean(pair.isSignificant),
    ]
  }
}
