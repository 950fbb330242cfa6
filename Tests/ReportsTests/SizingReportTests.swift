import Documents
import Foundation
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Sizing as text, file and object") struct SizingReportTests {
  // The arithmetic is in `SizingTests`: 6 kWh save 438 a year and cost 680, 12 kWh 876 and 1280.
  private func report(operationShare: Double = 0.01) throws -> SizingReport {
    let settings = SizingSettings(
      energiesKWh: [6, 12], powersKW: [1], capitalPerKWh: 100, capitalPerKW: 50, capitalFixed: 30,
      operationShare: operationShare, lifetimeYears: 3, discountRate: 0.05, escalationRate: 0.02)
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let study = try SizingStudy(
      replay, version: PaperSite.version(.perfect), settings: settings,
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }, threads: 1)
    return SizingReport(study, of: replay, versionName: "perfect", settings: settings)
  }

  @Test("the object has each candidate's money, the best one and those as good")
  func json() throws {
    let result = try object(try report().json)
    #expect(result["schema"] as? String == "wattif.size/1")
    #expect(result["year_factor"] as? Double == 182.5)
    let candidates = try #require(result["candidates"] as? [[String: Any]])
    for (key, expected) in [
      ("battery_kwh", 6), ("battery_kw", 1), ("capex", 680), ("year1_savings", 438),
      ("npv", 517.4959), ("payback_years", 1.565506), ("discounted_payback_years", 1.674925),
      ("npv_p10", 517.4959), ("npv_p50", 517.4959), ("npv_p90", 517.4959),
      ("oracle_npv", 517.4959), ("equivalent_full_cycles", 2), ("derated_kwh", 0),
    ] as [(String, Double)] {
      #expect(
        isClose(try #require(candidates[0][key] as? Double), expected, absolute: 1e-3), "\(key)")
    }
    #expect(candidates[0]["replacement_years"] as? [Int] == [])
    let best = try #require(result["best"] as? [String: Any])
    #expect(best["battery_kwh"] as? Double == 12)
    let flat = try #require(result["flat_region"] as? [[String: Double]])
    #expect(flat == [["battery_kwh": 12, "battery_kw": 1]])
  }

  @Test("the file has a line for each candidate with the figures of the object")
  func csv() throws {
    let report = try report()
    let rows = CSVRows(report.csv)
    #expect(rows.count == 2)
    #expect(rows.isRectangular)
    let candidates = try #require(try object(report.json)["candidates"] as? [[String: Any]])
    for row in 0..<2 {
      for key in [
        "battery_kwh", "battery_kw", "capex", "year1_savings", "npv", "npv_p10", "npv_p50",
        "npv_p90", "irr", "payback_years", "discounted_payback_years", "oracle_npv",
        "derated_kwh", "equivalent_full_cycles", "life_used_fraction",
      ] {
        // Foundation's reader may miss the last digit of a number.
        let expected = try #require(candidates[row][key] as? Double)
        #expect(
          isClose(try #require(rows.number(row, key)), expected, relative: 1e-14), "\(key)")
      }
    }
  }

  @Test("what never pays back says never, and what does not exist is empty or null")
  func never() throws {
    let report = try report(operationShare: 1)
    let candidates = try #require(try object(report.json)["candidates"] as? [[String: Any]])
    #expect(candidates[0]["payback_years"] as? String == "never")
    #expect(candidates[0]["discounted_payback_years"] as? String == "never")
    #expect(candidates[0]["irr"] is NSNull)
    let rows = CSVRows(report.csv)
    #expect(rows[0, "payback_years"] == "never")
    #expect(rows[0, "discounted_payback_years"] == "never")
    #expect(rows[0, "irr"] == "")
  }

  @Test("the text marks the best candidate and states how money was counted")
  func text() throws {
    let lines = try report().text.split(separator: "\n").map(String.init)
    let small = try #require(lines.first { $0.hasPrefix(" 6.0") })
    let large = try #require(lines.first { $0.hasPrefix("12.0") })
    #expect(
      small.split(separator: " ").prefix(8) == [
        "6.0", "1.0", "680", "438.00", "517", "517", "517", "41.8",
      ])
    #expect(large.hasSuffix("best"))
    #expect(!small.hasSuffix("best") && !small.hasSuffix("as good"))
    let text = lines.joined(separator: "\n")
    #expect(text.contains("Planned with 'perfect'."))
    #expect(text.contains("182.500"))
    #expect(text.contains("3 years, discount rate 5.0 %"))
  }
}
