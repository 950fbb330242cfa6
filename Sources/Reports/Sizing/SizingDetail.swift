import Diagnostics
import Documents
import Studies

/// The money of one candidate in full: by year, by source, by charge and by month.
struct SizingDetail {
  private let candidate: SizingCandidate
  private let none: SizingCandidate
  private let currency: String
  private let study: SizingStudy

  /// Takes the best candidate, or the battery that loses least where none pays; nothing without a battery.
  init?(_ study: SizingStudy, currency: String) {
    guard let shown = study.bestBattery else { return nil }
    candidate = shown
    none = study.candidates[0]
    self.currency = currency
    self.study = study
  }

  private var charges: [BillChange] {
    BillChange.changes(
      from: none.run.charges, to: candidate.run.charges, factor: study.yearFactor)
  }

  /// Years that differ from each other; nothing where all are alike.
  private var life: String? {
    let years = candidate.life.years
    guard years.contains(where: { $0.endCapacity < 1 || $0.saving != candidate.year1Savings })
    else { return nil }
    return "Life of \(candidate.name)\n"
      + LifetimeYear.measures.table(years, currency: currency).text
  }

  private var tornado: String? {
    guard let bars = candidate.tornado?.bars, !bars.isEmpty else { return nil }
    return "What moves its net present value, \(currency)\n"
      + Tornado.Bar.measures.table(bars, currency: currency).text
  }

  /// Cash flow, sources of the saving and bill, as text.
  var text: String {
    var parts = [
      "Cash flow of \(candidate.name), \(currency)\n" + flow(candidate.accounts.site).text
    ]
    if let owner = candidate.accounts.owner {
      parts.append("Cash flow of its owner, \(currency)\n" + flow(owner).text)
    }
    parts.append(sources + promises)
    if let life { parts.append(life) }
    if let tornado { parts.append(tornado) }
    parts.append(
      "Bill of a year, \(currency)\n" + BillChange.measures.table(charges).text)
    return parts.joined(separator: "\n")
  }

  /// The table of some years.
  private func flow(_ years: [CashFlowYear]) -> TextTable { measures(of: years).table(years) }

  /// The columns of some years in which something stands.
  private func measures(of years: [CashFlowYear]) -> MeasureList<CashFlowYear> {
    let always = ["year", "saving", "net", "cumulative", "discounted_cumulative"]
    return CashFlowYear.measures.filtered { key in
      always.contains(key)
        || years.contains { (CashFlowYear.measures.scores($0)[key] ?? 0) != 0 }
    }
  }

  /// The money of the battery as parts of a page.
  var sections: [PageSection] {
    let site = candidate.accounts.site
    var blocks: [PageBlock] = [
      .chart(courses(site)), .table(PageTable(measures(of: site), site, currency: currency)),
    ]
    if let owner = candidate.accounts.owner {
      blocks += [
        .text("Cash flow of its owner, \(currency)."),
        .table(PageTable(measures(of: owner), owner, currency: currency)),
      ]
    }
    return [
      PageSection(
        "Where the saving of \(candidate.name) comes from",
        [
          .chart(
            WaterfallChart(
              title: "What the first year's saving is made of, \(currency)", unit: currency,
              steps: [.amount("nothing", 0)]
                + parts.filter { abs($0.amount) >= 0.5 }.sorted { $0.amount > $1.amount }
                .map { .change($0.words, $0.amount) }
                + [.amount("saved in the first year", candidate.year1Savings)])),
          .table(PageTable(BillChange.measures, charges, currency: currency)),
        ]),
      PageSection("Cash flow of \(candidate.name)", blocks),
    ] + assumptions
  }

  /// How the battery ages, and what moves its worth, as parts of a page.
  private var assumptions: [PageSection] {
    var sections: [PageSection] = survival.map { [$0] } ?? []
    if let bars = candidate.tornado?.bars, !bars.isEmpty {
      sections.append(
        PageSection(
          "What moves the net present value of \(candidate.name)",
          [
            .chart(
              BarChart(
                title: "Net present value when one assumption moves, \(currency)", note: nil,
                unit: currency, series: ["low", "high"],
                groups: bars.map {
                  BarChart.Group(
                    name: "\($0.name), \($0.swing)",
                    values: [min($0.low, $0.high), max($0.low, $0.high)])
                })),
            .table(PageTable(Tornado.Bar.measures, bars, currency: currency)),
          ]))
    }
    if life != nil {
      let years = candidate.life.years
      sections.append(
        PageSection(
          "Life of \(candidate.name)",
          [.table(PageTable(LifetimeYear.measures, years, currency: currency))]))
    }
    return sections
  }

