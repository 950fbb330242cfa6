import Diagnostics
import Documents
import Forecasting
import TestSupport
import Testing
import TimeSeries

@Suite("External forecasts") struct ExternalForecastsTests {
  static let header = "version,quantity,issued_at,valid_at,quantile,value\n"

  @Test("only rows issued by then are read, the newest first")
  func asOf() throws {
    let text =
      Self.header + """
        a,load,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,,1.5
        a,load,2024-01-01T03:00:00Z,2024-01-01T06:00:00Z,,2.5
        a,load,2024-01-01T07:00:00+01:00,2024-01-01T06:00:00Z,,3.5
        """
    let set = try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "f.csv"))
    let grid = TimeGrid(start: ForecastFixture.start + 6 * 3600, stepSeconds: 3600, count: 1)
    func value(_ hours: Int, maxAge: Int? = nil) -> Double {
      set.values(
        version: "a", quantity: .load, over: grid, asOf: ForecastFixture.start + hours * 3600,
        maxAgeSeconds: maxAge)[0]
    }
    #expect(value(0) == 1.5)
    #expect(value(2) == 1.5)
    #expect(value(3) == 2.5)
    #expect(value(6) == 3.5)
    #expect(value(-1).isNaN)
    #expect(value(5, maxAge: 3600).isNaN)
  }

  @Test("missing values are filled with the 7-day mean and counted")
  func filled() throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    let at = history.grid.instant(240)
    let set = ExternalForecasts(rows: [
      .init(version: "a", quantity: .load, issuedAt: at, validAt: at + 3600, value: 9)
    ])
    var external = try ExternalForecaster(set, version: "a", site: SiteContext(zone: .utc))
    var average = try ForecastRecipe(.sevenDayAverage)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    let request = ForecastFixture.request(history, at: 240, count: 3, quantity: .load)
    let found = try external.forecast(request)
    let fallback = try average.forecast(request)
    #expect(found.counts.filled == 2)
    #expect(found.values[1] == 9)
    #expect(isClose(found.values[0], fallback.values[0], relative: 1e-12))
    #expect(isClose(found.values[2], fallback.values[2], relative: 1e-12))
  }

  @Test("what rows cover is counted: issues, slots, gaps and levels") func coverage() throws {
    let start = ForecastFixture.start
    // Hours 0 to 9 without 4, 5 and 8, each issued at midnight; hour 9 a second time at 06:00.
    var rows = [0, 1, 2, 3, 6, 7, 9].map {
      ExternalForecasts.Row(
        version: "a", quantity: .price, issuedAt: start, validAt: start + $0 * 3600, value: 1)
    }
    rows.append(
      .init(
        version: "a", quantity: .price, issuedAt: start + 6 * 3600, validAt: start + 9 * 3600,
        quantile: 0.9, value: 2))
    let set = ExternalForecasts(rows: rows)
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 24)
    let found = set.coverage(of: grid)
    #expect(found.count == 1)
    let one = try #require(found.first)
    #expect(one.version == "a" && one.quantity == .price)
    #expect(one.issues == 2 && one.firstIssue == start && one.lastIssue == start + 6 * 3600)
    #expect(one.slots == 7 && one.firstSlot == start && one.lastSlot == start + 9 * 3600)
    #expect(one.stepSeconds == 3600 && one.missingSlots == 3 && one.gaps == 2)
    #expect(one.longestGap == start + 4 * 3600..<start + 6 * 3600)
    #expect(one.levels == [0.9] && one.hasPoint)
    // 24 slots less the 7 that have a row.
    #expect(one.uncoveredSlots == 17)
  }

  @Test("rows issued after the issue time are not read, where published values reach beyond it")
  func publishedPast() throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    let known = history.grid.instant(240)
    let grid = TimeGrid(start: known, stepSeconds: 3600, count: 2)
    let set = ExternalForecasts(rows: [
      .init(version: "a", quantity: .load, issuedAt: known - 7200, validAt: known, value: 5),
      .init(version: "a", quantity: .load, issuedAt: known - 3600, validAt: known, value: 7),
    ])
    var external = try ExternalForecaster(set, version: "a", site: SiteContext(zone: .utc))
    func value(issuedAt: Int?) throws -> Double {
      try external.forecast(
        ForecastRequest(
          past: history.known(before: known), quantity: .load, grid: grid, issuedAt: issuedAt)
      ).values[0]
    }
    #expect(try value(issuedAt: nil) == 7)
    #expect(try value(issuedAt: known - 5400) == 5)
  }

  @Test("wrong rows are all named")
  func messages() {
    let text =
      Self.header + """
        a,load,2024-01-01T07:00:00Z,2024-01-01T06:00:00Z,,1
        a,laod,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,,1
        a,load,2024-01-01T00:00:00,2024-01-01T06:00:00Z,,1
        a,load,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,1.5,1
        a,load,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,,x
        a,pv,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,,1
        a,pv,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,,2
        """
    #expect {
      _ = try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "f.csv"))
    } throws: { error in
      (error as? InputError)?.diagnostics.map(\.description) == [
        "f.csv:2:8: error: a forecast is issued before the slot it is about,"
          + " found issue 2024-01-01T07:00:00Z for 2024-01-01T06:00:00Z",
        "f.csv:3:3: error: unknown quantity 'laod'; did you mean 'load'?",
        "f.csv:4:8: error: 'issued_at' must be an instant with 'Z' or an offset,"
          + " found '2024-01-01T00:00:00'",
        "f.csv:5:50: error: 'quantile' must lie between 0 and 1, found '1.5'",
        "f.csv:6:51: error: 'value' must be a number, found 'x'",
        "f.csv:8:1: error: this row repeats version, quantity, issue, slot and quantile"
          + " of line 7",
      ]
    }
  }

  private func values(_ text: String) throws -> [Double] {
    try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "f.csv")).rows.map(\.value)
  }

  @Test("a decimal comma is read where quotes or semicolons allow it, and refused elsewhere")
  func decimalCommas() throws {
    let row = "a,load,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,"
    #expect(try values(Self.header + row + ",\"0,75\"\n") == [0.75])
    let semicolons = (Self.header + row).replacing(",", with: ";")
    #expect(try values(semicolons + "0,5;1,5\n") == [1.5])
    for (cells, message) in [
      (",1,5", "the row has 7 cells, the header has 6; a decimal comma needs another"),
      (",0x10", "'value' must be a number, found '0x10'"),
      (",nan", "'value' must be a number, found 'nan'"),
      (",1e400", "'value' must be a number, found '1e400'"),
      ("\"0,5\",1.5", "'quantile' must lie between 0 and 1, found '0,5'"),
      (",\"1", "a quote is opened in this row and never closed"),
    ] {
      let error = #expect(throws: InputError.self) { try values(Self.header + row + cells + "\n") }
      #expect(
        error?.diagnostics.contains {
          $0.message.hasPrefix(message) && $0.position?.line == 2
        } == true, "\(cells): \(error?.description ?? "")")
    }
  }

  @Test("instants without an offset are refused, fractions of seconds cut") func instants() throws {
    func rows(_ issued: String) throws -> [Int] {
      let text = "version,quantity,issued_at,valid_at,value\na,load,\(issued),2024-01-01T06:00Z,1\n"
      return try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "f.csv"))
        .rows.map { $0.issuedAt - ForecastFixture.start }
    }
    #expect(try rows("2024-01-01T01:00:00.9+00:30") == [1800])
    #expect(try rows("1704067200") == [0])
    #expect(throws: InputError.self) { try rows("2024-01-01T00:00:00") }
    // A word for one offset is one; a word that means several is none.
    #expect(try rows("2024-01-01T00:00:00 CET") == [-3600])
    #expect(throws: InputError.self) { try rows("2024-01-01T00:00:00 IST") }
  }

  @Test("quantiles give the point when there is none, and are put in order")
  func quantiles() throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    let at = history.grid.instant(240)
    func row(_ level: Double, _ value: Double) -> ExternalForecasts.Row {
      .init(
        version: "q", quantity: .load, issuedAt: at, validAt: at, quantile: level, value: value)
    }
    let set = ExternalForecasts(rows: [row(0.4, 3), row(0.6, 2), row(0.9, 8)])
    var external = try ExternalForecaster(set, version: "q", site: SiteContext(zone: .utc))
    let found = try external.forecast(
      ForecastFixture.request(history, at: 240, count: 1, quantity: .load))
    #expect(found.values == [2.5])
    #expect(found.quantileLevels == [0.4, 0.6, 0.9])
    #expect(found.quantiles == [[2], [3], [8]])
    #expect(found.counts.crossed == 1)
    #expect(found.counts.filled == 0)
  }

  @Test("a leaked row is refused by name: made after its slot, or trained past its issue")
  func leaks() throws {
    let text = """
      version,quantity,issued_at,valid_at,value,created_at,trained_to
      a,load,2024-01-01T00:00:00Z,2024-01-01T06:00:00Z,1,2024-01-01T06:00:01Z,
      a,load,2024-01-01T00:00:00Z,2024-01-01T07:00:00Z,1,2024-01-01T00:05:00Z,2024-01-01T00:15:00Z
      a,load,2024-01-01T00:00:00Z,2024-01-01T08:00:00Z,1,2024-01-01T00:05:00Z,2024-01-01T00:00:00Z
      """
    #expect {
      _ = try ExternalForecasts(csv: try TextFile(Array(text.utf8), path: "f.csv"))
    } throws: { error in
      (error as? InputError)?.diagnostics.map(\.description) == [
        "f.csv:2:52: error: a forecast is made before the slot it is about,"
          + " found 2024-01-01T06:00:01Z after 2024-01-01T06:00:00Z",
        "f.csv:3:73: error: a model is trained on data from before its issue,"
          + " found 2024-01-01T00:15:00Z after 2024-01-01T00:00:00Z",
      ]
    }
    let honest = text.split(separator: "\n").filter { !$0.contains("00:15:00") }
      .joined(separator: "\n")
    let taken = try ExternalForecasts(
      csv: try TextFile(Array(honest.utf8), path: "f.csv"), allowsHindcasts: true)
    #expect(taken.rows.count == 2)
  }

  @Test("rows written as CSV read back the same")
  func roundTrip() throws {
    let set = ExternalForecasts(
      forecast: Forecast(
        grid: TimeGrid(start: ForecastFixture.start, stepSeconds: 900, count: 2),
        values: [1.25, 2],
        quantileLevels: [0.1, 0.9], quantiles: [[1, 1.5], [2, 3]]),
      version: "v", quantity: .pv)
    let again = try ExternalForecasts(csv: try TextFile(Array(set.csv.utf8), path: "f.csv"))
    #expect(again.rows == set.rows)
    #expect(set.rows.count == 6)
  }

  @Test("a published series becomes a version under its issue rule")
  func series() throws {
    // Day-ahead values issued at noon of the day before, Berlin; the clocks change on 31 March.
    let zone = try Zone("Europe/Berlin")
    let grid = TimeGrid(start: 1_711_839_600, stepSeconds: 3600, count: 23)
    let set = ExternalForecasts(
      version: "v", quantity: .price, series: Series(grid: grid, constant: 0.1),
      issued: .daily(minuteOfDay: 720, daysBefore: 1), zone: zone)
    // 2024-03-30T12:00+01:00
    #expect(Set(set.rows.map(\.issuedAt)) == [1_711_796_400])
    #expect(set.rows.count == 23)
  }

  @Test("the issue time is never after the slot") func issueRules() throws {
    let zone = try Zone("Europe/Berlin")
    // 2024-06-01T10:00+02:00.
    let slot = 1_717_228_800
    func issue(_ rule: ExternalForecasts.IssueRule) -> Int? {
      rule.instant(before: slot, zone: zone)
    }
    #expect(issue(.daily(minuteOfDay: 0, daysBefore: nil)) == slot - 36_000)
    #expect(issue(.daily(minuteOfDay: 720, daysBefore: nil)) == slot - 79_200)
    #expect(issue(.daily(minuteOfDay: 720, daysBefore: 0)) == nil)
    #expect(issue(.daily(minuteOfDay: 600, daysBefore: 1)) == slot - 86_400)
    #expect(issue(.beforeSlot(3600)) == slot - 3600)
    #expect(issue(.at(slot + 1)) == nil)
  }
}
