import Foundation
import TestSupport
import Testing

/// `compare`, `size`, `stress` and `replay` of the built tool on a small synthetic site.
@Suite("Studies of the built tool", .tags(.endToEnd)) struct StudyTests {
  /// Twelve days around the spring clock change, so that one of them has 23 hours.
  static let document = """
    name: Small site
    site:
      time_zone: Europe/Berlin
      latitude_deg: 48.4
      longitude_deg: 10.0
      pv_kwp: 8
    period:
      from: 2024-03-25
      to: 2024-04-06
      step_s: 900
      warm_up_days: 28
    history:
      source: synthetic
      seed: 11
      load:
        kind: home
        annual_kwh: 4500
      price:
        mean_per_kwh: 0.09
    forecasts:
      versions: [naive_day, baseline_7_day_avg, perfect]
    battery:
      capacity_kwh: 10
      chemistry: lfp
    inverter:
      power_kw: 5
    tariff:
      name: Spot and peak
      currency: EUR
      energy:
        - name: spot
          spot_multiplier: 1
          adder_per_kwh: 0.10
      demand:
        - name: monthly peak
          metering_minutes: 15
          price_per_kw: 3
      export:
        spot_multiplier: 1
    planner:
      wear_per_kwh: 0.01
    replay:
      twin_step_s: 300
    size:
      energies_kwh: [5, 10]
      powers_kw: [5]
      capital:
        per_kwh: 300
      version: naive_day
      period: scale_to_year
    stress:
      policies: [residential, cautious]
      faults:
        - kind: fan_failure
      weather:
        - name: heat wave
          ambient_offset_k: 20
      version: naive_day
    """

  private func run(_ arguments: [String], in folder: URL) throws -> BuiltTool.Outcome {
    try folder.write(Self.document, to: "site.yaml")
    return try BuiltTool.run(arguments + ["--quiet"], folder: folder)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("the same inputs and seed give the same bytes on any number of threads")
  func determinism() throws {
    try withFolder { folder in
      let one = try run(["compare", "site.yaml", "--json", "--threads", "1"], in: folder)
      let two = try run(["compare", "site.yaml", "--json", "--threads", "2"], in: folder)
      let other = try run(["compare", "site.yaml", "--json", "--seed", "12"], in: folder)
      #expect(one.code == 0)
      #expect(one.output == two.output)
      #expect(one.output != other.output)
      #expect(!one.output.contains("nan"))
    }
  }

  @Test("the leaderboard has every key, and perfect forecasts score as the oracle")
  func compare() throws {
    try withFolder { folder in
      let outcome = try run(["compare", "site.yaml", "--json", "--output", "out"], in: folder)
      #expect(outcome.code == 0, "\(outcome.error)")
      let result = try json(outcome.output)
      #expect(result["schema"] as? String == "wattif.compare/1")
      #expect(result["currency"] as? String == "EUR")
      let baselines = try #require(result["baselines"] as? [String: [String: Any]])
      #expect(
        Set(baselines.keys) == ["no_battery", "self_consumption", "oracle", "foresight_bound"])
      let versions = try #require(result["versions"] as? [[String: Any]])
      #expect(versions.count == 3)
      let keys: Set<String> = [
        "version", "cost", "bill", "wear_cost", "end_energy_value", "savings_vs_no_battery",
        "savings_vs_self_consumption", "regret", "share_captured", "derate_minutes",
        "derated_kwh", "hottest_cell_c", "hours_above_limit", "equivalent_full_cycles",
        "life_used_fraction", "plans", "solver", "interventions_kwh", "accuracy", "filled_slots",
      ]
      for version in versions { #expect(keys.isSubset(of: Set(version.keys))) }
      let perfect = try #require(versions.first { $0["version"] as? String == "perfect" })
      #expect(perfect["oracle"] as? Bool == true)
      #expect(perfect["regret"] as? Double == 0)
      // The cheaper honest version against the other, the one with foresight, the rule and none.
      let pairs = try #require(result["pairs"] as? [[String: Any]])
      let best = try #require(pairs.first?["a"] as? String)
      #expect(["naive_day", "baseline_7_day_avg"].contains(best))
      #expect(
        pairs.dropFirst().map { $0["b"] as? String } == [
          "perfect", "self-consumption", "no battery",
        ])
      #expect(pairs.allSatisfy { $0["low"] is NSNull && $0["significant"] as? Bool == false })
      // The parts of a difference add up to the difference of the costs in the leaderboard.
      var costs = [String: Double]()
      for row in versions + [try #require(baselines["self_consumption"])]
        + [try #require(baselines["no_battery"])]
      {
        costs[try #require(row["version"] as? String)] = row["cost"] as? Double
      }
      for pair in pairs {
        let parts = ["energy", "demand", "over_months", "left_out"].map { part in
          (pair[part] as? [String: Any])?["difference"] as? Double ?? 0
        }
        let b = try #require(pair["b"] as? String)
        let difference = try #require(costs[best]) - (try #require(costs[b]))
        #expect(isClose(parts.reduce(0, +), difference, absolute: 1e-9), "\(b)")
        #expect(
          isClose(try #require(pair["difference"] as? Double), difference, absolute: 1e-9), "\(b)")
      }
      let verdict = try #require(result["verdict"] as? String)
      #expect(verdict.contains("'\(best)'"))
      for file in [
        "pairs.csv", "leaderboard.csv", "daily_costs.csv", "compare.json", "report.html",
        "wattif.sqlite",
        "ledger_naive_day.csv", "ledger_oracle.csv",
      ] {
        let path = folder.appendingPathComponent("out/\(file)").path
        #expect(FileManager.default.fileExists(atPath: path), "\(file)")
      }
      let ledger = try String(
        contentsOf: folder.appendingPathComponent("out/ledger_naive_day.csv"), encoding: .utf8)
      // Eleven days of 96 intervals and one of 92, and the header.
      #expect(ledger.split(separator: "\n").count == 11 * 96 + 92 + 1)
    }
  }

  @Test("the same forecasts under two planners stand next to each other")
  func planners() throws {
    try withFolder { folder in
      let document = Self.document.replacing(
        "planner:\n",
        with: """
          planner:
            variants:
              - {name: point, hedge: none}
              - {name: hedged, hedge: {kind: expected_value, path_count: 8}}

          """)
      try folder.write(document, to: "two.yaml")
      let outcome = try run(["compare", "two.yaml", "--json", "--output", "two"], in: folder)
      #expect(outcome.code == 0, "\(outcome.error)")
      let page = try String(
        contentsOf: folder.appendingPathComponent("two/report.html"), encoding: .utf8)
      #expect(page.contains("<th>point</th><th>hedged</th>"))
      let result = try json(outcome.output)
      let versions = try #require(result["versions"] as? [[String: Any]])
      #expect(
        Set(versions.compactMap { $0["version"] as? String }) == [
          "naive_day / point", "naive_day / hedged", "baseline_7_day_avg / point",
          "baseline_7_day_avg / hedged", "perfect / point", "perfect / hedged",
        ])
      // A scenario that plans without a hedge costs the same alone.
      try folder.write(
        Self.document.replacing("planner:\n", with: "planner:\n  hedge: none\n"), to: "one.yaml")
      let alone = try json(try run(["compare", "one.yaml", "--json"], in: folder).output)
      let single = try #require(alone["versions"] as? [[String: Any]])
      for version in single {
        let name = try #require(version["version"] as? String)
        let same = try #require(versions.first { $0["version"] as? String == "\(name) / point" })
        #expect(same["cost"] as? Double == version["cost"] as? Double)
        #expect(same["regret"] as? Double == version["regret"] as? Double)
        #expect(same["forecast"] as? String == name)
      }
      for version in versions {
        let hedge = try #require(version["hedge"] as? [String: Int])
        let plans = try #require(version["plans"] as? Int)
        let isHedged = version["planner"] as? String == "hedged"
        #expect(hedge["plans"] == (isHedged ? plans : 0))
        #expect(hedge["paths"] == (isHedged ? 8 * plans : 0))
      }
      let pairs = try #require(result["planner_pairs"] as? [[String: Any]])
      #expect(pairs.count == 3)
      #expect(pairs.allSatisfy { ($0["b"] as? String)?.hasSuffix("/ point") == true })
      let text = try run(["compare", "two.yaml"], in: folder).output
      #expect(text.contains("Planners against 'point' on the same forecast:"))
      let wrong = try run(["replay", "two.yaml", "--planner", "hegded"], in: folder)
      #expect(wrong.code == 64)
      #expect(wrong.error.contains("no planner variant 'hegded'; did you mean 'hedged'?"))
      let plan = try run(["plan", "two.yaml", "--planner", "hedged", "--json"], in: folder)
      #expect(try json(plan.output)["status"] as? String == "hedged")
    }
  }

  @Test("one version is replayed month by month") func replay() throws {
    try withFolder { folder in
      let outcome = try run(
        ["replay", "site.yaml", "--version", "naive_day", "--json"], in: folder)
      let result = try json(outcome.output)
      #expect(result["schema"] as? String == "wattif.replay/1")
      let months = try #require(result["months"] as? [[String: Any]])
      #expect(months.map { $0["month"] as? String } == ["2024-03", "2024-04"])
      let sum = months.reduce(0) { $0 + ($1["bill"] as? Double ?? .nan) }
      #expect(isClose(sum, result["bill"] as? Double ?? .nan, absolute: 1e-9))
      let wrong = try run(["replay", "site.yaml", "--version", "naive_dya"], in: folder)
      #expect(wrong.code == 64)
      #expect(wrong.error.contains("did you mean 'naive_day'?"))
    }
  }

  @Test("twelve days are no year: the finding says where, what and what to do") func noYear() throws
  {
    try withFolder { folder in
      try folder.write(
        Self.document.replacing("  period: scale_to_year\n", with: ""), to: "short.yaml")
      let outcome = try BuiltTool.run(["size", "short.yaml", "--quiet"], folder: folder)
      #expect(outcome.code == 65)
      #expect(
        outcome.error.contains(
          "short.yaml:9:7: error: 'size' needs a period of whole years, found 12 days; 'period: "
            + "scale_to_year' in 'size' lets them stand for a year"), "\(outcome.error)")
    }
  }

  @Test("sizes and stress cells are all there") func sizeAndStress() throws {
    try withFolder { folder in
      let size = try json(run(["size", "site.yaml", "--json"], in: folder).output)
      let candidates = try #require(size["candidates"] as? [[String: Any]])
      #expect(candidates.map { $0["battery_kwh"] as? Double } == [0, 5, 10])
      #expect(candidates.map { $0["capex"] as? Double } == [0, 1500, 3000])
      #expect(candidates.map { $0["npv"] is Double } == [true, true, true])
      #expect(candidates[0]["npv"] as? Double == 0)
      #expect(candidates.dropFirst().allSatisfy { $0["npv_p10"] is NSNull })
      let warnings = try #require(size["warnings"] as? [String])
      #expect(warnings.contains { $0.hasPrefix("12 days stand for a year") })
      let text = try run(["size", "site.yaml"], in: folder).output
      #expect(text.contains("\nWarning: 12 days stand for a year"))
      let stress = try json(run(["stress", "site.yaml", "--json"], in: folder).output)
      let cells = try #require(stress["cells"] as? [[String: Any]])
      #expect(cells.count == 12)
      #expect(cells.allSatisfy { ($0["cut_offs"] as? Int) != nil })
      let hot = try #require(
        cells.first {
          $0["policy"] as? String == "residential" && $0["fault"] as? String == "none"
            && $0["weather"] as? String == "heat wave"
        })
      let hottest = try #require(hot["hottest_cell_c"] as? Double)
      let usual = try #require(cells[0]["hottest_cell_c"] as? Double)
      #expect(hottest > usual + 10)
      #expect(!(try #require(stress["pareto"] as? [Any])).isEmpty)
    }
  }
}
