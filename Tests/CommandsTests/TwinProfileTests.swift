import CommandLine
import Foundation
import Testing

@Suite("Profiles of wattif twin") struct TwinProfileTests {
  private let place: TwinFolder
  private var folder: String { place.path }
  private var scenario: String { TwinFolder.scenario }

  init() throws { place = try TwinFolder() }

  /// A bad profile is refused with file, line, column, value and rule.
  @Test(
    "bad profiles are refused with line and column",
    arguments: [
      ("nan", "p.csv:7:22: error: 'nan' is not a number"),
      ("-7e6", "p.csv:7:22: error: '-7000000.0' kW is an impossible power: more than 20 times"),
      ("1e12", "p.csv:7:22: error: no battery power at 2031-01-01T05:00:00Z"),
      ("", "p.csv:7:22: error: no battery power at 2031-01-01T05:00:00Z"),
    ])
  func badPower(_ value: String, _ message: String) throws {
    let power = try place.write("p.csv", TwinFolder.profile { $0 == 5 ? value : "1" })
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }

  @Test("a profile longer than the weather is refused where it leaves it") func weather() throws {
    var text = "time,power_kw\n"
    for day in 30...31 { text += "2024-12-\(day)T00:00:00Z,1\n" }
    for day in 1...3 { text += "2025-01-0\(day)T00:00:00Z,1\n" }
    let outcome = wattif("twin", scenario, "--power", try place.write("p.csv", text))
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
      "twin", scenario, "--power", try place.write("p.csv", text), "--unit", "kW", "--ambient", "20"
    )
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains("p.csv:4:22: error: '-7000000.0' kW is an impossible power"),
      "\(outcome.error)")
  }

  @Test("a step of zero is refused") func zeroStep() throws {
    let row = "2031-01-01T00:00:00Z,1\n"
    let power = try place.write("p.csv", "time,power_kw\n" + row + row + row)
    let outcome = wattif("twin", scenario, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains(
        "p.csv:3:22: error: a step of zero: all 3 rows have the stamp '2031-01-01T00:00:00Z'"),
      "\(outcome.error)")
  }

  /// A cell of 100 Ah, 3.0 V + 0.5 V per charge, 1 mΩ; four in series behind an inverter without losses.
  static let pack = """
    battery:
      series: 4
      parallel: 1
      cell: {name: ohmic, capacity_ah: 100, soc_fraction: [0, 1], open_circuit_v: [3.0, 3.5],
        entropic_v_per_k: [0, 0], hysteresis_v: [0, 0], series_ohm: 0.001, series_activation_j_per_mol: 0,
        series_shape: [1, 1], series_charge_shape: [1, 1], pair_shape: [1, 1], slow_shape: [1, 1],
        fast: {resistance_ohm: 0, time_constant_s: 10}, slow: {resistance_ohm: 0, time_constant_s: 100},
        surface_lag: {soc_per_c: 0}, charge_efficiency: 1, self_discharge_per_month: 0, min_v: 1, max_v: 6,
        max_charge_c: 1, max_discharge_c: 1, heat_capacity_j_per_k: 5000}
      soc_min_fraction: 0
      soc_max_fraction: 1
      spread: none
      derating: none
      balancing: none
      ageing: none
      enclosure: {like: cabinet, solar_aperture_m2: 0}

    inverter:
      class: ideal
      power_kw: 20


    """

  /// The scenario with `pack` in the place of its battery and without the weather of `stress`.
  static func site(_ change: (String) -> String = { $0 }) throws -> String {
    let text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    let start = try #require(text.range(of: "battery:\n"))
    let end = try #require(text.range(of: "grid:\n"))
    let head = String(text[..<start.lowerBound])
    let weather = try #require(text.range(of: "  weather:\n    - name: heat wave\n"))
    let tail = String(text[end.lowerBound..<weather.lowerBound])
    return change(head + pack + tail)
  }

  /// By hand: 20 A for 2 h take 40 Ah; the charge falls from 0.9 to 0.5, in the mean 0.7, so each cell gives
  /// 3.35 V − 20 mV and four of them 13.32 V · 40 Ah = 0.5328 kWh.
  @Test(
    "a current is that of the pack's terminals, whatever its unit stands in",
    arguments: [("current_a", 20.0), ("Current [A]", 20), ("Current [mA]", 20_000)])
  func current(column: String, value: Double) throws {
    let path = try place.write("s.yaml", try Self.site())
    let power = try place.write("p.csv", TwinFolder.profile(column) { $0 < 2 ? "\(value)" : "0" })
    let outcome = wattif(
      "twin", path, "--power", power, "--ambient", "20", "--soc", "0.9", "--json", "-o", folder)
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    let energy = try #require(object["energy"] as? [String: Double])
    #expect(abs((energy["out_kwh"] ?? 0) - 0.5328) < 1e-6)
    let soc = try #require(object["soc"] as? [String: Double])
    #expect(abs((soc["end"] ?? 0) - 0.5) < 1e-9)
    let text = try String(contentsOfFile: "\(folder)/twin.csv", encoding: .utf8)
    let lines = text.split(separator: "\n")
    let cells = lines[1].split(separator: ",", omittingEmptySubsequences: false)
    // Requested, and the voltage at the end of the hour: 4 · (3.0 + 0.5 · 0.7 − 0.02) V.
    let asked = Double(cells[3])
    #expect(asked == 20)
    let volt = try #require(Double(cells[6]))
    #expect(abs(volt - 13.32) < 1e-6)
  }

  @Test(
    "what a profile cannot ask is refused with its place",
    arguments: [
      (
        "current_a", "3000",
        "p.csv:7:22: error: '3000.0' A is an impossible current: more than 20 times"
      ),
      ("current_a", "", "p.csv:7:22: error: no battery current at 2031-01-01T05:00:00Z"),
      (
        "power_kw,current_a", "1,1",
        "p.csv:1: error: 'power_kw' and 'current_a' both say what is asked"
      ),
      ("current_a,pv_kw", "1,1", "p.csv:1: error: 'pv_kw' goes with a power, not with a current"),
      ("power_kw,pv_kw", "1,1", "p.csv:1: error: 'pv_kw' needs photovoltaics on the DC side"),
    ])
  func impossible(_ columns: String, _ value: String, _ message: String) throws {
    let usual = columns.contains(",") ? "1,1" : "1"
    let path = try place.write("s.yaml", try Self.site())
    let power = try place.write(
      "p.csv", TwinFolder.profile(columns) { $0 == 5 ? value : usual })
    let outcome = wattif("twin", path, "--power", power, "--ambient", "20")
    #expect(outcome.code == .badInput && outcome.error.contains(message), "\(outcome.error)")
  }

  /// By hand: of 3 kW on the DC side 2 kW go out and 1 kW charges; nothing is lost on the way, so the charge rises by
  /// 1 kWh / 13.3 V an hour and the battery has been given nothing by the grid.
  @Test("photovoltaics on the DC side charge what the inverter leaves of them") func direct() throws
  {
    let path = try place.write(
      "s.yaml",
      try Self.site { $0.replacing("class: ideal", with: "class: ideal\n  pv_coupling: dc") })
    let power = try place.write(
      "p.csv", TwinFolder.profile("power_kw,pv_kw") { $0 == 0 ? "2,3" : "0,0" })
    let run = ["twin", path, "--ambient", "20", "--soc", "0.1"]
    let outcome = wattif(run + ["--power", power, "--json"])
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    let pv = try #require(object["pv"] as? [String: Any])
    #expect(abs((pv["used_kwh"] as? Double ?? 0) - 3) < 1e-9)
    let energy = try #require(object["energy"] as? [String: Double])
    // The battery's part at the AC side: what the inverter gave less what production brought.
    #expect(abs((energy["in_kwh"] ?? 0) - 1) < 1e-9)
    // At 75.8 A of 4 · 1 mΩ 23 W are lost.
    #expect(abs((energy["stored_kwh"] ?? 0) - 0.978) < 2e-3)
    let bare = wattif(
      run + ["--power", try place.write("q.csv", TwinFolder.profile { _ in "0" }), "-q"])
    #expect(
      bare.error.contains("'pv_coupling: dc' changes nothing: the profile has no column 'pv_kw'"),
      "\(bare.error)")
  }

  @Test("all cells start at a temperature that is given") func startTemperature() throws {
    let path = try place.write("s.yaml", try Self.site())
    let power = try place.write("p.csv", TwinFolder.profile { _ in "0" })
    let run = ["twin", path, "--power", power, "--ambient", "20"]
    let outcome = wattif(run + ["--start-temperature", "42.5", "--json"])
    let object = try TwinFolder.object(outcome.output)
    #expect(object["start_temperature_c"] as? Double == 42.5)
    let temperature = try #require(object["temperature_c"] as? [String: Double])
    #expect(temperature["max"] == 42.5)
    #expect(
      wattif(run + ["--start-temperature", "142"]).error.contains(
        "'--start-temperature' must be a temperature in °C, found '142.0'"))
    #expect(
      wattif(run + ["--start-temperature", "20", "--state", "s.json"]).error.contains(
        "'--start-temperature' and '--state' exclude each other"))
  }

  @Test("the weather of 'stress' does not act, which is said to whoever asks for its faults")
  func stressWeather() throws {
    let power = try place.write("p.csv", TwinFolder.profile { _ in "0" })
    func errors(_ fault: [String], _ change: (String) -> String) throws -> String {
      let path = try place.write("s.yaml", try Self.site(change))
      let outcome = wattif(
        ["twin", path, "--power", power, "--ambient", "20", "--json", "-q"] + fault)
      #expect(outcome.code == .done)
      return outcome.error
    }
    let said = "'stress.weather' changes nothing: it acts in 'stress' alone"
    func hot(_ text: String) -> String { text + "  weather: [{name: hot, ambient_offset_k: 8}]\n" }
    let fault = ["--fault", "fan_failure"]
    #expect(try !errors(fault) { $0 }.contains("stress.weather"))
    #expect(try errors([], hot) == "")
    let warned = try errors(fault, hot)
    #expect(warned.contains("s.yaml:") && warned.contains("warning: \(said)"), "\(warned)")
  }

  /// By hand: 40 A end the first step of 300 s above 3.44 V; the stop lasts 2 h, so 40 A are refused up to 2 h 5 min, and
  /// another step of 300 s stops it again.
  @Test("a stop says what ends it") func release() throws {
    let path = try place.write(
      "s.yaml",
      try Self.site {
        $0.replacing(
          "derating: none",
          with: "derating: {charge: {stop_v: 3.44, restart_v: 3.43, dwell_s: 60, latch_s: 7200, "
            + "latch_reset: reversal}}")
      })
    let power = try place.write("p.csv", TwinFolder.profile("current_a") { $0 < 4 ? "-40" : "0" })
    let outcome = wattif(
      "twin", path, "--power", power, "--ambient", "20", "--soc", "0.8", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    let limited = try #require((object["limited"] as? [[String: Any]])?.first)
    #expect(limited["rule"] as? String == "charge.stop_v")
    let words = limited["words"] as? String ?? ""
    #expect(
      words.contains(
        "stopped from 'charge.stop_v' of 3.44 V until 3.43 V for 60 s, not before a discharge or "
          + "7200 s"),
      "\(words)")
    // Two steps of 300 s at 40 A are 6.67 Ah of 100 Ah.
    let soc = try #require(object["soc"] as? [String: Double])
    #expect(abs((soc["end"] ?? 0) - 0.866_667) < 1e-5)
  }

  /// A sensor that reads 10 K too much stops a battery at 41 °C, of which 'residential' leaves 0.4.
  @Test("faults of the scenario act by their name") func faults() throws {
    let text = try Self.site {
      $0.replacing("derating: none", with: "derating: residential").replacing(
        "    - kind: fan_failure\n",
        with: "    - {kind: sensor_bias, bias_k: 10}\n    - {kind: hvac_failure, from_day: 3}\n"
          + "    - {kind: weak_cell, cell: 2, factor: 0.5}\n    - kind: fan_failure\n")
    }
    let path = try place.write("s.yaml", text)
    let power = try place.write("p.csv", TwinFolder.profile { $0 < 2 ? "1" : "0" })
    let run = ["twin", path, "--power", power, "--ambient", "41", "--soc", "0.9"]
    let healthy = try TwinFolder.object(wattif(run + ["--json"]).output)
    #expect((healthy["limited"] as? [Any])?.isEmpty == false)
    let outcome = wattif(
      run + ["--fault", "sensor_bias", "--fault", "weak_cell", "--fault", "hvac_failure", "--json"])
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try TwinFolder.object(outcome.output)
    #expect(object["faults"] as? [String] == ["sensor_bias", "weak_cell", "hvac_failure"])
    let weakest = try #require(object["weakest_cell"] as? [String: Any])
    #expect(weakest["cell"] as? Int == 2 && weakest["capacity_ah"] as? Double == 50)
    func refused(_ object: [String: Any]) -> Double {
      (object["clips_kwh"] as? [String: Double])?["heat"] ?? 0
    }
    #expect(refused(object) > 5 * refused(healthy))
    #expect(
      outcome.error.contains(
        "warning: the fault 'hvac_failure' changes nothing: the enclosure has no air conditioning"))
    #expect(outcome.error.contains("the fault 'hvac_failure' begins 3 days after the start"))
    #expect(
      wattif(run + ["--fault", "sensor_bais"]).error.contains(
        "the scenario has no fault 'sensor_bais' in 'stress.faults'; did you mean 'sensor_bias'?"))
    #expect(
      wattif(run + ["--fault", "a", "--fault", "a"]).error.contains("'--fault a' is given twice"))
  }
}
