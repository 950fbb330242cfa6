import Documents
import Foundation
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Comparison as text, page and object") struct ComparisonPageTests {
  private func report(naiveName: String = "naive_day") throws -> ComparisonReport {
    ComparisonReport(
      try PaperStudies.comparison(naiveName: naiveName), of: try PaperStudies.twoDays())
  }

  @Test("the object has the figures of the versions and the counterfactuals")
  func json() throws {
    let result = try object(try report().json)
    #expect(result["schema"] as? String == "wattif.compare/1")
    let period = try #require(result["period"] as? [String: Any])
    #expect(period["from"] as? String == "2024-06-10T00:00:00Z")
    #expect(period["to"] as? String == "2024-06-12T00:00:00Z")
    #expect(period["step_s"] as? Int == 21_600)
    let baselines = try #require(result["baselines"] as? [String: [String: Any]])
    for (name, cost) in [
      ("no_battery", 9.6), ("self_consumption", 9.6), ("oracle", 7.2), ("foresight_bound", 7.2),
    ] {
      #expect(
        isClose(try #require(baselines[name]?["cost"] as? Double), cost, absolute: 1e-5), "\(name)")
    }
    let versions = try #require(result["versions"] as? [[String: Any]])
    #expect(versions.map { $0["version"] as? String } == ["perfect", "naive_day"])
    let naive = versions[1]
    #expect(isClose(try #require(naive["regret"] as? Double), 1.2, absolute: 1e-5))
    #expect(isClose(try #require(naive["share_captured"] as? Double), 0.5, absolute: 1e-5))
    let fidelity = try #require(naive["plan_fidelity_kw"] as? [String: Any])
    #expect(isClose(try #require(fidelity["lead_below_24_h"] as? Double), 1.0 / 11, absolute: 1e-5))
    #expect(fidelity["lead_below_3_h"] is NSNull)
    // A version that is given the truth is no reference.
    let pairs = try #require(result["pairs"] as? [[String: Any]])
    #expect(pairs.map { $0["a"] as? String } == ["naive_day", "naive_day", "naive_day"])
    #expect(pairs.map { $0["b"] as? String } == ["perfect", "self-consumption", "no battery"])
    // (4.8 − 3.6 + 3.6 − 3.6)/2 a day; two days are too few for an interval.
    #expect(isClose(try #require(pairs[0]["difference_per_day"] as? Double), 0.6, absolute: 1e-5))
    #expect(pairs[0]["low"] is NSNull && pairs[0]["high"] is NSNull)
    #expect(pairs[0]["significant"] as? Bool == false)
    #expect(pairs[0]["reason"] as? String == "2 days are too few for an interval")
    #expect(try #require(result["audit"] as? [Any]).isEmpty)
  }

  @Test("text, page and object open with the same verdict") func verdict() throws {
    let report = try report()
    let sentence =
      "Planned with 'naive_day', the cheapest version, over 2 days the site pays 1.20 EUR less than with the "
      + "self-consumption rule, and 1.20 EUR less than without a battery; not sure: 2 days are too few for "
      + "an interval."
    #expect(report.text.hasPrefix(sentence + "\n"))
    #expect(try object(report.json)["verdict"] as? String == sentence)
    #expect(
      report.page(title: "x").html.contains(
        "<p class=\"verdict\">" + sentence + "</p>"))
  }

  @Test("the text ranks the versions and names the counterfactuals")
  func text() throws {
    let lines = try report().text.split(separator: "\n").map(String.init)
    func figures(_ name: String) throws -> [Substring] {
      try #require(lines.first { $0.hasPrefix(name) }).split(separator: " ")
    }
    // Cost, saving, saving against the rule, regret, share captured.
    #expect(try figures("perfect").dropFirst(2).prefix(4) == ["7.20", "2.40", "2.40", "0.00"])
    #expect(
      try figures("naive_day").dropFirst().prefix(6) == [
        "8.40", "1.20", "1.20", "1.20", "50.0", "%",
      ])
    #expect(try figures("no battery").dropFirst(2).prefix(2) == ["9.60", "0.00"])
    #expect(try figures("foresight bound").dropFirst(2).prefix(2) == ["7.20", "2.40"])
  }

  @Test("names cannot bring markup into the page, and the page needs no network")
  func page() throws {
    let page = try report(naiveName: "<script>alert(1)</script>").page(title: "A & B").html
    #expect(page.contains("<title>A &amp; B</title>"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    // The page's own script, which names nothing of the result.
    #expect(page.components(separatedBy: "<script").count - 1 == 1)
    let script = try #require(page.range(of: "<script>"))
    #expect(!page[script.lowerBound...].contains("alert"))
    #expect(!page.contains("src="))
    #expect(!page.replacing("href=\"#data-", with: "").contains("href="))
    #expect(!page.contains("url("))
  }
}
