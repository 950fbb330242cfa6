import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Exports as their services write them, with values of one's own, read without naming a column.
@Suite("Known exports") struct KnownLayoutTests {
  private func read(_ text: String, zone: String = "UTC") throws -> (KnownLayout, SiteHistory) {
    let file = try ScratchFile(text)
    let outline = try CSVOutline(path: file.path)
    let known = try #require(outline.known)
    let source = CSVSource(
      path: file.path, timeColumn: known.timeColumn, zone: known.zone, label: known.label,
      columns: outline.mappings)
    let reader = HistoryReader([source], zone: try Zone(zone))
    return (known, try reader.read(grid: try reader.extent()).0)
  }

  @Test("Fluvius: a net of what is taken and fed in") func fluvius() throws {
    let head = "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);Register;Volume;Eenheid\n"
    let rows = [("00:00:00", "00:15:00", "0,5", "0"), ("00:15:00", "00:30:00", "0", "0,25")].map {
      "01-07-2024;\($0.0);01-07-2024;\($0.1);Afname Nacht;\($0.2);kWh\n"
        + "01-07-2024;\($0.0);01-07-2024;\($0.1);Injectie Nacht;\($0.3);kWh\n"
    }
    // The order of day and month follows from 15 more days.
    let late = "16-07-2024;00:00:00;16-07-2024;00:15:00;Afname Nacht;1;kWh\n"
    let (known, history) = try read(head + rows.joined() + late, zone: "Europe/Brussels")
    #expect(known.name == "Fluvius")
    #expect(column(history[.net]).prefix(2) == ["2.0", "-1.0"])
  }

  @Test("Enedis: W at the end of the interval; SMARD, ENTSO-E: prices") func powerAndPrices() throws
  {
    let (enedis, load) = try read(
      "Identifiant PRM;Unite;Pas\n000;W;30\n\nHorodate;Valeur\n2024-07-01T00:30:00+02:00;400\n"
        + "2024-07-01T01:00:00+02:00;600\n2024-07-01T01:30:00+02:00;800\n")
    #expect(enedis.name == "Enedis" && column(load[.load]) == ["0.4", "0.6", "0.8"])
    #expect(load.grid.start == 1_719_784_800)
    let (smard, prices) = try read(
      "Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen\n"
        + "01.07.2024 00:00;01.07.2024 01:00;50,00\n01.07.2024 01:00;01.07.2024 02:00;-5,5\n")
    #expect(smard.name == "SMARD" && column(prices[.price]) == ["0.05", "-0.0055"])
    // German time, whatever the clock of the site: 2024-06-30T22:00Z.
    #expect(smard.remarks == ["stamps are on the clock of Europe/Berlin"])
    #expect(prices.grid.start == 1_719_784_800)
    // The header says the clock of the stamps, whatever that of the site is.
    let (entsoe, utc) = try read(
      "\"MTU (UTC)\",\"Day-ahead Price (EUR/MWh)\"\n\"01/07/2024 00:00:00 - 01/07/2024 01:00:00\",\"50\"\n"
        + "\"01/07/2024 01:00:00 - 01/07/2024 02:00:00\",\"60\"\n"
        + "\"13/07/2024 01:00:00 - 13/07/2024 02:00:00\",\"60\"\n", zone: "Europe/Berlin")
    #expect(entsoe.name == "ENTSO-E" && utc.grid.start == 1_719_792_000)
  }

