import Documents
import Foundation
import Planning
import Replay
import Reports
import Scenarios
import Studies
import Tariffs
import TimeSeries
import Twin

/// What plans are worth at measured and synthetic sites, as tables in Markdown.
///
/// Every site is a scenario document that `wattif compare` takes as well. Costs, intervals and verdicts
/// are those of the comparison.
enum SiteTable {
  /// What differs between the planners; the first of them is what a scenario is planned with.
  enum Variation: String, CaseIterable {
    case hedge
    case recourse
    case peakPricing = "peak_pricing"

    /// The ways of planning a site.
    func planners(_ settings: ReplaySettings) -> [PlannerVariant] {
      func variant(_ change: (inout PlannerVariant) -> Void) -> PlannerVariant {
        var planner = PlannerVariant(
          name: "default", engine: settings.engine, hedge: settings.hedge, heat: settings.heat,
          recourse: settings.recourse, peakPricing: settings.peakPricing)
        change(&planner)
        return planner
      }
      let usual = variant { _ in }
      switch self {
      case .hedge:
        return [
          usual,
          variant {
            $0.name = "hedge: none"
            $0.hedge = HedgeSettings()
          },
        ]
      case .recourse:
        return [usual]
          + RecourseRule.allCases.filter { $0 != settings.recourse }.map { rule in
            variant {
              $0.name = rule.rawValue
              $0.recourse = rule
            }
          }
      case .peakPricing:
        return [usual]
          + PeakPricing.allCases.filter { $0 != settings.peakPricing }.map { pricing in
            variant {
              $0.name = pricing.rawValue
              $0.peakPricing = pricing
            }
          }
      }
    }
  }

  /// A site by the name of its document, with a seed where one document serves for several.
  struct Site {
    /// Name in the table and on the command line.
    let name: String
    /// Document below the folder of the package.
    let path: String
    /// Seed that takes the place of the document's.
    var seed: UInt64?
  }

  /// The sites in the order of the table.
  static let sites: [Site] =
    [
      "feeder_devon", "campus_monash_year", "campus_building_3", "campus_building_6",
      "industrial_al_tou", "house_fr_emhass", "home_fontana", "house_se4",
    ].map { Site(name: $0, path: "Tests/EndToEndTests/Scenarios/\($0).yaml") }
    + (1...4).map {
      Site(
        name: "business_\($0)", path: "Tests/EndToEndTests/Scenarios/business.yaml",
        seed: UInt64($0))
    } + [Site(name: "quickstart", path: "scenarios/quickstart.yaml")]

  /// Versions that every site has.
  static let versions = ["baseline_7_day_avg", "ridge"]

  /// One version planned in one way at one site.
  struct Row {
    let version: String
    let planner: String
    let score: VersionScore
    let againstRule: PairedInterval
    /// Nothing for the planner that the others are compared with.
    let againstDefault: PairedInterval?
  }

  /// Replays a site.
  ///
  /// - Throws: `InputError` with everything wrong in the document or its files.
  static func rows(_ site: Site, _ variation: Variation) throws -> (Scenario, [Row]) {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var scenario = try Scenario.read(
      path: package.appendingPathComponent(site.path).path,
      environment: ProcessInfo.processInfo.environment)
    if let seed = site.seed { scenario = scenario.with(seed: seed) }
    let history = try scenario.loadHistory().history
    let comparison = try ForecastComparison(
      try scenario.replayCase(history),
      versions: try scenario.forecastVersions(history: history).filter {
        versions.contains($0.name)
      }, planners: variation.planners(scenario.settings),
      threads: ProcessInfo.processInfo.activeProcessorCount)
    let scores = versions.flatMap { version in
      comparison.planners.compactMap { planner in
        comparison.versions.first { $0.forecast == version && $0.planner == planner.name }
      }
    }
    let rule = VersionCosts(comparison.selfConsumption)
    let againstRule = PairedInterval.corrected(
      scores.map { PairedInterval(VersionCosts($0.outcome), rule) })
    let rows = zip(scores, againstRule).map { score, pair in
      Row(
        version: score.forecast, planner: score.planner ?? "", score: score, againstRule: pair,
        againstDefault: comparison.plannerPairs.first { $0.a == score.outcome.name })
    }
    return (scenario, rows)
  }

