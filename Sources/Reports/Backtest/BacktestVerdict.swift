import Diagnostics
import Documents
import Forecasting
import Numerics
import Studies
import TimeSeries

/// The one sentence that a backtest opens with: which version errs least, by how much, and how sure.
struct BacktestVerdict: Sendable {
  private let rows: [BacktestStudy.Row]
  private let quantity: String
  private let unit: String
  private let hasHonest: Bool

  /// Takes a study; versions that are given the truth or its weather compete only among themselves.
  init(_ study: BacktestStudy) {
    let scored = study.rows.filter { $0.scores.errors.mae.isFinite }
    let honest = scored.filter { $0.candidate.label.isEmpty }
    hasHonest = !honest.isEmpty
    rows = honest.isEmpty ? scored : honest
    quantity = study.plan.quantity.rawValue
    unit = study.plan.quantity.unit
  }

  /// The sentence.
  var sentence: String {
    guard let best = rows.min(by: { $0.scores.errors.mae < $1.scores.errors.mae }) else {
      return "No forecast met a measured value."
    }
    let name = best.candidate.name
    let start =
      (hasHonest ? "" : "No version is without foresight. ")
      + "'\(name)' errs least in \(quantity): mean absolute error \(number(best.scores.errors.mae)) \(unit)"
    let others = rows.filter { $0.candidate.name != name }
    guard !others.isEmpty else {
      return (hasHonest ? "" : "No version is without foresight. ")
        + "'\(name)' errs in \(quantity) by \(number(best.scores.errors.mae)) \(unit) on average; "
        + "there is no version to compare it with."
    }
    let comparisons = others.map { BacktestComparison(best.scores, $0.scores) }
    let probabilities = HolmCorrection.adjusted(
      comparisons.map { $0.pValue.isFinite ? $0.pValue : 1 })
    if let days = comparisons.map(\.days).max(), days < BacktestComparison.leastDays {
      return start + against(others[0], best)
        + "; \(days) days are too few to say how sure that is."
    }
    let close = others.indices.filter {
      comparisons[$0].verdict != .better || probabilities[$0] > 0.05
    }.map { "'\(others[$0].candidate.name)'" }
    let sureness: String =
      if close.isEmpty {
        others.count == 1
          ? ", more than luck" : ", and every other version errs more than luck explains"
      } else if close.count == others.count, close.count > 1 {
        "; the differences between the versions may be luck"
      } else if close.count > 3 {
        "; \(close.count) other versions may do as well"
      } else {
        "; \(listed(close, "and")) may do as well"
      }
    return start + against(others[0], best) + sureness + "."
  }

  /// How far the best version is below the first of the others, in the order of the scenario.
  private func against(_ other: BacktestStudy.Row, _ best: BacktestStudy.Row) -> String {
    let mae = other.scores.errors.mae
    guard mae > 0 else { return "" }
    return
      ", \(NumberText.percent(1 - best.scores.errors.mae / mae)) below '\(other.candidate.name)'"
  }

  /// Four digits that mean something, as the errors of prices and of feeders differ by decades.
  private func number(_ value: Double) -> String {
    NumberText.fixed(value, decimals: value >= 1000 ? 0 : value >= 10 ? 2 : 4)
  }
}
