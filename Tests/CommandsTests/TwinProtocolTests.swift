import CommandLine
import Foundation
import Scenarios
import TestSupport
import Testing

/// The pack by hand is `TwinProfileTests.pack`: four cells of 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ.
@Suite("wattif twin --protocol") struct TwinProtocolTests {
  private let place: TwinFolder
  private var folder: String { place.path }

  init() throws { place = try TwinFolder() }

  private static let capacity = """
    name: capacity check
    ambient_c: 25
    start_soc_fraction: 0.4
    start_temperature_c: 30
    step_s: 10
    steps:
      - {do: rest, for_h: 1}
      - cycles: 3
        steps:
          - {do: charge, rate_c: 0.5, until_cell_v: 3.45, cut_off_c: 0.05}
          - {do: rest, for_h: 0.5}
          - {do: discharge, rate_c: 1, until_cell_v: 3.1}

    """

  /// By hand: from 3.1 V at 100 A, a charge of 0.4, to 3.45 V at 5 A, 0.89, are 49 Ah; 40 Ah of them at 50 A in 0.8 h.
  ///
  /// The discharge takes 0.49 h at the mean of (3.345 + 3.1)/2 V a cell: 4 · 3.2225 V · 49 Ah = 0.6316 kWh.
  @Test("a laboratory's test gives charge and energy of every step and cycle") func cycles() throws
  {
    let path = try place.write("s.yaml", try TwinProfileTests.site())
    let test = try place.write("capacity.yaml", Self.capacity)
    let run = ["twin", path, "--protocol", test]
    let outcome = wattif(run + ["--json", "-o", folder])
    #expect(outcome.code == .done && !outcome.error.contains("warning: "), "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    #expect(object["start_temperature_c"] as? Double == 30)
    let found = try #require(object["protocol"] as? [String: Any])
    #expect(found["name"] as? String == "capacity check")
    let steps = try #require(found["steps"] as? [[String: Any]])
    #expect(steps.count == 10)
    let ends = steps.map { $0["end"] as? String ?? "" }
    #expect(ends.suffix(3) == ["cut_off", "time", "voltage"])
    let charge = steps[4]
    #expect(charge["cycle"] as? Int == 2 && charge["step"] as? Int == 2)
    #expect(abs((charge["charge_ah"] as? Double ?? 0) + 49) < 0.02)
    let hours = charge["hours"] as? Double ?? 0
    let held = charge["held_hours"] as? Double ?? 0
    #expect(abs(hours - held - 0.8) < 1e-4)
    let discharge = steps[6]
    #expect(abs((discharge["hours"] as? Double ?? 0) - 0.49) < 2e-4)
    #expect(abs((discharge["pack_kwh"] as? Double ?? 0) - 0.6316) < 3e-4)
    let last = try #require((found["cycles"] as? [[String: Any]])?.last)
    #expect(abs((last["charge_efficiency_fraction"] as? Double ?? 0) - 1) < 1e-3)
    let rows = try String(contentsOfFile: "\(folder)/protocol.csv", encoding: .utf8)
    #expect(rows.split(separator: "\n").count == 11)
    let text = wattif(run).output
    #expect(text.contains("Protocol 'capacity check', step by step:"))
    #expect(text.contains("Cycle by cycle, at the terminals of the pack:"))
  }

