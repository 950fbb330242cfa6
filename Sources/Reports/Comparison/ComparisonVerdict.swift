import Diagnostics
import Documents
import Replay
import Studies

/// The one sentence that a comparison opens with: which version, by how much against rule-based
/// control and against no battery, how sure, and whether other versions do as well.
struct ComparisonVerdict: Sendable {
  private let comparison: ForecastComparison
  private let currency: String

  private static let cent = PairedInterval.cent

  /// Takes a comparison whose costs are in a currency.
  init(_ comparison: ForecastComparison, currency: String) {
    self.comparison = comparison
    self.currency = currency
  }

  /// The sentence.
  var sentence: String {
    guard let best = comparison.reference, let rule = comparison.againstRule,
      let none = comparison.againstNoBattery
    else { return "No forecast version was compared." }
    let name = "'\(best.labelledName)'"
    let isOnly = comparison.versions.count == 1
    let cheapest = isOnly ? "" : ", the cheapest version,"
    let pays = "\(comparison.noBattery.trace.grid.overDays) the site pays"
    let ruleWords = "with the self-consumption rule"
    let noneWords = "without a battery"
    let start: String
    if abs(rule.difference) < Self.cent, abs(none.difference) < Self.cent {
      start =
        "The battery changes nothing: planned with \(name) \(pays) as much as \(ruleWords) and as "
        + noneWords
    } else if none.difference >= Self.cent {
      start =
        "The battery saves nothing: planned with \(name)\(cheapest) \(pays) "
        + "\(worded(none, against: noneWords)), and \(worded(rule, against: ruleWords))"
    } else if rule.difference > -Self.cent {
      start =
        "\(isOnly ? "Planning does not beat" : "No version beats") the self-consumption rule: with "
        + "\(name)\(isOnly ? "" : ", the cheapest,") \(pays) \(worded(rule, against: "with it")), "
        + "and \(worded(none, against: noneWords))"
    } else {
      start =
        "Planned with \(name)\(cheapest) \(pays) \(worded(rule, against: ruleWords)), and "
        + worded(none, against: noneWords)
    }
    return honesty + start + others + (commonReason.map { "; not sure: \($0)" } ?? "") + "."
      + PlannerVerdict(comparison, currency: currency).sentence + asMeasured
  }

  /// What the site paid as it ran.
  private var asMeasured: String {
    guard let measured = comparison.asMeasured, let best = comparison.reference else { return "" }
    let difference = measured.cost - best.outcome.cost
    func money(_ amount: Double) -> String {
      NumberText.fixed(amount, decimals: 2) + " \(currency)"
    }
    let against =
      abs(difference) < Self.cent
      ? "as much as" : "\(money(abs(difference))) \(difference > 0 ? "more" : "less") than"
    return " The system as it ran cost \(money(measured.cost)), \(against) planned with "
      + "'\(best.labelledName)'."
  }

  /// Why nothing can be said about any of the differences, where it is the same for all.
  private var commonReason: String? {
    PairedInterval.commonReason(
      comparison.honestPairs
        + [comparison.againstRule, comparison.againstNoBattery].compactMap { $0 })
  }

  /// What the reference could not have known.
  private var honesty: String {
    guard let best = comparison.reference, !best.isHonest else { return "" }
    return "No version is without foresight, so nobody could have had this. "
  }

  /// How much less or more the reference pays, and how sure that is.
  private func worded(_ pair: PairedInterval, against other: String) -> String {
    pair.worded(against: other, currency: currency, tellsSureness: commonReason == nil)
  }

  /// Whether the other honest versions do as well.
  private var others: String {
    let pairs = comparison.honestPairs
    guard !pairs.isEmpty, comparison.reference?.isHonest == true else { return "" }
    let close = pairs.filter { !$0.isSignificant }
    if close.isEmpty {
      return pairs.count == 1
        ? "; '\(pairs[0].b)' costs more" : "; every other version costs more"
    }
    if close.allSatisfy({ abs($0.difference) < Self.cent }), close.count == pairs.count {
      return "; the other versions cost the same"
    }
    let isOpen = close.allSatisfy { $0.undecidedReason != nil }
    if isOpen, close.count == pairs.count, commonReason != nil { return "" }
    if close.count == pairs.count, close.count > 1 {
      return isOpen
        ? "; which version is cheaper in the long run cannot be said"
        : "; the differences between the versions may be luck"
    }
    let names =
      close.count > 3 ? "\(close.count) other versions" : listed(close.map { "'\($0.b)'" }, "and")
    return "; \(names) may be as cheap"
  }
}