  @Test("ENTSO-E with sequences: the first one is taken, and the day stands first on one day too")
  func sequences() throws {
    let rows = { (hour: String) in
      "\"01/02/2025 \(hour):00:00 - 01/02/2025 \(hour):15:00\",\"BZN|DE-LU\",\"Sequence Sequence 2\",\"9\"\n"
        + "\"01/02/2025 \(hour):15:00 - 01/02/2025 \(hour):30:00\",\"BZN|DE-LU\",\"Sequence Sequence 2\",\"8\"\n"
    }
    let head = "\"MTU (CET/CEST)\",\"Area\",\"Sequence\",\"Day-ahead Price (EUR/MWh)\"\n"
    let one = { (from: String, to: String, price: String) in
      "\"01/02/2025 \(from):00:00 - 01/02/2025 \(to):00:00\",\"BZN|DE-LU\",\"Sequence Sequence 1\",\"\(price)\"\n"
    }
    let (known, history) = try read(
      head + one("00", "01", "50") + rows("00") + one("01", "02", "60") + rows("01"))
    // 2025-02-01 00:00 in Brussels is 2025-01-31T23:00Z.
    #expect(history.grid.start == 1_738_364_400 && history.grid.stepSeconds == 3600)
    #expect(column(history[.price]) == ["0.05", "0.06"])
    // Nobody has to guess when a document names the column alone.
    let mixed = try ScratchFile(
      head + one("00", "01", "50") + rows("00") + one("01", "02", "60") + rows("01"))
    let source = CSVSource(
      path: mixed.path, timeColumn: "MTU (CET/CEST)",
      columns: [ColumnMapping(column: "Day-ahead Price (EUR/MWh)", quantity: .price)])
    let error = #expect(throws: InputError.self) {
      try HistoryReader([source], zone: .utc).extent()
    }
    #expect(
      error?.diagnostics.first?.message.contains("told apart by 'Sequence': name the ones") == true)
    #expect(
      known.remarks == ["rows of 'Sequence Sequence 1' are taken, not of 'Sequence Sequence 2'"])
  }

  @Test("HomeWizard: two registers of a counter; Octopus; Tesla") func homes() throws {
    let (p1, load) = try read(
      "time,Import T1 kWh,Import T2 kWh\n2024-07-01 00:00,10,20\n2024-07-01 01:00,11,20.5\n"
        + "2024-07-01 02:00,11,22\n")
    #expect(p1.name == "HomeWizard P1" && column(load[.load]) == ["1.5", "1.5", "-"])
    let (octopus, used) = try read(
      "Consumption (kwh), Start, End\n0.5, 2024-07-01T00:00:00+01:00, 2024-07-01T00:30:00+01:00\n"
        + "0.25, 2024-07-01T00:30:00+01:00, 2024-07-01T01:00:00+01:00\n")
    #expect(octopus.name == "Octopus" && column(used[.load]) == ["1.0", "0.5"])
    let (tesla, all) = try read(
      "Date time,Home (kW),Solar (kW),Powerwall (kW)\n2024-07-01T00:00:00-07:00,1,0,0.5\n"
        + "2024-07-01T00:05:00-07:00,2,0,-0.5\n")
    #expect(tesla.name == "Tesla" && column(all[.batteryPower]) == ["0.5", "-0.5"])
  }

  @Test("headers of one's own are no known export") func others() throws {
    let file = try ScratchFile("time,load_kw\n2024-07-01 00:00,1\n")
    #expect(try CSVOutline(path: file.path).known == nil)
  }
}

@Suite("A row per day") struct DayRowTests {
  private func read(
    _ text: String, zone: String = "UTC", unit: String? = "kWh", column name: String = "value"
  ) throws -> (history: SiteHistory, report: IngestReport) {
    try readAlone(
      text, zone: try Zone(zone), time: "Date",
      ColumnMapping(column: name, quantity: .load, unit: unit))
  }

  private func hours(_ count: Int, _ name: (Int) -> String) -> String {
    (0..<count).map(name).joined(separator: ",")
  }

