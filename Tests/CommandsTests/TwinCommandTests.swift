import CommandLine
import Foundation
import Testing

@Suite("wattif twin") struct TwinCommandTests {
  private let place: TwinFolder
  private var folder: String { place.path }
  private var scenario: String { TwinFolder.scenario }

  init() throws { place = try TwinFolder() }

  @Test("a day's profile in JSON has the keys of the design and balances") func json() throws {
    let power = try place.write(
      "p.csv", TwinFolder.profile { "\($0 < 6 ? -2 : ($0 < 12 ? 2 : 0))" })
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
      let site = try place.write(
        "s.yaml",
        text.replacing("enclosure: cabinet", with: "ageing: none\n  enclosure: \(enclosure)"))
      let power = try place.write(
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

  /// By hand: 16 groups of which 5 to 8 have 82 % of the capacity; every hour of a day has 16 rows, every four
  /// hours 6 × 16 rows.
  @Test("a pack as it is names its parts in every output") func modules() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    func site(_ modules: String) throws -> String {
      try place.write(
        "s.yaml",
        text.replacing("  enclosure: cabinet", with: "  enclosure: cabinet\n  modules: \(modules)"))
    }
    let power = try place.write(
      "p.csv", TwinFolder.profile { "\($0 < 6 ? -9 : ($0 < 12 ? 9 : 0))" })
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
        "s.yaml:53:12: error: module 'a': the battery has groups 1 to 16, found '9-20'"))
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
    let power = try place.write("p.csv", TwinFolder.profile { "\($0 < 9 ? -9 : 9)" })
    func run(_ derating: String) throws -> Outcome {
      let path = try place.write(
        "d.yaml", text.replacing("derating: residential", with: "derating: \(derating)"))
      return wattif("twin", path, "--power", power, "--ambient", "20", "--json", "-q")
    }
    // 9 kW are three tenths of the 30 kW of half a charge per hour, allowed up to 3.33 V.
    let table = "[[3.25, 1], [3.36, 0]]"
    _ = try place.write("taper.yaml", "name: taper\ncharge:\n  voltage: \(table)\n")
    let named = try run("taper.yaml")
    #expect(named.code == .done, "\(named.error)")
    #expect(try run("{ name: taper, charge: { voltage: \(table) } }").output == named.output)
    #expect(try run("none").output != named.output)
    #expect(named.output.contains("cell_voltage"))
    _ = try place.write("taper.yaml", "charge:\n  voltage: [[3.3, 0], [3.4, 1]]\n")
    #expect(
      try run("taper.yaml").error.contains(
        "taper.yaml:2:12: error: shares of 'voltage' must not rise with the voltage in charge"))
    let absent = try run("absent.yaml")
    #expect(absent.code == .badInput && absent.error.contains("absent.yaml"), "\(absent.error)")
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
        "s.yaml:50:18: error: 'capacity_ah' must be positive, found '0'"
      ),
      (
        "  cell:\n    usable_charge: [{temperature_c: 25, fraction: 1, rate_c: 0.5}]",
        "s.yaml:50:20: error: 'usable_charge' needs a fraction below 1, and fractions that fall"
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
        "s.yaml:51:20: error: 'usable_charge' stands in place of 'surface_lag', not beside it"
      ),
    ])
  func badCell(_ section: String, _ message: String) throws {
    let good = try String(contentsOfFile: scenario, encoding: .utf8)
    let broken = good.replacingOccurrences(
      of: "  chemistry: lfp", with: "  chemistry: lfp\n" + section)
    let path = try place.write("s.yaml", broken)
    let outcome = wattif(
      "twin", path, "--power", try place.write("p.csv", TwinFolder.profile { _ in "1" }),
      "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.error.contains("s.yaml:"), "\(outcome.error)")
    // Of two keys that exclude each other neither is unknown.
    #expect(!outcome.error.contains("unknown key"), "\(outcome.error)")
  }

  @Test("the result says what limited the battery and why") func limits() throws {
    let power = try place.write("p.csv", TwinFolder.profile { "\($0 < 12 ? -20 : 0)" })
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .done)
    let row = outcome.output.split(separator: "\n").first { $0.hasPrefix("soc ") }
    #expect(
      row?.contains(" no cell goes above 'soc_max_fraction' of 0.95; cell ") == true,
      "\(outcome.output)")
    #expect(row?.contains("charging at 9") == true && row?.contains(" charge ") == true)
  }

  @Test("a page with charts is written alone or among the files") func page() throws {
    let power = try place.write("p.csv", TwinFolder.profile { "\($0 < 12 ? -20 : 0)" })
    let run = ["twin", scenario, "--power", power, "--ambient", "20"]
    #expect(wattif(run + ["--html", "\(folder)/a.html", "-o", folder]).code == .done)
    let alone = try String(contentsOfFile: "\(folder)/a.html", encoding: .utf8)
    let among = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
    #expect(alone == among && alone.contains("<h1>Workshop with a solar roof</h1>"))
    #expect(
      alone.contains("<p class=\"verdict\">The charge of the first cell limited the battery most"))
  }

  /// Cells that lose heat to nothing and may work at twice their capacity per hour.
  @Test(
    "a battery that gets impossibly hot ends the run and says so", arguments: ["replay"])
  func impossible(subcommand: String) throws {
    let good = try String(contentsOfFile: scenario, encoding: .utf8)
    let start = try #require(good.range(of: "battery:\n"))
    let end = try #require(good.range(of: "inverter:\n"))
    let path = try place.write(
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
    let power = try place.write("p.csv", TwinFolder.profile { $0 % 2 == 0 ? "30" : "-30" })
    let outcome = wattif(
      [subcommand, path, "--quiet"]
        + (subcommand == "twin" ? ["--power", power, "--ambient", "25"] : []))
    #expect(outcome.code == .failed && outcome.output.isEmpty)
    #expect(
      outcome.error.contains("error: the battery came into an impossible state after "),
      "\(outcome.error)")
    #expect(outcome.error.contains(" has a temperature of '2"), "\(outcome.error)")
    #expect(outcome.error.contains("' °C, possible are -60.0…200.0 °C"), "\(outcome.error)")
  }

  @Test("missing options are named") func usage() {
    #expect(wattif("twin", scenario).error.contains("'twin' needs '--power'"))
    #expect(wattif("twin", "fit", "x.csv").error.contains("a positive '--capacity-ah'"))
  }
}
