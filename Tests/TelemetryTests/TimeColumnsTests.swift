import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// A file read on the grid that it suggests itself.
func readAlone(
  _ text: String, zone: Zone = .utc, time: String = "time", _ columns: ColumnMapping...,
  adjust: (inout CSVSource) -> Void = { _ in }, policy: FindingPolicy = .refuse
) throws -> (history: SiteHistory, report: IngestReport) {
  let file = try ScratchFile(text)
  var source = CSVSource(path: file.path, timeColumn: time, columns: columns)
  adjust(&source)
  let reader = HistoryReader([source], zone: zone, policy: policy)
  let (history, report) = try reader.read(grid: try reader.extent())
  return (history, report)
}

/// Files say when their rows are in many ways; all of them are told from what the cells hold.
@Suite("Time as files write it") struct TimeColumnsTests {
  let load = ColumnMapping(column: "load", quantity: .load, unit: "kWh")

  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    var time = "time"
    var zone = "Europe/Berlin"
  }

  // All say 1, 2 and 3 kWh in the three hours from 2024-06-30T22:00Z, midnight of 1 July in Berlin.
  @Test(
    "one file in many forms",
    arguments: [
      Form(
        testDescription: "date and time in two columns",
        text: "day;clock;load\n01.07.2024;00:00;1\n01.07.2024;01:00;2\n01.07.2024;02:00;3\n",
        time: "day"),
      Form(
        testDescription: "the time of day is named, the date stands elsewhere",
        text: "clock,load,day\n00:00,1,2024-07-01\n01:00,2,2024-07-01\n02:00,3,2024-07-01\n",
        time: "clock"),
      Form(
        testDescription: "number of the hour, ending",
        text: "day,hour,load\n2024-07-01,1,1\n2024-07-01,2,2\n2024-07-01,3,3\n", time: "day"),
      Form(
        testDescription: "number of the hour, beginning",
        text: "day,hour,load\n2024-07-01,0,1\n2024-07-01,1,2\n2024-07-01,2,3\n", time: "day"),
      Form(
        testDescription: "times as digits",
        text: "day,hhmm,load\n20240701,0000,1\n20240701,0100,2\n20240701,0200,3\n", time: "day"),
      Form(
        testDescription: "beginning and end in one cell",
        text: "time,load\n01.07.2024 00:00 - 01.07.2024 01:00,1\n"
          + "01.07.2024 01:00 - 01.07.2024 02:00,2\n01.07.2024 02:00 - 01.07.2024 03:00,3\n"),
      Form(
        testDescription: "an interval of ISO 8601",
        text: "time,load\n2024-06-30T22:00Z/2024-06-30T23:00Z,1\n"
          + "2024-06-30T23:00Z/2024-07-01T00:00Z,2\n2024-07-01T00:00Z/2024-07-01T01:00Z,3\n"),
      Form(
        testDescription: "zone words",
        text: "time,load\n2024-07-01 00:00 CEST,1\n2024-07-01 01:00 MESZ,2\n"
          + "2024-07-01 02:00:00 (UTC+02:00),3\n", zone: "UTC"),
      Form(
        testDescription: "half days, the month first as one day shows",
        text: "time,load\n07/01/2024 12:00:00 AM,1\n07/01/2024 1:00:00 AM,2\n"
          + "07/01/2024 2:00:00 AM,3\n07/13/2024 11:00:00 PM,\n"),
      Form(
        testDescription: "the day first as one day shows",
        text: "time,load\n1/7/2024 0:00,1\n1/7/2024 1:00,2\n1/7/2024 2:00,3\n13/7/2024 1:00,\n"),
      Form(
        testDescription: "names of months",
        text: "time,load\n01-Jul-2024 00:00,1\n1 July 2024 01:00,2\n\"Jul 1, 2024 02:00\",3\n"),
      Form(
        testDescription: "days of a spreadsheet: 45474 is 1 July 2024",
        text: "time;load\n45474;1\n45474,0416666667;2\n45474,0833333333;3\n"),
      Form(
        testDescription: "below lines of another kind",
        text: "Meter report\nName,\"Doe, Jane\"\nNumber,123\n\ntime,load\n2024-07-01 00:00,1\n"
          + "2024-07-01 01:00,2\n2024-07-01 02:00,3\n"),
    ])
  func forms(form: Form) throws {
    let (history, _) = try readAlone(
      form.text, zone: try Zone(form.zone), time: form.time, load)
    #expect(history.grid.start == 1_719_784_800 && history.grid.stepSeconds == 3600)
    #expect(column(history[.load]).prefix(3) == ["1.0", "2.0", "3.0"])
  }

  @Test("without evidence the order of day and month is asked for") func undecided() throws {
    let text = "time,load\n1/7/2024 0:00,1\n1/7/2024 1:00,2\n"
    let error = #expect(throws: InputError.self) { try readAlone(text, load) }
    #expect(
      error?.diagnostics.first?.message
        == "nothing in column 'time' tells whether the day or the month comes first; say "
        + "'day_month_year' or 'month_day_year' as the format of the time")
    // Neighbouring days tell it as well: the part that moves by one is the day.
    let days = "time,load\n2/7/2024,1\n3/7/2024,2\n4/7/2024,3\n"
    #expect(try readAlone(days, load).history.grid.start == 1_719_878_400)
  }

  @Test("hours are counted through days of 23 and 25 hours") func countedHours() throws {
    // 2024-03-31 has 23 hours in Madrid, 2024-10-27 has 25.
    for (day, next, count) in [("2024/03/31", "2024/04/01", 23), ("2024/10/27", "2024/10/28", 25)] {
      let rows = (1...count).map { "\(day),\($0),\($0)" } + ["\(next),1,26"]
      let (history, _) = try readAlone(
        "Fecha,Hora,load\n" + rows.joined(separator: "\n"), zone: try Zone("Europe/Madrid"),
        time: "Fecha", load)
      #expect(history.grid.count == count + 1)
      #expect(column(history[.load]) == ((1...count).map { "\($0).0" } + ["26.0"]))
    }
  }

  @Test("24:00 without 00:00 shows that stamps name the end") func endOfDay() throws {
    let rows = (1...24).map { "2024-07-01 \($0 < 10 ? "0" : "")\($0):00,\($0)" }
    let (history, report) = try readAlone("time,load\n" + rows.joined(separator: "\n"), load)
    #expect(history.grid.start == 1_719_792_000)
    #expect(column(history[.load]).first == "1.0")
    #expect(
      report.layouts.first?.remarks == [
        "stamps name the end of their intervals: 24:00 occurs, 00:00 does not",
        "stamps have no offset and are taken as UTC",
      ])
    let (_, offset) = try readAlone(
      "time,load\n2024-07-01T00:00:00+02:00,1\n2024-07-01T01:00:00+02:00,2\n", load)
    #expect(offset.layouts.allSatisfy { $0.remarks.isEmpty })
  }

  // 2024-10-27 02:00 to 03:00 occurs twice in Berlin; the earlier hour has 1 to 4, the later 5 to 8.
  @Test(
    "the repeated hour in order of time, forwards and backwards, and sorted by text",
    arguments: [
      ["00 1", "15 2", "30 3", "45 4", "00 5", "15 6", "30 7", "45 8"],
      ["00 1", "00 5", "15 2", "15 6", "30 3", "30 7", "45 4", "45 8"],
      ["45 8", "30 7", "15 6", "00 5", "45 4", "30 3", "15 2", "00 1"],
    ])
  func repeatedHour(rows: [String]) throws {
    let isBackwards = rows[0] == "45 8"
    let before = "2024-10-27 01:45,0"
    let after = "2024-10-27 03:00,9"
    let hour = rows.map { "2024-10-27 02:\($0.prefix(2)),\($0.suffix(1))" }
    let lines = isBackwards ? [after] + hour + [before] : [before] + hour + [after]
    let (history, report) = try readAlone(
      "time,load\n" + lines.joined(separator: "\n"), zone: try Zone("Europe/Berlin"),
      ColumnMapping(column: "load", quantity: .load, unit: "kW"))
    #expect(column(history[.load]) == (0...9).map { "\($0).0" })
    #expect(report.duplicates == 0 && report.ambiguousTimes == 8)
  }

  @Test("an empty row of the hour that clocks skip is no mistake") func skippedHour() throws {
    let (history, report) = try readAlone(
      "time,load\n2024-03-31 01:00,1\n2024-03-31 02:00,\n2024-03-31 03:00,3\n",
      zone: try Zone("Europe/Berlin"), load)
    #expect(column(history[.load]) == ["1.0", "3.0"])
    #expect(report.rowsOutside == 1 && report.findings.isEmpty)
  }
}

