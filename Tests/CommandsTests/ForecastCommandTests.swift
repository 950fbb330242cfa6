import CommandLine
import Commands
import Diagnostics
import Foundation
import Store
import Testing
import TimeSeries

@Suite("Forecast") struct ForecastCommandTests {
  private static let rows = """
    version,quantity,issued_at,valid_at,quantile,value
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,1.5
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,2.5
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,0.9,3.5
    vendor,pv,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,0

    """

  @Test("imported rows are counted and kept") func importing() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("f.csv", Self.rows)
    let path = "\(folder.path)/p.sqlite"
    let outcome = wattif("forecast", "import", file, "--store", path, "--site", "home", "--json")
    #expect(outcome.code == .done && outcome.error.isEmpty)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["schema"] as? String == "wattif.forecast/1")
    let versions = try #require(root["versions"] as? [[String: Any]])
    #expect(versions.map { $0["rows"] as? Int } == [3, 1])
    let store = try ProjectStore(path: path)
    #expect(try store.forecastVersions(site: "home", quantity: .load) == ["vendor"])
    let kept = try #require(
      try store.forecast(
        site: "home", quantity: .load, version: "vendor", asOf: 1_704_067_200))
    #expect(kept.values.map(\.value) == [1.5, 2.5, 3.5])
  }

  @Test("a row issued after its slot fails with its place") func leak() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file(
      "f.csv",
      "version,quantity,issued_at,valid_at,value\n"
        + "v,load,2024-01-01T02:00:00Z,2024-01-01T01:00:00Z,1\n")
    let outcome = wattif("forecast", "import", file)
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error
        == "\(file):2:8: error: a forecast is issued before the slot it is about, found issue"
        + " 2024-01-01T02:00:00Z for 2024-01-01T01:00:00Z\n")
  }

  @Test("an unknown kind is refused with a suggestion") func kind() {
    let outcome = wattif("forecast", "backtest", "a.yaml", "--kind", "rigde")
    #expect(outcome.code == .badCommandLine)
    #expect(outcome.error.hasPrefix("error: there is no kind 'rigde'; did you mean 'ridge'?\n"))
  }

  private static func quickstart(active: String) throws -> String {
    let path = try PlanCommandTests.scenario()
    try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(
        of: "\nforecasts:\n", with: "\nforecasts:\n  active_forecast_version: \(active)\n"
      )
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("the active version plans, and each refit leaves a record") func active() throws {
    let path = try Self.quickstart(active: "ridge")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let outcome = wattif("replay", path, "--json", "--quiet")
    #expect(outcome.code == .done)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["version"] as? String == "ridge")
    let models = try #require(root["models"] as? [[String: Any]])
    let load = models.filter { $0["quantity"] as? String == "load" }
    #expect(!load.isEmpty)
    for model in load {
      #expect(model["version"] as? String == "ridge")
      #expect((model["features"] as? [String])?.first == "lag_1d")
      #expect((model["features"] as? [String])?.count == 55)
      #expect((model["hash"] as? String)?.count == 16)
      // A model knows nothing of the days it plans.
      #expect((model["trained_to"] as? String ?? "9") <= "2024-01-03T23:00:00Z")
    }
  }

  @Test("an active version that nobody holds is refused at its line") func unknownActive() throws {
    let path = try Self.quickstart(active: "rigde")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let outcome = wattif("replay", path, "--json", "--quiet")
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error.contains(
        "error: 'active_forecast_version' must be a version of the scenario or of its external"
          + " files, which hold no 'rigde'; did you mean 'ridge'?"))
    #expect(outcome.error.hasPrefix(path + ":"))
  }

  @Test("a backtest shows leads, and disjoint windows against the first version")
  func windows() throws {
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let arguments = [
      "forecast", "backtest", path, "--kind", "baseline_7_day_avg", "--kind", "ridge",
      "--first-day", "20", "--windows", "2",
    ]
    let text = wattif(arguments)
    #expect(text.code == .done)
    #expect(text.output.contains("MAE by hours ahead"))
    #expect(text.output.contains("against first"))
    let json = wattif(arguments + ["--json"])
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let versions = try #require(root["versions"] as? [[String: Any]])
    let counts = try versions.map { version in
      try #require(version["windows"] as? [[String: Any]])
        .compactMap { ($0["errors"] as? [String: Any])?["n"] as? Int }
    }
    #expect(counts.count == 2 && counts[0].count == 2)
    // The windows do not overlap and leave nothing out.
    #expect(counts.map { $0.reduce(0, +) } == versions.map { $0["pairs"] as? Int })
  }

  /// A version of the quickstart's roof that reads irradiance ahead loses without it, and one that reads
  /// no weather loses nothing.
  @Test("withholding a column of weather shows what it is worth")
  func ablation() throws {
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let outcome = wattif(
      "forecast", "backtest", path, "--quantity", "pv", "--kind", "pv_slot_gain", "--kind",
      "naive_day", "--first-day", "20", "--oracle-weather", "--ablate", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let rows = try #require(root["ablations"] as? [[String: Any]])
    func loss(_ version: String, _ column: String) -> Double? {
      rows.first { $0["version"] as? String == version && $0["withheld"] as? String == column }?[
        "loss_fraction"] as? Double
    }
    let light = try #require(loss("pv_slot_gain", "irradiance"))
    #expect(light > 0.1)
    #expect(loss("naive_day", "irradiance") == 0)
    // What is known a day later is worse for whoever repeats yesterday, and the sentence says so.
    #expect((loss("naive_day", "known 24 h later") ?? 0) > 0.01)
    let text = wattif(
      "forecast", "backtest", path, "--quantity", "pv", "--kind", "pv_slot_gain", "--first-day",
      "20", "--oracle-weather", "--ablate")
    #expect(text.output.contains("pv_slot_gain: the error grows without irradiance from "))
  }

  @Test("a fitted version leaves a record in the store, which lists it") func models() throws {
    let folder = try DataCommandTests.Folder()
    let store = "\(folder.path)/p.sqlite"
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let trained = wattif(
      "forecast", "train", path, "--version", "ridge", "--store", store, "--site", "shop")
    #expect(trained.code == .done, "\(trained.error)")
    #expect(trained.output.contains("held_out_rmse"))
    let listed = wattif("forecast", "versions", path, "--store", store, "--site", "shop", "--json")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
    let models = try #require(root["models"] as? [[String: Any]])
    #expect(models.count == 1)
    #expect(models[0]["version"] as? String == "ridge")
    #expect((models[0]["fit_s"] as? Double ?? -1) >= 0)
    #expect((models[0]["metrics"] as? [String: Any])?["penalty"] != nil)
    #expect((models[0]["features"] as? [String])?.count == 55)
  }

  @Test("the issues of a backtest can be kept and planned with; those made with the truth cannot")
  func keptBacktest() throws {
    let folder = try DataCommandTests.Folder()
    let store = "\(folder.path)/p.sqlite"
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let arguments = [
      "forecast", "backtest", path, "--first-day", "60", "--store", store, "--site", "shop",
      "--quiet",
    ]
    #expect(wattif(arguments + ["--kind", "ridge"]).code == .done)
    let kept = try ProjectStore(path: store)
    let issues = try kept.forecastIssues(site: "shop")
    #expect(issues.count > 40)
    for (issue, values) in issues {
      #expect(values.count == 96)
      #expect(try #require(issue.trainedTo) <= issue.issuedAt)
    }
    let hashes = Set(try kept.models(site: "shop").map(\.hash))
    #expect(Set(issues.compactMap(\.issue.modelHash)) == hashes)
    for refused in [["--kind", "perfect"], ["--kind", "ridge", "--oracle-weather"]] {
      let outcome = wattif(arguments + refused)
      #expect(outcome.code == .badCommandLine)
      #expect(outcome.error.contains("cannot be kept: read back it would pass for a forecast"))
    }
  }

  @Test("a replay with the weather that came true says so") func oracleWeather() throws {
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(
        of: "\nforecasts:\n  versions:\n",
        with:
          "\nforecasts:\n  versions:\n    - {name: sky, kind: pv_slot_gain, weather: observed}\n"
      )
      .write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = wattif("compare", path, "--quiet", "--json")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let versions = try #require(root["versions"] as? [[String: Any]])
    func version(_ name: String) -> [String: Any]? {
      versions.first { $0["version"] as? String == name }
    }
    #expect(version("sky")?["oracle_weather"] as? Bool == true)
    #expect(version("ridge")?["oracle_weather"] as? Bool == false)
    func error(_ name: String) -> Double? {
      ((version(name)?["accuracy"] as? [String: Any])?["pv"] as? [String: Any])?["mae"] as? Double
    }
    // Knowing the light halves the error of the plant.
    #expect(try #require(error("sky")) < 0.5 * #require(error("slot_ewma")))
    let folder = try DataCommandTests.Folder()
    let text = wattif("compare", path, "--quiet", "--output", folder.path)
    #expect(text.output.contains("sky (oracle weather)"))
    let board = try String(contentsOfFile: folder.path + "/leaderboard.csv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let labels = Dictionary(
      uniqueKeysWithValues: board.map { (String($0[0]), String($0[$0.count - 1])) })
    #expect(labels["version"] == "label" && labels["sky"] == "oracle weather")
    #expect(labels["oracle"] == "oracle" && labels["ridge"] == "")
  }

  @Test("a row of the store that was made after its slot began makes the run fail by name")
  func hindcast() throws {
    let folder = try DataCommandTests.Folder()
    let store = "\(folder.path)/p.sqlite"
    // 2024-01-01T00:00Z, made three hours later.
    let issued = 1_704_067_200
    try ProjectStore(path: store).write(
      ForecastIssue(
        site: "home", version: "vendor", quantity: .load, issuedAt: issued,
        createdAt: issued + 10_800),
      values: [ForecastValue(slotStart: issued + 3600, value: 1)], zone: .utc)
    let path = try PlanCommandTests.scenario()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(
        of: "\nforecasts:\n",
        with: "\nforecasts:\n  external:\n    - {layout: store, file: \(store), site: home}\n"
      )
      .write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = wattif("forecast", "versions", path)
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error
        == "\(store): error: 'vendor' of load issued 2024-01-01T00:00:00Z was made"
        + " 2024-01-01T03:00:00Z, after its slot 2024-01-01T01:00:00Z had begun:"
        + " a hindcast is no forecast\n")
  }
}
