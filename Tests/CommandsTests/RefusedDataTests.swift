import CommandLine
import Foundation
import Testing

@Suite("What a file cannot mean") struct RefusedDataTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("wattif-refused-\(UUID().uuidString)")

  /// Reads a table and removes it.
  private func ingested(_ text: String, _ options: String...) throws -> Outcome {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return wattif(["ingest", path] + options)
  }

  /// Readings 0, 1, 3, 4: energies of 1, 2 and 1 kWh, doubled 2, 4 and 2 with a mean of 8/3.
  @Test("the factor of a counter acts once, and a negative one turns its sign") func factor() throws
  {
    let counter =
      "time,total\n"
      + [0, 1, 3, 4].enumerated().map { "2024-01-01T0\($0):00:00Z,\($1)\n" }.joined()
    let doubled = try ingested(counter, "--counter", "total=net:kWh*2").output
    #expect(doubled.contains("2.000  2.667    4.000"))
    let turned = try ingested(counter, "--counter", "total=net:kWh*-1").output
    #expect(turned.contains("-2.000  -1.333   -1.000"))
  }

  /// 2000 quarter-hours of 2024 and one of 2077 would make 1.9 million slots.
  @Test("one stray stamp is named by its line instead of making a grid of nothing") func stray()
    throws
  {
    var text = "time,load_kw\n"
    for k in 0..<2000 { text += "\(1_704_067_200 + 900 * k),1\n" }
    text += "3400000000,1\n"
    let outcome = try ingested(text)
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("a.csv:2002:1: error: 2001 rows span 2024-01-01T00:00:00Z to "))
    #expect(outcome.error.contains("look at the time stamp of this line"))
  }

  @Test("bad cells of one kind are listed twenty times and then counted") func capped() throws {
    let text =
      "time,load_kw\n"
      + (0..<500).map { "\(1_704_067_200 + 900 * $0),\($0 % 2 == 0 ? "1" : "x\($0)")\n" }.joined()
    let lines = try ingested(text).error.split(separator: "\n")
    #expect(lines.count { $0.contains("is not a number") && $0.contains("a.csv:") } <= 21)
    #expect(lines.contains { $0.contains("more") })
  }

  @Test("a home of very many households is made in bounded time and keeps its energy")
  func manyHomes() {
    // 2024 has 8784 h; the mean of the year is 1e9 kWh in 366 days.
    let outcome = wattif("synth", "--annual-kwh", "1e9", "--step", "3600", "--json")
    #expect(outcome.code == .done)
    let text = outcome.output
    #expect(text.contains("\"mean\": 113843.") || text.contains("\"mean\":113843."))
  }
}
