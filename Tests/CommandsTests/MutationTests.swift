import CommandLine
import Foundation
import Numerics
import TestSupport
import Testing

/// Damages files and command lines by a seed.
struct Mutator {
  var generator: SeededGenerator
  /// Texts that broke readers elsewhere, put in anywhere.
  private static let tokens: [[UInt8]] = [
    Array("1e999".utf8), Array("-9223372036854775808".utf8), Array("99999999999999999999".utf8),
    Array("0x1F".utf8), Array("nan".utf8), Array("\u{202E}".utf8), Array("\u{FEFF}".utf8),
    Array("\r\n\r\n".utf8), Array("\"\"\"".utf8), Array("{{[[".utf8), Array("&a *a".utf8),
    Array("../../x".utf8), Array("=1+1".utf8), Array("24:00".utf8), Array("2024-02-30".utf8),
    Array("1970-01-01T00:00:00Z".utf8), Array("9999-12-31".utf8), [0], [0xFF, 0xFE], [0x1F, 0x8B],
    Array("null".utf8), Array("true".utf8), Array(" kW".utf8), Array("-".utf8), Array(",".utf8),
  ]

  /// Some changes of some bytes.
  mutating func damaged(_ original: [UInt8], beside other: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<1 + generator.index(below: 4) {
      guard !bytes.isEmpty else { return bytes }
      let at = generator.index(below: bytes.count)
      let length = min(bytes.count - at, 1 + generator.index(below: 48))
      switch generator.index(below: 9) {
      case 0: bytes[at] ^= 1 << UInt8(generator.index(below: 8))
      case 1: bytes[at] = UInt8(generator.index(below: 256))
      case 2: bytes.removeSubrange(at..<at + length)
      case 3: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
      case 4: bytes.removeLast(bytes.count - at)
      case 5:
        bytes.insert(
          contentsOf: Mutator.tokens[generator.index(below: Mutator.tokens.count)], at: at)
      case 6: bytes.swapAt(at, generator.index(below: bytes.count))
      case 7:
        let text = Mutator.tokens[generator.index(below: Mutator.tokens.count)]
        bytes.replaceSubrange(at..<min(bytes.count, at + text.count), with: text)
      default:
        guard !other.isEmpty else { continue }
        let from = generator.index(below: other.count)
        bytes.insert(contentsOf: other[from..<min(other.count, from + length)], at: at)
      }
    }
    return bytes
  }

  /// Words left out, doubled, exchanged or damaged.
  mutating func damaged(_ words: [String]) -> [String] {
    var words = words
    let at = generator.index(below: words.count)
    switch generator.index(below: 5) {
    case 0: words.remove(at: at)
    case 1: words.insert(words[at], at: at)
    case 2: words.swapAt(at, generator.index(below: words.count))
    case 3: words[at] = ""
    default:
      let bytes = damaged(Array(words[at].utf8), beside: Array(words[0].utf8))
      // The system hands over no word with a zero byte.
      words[at] = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
    }
    return words
  }
}

