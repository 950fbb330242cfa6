import CommandLine
import Foundation
import TestSupport
import Testing

/// What people and programs write in the place of a number: the largest, the smallest, none at all.
enum OddNumbers {
  /// The ones that broke something most often.
  static let usual = [
    "9223372036854775807", "1e308", "-1e308", "5e-324", "-1", "0", "1e15", "0.5",
  ]
  /// Further ones, for the slow sweep.
  static let others = [
    "9223372036854775808", "-9223372036854775808", "1e400", "1e18", "1e12", "1000000000", "1000000",
    "4294967296", "3.4e38", "1e-300", "1e-9", "-0", "nan", "inf", "0x10", "1_000", "١", "1,5", "",
    " ",
  ]
  static var all: [String] { longTests ? usual + others : usual }
}

/// A number from outside is checked before it is converted or multiplied: the process of the tests would
/// trap with the program otherwise.
@Suite("Odd numbers in options") struct OptionSweepTests {
  /// A numeric option in a command line that works but for its value, which stands for `#`.
  struct Place: Sendable, CustomTestStringConvertible {
    var option: String
    var line: String
    var testDescription: String { line }
  }

  static let places: [Place] =
    [
      ("synth", "--annual-kwh", "--days 2"), ("synth", "--pv-kwp", "--days 2"),
      ("synth", "--days", ""), ("synth", "--step", "--days 2"), ("synth", "--gaps", "--days 2"),
      ("synth", "--stuck", "--days 2"), ("synth", "--spikes", "--days 2"),
      ("synth", "--heat-wave", "--days 2"), ("synth", "--seed", "--days 2"),
      ("synth", "--threads", "--days 2"), ("ingest", "--source-step", "h.csv"),
      ("ingest", "--step", "h.csv"), ("ingest", "--max-missing", "h.csv"),
      ("bill", "--battery-kwh", "t.yaml h.csv --battery-kw 3"),
      ("bill", "--power-factor", "t.yaml h.csv"),
      ("bill", "--battery-kw", "t.yaml h.csv --battery-kwh 3"),
      ("twin", "--ambient", "s.yaml --power p.csv"),
      ("twin", "--soc", "s.yaml --power p.csv --ambient 20"),
      ("twin", "--start-temperature", "s.yaml --power p.csv --ambient 20"),
      ("twin", "--cells-every", "s.yaml --power p.csv --ambient 20 --cells c.csv"),
      ("twin", "--capacity-ah", "fit fit.csv"),
      ("forecast", "--horizon", "predict s.yaml --issue 2024-04-01T00:00Z"),
      ("forecast", "--issue-hour", "backtest s.yaml --first-day 1"),
      ("forecast", "--first-day", "backtest s.yaml"),
      ("forecast", "--gap", "predict s.yaml --issue 2024-04-01T00:00Z"),
      ("forecast", "--windows", "backtest s.yaml --first-day 1"),
      ("tariff", "--power-factor", "import rate.json"), ("stress", "--campaign", "s.yaml"),
      ("derate", "--power-kw", "--policy residential --log h.csv"),
      ("shadow", "--months", "nothing.sqlite"), ("ingest", "--hold", "--signals p.csv"),
    ].map { Place(option: $1, line: "\($0) \($2) \($1)=#") } + thermal

  private static let thermal =
    [
      "--limit", "--lead", "--window", "--step", "--max-age", "--folds", "--train-share",
      "--false-alarms",
    ].map { option in
      Place(
        option: option,
        line: "thermal evaluate fit.csv --temperature temperature_c --current current_a "
          + (option == "--limit" ? "" : "--limit 26 ") + "\(option)=#")
    }
    + ["--sample-every", "--late"].map { option in
      Place(
        option: option,
        line:
          "thermal advise fit.csv --temperature temperature_c --current current_a --model ridge "
          + "--limit 26 \(option)=#")
    }

  /// Numbers inside of other words.
  static let inner = [
    "synth --days 1 --place=#,13", "synth --days 1 --place=13,#", "synth --days 1 --from=#-01-01",
    "synth --days 1 --from=2024-#-01", "ingest h.csv --range=load=#..5",
    "ingest h.csv --range=load=0..#", "ingest h.csv --fill=load=hold:#",
    "ingest h.csv --fill=load=interpolate:#",
    "ingest h.csv --place=50,13 --fill=load=zero_at_night:#",
    "ingest h.csv --column=load_kw=load:kW*#", "ingest h.csv --counter=load_kw=load:kWh*#",
    "bill t.yaml h.csv --explain=#-01-01", "forecast predict s.yaml --issue=#",
    "forecast predict s.yaml --issue=#-01-01T00:00Z", "plan s.yaml --at=#-01-01T00:00",
    "compare s.yaml --require=share_captured>#",
    "forecast import f.csv --column=x=#", "ingest j.csv --time-format=#",
  ]

