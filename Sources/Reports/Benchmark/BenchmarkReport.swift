import Diagnostics
package import Documents
import Replay
package import Studies
import TimeSeries

/// The words and numbers of a benchmark over many sites.
package struct BenchmarkReport: Sendable {
  private let study: BenchmarkStudy
  /// What the run was: the form, the data, what was read.
  private let conditions: [String]

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - study: The benchmark.
  ///   - conditions: Sentences on what the run was.
  package init(_ study: BenchmarkStudy, conditions: [String]) {
    self.study = study
    self.conditions = countedOnce(conditions)
  }

  private static let measures = BenchmarkRow.measures

  /// The versions that every site has, the best first.
  private var ranked: [BenchmarkRow] { study.rows.filter { $0.meanRank != nil } }
  private var partial: [BenchmarkRow] { study.rows.filter { $0.meanRank == nil } }
  private var reference: BenchmarkRow? { study.rows.first { $0.version == study.reference } }

  /// The leaderboard and what has to be known to read it.
  package var text: String {
    var text = verdict + "\n\n"
    text += "Share of the saving of perfect forecasts, over \(counted)\n"
    text += Self.measures.table(ranked).text
    if !partial.isEmpty {
      text +=
        "\nVersions that only some sites have, over those\n" + Self.measures.table(partial).text
    }
    text += "\n" + ranks + "\n" + siteTable + "\n"
    return text + TextLayout.current.notes(notes + conditions)
  }

  private var counted: String {
    "\(study.sites.count) \(study.sites.count == 1 ? "site" : "sites") at "
      + "\(study.places.count) \(study.places.count == 1 ? "place" : "places")"
  }

  /// The sentence that says what came out.
  package var verdict: String {
    let versions = ranked.filter { $0.version != BenchmarkSite.ruleName }
    guard let best = versions.first else { return "No version was replayed at every site." }
    var text =
      "Over \(counted) '\(best.version)' captures most of what perfect forecasts would save: "
      + percent(best.share) + (best.halfWidth.map { " ± \(percent($0))" } ?? "")
    guard let reference, best.version != reference.version else {
      return text + ", as the reference against which the others are tested."
    }
    text +=
      ", against \(percent(reference.share)) with the reference '\(reference.version)'; it is cheaper at "
      + "\(best.wins) of \(best.sites) sites"
    if let p = best.probability {
      text +=
        p < 0.05
        ? " (p \(NumberText.fixed(p, decimals: 3)), so not by luck)"
        : " (p \(NumberText.fixed(p, decimals: 3)): this may be luck)"
    } else {
      text += "; so few places can show nothing more"
    }
    return text + "."
  }

  private func percent(_ share: Double) -> String { NumberText.percent(share, decimals: 1) }

  /// Mean ranks on a line, one version below the other.
  private var ranks: String {
    let longest = ranked.map(\.version.count).max() ?? 0
    // The name, two bars, the gaps and the rank itself take the rest of a line.
    let width = min(48, max(10, (TextLayout.current.width ?? .max) - longest - 10))
    let last = Double(max(2, ranked.count))
    func place(_ rank: Double) -> Int {
      Int(((rank - 1) / (last - 1) * Double(width - 1)).rounded())
    }
    func padded(_ name: String) -> String {
      name + String(repeating: " ", count: max(0, longest - name.count))
    }
    var text = "Mean rank by cost over places, 1 for the cheapest\n"
    for row in ranked.sorted(by: { ($0.meanRank ?? 0, $0.version) < ($1.meanRank ?? 0, $1.version) }
    ) {
      let rank = row.meanRank ?? 1
      let at = place(rank)
      text +=
        "\(padded(row.version))  |" + String(repeating: "·", count: at) + "●"
        + String(repeating: " ", count: width - 1 - at) + "| "
        + NumberText.fixed(rank, decimals: 1) + "\n"
    }
    return text
  }

  /// One row per site.
  private var siteTable: String {
    var table = TextTable([
      ("site", .left), ("place", .left), ("days", .right), ("cheapest", .left),
      ("captured", .right),
      ("reference", .right), ("rule", .right), ("against the next", .left),
    ])
    for site in study.sites {
      let best = site.versions.first { $0.label.isEmpty }
      table.add([
        site.name, site.place, "\((site.end - site.start + 43_200) / 86_400)",
        best?.version ?? "–", NumberText.percent(best?.share, decimals: 1),
        NumberText.percent(site.result(study.reference)?.share, decimals: 1),
        NumberText.percent(site.rule.share, decimals: 1), site.verdict ?? "–",
      ])
    }
    return table.text
  }

  private var notes: [String] {
    var lines = [
      "Captured: saving against no battery over that of perfect forecasts, at each site; sites of one place are "
        + "averaged first, and means, intervals, ranks and tests are over places.",
      "Wins, losses and median are over sites against '\(study.reference)'; p is of the exact signed-rank test over "
        + "places, corrected by Holm.",
    ]
    let few = study.places.count
    if few < BenchmarkRow.leastPlaces {
      lines.append(
        "\(few) \(few == 1 ? "place is" : "places are") too few for a test: wins only.")
    }
    let idle = study.sites.filter { $0.rule.share == nil }.map { "'\($0.name)'" }
    if !idle.isEmpty {
      lines.append(
        "Perfect forecasts save nothing at \(idle.joined(separator: ", ")), so there is no share to take."
      )
    }
    return lines
  }

  /// The benchmark as `wattif.benchmark/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.benchmark/1",
      "verdict": .string(verdict),
      "reference": .string(study.reference),
      "places": .array(study.places.map { .string($0) }),
      "versions": Self.measures.list(study.rows),
      "sites": BenchmarkLine.measures.list(study.sites.flatMap { BenchmarkLine.lines(of: $0) }),
      "conditions": .array(conditions.map { .string($0) }),
    ]
  }

  /// One line per version over all sites.
  package var csv: String { Self.measures.csv(study.rows) }

  /// One line per site and version.
  package var sitesCSV: String {
    BenchmarkLine.measures.csv(study.sites.flatMap { BenchmarkLine.lines(of: $0) })
  }
}
