import CommandLine
import Commands
import Foundation
import Testing

@Suite("wattif plan") struct PlanCommandTests {
  /// The first days of the scenario in the repository.
  static func scenario() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appendingPathComponent("scenarios/quickstart.yaml"), encoding: .utf8)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-plan-\(UUID().uuidString).yaml")
    let short = text.replacingOccurrences(of: "to: 2025-01-01", with: "to: 2024-01-04")
    // The studies' sections name days of the whole year.
    try (short.components(separatedBy: "\nsize:").first ?? short)
      .components(separatedBy: "\nstress:")[0]
      .write(to: path, atomically: true, encoding: .utf8)
    return path.path
  }

  @Test("shows the plan in force with its reasons, as table, JSON and linear program")
  func plan() throws {
    let path = try Self.scenario()
    let lp = path + ".lp"
    defer {
      try? FileManager.default.removeItem(atPath: path)
      try? FileManager.default.removeItem(atPath: lp)
    }
    let json = wattif(
      "plan", path, "--at", "2024-01-02T12:20", "--version", "ridge", "--json", "--quiet", "--lp",
      lp)
    #expect(json.code == .done)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    // Plans are made on the hour; noon in Berlin is 11 UTC.
    #expect(object["issued_at"] as? String == "2024-01-02T11:00:00Z")
    #expect(object["schema"] as? String == "wattif.plan/1")
    // By default the last days alike hedge it.
    #expect(object["status"] as? String == "hedged")
    let slots = try #require(object["slots"] as? [[String: Any]])
    // 36 h at 15 min end with the period.
    #expect(slots.count == 144)
    for key in [
      "start", "import_kw", "export_kw", "charge_kw", "discharge_kw", "curtail_kw", "energy_kwh",
      "buy_per_kwh", "sell_per_kwh", "energy_value_per_kwh",
    ] {
      #expect(slots[0][key] != nil)
    }
    #expect(object["slack"] as? [Any] != nil)
    let program = try String(contentsOfFile: lp, encoding: .utf8)
    #expect(program.contains("Minimize") && program.contains("store_143"))
    let table = wattif("plan", path, "--at", "2024-01-02T11:20Z", "--quiet")
    #expect(table.code == .done)
    #expect(table.output.contains("2024-01-02T12:00"))
  }

  @Test("refuses instants that are none or lie outside the period")
  func instants() throws {
    let path = try Self.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(wattif("plan", path, "--at", "noon").code == .badCommandLine)
    #expect(wattif("plan", path, "--at", "2025-01-02T12:00", "--quiet").code == .badCommandLine)
  }
}
