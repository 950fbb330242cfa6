import CommandLine
import Foundation
import Testing

@Suite("States of wattif twin") struct TwinStateTests {
  private let place: TwinFolder
  private var folder: String { place.path }
  private var scenario: String { TwinFolder.scenario }

  init() throws { place = try TwinFolder() }

  /// The state of a battery goes on in that battery only, by every part of what it is.
  @Test(
    "the state of another battery is refused with what differs",
    arguments: [
      ("capacity_kwh: 60", "capacity_kwh: 50", "'cell', 'cooling' and 'enclosure'"),
      ("chemistry: lfp", "chemistry: nmc", "'cell' and 'cooling'"),
      ("derating: residential", "derating: late", "'derating'"),
      ("power_kw: 30", "power_kw: 25", "'inverter'"),
      ("soc_max_fraction: 0.95", "soc_max_fraction: 0.9", "'limits'"),
      ("enclosure: cabinet", "spread: second_life", "'spread'"),
      ("enclosure: cabinet", "modules: [{name: a, soh_fraction: 0.9}]", "'modules'"),
      ("enclosure: cabinet", "strings: 2", "'cell', 'strings' and 'cooling'"),
    ])
  func otherBattery(_ from: String, _ to: String, _ parts: String) throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    let power = try place.write("p.csv", TwinFolder.profile { "\($0 < 6 ? -2 : 2)" })
    let saved = "\(folder)/s.json"
    let first = wattif(
      "twin", scenario, "--power", power, "--ambient", "20", "--save-state", saved, "-q")
    #expect(first.code == .done, "\(first.error)")
    let arguments = ["--power", power, "--ambient", "20", "--state", saved, "-q"]
    #expect(wattif(["twin", scenario] + arguments).code == .done)
    let other = try place.write("o.yaml", text.replacing(from, with: to))
    let outcome = wattif(["twin", other] + arguments)
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains(
        "s.json: error: the state of another battery, which differs in \(parts)"),
      "\(outcome.error)")
    // 60 kWh in 16 groups of about 3.29 V.
    #expect(
      outcome.error.contains("the state is of 16 × lfp_prismatic_280 of 11"), "\(outcome.error)")
    // A file without what the battery is was written by another version.
    let bare = try place.write("b.json", #"{"schema": "wattif.twin_state/1", "state": {}}"#)
    let old = wattif("twin", scenario, "--power", power, "--ambient", "20", "--state", bare)
    #expect(
      old.error.contains("b.json: error: not a saved state of a battery, 'wattif.twin_state/2'"))
  }

  @Test("two days in one run are the same as a day saved and gone on from") func states() throws {
    func day(_ number: Int) -> String {
      (0..<24).map {
        "2031-01-0\(number)T\($0 < 10 ? "0" : "")\($0):00:00Z,\($0 < 9 ? -8 : 6)\n"
      }.joined()
    }
    let head = "time,power_kw\n"
    func run(_ rows: String, _ more: [String]) throws -> [String: Any] {
      let outcome = wattif(
        [
          "twin", scenario, "--power", try place.write("p.csv", head + rows), "--ambient", "20",
          "--json",
        ]
          + more)
      #expect(outcome.code == .done, "\(outcome.error)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let cells = "\(folder)/cells.csv"
    let whole = try run(day(1) + day(2), ["--cells", cells])
    let state = "\(folder)/state.json"
    _ = try run(day(1), ["--save-state", state])
    let second = try run(day(2), ["--state", state])
    #expect(whole["state_hash"] as? String == second["state_hash"] as? String)
    #expect(whole["steps"] as? Int == second["steps"] as? Int)
    // 48 steps of 16 cells, whose last charges are those of the result.
    let lines = try String(contentsOfFile: cells, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + 48 * 16)
    let charges = lines.suffix(16).compactMap { Double($0.split(separator: ",")[4]) }
    let soc = try #require((second["soc"] as? [String: Double])?["end"])
    #expect(abs(charges.reduce(0, +) / 16 - soc) < 1e-12)
    #expect(
      wattif(
        "twin", scenario, "--power", "\(folder)/p.csv", "--ambient", "20", "--state", cells
      ).error.contains("cells.csv: error: not a saved state of a battery"))
  }
}
