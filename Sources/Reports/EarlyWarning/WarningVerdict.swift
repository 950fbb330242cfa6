import Documents
package import EarlyWarning

/// The sentences that an evaluation of early warnings opens with: what to use, and where a rule is as good.
package struct WarningVerdict: Sendable {
  /// Onsets below which nobody can rank alarms.
  static let fewOnsets = 10

  /// The sentences.
  package let text: String

  /// Looks through a study.
  package init(_ study: WarningStudy) {
    text = [Self.change(study), Self.alarm(study)].joined(separator: " ")
  }

  /// Which model says best how the temperature changes.
  private static func change(_ study: WarningStudy) -> String {
    let lead = study.data.task.leadSeconds
    let scored = study.scores.filter { $0.meanAbsoluteErrorK.isFinite }
    guard
      let rule = scored.filter({ $0.kind.isTrivial })
        .min(by: { $0.meanAbsoluteErrorK < $1.meanAbsoluteErrorK })
    else { return "No model says a change." }
    let name = words(rule.kind)
    let error = NumberText.fixed(rule.meanAbsoluteErrorK, decimals: 3)
    guard
      let best = scored.filter({ !$0.kind.isTrivial })
        .min(by: { $0.meanAbsoluteErrorK < $1.meanAbsoluteErrorK })
    else { return "\(name) errs by \(error) K over \(lead) s; no model was asked." }
    let other = NumberText.fixed(best.meanAbsoluteErrorK, decimals: 3)
    guard best.meanAbsoluteErrorK < rule.meanAbsoluteErrorK else {
      return "A trivial rule wins for the change over \(lead) s: \(name) errs by \(error) K, "
        + "the best model (\(best.kind.rawValue)) by \(other) K."
    }
    let pair = PairedErrors(best, against: rule, in: study)
    let start =
      "\(best.kind.rawValue) errs least in the change over \(lead) s: \(other) K against \(error) K of "
      + "the best trivial rule (\(rule.kind.rawValue))"
    guard let pair, pair.halfWidthK.isFinite else {
      return start + "; too few blocks of data say how sure that is."
    }
    let interval =
      "\(NumberText.fixed(pair.gainK, decimals: 3)) ± \(NumberText.fixed(pair.halfWidthK, decimals: 3)) K"
    return pair.isBetter
      ? start + ", a gain of \(interval)."
      : start + ", which may be luck (a gain of \(interval)): keep the rule."
  }

  /// Which model warns best.
  private static func alarm(_ study: WarningStudy) -> String {
    let scored = study.scores.filter { $0.averagePrecision.isFinite }
    let limit = NumberText.rounded(study.data.task.limitC, decimals: 2)
    let onsets = study.scores.first?.alarms.onsets ?? 0
    guard onsets > 0 else {
      return
        "\(limit) °C is never reached from below in the rows scored, so no alarm can be judged."
    }
    guard
      let rule = scored.filter({ $0.kind.isTrivial })
        .max(by: { $0.averagePrecision < $1.averagePrecision }),
      let best = scored.filter({ !$0.kind.isTrivial })
        .max(by: { $0.averagePrecision < $1.averagePrecision })
    else { return "No model gives a chance." }
    func figures(_ score: WarningScore) -> String {
      "average precision \(NumberText.fixed(score.averagePrecision, decimals: 2))"
    }
    let base = NumberText.fixed(best.baseRate, decimals: 3)
    let winner = best.averagePrecision > rule.averagePrecision ? best : rule
    let alarms = winner.alarms
    let warning =
      alarms.warned == 0
      ? "it warns of none of \(onsets) onsets within the false alarms allowed"
      : "it warns of \(alarms.warned) of \(onsets) onsets, \(NumberText.fixed(alarms.warningSeconds, decimals: 0)) s "
        + "before (median), at \(NumberText.percent(alarms.falseShare)) of the quiet time in alarm for nothing"
    let start =
      winner.kind == best.kind
      ? "\(best.kind.rawValue) ranks the onsets of \(limit) °C best (\(figures(best)), best rule \(rule.kind.rawValue) "
        + "\(NumberText.fixed(rule.averagePrecision, decimals: 2)), base rate \(base)); \(warning)."
      : "A trivial rule wins for the onsets of \(limit) °C: \(rule.kind.rawValue) (\(figures(rule)), best model "
        + "\(best.kind.rawValue) \(NumberText.fixed(best.averagePrecision, decimals: 2)), base rate \(base)); "
        + "\(warning)."
    return onsets < fewOnsets
      ? start + " \(onsets) onsets are too few to rank alarms by." : start
  }

  private static func words(_ kind: WarningModel.Kind) -> String {
    switch kind {
    case .hotNow: "'hot now'"
    case .noChange: "ΔT = 0"
    case .trend: "going on with the slope"
    default: kind.rawValue
    }
  }
}