  /// Net cash and what it comes to by year.
  private func courses(_ years: [CashFlowYear]) -> LineChart {
    func line(_ key: String, _ name: String) -> LineChart.Line {
      LineChart.Line(
        name: name, values: years.map { CashFlowYear.measures.scores($0)[key] ?? .nan },
        style: .markedLine)
    }
    return LineChart(
      title: "Cash flow summed up over the years, \(currency)",
      places: .numbers(
        years.map { CashFlowYear.measures.scores($0)["year"] ?? .nan }, title: "year"),
      panels: [
        LineChart.Panel(
          title: currency,
          lines: [
            line("cumulative", "summed up"), line("discounted_cumulative", "discounted"),
            line("net", "of the year"),
          ], includesZero: true, height: 240, decimals: 2)
      ])
  }

  /// Where the saving comes from, largest first.
  private var parts: [(words: String, amount: Double)] {
    let benefits = candidate.benefits
    return [
      ("energy bought earlier", benefits.arbitrage),
      ("production used later", benefits.selfConsumption),
      ("production not thrown away", benefits.curtailmentAvoided),
      ("energy sold", benefits.export), ("peaks", benefits.demandCharge),
      ("own draw", benefits.ownDraw), ("other", benefits.rest),
      ("outages survived", candidate.run.outages?.avoidedPerYear ?? 0),
    ]
  }

  /// What becomes of outages, of a budget and of the maker's promise, in sentences; nothing where nobody asked.
  private var promises: String {
    var lines: [String] = []
    if let use = candidate.run.outages {
      let hours = NumberText.rounded(use.outageHours, decimals: 1)
      lines.append(
        "An outage of \(hours) h is survived from \(NumberText.percent(use.survivedShare)) of all moments ("
          + zip(use.hours, use.survivedShares).map {
            "\(NumberText.rounded($0, decimals: 1)) h \(NumberText.percent($1))"
          }.joined(separator: ", ")
          + "); it leaves \(NumberText.rounded(use.unservedKWh, decimals: 2)) kWh without service, against "
          + "\(NumberText.rounded(use.bareUnservedKWh, decimals: 2)) kWh without a battery, which is worth "
          + "\(number(use.avoidedPerYear)) \(currency) a year.")
      if let cost = use.reserveCostPerYear {
        lines.append("Keeping the reserve costs \(number(cost)) \(currency) a year.")
      }
    }
    if let budget = candidate.run.budget {
      let text = budget.sentence(currency: currency)
      lines.append(text.prefix(1).uppercased() + text.dropFirst() + ".")
    }
    if let year = candidate.warrantyBreachYear {
      lines.append("The cycles that the warranty promises are used up in year \(year).")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The survival curve; nothing where nobody asked for outages.
  private var survival: PageSection? {
    guard let use = candidate.run.outages else { return nil }
    return PageSection(
      "Outages: \(candidate.name)",
      [
        .chart(
          LineChart(
            title: "Share of moments from which an outage is survived",
            places: .numbers([0] + use.hours, title: "length of the outage, h"),
            panels: [
              LineChart.Panel(
                title: "%",
                lines: [
                  LineChart.Line(
                    name: "survived", values: [100] + use.survivedShares.map { 100 * $0 },
                    style: .markedLine)
                ], includesZero: true, height: 220, decimals: 0)
            ])),
        .list(promises.split(separator: "\n").map(String.init)),
      ])
  }

  private var sources: String {
    let told = parts.filter { abs($0.amount) >= 0.5 }.sorted { $0.amount > $1.amount }.map {
      "\($0.words) \(number($0.amount))"
    }
    return
      "The first year's saving of \(number(candidate.year1Savings)) \(currency): "
      + "\(told.joined(separator: ", ")).\n"
  }

  private func number(_ amount: Double) -> String { NumberText.fixed(amount, decimals: 0) }

  /// The same as JSON.
  var json: JSONValue {
    let accounts = candidate.accounts
    return [
      "battery_kwh": .number(candidate.energyKWh),
      "battery_kw": .number(candidate.powerKW),
      "cash_flow": CashFlowYear.measures.list(accounts.site),
      "owner_cash_flow": accounts.owner.map { CashFlowYear.measures.list($0) } ?? .null,
      "bill_by_charge": BillChange.measures.list(charges),
      "bill_by_month": BillChange.measures.list(
        BillChange.changes(from: none.run.bills, to: candidate.run.bills)),
      "outages": .array(
        (candidate.run.outages.map { Array(zip($0.hours, $0.survivedShares)) } ?? []).map {
          ["hours": .number($0.0), "survived_fraction": .number($0.1)]
        }),
      "life": LifetimeYear.measures.list(candidate.life.years),
      "tornado": Tornado.Bar.measures.list(candidate.tornado?.bars ?? []),
      "payback_shares": .array((candidate.range?.paybackShares ?? []).map { .number($0) }),
    ]
  }
}
