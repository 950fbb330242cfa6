import Documents
import Studies
import TimeSeries

extension PairedInterval {
  /// The difference in cost between two versions.
  static let measures = names + perDay + parts + judgement

  private static let names = MeasureList<PairedInterval>([
    Measure(
      "a", header: "difference", namesUnit: false, unit: .words,
      "Version whose cost comes first.", words: { "\($0.a) − \($0.b)" }
    ) { .text($0.a) },
    Measure("b", unit: .words, "Version whose cost is taken off.") { .text($0.b) },
    Measure(
      "difference", unit: .currency, "Cost of a less that of b, over the whole period."
    ) { .number($0.difference) },
  ])

  private static let perDay = MeasureList<PairedInterval>([
    Measure(
      "difference_per_day", unit: .currencyPerDay,
      "Mean of a's cost less b's over the days compared, without lines that look over months."
    ) { .number($0.days > 0 ? $0.total.difference / Double($0.days) : nil) },
    Measure("low", unit: .currencyPerDay, "Lower end of its interval; null where there is none.") {
      .number($0.perDay(-1))
    },
    Measure("high", unit: .currencyPerDay, "Upper end of its interval; null where there is none.") {
      .number($0.perDay(1))
    },
    Measure(
      "significant", unit: .flag, "Whether the verdict is that one of the two is cheaper."
    ) { .flag($0.isSignificant) },
  ])

  private static let parts = MeasureList<PairedInterval>([
    part(
      "total", header: "total", "Energy part and demand part of a's cost less b's, together"
    ) { $0.total },
    halfWidth("total", of: "of the total, corrected") { $0.total },
    part(
      "energy", header: "energy part", "What adds up over intervals, with wear and stored energy"
    ) { $0.energy },
    halfWidth("energy", of: "of the energy part, corrected") { $0.energy },
    part(
      "demand", header: "demand part",
      "What monthly peaks decide, and monthly minimums; null where neither pays for peaks"
    ) { $0.demand },
    halfWidth("demand", of: "of the demand part, corrected") { $0.demand },
    part(
      "over_months", header: "over months",
      "Lines that look over months, outside the interval; null where there are none"
    ) { $0.lookingBack },
    halfWidth("over_months", of: "of these lines, from three years on") { $0.lookingBack },
  ])

  private static let judgement = MeasureList<PairedInterval>([
    Measure("days", unit: .none, "Days compared.") { .integer($0.days) },
    Measure("whole_months", "Whole calendar months compared.") { .integer($0.wholeMonths) },
    Measure(
      "peaks_differ", path: "peaks_differ", header: "peaks differ",
      "Months in which the peaks cost the two differently.",
      words: { $0.demand == nil ? "–" : "\($0.peakMonths.count) of \($0.months)" }
    ) { .integer($0.peakMonths.count) },
    Measure(
      "peak_months", unit: .list, in: .json,
      "The months that made the demand part: `month`, `difference`, and peak and its instant by version."
    ) { pair in .json(.array(pair.peakMonths.map { $0.json })) },
    Measure(
      "left_out", path: "left_out.difference", unit: .currency,
      "Difference of months that are not whole, left out of the parts where peaks have an interval."
    ) { .number($0.leftOutDifference) },
    Measure(
      "left_out_months", path: "left_out.months", unit: .list, in: .json, "Those months."
    ) { .json(.array($0.leftOut.map { .string($0) })) },
    Measure(
      "comparisons",
      "Comparisons that verdict, probability and intervals are corrected for, by Holm's method."
    ) { .integer($0.comparisons) },
    Measure(
      "probability",
      "Probability of a total this large between versions that cost the same, corrected; null without verdict."
    ) { .number($0.probability) },
    Measure(
      "verdict", header: "verdict", unit: .words,
      "`cheaper`, `more expensive`, `may be luck` or `undecided`, of a."
    ) { .text($0.verdictWord) },
    Measure(
      "reason", unit: .words, in: .json, "Why nothing can be said; null where a verdict is given."
    ) { .text($0.undecidedReason) },
  ])

  private static func part(
    _ key: String, header: String, _ meaning: String,
    _ part: @escaping @Sendable (PairedInterval) -> Part?
  ) -> Measure<PairedInterval> {
    Measure(
      key, path: "\(key).difference", header: header, unit: .currency, "\(meaning).",
      words: { part($0)?.text(decimals: 2) ?? "–" }
    ) { .number(part($0)?.difference) }
  }

  private static func halfWidth(
    _ key: String, of words: String, _ part: @escaping @Sendable (PairedInterval) -> Part?
  ) -> Measure<PairedInterval> {
    Measure(
      "\(key)_half_width", path: "\(key).half_width", unit: .currency,
      "Half-width of the 95 % interval \(words); null where there is none."
    ) { .number(part($0)?.halfWidth) }
  }

  /// An end of the interval of the total. [currency/day]
  private func perDay(_ side: Double) -> Double? {
    total.halfWidth.map { (total.difference + side * $0) / Double(days) }
  }
}

extension PairedInterval.PeakMonth {
  /// The month as `{month, difference, peak_kw, peak_at}`, first version first.
  fileprivate var json: JSONValue {
    [
      "month": .string(label), "difference": .number(difference),
      "peak_kw": .array(peaksKW.map { .number($0) }),
      "peak_at": .array(
        peakStarts.map { $0.map { .string(Instant.utcText($0)) } ?? .null }),
    ]
  }
}
