import CommandLine
import Foundation
import TestSupport
import Testing

@Suite("wattif derate") struct DerateCommandTests {
  private func answers(_ log: String, _ options: String...) throws -> Outcome {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("derate-\(UUID().uuidString).csv").path
    try Data(log.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return wattif(["derate", "--log", path] + options)
  }

  // The table of `residential`: 45 °C half, 47.5 °C 0.375, 55 °C nothing; of 100 A and 5 kW.
  @Test("every line is answered with what the table leaves") func lines() throws {
    let found = try answers(
      "time,hottest_c\n2024-07-01T12:00:00Z,30\n2024-07-01T12:01:00Z,45\n2024-07-01T12:02:00Z,47.5\n"
        + "2024-07-01T12:03:00Z,60\n", "--policy", "residential", "--charge-a", "100",
      "--power-kw", "5")
    #expect(found.code == .done)
    #expect(
      found.output.split(separator: "\n") == [
        "time,charge_fraction,discharge_fraction,inverter_fraction,charge_rule,discharge_rule,"
          + "inverter_rule,held,charge_a,power_kw",
        "2024-07-01T12:00:00Z,1,1,1,,,,0,100,5",
        "2024-07-01T12:01:00Z,0.5,0.5,1,charge.temperature,discharge.temperature,,0,50,5",
        "2024-07-01T12:02:00Z,0.375,0.375,1,charge.temperature,discharge.temperature,,0,37.5,5",
        "2024-07-01T12:03:00Z,0,0,1,charge.temperature,discharge.temperature,,0,0,5",
      ])
    #expect(found.error.isEmpty)
  }

  @Test("a line that cannot be used has the limits of the one before, and is counted")
  func held() throws {
    let found = try answers(
      "seconds,hottest_cell_c\n0,45\n60,hot\n30,20\n50,20\n", "--policy", "residential")
    let lines = found.output.split(separator: "\n").dropFirst().map(String.init)
    #expect(lines[0] == "0,0.5,0.5,1,charge.temperature,discharge.temperature,,0")
    #expect(lines[1] == "60,0.5,0.5,1,charge.temperature,discharge.temperature,,1")
    // The time of a line that was not used does not count: 30 s runs forward from 0.
    #expect(lines[2] == "30,1,1,1,,,,0" && lines[3] == "50,1,1,1,,,,0")
    #expect(found.error.contains("'hottest_c' must be a number, found 'hot'"))
    #expect(found.error.contains("1 of 4 lines could not be used"))
  }

