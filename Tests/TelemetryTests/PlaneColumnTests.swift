import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Columns that measure one plane of modules each.
@Suite("Columns of planes") struct PlaneColumnTests {
  private let hours = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 3)

  private func mapping(
    _ column: String, plane: String? = nil, combination: Combination = .join
  ) -> ColumnMapping {
    var mapping = ColumnMapping(
      column: column, quantity: .pv, unit: "kW", combination: combination)
    mapping.plane = plane
    return mapping
  }

  private func read(
    _ files: [(rows: [String], columns: [ColumnMapping])], header: String,
    shares: [String: Double] = [:]
  ) throws -> (SiteHistory, IngestReport) {
    let scratch = try files.map { try ScratchFile(([header] + $0.rows).joined(separator: "\n")) }
    var reader = HistoryReader(
      zip(scratch, files).map {
        CSVSource(path: $0.path, timeColumn: "time", stepSeconds: 3600, columns: $1.columns)
      }, zone: .utc)
    reader.planeShares = shares
    return try withExtendedLifetime(scratch) { try reader.read(grid: hours) }
  }

  // 1 + 2, nothing + 2, 3 + 2.
  @Test("the production is the sum of the planes, missing where one is") func sum() throws {
    let (history, report) = try read(
      [
        (
          ["2024-01-01T00:00Z,1,2", "2024-01-01T01:00Z,,2", "2024-01-01T02:00Z,3,2"],
          [mapping("e", plane: "east"), mapping("w", plane: "west")]
        )
      ], header: "time,e,w")
    #expect(column(history[.pv]) == ["3.0", "-", "5.0"])
    #expect(column(history[plane: "east"]) == ["1.0", "-", "3.0"])
    #expect(column(history[plane: "west"]) == ["2.0", "2.0", "2.0"])
    #expect(history.planeNames == ["east", "west"])
    #expect(report.slots[.pv]?.gap == 1 && report.slots[.pv]?.ok == 2)
    // Half of two hours each; a plane is brought to another step as the sum is.
    let coarse = history.resampled(stepSeconds: 7200)
    #expect(coarse[plane: "west"]?.first == 2)
    #expect(coarse[.pv]?[0].isNaN == true)
  }

  @Test("columns of one plane in several files follow one another, with 'sum' they add up")
  func joined() throws {
    let first = (["2024-01-01T00:00Z,1,2", "2024-01-01T01:00Z,4,2"], [mapping("e", plane: "east")])
    let second = (["2024-01-01T02:00Z,5,7"], [mapping("e", plane: "east")])
    let (history, _) = try read([first, second], header: "time,e,w")
    #expect(column(history[plane: "east"]) == ["1.0", "4.0", "5.0"])
    let (added, _) = try read(
      [(first.0, [mapping("e", plane: "east"), mapping("w", plane: "east", combination: .sum)])],
      header: "time,e,w")
    #expect(column(added[plane: "east"]) == ["3.0", "6.0", "-"])
    #expect(column(added[.pv]) == ["3.0", "6.0", "-"])
  }

  // East by itself, and 4 kW of north and south together, a quarter of it north.
  @Test("planes without a column have shares of what is measured together") func shares() throws {
    let (history, _) = try read(
      [
        (
          ["2024-01-01T00:00Z,1,4", "2024-01-01T01:00Z,,4", "2024-01-01T02:00Z,3,8"],
          [mapping("e", plane: "east"), mapping("w")]
        )
      ], header: "time,e,w", shares: ["north": 0.25, "south": 0.75])
    #expect(column(history[.pv]) == ["5.0", "-", "11.0"])
    #expect(column(history[plane: "north"]) == ["1.0", "1.0", "2.0"])
    #expect(column(history[plane: "south"]) == ["3.0", "3.0", "6.0"])
  }

  @Test("a past with one plane alone has its production, and nothing after the instant")
  func past() throws {
    var history = SiteHistory(
      grid: hours, zone: .utc, columns: [.load: [7, 8, 9], .pv: [3, 5, 7]])
    history[plane: "east"] = [1, 2, 3]
    let past = try #require(history.known(before: hours.instant(2)).ofPlane("east"))
    #expect(past[.pv].map(Array.init) == [1, 2])
    #expect(past[.load].map(Array.init) == [7, 8])
    #expect(past.known(before: hours.instant(1)).ofPlane("east")?[.pv].map(Array.init) == [1])
    #expect(history.known(before: hours.instant(2)).ofPlane("west") == nil)
    history.setUnlogged([false, true, false])
    let logged = try #require(history.known(before: hours.end).ofPlane("east")?[.pv])
    #expect(column(Array(logged)) == ["1.0", "-", "3.0"])
    history.scaleProduction(by: 2)
    #expect(history[plane: "east"] == [2, 4, 6] && history[.pv] == [6, 10, 14])
    #expect(history[.load] == [7, 8, 9])
  }
}