  /// Writes the table site by site, then what the sites have in common.
  ///
  /// - Parameters:
  ///   - names: The sites; all of them when empty.
  ///   - variation: What differs between the planners.
  ///   - output: Takes text as soon as it is known.
  /// - Returns: True when every site was replayed.
  static func write(
    only names: [String], _ variation: Variation, to output: (String) -> Void
  ) -> Bool {
    output(
      line([
        "site", "period", "battery", "version", "planner", "saving", "captured",
        "cost against the rule", "verdict", "cost against the default", "verdict",
      ]) + line([String](repeating: "---", count: 11)))
    var all: [Row] = []
    var bySite: [[Row]] = []
    var isComplete = true
    for site in sites where names.isEmpty || names.contains(site.name) {
      do {
        let (scenario, rows) = try rows(site, variation)
        for (i, row) in rows.enumerated() {
          let head = i == 0 ? heading(site, scenario) : ["", "", ""]
          output(line(head + cells(row, currency: scenario.tariff.currency)))
        }
        all += rows
        bySite.append(rows)
      } catch {
        isComplete = false
        FileHandle.standardError.write(Data("\(site.name): \(error)\n".utf8))
      }
    }
    output("\n" + summary(all))
    output("\n" + choices(bySite))
    return isComplete
  }

  private static func heading(_ site: Site, _ scenario: Scenario) -> [String] {
    let zone = scenario.site.zone
    func day(_ instant: Int) -> String { String(Instant.localText(instant, zone: zone).prefix(10)) }
    let battery = scenario.battery
    return [
      site.name, "\(day(scenario.period.start)) to \(day(scenario.period.end))",
      "\(NumberText.shortest(battery.nominalKWh)) kWh, "
        + "\(NumberText.shortest(battery.converter.ratedKW)) kW",
    ]
  }

  private static func cells(_ row: Row, currency: String) -> [String] {
    [
      row.version, row.planner,
      "\(NumberText.fixed(row.score.savingsVsNoBattery, decimals: 1)) \(currency)",
      NumberText.percent(row.score.shareCaptured),
      row.againstRule.total.text(decimals: 1), row.againstRule.verdictWord,
      row.againstDefault?.total.text(decimals: 1) ?? "–", row.againstDefault?.verdictWord ?? "–",
    ]
  }

  /// For each version and planner: the mean share captured and how often each verdict was given.
  private static func summary(_ rows: [Row]) -> String {
    var text =
      line([
        "version", "planner", "sites", "mean captured", "least", "against the rule",
        "against the default",
      ]) + line([String](repeating: "---", count: 7))
    var keys: [[String]] = []
    for row in rows where !keys.contains([row.version, row.planner]) {
      keys.append([row.version, row.planner])
    }
    for key in keys {
      let found = rows.filter { [$0.version, $0.planner] == key }
      let shares = found.compactMap(\.score.shareCaptured)
      let mean = shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
      text += line(
        key + [
          String(found.count), NumberText.percent(mean), NumberText.percent(shares.min()),
          counts(found.map(\.againstRule)), counts(found.compactMap(\.againstDefault)),
        ])
    }
    return text
  }

  private static func counts(_ pairs: [PairedInterval]) -> String {
    let words = pairs.map(\.verdictWord)
    let parts = ["cheaper", "may be luck", "undecided", "more expensive"].compactMap { word in
      let count = words.count { $0 == word }
      return count > 0 ? "\(count) \(word)" : nil
    }
    return parts.isEmpty ? "–" : parts.joined(separator: ", ")
  }

  static func line(_ cells: [String]) -> String {
    "| \(cells.joined(separator: " | ")) |\n"
  }
}