  // Each hour holds its number in kWh.
  @Test(
    "times across the columns in several forms",
    arguments: ["00:00", "12:00 AM", "12 AM", "0000", "H1", "1", "01:00", "00:00 - 01:00"])
  func forms(first: String) throws {
    let names = hours(24) { k in
      let two = k < 10 ? "0\(k)" : "\(k)"
      switch first {
      case "12 AM": return "\(k % 12 == 0 ? 12 : k % 12) \(k < 12 ? "AM" : "PM")"
      case "12:00 AM": return "\(k % 12 == 0 ? 12 : k % 12):00 \(k < 12 ? "AM" : "PM")"
      case "0000": return "\(two)00"
      case "H1": return "H\(k + 1)"
      case "1": return "\(k + 1)"
      case "01:00": return k < 9 ? "0\(k + 1):00" : "\(k + 1):00"
      case "00:00 - 01:00": return "\(two):00 - \(two):59"
      default: return "\(two):00"
      }
    }
    let text =
      "Date,\(names)\n2024-07-01,\(hours(24) { "\($0)" })\n2024-07-02,\(hours(24) { "\($0)" })\n"
    let (history, _) = try read(text)
    #expect(history.grid.start == 1_719_792_000 && history.grid.stepSeconds == 3600)
    #expect(column(history[.load]) == (0..<48).map { "\($0 % 24).0" })
  }

  @Test("days of 23 and 25 hours, by the clock and counted") func clockChanges() throws {
    let names = hours(24) { $0 < 10 ? "0\($0):00" : "\($0):00" }
    let (spring, report) = try read(
      "Date,\(names)\n2024-03-31,\(hours(24) { $0 == 2 ? "0" : "1" })\n", zone: "Europe/Berlin")
    #expect(column(spring[.load]) == [String](repeating: "1.0", count: 23))
    #expect(report.findings.isEmpty)
    let counted = hours(25) { "H\($0 + 1)" }
    let (autumn, _) = try read(
      "Date,\(counted)\n2024-10-26,\(hours(25) { $0 < 24 ? "1" : "" })\n"
        + "2024-10-27,\(hours(25) { "\($0)" })\n", zone: "Europe/Berlin")
    #expect(column(autumn[.load]).suffix(25) == ArraySlice((0..<25).map { "\($0).0" }))
  }

  @Test("a unit that nobody names is said, and rows of several kinds are chosen") func kinds()
    throws
  {
    let names = hours(24) { "H\($0 + 1)" }
    let text =
      "Date,Flow,\(names)\n2024-07-01,Import,\(hours(24) { _ in "2" })\n"
      + "2024-07-01,Export,\(hours(24) { _ in "5" })\n"
    let (history, report) = try read(text, unit: nil, column: "value[Flow=Imp*]")
    #expect(column(history[.load]) == [String](repeating: "2.0", count: 24))
    #expect(
      report.findings.first?.diagnostic.message
        == "nothing names the unit of the values; they are taken as kWh of each interval")
  }
}

@Suite("Green Button XML and NEM12") struct MeterFormatTests {
  private func read(
    _ text: String, _ name: String, _ columns: ColumnMapping...
  ) throws -> SiteHistory {
    let file = try ScratchFile(text, name: name)
    let source = CSVSource(path: file.path, columns: columns)
    let reader = HistoryReader([source], zone: try Zone("Australia/Sydney"))
    return try reader.read(grid: try reader.extent()).0
  }

  /// One reading of 900 s.
  private func reading(_ k: Int, _ value: Int) -> String {
    "<IntervalReading><timePeriod><duration>900</duration><start>\(newYear2024 + k * 900)</start>"
      + "</timePeriod><value>\(value)</value></IntervalReading>"
  }

