package import EarlyWarning

extension LeakedScore {
  /// What a leak makes of a score.
  package static let measures = MeasureList<LeakedScore>([
    Measure("leak", header: "leak", unit: .words, "What knows the future, in words.") {
      .text($0.words)
    },
    Measure("measure", header: "score", unit: .words, "What is scored: `mae_k` or `f1`.") {
      .text($0.measure)
    },
    Measure(
      "leaked", header: "with it", decimals: 3, "The score with it, which cannot be had in use."
    ) { .number($0.leaked.finite) },
    Measure(
      "honest", header: "without", decimals: 3,
      "The score of the same model on the same rows without it."
    ) { .number($0.honest.finite) },
  ])
}
