import Documents
import Forecasting
import Replay
import Studies

extension AccuracyAudit.Row {
  /// How a measure of accuracy goes with cost.
  static let measures =
    MeasureList<AccuracyAudit.Row>([
      Measure(
        "quantity", header: "forecast of", unit: .words,
        "What is forecast: `load`, `pv`, `net` (load less production) or `price`."
      ) { .text($0.subject.rawValue) },
      Measure("measure", header: "measure", unit: .words, "The measure of accuracy.") {
        .text($0.measure.rawValue)
      },
      Measure("versions", "Versions that have the measure.") { .integer($0.versions) },
    ])
    + correlation("versions", "over versions", "over versions") { $0.overVersions }
    + correlation("days", "over days", "from day to day, the mean over versions") { $0.overDays }
    + correlation("weeks", "over weeks", "from week to week, the mean over versions") {
      $0.overWeeks
    }
    + MeasureList<AccuracyAudit.Row>([
      Measure("picked", header: "picks", unit: .words, "The version that is best by the measure.") {
        .text($0.picked)
      },
      Measure(
        "extra_cost", header: "costs more", unit: .currency,
        "Cost of that version less that of the cheapest that has the measure."
      ) { .number($0.extraCost) },
    ])

  private static func correlation(
    _ key: String, _ header: String, _ meaning: String,
    _ value: @escaping @Sendable (AccuracyAudit.Row) -> AccuracyAudit.Correlation?
  ) -> MeasureList<AccuracyAudit.Row> {
    MeasureList<AccuracyAudit.Row>([
      Measure(
        "over_\(key)", header: header,
        "Rank correlation of the measure with the cost \(meaning); 1: the worse by the measure, the dearer. "
          + "Null where it does not exist.",
        words: { row in
          value(row).map {
            NumberText.fixed($0.value, decimals: 2) + " ("
              + NumberText.fixed($0.low, decimals: 2) + " to "
              + NumberText.fixed($0.high, decimals: 2) + ")"
          } ?? "–"
        }
      ) { .number(value($0)?.value) },
      Measure("over_\(key)_low", "Lower end of its 95 % interval.") { .number(value($0)?.low) },
      Measure("over_\(key)_high", "Upper end of its 95 % interval.") { .number(value($0)?.high) },
    ])
  }
}

extension AccuracyAudit.Band {
  /// What is earned on days whose hours were told apart so well.
  static let measures = MeasureList<AccuracyAudit.Band>([
    Measure("tau_from", header: "tau from", "Kendall's tau of the day from here on.") {
      .number($0.from)
    },
    Measure("tau_to", header: "to", "Up to here.") { .number($0.to) },
    Measure("days", header: "days", "Days of all versions together.") { .integer($0.days) },
    Measure(
      "share_captured", header: "captured", unit: .fraction, decimals: 1,
      "Saving against no battery on these days over the oracle's; null where the oracle saves nothing."
    ) { .number($0.captured) },
    Measure(
      "share_captured_low", header: "from", unit: .fraction, decimals: 1,
      "Lower end of its 95 % interval; null for fewer than eight weeks."
    ) { .number($0.interval?.low) },
    Measure(
      "share_captured_high", header: "up to", unit: .fraction, decimals: 1,
      "Upper end of its 95 % interval."
    ) { .number($0.interval?.high) },
  ])
}

/// A day of a version with its accuracy, as one line of a file.
struct AuditedDay: Sendable {
  let version: String
  let subject: DayAheadLog.Subject
  let day: Int
  let accuracy: DayAccuracy
  let regret: Double
  let saved: Double

  static let measures =
    MeasureList<AuditedDay>([
      Measure("version", unit: .words, in: .csv, "Name of the version.") { .text($0.version) },
      Measure("quantity", unit: .words, in: .csv, "What is forecast.") {
        .text($0.subject.rawValue)
      },
      Measure("day", in: .csv, "Local day of the period, from 0.") { .integer($0.day) },
      Measure(
        "regret", unit: .currency, in: .csv, "Cost of the day less the oracle's."
      ) { .number($0.regret) },
      Measure(
        "saved", unit: .currency, in: .csv, "Cost of the day without a battery less its cost."
      ) { .number($0.saved) },
    ])
    + MeasureList<AuditedDay>(
      DayAccuracy.Measure.allCases.map { measure in
        Measure(measure.rawValue, unit: measure.unit, in: .csv, measure.meaning) {
          .number($0.accuracy[measure].isFinite ? $0.accuracy[measure] : nil)
        }
      })
}

extension DayAccuracy.Measure {
  /// Its unit.
  var unit: MeasureUnit { self == .tau || self == .mase ? .none : .quantity }

  /// What it is, in a sentence.
  var meaning: String {
    switch self {
    case .mae: "Mean absolute error."
    case .rmse: "Root mean squared error."
    case .bias: "Absolute mean error."
    case .mase: "MAE over the mean absolute difference from day to day of the newest 28 days."
    case .pinball: "Mean loss of the nine deciles of paths from the errors of the newest 12 days."
    case .crps: "Continuous ranked probability score of these paths, mean over slots."
    case .energyScore: "Energy score of these paths over the day, per root of a slot."
    case .peak: "Absolute mean error on the three highest hours."
    case .ramp: "Mean absolute error of the change over an hour."
    case .dailyMean: "Absolute error of the day's mean."
    case .tau: "Kendall's tau-b of the forecast hours and the actual ones."
    case .dispersion: "Standard deviation of the error within the day."
    case .revision: "Mean absolute change of the forecast of a slot from issue to issue."
    }
  }
}
