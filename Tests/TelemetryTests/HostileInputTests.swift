import Diagnostics
import Documents
import Numerics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Whatever a file holds, reading ends with a history or with findings, never with a crash.
@Suite("Hostile input") struct HostileInputTests {
  let grid = TimeGrid(start: newYear2024, stepSeconds: 900, count: 96)

  /// Changes, doubles and removes some bytes of a text.
  func mutated(_ text: String, _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(text.utf8)
    let nasty = Array("\",;\n\r\t.-+eE:TZ/\u{0}9 []{}".utf8) + [0xFF, 0xC3, 0x80]
    for _ in 0..<1 + generator.index(below: 6) where !bytes.isEmpty {
      let at = generator.index(below: bytes.count)
      switch generator.index(below: 5) {
      case 0: bytes[at] = nasty[generator.index(below: nasty.count)]
      case 1: bytes.insert(nasty[generator.index(below: nasty.count)], at: at)
      case 2: bytes.remove(at: at)
      case 3: bytes.removeLast(bytes.count - at)
      default:
        let length = min(bytes.count - at, generator.index(below: 40))
        bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: at)
      }
    }
    return bytes
  }

  @Test("mutated CSV files", arguments: UInt64(1)...8) func csv(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = [
      "time,load_kw,p\n2024-01-01T00:00:00Z,1.5,40\n2024-01-01T00:15:00+01:00,1e2,-20\n"
        + "2024/01/01 00:30,\"3\",NaN\n1704070800,4 kW,\n",
      "sep=;\nZeit;load [W];p\n31.12.2023 23:00;1.234,5;1\n27.10.2024 02:30;7;2\n"
        + "27.10.2024 02:30;8;3\n31.03.2024 02:30;9;4\n",
    ]
    for round in 0..<200 {
      let isFirst = round % 2 == 0
      let bytes = mutated(texts[round % 2], &generator)
      let source = CSVSource(
        path: "x.csv", timeColumn: isFirst ? "time" : "Zeit",
        sampling: round % 3 == 0 ? .held(maxAgeSeconds: 7200) : .interval,
        columns: [
          ColumnMapping(
            column: isFirst ? "load_kw" : "load", quantity: .load),
          ColumnMapping(column: "p", quantity: .price, unit: "EUR/MWh"),
        ])
      let reader = CSVTableReader(
        source: source, zone: try Zone("Europe/Berlin"), window: Int.min..<Int.max)
      if let document = try? TextFile(bytes, path: "x.csv"),
        let table = try? reader.read(document)
      {
        #expect(table.values.count == table.stamps.count * 2)
        #expect(table.rowsIn == table.stamps.count + table.rowsReported + table.rowsOutside)
      }
    }
  }

  @Test("mutated JSON files", arguments: UInt64(1)...4) func json(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let text = """
      [[{"entity_id":"s","state":"1e3","last_changed":"2024-01-01T00:00:00+00:00","attributes":
      {"unit_of_measurement":"W","n":"L\\u00e4st \\ud83d\\ude00"}},{"state":"2","lc":1704067300.5}]]
      """
    for _ in 0..<200 {
      let bytes = mutated(text, &generator)
      _ = try? JSONReader(file: "x.json").read(bytes)
    }
  }

  @Test("numbers at the end of the range do not stop the program") func extremes() throws {
    let texts = [
      "{\"s\":[{\"start\":1e300,\"end\":-1e300,\"change\":1e308},{\"start\":null,\"change\":1}]}",
      "{\"s\":[{\"start\":1704067200000,\"sum\":1e308},{\"start\":1704070800000,\"sum\":-1e308}]}",
    ]
    for text in texts {
      let file = try ScratchFile(text, name: "s.json")
      let log = LogSource(
        path: file.path, format: .homeAssistantStatisticsJSON,
        channels: [ColumnMapping(column: "s", quantity: .load, unit: "kWh")])
      let reader = HistoryReader([], logs: [log], zone: .utc, policy: .report)
      _ = try? reader.read(grid: grid)
      _ = try? reader.extent()
    }
    let csv = try ScratchFile(
      "time,l\n99999999999999999999,1\n1e18,2\n1704067200,1e400\n1704068100,-1e400\n")
    let source = CSVSource(
      path: csv.path, columns: [ColumnMapping(column: "l", quantity: .load, unit: "kW")])
    let (history, report) = try HistoryReader([source], zone: .utc, policy: .report)
      .read(grid: grid)
    #expect(history[.load]?.allSatisfy(\.isNaN) == true)
    #expect(report.rowsReported == 2 && report.slots[.load]?.spike == 2)
  }

  @Test("a stamp gone wrong does not ask for a century of seconds") func span() throws {
    let file = try ScratchFile(
      "time,l\n1904-01-01T00:00:00Z,1\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,1\n"
        + "2024-01-01T00:00:02Z,1\n")
    let source = CSVSource(
      path: file.path, columns: [ColumnMapping(column: "l", quantity: .load, unit: "kW")])
    let error = #expect(throws: InputError.self) {
      try HistoryReader([source], zone: .utc).extent()
    }
    #expect(
      error?.diagnostics.first?.message.hasPrefix("the rows span 1904-01-01T00:00:00Z to") == true)
  }

  @Test("other encodings and open quotes are named") func encodings() throws {
    let quote = try ScratchFile("time,l\n2024-01-01T00:00Z,\"1\n2024-01-01T00:15Z,2\n")
    let source = CSVSource(
      path: quote.path, stepSeconds: 900,
      columns: [ColumnMapping(column: "l", quantity: .load, unit: "kW")])
    let error = #expect(throws: InputError.self) {
      try readHistory([source], grid: grid, zone: .utc)
    }
    #expect(
      error?.diagnostics.contains {
        $0.message == "a quote is opened in this row and never closed" && $0.position?.line == 2
      } == true)
    #expect(throws: InputError.self) {
      _ = try CSVOutline(path: "/proc/self/mem")
    }
  }
}
