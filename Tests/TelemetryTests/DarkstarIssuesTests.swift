import Testing
import TimeSeries

@testable import Telemetry

@Suite("Runs of Darkstar's planner") struct DarkstarIssuesTests {
  /// 2024-01-01T00:00:00Z.
  private let start = 1_704_067_200

  /// A database with forecasts of `aurora`: slot from the start, energy, and when it was written.
  private func database(_ rows: [(slot: Int, energy: Double, written: String?)]) throws
    -> ScratchFile
  {
    let file = try ScratchFile("", name: "planner_learning.db")
    let database = try SQLiteReader(path: file.path, writing: true)
    try database.execute(
      """
      CREATE TABLE slot_forecasts(id INTEGER PRIMARY KEY, slot_start TEXT, load_forecast_kwh REAL,
        forecast_version TEXT NOT NULL, created_at TIMESTAMP)
      """)
    for row in rows {
      let stamp = Instant.utcText(start + row.slot * 900).dropLast() + "+00:00"
      let written = row.written.map { "'\($0)'" } ?? "NULL"
      try database.execute(
        "INSERT INTO slot_forecasts(slot_start, load_forecast_kwh, forecast_version, created_at) "
          + "VALUES('\(stamp)', \(row.energy), 'aurora', \(written))")
    }
    return file
  }

  @Test("rows written together are one run, what is left of an earlier one another")
  func runs() throws {
    // The run of 00:05 wrote four slots from 00:15 on, that of 00:35 wrote the two from 00:45 on anew.
    let file = try database([
      (1, 0.25, "2024-01-01 00:05:00"), (2, 0.5, "2024-01-01 00:05:01"),
      (3, 1, "2024-01-01 00:35:00"), (4, 2, "2024-01-01 00:35:02"),
    ])
    let (issues, leftOut) = try DarkstarDatabase.issues(path: file.path, zone: .utc, undated: nil)
    #expect(leftOut == 0)
    #expect(issues.map(\.issuedAt) == [start + 301, start + 2102])
    #expect(issues.map { $0.rows.map(\.powerKW) } == [[1, 2], [4, 8]])
    #expect(issues.allSatisfy { $0.version == "aurora" && $0.quantity == .load })
  }

  @Test("slots that had begun are no forecast, and rows without a time need one")
  func late() throws {
    let file = try database([
      (0, 9, "2024-01-01 00:05:00"), (1, 0.25, "2024-01-01 00:05:00"), (2, 0.5, nil),
      (3, 0.75, nil),
    ])
    let strict = try DarkstarDatabase.issues(path: file.path, zone: .utc, undated: nil)
    #expect(strict.leftOut == 3)
    #expect(strict.issues.map { $0.rows.map(\.powerKW) } == [[1]])
    // Undated rows count as written at 00:45, when slot 2 had begun.
    let dated = try DarkstarDatabase.issues(path: file.path, zone: .utc, undated: start + 2700)
    #expect(dated.leftOut == 2)
    #expect(dated.issues.map { $0.rows.map(\.powerKW) } == [[1], [3]])
  }
}
