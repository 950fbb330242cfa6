import Documents
import Replay
import Studies
import Tariffs
import Twin

extension BatteryReport {
  /// All batteries as one page; each has a page of its own besides.
  package func page(title: String) -> Page {
    guard let first = batteries.runs.first else { return Page(title: title, verdict: verdict) }
    var page = Page(
      title: title, verdict: verdict,
      facts: report(of: first).heading.split(separator: "\n").map(String.init), figures: figures)
    page.sections = [
      PageSection(
        "The batteries",
        [.chart(savings), .table(PageTable(Self.measures, batteries.runs, currency: currency))])
    ]
    if let pairs {
      page.sections.append(
        PageSection(pairs.heading, [.table(pairs.pageTable), .list(pairs.notes)]))
    }
    for run in batteries.runs {
      let report = report(of: run)
      let charts = ComparisonCharts(run.comparison, of: run.replay)
      page.sections.append(
        PageSection(
          "Battery '\(run.name)'",
          [.text(report.verdict)] + charts.money.prefix(1) + [.table(report.leaderboardTable)]
            + charts.week + charts.limits))
    }
    page.run =
      batteries.runs.map { PageFact("Battery '\($0.name)'", $0.replay.battery.summary) }
      + first.replay.facts.filter { $0.name != "Battery" }
    page.warnings = batteries.runs.flatMap { run in
      report(of: run).remarks.map { "Battery '\(run.name)': \($0)" }
    }
    return page
  }

  /// The cheapest battery, and what it saves.
  private var figures: [KeyFigure] {
    guard let best = batteries.best else { return [] }
    func money(_ amount: Double) -> String {
      "\(NumberText.fixed(amount, decimals: 2)) \(currency)"
    }
    return [
      KeyFigure("cheapest to run", best.name, best.score.labelledName),
      KeyFigure("cost with it", money(best.score.outcome.cost), "bill, wear, energy left"),
      KeyFigure("saved against no battery", money(best.score.savingsVsNoBattery)),
      KeyFigure("saved against the rule", money(best.score.savingsVsSelfConsumption)),
    ]
  }

  /// What each battery saves with its cheapest version, and what it would with perfect forecasts.
  private var savings: BarChart {
    BarChart(
      title: "Saved against no battery, \(currency)",
      note: "What batteries cost to buy is not counted.", unit: currency,
      series: ["its cheapest version", "perfect forecasts"],
      groups: batteries.runs.map { run in
        let none = run.comparison.noBattery.cost
        return BarChart.Group(
          name: run.name,
          values: [none - run.score.outcome.cost, none - run.comparison.oracle.outcome.cost])
      })
  }
}
