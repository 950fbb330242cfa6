import CommandLine
import Foundation
import TestSupport
import Testing

/// Values that stand in for missing measurements are counted, told of and never judged.
@Suite("Stand-ins for what nobody measured") struct StandInTests {
  private let folder: DataCommandTests.Folder

  init() throws { folder = try DataCommandTests.Folder() }

  /// Ten days of hours in UTC from 2024-03-01, 1 kW rising by 0.1 kW a day, with hours left out.
  private func outcome(
    _ command: String, missing hours: Set<Int> = [], until end: Int = 240, history: String,
    fill: String = "", versions: String = "[naive_day]"
  ) throws -> Outcome {
    var table = "time,load\n"
    for hour in 0..<end where !hours.contains(hour) || !fill.isEmpty {
      let value = hours.contains(hour) ? "" : "\(1 + Double(hour / 24) / 10)"
      table += "\(1_709_251_200 + hour * 3600),\(value)\n"
    }
    _ = try folder.file("h.csv", table)
    let path = try folder.file(
      "s.yaml",
      """
      site: {time_zone: UTC}
      period: {from: 2024-03-06, to: 2024-03-11, step_s: 3600, warm_up_days: 5}
      history:
        source: files
        ambient_c: 20
        \(history)
        files:
          - file: h.csv
            time_column: time
            columns: [{column: load, quantity: load, unit: kW\(fill)}]
      forecasts: {versions: \(versions)}
      battery: {capacity_kwh: 5}
      inverter: {power_kw: 3}
      tariff: {name: t, currency: EUR, energy: [{name: e, price_per_kwh: 0.3}]}
      planner: {horizon_h: 24}

      """)
    return wattif(command, path, "--json", "--quiet")
  }

  private func json(_ outcome: Outcome) throws -> [String: Any] {
    #expect(outcome.code == .done, "\(outcome.error)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func error(_ result: [String: Any]) throws -> Double {
    let accuracy = try #require(result["accuracy"] as? [String: [String: Any]])
    return try #require(accuracy["load"]?["mae"] as? Double)
  }

  @Test("the error of a version is that of measured slots, whatever stands in for the others")
  func scored() throws {
    // Hours 170 to 179 of 240 are missing: 10 of the period's 120 slots.
    let hours = Set(170..<180)
    for rule in ["previous_day", "hold", "zero"] {
      let result = try json(
        try outcome("replay", missing: hours, history: "missing: \(rule)"))
      // A slot is forecast by the plans of the 24 hours up to it. Yesterday is 0.1 kW lower; the slots that
      // look back on a stand-in are off by what it is off.
      let share = try #require(result["unscored_share"] as? Double)
      // 96 plans of 24 slots, and 24 that end with the data: 2304 + 300 slots.
      #expect(isClose(share, 240.0 / 2604, relative: 1e-12))
      #expect(try #require(result["unscored_slots"] as? Int) == 240)
      let mae = try error(result)
      switch rule {
      // Stand-ins are yesterday's value, 0.1 too low: the day after is forecast 0.2 too low.
      case "previous_day": #expect(mae > 0.1 && mae < 0.12)
      // Held from hour 169, the same day: right where the day is one step.
      case "hold": #expect(mae > 0.099 && mae < 0.12)
      default: #expect(mae > 0.2)
      }
      let warnings = try #require(result["warnings"] as? [String])
      #expect(warnings.first == "'load' is filled, not measured, in 8.3 % of the period")
      let text = wattif("replay", "\(folder.path)/s.yaml", "--quiet").output
      #expect(text.contains("\nWarning: 'load' is filled, not measured, in 8.3 % of the period.\n"))
    }
  }

  @Test("a version whose stand-ins are its own forecasts is not flattered") func flattery() throws {
    // From hour 216 on yesterday stands in for the last of the five days.
    let whole = try json(
      try outcome(
        "replay", until: 216, history: "{missing: previous_day, filled_max_fraction: 0.5}".inner))
    // Every measured slot is 0.1 kW above the day before.
    #expect(abs(try error(whole) - 0.1) < 1e-9)
  }

  @Test("a period that runs on after the data is refused, or allowed by a key") func beyond() throws
  {
    let refused = try outcome("compare", until: 204, history: "missing: previous_day")
    #expect(refused.code == .badInput)
    // 36 of 120 slots.
    #expect(
      refused.error.contains(
        "s.yaml:4:3: error: 'load' is filled, not measured, in 30 % of the period, 1.5 days of it "
          + "after the last measurement at 2024-03-09T12:00+00:00; at most 20 % may be"),
      "\(refused.error)")
    let allowed = try json(
      try outcome(
        "replay", until: 204, history: "{missing: previous_day, filled_max_fraction: 0.3}".inner))
    let history = try #require(allowed["history"] as? [String: [String: Any]])
    #expect(history["load"]?["beyond_data"] as? Int == 36)
    #expect(history["load"]?["filled_share"] as? Double == 0.3)
  }

  @Test(
    "what a column's rule makes up counts as well, what it says an absent value means does not",
    arguments: [(", fill: {rule: interpolate, longest_s: 172800}", 30), (", fill: zero", 0)])
  func columns(fill: String, filled: Int) throws {
    let result = try outcome(
      "check", missing: Set(170..<200), history: "missing: refuse", fill: fill)
    if filled == 0 {
      let slots = try #require(try json(result)["slots"] as? [String: [String: Any]])
      #expect(slots["load"]?["filled_share"] as? Double == 0)
    } else {
      // 30 of 120.
      #expect(result.code == .badInput && result.error.contains("in 25 % of the period"))
    }
  }
}

extension String {
  /// The inside of a flow mapping as lines of a block.
  fileprivate var inner: String {
    dropFirst().dropLast().split(separator: ", ").joined(separator: "\n  ")
  }
}
