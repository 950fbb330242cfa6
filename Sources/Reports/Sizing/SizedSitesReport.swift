package import Documents
import Studies

/// What several sites should buy, one row each.
package struct SizedSitesReport: Sendable {
  private let sites: [SizedSite]

  /// Takes the studies of sites by name.
  package init(_ reports: [(name: String, report: SizingReport)]) {
    sites = reports.map { SizedSite(name: $0.name, report: $0.report) }
  }

  /// How many sites should buy.
  private var verdict: String {
    let buyers = sites.count { !$0.best.isNoBattery }
    return "A battery pays at \(buyers) of \(sites.count) \(sites.count == 1 ? "site" : "sites")."
  }

  /// The table and a sentence per site.
  package var text: String {
    verdict + "\n\n" + SizedSite.measures.table(sites).text + "\n"
      + sites.map { "\($0.name): \($0.report.verdict)\n" }.joined()
  }

  /// One row per site, as CSV.
  package var csv: String { SizedSite.measures.csv(sites) }

  /// The table as `wattif.size_sites/1`; each site's own file has the rest.
  package var json: JSONValue {
    [
      "schema": "wattif.size_sites/1", "verdict": .string(verdict),
      "sites": SizedSite.measures.list(sites),
    ]
  }
}

/// A site and what it should buy.
struct SizedSite: Sendable {
  let name: String
  let report: SizingReport

  var best: SizingCandidate { report.study.candidates[report.study.bestIndex] }

  static let measures =
    MeasureList<SizedSite>([
      Measure("site", header: "site", unit: .words, "Name of the scenario's file.") {
        .text($0.name)
      },
      Measure(
        "buys", header: "should buy", unit: .words,
        "The candidate with the highest net present value."
      ) { .text($0.best.name) },
      Measure("currency", header: "currency", unit: .words, "Currency of the site's money.") {
        .text($0.report.currency)
      },
    ])
    + SizingCandidate.measures.only(
      "battery_kwh", "battery_kw", "capex", "year1_savings", "npv", "npv_p10", "npv_p90",
      "gain_probability", "irr", "payback_years"
    ).of(\.best)
    + MeasureList([
      Measure("verdict", unit: .words, "What the study of the site says, in a sentence.") {
        .text($0.report.verdict)
      }
    ])
}
