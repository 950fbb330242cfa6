import Twin

extension WarrantyUse.Entry {
  /// How a year of use goes towards a limit of the warranty.
  static let measures = MeasureList<WarrantyUse.Entry>([
    Measure(
      "limit", header: "warranty", unit: .words,
      "`years`, `throughput`, `cycles` or `capacity`; the last one only of a run of 300 days and more."
    ) { .text($0.limit.rawValue) },
    Measure(
      "per_year_fraction", header: "a year takes", unit: .fraction, decimals: 2,
      "Share of it that a year of this use takes, in proportion to the run."
    ) { .number($0.perYearFraction) },
    Measure(
      "years", header: "reached after", unit: .years, decimals: 1,
      "Years until it is reached; `never` where the use takes nothing of it."
    ) { .time($0.years.isFinite ? $0.years : nil) },
  ])
}
