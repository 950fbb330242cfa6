import Documents
import Replay
import Studies
import Twin

extension StressReport {
  /// The study as a page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, facts: [conventions], figures: figures, run: replay.facts)
    page.sections = [
      PageSection("Cost against temperature", [.chart(tradeOff), .chart(costs)]),
      PageSection(
        "Policies that no other one beats",
        [.table(PageTable(Self.policyMeasures, study.pareto, currency: currency))]),
      PageSection(
        "Every policy, fault and weather",
        [.table(PageTable(Self.measures, study.cells, currency: currency))]),
    ]
    if let pairs {
      page.sections.append(
        PageSection(pairs.heading, [.table(pairs.pageTable), .list(pairs.notes)]))
    }
    return page
  }

  private var figures: [KeyFigure] {
    guard let choice = study.choice else { return [] }
    return [
      KeyFigure("policy to take", choice.policy),
      KeyFigure(
        "mean cost against the reference",
        "\(NumberText.fixed(choice.meanCostDelta, decimals: 2)) \(currency)",
        "over all faults and weathers"),
      KeyFigure("hottest cell", "\(NumberText.fixed(choice.hottestCellC, decimals: 1)) °C"),
      KeyFigure(
        "above the limit", "\(NumberText.fixed(choice.hoursAboveLimit, decimals: 1)) h",
        "summed over all cases"),
    ]
  }

  /// What protection costs, policy by policy.
  private var tradeOff: ScatterChart {
    ScatterChart(
      title: "What each policy costs and how hot the hottest cell gets",
      note:
        "Mean cost over all faults and weathers, less that of the reference; lower and further left is better.",
      xTitle: "hottest cell, °C", yTitle: "mean cost less the reference's, \(currency)",
      points: study.policies.map { score in
        ScatterChart.Point(
          name: score.policy, x: score.hottestCellC, y: score.meanCostDelta,
          series: score.policy == study.choice?.policy ? 1 : 0)
      }, xDecimals: 1)
  }

  /// Cost of each policy under each fault and weather.
  private var costs: BarChart {
    var cases: [String] = []
    func name(_ cell: StressCell) -> String { "\(cell.fault), \(cell.weather)" }
    for cell in study.cells where !cases.contains(name(cell)) { cases.append(name(cell)) }
    let policies = study.policies.map(\.policy)
    return BarChart(
      title: "Cost of each policy in each case less the reference's, \(currency)", unit: currency,
      series: policies,
      groups: cases.map { one in
        BarChart.Group(
          name: one,
          values: policies.map { policy in
            study.cells.first { $0.policy == policy && name($0) == one }?.costDelta ?? .nan
          })
      })
  }
}
