import Diagnostics
import Documents
import Planning
import Replay
import Studies
import Tariffs

/// The sentence on what ways of planning were worth on the forecasts of the cheapest version, and whether the
/// rule without a plan would have done; empty where only one way was tried.
struct PlannerVerdict: Sendable {
  private let comparison: ForecastComparison
  private let currency: String

  /// Takes a comparison whose costs are in a currency.
  init(_ comparison: ForecastComparison, currency: String) {
    self.comparison = comparison
    self.currency = currency
  }

  /// The sentence, with a space before it.
  var sentence: String {
    guard let forecast = comparison.reference?.forecast, let first = comparison.planners.first
    else { return "" }
    let found = comparison.planners.dropFirst().compactMap { other in
      comparison.plannerPairs.first {
        $0.a == other.naming(forecast) && $0.b == first.naming(forecast)
      }.map { (planner: other, pair: $0) }
    }
    guard !found.isEmpty else { return "" }
    let reason = PairedInterval.commonReason(found.map(\.pair))
    let worths = found.map { worth(of: $0.planner, over: first, $0.pair, tells: reason == nil) }
    let text = listed(worths, "and") + rule + (reason.map { "; not sure: \($0)" } ?? "")
    return " With the forecasts of '\(forecast)' \(text)."
  }

  /// What a way of planning saves over the first one, named by what alone differs between the two.
  private func worth(
    of other: PlannerVariant, over first: PlannerVariant, _ pair: PairedInterval, tells: Bool
  ) -> String {
    let changes = other.changes(from: first)
    var saving = -pair.difference
    let subject: String
    switch changes {
    case [.hedge] where other.hedge.hedge == .none:
      // The first hedges, and the other says what that is worth.
      saving = pair.difference
      subject = "the hedge of '\(first.name)'"
    case [.hedge] where first.hedge.hedge == .none: subject = "the hedge of '\(other.name)'"
    case [.peakPricing]:
      subject =
        "peak pricing '\(other.peakPricing.rawValue)' in place of '\(first.peakPricing.rawValue)'"
    default: subject = "'\(other.name)' in place of '\(first.name)'"
    }
    if abs(saving) < PairedInterval.cent { return "\(subject) changed nothing" }
    let amount = "\(NumberText.fixed(abs(saving), decimals: 2)) \(currency)"
    return "\(subject) \(saving > 0 ? "was worth" : "cost") \(amount)"
      + (tells ? " (\(pair.sureness))" : "")
  }

  /// Whether the rule without a plan would have done, which the verdict on versions says where it costs less.
  private var rule: String {
    guard let pair = comparison.againstRule else { return "" }
    switch pair.verdict {
    case .cheaper: return ""
    case .moreExpensive: return "; the self-consumption rule would have done"
    case .noDifference: return "; the self-consumption rule may have done as well"
    case .undecided:
      return pair.difference > -PairedInterval.cent
        ? "; the self-consumption rule would have done here" : ""
    }
  }
}

extension PlannerVariant {
  /// A setting in which two ways of planning may differ.
  enum Change { case engine, hedge, heat, recourse, peakPricing }

  /// Returns what differs from another way of planning.
  func changes(from other: PlannerVariant) -> [Change] {
    var changes: [Change] = []
    if engine != other.engine { changes.append(.engine) }
    if hedge != other.hedge { changes.append(.hedge) }
    if heat != other.heat { changes.append(.heat) }
    if recourse != other.recourse { changes.append(.recourse) }
    if peakPricing != other.peakPricing { changes.append(.peakPricing) }
    return changes
  }
}
