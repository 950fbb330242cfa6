package import Diagnostics
package import TimeSeries

/// The forecasts of one run of Darkstar's planner, as far as the database still holds them.
package struct DarkstarIssue: Sendable, Hashable {
  /// Version, such as `aurora`.
  package var version: String
  /// What is forecast.
  package var quantity: Quantity
  /// When its last row was written; no slot begins before. [UTC epoch s]
  package var issuedAt: Int
  /// Its rows in order of slot and quantile.
  package var rows: [DarkstarForecast]
}

extension DarkstarDatabase {
  /// Rows that were written within this time of each other are of one run. [s]
  package static let issueGapSeconds = 600

  /// Reads the forecasts run by run.
  ///
  /// The planner replaces the row of a slot whenever it forecasts the slot again, so that a run's rows are whole
  /// only until the next. Rows of slots that had begun when the run ended are left out and counted.
  ///
  /// - Parameters:
  ///   - path: Path of the database.
  ///   - zone: Clock of stamps without offset.
  ///   - undated: Issue time of rows without a time of writing; nothing leaves them out. [UTC epoch s]
  /// - Returns: The runs in order of version, quantity and time, and the number of rows left out.
  /// - Throws: `InputError` when the file is no such database or a stamp cannot be read.
  package static func issues(
    path: String, zone: Zone, undated: Int?
  ) throws(InputError) -> (issues: [DarkstarIssue], leftOut: Int) {
    var issues: [DarkstarIssue] = []
    var leftOut = 0
    let rows = try forecasts(path: path, zone: zone)
    var place = 0
    while place < rows.count {
      let first = rows[place]
      var end = place
      while end < rows.count, rows[end].version == first.version,
        rows[end].quantity == first.quantity
      { end += 1 }
      let dated = rows[place..<end].compactMap { row in
        (row.createdAt ?? undated).map { (writtenAt: $0, row: row) }
      }
      leftOut += end - place - dated.count
      for run in runs(dated.sorted { $0.writtenAt < $1.writtenAt }) {
        let issuedAt = run.last?.writtenAt ?? 0
        let ahead = run.map(\.row).filter { $0.slotStart >= issuedAt }
        leftOut += run.count - ahead.count
        if ahead.isEmpty { continue }
        issues.append(
          DarkstarIssue(
            version: first.version, quantity: first.quantity, issuedAt: issuedAt,
            rows: ahead.sorted {
              ($0.slotStart, $0.quantile ?? -1) < ($1.slotStart, $1.quantile ?? -1)
            }))
      }
      place = end
    }
    return (issues, leftOut)
  }

  /// Splits rows in order of writing where the next was written long after the last.
  private static func runs(
    _ rows: [(writtenAt: Int, row: DarkstarForecast)]
  ) -> [[(writtenAt: Int, row: DarkstarForecast)]] {
    var runs: [[(writtenAt: Int, row: DarkstarForecast)]] = []
    for row in rows {
      if let last = runs.last?.last, row.writtenAt - last.writtenAt <= issueGapSeconds {
        runs[runs.count - 1].append(row)
      } else {
        runs.append([row])
      }
    }
    return runs
  }
}
