import CommandLine
import Commands
import Foundation
import Scenarios
import Testing
import Twin

@Suite("wattif twin") struct TwinCommandTests {
  private let place: DataCommandTests.Folder
  private var folder: String { place.path }
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  init() throws { place = try DataCommandTests.Folder() }

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

  /// Two days of June at 48° N: the sun does nothing without an aperture, and what stood in for measured
  /// irradiance is counted.
  @Test(
    "the sun on the enclosure warms the battery, in a box of its own, a cabinet and a container")
  func sun() throws {
    func run(_ enclosure: String) throws -> (hottestC: Double, sun: [String: Int]?, text: String) {
      let text = try String(contentsOfFile: scenario, encoding: .utf8)
      let site = try write(
        "s.yaml",
        text.replacing("enclosure: cabinet", with: "ageing: none\n  enclosure: \(enclosure)"))
      let power = try write(
        "p.csv",
        "time,power_kw\n2031-06-01T00:00:00Z,0\n"
          + (1..<48).map {
            "2031-06-0\($0 / 24 + 1)T\($0 % 24 < 10 ? "0" : "")\($0 % 24):00:00Z,0\n"
          }
          .joined())
      let arguments = ["twin", site, "--power", power, "--ambient", "20"]
      let outcome = wattif(arguments + ["--json"])
      #expect(outcome.code == .done, "\(outcome.error)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      let temperature = try #require(object["temperature_c"] as? [String: Double])
      return (
        temperature["max"] ?? .nan, object["sun"] as? [String: Int], wattif(arguments).output
      )
    }
    let shaded = try run("{ like: cabinet, solar_aperture_m2: 0 }")
    #expect(shaded.sun == nil && abs(shaded.hottestC - 20) < 0.5)
    for box in [
      "{ like: cabinet, solar_aperture_m2: 5 }",
      "{ air_capacity_j_per_k: 4000, leak_w_per_k: 40, solar_aperture_m2: 2 }",
      "{ like: container, solar_aperture_m2: 20 }",
    ] {
      let sunny = try run(box)
      #expect(sunny.hottestC > shaded.hottestC + 2, "\(box)")
      // The weather of the scenario is of another year: a clear sky stands in.
      #expect(
        sunny.sun == [
          "measured_slots": 0, "cloud_cover_slots": 0, "clear_sky_slots": 48, "unknown_slots": 0,
        ])
      #expect(sunny.text.contains("Sun on the enclosure, slots: 48 from a clear sky.\n"))
    }
    // A container stands in the sun unless it is said not to.
    #expect(try run("container").sun?["clear_sky_slots"] == 48)
    #expect(try run("{ like: container, solar_aperture_m2: 0 }").sun == nil)
  }

  /// What the issue asks to be named and refused: file, line, column, value, rule.
  @Test(
    "bad profiles are refused with line and column",
    arguments: [
      ("nan", "p.csv:7:22: error: 'nan' is not a number"),
      ("-7e6", "p.csv:7:22: error: '-7000000.0' kW is an impossible power: more than 20 times"),
      ("1e12", "p.csv:7:22: error: no battery power at 2031-01-01T05:00:00Z"),
      ("", "p.csv:7:22: error: no battery power at 2031-01-01T05:00:00Z"),
    ])
  func badPower(_ value: String, _ message: String) throws {
    let power = try write("p.csv", profile { $0 == 5 ? value : "1" })
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }

  /// By hand: 16 groups of which 5 to 8 have 82 % of the capacity; every hour of a day has 16 rows, every four
  /// hours 6 × 16 rows.
  @Test("a pack as it is names its parts in every output") func modules() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    func site(_ modules: String) throws -> String {
      try write(
        "s.yaml",
        text.replacing("  enclosure: cabinet", with: "  enclosure: cabinet\n  modules: \(modules)"))
    }
    let power = try write("p.csv", profile { "\($0 < 6 ? -9 : ($0 < 12 ? 9 : 0))" })
    let path = try site(
      "[{name: rack1/m2, groups: 5-8, soh_fraction: 0.82, resistance_factor: 1.4}]")
    let run = ["twin", path, "--power", power, "--ambient", "20", "--soc", "0.5"]
    let outcome = wattif(run + ["--json", "--cells", "\(folder)/c.csv"])
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let weakest = try #require(object["weakest_cell"] as? [String: Any])
    #expect(weakest["module"] as? String == "rack1/m2" && weakest["string"] as? Int == 1)
    #expect((5...8).contains(weakest["group"] as? Int ?? 0))
    // A spread of half a percent about 0.82.
    #expect(abs((weakest["capacity_fraction"] as? Double ?? 0) - 0.82) < 0.02)
    let hottest = try #require(object["hottest_cell"] as? [String: Any])
    #expect(hottest["module"] as? String == "rack1/m2")
    let limited = try #require((object["limited"] as? [[String: Any]])?.first)
    #expect(limited["cause"] as? String == "soc" && limited["module"] as? String == "rack1/m2")

    func rows() throws -> [[Substring]] {
      try String(contentsOfFile: "\(folder)/c.csv", encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    let all = try rows()
    #expect(
      all[0].joined(separator: ",")
        == "start,string,module,group,cell,soc_fraction,voltage_v,temperature_c,current_a")
    #expect(all.count == 1 + 24 * 16)
    #expect(all[4][1...4] == ["1", "", "4", "3"] && all[5][1...4] == ["1", "rack1/m2", "5", "4"])
    #expect(
      wattif(run + ["--cells", "\(folder)/c.csv", "--cells-every", "14400", "-q"]).code == .done)
    let some = try rows()
    #expect(some.count == 1 + 6 * 16 && some[1] == all[1 + 3 * 16])
    #expect(
      wattif(run + ["--cells-every", "60"]).error.contains("'--cells-every' needs '--cells'"))

    let text2 = wattif(run).output
    #expect(text2.contains("Least capacity: cell ") && text2.contains("module rack1/m2, group "))

    let wrong = try site("[{name: a, groups: 9-20}]")
    #expect(
      wattif("twin", wrong, "--power", power, "--ambient", "20").error.contains(
        "s.yaml:52:12: error: module 'a': the battery has groups 1 to 16, found '9-20'"))
    let backward = try site("[{name: a, groups: 8-2}]")
    #expect(
      wattif("twin", backward, "--power", power, "--ambient", "20").error.contains(
        "'groups' must be a number from 1, a range such as 1-16, or a list of them, found '8-2'"))
    let undated = try site("[{name: a, age_full_cycles: 100}]")
    #expect(
      wattif("twin", undated, "--power", power, "--ambient", "20").error.contains(
        "'age_full_cycles' needs 'age_years', the time it took"))
  }

  /// A document of its own is the section by another name.
  @Test("a derating policy may stand in a document of its own") func deratingDocument() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    let power = try write("p.csv", profile { "\($0 < 9 ? -9 : 9)" })
    func run(_ derating: String) throws -> Outcome {
      let path = try write(
        "d.yaml", text.replacing("derating: residential", with: "derating: \(derating)"))
      return wattif("twin", path, "--power", power, "--ambient", "20", "--json", "-q")
    }
    // 9 kW are three tenths of the 30 kW of half a charge per hour, allowed up to 3.33 V.
    let table = "[[3.25, 1], [3.36, 0]]"
    _ = try write("taper.yaml", "name: taper\ncharge:\n  voltage: \(table)\n")
    let named = try run("taper.yaml")
    #expect(named.code == .done, "\(named.error)")
    #expect(try run("{ name: taper, charge: { voltage: \(table) } }").output == named.output)
    #expect(try run("none").output != named.output)
    #expect(named.output.contains("cell_voltage"))
    _ = try write("taper.yaml", "charge:\n  voltage: [[3.3, 0], [3.4, 1]]\n")
    #expect(
      try run("taper.yaml").error.contains(
        "taper.yaml:2:12: error: shares of 'voltage' must not rise with the voltage in charge"))
    let absent = try run("absent.yaml")
    #expect(absent.code == .badInput && absent.error.contains("absent.yaml"), "\(absent.error)")
  }

  /// An entry is the document with its keys in the place of the document's.
  @Test("batteries side by side are those of documents that have them alone")
  func batteries() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    let power = try write("p.csv", profile { "\($0 < 6 ? -9 : ($0 < 12 ? 9 : 0))" })
    func object(_ arguments: [String]) throws -> [String: Any] {
      let outcome = wattif(
        ["twin"] + arguments + ["--power", power, "--ambient", "20", "--json", "-q"])
      #expect(outcome.code == .done, "\(outcome.error)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let both = try write(
      "both.yaml",
      text + """

        batteries:
          - {name: as ordered}
          - name: nmc
            battery: {chemistry: nmc, initial_soc_fraction: 0.2}
            inverter: {power_kw: 20}
        """)
    let found = try #require(try object([both])["batteries"] as? [[String: Any]])
    #expect(found.compactMap { $0["name"] as? String } == ["as ordered", "nmc"])
    let other = try write(
      "other.yaml",
      text.replacing("chemistry: lfp", with: "chemistry: nmc\n  initial_soc_fraction: 0.2")
        .replacing("power_kw: 30", with: "power_kw: 20"))
    let hashes = found.compactMap { $0["state_hash"] as? String }
    #expect(try object([scenario])["state_hash"] as? String == hashes[0])
    #expect(try object([other])["state_hash"] as? String == hashes[1])
    #expect(try object([both, "--battery", "nmc"])["state_hash"] as? String == hashes[1])
    let table = wattif("twin", both, "--power", power, "--ambient", "20", "-o", folder).output
    #expect(table.contains("as ordered") && table.contains("equivalent full cycles"))
    for name in ["as_ordered", "nmc"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)/twin.csv"), "\(name)")
    }
    let unnamed = wattif("twin", both, "--power", power, "--battery", "nmx")
    #expect(
      unnamed.code == .badCommandLine
        && unnamed.error.contains(
          "the scenario has no battery 'nmx' among its 'batteries'; did you mean 'nmc'?")
    )
    #expect(
      wattif("twin", both, "--power", power, "--cells", "c.csv").error.contains(
        "need '--battery', as the scenario has 'batteries'"))
    let twice = try write("twice.yaml", text + "\nbatteries: [{name: a}, {name: A}]\n")
    #expect(
      wattif("check", twice).error.contains(
        "batteries need names that differ in more than case and signs, found 'A'"))
    let wrong = try write(
      "wrong.yaml", text + "\nbatteries: [{name: a, battery: {capacity_kwh: -3}}]\n")
    #expect(wattif("check", wrong).error.contains("'capacity_kwh' must be positive, found '-3'"))
  }

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
    let power = try write("p.csv", profile { "\($0 < 6 ? -2 : 2)" })
    let saved = "\(folder)/s.json"
    let first = wattif(
      "twin", scenario, "--power", power, "--ambient", "20", "--save-state", saved, "-q")
    #expect(first.code == .done, "\(first.error)")
    let arguments = ["--power", power, "--ambient", "20", "--state", saved, "-q"]
    #expect(wattif(["twin", scenario] + arguments).code == .done)
    let other = try write("o.yaml", text.replacing(from, with: to))
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
    let bare = try write("b.json", #"{"schema": "wattif.twin_state/1", "state": {}}"#)
    let old = wattif("twin", scenario, "--power", power, "--ambient", "20", "--state", bare)
    #expect(
      old.error.contains("b.json: error: not a saved state of a battery, 'wattif.twin_state/2'"))
  }

  @Test("a profile longer than the weather is refused where it leaves it") func weather() throws {
    var text = "time,power_kw\n"
    for day in 30...31 { text += "2024-12-\(day)T00:00:00Z,1\n" }
    for day in 1...3 { text += "2025-01-0\(day)T00:00:00Z,1\n" }
    let outcome = wattif("twin", scenario, "--power", try write("p.csv", text))
    #expect(outcome.code == .badInput)
    // The scenario's year ends on 31 December at 23:00 UTC.
    #expect(
      outcome.error.contains("p.csv:4:22: error: the profile has 2025-01-01T00:00:00Z"),
      "\(outcome.error)")
  }

  @Test("a profile keeps its places whatever separates its cells") func separators() throws {
    let text =
      "sep=;\n\"time\";\"power (kW, AC)\"\n2031-01-01T00:00:00Z;1,5\n2031-01-01T01:00:00Z;-7e6\n"
    let outcome = wattif(
      "twin", scenario, "--power", try write("p.csv", text), "--unit", "kW", "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains("p.csv:4:22: error: '-7000000.0' kW is an impossible power"),
      "\(outcome.error)")
  }

  @Test("a step of zero is refused") func zeroStep() throws {
    let row = "2031-01-01T00:00:00Z,1\n"
    let power = try write("p.csv", "time,power_kw\n" + row + row + row)
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains(
        "p.csv:3:22: error: a step of zero: all 3 rows have the stamp '2031-01-01T00:00:00Z'"),
      "\(outcome.error)")
  }

  @Test(
    "impossible batteries are refused",
    arguments: [
      (
        "  cell:\n    soc_fraction: [0, 0.5, 1]\n    open_circuit_v: [3, 2.9, 3.4]",
        "the open-circuit voltage must rise with the charge"
      ),
      (
        "  cell:\n    capacity_ah: 0",
        "s.yaml:49:18: error: 'capacity_ah' must be positive, found '0'"
      ),
      (
        "  cell:\n    usable_charge: [{temperature_c: 25, fraction: 1, rate_c: 0.5}]",
        "s.yaml:49:20: error: 'usable_charge' needs a fraction below 1, and fractions that fall"
      ),
      (
        "  cell:\n    usable_charge:\n"
          + "      - {temperature_c: 0, fraction: 0.5, rate_c: 0.5}\n"
          + "      - {temperature_c: -20, fraction: 0.9, rate_c: 0.5}",
        "error: 'usable_charge' needs a fraction below 1, and fractions that fall as it gets colder"
      ),
      (
        "  cell:\n    surface_lag: {soc_per_c: 0.05}\n"
          + "    usable_charge: [{temperature_c: 0, fraction: 0.8, rate_c: 0.5}]",
        "s.yaml:50:20: error: 'usable_charge' stands in place of 'surface_lag', not beside it"
      ),
    ])
  func badCell(_ section: String, _ message: String) throws {
    let good = try String(contentsOfFile: scenario, encoding: .utf8)
    let broken = good.replacingOccurrences(
      of: "  chemistry: lfp", with: "  chemistry: lfp\n" + section)
    let path = try write("s.yaml", broken)
    let outcome = wattif(
      "twin", path, "--power", try write("p.csv", profile { _ in "1" }), "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.error.contains("s.yaml:"), "\(outcome.error)")
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
        ["twin", scenario, "--power", try write("p.csv", head + rows), "--ambient", "20", "--json"]
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

  @Test("the result says what limited the battery and why") func limits() throws {
    let power = try write("p.csv", profile { "\($0 < 12 ? -20 : 0)" })
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .done)
    let row = outcome.output.split(separator: "\n").first { $0.hasPrefix("soc ") }
    #expect(row?.hasSuffix("the first cell was empty or full") == true, "\(outcome.output)")
  }

  /// Cells that lose heat to nothing and may work at twice their capacity per hour.
  @Test(
    "a battery that gets impossibly hot ends the run and says so", arguments: ["twin", "replay"])
  func impossible(subcommand: String) throws {
    let good = try String(contentsOfFile: scenario, encoding: .utf8)
    let start = try #require(good.range(of: "battery:\n"))
    let end = try #require(good.range(of: "inverter:\n"))
    let path = try write(
      "s.yaml",
      good[..<start.lowerBound] + """
        battery:
          chemistry: nmc
          capacity_kwh: 10
          max_charge_c: 3
          max_discharge_c: 3
          derating: none
          cooling: { air_w_per_k: 0, neighbour_w_per_k: 0 }
        inverter:

        """ + good[end.upperBound...])
    let power = try write("p.csv", profile { $0 % 2 == 0 ? "30" : "-30" })
    let outcome = wattif(
      [subcommand, path, "--quiet"]
        + (subcommand == "twin" ? ["--power", power, "--ambient", "25"] : []))
    #expect(outcome.code == .failed && outcome.output.isEmpty)
    #expect(
      outcome.error.hasPrefix("error: the battery came into an impossible state after "),
      "\(outcome.error)")
    #expect(outcome.error.contains(" has a temperature of '2"), "\(outcome.error)")
    #expect(outcome.error.contains("' °C, possible are -60.0…200.0 °C"), "\(outcome.error)")
  }

  @Test("missing options are named") func usage() {
    #expect(wattif("twin", scenario).error.contains("'twin' needs '--power'"))
    #expect(wattif("twin", "fit", "x.csv").error.contains("a positive '--capacity-ah'"))
  }

  /// A cell of 20 mΩ without pairs: rest at 3 V + 1 V per full charge.
  @Test("a fit finds the resistance of a made cell") func fit() throws {
    let outcome = wattif(
      "twin", "fit", try write("c.csv", OutputsPageFiles.cell), "--capacity-ah", "2", "--json")
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
    #expect(bad.error.contains("d.csv:2:3: error: 'current_a' must be a number"), "\(bad.error)")
    let overflow = wattif(
      "twin", "fit",
      try write("e.csv", "time_s,current_a,voltage_v,temperature_c\n0,3.4e38,3,25\n1,0,-3,25\n"),
      "--capacity-ah", "2")
    #expect(overflow.code == .badInput)
    #expect(
      overflow.error.contains(
        "e.csv:2:3: error: 'current_a' must be within 100 times the charge, 200.0 A, found '3.4e38'"
      ), "\(overflow.error)")
    #expect(overflow.error.contains("e.csv:3:5: error: 'voltage_v' must be"), "\(overflow.error)")
    let comma = wattif(
      "twin", "fit",
      try write(
        "f.csv",
        "time_s,current_a,voltage_v,temperature_c\n0,1,3,25\n10,1,3,5,25\n20,0x1,3,25\n"),
      "--capacity-ah", "2")
    #expect(comma.code == .badInput)
    #expect(comma.error.contains("f.csv:3:10: error: the row has 5 cells"), "\(comma.error)")
    #expect(
      comma.error.contains("f.csv:4:4: error: 'current_a' must be a number, found '0x1'"),
      "\(comma.error)")
    let lagging = wattif(
      "twin", "fit", "\(folder)/c.csv", "--capacity-ah", "2", "--diffusion", "--json")
    #expect(lagging.code == .done && lagging.output.contains("lag_soc_per_c"), "\(lagging.error)")
  }

  /// A cell of 3 V + 1 V per full charge at rest, 20 mΩ and two pairs of 10 mΩ, 30 s and 20 mΩ, 400 s, under
  /// pulses of 2 A; the pairs by their exact exponentials.
  private static func pulses(_ run: String, celsius: Double, ampere: Double) -> String {
    var text = ""
    var (charge, fast, slow) = (1.0, 0.0, 0.0)
    for k in 0..<600 {
      let current = k % 60 < 40 ? ampere : 0
      charge -= current * 10 / 7200
      fast = 0.010 * current + (fast - 0.010 * current) * exp(-10.0 / 30)
      slow = 0.020 * current + (slow - 0.020 * current) * exp(-10.0 / 400)
      let volt = 3 + charge - 0.020 * current - fast - slow
      text += "\(run),\((k + 1) * 10),\(current),\(volt),\(celsius),\(celsius)\n"
    }
    return text
  }

  private static let header = "run,time_s,current_a,voltage_v,temperature_c,ambient_c\n"

  @Test("a fit finds two pairs, predicts unseen runs and says what it cannot tell")
  func pairs() throws {
    let file = try write(
      "made.csv",
      Self.header + Self.pulses("a", celsius: 25, ampere: 1)
        + Self.pulses("b", celsius: 25, ampere: 1.5) + Self.pulses("c", celsius: 25, ampere: 0.7))
    let cell = "\(folder)/made-cell.yaml"
    let outcome = wattif(
      "twin", "fit", file, "--capacity-ah", "2", "--leave-out", "c", "--write", cell, "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let resistance = try #require(object["resistance"] as? [String: Any])
    let nodes = try #require(resistance["soc_fraction"] as? [Double])
    let middle = try #require(nodes.firstIndex { abs($0 - 0.7) < 0.01 })
    let pairs = try #require(resistance["pair_ohm"] as? [[Double]])
    #expect(abs(pairs[0][middle] - 0.010) < 0.001, "\(pairs)")
    #expect(abs(pairs[1][middle] - 0.020) < 0.002, "\(pairs)")
    let residuals = try #require(object["residuals"] as? [[String: Any]])
    #expect(residuals.map { $0["seen"] as? Bool } == [true, true, false])
    #expect(try #require(residuals[2]["voltage_rmse_10_90_v"] as? Double) < 0.001)
    let remarks = try #require(object["remarks"] as? [String])
    #expect(remarks.contains { $0.hasPrefix("temperatures from 25 to 25 °C do not tell") })
    #expect(remarks.contains { $0.hasPrefix("the cell warmed by 0 K at most") })

    // What was written is a cell that a scenario takes by its path, number for number.
    let read = try Scenario.read(
      Array(
        """
        site: {time_zone: UTC, latitude_deg: 48.4, longitude_deg: 10}
        period: {from: 2024-06-03, to: 2024-06-05}
        history: {source: synthetic, load: {kind: home, annual_kwh: 5000}}
        forecasts: {versions: [naive_day]}
        battery: {cell: made-cell.yaml, capacity_kwh: 8}
        inverter: {power_kw: 4}
        tariff:
          {name: t, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.3}],
           export: {price_per_kwh: 0.08}}

        """.utf8), path: "\(folder)/site.yaml", environment: [:])
    #expect(read.battery.cell.name == "made")
    #expect(read.battery.cell.capacityAh == 2)
    #expect(read.files.contains { $0.hasSuffix("made-cell.yaml") })
    // One temperature tells no activation energy; the library's stand.
    #expect(
      read.battery.cell.seriesActivationJPerMol
        == CellSpecification.nmcCylindrical21700.seriesActivationJPerMol)
    let shown = read.battery.cell
    let at = try #require(shown.socFraction.firstIndex { abs($0 - 0.7) < 0.001 })
    #expect(abs(shown.seriesOhm * shown.seriesShape[at] - 0.020) < 0.001)
    #expect(abs(shown.openCircuitV[at] - 3.7) < 0.003)
    // The library's lag is no part of a cell that was fitted without one.
    #expect(shown.surfaceLag?.socPerC == 0)

    let missing = wattif("twin", "fit", file, "--capacity-ah", "2", "--leave-out", "d")
    #expect(missing.code == .badInput)
    #expect(missing.error.contains("no run is named 'd'; there are 'a', 'b' and 'c'"))
  }

  @Test("a known voltage at rest is taken, and another file can be predicted") func known() throws {
    let seen = try write("seen.csv", Self.header + Self.pulses("a", celsius: 25, ampere: 1))
    let unseen = try write("unseen.csv", Self.header + Self.pulses("z", celsius: 25, ampere: 0.5))
    let rest = try write("ocv.csv", "soc_fraction,voltage_v\n-0.1,2.9\n1,4\n")
    let outcome = wattif(
      "twin", "fit", seen, "--capacity-ah", "2", "--ocv", rest, "--predict", unseen, "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((object["open_circuit"] as? [String: Any])?["volt"] as? [Double] == [2.9, 4])
    let residuals = try #require(object["residuals"] as? [[String: Any]])
    #expect(residuals.map { $0["run"] as? String } == ["a", "z"])
    #expect(try #require(residuals[1]["voltage_rmse_v"] as? Double) < 0.001)
    let falling = try write("bad.csv", "soc_fraction,voltage_v\n0,3\n0.5,2.9\n")
    #expect(
      wattif("twin", "fit", seen, "--capacity-ah", "2", "--ocv", falling).error.contains(
        "bad.csv:3:5: error: 'voltage_v' must rise, found '2.9' after '3'"))
  }
}
