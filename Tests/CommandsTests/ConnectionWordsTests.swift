import CommandLine
import Foundation
import TestSupport
import Testing

@Suite("The connection in words") struct ConnectionWordsTests {
  @Test("check says what a connection lets through and what the battery may do there")
  func words() throws {
    let place = try TwinFolder()
    let text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    let old = "  import_limit_kw: 100\n  export_limit_kw: 60\n"
    #expect(text.contains(old))
    func said(_ grid: String) throws -> String {
      let path = try place.write("s.yaml", text.replacing(old, with: grid))
      let outcome = wattif("check", path, "--wide")
      #expect(outcome.code == .done, "\(outcome.error)")
      return outcome.output
    }
    #expect(try said(old).contains("import 100 kW, export 60 kW"))
    let windows = """
        import_limit_kw: {kw: 90, windows: [{times: "17:00 to 19:00", kw: 40}]}
        export_limit_kw: 12
        grid_charging: false
        battery_export: false

      """
    #expect(
      try said(windows).contains(
        "import 90 kW, at times down to 40 kW, export 12 kW; the battery charges from production alone; "
          + "the battery feeds nothing in"))
    #expect(
      try said(old + "  curtailment_steps: [0.6, 0]\n").contains(
        "it can be held to 60 %, 0 % of its peak power alone"))
  }

  @Test("and what stays in the battery for outages, and at which powers the inverter runs")
  func reserve() throws {
    let place = try TwinFolder()
    let text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    let planner = """
        engine: auto
        reserve_fraction: {fraction: 0.1, windows: [{times: "17:00 to 21:00", fraction: 0.4}]}
        outages:
          critical_load_fraction: 0.5
          events: [{start: "2024-07-03T14:00", end: "2024-07-03T18:00"}]

      """
    let changed = text.replacing("  engine: auto\n", with: planner).replacing(
      "  power_kw: 30\n", with: "  power_kw: 30\n  min_power_kw: 3\n")
    let outcome = wattif("check", try place.write("s.yaml", changed), "--wide")
    #expect(outcome.code == .done, "\(outcome.error)")
    #expect(
      outcome.output.contains(
        "the inverter rests below 3 kW; the battery keeps 10 %, at times 40 % for outages; 1 outage is"
          + " expected, in which 50 % of the load is to be served"), "\(outcome.output)")
  }

  @Test(
    "and at which powers a load that waits runs",
    arguments: [(4.1, "that draws 4.1 kW at least"), (11, "that is on or off")])
  func loads(leastKW: Double, words: String) throws {
    let place = try TwinFolder()
    let text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    let car = """

      loads:
        - name: car
          kind: ev
          power_kw: 11
          min_power_kw: \(leastKW)
          unmet_per_kwh: 1
          pattern: {arrival: "17:00", departure: "07:00", energy_kwh: 9}

      """
    let outcome = wattif("check", try place.write("s.yaml", text + car), "--wide")
    #expect(outcome.code == .done, "\(outcome.error)")
    #expect(outcome.output.contains("car: ev of 11 kW \(words), "), "\(outcome.output)")
    let above = car.replacing("min_power_kw: \(leastKW)", with: "min_power_kw: 12")
    let refused = wattif("check", try place.write("t.yaml", text + above))
    #expect(refused.error.contains("'min_power_kw' must not exceed 'power_kw'"), "\(refused.error)")
  }
}
