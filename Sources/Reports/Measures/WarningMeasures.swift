package import EarlyWarning

extension WarningScore {
  /// How a rule or a model did on rows that it was not fitted on.
  package static let measures = MeasureList<WarningScore>([
    Measure("model", header: "model", unit: .words, "Name of the rule or model.") {
      .text($0.kind.rawValue)
    },
    Measure(
      "kind", header: "what", unit: .words, "`rule`, `learned` or `physical`."
    ) { .text($0.kind.isTrivial ? "rule" : $0.kind == .twin ? "physical" : "learned") },
    Measure(
      "mae_k", header: "ΔT MAE", unit: .kelvin, decimals: 3,
      "Mean absolute error of the change over the lead; none for a model that says only chances."
    ) { .number($0.meanAbsoluteErrorK.finite) },
    Measure(
      "rmse_k", header: "ΔT RMSE", unit: .kelvin, decimals: 3,
      "Root mean square error of the change over the lead."
    ) { .number($0.rootMeanSquareErrorK.finite) },
    Measure(
      "average_precision", header: "AP", decimals: 3,
      "Average precision of the chance that the limit is reached within the lead, on rows that are not hot; "
        + "a model without skill has the base rate."
    ) { .number($0.averagePrecision.finite) },
    Measure(
      "auc", header: "AUC", decimals: 3,
      "Area under the curve of the chance on rows that are not hot; 0.5 is no skill."
    ) { .number($0.areaUnderCurve.finite) },
    Measure(
      "brier", header: "Brier", decimals: 4,
      "Mean squared error of the chance on rows that are not hot."
    ) { .number($0.brier.finite) },
    Measure(
      "onset_recall_fraction", header: "onsets warned of", unit: .fraction, decimals: 0,
      "Share of the onsets with an alarm within the lead before them, at the best threshold within the "
        + "allowed false alarms, found on the rows scored."
    ) { .number($0.alarms.recall.finite) },
    Measure(
      "false_share_fraction", header: "false", unit: .fraction, decimals: 1,
      "Share of the quiet time, without an onset within the lead, that is spent in alarm at that threshold."
    ) { .number($0.alarms.falseShare.finite) },
    Measure(
      "false_alarms_per_hour", header: "false alarms", unit: .perHour, decimals: 2,
      "Alarms that no onset followed within the lead, per hour watched, at that threshold."
    ) { .number($0.alarms.falsePerHour.finite) },
    Measure(
      "warning_s", header: "warning", unit: .seconds, decimals: 0,
      "Median time from the start of an alarm to its onset; more than the lead where the alarm stood before."
    ) { .number($0.alarms.warningSeconds.finite) },
    Measure(
      "threshold", decimals: 4,
      "Chance from which on there is an alarm; none where no alarm is worth it."
    ) { .number($0.alarms.threshold.finite) },
    Measure(
      "f1", header: "F1 all rows", decimals: 3,
      "Harmonic mean of precision and recall at a chance of a half on all rows, hot ones included: as usually "
        + "published, and easy."
    ) { .number($0.f1.finite) },
    Measure("onsets", "Onsets that could be warned of.") { .integer($0.alarms.onsets) },
    Measure("rows", "Rows scored.") { .integer($0.rows) },
    Measure("onset_rows", "Rows scored that are not hot.") { .integer($0.onsetRows) },
    Measure(
      "base_rate_fraction", unit: .fraction,
      "Share of the rows that are not hot in which the limit is reached within the lead."
    ) { .number($0.baseRate.finite) },
  ])
}

extension Double {
  /// The number, or nothing where it is not finite.
  var finite: Double? { isFinite ? self : nil }
}
