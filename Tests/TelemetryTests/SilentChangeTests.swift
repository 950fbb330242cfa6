import Diagnostics
import Documents
import Numerics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// A damaged file is refused, or what is wrong is said, or nothing changed: never another number without a word.
///
/// Damage leaves digits, points, signs and units alone: nobody can see that a digit was another one, and `5W` under
/// `load_kw` is 5 W.
@Suite("Silent changes") struct SilentChangeTests {
  private func read(_ text: [UInt8]) throws -> (values: [[Double]], findings: Int) {
    let file = try ScratchFile(String(decoding: text, as: UTF8.self))
    let source = CSVSource(
      path: file.path, timeColumn: "time", stepSeconds: 900,
      columns: [
        ColumnMapping(column: "load_kw", quantity: .load),
        ColumnMapping(column: "pv_kwh", quantity: .pv),
      ])
    let grid = TimeGrid(start: newYear2024, stepSeconds: 900, count: 40)
    let (history, report) = try HistoryReader([source], zone: .utc, policy: .report).read(
      grid: grid)
    return ([history[.load] ?? [], history[.pv] ?? []], report.findings.count)
  }

  private func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    let inserted = Array(",;\"\n\r\t |x'".utf8)
    let at = generator.index(below: bytes.count)
    switch generator.index(below: 4) {
    case 0: bytes.insert(inserted[generator.index(below: inserted.count)], at: at)
    case 1:
      let kept = Array("0123456789.-+eE".utf8)
      if !kept.contains(bytes[at]) { bytes.remove(at: at) }
    case 2:
      // A line twice, or two in the other order.
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      let line = 1 + generator.index(below: lines.count - 2)
      if generator.index(below: 2) == 0 {
        lines.insert(lines[line], at: line)
      } else {
        lines.swapAt(line, 1 + generator.index(below: lines.count - 2))
      }
      bytes = Array(lines.joined(separator: [0x0A]))
    default:
      if bytes[at] == UInt8(ascii: ",") || bytes[at] == 0x0A {
        bytes[at] = inserted[generator.index(below: inserted.count)]
      }
    }
    return bytes
  }

  @Test("damage between numbers is never silent", arguments: UInt64(1)...6) func structure(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let marks: [(cell: String, quote: String)] = [(",", ""), (",", "\""), (";", ""), ("\t", "")]
    let (mark, quote) = marks[Int(seed) % marks.count]
    let rows = (0..<40).map { k in
      [
        Instant.utcText(newYear2024 + 900 * k), "\(1 + generator.index(below: 900)).25",
        "-0.\(100 + generator.index(below: 800))",
      ].map { quote + $0 + quote }.joined(separator: mark) + "\n"
    }
    let text = Array(("time\(mark)load_kw\(mark)pv_kwh\n" + rows.joined()).utf8)
    let sound = try read(text)
    #expect(sound.values.allSatisfy { $0.count == 40 })
    var refused = 0
    for round in 0..<400 {
      let bytes = damaged(text, &generator)
      do {
        let found = try read(bytes)
        guard found.findings <= sound.findings else { continue }
        for (column, before) in zip(found.values, sound.values) {
          for (value, old) in zip(column, before) where !value.isNaN {
            #expect(
              value == old || old.isNaN,
              "round \(round): \(String(decoding: bytes, as: UTF8.self))")
          }
        }
      } catch is InputError {
        refused += 1
      }
    }
    #expect(refused < 200)
  }

  @Test("a damaged number is reported and changes no other one") func numbers() throws {
    let words = [
      "1,5,", "0x1F", "1e", "--3", "3 4", "1.2.3", "nan", "inf", "12kW?", "true", "1_000", "٣",
      "1e999",
      "1.5 V", "#REF!", "1'2'3", "=3+4", "(4)", "4-", "0,7x",
    ]
    let rows = { (cell: String) in
      (0..<40).map { k in
        "\(Instant.utcText(newYear2024 + 900 * k)),\(k == 7 ? cell : "\(k).25"),0.5\n"
      }.joined()
    }
    let head = "time,load_kw,pv_kwh\n"
    let sound = try read(Array((head + rows("7.25")).utf8))
    for word in words {
      let found = try read(Array((head + rows(word)).utf8))
      #expect(found.findings > sound.findings, "\(word)")
      for slot in 0..<40 where slot != 7 {
        #expect(found.values[0][slot] == sound.values[0][slot], "\(word)")
      }
      #expect(found.values[0][7].isNaN, "\(word)")
    }
  }
}
