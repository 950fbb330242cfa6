import Documents
import Replay
import Studies
import TimeSeries

extension BenchmarkRow {
  /// One version over all sites of a benchmark, accuracy last.
  static let measures = MeasureList<BenchmarkRow>([
    Measure("version", header: "version", unit: .words, "Name of the version, or the rule.") {
      .text($0.version)
    },
    Measure("sites", header: "sites", "Sites that have it and a saving to take a share of.") {
      .integer($0.sites)
    },
    Measure("places", header: "places", "Places of these sites.") { .integer($0.places) },
    Measure(
      "share_captured", header: "captured", unit: .fraction, decimals: 1,
      "Mean share of the oracle's saving against no battery, over places."
    ) { .number($0.share) },
    Measure(
      "share_half_width", header: "±", unit: .fraction, decimals: 1,
      "Half of its 95 % interval over places; null for fewer than three."
    ) { .number($0.halfWidth) },
    Measure(
      "mean_rank", header: "rank", decimals: 1,
      "Mean rank by cost among the versions of all sites, over places; null for a version of some."
    ) { .number($0.meanRank) },
    Measure("wins", header: "wins", "Sites at which it is cheaper than the reference.") {
      .integer($0.wins)
    },
    Measure("losses", header: "losses", "Sites at which it is dearer.") { .integer($0.losses) },
    Measure("ties", header: "ties", "Sites at which it costs the same.") { .integer($0.ties) },
    Measure(
      "median_difference", header: "median", unit: .fraction, decimals: 1,
      "Median over sites of its share less that of the reference; null for the reference."
    ) { .number($0.median) },
    Measure(
      "least_difference", header: "from", unit: .fraction, decimals: 1, "Smallest of these."
    ) { .number($0.range?.lowerBound) },
    Measure(
      "greatest_difference", header: "up to", unit: .fraction, decimals: 1, "Largest of these."
    ) { .number($0.range?.upperBound) },
    Measure(
      "p", header: "p", decimals: 3,
      "Two-sided probability of the exact signed-rank test over places against the reference, corrected by Holm; "
        + "null where so few places can show nothing."
    ) { .number($0.probability) },
    Measure(
      "relative_error", header: "MAE", decimals: 2,
      "Mean over sites and quantities of its mean absolute error over that of the reference."
    ) { .number($0.relativeError) },
  ])
}

/// A version at a site of a benchmark.
struct BenchmarkLine: Sendable {
  let site: BenchmarkSite
  let result: BenchmarkSite.Result

  /// The lines of a site: its versions, cheapest first, then the rule.
  static func lines(of site: BenchmarkSite) -> [BenchmarkLine] {
    (site.versions + [site.rule]).map { BenchmarkLine(site: site, result: $0) }
  }

  static let measures = MeasureList<BenchmarkLine>([
    Measure("site", unit: .words, "Name of the site.") { .text($0.site.name) },
    Measure("place", unit: .words, "Where it is; sites of one place count once in tests.") {
      .text($0.site.place)
    },
    Measure("from", unit: .instant, "First instant of what was replayed.") {
      .text(Instant.utcText($0.site.start))
    },
    Measure("to", unit: .instant, "End.") { .text(Instant.utcText($0.site.end)) },
    Measure("currency", unit: .words, "Currency of the site's money.") {
      .text($0.site.currency)
    },
    Measure("version", unit: .words, "Name of the version, or the rule.") {
      .text($0.result.version)
    },
    Measure(
      "label", unit: .words,
      "What nobody could have known of its forecasts: `oracle`, `oracle weather` or nothing."
    ) { .text($0.result.label) },
    Measure("cost", unit: .currency, "Cost of the period.") { .number($0.result.cost) },
    Measure("no_battery", unit: .currency, "Cost without a battery.") {
      .number($0.site.noBattery)
    },
    Measure("oracle", unit: .currency, "Cost with perfect forecasts.") { .number($0.site.oracle) },
    Measure(
      "share_captured", unit: .fraction,
      "Share of the oracle's saving against no battery; null where it saves nothing."
    ) { .number($0.result.share) },
    Measure("filled_share", unit: .fraction, "Share of the slots that the fallback forecast.") {
      .number($0.result.filledShare)
    },
    Measure("load_mae_kw", unit: .kW, "Mean absolute error of the load forecasts.") {
      .number($0.result.errors[.load])
    },
    Measure("pv_mae_kw", unit: .kW, "Mean absolute error of the production forecasts.") {
      .number($0.result.errors[.pv])
    },
    Measure(
      "price_mae_per_kwh", unit: .currencyPerKWh, "Mean absolute error of the price forecasts."
    ) { .number($0.result.errors[.price]) },
  ])
}