  @Test("readings in Wh times a power of ten, joined to their types by links") func espi() throws {
    func type(_ n: Int, _ flow: Int) -> String {
      "<entry><link rel=\"self\" href=\"/ReadingType/\(n)\"/><content><espi:ReadingType>"
        + "<espi:flowDirection>\(flow)</espi:flowDirection>"
        + "<espi:powerOfTenMultiplier>1</espi:powerOfTenMultiplier><espi:uom>72</espi:uom>"
        + "</espi:ReadingType></content></entry>"
        + "<entry><link rel=\"self\" href=\"/MeterReading/\(n)\"/>"
        + "<link rel=\"related\" href=\"/ReadingType/\(n)\"/><content><MeterReading/></content></entry>"
    }
    func block(_ n: Int, _ values: [Int]) -> String {
      "<entry><link rel=\"up\" href=\"/MeterReading/\(n)/IntervalBlock\"/><content><IntervalBlock>"
        + values.enumerated().map { reading($0.offset, $0.element) }.joined()
        + "</IntervalBlock></content></entry>"
    }
    let text =
      "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:espi=\"http://naesb.org/espi\">"
      + type(1, 1) + type(2, 19) + block(2, [5, 10]) + block(1, [25, 50]) + "</feed>"
    // 25 times 10 Wh in a quarter of an hour are 1 kW.
    let history = try read(
      text, "usage.xml", ColumnMapping(column: "import", quantity: .load),
      ColumnMapping(column: "export", quantity: .pv))
    #expect(column(history[.load]) == ["1.0", "2.0"] && column(history[.pv]) == ["0.2", "0.4"])
    // A reading that is no number is missing, and those around it keep their intervals.
    let damaged = try ScratchFile(
      text.replacing("<value>50</value>", with: "<value>5O</value>")
        .replacing(
          "</IntervalBlock></content></entry></feed>",
          with: reading(2, 75) + "</IntervalBlock></content></entry></feed>"),
      name: "damaged.xml")
    let reader = HistoryReader(
      [],
      logs: [
        LogSource(
          path: damaged.path, format: .greenButtonXML,
          channels: [ColumnMapping(column: "import", quantity: .load)])
      ], zone: .utc, policy: .report)
    let (rest, report) = try reader.read(grid: try reader.extent())
    #expect(column(rest[.load]) == ["1.0", "-", "3.0"] && report.cellsFailed == 1)
    let file = try ScratchFile(text, name: "usage.xml")
    #expect(LogFormat.recognised(file.path) == .greenButtonXML)
    #expect(
      try LogFormat.greenButtonXML.usualChannels(file.path).map(\.quantity) == [.net, .net])
  }

  @Test("damaged XML is named with its place") func damaged() throws {
    let file = try ScratchFile("<?xml version=\"1.0\"?>\n<feed><entry></feed>", name: "usage.xml")
    let source = CSVSource(
      path: file.path, columns: [ColumnMapping(column: "import", quantity: .load)])
    let error = #expect(throws: InputError.self) {
      try HistoryReader([source], zone: .utc).extent()
    }
    #expect(error?.diagnostics.first?.message == "not valid XML: mismatched tag")
    #expect(error?.diagnostics.first?.position?.line == 2)
  }

  @Test("days of market time, ten hours before UTC, whatever the site's clock") func nem12() throws
  {
    func day(_ first: Double) -> String {
      (0..<48).map { "\(first + Double($0) / 100)" }.joined(separator: ",")
    }
    let text =
      "100,NEM12,200501011200,X,Y\n200,6123456789,E1B1,,E1,N1,METSER,kWh,30,\n"
      + "300,20240101,\(day(1)),A,,,20240102,\n200,6123456789,E1B1,,B1,N1,METSER,kWh,30,\n"
      + "300,20240101,\(day(2)),A,,,20240102,\n900\n"
    let history = try read(
      text, "nem.csv", ColumnMapping(column: "E1", quantity: .load),
      ColumnMapping(column: "export", quantity: .pv))
    // 2024-01-01T00:00+10:00; 1 kWh in half an hour is 2 kW.
    #expect(history.grid.start == newYear2024 - 36_000 && history.grid.stepSeconds == 1800)
    #expect(column(history[.load]).prefix(2) == ["2.0", "2.02"])
    #expect(column(history[.pv]).first == "4.0")
  }
}
