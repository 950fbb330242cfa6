import Documents
import Replay
import Studies
import Tariffs

extension ReplayReport {
  /// The replay as a page.
  package func page(title: String) -> Page {
    let outcome = score.outcome
    let currency = replay.tariff.currency
    var page = Page(
      title: "\(title): \(score.labelledName)", verdict: verdict,
      figures: KeyFigure.figures(
        of: score, againstRule: comparison.againstRule,
        againstNoBattery: comparison.againstNoBattery, currency: currency),
      run: [PageFact("Forecast version", score.labelledName)] + replay.facts, warnings: notes)
    let charts = ComparisonCharts(comparison, of: replay, about: score)
    var months = PageTable(MonthBill.measures, outcome.bill.months, currency: currency)
    months.ruleAfter = months.rows.count
    months.rows.append(
      MonthBill.measures.totals(outcome.bill.months, named: "total", without: "peak_kw"))
    page.sections = [
      PageSection("Where the money goes", charts.money),
      PageSection("The bill month by month", [.table(months)]),
      PageSection(charts.weekTitle, charts.week),
      PageSection("When most was lost against the oracle", charts.regret + charts.days),
      PageSection("What the forecasts said and what was measured", charts.calibration),
    ]
    if let loads = loadTable(of: loadScores).section(currency: currency) {
      page.sections.insert(loads, at: 2)
    }
    if let batteries = batteryTable(of: loadScores).section(
      currency: currency, charts: RunCharts(outcome, of: replay).batteries)
    {
      page.sections.insert(batteries, at: 2)
    }
    for pairs in PairReport.reports(of: comparison, currency: currency) {
      page.sections.append(
        PageSection(pairs.heading, [.table(pairs.pageTable), .list(pairs.notes)]))
    }
    page.sections.append(LimitReport([score]).section(charts: charts.limits))
    return page
  }
}