@Suite("Intervals that change") struct IntervalTests {
  let energy = ColumnMapping(column: "kwh", quantity: .load, unit: "kWh")

  /// Hours until 06:00 with 1 kWh each, quarter-hours of 0.25 kWh after it: 1 kW throughout.
  private func rows(label: SlotLabel) -> String {
    let shift = label == .end ? 1 : 0
    let hours = (0..<6).map { "2024-01-01 0\($0 + shift):00,1" }
    let quarters = (24..<48).map { k -> String in
      let minute = (k + shift) * 15
      return "2024-01-01 \(minute / 600)\(minute / 60 % 10):\(minute % 60 / 10)\(minute % 10),0.25"
    }
    return "time,kwh\n" + (hours + quarters).joined(separator: "\n")
  }

  @Test("hours and then quarter-hours keep their energy", arguments: SlotLabel.allCases)
  func change(label: SlotLabel) throws {
    let (history, report) = try readAlone(rows(label: label), energy, adjust: { $0.label = label })
    #expect(history.grid.start == newYear2024 && history.grid.stepSeconds == 900)
    #expect(column(history[.load]) == [String](repeating: "1.0", count: 48))
    #expect(
      report.findings.map(\.diagnostic.message).first
        == "the intervals change from 3600 s to 900 s at 2024-01-01T0\(label == .end ? "6:15" : "6:00"):00Z"
    )
  }

  @Test("the end that a file says counts, also where it names the last minute") func ends() throws {
    let until =
      "from;to;price\n01.01.2024 00:00;01.01.2024 01:00;10\n"
      + "01.01.2024 01:00;01.01.2024 01:15;20\n01.01.2024 01:15;01.01.2024 01:30;30\n"
      + "01.01.2024 01:30;01.01.2024 01:45;40\n"
    let (history, report) = try readAlone(
      until, time: "from", ColumnMapping(column: "price", quantity: .price, unit: "EUR/kWh"))
    #expect(column(history[.price]) == ["10.0", "10.0", "10.0", "10.0", "20.0", "30.0", "40.0"])
    #expect(report.findings.isEmpty)
    let last =
      "DATE,START,END,kwh\n2024-01-01,23:30,23:44,0.5\n2024-01-01,23:45,23:59,1\n"
      + "2024-01-02,00:00,00:14,1.5\n"
    #expect(
      column(try readAlone(last, time: "DATE", energy).history[.load]) == ["2.0", "4.0", "6.0"])
  }

  @Test("single gaps and jitter are no change of the intervals") func gaps() {
    func lengths(_ minutes: [Int]) -> [Int] {
      let found = RowIntervals(stamps: minutes.map { $0 * 60_000 }, ends: [], label: .start)
      return minutes.indices.map { (found?.length($0) ?? 0) / 60_000 }
    }
    #expect(lengths([0, 15, 45, 60, 75, 105, 120]) == [Int](repeating: 15, count: 7))
    #expect(lengths([0, 5, 10, 16, 20, 25]) == [Int](repeating: 5, count: 6))
    // After a gap the stretch goes on as before it.
    #expect(
      lengths([0, 60, 120, 180, 300, 360, 375, 390, 405, 420])
        == [60, 60, 60, 60, 60, 15, 15, 15, 15, 15])
  }

  @Test("a day of 23 hours and months of their own length keep their energy") func calendar() throws
  {
    let days = "time,kwh\n2024-03-30,24\n2024-03-31,23\n2024-04-01,24\n2024-04-02,24\n"
    let (history, _) = try readAlone(days, zone: try Zone("Europe/Berlin"), energy)
    for value in history[.load] ?? [] where !value.isNaN {
      #expect(isClose(value, 1, absolute: 0.042))
    }
    let intervals = RowIntervals(
      stamps: [0, 31, 59, 90, 120].map { $0 * 86_400_000 }, ends: [], label: .start)
    #expect((0..<5).map { (intervals?.length($0) ?? 0) / 86_400_000 } == [31, 28, 31, 30, 31])
  }

  @Test("the name of a time column says its clock, or that its word has two meanings")
  func headerClocks() throws {
    func clock(_ name: String, site: Zone = .utc) throws -> String? {
      try HeaderClock.zone(name, site: site)?.identifier
    }
    #expect(try clock("time_utc") == "UTC" && clock("Start (GMT)") == "UTC")
    #expect(try clock("Zeit (UTC+01:00)") == "UTC+01:00" && clock("t [GMT-3]") == "UTC-03:00")
    #expect(try clock("time UTC +5:30") == "UTC+05:30" && clock("UTC+0") == "UTC")
    #expect(try clock("MTU (CET/CEST)", site: try Zone("Europe/London")) == "Europe/Brussels")
    #expect(try clock("Delivery Start (CET)") == "Europe/Brussels")
    // A site that has a clock knows better what one word means.
    #expect(try clock("Delivery Start (CET)", site: try Zone("Europe/Stockholm")) == nil)
    #expect(try clock("time") == nil && clock("Datum") == nil && clock("best_time") == nil)
    let doubt = #expect(throws: HeaderClock.Doubt.self) { try clock("Time (EST)") }
    #expect(doubt?.clocks.place == "America/New_York" && doubt?.clocks.fixed == "Etc/GMT+5")
    #expect(try clock("Time (EST)", site: try Zone("America/New_York")) == nil)
    // +01:00 all year: the offset in July is that of January.
    let zone = try #require(try HeaderClock.zone("UTC+1", site: .utc))
    #expect(zone.offsetSeconds(at: newYear2024) == 3600)
    #expect(zone.offsetSeconds(at: newYear2024 + 182 * 86_400) == 3600)
  }
}
