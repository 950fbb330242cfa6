import CommandLine
import Foundation
import Numerics
import TestSupport
import Testing

/// A folder of two small sites on one file of data.
@Suite("Benchmark of a folder") struct BenchmarkCommandTests {
  private let folder: DataCommandTests.Folder

  /// Twenty days of hours in UTC with a load and prices that differ from day to day.
  init() throws {
    folder = try DataCommandTests.Folder()
    for name in ["data", "sites/models"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    var history = "time,load,air,price\n"
    for hour in 0..<480 {
      let price = 0.05 + 0.01 * Double((hour * 7 + hour / 24 * 5) % 24)
      history += "\(1_709_251_200 + hour * 3600),\(1 + hour * 3 % 5),20,\(price)\n"
    }
    _ = try folder.file("data/h.csv", history)
    for (name, capacity) in [("one", 5), ("two", 9)] {
      _ = try folder.file("sites/\(name).yaml", site(capacity))
    }
  }

  private func site(_ capacityKWh: Int) -> String {
    """
    site: {time_zone: UTC}
    period: {from: 2024-03-10, to: 2024-03-20, step_s: 3600, warm_up_days: 8}
    history:
      source: files
      files:
        - file: ${WATTIF_DATA}/h.csv
          time_column: time
          columns:
            - {column: load, quantity: load, unit: kW}
            - {column: air, quantity: ambient, unit: °C}
            - {column: price, quantity: price, unit: EUR/kWh}
    forecasts: {versions: [naive_day, baseline_7_day_avg]}
    battery: {capacity_kwh: \(capacityKWh)}
    inverter: {power_kw: 3}
    tariff: {name: t, currency: EUR, energy: [{name: e, spot_multiplier: 1}]}
    planner: {horizon_h: 24, replan_every_h: 6, prices_published_at: never}

    """
  }

  private func run(_ options: String...) throws -> [String: Any] {
    let words = [
      "benchmark", "\(folder.path)/sites", "--data-root", "\(folder.path)/data", "--json", "-q",
    ]
    let outcome = wattif(words + options)
    #expect(outcome.code == .done, "\(outcome.error)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  private func versions(_ result: [String: Any]) throws -> [String: [String: Any]] {
    let rows = try #require(result["versions"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: try rows.map { (try #require($0["version"] as? String), $0) })
  }

  @Test("both sites stand in one leaderboard") func pooled() throws {
    let result = try run()
    #expect(result["reference"] as? String == "baseline_7_day_avg")
    #expect(result["places"] as? [String] == ["one", "two"])
    let rows = try versions(result)
    #expect(Set(rows.keys) == ["naive_day", "baseline_7_day_avg", "self-consumption"])
    #expect(rows["naive_day"]?["sites"] as? Int == 2)
    #expect(rows["naive_day"]?["p"] is NSNull)
    let lines = try #require(result["sites"] as? [[String: Any]])
    #expect(lines.count == 6)
    // The pooled share is the mean of those of the sites.
    let shares = lines.filter { $0["version"] as? String == "naive_day" }
      .compactMap { $0["share_captured"] as? Double }
    let share = try #require(rows["naive_day"]?["share_captured"] as? Double)
    #expect(isClose(share, (shares[0] + shares[1]) / 2, absolute: 1e-12))
  }

  @Test("the lock states the hashes of what is read, and tells what has changed") func lock() throws
  {
    func conditions(_ options: String...) throws -> String {
      let result = try options.isEmpty ? run() : run(options[0])
      return try #require(result["conditions"] as? [String]).joined(separator: " ")
    }
    #expect(try conditions().contains("has no benchmark.lock"))
    #expect(try conditions("--write-lock").contains("Written to benchmark.lock."))
    #expect(try conditions().contains("It is what benchmark.lock states."))
    let text = try String(contentsOfFile: "\(folder.path)/sites/benchmark.lock", encoding: .utf8)
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/data/h.csv"))
    #expect(text.contains("\n\(SHA256.text(of: Array(data)))  h.csv\n"))
    #expect(text.contains("  one.yaml\n"))
    _ = try folder.file("sites/two.yaml", site(10))
    #expect(try conditions().contains("'two.yaml' is not what was locked"))
  }

  @Test("a model is a file with a column of sites") func models() throws {
    var rows = "site,version,quantity,issued_at,valid_at,value\n"
    for hour in 9 * 24..<480 {
      let stamp = 1_709_251_200 + hour * 3600
      let price = 0.05 + 0.01 * Double((hour * 7 + hour / 24 * 5) % 24)
      rows += "two,vendor,price,\(stamp - 3 * 86_400),\(stamp),\(price)\n"
    }
    _ = try folder.file("sites/models/vendor.csv", rows)
    let vendor = try #require(try versions(run())["vendor"])
    #expect(vendor["sites"] as? Int == 1)
    #expect(vendor["mean_rank"] is NSNull)
    #expect(vendor["wins"] as? Int == 1)
    _ = try folder.file("sites/models/vendor.csv", rows.replacing("two,", with: "tow,"))
    let outcome = wattif(
      "benchmark", "\(folder.path)/sites", "--data-root", "\(folder.path)/data", "-q")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains("the folder has no scenario for site 'tow'; did you mean 'two'?"))
  }

  @Test("the small form takes the last two weeks, and persistence is always in it") func small()
    throws
  {
    let result = try run("--small")
    #expect(try versions(result).keys.contains("persistence"))
    let conditions = try #require(result["conditions"] as? [String])
    #expect(conditions.contains { $0.hasPrefix("Small form: the last 14 days of each site") })
    // The period has ten days, fewer than fourteen.
    let lines = try #require(result["sites"] as? [[String: Any]])
    #expect(lines.allSatisfy { $0["from"] as? String == "2024-03-10T00:00:00Z" })
  }

  @Test("a reference that a site lacks is refused") func reference() {
    let outcome = wattif(
      "benchmark", "\(folder.path)/sites", "--data-root", "\(folder.path)/data", "-q",
      "--reference", "naive_dya")
    #expect(outcome.code == .badCommandLine)
    #expect(outcome.error.contains("has no version 'naive_dya'; did you mean 'naive_day'?"))
  }
}
