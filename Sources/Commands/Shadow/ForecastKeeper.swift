import Forecasting
import Reports
import Scenarios
import Store
import Studies
import Telemetry
import TimeSeries

/// Keeps the forecasts of a planner in the folder of a shadow.
struct ForecastKeeper {
  /// Name of the site in the database of the shadow.
  static let site = "shadow"
  /// Path of the database.
  let path: String
  private let store: ProjectStore

  init(folder: String) throws {
    path = "\(folder)/wattif.sqlite"
    store = try ProjectStore(path: path)
  }

  /// Keeps what a scenario reads of forecasts: of its Darkstar database, and of its external files.
  func keep(_ scenario: Scenario) throws -> ShadowReport.Kept {
    let archive = IssueArchive(store, site: Self.site)
    let external = try scenario.externalForecasts()?.addedUp
    var added = try archive.keep(issues(external?.rows ?? []), within: 0)
    var leftOut = 0
    if let database = scenario.darkstarDatabase {
      let end = scenario.site.zone.startOfDay(try scenario.lastMeasuredDay() + 1)
      let kept = try keep(darkstar: database, zone: scenario.site.zone, undated: end)
      added.issues += kept.added.issues
      added.rows += kept.added.rows
      leftOut = kept.leftOut
    }
    return ShadowReport.Kept(held: try archive.count(), added: added, leftOut: leftOut)
  }

  /// Keeps the forecasts of a Darkstar database.
  func keep(darkstar path: String, zone: Zone, undated: Int?) throws -> ShadowReport.Kept {
    let archive = IssueArchive(store, site: Self.site)
    let found = try DarkstarDatabase.issues(path: path, zone: zone, undated: undated)
    let added = try archive.keep(
      found.issues.map { issue in
        (
          issue: ForecastIssue(
            site: Self.site, version: issue.version, quantity: issue.quantity,
            issuedAt: issue.issuedAt),
          values: issue.rows.map {
            ForecastValue(slotStart: $0.slotStart, quantile: $0.quantile, value: $0.powerKW)
          }
        )
      }, within: DarkstarDatabase.issueGapSeconds)
    return ShadowReport.Kept(held: try archive.count(), added: added, leftOut: found.leftOut)
  }

  /// All that was kept, as forecasts made elsewhere.
  func forecasts() throws -> ExternalForecasts {
    ExternalForecasts(
      rows: try store.forecastIssues(site: Self.site).flatMap { issue, values in
        values.map {
          ExternalForecasts.Row(
            version: issue.version, quantity: issue.quantity, issuedAt: issue.issuedAt,
            validAt: $0.slotStart, quantile: $0.quantile, value: $0.value)
        }
      })
  }

  /// The first local day that each kept version can plan from its beginning on, in days since 1970-01-01.
  func firstDays(zone: Zone) throws -> [String: Int] {
    try IssueArchive(store, site: Self.site).firstIssues().mapValues { issuedAt in
      let day = zone.civil(at: issuedAt).dayNumber
      return zone.startOfDay(day) == issuedAt ? day : day + 1
    }
  }

  private func issues(
    _ rows: [ExternalForecasts.Row]
  ) -> [(issue: ForecastIssue, values: [ForecastValue])] {
    var issues: [ForecastIssue: [ForecastValue]] = [:]
    for row in rows where row.validAt >= row.issuedAt {
      let issue = ForecastIssue(
        site: Self.site, version: row.version, quantity: row.quantity, issuedAt: row.issuedAt)
      issues[issue, default: []].append(
        ForecastValue(slotStart: row.validAt, quantile: row.quantile, value: row.value))
    }
    return issues.map { (issue: $0.key, values: $0.value) }.sorted { a, b in
      (a.issue.version, a.issue.quantity.rawValue, a.issue.issuedAt)
        < (b.issue.version, b.issue.quantity.rawValue, b.issue.issuedAt)
    }
  }
}
