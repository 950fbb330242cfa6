import Documents
import Forecasting
import Replay
import Studies
import TimeSeries

extension ComparisonReport {
  /// The comparison as a page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, facts: heading.split(separator: "\n").map(String.init),
      figures: figures, run: replay.facts, warnings: remarks)
    let charts = ComparisonCharts(comparison, of: replay)
    page.sections = [
      PageSection("Where the money goes", charts.money),
      PageSection("What each version costs", [.table(leaderboardTable)]),
      PageSection("Regret by forecast and planner", [.table(plannerPageTable)]),
    ]
    if let loads = loadTable(of: loadScores).section(currency: currency) {
      page.sections.append(loads)
    }
    let chartsOfBest = comparison.reference.map { RunCharts($0.outcome, of: replay).batteries }
    if let batteries = batteryTable(of: loadScores).section(
      currency: currency, charts: chartsOfBest ?? [])
    {
      page.sections.append(batteries)
    }
    page.sections += explanation?.sections ?? []
    page.sections.append(
      PageSection("When most was lost against the oracle", charts.regret + charts.days))
    page.sections.append(PageSection("Accuracy and money", charts.accuracy))
    for pairs in pairReports {
      page.sections.append(
        PageSection(pairs.heading, [.table(pairs.pageTable), .list(pairs.notes)]))
    }
    page.sections.append(PageSection(charts.weekTitle, charts.week))
    page.sections.append(
      LimitReport(comparison.scores).section(charts: charts.limits))
    return page
  }

  /// The cost and what it saves.
  private var figures: [KeyFigure] {
    guard let best = comparison.reference else { return [] }
    return KeyFigure.figures(
      of: best, againstRule: comparison.againstRule, againstNoBattery: comparison.againstNoBattery,
      currency: currency)
  }

  var leaderboardTable: PageTable {
    PageTable(
      Self.measures.pageColumns(currency: currency), rows: rows,
      ruleAfter: comparison.versions.count)
  }

  private var plannerPageTable: PageTable {
    PageTable(
      header: ["regret \(currency)"] + comparison.planners.map(\.name),
      rows: comparison.planners.isEmpty ? [] : plannerRows)
  }
}

extension KeyFigure {
  /// Returns the figures that matter of a version: cost, savings with their intervals, share captured.
  static func figures(
    of score: VersionScore, againstRule rule: PairedInterval?,
    againstNoBattery none: PairedInterval?, currency: String
  ) -> [KeyFigure] {
    func money(_ value: Double) -> String {
      "\(NumberText.fixed(value, decimals: 2)) \(currency)"
    }
    func sureness(_ pair: PairedInterval?) -> String {
      guard let pair else { return "" }
      guard let half = pair.total.halfWidth else { return "how sure cannot be said" }
      return "± \(NumberText.fixed(half, decimals: 2)), "
        + (pair.isSignificant ? "more than luck" : "may be luck")
    }
    return [
      KeyFigure(
        "cost with \(score.labelledName)", money(score.outcome.cost), "bill, wear, energy left"),
      KeyFigure("saved against no battery", money(score.savingsVsNoBattery), sureness(none)),
      KeyFigure("saved against the rule", money(score.savingsVsSelfConsumption), sureness(rule)),
      KeyFigure(
        "share of the oracle's saving", NumberText.percent(score.shareCaptured),
        "regret \(money(score.regret))"),
    ]
  }
}
