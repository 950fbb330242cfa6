import Replay
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing
import TimeSeries

@Suite("Outages and steps, in a comparison") struct ReadinessReportTests {
  // The load of 0.6 kW for twelve hours is 7.2 kWh. The inverter runs at 1 or 2 kW, so a surplus of 1.4 kW and a load of 1.5
  // are not met to the kW.
  @Test("text and page say which outages each run could have carried, and what steps changed")
  func shown() throws {
    let start = PaperSite.monday + 86_400
    var settings = PaperSite.settings(recourse: .valueStep)
    settings.reserve = Reserve(outages: ExpectedOutages(stated: [start..<start + 12 * 3600]))
    let replay = try PaperSite.replay(
      PaperSite.history(
        loadKW: [[Double]](repeating: [0.6, 0.6, 1.5, 0.6], count: 3),
        pvKW: [[Double]](repeating: [0, 2, 0, 0], count: 3)), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 12, powerKW: 2, stepsKW: [1, 2]),
      settings: settings)
    let comparison = try ForecastComparison(
      replay, versions: [PaperSite.version(.naiveDay)], threads: 1)
    let report = ComparisonReport(comparison, of: replay)
    let page = report.page(title: "ready").html
    let none = try #require(comparison.noBattery.outages)
    #expect(none.count == 1 && none.servedInFull == 0)
    #expect(isClose(none.criticalKWh, 7.2, absolute: 1e-9))
    for text in [report.text, page] {
      #expect(text.contains("no battery: expected outages: 0 of 1 could be served in full"))
      #expect(text.contains("naive_day: expected outages: "))
      #expect(text.contains("oracle: expected outages: "))
    }
    let changedKWh = comparison.versions[0].outcome.interventionsKWh["power_steps"] ?? 0
    #expect(changedKWh > 0 && report.text.contains("kWh changed by power_steps"))
  }
}
