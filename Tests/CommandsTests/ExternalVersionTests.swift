import CommandLine
import Foundation
import TestSupport
import Testing

/// Versions whose values were made elsewhere, from the document to the result.
@Suite("External versions") struct ExternalVersionTests {
  private let folder: DataCommandTests.Folder

  /// Six days of hours in UTC: one kilowatt, and prices that differ from day to day.
  init() throws {
    folder = try DataCommandTests.Folder()
    var history = "time,load,air,price\n"
    var rows = "version,quantity,issued_at,valid_at,value\n"
    for hour in 0..<144 {
      let price = 0.05 + 0.01 * Double((hour * 7 + hour / 24 * 5) % 24)
      let stamp = 1_709_251_200 + hour * 3600  // 2024-03-01T00:00Z
      history += "\(stamp),1,20,\(price)\n"
      rows += "vendor,price,\(stamp - 3 * 86_400),\(stamp),\(price)\n"
      rows += "meter,load,\(stamp - 3 * 86_400),\(stamp),1\n"
    }
    _ = try folder.file("h.csv", history)
    _ = try folder.file("rows.csv", rows)
  }

  private func document(_ versions: String, spot: Bool = true, extra: String = "") throws -> String
  {
    try folder.file(
      "s.yaml",
      """
      site: {time_zone: UTC}
      period: {from: 2024-03-04, to: 2024-03-06, step_s: 3600, warm_up_days: 3}
      history:
        source: files
        files:
          - file: h.csv
            time_column: time
            columns:
              - {column: load, quantity: load, unit: kW}
              - {column: air, quantity: ambient, unit: °C}
              - {column: price, quantity: price, unit: EUR/kWh}
      forecasts:
        external: [{file: rows.csv}]
        versions: \(versions)
        \(extra)
      battery: {capacity_kwh: 5}
      inverter: {power_kw: 3}
      tariff: {name: t, currency: EUR, energy: [{name: e, \(spot ? "spot_multiplier: 1" : "price_per_kwh: 0.3")}]}
      planner: {horizon_h: 24}

      """)
  }

  private func replay(_ versions: String) throws -> [String: Any] {
    let outcome = wattif("replay", try document(versions), "--json", "--quiet")
    #expect(outcome.code == .done, "\(outcome.error)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func priceError(_ versions: String) throws -> Double {
    let accuracy = try #require(try replay(versions)["accuracy"] as? [String: [String: Any]])
    return try #require(accuracy["price"]?["mae"] as? Double)
  }

  /// The rows are the truth, so their error is zero; no day is like the one before.
  @Test(
    "rows of the price are read, whichever way the document names them",
    arguments: [
      "[{name: vendor, load: naive_day, price: external}]",
      "[{name: x, load: naive_day, price: {kind: external, external_version: vendor}}]",
      "[{name: x, kind: naive_day, price: external, external_version: vendor}]",
      "[{name: x, kind: external, external_version: vendor, load: naive_day, price: external}]",
      "[{name: x, kind: external, external_version: vendor, load: naive_day}]",
      "[{name: vendor, kind: external}]",
    ])
  func price(versions: String) throws {
    #expect(try priceError(versions) < 1e-12)
    #expect(try priceError("[naive_day]") > 0.01)
  }

