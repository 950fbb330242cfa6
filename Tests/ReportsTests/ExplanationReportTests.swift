import Documents
import Foundation
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Explanation as text, page, object and files") struct ExplanationReportTests {
  /// The two days of which yesterday's forecast misses an afternoon, all by the load: 1.20 EUR.
  private func report(naiveName: String = "naive_day") throws -> ComparisonReport {
    let replay = try PaperStudies.twoDays()
    let comparison = try PaperStudies.comparison(naiveName: naiveName)
    let versions = [PaperSite.version(.naiveDay, name: naiveName), PaperSite.version(.perfect)]
    return ComparisonReport(
      comparison, of: replay,
      explained: try RegretStudy(comparison, of: replay, versions: versions, threads: 1))
  }

  @Test("the text says where the regret comes from and what a better forecast is worth")
  func text() throws {
    let text = try report().text
    for sentence in [
      "Of the 1.20 EUR that 'naive_day' costs more than the oracle, 1.20 EUR come from the load forecast.",
      "No forecast can bring the 0.00 EUR between the oracle and the foresight bound",
      "Instead of that of 'naive_day', a perfect load forecast alone would save 1.20 EUR over 2 days here "
        + "(not sure: 2 days are too few for an interval); do not pay more for a better one.",
      "none of these runs is ranked.",
      "lost most against the oracle (kW, EUR/kWh):",
    ] {
      #expect(text.contains(sentence), "\(sentence)")
    }
    let lines = text.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("Why they cost more") })
    // The site has no production and no spot price, so that it has no columns of them.
    #expect(
      lines[start + 1].split(separator: " ").map(String.init) == [
        "version", "regret", "EUR", "load", "hedge", "and", "planner",
      ])
    #expect(lines[start + 3].hasPrefix("perfect (oracle)"))
    #expect(lines[start + 3].split(separator: " ").suffix(3) == ["0.00", "0.00", "0.00"])
    #expect(
      lines[start + 4].split(separator: " ").map(String.init) == [
        "naive_day", "1.20", "1.20", "0.00",
      ])
  }

  @Test("without the option nothing of it stands anywhere") func without() throws {
    let report = ComparisonReport(
      try PaperStudies.comparison(), of: try PaperStudies.twoDays())
    #expect(try object(report.json)["explanation"] == nil)
    #expect(!report.text.contains("oracle, in EUR"))
    #expect(!report.page(title: "x").html.contains("Regret by cause"))
  }

  @Test("the object has parts, savings and hours by version, and says that it uses the truth")
  func json() throws {
    let whole = try object(try report().json)
    let explanation = try #require(whole["explanation"] as? [String: Any])
    #expect(explanation["schema"] as? String == "wattif.explanation/1")
    #expect(explanation["uses_truth"] as? Bool == true)
    #expect((explanation["biases"] as? [Any])?.count == 2)
    let versions = try #require(explanation["versions"] as? [[String: Any]])
    #expect(versions.map { $0["version"] as? String } == ["perfect", "naive_day"])
    let parts = try #require(versions[1]["parts"] as? [String: Any])
    #expect(isClose(try #require(parts["load"] as? Double), 1.2, absolute: 1e-5))
    #expect(parts["pv"] is NSNull && parts["price"] is NSNull)
    #expect(parts["planning"] as? Double == 0)
    let perfect = try #require(versions[1]["perfect"] as? [String: [String: Any]])
    #expect(isClose(try #require(perfect["load"]?["saving"] as? Double), 1.2, absolute: 1e-5))
    #expect(perfect["load"]?["saving_per_year"] is NSNull)
    #expect(perfect["load"]?["verdict"] as? String == "undecided")
    #expect(perfect["pv"]?["saving"] is NSNull)
    let hours = try #require(versions[1]["hours"] as? [[String: Any]])
    #expect(!hours.isEmpty)
    #expect(
      hours.allSatisfy {
        ($0["expected_load_kw"] as? Double) == 0 && ($0["load_kw"] as? Double) == 1
      })
    // Versions of the ranking are those that were compared, and no more.
    #expect((whole["versions"] as? [Any])?.count == 2)
  }

  @Test("the files have one line per version, and one per version and hour") func files() throws {
    let explanation = try #require(try report().explanation)
    let lines = explanation.csv.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("version,regret,load_part,pv_part,price_part,planning_part,"))
    #expect(lines[1].hasPrefix("perfect,0,0,,,0,"))
    let hours = explanation.hoursCSV.split(separator: "\n")
    #expect(hours[0].hasPrefix("version,start,loss,peak_loss,load_kw,expected_load_kw,"))
    #expect(
      hours.count > 1 && hours.dropFirst().allSatisfy { $0.hasPrefix("naive_day,2024-06-10T") })
  }

  @Test("the page has bars with their values, and names bring no markup into it") func page() throws
  {
    let page = try report(naiveName: "<b>").page(title: "x").html
    #expect(page.contains("<figcaption>Regret by cause, EUR "))
    #expect(page.contains(">1.20</text>"))
    #expect(page.contains("&lt;b&gt;"))
    #expect(!page.contains("<b>"))
  }
}
