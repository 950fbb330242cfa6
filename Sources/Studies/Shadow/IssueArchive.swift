import Forecasting
package import Store
import TimeSeries

/// Issues of forecasts that others may overwrite, kept as they were first seen.
package struct IssueArchive {
  private let store: ProjectStore
  private let site: String

  /// What an archive holds, or what was added to it.
  package struct Count: Sendable, Hashable {
    /// Number of issues.
    package var issues = 0
    /// Number of their rows.
    package var rows = 0

    /// Counts issues and their rows.
    package init(issues: Int = 0, rows: Int = 0) {
      self.issues = issues
      self.rows = rows
    }
  }

  /// Opens the archive of a site.
  package init(_ store: ProjectStore, site: String) {
    self.store = store
    self.site = site
  }

  /// Keeps issues that are not there yet, and of one that is there the one with more rows.
  ///
  /// What is left of an issue that was overwritten since never takes the place of the whole one.
  ///
  /// - Parameters:
  ///   - issues: Issues with their rows.
  ///   - seconds: Issues of the same version and quantity within this time of each other are the same. [s]
  /// - Returns: What was added.
  /// - Throws: `StoreError`; issues already written stay.
  package func keep(
    _ issues: [(issue: ForecastIssue, values: [ForecastValue])], within seconds: Int
  ) throws -> Count {
    let held = try store.issueSizes(site: site)
    var added = Count()
    for (issue, values) in issues {
      let same = held.first {
        $0.version == issue.version && $0.quantity == issue.quantity
          && abs($0.issuedAt - issue.issuedAt) <= seconds
      }
      var issue = issue
      issue.site = site
      issue.issuedAt = same?.issuedAt ?? issue.issuedAt
      let values = values.filter { $0.slotStart >= issue.issuedAt }
      guard values.count > same?.rows ?? 0 else { continue }
      // Issues are kept by instants; the site's clock may become known later.
      try store.write(issue, values: values, zone: .utc)
      added.issues += same == nil ? 1 : 0
      added.rows += values.count - (same?.rows ?? 0)
    }
    return added
  }

  /// All that is held.
  package func count() throws -> Count {
    try store.issueSizes(site: site).reduce(into: Count()) { count, issue in
      count.issues += 1
      count.rows += issue.rows
    }
  }

  /// First issue of each version that has one of load or production. [UTC epoch s]
  package func firstIssues() throws -> [String: Int] {
    var first: [String: Int] = [:]
    for issue in try store.issueSizes(site: site)
    where issue.quantity == .load || issue.quantity == .pv {
      first[issue.version] = min(first[issue.version] ?? .max, issue.issuedAt)
    }
    return first
  }
}
