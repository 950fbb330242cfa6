package import EarlyWarning

extension TelemetryAdvice.Row {
  /// What telemetry that lacks something costs.
  package static let measures = MeasureList<TelemetryAdvice.Row>([
    Measure("thinning", header: "telemetry", unit: .words, "What is lacking.") {
      .text($0.thinning.words)
    },
    Measure(
      "mae_k", header: "ΔT MAE", unit: .kelvin, decimals: 3,
      "Mean absolute error of the change over the lead with it."
    ) { .number($0.score.meanAbsoluteErrorK.finite) },
    Measure(
      "cost_k", header: "more error", unit: .kelvin, decimals: 3,
      "By how much that is more than with the whole telemetry, on the same rows."
    ) { .number($0.cost?.gainK.finite) },
    Measure(
      "cost_half_width_k", header: "±", namesUnit: false, unit: .kelvin, decimals: 3,
      "Half of the 95 % interval of that; none for fewer than five blocks."
    ) { .number($0.cost?.halfWidthK.finite) },
    Measure(
      "verdict", header: "verdict", unit: .words,
      "`costs` or `helps` beyond the interval; `no loss` where all of the interval is within 5 % of the error with the whole telemetry, else `undecided`; none without an interval."
    ) { .text($0.verdict?.rawValue ?? "") },
    Measure(
      "average_precision", header: "AP", decimals: 3,
      "Average precision of the chance that the limit is reached, on rows that are not hot."
    ) { .number($0.score.averagePrecision.finite) },
    Measure(
      "onset_recall_fraction", header: "onsets warned of", unit: .fraction, decimals: 0,
      "Share of the onsets with an alarm within the lead before them."
    ) { .number($0.score.alarms.recall.finite) },
  ])

  /// Whether telemetry that lacks something does worse beyond chance.
  package enum Verdict: String, Sendable {
    case costs
    case helps
    case noLoss = "no loss"
    case undecided
  }

  /// Share of the error with the whole telemetry up to which more error is none.
  ///
  /// An interval that merely holds 0 says as little of what is lost as there are few data.
  package static let toleratedShare = 0.05

  /// The verdict; nothing without an interval.
  package var verdict: Verdict? {
    guard let cost, cost.halfWidthK.isFinite else { return nil }
    if cost.gainK > cost.halfWidthK { return .costs }
    if cost.gainK < -cost.halfWidthK { return .helps }
    let whole = score.meanAbsoluteErrorK - cost.gainK
    return cost.gainK + cost.halfWidthK <= Self.toleratedShare * whole ? .noLoss : .undecided
  }

  /// Whether nothing is lost.
  package var isSpare: Bool { verdict == .noLoss || verdict == .helps }
}
