import Documents
import Numerics
import Testing
import TimeSeries

@Suite("Numbers in text") struct NumberScannerTests {
  @Test("every number is the nearest, as the standard library reads it") func nearest() {
    var generator = SeededGenerator(seed: 11)
    var texts = [
      "0", "-0", "1e22", "1e23", "123456789012345678901234567890", "0.1", "9007199254740993",
      "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308", "1e-400",
      // Half-way cases of more digits than an integer holds.
      "9007199254740993.00000000000000000001", "0.1000000000000000055511151231257827",
      "5708990770823839524233143877797980545530986496.0",
    ]
    for _ in 0..<2000 {
      let digits = (0..<1 + generator.index(below: 25)).map { _ in
        "\(generator.index(below: 10))"
      }.joined()
      let point = generator.index(below: digits.count + 1)
      let exponent = generator.index(below: 40) - 20
      let number = digits.prefix(point) + "." + digits.dropFirst(point)
      texts.append(generator.index(below: 2) == 0 ? "\(number)" : "\(number)e\(exponent)")
    }
    for text in texts where text != "." {
      #expect(NumberScanner().number(text) == Double(text), "\(text)")
    }
  }

  @Test(
    "what is no number is none",
    arguments: [
      "", " ", ".", "-", "+", "e5", "1e", "1e+", "0x10", "0b1", "nan", "inf", "infinity", "1,5",
      "1 000", "1_000", "1e400", "--1", "1.2.3", "½", "٣", "1d5",
    ])
  func none(text: String) { #expect(NumberScanner().number(text) == nil) }

  @Test("groups are three digits after one to three") func groups() {
    let scanner = NumberScanner(decimal: UInt8(ascii: ","), grouping: UInt8(ascii: "."))
    #expect(scanner.number("1.234.567,5") == 1_234_567.5)
    #expect(scanner.number("12.345") == 12_345)
    for text in ["1.23", "1234.567", "1.2345", "1..234", ".234", "1.234.56"] {
      #expect(scanner.number(text) == nil, "\(text)")
    }
  }
}

@Suite("Instants in text") struct StampScannerTests {
  private func instant(
    _ text: String, _ format: StampFormat = .automatic, zone: Zone? = .utc
  ) -> String {
    var scanner = StampScanner(format: format, zone: zone)
    switch scanner.scan(text) {
    case .instant(let stamp): return Instant.utcText(stamp / 1000)
    case .repeated(let stamp): return "twice " + Instant.utcText(stamp / 1000)
    case .nonexistent(let civil): return "not \(civil)"
    case .malformed: return "malformed"
    }
  }

  @Test(
    "the forms that loggers write",
    arguments: [
      ("2024-03-05T06:07:08Z", StampFormat.automatic), ("2024-03-05 07:07:08+01:00", .automatic),
      ("2024/03/05 06:07:08", .automatic), ("05.03.2024 06:07:08", .automatic),
      ("2024-03-05T01:07:08.999-0500", .automatic), ("1709618828", .automatic),
      ("1709618828000", .automatic), ("1709618828.25", .automatic), ("20240305060708", .automatic),
      ("1709618828", .epochSeconds), ("1709618828000", .epochMilliseconds),
      ("5/3/2024 6:07:08", .dayMonthYear), ("05/03/24 06:07:08", .dayMonthYear),
      ("3/5/24 6:07:08 AM", .monthDayYear), ("03/05/2024 06:07:08", .monthDayYear),
      ("2024-03-05 06:07:08 UTC", .automatic), ("2024-03-05 07:07:08 CET", .automatic),
      ("2024-03-05 01:07:08 (EST)", .automatic), ("05.03.24, 07:07:08 UTC+1", .automatic),
      ("5 Mar 2024 06:07:08", .automatic), ("March 5, 2024 6:07:08 a.m.", .automatic),
      ("2024/03/05 06:07:08", .monthDayYear), ("Tuesday, March 05, 2024 06:07:08", .automatic),
      ("Tue, 5 Mar 2024 06:07:08 GMT", .automatic), ("Di 05.03.2024 06:07:08", .automatic),
      ("mardi 5 mars 2024 06:07:08", .automatic), ("Tue 3/5/2024 6:07:08 AM", .monthDayYear),
      ("45356.2549537037", .spreadsheetDays), ("05.03.2024 06.07.08", .automatic),
    ] as [(String, StampFormat)])
  func forms(text: String, format: StampFormat) {
    #expect(instant(text, format) == "2024-03-05T06:07:08Z")
  }

