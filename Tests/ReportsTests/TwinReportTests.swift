import Documents
import Numerics
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Reports

/// A pack of 2 × 3 × 2 cells that is charged in the cold: `residential` leaves 0.5 of the rated current at 5 °C.
@Suite("Report and page of a run of the twin") struct TwinReportTests {
  private static func specification(
    strings: Int = 2, parallel: Int = 2
  ) throws -> TwinSpecification {
    try TwinSpecification(
      cell: .lfpPrismatic280, series: 3, parallel: parallel, strings: strings, spread: .none,
      enclosure: .cabinet(capacityKWh: 10), converter: .ideal(ratedKW: 20),
      limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), balancing: nil, ageing: nil,
      substepSeconds: 60)
  }

  private static func run(
    _ specification: TwinSpecification, kW: Double, celsius: Double, steps: Int = 10,
    warranty: Warranty? = nil
  ) throws -> (report: TwinReport, twin: DigitalTwin, recorder: TwinRecorder) {
    var twin = DigitalTwin(specification, seed: 1, socFraction: 0.3, temperatureC: celsius)
    var recorder = TwinRecorder(twin, keepsRows: true, keepsTrace: true)
    for place in 0..<steps {
      let step = try twin.step(requestKW: kW, ambientC: celsius, seconds: 60)
      recorder.add(
        step, after: twin, at: 1_900_000_800 + 60 * place, seconds: 60, airC: celsius)
    }
    return (
      TwinReport(twin, recorder: recorder, sun: SunSummary([:]), warranty: warranty), twin, recorder
    )
  }

  @Test("the verdict says what limited most, when, where and by which table") func verdict() throws
  {
    let (report, twin, recorder) = try Self.run(
      try Self.specification(), kW: -15, celsius: 5)
    let row = try #require(recorder.limits.rows(twin).first)
    #expect(row.cause == .cold && row.direction == .charge && row.instant == 1_900_000_800)
    // The first step is the coldest one.
    #expect(
      row.words.hasPrefix(
        "charging at 5.0 °C: table 'charge.temperature' allows 0.5 of rated; cell "), "\(row.words)"
    )
    #expect(row.words.contains("string "))
    #expect(
      report.verdict.hasPrefix("Cold limited the battery most: "), "\(report.verdict)")
    #expect(
      report.verdict.contains("were refused in charging. At its most on 2030-03-17T18:00:00Z: "))
    #expect(report.text.hasPrefix(report.verdict))
    let json = report.json.text()
    for part in [
      "\"direction\":\"charge\"", "\"rule\":\"charge.temperature\"", "\"temperature_c\":5",
      "\"at\":\"2030-03-17T18:00:00Z\"",
    ] {
      #expect(json.replacing(" ", with: "").contains(part), "\(part)")
    }
    let calm = try Self.run(try Self.specification(), kW: -2, celsius: 25).report
    #expect(
      calm.verdict
        == "Nothing limited the battery: all 0.3333 kWh that were asked for were moved.")
    #expect(
      try Self.run(try Self.specification(), kW: 0, celsius: 25).report.verdict
        == "The battery rested: nothing was asked of it.")
  }

  @Test("the page has the verdict first, every chart, the map and nothing from outside")
  func page() throws {
    let report = try Self.run(try Self.specification(), kW: -15, celsius: 5).report
    let page = report.page(title: "Cold <start>").html
    let head = try #require(page.range(of: "<p class=\"verdict\">Cold limited the battery most"))
    for title in [
      "Power at the AC terminals", "When each cause refused something", "Cell voltage",
      "Cell temperature", "State of charge", "Losses since the start, by kind",
      "Highest temperature of each cell",
    ] {
      let place = try #require(page.range(of: "<figcaption>\(title)"), "\(title)")
      #expect(head.lowerBound < place.lowerBound)
    }
    #expect(page.contains("<h1>Cold &lt;start&gt;</h1>"))
    #expect(page.contains("string 2, cell 2, 3: "))
    let written = page.replacing("http://www.w3.org/2000/svg", with: "")
    for outside in ["src=", "http://", "https://", "url(", ">NaN", ">inf"] {
      #expect(!written.contains(outside), "\(outside)")
    }
    // One rectangle per cell and 36 of the scale, wide and narrow.
    let map = try #require(page.range(of: "<figcaption>Highest temperature of each cell"))
    let figure = page[map.upperBound...].prefix(
      upTo: page.range(of: "</figure>", range: map.upperBound..<page.endIndex)?.lowerBound
        ?? page.endIndex)
    #expect(figure.components(separatedBy: "<rect").count - 1 == 2 * (2 * 3 * 2 + 36))
    let rested = try Self.run(try Self.specification(), kW: 0, celsius: 25).report
    #expect(!rested.page(title: "t").html.contains("What limited the battery"))
  }

  /// By hand: 2 kW for 10 minutes are 1/3 kWh in 600 s, 17.52 MWh a year, a twentieth of 350.4 MWh.
  @Test("a warranty that is given stands in text, JSON and page") func warranty() throws {
    let report = try Self.run(
      try Self.specification(), kW: 2, celsius: 25,
      warranty: Warranty(years: 50, throughputMWh: 350.4)
    ).report
    let sentence =
      "arranty of 50 years or 350.4 MWh, whichever ends first: a year of this use takes 5.0 % of the "
      + "350.4 MWh let out; 350.4 MWh let out end it first, after 20 years"
    #expect(report.text.contains("W" + sentence), "\(report.text)")
    #expect(report.page(title: "t").html.contains("W" + sentence))
    #expect(report.json.text().replacing(" ", with: "").contains("\"first\":\"throughput\""))
    let without = try Self.run(try Self.specification(), kW: 2, celsius: 25).report
    #expect(!without.text.contains("arranty") && !without.json.text().contains("warranty"))
  }

  /// By hand: 2000 steps in at most 800 intervals are intervals of four steps; their means and sums are those of the
  /// steps.
  @Test("a long run is told in fewer intervals that lose nothing") func trace() throws {
    let (_, twin, recorder) = try Self.run(
      try Self.specification(strings: 1, parallel: 1), kW: 0.01, celsius: 25, steps: 2000)
    let trace = try #require(recorder.trace)
    #expect(trace.intervals.count == 500 && trace.intervalSeconds == 240)
    #expect(trace.intervals.allSatisfy { $0.seconds == 240 })
    let kWs = trace.intervals.reduce(0) { $0 + $1.deliveredKWs }
    #expect(isClose(kWs / 3600, twin.ledger.dischargedKWh, relative: 1e-9))
    #expect(
      isClose(
        trace.intervals.last?.lossKWh.reduce(0, +) ?? 0,
        twin.ledger.lossKWh + twin.ledger.auxiliaryKWh, relative: 1e-9))
    #expect(trace.intervals.map(\.hottestC).max() == twin.ledger.hottestCellC)
  }
}
