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
}
