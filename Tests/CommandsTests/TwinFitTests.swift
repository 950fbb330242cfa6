import CommandLine
import Foundation
import Scenarios
import Testing
import Twin

@Suite("wattif twin fit") struct TwinFitTests {
  private let place: TwinFolder
  private var folder: String { place.path }
  private var scenario: String { TwinFolder.scenario }

  init() throws { place = try TwinFolder() }

  /// A cell of 20 mΩ without pairs: rest at 3 V + 1 V per full charge.
  @Test("a fit finds the resistance of a made cell") func fit() throws {
    let outcome = wattif(
      "twin", "fit", try place.write("c.csv", OutputsPageFiles.cell), "--capacity-ah", "2", "--json"
    )
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let resistance = try #require(object["resistance"] as? [String: Any])
    let series = try #require(resistance["series_ohm"] as? [Double])
    #expect(abs(series[6] - 0.02) < 0.001, "\(series)")
    let bad = wattif(
      "twin", "fit",
      try place.write("d.csv", "time_s,current_a,voltage_v,temperature_c\n0,x,3,25\n"),
      "--capacity-ah", "2")
    #expect(bad.code == .badInput)
    #expect(bad.error.contains("d.csv:2:3: error: 'current_a' must be a number"), "\(bad.error)")
    let overflow = wattif(
      "twin", "fit",
      try place.write(
        "e.csv", "time_s,current_a,voltage_v,temperature_c\n0,3.4e38,3,25\n1,0,-3,25\n"),
      "--capacity-ah", "2")
    #expect(overflow.code == .badInput)
    #expect(
      overflow.error.contains(
        "e.csv:2:3: error: 'current_a' must be within 100 times the charge, 200.0 A, found '3.4e38'"
      ), "\(overflow.error)")
    #expect(overflow.error.contains("e.csv:3:5: error: 'voltage_v' must be"), "\(overflow.error)")
    // A time that is wrong makes a charge that no array of nodes holds.
    let far = wattif(
      "twin", "fit",
      try place.write("g.csv", OutputsPageFiles.cell + "1e13,1,3,25\n"), "--capacity-ah", "2")
    #expect(far.code == .badInput)
    #expect(far.error.contains("g.csv: error: the current moves the charge from "), "\(far.error)")
    let comma = wattif(
      "twin", "fit",
      try place.write(
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
    let file = try place.write(
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
    #expect(remarks.contains { $0.hasPrefix("the cell did not warm with what it lost") })

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

  /// The cell of `pulses`, discharged and charged in turn, with 45 J/K and 0.12 W/K in air of 25 °C, read by a sensor that is off by `offset`; the
  /// power lost over an interval is the current times the mean overvoltage of its ends, the temperature exact.
  private static func warming(_ run: String, ampere: Double, offset: Double) -> String {
    var text = "\(run),0,0,4,\(25 + offset),25\n"
    var (charge, fast, slow, warmth) = (1.0, 0.0, 0.0, 0.0)
    for k in 0..<600 {
      let current = [ampere, -ampere, 0][k % 60 / 20]
      charge -= current * 10 / 7200
      let before = fast + slow
      fast = 0.010 * current + (fast - 0.010 * current) * exp(-10.0 / 30)
      slow = 0.020 * current + (slow - 0.020 * current) * exp(-10.0 / 400)
      let loss = current * (0.020 * current + 0.5 * (before + fast + slow))
      let decay = exp(-10 * 0.12 / 45)
      warmth = warmth * decay + loss / 0.12 * (1 - decay)
      let volt = 3 + charge - 0.020 * current - fast - slow
      text += "\(run),\((k + 1) * 10),\(current),\(volt),\(25 + offset + warmth),25\n"
    }
    return text
  }

  private func fitted(_ text: String) throws -> (heat: [String: Any], all: [String: Any]) {
    let outcome = wattif(
      "twin", "fit", try place.write("warm.csv", Self.header + text), "--capacity-ah", "2",
      "--write",
      "\(folder)/warm-cell.yaml", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    return (try #require(object["heat"] as? [String: Any]), object)
  }

  @Test("heat is found although the sensors of cell and air differ in each run") func offsets()
    throws
  {
    let found = try fitted(
      Self.warming("a", ampere: 4, offset: 1.2) + Self.warming("b", ampere: 6, offset: -0.5))
    #expect(abs(try #require(found.heat["capacity_j_per_k"] as? Double) - 45) < 1.5)
    #expect(abs(try #require(found.heat["cooling_w_per_k"] as? Double) - 0.12) < 0.004)
    #expect(try #require(found.heat["capacity_relative_error"] as? Double) < 0.05)
    let residuals = try #require(found.all["residuals"] as? [[String: Any]])
    let offsets = residuals.compactMap { $0["air_offset_k"] as? Double }
    #expect(offsets.count == 2 && abs(offsets[0] - 1.2) < 0.05 && abs(offsets[1] + 0.5) < 0.05)
    let remarks = try #require(found.all["remarks"] as? [String])
    #expect(
      remarks.contains {
        $0.hasPrefix("at the start of a run the sensor at the cell reads up to 1.2 K")
      })
    #expect(!remarks.contains { $0.contains("heat capacity") }, "\(remarks)")
    // A sixth of the charge was seen, which tells no curve over all of it.
    #expect(
      found.heat["entropic_v_per_k"] as? [Double]
        == CellSpecification.nmcCylindrical21700.entropicVPerK)
    #expect(
      remarks.contains { $0.contains("does not tell the entropic coefficient") }, "\(remarks)")
  }

  /// A C/20 discharge loses 10 A² mΩ, a hundredth of a kelvin of warmth, less than a sensor shows.
  @Test("a discharge that hardly warms the cell leaves the library's heat") func coldRun() throws {
    var text = ""
    for k in 0..<600 {
      let charge = 1 - 0.1 * Double(k + 1) * 100 / 7200
      // A sensor of 0.1 K that wanders between two steps.
      let celsius = k % 7 < 4 || k > 450 ? 26.3 : 26.4
      text += "a,\((k + 1) * 100),0.1,\(3 + charge - 0.005),\(celsius),25\n"
    }
    let found = try fitted(text)
    // The library's cell of 5 Ah for 2 Ah.
    let library = CellSpecification.nmcCylindrical21700
    #expect(
      try #require(found.heat["capacity_j_per_k"] as? Double) == library.heatCapacityJPerK * 2 / 5)
    #expect(found.heat["capacity_relative_error"] is NSNull)
    #expect(found.heat["cooling_w_per_k"] is NSNull)
    #expect(found.heat["entropic_v_per_k"] as? [Double] == library.entropicVPerK)
    let remarks = try #require(found.all["remarks"] as? [String])
    for words in ["heat capacity", "entropic coefficient", "does not tell how it cools"] {
      #expect(remarks.contains { $0.contains(words) }, "\(words): \(remarks)")
    }
    let cell = try String(contentsOfFile: "\(folder)/warm-cell.yaml", encoding: .utf8)
    #expect(cell.contains("heat_capacity_j_per_k: 26\n"), "\(cell)")
  }

  @Test("a known voltage at rest is taken, and another file can be predicted") func known() throws {
    let seen = try place.write("seen.csv", Self.header + Self.pulses("a", celsius: 25, ampere: 1))
    let unseen = try place.write(
      "unseen.csv", Self.header + Self.pulses("z", celsius: 25, ampere: 0.5))
    let rest = try place.write("ocv.csv", "soc_fraction,voltage_v\n-0.1,2.9\n1,4\n")
    let outcome = wattif(
      "twin", "fit", seen, "--capacity-ah", "2", "--ocv", rest, "--predict", unseen, "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect((object["open_circuit"] as? [String: Any])?["volt"] as? [Double] == [2.9, 4])
    let residuals = try #require(object["residuals"] as? [[String: Any]])
    #expect(residuals.map { $0["run"] as? String } == ["a", "z"])
    #expect(try #require(residuals[1]["voltage_rmse_v"] as? Double) < 0.001)
    let falling = try place.write("bad.csv", "soc_fraction,voltage_v\n0,3\n0.5,2.9\n")
    #expect(
      wattif("twin", "fit", seen, "--capacity-ah", "2", "--ocv", falling).error.contains(
        "bad.csv:3:5: error: 'voltage_v' must rise, found '2.9' after '3'"))
  }
}
