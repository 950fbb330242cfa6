import CommandLine
import Diagnostics
import Documents
import Forecasting
import Store
import TimeSeries

/// The part of `wattif ingest` that keeps forecasts made elsewhere.
struct ForecastIngest {
  private let rows: [ExternalForecasts.Row]
  private let duplicates: Int

  /// Reads rows of version, quantity, issue time, valid time, quantile and value.
  ///
  /// - Throws: `InputError` with every wrong row.
  init(files: [String], context: CommandContext) throws {
    var rows: [ExternalForecasts.Row] = []
    var duplicates = 0
    for file in files {
      let read = try ExternalForecasts(csv: try context.read(file))
      rows += read.rows
      duplicates += read.duplicateRows
    }
    self.rows = rows
    self.duplicates = duplicates
  }

  private struct Key: Hashable {
    var version: String
    var quantity: Quantity
    var issuedAt: Int
  }

  /// Rows by issue, in order.
  private var issues: [(key: Key, rows: [ExternalForecasts.Row])] {
    var groups: [Key: [ExternalForecasts.Row]] = [:]
    for row in rows {
      let key = Key(version: row.version, quantity: row.quantity, issuedAt: row.issuedAt)
      groups[key, default: []].append(row)
    }
    return groups.map { (key: $0.key, rows: $0.value) }.sorted { a, b in
      (a.key.version, a.key.quantity.rawValue, a.key.issuedAt)
        < (b.key.version, b.key.quantity.rawValue, b.key.issuedAt)
    }
  }

  /// Writes every issue; one that contradicts its own issue time is refused.
  func keep(in store: ProjectStore, site: String, zone: Zone) throws {
    for issue in issues {
      try store.write(
        ForecastIssue(
          site: site, version: issue.key.version, quantity: issue.key.quantity,
          issuedAt: issue.key.issuedAt),
        values: issue.rows.map {
          ForecastValue(slotStart: $0.validAt, quantile: $0.quantile, value: $0.value)
        }, zone: zone)
    }
  }

  private var versions: [(name: String, issues: Int, rows: Int, first: Int, last: Int)] {
    var result: [(name: String, issues: Int, rows: Int, first: Int, last: Int)] = []
    for issue in issues {
      let name = "\(issue.key.version)/\(issue.key.quantity.rawValue)"
      if result.last?.name != name { result.append((name, 0, 0, issue.key.issuedAt, 0)) }
      result[result.count - 1].issues += 1
      result[result.count - 1].rows += issue.rows.count
      result[result.count - 1].last = issue.key.issuedAt
    }
    return result
  }

  var json: JSONValue {
    [
      "duplicates": .integer(duplicates), "findings": [],
      "rows_in": .integer(rows.count + duplicates),
      "rows_kept": .integer(rows.count), "rows_reported": .integer(duplicates),
      "schema": "wattif.ingest/1",
      "versions": .array(
        versions.map {
          [
            "first_issue": .string(Instant.utcText($0.first)), "issues": .integer($0.issues),
            "last_issue": .string(Instant.utcText($0.last)), "name": .string($0.name),
            "rows": .integer($0.rows),
          ]
        }),
    ]
  }

  var table: String {
    var table = TextTable([
      ("version", .left), ("issues", .right), ("rows", .right), ("first issue", .left),
      ("last issue", .left),
    ])
    for version in versions {
      table.add([
        version.name, "\(version.issues)", "\(version.rows)", Instant.utcText(version.first),
        Instant.utcText(version.last),
      ])
    }
    return table.text
  }
}
