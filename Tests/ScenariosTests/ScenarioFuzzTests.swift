import Diagnostics
import Foundation
import Numerics
import Scenarios
import Testing

/// Whatever a document says, reading it ends with a scenario or with findings, never with a trap.
@Suite("Scenario documents that went wrong") struct ScenarioFuzzTests {
  private static let lines: [String] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("scenarios/quickstart.yaml")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }()

  private static let values = [
    "-1", "0", "1e308", "-1e308", ".nan", ".inf", "1e-300", "9223372036854775807",
    "-9223372036854775808", "99999999999999999999", "0x7fffffffffffffff", "''", "~", "[]", "{}",
    "[1, 2]", "{a: 1}", "true", "text", "2024-02-30", "0001-01-01", "9999-12-31", "24:00", "*x",
    "[[0, 1], [0, 1]]", "[[1, 1], [0, 2]]", "1000000", "0.5", "2", "12",
  ]

  @Test("a value in the wrong place", arguments: 0..<8)
  func values(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<25 {
      var lines = Self.lines
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<lines.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: place)
        case 2: lines.swapAt(place, Int.random(in: 0..<lines.count, using: &generator))
        default:
          guard let colon = lines[place].firstRange(of: ": ") else { continue }
          let value = Self.values[Int.random(in: 0..<Self.values.count, using: &generator)]
          lines[place] = lines[place][..<colon.upperBound] + value
        }
      }
      let text = lines.joined(separator: "\n")
      do {
        _ = try Scenario.read(Array(text.utf8), path: "fuzz.yaml", environment: [:])
      } catch let error as InputError {
        #expect(!error.diagnostics.isEmpty, "seed \(seed)")
      }
    }
  }

  @Test("many values of every key, one at a time") func everyKey() throws {
    for place in Self.lines.indices {
      guard let colon = Self.lines[place].firstRange(of: ": ") else { continue }
      for step in 0..<6 {
        let value = Self.values[(place * 7 + step * 5) % Self.values.count]
        var lines = Self.lines
        lines[place] = lines[place][..<colon.upperBound] + value
        do {
          _ = try Scenario.read(
            Array(lines.joined(separator: "\n").utf8), path: "fuzz.yaml", environment: [:])
        } catch let error as InputError {
          #expect(
            error.diagnostics.allSatisfy { $0.position?.file == "fuzz.yaml" },
            "line \(place + 1) with \(value): \(error)")
        }
      }
    }
  }
}
