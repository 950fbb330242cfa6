import Documents
import Replay
import Studies
import Tariffs

extension SizingReport {
  /// The study as a page.
  package func page(title: String) -> Page {
    var page = Page(
      title: title, verdict: verdict, figures: figures, run: replay.facts,
      warnings: (warning.map { ["Warning: \($0)."] } ?? []) + sentences)
    page.sections = [
      PageSection(
        "What each battery is worth",
        (map.map { [.chart($0)] } ?? []) + [.chart(values), .chart(savings)]),
      PageSection("Every candidate", [.table(table)]),
    ]
    if let explorer = SizingExplorer(study, currency: currency) {
      page.sections.insert(
        PageSection("Between the sizes, at other prices", [.program(explorer.program(from: best))]),
        at: 1)
    }
    page.sections += premium.section.map { [$0] } ?? []
    page.sections += SizingDetail(study, currency: currency)?.sections ?? []
    return page
  }

  private var best: SizingCandidate { study.candidates[study.bestIndex] }

  private func money(_ amount: Double, decimals: Int = 0) -> String {
    "\(NumberText.fixed(amount, decimals: decimals)) \(currency)"
  }

  private var figures: [KeyFigure] {
    let name = best.isNoBattery ? "do nothing" : Self.name(best)
    return [
      KeyFigure("best", name),
      KeyFigure(
        "net present value", money(best.netPresentValue),
        best.range.map {
          "80 % range \(NumberText.fixed($0.p10, decimals: 0)) to \(NumberText.fixed($0.p90, decimals: 0))"
        } ?? "how sure cannot be said"),
      KeyFigure("saved in the first year", money(best.year1Savings, decimals: 2)),
      KeyFigure(
        "paid back",
        best.isNoBattery
          ? "–" : best.paybackYears.map { "\(NumberText.fixed($0, decimals: 1)) years" } ?? "never"),
    ]
  }

  /// A size in words.
  private static func name(_ candidate: SizingCandidate) -> String {
    candidate.isNoBattery
      ? "no battery"
      : "\(NumberText.rounded(candidate.energyKWh, decimals: 3)) kWh, "
        + "\(NumberText.rounded(candidate.powerKW, decimals: 3)) kW"
  }

  /// Net present value over energy and power; nothing where sizes differ in one of them alone.
  private var map: HeatMap? {
    let sizes = study.candidates.filter { !$0.isNoBattery }
    let energies = Set(sizes.map(\.energyKWh)).sorted()
    let powers = Set(sizes.map(\.powerKW)).sorted()
    guard energies.count > 1, powers.count > 1 else { return nil }
    return HeatMap(
      title: "Net present value over \(settings.finance.years) years, \(currency)",
      note: "The best candidate of each energy and power; what was not tried is left out.",
      unit: currency, columnTitle: "energy",
      rows: powers.reversed().map { power in
        HeatMap.Row(
          name: "\(NumberText.rounded(power, decimals: 3)) kW",
          values: energies.map { energy in
            sizes.filter { $0.energyKWh == energy && $0.powerKW == power }
              .map(\.netPresentValue).max() ?? .nan
          })
      }, columnNames: energies.map { "\(NumberText.rounded($0, decimals: 3)) kWh" }, decimals: 0,
      bearsValues: true)
  }

  /// Bars that a reader still compares; the map and the table have the others.
  private static let mostBars = 12

  /// Net present value of the best sizes with their ranges.
  private var values: BarChart {
    let batteries = study.candidates.filter { !$0.isNoBattery }
    let least = batteries.map(\.netPresentValue).sorted(by: >).prefix(Self.mostBars).last ?? 0
    let shown = batteries.filter { $0.netPresentValue >= least }
    let left =
      batteries.count > shown.count ? "The \(shown.count) best of \(batteries.count). " : ""
    return BarChart(
      title: "Net present value of each size over \(settings.finance.years) years, \(currency)",
      note:
        left
        + "p10 and p90 bound what a replayed year may bring; without them the months are too few.",
      unit: currency, series: ["net present value", "p10", "p90"],
      groups: shown.map { candidate in
        BarChart.Group(
          name: Self.name(candidate),
          values: [
            candidate.netPresentValue, candidate.range?.p10 ?? .nan, candidate.range?.p90 ?? .nan,
          ])
      }, decimals: 0)
  }

  /// What each size saves a year, over its energy.
  private var savings: LineChart {
    let candidates = study.candidates.filter { !$0.isNoBattery }
    let energies = Set(candidates.map(\.energyKWh)).sorted()
    let powers = Set(candidates.map(\.powerKW)).sorted()
    return LineChart(
      title: "Saved in the first year by energy and power, \(currency)",
      places: .numbers([0] + energies, title: "energy, kWh"),
      panels: [
        LineChart.Panel(
          title: "\(currency) a year",
          lines: powers.enumerated().map { place, power in
            LineChart.Line(
              name: "\(NumberText.rounded(power, decimals: 3)) kW",
              values: [0]
                + energies.map { energy in
                  candidates.first { $0.energyKWh == energy && $0.powerKW == power }?.year1Savings
                    ?? .nan
                }, style: .markedLine)
          }, includesZero: true, height: 260, decimals: 2)
      ])
  }

  private var table: PageTable {
    var table = PageTable(Self.measures, study.candidates, currency: currency)
    table.columns.append(PageTable.Column("", isWords: true))
    for i in table.rows.indices { table.rows[i].append(marks(i)) }
    // Whose row it is stands first, on every part of the table.
    table.columns.insert(PageTable.Column("size", isWords: true), at: 0)
    for i in table.rows.indices { table.rows[i].insert(Self.name(study.candidates[i]), at: 0) }
    return table
  }
}