/// Whatever a file or a command line holds, the tool ends with a result or with words: it runs within the process of
/// the tests, which a trap would end.
///
/// The number of changes a subject has is small here; `WATTIF_MUTATIONS` sets another one for a longer run and
/// `WATTIF_MUTATION_SEED` another seed.
@Suite("Damaged bytes") struct MutationTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["WATTIF_MUTATIONS"].flatMap { Int($0) } ?? 40
  private static let seed =
    ProcessInfo.processInfo.environment["WATTIF_MUTATION_SEED"].flatMap { UInt64($0) } ?? 1

  @Test("every reader ends with a result or with words", arguments: MutationSubject.all)
  func readers(_ subject: MutationSubject) throws {
    let folder = try MutationFolder.shared.get()
    var mutator = Mutator(
      generator: SeededGenerator(seed: Self.seed &* 1000 &+ UInt64(subject.number)))
    let original = try folder.bytes(subject.file)
    let sound = wattif(folder.words(subject.line, file: folder.path(subject.file)))
    #expect(sound.code == .done, "\(subject): \(sound.error)")
    let others = MutationSubject.all
    for round in 0..<Self.rounds {
      let other = try folder.bytes(others[mutator.generator.index(below: others.count)].file)
      let file = try folder.write(
        mutator.damaged(original, beside: other), "m-\(subject.number)-\(subject.file)")
      let words = folder.words(subject.line, file: file)
      let (outcome, peak) = Self.measured { wattif(words) }
      #expect(Self.ends(outcome), "\(subject), round \(round): \(outcome.error)")
      #expect(peak < Self.mostBytes, "\(subject), round \(round)")
    }
  }

  /// Memory above which a run is a runaway. [byte]
  private static let mostBytes = 1_000_000_000

  /// Runs something with the highest resident memory of the process meanwhile, in long runs alone: in a usual one other
  /// tests share the process. [byte]
  private static func measured(_ body: () -> Outcome) -> (Outcome, peak: Int) {
    guard ProcessInfo.processInfo.environment["WATTIF_MUTATIONS"] != nil else { return (body(), 0) }
    // Sets the peak back to what is resident now: proc(5), clear_refs.
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let outcome = body()
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (
      outcome, 1024 * (line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0)
    )
  }

  @Test("every command line ends with a result or with words") func commandLines() throws {
    let folder = try MutationFolder.shared.get()
    var mutator = Mutator(generator: SeededGenerator(seed: Self.seed))
    let lines = MutationSubject.all.map { folder.words($0.line, file: folder.path($0.file)) }
    for round in 0..<Self.rounds * 10 {
      var words = lines[round % lines.count]
      for _ in 0..<1 + mutator.generator.index(below: 3) where !words.isEmpty {
        words = mutator.damaged(words)
      }
      // Without a word the tool shows its help; a damaged word may name a place to write to.
      guard !words.isEmpty, !words.contains(where: { $0.hasPrefix("-o") || $0.hasPrefix("--save") })
      else {
        continue
      }
      let (outcome, peak) = Self.measured { wattif(words) }
      #expect(Self.ends(outcome), "\(words): \(outcome.error)")
      #expect(peak < Self.mostBytes, "\(words)")
    }
  }

  private static func ends(_ outcome: Outcome) -> Bool {
    switch outcome.code {
    case .done: true
    case .failed, .unmet, .badInput, .badCommandLine:
      outcome.error.contains("error: ") && !outcome.error.contains("fault of wattif")
    default: false
    }
  }
}

/// A small sound file and the command that reads it; `@` stands for the file.
struct MutationSubject: Sendable, CustomTestStringConvertible {
  var file: String
  var line: String
  var number = 0
  var testDescription: String { line }

  static let all: [MutationSubject] = [
    ("plain.csv", "ingest @"), ("packed.csv.gz", "ingest @"),
    ("local.csv", "ingest @ --time-zone Europe/Berlin --fill load=interpolate:2"),
    ("local.csv", "ingest @ --time-zone Europe/Berlin --step 300"),
    ("counter.csv", "ingest @ --counter total_kwh=load"),
    ("wide.csv", "ingest @ --time-zone Europe/Paris"), ("fluvius.csv", "ingest @"),
    ("states.csv", "ingest @ --format ha_history_csv --column sensor.a=load:W"),
    ("states.json", "ingest @ --format ha_history_json --column sensor.a=load"),
    ("statistics.json", "ingest @ --format ha_statistics_json --column sensor.a=load:kWh"),
    ("energy.csv", "ingest @ --format ha_energy_csv --column grid_consumption=load"),
    ("vrm.csv", "ingest @"),
    ("weather.json", "ingest @ --format open_meteo_json --column temperature_2m=ambient"),
    ("weather.csv", "ingest @ --format open_meteo_csv --column temperature_2m=ambient"),
    ("usage.xml", "ingest @"), ("nem12.csv", "ingest @"),
    ("signals.csv", "ingest --signals @ --hold 5"), ("bare.log", "ingest --signals @"),
    ("console.log", "ingest --signals @"), ("esphome.log", "ingest --signals @"),
    ("rows.csv", "forecast import @"), ("frame.csv", "forecast import @ --time-zone UTC"),
    ("s.yaml", "check @"), ("t.yaml", "bill @ plain.csv"), ("rate.json", "tariff import @"),
    ("store.sqlite", "export @ --site home"), ("book.xlsx", "ingest @"),
    ("state.json", "twin s.yaml --power p.csv --ambient 20 --state @"),
    ("p.csv", "twin s.yaml --power @ --ambient 20"), ("fit.csv", "twin fit @ --capacity-ah 2.6"),
    ("protocol.yaml", "twin s.yaml --protocol @ --ambient 25"),
    ("answers.jsonl", "forecast backtest prog.yaml --version prog --allow-exec --first-day 3"),
  ].enumerated().map { MutationSubject(file: $1.0, line: $1.1, number: $0) }
}

