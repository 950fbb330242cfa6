package import Documents
import Replay
import Studies
import TimeSeries

extension ComparisonReport {
  /// The comparison as `wattif.compare/1`.
  package var json: JSONValue {
    var whole: JSONValue = [
      "schema": "wattif.compare/1",
      "verdict": .string(verdict),
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "baselines": [
        "no_battery": Self.measures.json(comparison.score(comparison.noBattery)),
        "self_consumption": Self.measures.json(comparison.score(comparison.selfConsumption)),
        "oracle": Self.measures.json(comparison.oracle),
        "foresight_bound": ForesightBound.measures.json(comparison.foresight),
      ],
      "versions": Self.measures.list(comparison.versions),
      "planners": PlannerVariant.measures.list(comparison.planners),
      "rolling": comparison.rolling.map { RollingVerdict.measures.json($0) } ?? .null,
      "pairs": PairedInterval.measures.list(comparison.pairs),
      "planner_pairs": PairedInterval.measures.list(comparison.plannerPairs),
      "audit": MeasureAudit.measures.list(comparison.audits),
      "as_measured": comparison.asMeasured.map {
        Self.measures.json(comparison.score($0))
      } ?? .null,
      "measured_battery": replay.measuredBattery.map { MeasuredBattery.measures.json($0) } ?? .null,
      "unmeasured_slots": .integer(comparison.noBattery.trace.unmeasuredCount),
    ]
    if !auditsJSON.isEmpty { whole = whole.adding("accuracy_audits", .array(auditsJSON)) }
    if let explanation { whole = whole.adding("explanation", explanation.json) }
    let warranty = comparison.reference.flatMap {
      WarrantyReport(replay.warranty, $0.outcome.ledger, capacityLostFraction: nil)
    }
    return warranty.map { whole.adding("warranty", $0.json) } ?? whole
  }
}
