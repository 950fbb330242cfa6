import Documents
import Foundation
import Numerics
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing
import Twin

@Suite("Stress study as text, file and object") struct StressReportTests {
  // The arithmetic is in `StressTests`: 9.6 without a battery, 4.8 at full power, and nothing is
  // saved in air of 50 °C by a policy that stops at 45 °C.
  private func report() throws -> StressReport {
    let stop = DeratingTable.temperature(LinearTable(x: [44.9, 45], y: [1, 0]))
    let policies = [
      DeratingPolicy.none, DeratingPolicy(name: "stop, hot", charge: [stop], discharge: [stop]),
    ]
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[2, 2, 2, 2]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 24, powerKW: 2))
    let study = try StressStudy(
      replay, version: PaperSite.version(.perfect),
      plan: StressPlan(
        policies: policies.map(\.name), faults: [StressFault(name: "none")],
        weathers: [
          WeatherStress(name: "usual", ambientOffsetK: 0),
          WeatherStress(name: "heat", ambientOffsetK: 30),
        ]),
      twin: { policy, _ in
        try PaperSite.battery(
          capacityKWh: 24, powerKW: 2, derating: policies[policy], maximumRatePerHour: 1.0 / 12)
      }, threads: 1)
    return StressReport(study, of: replay, versionName: "perfect")
  }

  @Test("the object has every combination and the front")
  func json() throws {
    let result = try object(try report().json)
    #expect(result["schema"] as? String == "wattif.stress/1")
    let cells = try #require(result["cells"] as? [[String: Any]])
    #expect(
      cells.map { $0["policy"] as? String } == ["none", "none", "stop, hot", "stop, hot"])
    #expect(cells.map { $0["weather"] as? String } == ["usual", "heat", "usual", "heat"])
    for (cell, expected) in zip(cells, [nil, nil, 0, 4.8]) {
      let against = try #require(cell["against_none"] as? [String: Any])
      #expect(against["half_width"] is NSNull)
      if let expected {
        #expect(isClose(try #require(against["difference"] as? Double), expected, absolute: 1e-4))
      } else {
        #expect(against["difference"] is NSNull)
      }
      let expected = expected ?? 0
      #expect(isClose(try #require(cell["cost"] as? Double), 4.8 + expected, absolute: 1e-4))
    }
    #expect(cells.map { $0["violations"] as? Int } == [0, 4, 0, 4])
    #expect(cells.map { $0["hours_above_limit"] as? Double } == [0, 24, 0, 24])
    let front = try #require(result["pareto"] as? [[String: Any]])
    #expect(front[0]["policy"] as? String == "none")
    #expect(front[0]["hours_above_limit"] as? Double == 24)
  }

  @Test("the file has a line for each combination with the figures of the object")
  func csv() throws {
    let report = try report()
    let rows = CSVRows(report.csv)
    let cells = try #require(try object(report.json)["cells"] as? [[String: Any]])
    #expect(rows.count == 4)
    #expect(rows.isRectangular)
    for row in 0..<4 {
      for key in ["policy", "fault", "weather"] {
        #expect(rows[row, key] == cells[row][key] as? String, "\(key)")
      }
      for key in [
        "cost", "bill_cost", "derated_kwh", "derate_minutes", "hottest_cell_c", "hours_above_limit",
        "life_used_fraction",
      ] {
        let expected = try #require(cells[row][key] as? Double)
        #expect(
          isClose(try #require(rows.number(row, key)), expected, relative: 1e-14), "\(key)")
      }
    }
  }

  @Test("the text says what differences are against")
  func text() throws {
    let text = try report().text
    #expect(
      text.hasPrefix(
        "Take 'none': no policy lets a cell reach the 65 °C at which the battery's protection opens the circuit, and "
          + "it is the cheapest; over 1 day, on the mean of 2 cases of fault and weather, it costs 2.40 EUR less "
          + "than 'stop, hot'; not sure: 1 day is too short for an interval."))
    let result = try object(try report().json)
    #expect(text.hasPrefix(try #require(result["verdict"] as? String)))
    #expect(
      try report().page(title: "x").html.contains(
        "<p class=\"verdict\">Take 'none': no policy lets"))
    #expect((result["policies"] as? [Any])?.count == 2)
    #expect(
      text.contains(
        "Planned with 'perfect'. Cost is the bill less the value of the energy left, and wear;"))
    let hot = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("stop, hot  none   heat") })
    #expect(hot.split(separator: " ").dropFirst(4).prefix(2) == ["9.60", "4.80"])
    #expect(text.contains("No other policy beats 'none'"))
  }
}
