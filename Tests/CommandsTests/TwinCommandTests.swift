import Commands
import Foundation
import Testing

@Suite("wattif twin") struct TwinCommandTests {
  let folder: String
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.appendingPathComponent(
        "wattif-twin-\(UUID().uuidString)"
      ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func profile(_ value: (Int) -> String) -> String {
    var text = "time,power_kw\n"
    for hour in 0..<24 {
      text += "2031-01-01T\(hour < 10 ? "0" : "")\(hour):00:00Z,\(value(hour))\n"
    }
    return text
  }

  private var scenario: String { "\(Self.root)/scenarios/quickstart.yaml" }

  @Test("a day's profile in JSON has the keys of the design and balances") func json() throws {
    let power = try write("p.csv", profile { "\($0 < 6 ? -2 : ($0 < 12 ? 2 : 0))" })
    let outcome = wattif(
      "twin", scenario, "--power", power, "--ambient", "20", "--json", "--output", folder)
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "wattif.twin/1")
    let energy = try #require(object["energy"] as? [String: Double])
    let moved = (energy["in_kwh"] ?? 0) + (energy["out_kwh"] ?? 0)
    #expect(moved > 0 && abs(energy["balance_error_kwh"] ?? 1) < 1e-9 * moved)
    for key in ["steps", "voltage_v", "temperature_c", "soc", "clips_kwh", "ageing"] {
      #expect(object[key] != nil, "\(key)")
    }
    let rows = try String(contentsOfFile: "\(folder)/twin.csv", encoding: .utf8)
    #expect(rows.split(separator: "\n").count == 25)
  }

  @Test("a profile longer than the weather is refused") func weather() throws {
    let power = try write("p.csv", profile { _ in "1" })
    let outcome = wattif("twin", scenario, "--power", power)
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("the profile has 2031-01-01"), "\(outcome.error)")
  }

  @Test("a hole in the profile is refused") func hole() throws {
    let power = try write("p.csv", profile { $0 == 5 ? "" : "1" })
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("no battery power at 2031-01-01"), "\(outcome.error)")
  }

  @Test("missing options are named") func usage() {
    #expect(wattif("twin", scenario).error.contains("'twin' needs '--power'"))
    #expect(wattif("twin", "fit", "x.csv").error.contains("a positive '--capacity-ah'"))
  }

  /// A cell of 20 mΩ without pairs: rest at 3 V + 1 V per full charge.
  @Test("a fit finds the resistance of a made cell") func fit() throws {
    var text = "time_s,current_a,voltage_v,temperature_c\n"
    var charge = 2.0
    for k in 0..<600 {
      let current = Double((k / 20) % 3)
      if k > 0 { charge -= current * 10 / 3600 }
      text += "\(k * 10),\(current),\(3 + charge / 2 - 0.02 * current),25\n"
    }
    let outcome = wattif("twin", "fit", try write("c.csv", text), "--capacity-ah", "2", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let resistance = try #require(object["resistance"] as? [String: Any])
    let series = try #require(resistance["series_ohm"] as? [Double])
    #expect(abs(series[6] - 0.02) < 0.001, "\(series)")
    let bad = wattif(
      "twin", "fit", try write("d.csv", "time_s,current_a,voltage_v,temperature_c\n0,x,3,25\n"),
      "--capacity-ah", "2")
    #expect(bad.code == .badInput)
    #expect(bad.error.contains("d.csv:2: error: 'current_a' must be a number"), "\(bad.error)")
  }
}
