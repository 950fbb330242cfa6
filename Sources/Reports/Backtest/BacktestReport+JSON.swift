package import Documents
import Forecasting
import Studies
import TimeSeries

extension BacktestReport {
  /// The study in the form of `wattif.forecast/1`.
  package var json: JSONValue {
    let rows = study.rows.map { row -> JSONValue in
      let (candidate, scores) = (row.candidate, row.scores)
      var comparison: JSONValue = nil
      if let first = study.rows.first, first.candidate.name != candidate.name {
        comparison = BacktestComparison.measures.json(BacktestComparison(scores, first.scores))
          .adding("to", .string(first.candidate.name))
      }
      let members: JSONValue = [
        "version": .string(candidate.name), "kind": .string(candidate.recipe.kind.rawValue),
        "label": .string(candidate.label), "against": comparison, "leads": leads(scores),
        "hours": sums(scores.byHour),
        "windows": .array(
          study.windows.map { window in
            self.window(window, scores, study.rows.first?.scores ?? scores)
          }),
        "weekdays": sums(scores.byWeekday),
        "day_types": .object([
          "working_day": ErrorStatistics.Sums.bucket.json(scores.byDayType[0]),
          "weekend": ErrorStatistics.Sums.bucket.json(scores.byDayType[1]),
        ]),
        "regimes": .object(
          Dictionary(
            uniqueKeysWithValues: zip(
              scores.regimes, scores.byRegime.map { ErrorStatistics.Sums.bucket.json($0) }))),
      ]
      return members.adding(BacktestScores.measures.json(scores))
    }
    return [
      "schema": "wattif.forecast/1", "action": "backtest",
      "verdict": .string(verdict),
      "quantity": .string(plan.quantity.rawValue),
      "unit": .string(plan.quantity.unit), "issues": .integer(plan.issues.count),
      "horizon_slots": .integer(plan.horizonSlots), "versions": .array(rows),
      "ablations": .array(study.ablations.map(json)),
    ]
  }

  private func window(
    _ days: Range<Int>, _ scores: BacktestScores, _ reference: BacktestScores
  ) -> JSONValue {
    BacktestComparison.measures.json(BacktestComparison(scores, reference, days: days)).adding([
      "from": .string(dateText(days.lowerBound)), "to": .string(dateText(days.upperBound)),
      "errors": ErrorStatistics.Sums.bucket.json(scores.total(over: days)),
    ])
  }

  private func sums(_ list: [ErrorStatistics.Sums]) -> JSONValue {
    ErrorStatistics.Sums.bucket.list(list)
  }

  private func leads(_ scores: BacktestScores) -> JSONValue {
    .array(
      zip(leadEdges, leadEdges.dropFirst()).map { from, to in
        [
          "from_h": .integer(from), "to_h": .integer(to),
          "errors": ErrorStatistics.Sums.bucket.json(scores.errors.over(leads: leads(from, to))),
        ]
      })
  }

  private func json(_ ablation: BacktestStudy.Ablation) -> JSONValue {
    BacktestComparison.measures.json(ablation.comparison).adding([
      "version": .string(ablation.version), "withheld": .string(ablation.withheld.words),
      "mae": .number(ablation.mae), "loss_fraction": .number(ablation.lossFraction),
    ])
  }
}