/// The sound files.
struct MutationFolder {
  static let shared = Result { try MutationFolder() }
  private let folder: String

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// The words of a line with a file in place of `@` and the other files of this folder in place of their names.
  func words(_ line: String, file: String) -> [String] {
    if line.contains("prog.yaml") {
      // The answers are the lines of a file, whatever the program is asked.
      try? FileManager.default.removeItem(atPath: path("current.jsonl"))
      try? FileManager.default.copyItem(atPath: file, toPath: path("current.jsonl"))
    }
    let names = ["plain.csv", "s.yaml", "p.csv", "prog.yaml"]
    return line.split(separator: " ").map {
      $0 == "@" ? file : names.contains(String($0)) ? path(String($0)) : String($0)
    } + (line.hasPrefix("tariff") || line.hasPrefix("export") ? [] : ["--quiet"])
  }

  private func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  private init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-mutation-\(ProcessInfo.processInfo.processIdentifier)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(
      "time,load_kw,pv_kw,ambient_c\n"
        + rows(0..<48) { "\(hour($0)):00Z,\(1 + $0 % 5),0.\($0),-\($0 % 9)" }, "plain.csv")
    try writePacked()
    let cells = rows(1..<30) { k in
      "<row r=\"\(k + 1)\"><c s=\"1\"><v>\(45292 + Double(k) / 24)</v></c><c t=\"n\"><v>\(k).5</v></c></row>"
    }
    try write(
      BookBytes(
        BookBytes.parts(
          sheets: [
            (
              "Data", "visible",
              "<row r=\"1\"><c t=\"s\"><v>0</v></c><c t=\"inlineStr\"><is><t>load_kw</t></is></c></row>"
                + cells
            )
          ], texts: "<si><t>time</t></si>",
          styles: "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>"), packs: true
      ).archive, "book.xlsx")
    try writeTables()
    try writeLoggers()
    try writeBattery()
  }

  /// Lines made one by one.
  private func rows(_ range: Range<Int>, _ row: (Int) -> String) -> String {
    var text = ""
    for k in range { text += row(k) + "\n" }
    return text
  }

  /// Texts made one by one, between commas.
  private func list(_ count: Int, _ item: (Int) -> String) -> String {
    var items: [String] = []
    for k in 0..<count { items.append(item(k)) }
    return items.joined(separator: ",")
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// An hour of January 2024.
  private func hour(_ k: Int, _ join: String = "T") -> String {
    "2024-01-\(two(1 + k / 24))\(join)\(two(k % 24)):00"
  }

  private func writeTables() throws {
    try write(
      "sep=;\r\nDatum;Uhrzeit;Verbrauch (kWh);load [W]\r\n"
        + rows(0..<40) { "\(27 + $0 / 24).10.2024;\(two($0 % 24)):00;1,25;1.234,5\r" }, "local.csv")
    try write(
      "time,total_kwh\n" + rows(0..<40) { "\(hour($0)):00Z,\(8354 + Double($0) / 2)" },
      "counter.csv")
    let hours = list(24) { "Hr\($0 + 1)" }
    let day = list(24) { "\($0)" }
    try write("Date,Units,\(hours)\n" + rows(1..<5) { "2024-01-0\($0),kWh,\(day)" }, "wide.csv")
    try write(
      "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);Register;Volume;Eenheid\n"
        + rows(0..<46) { k in
          let times = "29-03-2024;\(two(k / 2)):00:00;29-03-2024;\(two(k / 2 + 1)):00:00"
          return times + (k % 2 == 0 ? ";Afname Dag;0,5;kWh" : ";Injectie Dag;0,25;kWh")
        }, "fluvius.csv")
    try write(
      "version,quantity,issued_at,valid_at,quantile,value\n"
        + rows(0..<12) { "v,load,\(hour(0)):00Z,\(hour($0)):00Z,,\($0).5" }, "rows.csv")
    try write(
      "unique_id,ds,cutoff,M,M-lo-80,M-hi-80\n"
        + rows(1..<12) { "load,\(hour($0, " ")):00,\(hour(0, " ")):00,1,0.5,1.\($0)" }, "frame.csv")
    try write(
      "name: flat\ncurrency: EUR\nenergy:\n  - name: energy\n    price_per_kwh: 0.3\n"
        + "demand:\n  - name: peak\n    measure: monthly_peak\n    metering_minutes: 60\n"
        + "    price_per_kw: 8\n", "t.yaml")
    try write(
      "{\"items\":[{\"name\":\"r\",\"energyratestructure\":[[{\"rate\":0.1,\"max\":300},{\"rate\":0.2}]],"
        + "\"fixedchargefirstmeter\":10}]}", "rate.json")
  }

  private func writeLoggers() throws {
    try write(
      "entity_id,state,last_changed\n"
        + rows(0..<24) { k in
          let state = k % 7 == 3 ? "unavailable" : "\(100 + k)"
          return "sensor.a,\(state),\(hour(k)):00.000Z"
        }, "states.csv")
    let states = list(12) { k in
      "{\"entity_id\":\"sensor.a\",\"state\":\"\(k)\",\"last_changed\":\"\(hour(k)):00+00:00\","
        + "\"attributes\":{\"unit_of_measurement\":\"W\"}}"
    }
    try write("[[\(states)]]", "states.json")
    let periods = list(12) { k in
      let start = 1_704_067_200 + 3600 * k
      return "{\"start\":\(start)000,\"end\":\(start + 3600)000,\"change\":0.5,"
        + "\"sum\":\(Double(k) / 2),\"state\":\(100 + Double(k) / 2)}"
    }
    try write("{\"sensor.a\":[\(periods)]}", "statistics.json")
    let hours = list(12) { "\(hour($0)):00.000Z" }
    let first = list(12) { "\($0)" }
    let second = list(12) { _ in "0.5" }
    try write(
      "entity_id,type,unit,\(hours)\nsensor.t1,grid_consumption,kWh,\(first)\n"
        + "sensor.t2,grid_consumption,kWh,\(second)\n", "energy.csv")
    try write(
      "timestamp,System overview [0],System overview [0]\n"
        + "Europe/Tallinn (+02:00),AC Consumption L1,Grid L1\n,W,W\n"
        + rows(0..<12) { "\(hour($0, " ")):00,\(500 + $0),100" }, "vrm.csv")
    let times = list(12) { "\"\(hour($0))\"" }
    try write(
      "{\"utc_offset_seconds\":0,\"timezone\":\"GMT\",\"hourly_units\":{\"time\":\"iso8601\","
        + "\"temperature_2m\":\"°C\"},\"hourly\":{\"time\":[\(times)],\"temperature_2m\":[\(first)]}}",
      "weather.json")
    try write(
      "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
        + "52.5,13.4,38.0,0,GMT,GMT\n\ntime,temperature_2m (°C)\n"
        + rows(0..<12) { "\(hour($0)),\($0)" }, "weather.csv")
    let readings = rows(0..<8) { k in
      let start = 1_704_067_200 + 900 * k
      return "<IntervalReading><timePeriod><duration>900</duration><start>\(start)</start>"
        + "</timePeriod><value>\(100 + k)</value></IntervalReading>"
    }
    let head =
      "<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
      + "xmlns:espi=\"http://naesb.org/espi\"><entry><link rel=\"self\" href=\"/ReadingType/1\"/>"
      + "<content><ReadingType><flowDirection>1</flowDirection>"
      + "<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType></content></entry>"
    let links =
      "<entry><link rel=\"self\" href=\"/MeterReading/1\"/>"
      + "<link rel=\"related\" href=\"/ReadingType/1\"/><content><MeterReading/></content></entry>"
      + "<entry><link rel=\"up\" href=\"/MeterReading/1/IntervalBlock\"/><content><IntervalBlock>"
    try write(head + links + readings + "</IntervalBlock></content></entry></feed>", "usage.xml")
    let halves = list(48) { "\($0)" }
    try write(
      "100,NEM12,202401031200,A,B\n200,6123456789,E1B1,1,E1,N1,METSER,kWh,30,\n"
        + "300,20240101,\(halves),A,,,20240102,\n900\n", "nem12.csv")
    try write(
      "Time,Cell 1 [mV],Cell 2 [mV],Pack Current [A],State\n"
        + rows(0..<20) { "2024-01-01 00:00:\(two($0)),330\($0 % 9),3301,\($0) A,on" }, "signals.csv"
    )
    try write(
      rows(0..<20) { "\(1_704_067_200 + 60 * $0) 13.2 -2.5 3.31 3.29 3.30 3.30" }, "bare.log")
    try write(
      rows(0..<6) { k in
        "[2024-01-01 00:0\(k):00] pylon>bat 1\nBattery  Volt  Curr  Tempr  Base State\n"
          + "0  3326  -1021  17500  Dischg\n1  3330  -1021  18000  Dischg\n$$"
      }, "console.log")
    try write(
      rows(0..<12) { k in
        "[00:00:\(10 + k)][D][sensor:094]: 'cell voltage 1': Sending state 3.31\(k % 9)00 V with 3 decimals"
      }, "esphome.log")
  }

  /// Files of the battery, of the store and of a program.
  private func writeBattery() throws {
    let scenario = SmallScenario.text
    try write(scenario, "s.yaml")
    try write(
      scenario.replacing(
        "[persistence]",
        with: "[{name: prog, kind: program, command: [sh, '\(path("answer.sh"))']}]"
      ),
      "prog.yaml")
    // A line of the file for each question, and an end where there is no further one.
    try write(
      """
      exec 3< '\(path("current.jsonl"))'
      while read -r question; do
        IFS= read -r answer <&3 || exit
        printf '%s\\n' "$answer"
      done

      """, "answer.sh")
    let values = list(24) { _ in "0.5" }
    try write(rows(1..<41) { "{\"id\":\($0),\"values\":[\(values)]}" }, "answers.jsonl")
    try write(
      "time,power_kw\n" + rows(0..<6) { "\(hour($0)):00Z,\($0 < 3 ? -2 : 2)" }, "p.csv")
    try write(
      "time_s,current_a,voltage_v,temperature_c\n"
        + rows(0..<60) { "\($0 * 10),1,\(4 - 0.01 * Double($0)),25" }, "fit.csv")
    try write(
      "name: check\nambient_c: 25\nsteps:\n  - {do: rest, for_h: 1}\n  - cycles: 2\n    steps:\n"
        + "      - {do: charge, rate_c: 0.2, for_h: 1}\n      - {do: discharge, rate_c: 0.2, for_h: 1}\n",
      "protocol.yaml")
    _ = wattif(
      "twin", path("s.yaml"), "--power", path("p.csv"), "--ambient", "20", "--save-state",
      path("state.json"), "--quiet")
    _ = wattif(
      "ingest", path("plain.csv"), "--store", path("store.sqlite"), "--site", "home", "--quiet")
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path("store.sqlite") + suffix)
    }
  }

  /// The plain file as `gzip -n` packs it without compression: one stored block.
  private func writePacked() throws {
    let plain = try bytes("plain.csv")
    let crc = BookBytes.checksum(plain)
    let size = UInt16(plain.count)
    func low(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
    try write(
      head + low(UInt32(size), 2) + low(UInt32(~size), 2) + plain + low(crc, 4)
        + low(UInt32(plain.count), 4), "packed.csv.gz")
  }
}
