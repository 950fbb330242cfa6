import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Page of Reports") struct ReportsPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Reports").isCode())
    let replay = try PaperStudies.twoDays()
    let versions = [PaperSite.version(.naiveDay), PaperSite.version(.perfect)]

    let comparison = try ForecastComparison(replay, versions: versions, threads: 2)
    let report = ComparisonReport(comparison, of: replay)
    print(report.text)
    print(report.json.text(isPretty: false))
    print(LeaderboardCSV.text(comparison))

    #expect(report.text.contains("perfect"))
    #expect(report.json.text(isPretty: false).contains("\"schema\":\"wattif.compare/1\""))
  }

  @Test("the page shows how a section is added to a page")
  func pages() throws {
    #expect(try PageExample(room: "Reports", block: 1).isCode())
    let report = ComparisonReport(
      try PaperStudies.comparison(), of: try PaperStudies.twoDays())

    var page = report.page(title: "Workshop")
    page.sections.append(
      PageSection(
        "Errors and money",
        [
          .text("Which error costs most."),
          .table(PageTable(header: ["version", "MAE kW"], rows: [["ridge", "0.41"]])),
        ]))
    print(page.html)

    let section = try #require(page.html.range(of: "<h2>Errors and money</h2>"))
    let run = try #require(page.html.range(of: "<h2>What the run was</h2>"))
    #expect(section.lowerBound < run.lowerBound)
    #expect(page.html.contains("<td>0.41</td>"))
  }
}