  @Test("objects have the same answers") func objects() throws {
    let found = try answers(
      "seconds,heatsink_c\n0,75\n", "--policy", "inverter_heatsink", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    // Halfway from 1 at 70 °C to 0.25 at 80 °C.
    #expect(object["inverter_fraction"] as? Double == 0.625)
    #expect(object["inverter_rule"] as? String == "inverter.heatsink")
    #expect(object["charge_fraction"] as? Double == 1 && object["held"] as? Bool == false)
  }

  @Test("a column that the policy needs is asked for") func missing() throws {
    let found = try answers("seconds,soc_fraction\n0,0.5\n", "--policy", "residential_lfp")
    #expect(found.code == .badInput)
    for name in ["hottest_c", "lowest_v", "highest_v"] {
      #expect(found.error.contains("the policy 'residential_lfp' needs a column '\(name)'"))
    }
  }

  @Test(
    "a policy is written as a document that reads back",
    arguments: ["residential", "cautious", "residential_lfp", "four_level_steady", "pre_cooling"])
  func show(_ name: String) throws {
    let document = wattif("derate", "--show", name)
    #expect(document.code == .done)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("policy-\(UUID().uuidString).yaml").path
    try Data(document.output.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(wattif("derate", "--show", path).output == document.output)
    #expect(document.output.contains("name: \(name)\n"))
  }

  @Test("one thing at a time is asked for") func usage() {
    #expect(wattif("derate").code == .badCommandLine)
    #expect(wattif("derate", "--list", "--show", "late").code == .badCommandLine)
    #expect(wattif("derate", "--list").output.contains("four_level_steady"))
  }

  @Test("a policy is fed by a model that 'thermal train' kept: the answers are those of 'predict'")
  func model() throws {
    let folder = try DataCommandTests.Folder()
    let cell = try folder.file("cell.csv", ThermalCommandTests.telemetry)
    let train = wattif(
      "thermal", "train", cell, "--run", "run", "--temperature", "temp_c", "--current",
      "current_a", "--limit", "32", "--lead", "60", "--window", "120", "--model", "ridge",
      "--save", "\(folder.path)/heat.json")
    #expect(train.code == .done)
    let fingerprint = try #require(
      train.output.split(separator: "fingerprint is ").last?.prefix(16))
    func policy(_ name: String, _ lines: String) throws -> String {
      try folder.file(
        name,
        "warning:\n  model: heat.json\n\(lines)  levels:\n    - {probability: 0.5, fraction: 0.3}\n"
      )
    }
    let kept = try policy("kept.yaml", "  fingerprint: '\(fingerprint)'\n")
    // One run as a log of the battery, and what 'predict' says of it.
    let rows = ThermalCommandTests.telemetry.split(separator: "\n").filter { $0.hasPrefix("3,") }
    let log = rows.map { $0.split(separator: ",").dropFirst().prefix(3).joined(separator: ",") }
    let found = try answers(
      "seconds,current_a,hottest_c\n" + log.joined(separator: "\n") + "\n", "--policy", kept)
    #expect(found.code == .done, "\(found.error)")
    let shares = found.output.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)[2]
    }
    #expect(shares.count == 200 && Set(shares) == ["0.3", "1"])
    // Twelve steps of 10 s are the past that the model looks back on.
    #expect(found.error.contains("at 12 of 200 lines the policy's model had no whole past"))
    let one = try folder.file(
      "one.csv", "run,time_s,current_a,temp_c,shifted_k\n" + rows.joined(separator: "\n"))
    let said = wattif(
      "thermal", "predict", one, "--run", "run", "--model-file", "\(folder.path)/heat.json", "-o",
      "\(folder.path)/out")
    #expect(said.code == .done)
    let chances = try String(contentsOfFile: "\(folder.path)/out/warnings.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[5]) }
    #expect(chances.count == 188)
    for (share, chance) in zip(shares.dropFirst(12), chances) {
      #expect(share == (chance >= 0.5 ? "0.3" : "1"), "\(chance)")
    }

    func error(_ name: String, _ lines: String) throws -> String {
      try answers("seconds,current_a,hottest_c\n0,1,30\n", "--policy", policy(name, lines)).error
    }
    #expect(
      try error("other.yaml", "  fingerprint: '0123456789abcdef'\n").contains(
        "other.yaml:2:10: error: '\(folder.path)/heat.json' is another model than that of the policy: its fingerprint "
          + "is \(fingerprint), 'fingerprint' must be found in it, 0123456789abcdef"))
    #expect(
      try error("lead.yaml", "  lead_s: 30\n").contains(
        "lead.yaml:3:11: error: 'lead_s' must be that of the model, 60, found '30'"))
    #expect(
      try error("by.yaml", "  by: trend\n").contains("error: 'by' and 'model' exclude each other"))
    #expect(
      try error("signals.yaml", "  signals: {amps: current_a}\n").contains(
        "error: the model looks at no signal 'amps'"))
    let document = try String(contentsOfFile: "\(folder.path)/heat.json", encoding: .utf8)
    _ = try folder.file(
      "heat.json", document.replacing("\"limit_c\": 32", with: "\"limit_c\": 33"))
    #expect(
      try error("kept.yaml", "").contains(
        "error: the model was changed after it was fitted: its numbers have the fingerprint "))
  }
}
