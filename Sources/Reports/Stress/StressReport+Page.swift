import Documents
import Replay
import Studies
import TimeSeries
import Twin

extension StressReport {
  /// Hottest cases whose course is drawn.
  private static let drawnCases = 3
  /// Time around the hottest moment that is drawn, on either side. [h]
  private static let drawnHours = 36.0

  /// The study as a page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, facts: [conventions], figures: figures, run: replay.facts)
    page.sections = [
      PageSection(
        "Ranking",
        [
          .table(PageTable(scoreMeasures, ranking, currency: currency)), .text(front),
          .chart(moneyAndHeat), .chart(moneyAndLife),
        ]),
      PageSection("Policy by policy, case by case", [.chart(costMap), .chart(heatMap)]),
      PageSection("The hottest cases", hottestCases),
      PageSection(
        "Every policy, fault and weather",
        [.table(PageTable(cellMeasures, study.cells, currency: currency))]),
    ]
    if let pairs {
      page.sections.append(
        PageSection(pairs.heading, [.table(pairs.pageTable), .list(pairs.notes)]))
    }
    if let knowing {
      page.sections.append(
        PageSection(
          "What knowing the heat is worth",
          [
            .text(knowing),
            .table(PageTable(HeatKnowledge.measures, study.knowing, currency: currency)),
          ]))
    }
    page.sections.append(
      PageSection(
        "Where the policies come from",
        [.list(sources.map { "\($0.policy): " + $0.sources.joined(separator: "; ") })]))
    return page
  }

  private var figures: [KeyFigure] {
    guard let choice = study.choice else { return [] }
    func money(_ amount: Double) -> String {
      "\(NumberText.fixed(amount, decimals: 2)) \(currency)"
    }
    var figures = [
      KeyFigure("policy to take", choice.policy),
      KeyFigure(
        "mean cost against none", money(choice.meanCostDelta), "over all faults and weathers"),
      KeyFigure("cut-offs", "\(choice.cutOffs)", "of the battery's own protection, in all cases"),
      KeyFigure("hottest cell", "\(NumberText.fixed(choice.hottestCellC, decimals: 1)) °C"),
      KeyFigure(
        "above the limit", "\(NumberText.fixed(choice.hoursAboveLimit, decimals: 1)) h",
        "summed over all cases"),
    ]
    if let price = study.lifePrice, let life = choice.projectLifeCost {
      figures.append(KeyFigure("life used", money(life), "over \(price.years) years"))
    }
    return figures
  }

  /// What protection costs, policy by policy.
  private var moneyAndHeat: ScatterChart {
    scatter(
      "What each policy costs and how hot the hottest cell gets", "hottest cell, °C",
      "mean cost less that of none, \(currency)", decimals: 1,
      { ($0.hottestCellC, $0.meanCostDelta) })
  }

  private var moneyAndLife: ScatterChart {
    scatter(
      "What each policy adds to the bill and what it leaves of the battery's life", "life used, %",
      "mean bill less that of none, \(currency)", decimals: 2,
      { (100 * $0.lifeUsedFraction, $0.meanBillDelta) })
  }

  private func scatter(
    _ title: String, _ x: String, _ y: String, decimals: Int,
    _ place: (PolicyScore) -> (x: Double, y: Double)
  ) -> ScatterChart {
    ScatterChart(
      title: title,
      note:
        "Means over all faults and weathers; lower and further left is better, and the policy to take "
        + "has a colour of its own.",
      xTitle: x, yTitle: y,
      points: study.policies.map { score in
        ScatterChart.Point(
          name: score.policy, x: place(score).x, y: place(score).y,
          series: score.policy == study.choice?.policy ? 1 : 0)
      }, xDecimals: decimals)
  }

  /// The cells of the verdict's way of planning.
  private var judged: [StressCell] { study.cells.filter { $0.heat == study.cells.first?.heat } }

  private func name(_ cell: StressCell) -> String { "\(cell.fault), \(cell.weather)" }

  private var cases: [String] {
    judged.reduce(into: [String]()) { names, cell in
      if !names.contains(name(cell)) { names.append(name(cell)) }
    }
  }

  private func map(
    _ title: String, unit: String, decimals: Int, _ value: (StressCell) -> Double
  ) -> HeatMap {
    let columns = cases
    return HeatMap(
      title: title, unit: unit, columnTitle: "policy",
      rows: study.policies.map { score in
        HeatMap.Row(
          name: score.policy,
          values: columns.map { column in
            judged.first { $0.policy == score.policy && name($0) == column }.map(value) ?? .nan
          })
      }, columnNames: columns, decimals: decimals, bearsValues: true)
  }

  private var costMap: HeatMap {
    map("Cost less that of none in the same case, \(currency)", unit: currency, decimals: 2) {
      $0.againstNone?.difference ?? 0
    }
  }

  private var heatMap: HeatMap {
    map("Hottest cell, °C", unit: "°C", decimals: 1) { $0.hottestCellC }
  }

  /// Courses around the hottest moment of the hottest cases, under every policy.
  private var hottestCases: [PageBlock] {
    let hottest = cases.map { one in
      (one, judged.filter { name($0) == one }.map(\.hottestCellC).max() ?? -.infinity)
    }.sorted { $0.1 > $1.1 }.prefix(Self.drawnCases)
    return hottest.flatMap { one, _ -> [PageBlock] in
      let cells = judged.filter { name($0) == one }
      guard let warmest = cells.max(by: { $0.hottestCellC < $1.hottestCellC }),
        let own = cells.first(where: { $0.policy == study.choice?.policy })
      else { return [] }
      let grid = warmest.outcome.trace.grid
      let hottestC = warmest.outcome.trace.hottestCellC
      let top = hottestC.indices.max { hottestC[$0] < hottestC[$1] } ?? 0
      let reach = Int(Self.drawnHours / grid.stepHours)
      let slots = max(0, top - reach)..<min(grid.count, top + reach)
      return [.chart(course(of: cells, power: own, one, slots: slots, on: grid))]
    }
  }

  private func course(
    of cells: [StressCell], power own: StressCell, _ name: String, slots: Range<Int>,
    on grid: TimeGrid
  ) -> LineChart {
    let trace = own.outcome.trace
    let ratedKW = replay.battery.converter.ratedKW
    func part(_ values: [Double]) -> [Double] { Array(values[slots]) }
    let temperatures = cells.map {
      LineChart.Line(name: $0.policy, values: part($0.outcome.trace.hottestCellC))
    }
    return LineChart(
      title: "\(name): around the hottest moment",
      note:
        "Temperatures under every policy; power and limits under '\(own.policy)', discharging positive.",
      places: .times(
        slots.map { Double(grid.instant($0)) }, until: Double(grid.instant(slots.upperBound)),
        zone: replay.history.zone),
      panels: [
        LineChart.Panel(
          title: "hottest cell, °C", lines: temperatures,
          levels: [
            LineChart.Level(name: "limit", value: replay.battery.temperatureLimitC),
            LineChart.Level(name: "protection", value: replay.battery.limits.cutOffC),
          ], decimals: 1),
        LineChart.Panel(
          title: "battery, kW",
          lines: [
            LineChart.Line(
              name: "wanted", values: part(trace.requestedKW), style: .steps, isDashed: true),
            LineChart.Line(name: "given", values: part(trace.batteryKW), style: .steps),
            LineChart.Line(
              name: "limit of discharge",
              values: part(trace.withheldDischargeKW).map { ratedKW - $0 }, style: .steps),
            LineChart.Line(
              name: "limit of charge", values: part(trace.withheldChargeKW).map { $0 - ratedKW },
              style: .steps),
          ], includesZero: true, decimals: 2),
      ])
  }
}