  @Test("a quantity without rows is counted and told of") func fallback() throws {
    // 24 plans of 24 slots, and 24 that end with the period: 576 + 300 slots.
    let vendor = try replay("[{name: vendor, kind: external}]")
    let filled = try #require(vendor["filled_slots"] as? Int)
    #expect(filled == 876)
    let warnings = try #require(vendor["warnings"] as? [String])
    #expect(
      warnings.contains(
        "the external files hold no 'load' of version 'vendor'; the mean of the newest seven days "
          + "stands in, counted as filled"))
    let price = try replay("[{name: meter, kind: external}]")
    #expect(try #require(price["filled_slots"] as? Int) > 0)
    #expect(try #require(price["warnings"] as? [String]).contains { $0.contains("no 'price'") })
  }

  @Test(
    "rows that a part asks for by itself must be there",
    arguments: [
      ("[{name: meter, kind: external, price: external}]", "no 'price' of version 'meter'"),
      ("[{name: vendor, load: external, price: naive_day}]", "no 'load' of version 'vendor'"),
      ("[{name: x, kind: external}]", "no version 'x'"),
      (
        "[{kind: naive_day, external_version: vendor}]",
        "'external_version' and 'max_age_h' need a part of kind 'external'"
      ),
    ])
  func refused(versions: String, text: String) throws {
    let outcome = wattif("replay", try document(versions), "--quiet")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains("s.yaml:14:") && outcome.error.contains(text), "\(outcome.error)")
  }

  @Test(
    "names are those of no reference, and differ in more than case and signs",
    arguments: [
      ("[{name: oracle, kind: naive_day}]", "named as the reference 'oracle'"),
      ("[{name: No_Battery, kind: naive_day}]", "named as the reference 'no battery'"),
      ("[{name: selfConsumption, kind: naive_day}]", "named as the reference 'self-consumption'"),
      ("[{name: foresight-bound, kind: naive_day}]", "named as the reference 'foresight bound'"),
      ("[{name: a/b, kind: naive_day}, {name: 'a:b', kind: ridge}]", "found 'a:b' beside 'a/b'"),
      ("[{name: Mine, kind: naive_day}, {name: mine, kind: ridge}]", "found 'mine' beside 'Mine'"),
      ("[naive_day, naive_day]", "need distinct names, found 'naive_day' again"),
      ("[{name: \"a\\tb\", kind: naive_day}]", "must not hold control characters"),
      ("[{name: ' ', kind: naive_day}]", "needs a name"),
      ("[{name: \(String(repeating: "x", count: 201)), kind: ridge}]", "at most 200 bytes"),
    ])
  func names(versions: String, text: String) throws {
    let outcome = wattif("replay", try document(versions), "--quiet")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains("s.yaml:14:") && outcome.error.contains(text), "\(outcome.error)")
  }

  @Test("a version of the external files that is made active is named as any other")
  func active() throws {
    var rows = try String(contentsOfFile: "\(folder.path)/rows.csv", encoding: .utf8)
    rows.replace("meter,", with: "Oracle,")
    _ = try folder.file("rows.csv", rows)
    let outcome = wattif(
      "replay", try document("[naive_day]", extra: "active_forecast_version: Oracle"), "--quiet")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("s.yaml:15:"))
    #expect(outcome.error.contains("named as the reference 'oracle'"), "\(outcome.error)")
  }

  @Test("a price cannot be left missing, which is said") func missingPrice() throws {
    var rows = try String(contentsOfFile: "\(folder.path)/h.csv", encoding: .utf8)
    // The hundredth hour lies in the period.
    var lines = rows.split(separator: "\n").map(String.init)
    lines[101] = lines[101].split(separator: ",").prefix(3).joined(separator: ",") + ","
    rows = lines.joined(separator: "\n")
    _ = try folder.file("h.csv", rows)
    let path = try document("[naive_day]")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    _ = try folder.file(
      "s.yaml", text.replacing("source: files", with: "source: files\n  missing: leave"))
    let outcome = wattif("check", path)
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("'price' is missing in 1 of 48 slots of the period"))
    #expect(outcome.error.contains("note: a price cannot be left missing"), "\(outcome.error)")
  }

  @Test("every version keeps a ledger of its own") func ledgers() throws {
    let outcome = wattif(
      "compare",
      try document("[{name: a/b, kind: naive_day}, {name: a b c, kind: persistence}]"), "--quiet",
      "--output", "\(folder.path)/out")
    #expect(outcome.code == .done, "\(outcome.error)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out")
      .filter { $0.hasPrefix("ledger_") }.sorted()
    #expect(
      files == [
        "ledger_a_b.csv", "ledger_a_b_c.csv", "ledger_no_battery.csv", "ledger_oracle.csv",
        "ledger_self-consumption.csv",
      ])
  }

  @Test("a check lists what every version covers") func check() throws {
    let path = try document("[naive_day]")
    let outcome = wattif("check", path)
    #expect(outcome.code == .done)
    #expect(
      outcome.output.contains(
        "forecasts     vendor, price: 144 issues 2024-02-27T00:00+00:00 to 2024-03-03T23:00+00:00; 144 slots "
          + "2024-03-01T00:00+00:00 to 2024-03-06T23:00+00:00 every 3600 s; no quantiles; no gaps\n"
      ),
      "\(outcome.output)")
    let json = wattif("check", path, "--json")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let rows = try #require(root["forecasts"] as? [[String: Any]])
    #expect(rows.map { $0["version"] as? String } == ["meter", "vendor"])
    #expect(rows.map { $0["issues"] as? Int } == [144, 144])
    #expect(rows.map { $0["period_slots_without_row"] as? Int } == [0, 0])
  }
}