  @Test(
    "half days, midnight and dates without marks",
    arguments: [
      ("7/29/16 12:00:00 AM", "2016-07-29T00:00:00Z"), ("7/29/16 12:30 PM", "2016-07-29T12:30:00Z"),
      ("7/29/16 11:15 pm", "2016-07-29T23:15:00Z"), ("7/29/16 13:15 PM", "malformed"),
      ("7/29/16 24:00", "2016-07-30T00:00:00Z"), ("7/29/16", "2016-07-29T00:00:00Z"),
    ])
  func halfDays(text: String, expected: String) {
    #expect(instant(text, .monthDayYear) == expected)
  }

  @Test(
    "digits alone are a date when they can be one",
    arguments: [
      ("20250601", "2025-06-01T00:00:00Z"), ("2025060113", "2025-06-01T13:00:00Z"),
      ("202506011345", "2025-06-01T13:45:00Z"), ("20251301", "1970-08-23T09:21:41Z"),
      // A month 13 does not exist, so this is an epoch: 20 251 301 s after the begin of 1970.
      ("1735689600", "2025-01-01T00:00:00Z"),
    ])
  func digits(text: String, expected: String) { #expect(instant(text) == expected) }

  @Test("the first stamp of digits decides for those that follow") func sticky() {
    var scanner = StampScanner(zone: .utc)
    #expect(
      ["2025060123", "2025060124"].map { scanner.scan($0) } == [
        .instant(1_748_818_800_000), .malformed,
      ])
    var epochs = StampScanner(zone: .utc)
    #expect(
      ["1735689600", "2025060123"].map { epochs.scan($0) }
        == [.instant(1_735_689_600_000), .instant(2_025_060_123_000)])
  }

  @Test("local times need a clock, and clocks change") func zones() throws {
    let berlin = try Zone("Europe/Berlin")
    #expect(instant("2024-03-31T01:59:00", zone: berlin) == "2024-03-31T00:59:00Z")
    #expect(instant("2024-03-31T02:30:00", zone: berlin) == "not 2024-03-31T02:30")
    #expect(instant("2024-10-27T02:30:00", zone: berlin) == "twice 2024-10-27T00:30:00Z")
    #expect(instant("2024-10-27T02:30:00", zone: nil) == "malformed")
    #expect(instant("2024-10-27T02:30:00+02:00", zone: nil) == "2024-10-27T00:30:00Z")
  }

  @Test(
    "what is no stamp is malformed",
    arguments: [
      "", "yesterday", "2024-02-30", "2024-13-01", "2024-01-01T25:00", "2024-01-01T10",
      "2024-01-01T10:60", "2024-01-01 10:00 XYZ", "2024-01-01 10:00 IST", "24-01-01", "2024-01/01",
      "1e30", "2024-01-01 10:00 (CET", "45-Jun-2024", "1 Foo 2024", "Sunday", "Sun 12",
      "Sun 1717200000",
      "sunshine", "Mon,", "Foo 05.03.2024",
    ])
  func malformed(text: String) { #expect(instant(text) == "malformed") }
}

@Suite("Local dates and times in documents") struct CivilTextTests {
  @Test(
    "dates and times",
    arguments: [
      ("2024-02-29", CivilText.Reading.time(CivilTime(year: 2024, month: 2, day: 29))),
      (
        "2024-02-29T14:05",
        .time(CivilTime(year: 2024, month: 2, day: 29, hour: 14, minute: 5))
      ),
      (
        "2024-02-29 14:05:06",
        .time(CivilTime(year: 2024, month: 2, day: 29, hour: 14, minute: 5, second: 6))
      ),
      ("2023-02-29", .impossible), ("2023-02-29T10:00", .impossible),
      ("2024-02-29T25:00", .malformed),
      ("2024-2-29", .malformed), ("2024-02-29T14", .malformed), ("2024-02-29T14:05Z", .malformed),
      ("29.02.2024", .malformed), ("", .malformed), ("20240229", .malformed),
    ] as [(String, CivilText.Reading)])
  func times(text: String, expected: CivilText.Reading) {
    #expect(CivilText.time(text) == expected)
  }

  @Test("times of day and days of every year") func parts() {
    #expect(CivilText.minuteOfDay("7:30") == 450)
    #expect(CivilText.minuteOfDay("24:00") == 1440)
    #expect(CivilText.monthDay("02-29") == MonthDay(month: 2, day: 29))
    for text in ["24:01", "7:3", "730", "07:60", "07:30:00", "7h30", "-7:30", ""] {
      #expect(CivilText.minuteOfDay(text) == nil, "\(text)")
    }
    for text in ["02-30", "13-01", "2-29", "0229", ""] {
      #expect(CivilText.monthDay(text) == nil, "\(text)")
    }
  }
}