  @Test(
    "each option and each odd number ends in words or a result, never in a trap",
    arguments: places.map(\.line) + inner)
  func sweep(line: String) throws {
    let folder = try SweepFolder.shared.get()
    for number in OddNumbers.all {
      let words = line.split(separator: " ").map {
        String($0).replacing("#", with: number)
      }
      .map { folder.placed($0) }
      let outcome = wattif(words + (line.hasPrefix("tariff") ? [] : ["--quiet"]))
      #expect(
        [.done, .failed, .unmet, .badCommandLine, .badInput].contains(outcome.code), "\(words)")
      if outcome.code == .done {
        #expect(!outcome.output.contains("nan") && !outcome.output.contains("inf "), "\(words)")
      } else {
        #expect(outcome.error.contains("error: ") || outcome.code == .unmet, "\(words)")
      }
    }
  }

  @Test("every option that takes a number is among them") func completeness() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden").path
    let numeric: Set<String> = [
      "N", "KWH", "KW", "K", "SECONDS", "HOURS", "HOUR", "DAYS", "SLOTS", "COUNT", "CELSIUS",
      "FRACTION", "NUMBER", "AH",
    ]
    var found: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder)
    where file.hasPrefix("help-") {
      for line in try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        .split(separator: "\n")
      {
        let words = line.split(separator: " ")
        guard let k = words.firstIndex(where: { $0.hasPrefix("--") }), k < 2, k + 1 < words.count,
          numeric.contains(String(words[k + 1]))
        else { continue }
        found.insert(String(words[k]))
      }
    }
    #expect(found.subtracting(Self.places.map(\.option)) == [])
    #expect(found.count > 20)
  }
}

/// The small files that the lines of the sweep read.
struct SweepFolder {
  static let shared = Result { try SweepFolder() }
  private let path: String

  private init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-sweep-\(ProcessInfo.processInfo.processIdentifier)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let hours = (0..<48).map { hour in
      "2024-01-0\(1 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00Z"
    }
    try write("h.csv", "time_utc,load_kw\n" + hours.map { "\($0),1.5\n" }.joined())
    try write("p.csv", "time,power_kw\n" + hours.prefix(5).map { "\($0),1\n" }.joined())
    try write(
      "j.csv", "time,load_kw\n" + (0..<9).map { "\(1_704_067_200 + $0 * 3600),1\n" }.joined())
    try write("f.csv", "x,y\n1,2\n")
    try write(
      "rate.json", "{\"items\":[{\"name\":\"r\",\"energyratestructure\":[[{\"rate\":0.1}]]}]}")
    try write(
      "fit.csv",
      "time_s,current_a,voltage_v,temperature_c\n"
        + (0..<60).map { "\($0 * 10),1,\(4 - 0.01 * Double($0)),25\n" }.joined())
    let tariff = "name: flat\ncurrency: EUR\nenergy:\n  - name: energy\n    price_per_kwh: 0.3\n"
    try write("t.yaml", tariff)
    try write("s.yaml", SmallScenario.text)
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// A word of a line with the files of this folder in place of their names.
  func placed(_ word: String) -> String {
    let names = [
      "h.csv", "p.csv", "j.csv", "f.csv", "c.csv", "fit.csv", "rate.json", "t.yaml", "s.yaml",
    ]
    return names.contains(word) ? "\(path)/\(word)" : word
  }
}

/// The same for every documented key that is a number.
@Suite("Odd numbers in keys") struct KeySweepTests {
  /// The last number of a text, by its bounds; digits inside of words and times are none.
  static func number(in text: String) -> Range<String.Index>? {
    let bounds = " [](){},:\n"
    var found: Range<String.Index>?
    var start = text.startIndex
    while start < text.endIndex {
      let end = text[start...].firstIndex { bounds.contains($0) } ?? text.endIndex
      if start < end, Double(text[start..<end]) != nil,
        end == text.endIndex || text[end] != ":" || text[end...].hasPrefix(": ")
      {
        found = start..<end
      }
      start = end < text.endIndex ? text.index(after: end) : end
    }
    return found
  }

  @Test(
    "each key and each odd number ends in words or a result, never in a trap",
    arguments: KeyCase.all.filter { KeySweepTests.number(in: $0.to) != nil })
  func sweep(_ change: KeyCase) throws {
    let files = try KeyCaseFiles.shared.get()
    for odd in OddNumbers.all where !odd.isEmpty && odd != " " && odd != "1,5" {
      guard let place = Self.number(in: change.to) else { return }
      let text = change.to.replacingCharacters(in: place, with: odd)
      let document = change.with(text)
      let checked = try files.outcome(of: document, by: .check)
      #expect(
        checked.code == .done || checked.code == .badInput,
        "\(change.key) \(odd): \(checked.error)")
      guard checked.code == .done, longTests else { continue }
      let outcome = try files.outcome(of: document, by: change.command)
      #expect(
        [.done, .failed, .badInput].contains(outcome.code)
          && !outcome.error.contains("impossible state"),
        "\(change.key) \(odd): \(outcome.error)")
    }
  }
}