  /// Without a temperature of its own it stands in the weather of the period's first day.
  @Test("the air is that of the history, and a protocol longer than it is refused") func weather()
    throws
  {
    let path = try place.write("s.yaml", try TwinProfileTests.site())
    let short = try place.write("short.yaml", "steps: [{do: rest, for_h: 3}]\n")
    let outcome = wattif("twin", path, "--protocol", short, "--json", "-o", folder)
    #expect(outcome.code == .done, "\(outcome.error)")
    let rows = try String(contentsOfFile: "\(folder)/twin.csv", encoding: .utf8)
      .split(separator: "\n")
    #expect(rows.count == 1 + 3 * 360 && rows[1].hasPrefix("2023-12-31T23:00:00Z,10"))
    var temperatures: Set<Substring> = []
    for row in rows.dropFirst() { temperatures.formUnion(row.split(separator: ",").suffix(1)) }
    #expect(temperatures.count == 12)
    let long = try place.write(
      "long.yaml", "step_s: 300\nsteps: [{cycles: 60, steps: [{do: rest, for_h: 190}]}]\n")
    let refused = wattif("twin", path, "--protocol", long)
    #expect(refused.code == .badInput)
    #expect(
      refused.error.contains("long.yaml: error: the protocol goes on to 2024-12-31T23:00:00Z"),
      "\(refused.error)")
  }

  @Test(
    "mistakes of a protocol are findings with file, line and column",
    arguments: [
      ("{do: rest}", "t.yaml:1:14: error: a rest needs 'for_h', the time that it takes"),
      ("{do: wait}", "t.yaml:1:14: error: 'do' must be rest, charge or discharge, found 'wait'"),
      ("{do: charge, rate_c: 1}", "t.yaml:1:14: error: a charge needs an end: 'until_cell_v'"),
      (
        "{do: charge, for_h: 1}",
        "t.yaml:1:14: error: a step needs one of 'rate_c', 'current_a' and"
      ),
      (
        "{do: charge, rate_c: 1, current_a: 2, for_h: 1}",
        "t.yaml:1:44: error: a step needs one of 'rate_c', 'current_a' and 'power_kw', found 'rate_c' "
      ),
      (
        "{do: charge, rate_c: -1, for_h: 1}", "t.yaml:1:30: error: 'rate_c' must be positive, found"
      ),
      (
        "{do: charge, rate_c: 1, for_h: 1, cut_off_c: 0.1}",
        "t.yaml:1:54: error: a cut-off needs the voltage to be held"
      ),
      (
        "{do: charge, rate_c: 1, until_cell_v: 3.4, until_pack_v: 13}",
        "t.yaml:1:66: error: 'until_cell_v' and 'until_pack_v' exclude each other"
      ),
      ("{do: rest, for_h: 1, rate_c: 1}", "t.yaml:1:30: error: unknown key 'rate_c'"),
      ("{cycles: 0, steps: [{do: rest, for_h: 1}]}", "t.yaml:1:18: error: 'cycles' must be from 1"),
      (
        "{cycles: 9000, steps: [{do: rest, for_h: 1}, {do: rest, for_h: 1}]}",
        "t.yaml:1:8: error: a protocol has at most 10000 steps, repeated ones counted each time"
      ),
    ])
  func mistakes(_ step: String, _ message: String) throws {
    let test = try place.write("t.yaml", "steps: [\(step)]\n")
    let outcome = wattif("twin", TwinFolder.scenario, "--protocol", test)
    #expect(outcome.code == .badInput && outcome.error.contains(message), "\(outcome.error)")
  }

  @Test("options that do not go together are named") func usage() throws {
    let run = ["twin", TwinFolder.scenario, "--protocol", "t.yaml"]
    #expect(
      wattif(run + ["--power", "p.csv"]).error.contains(
        "'--power' and '--protocol' exclude each other"))
    #expect(wattif(run + ["--unit", "A"]).error.contains("'--unit' needs '--power'"))
  }

  @Test("a saved state goes before the start that a protocol states") func state() throws {
    let path = try place.write("s.yaml", try TwinProfileTests.site())
    let test = try place.write("t.yaml", Self.capacity)
    let saved = "\(folder)/s.json"
    #expect(wattif("twin", path, "--protocol", test, "--save-state", saved, "-q").code == .done)
    let outcome = wattif("twin", path, "--protocol", test, "--state", saved, "--json")
    #expect(
      outcome.error.contains(
        "t.yaml: warning: 'start_soc_fraction' and 'start_temperature_c' of the protocol change "
          + "nothing: the battery starts as '--state' has it"), "\(outcome.error)")
    let soc = try #require(try TwinFolder.object(outcome.output)["soc"] as? [String: Double])
    // Where the third discharge ended.
    #expect(abs((soc["start"] ?? 0) - 0.4) < 1e-3)
  }

  @Test("the sun does not shine into a chamber, which is said") func chamber() throws {
    let path = try place.write(
      "s.yaml",
      try TwinProfileTests.site {
        $0.replacing("solar_aperture_m2: 0", with: "solar_aperture_m2: 5")
      })
    let test = try place.write("t.yaml", "steps: [{do: rest, for_h: 24, ambient_c: 10}]\n")
    let outcome = wattif("twin", path, "--protocol", test, "--ambient", "20", "--json")
    #expect(outcome.error.contains("the sun on the enclosure does not act"), "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    #expect(object["sun"] == nil)
    // The step's own air goes before that of the option.
    let temperature = try #require(object["temperature_c"] as? [String: Double])
    #expect((temperature["min"] ?? 20) < 12)
    let outside = wattif("twin", path, "--protocol", test, "--json")
    #expect(try TwinFolder.object(outside.output)["sun"] != nil && outside.error.isEmpty)
  }

  @Test("the page of protocols has the keys that are read") func keys() throws {
    let asked = try TestProtocolDocument.keysAskedFor(
      in: """
        steps:
          - {do: rest, for_h: 1}
          - {do: charge}
          - {cycles: 2, steps: [{do: discharge}]}
        """)
    let own = asked.map { $0.replacing("steps.steps.", with: "steps.") }
    let page = try String(
      contentsOf: KeyReference.package.appendingPathComponent(
        "Sources/wattif/Documentation.docc/TestProtocols.md"), encoding: .utf8)
    var section = ""
    var documented: Set<String> = []
    for line in page.split(separator: "\n") {
      if line.hasPrefix("### ") {
        let name = line.split(separator: "`")
        section = name.count > 1 ? "\(name[1])." : ""
      } else if line.hasPrefix("| `") {
        documented.insert("\(section)\(line.split(separator: "`")[1])")
      }
    }
    #expect(Set(own) == documented)
  }
}
