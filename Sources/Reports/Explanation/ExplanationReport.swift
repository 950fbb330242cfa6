import Diagnostics
package import Documents
package import Replay
package import Studies
import Tariffs
import TimeSeries

/// Why versions cost more than the oracle, in words, tables and files.
package struct ExplanationReport: Sendable {
  let study: RegretStudy
  private let comparison: ForecastComparison
  private let zone: Zone
  let currency: String

  /// Prepares a report on the versions of a comparison.
  package init(_ study: RegretStudy, _ comparison: ForecastComparison, of replay: ReplayCase) {
    self.study = study
    self.comparison = comparison
    zone = replay.history.zone
    currency = replay.tariff.currency
  }

  /// The parts of the regret, what perfect forecasts would bring, and the most expensive hours.
  var text: String {
    guard !study.versions.isEmpty else { return "" }
    var text = partsTitle + ":\n" + partsTable.text
    for line in sentences { text += line + "\n" }
    text += "\n" + perfectTitle + ":\n" + perfectTable.text
    text += TextLayout.current.notes(values + notes)
    if let table = leadsTable { text += "\n" + leadsTitle + ":\n" + table.text }
    if let version = leading, !version.hours.isEmpty {
      text += "\n" + hoursTitle(version) + ":\n" + hoursTable(version).text
      text += hoursNote(version) + "\n"
    }
    return text
  }

  // MARK: Tables

  var partsTitle: String { "Why they cost more than the oracle, in \(currency)" }

  var perfectTitle: String {
    "A perfect forecast of one quantity alone would save, in \(currency) \(span), ± half of the 95 % interval"
  }

  func hoursTitle(_ version: ExplainedVersion) -> String {
    "The \(version.hours.count == 1 ? "hour" : "\(version.hours.count) hours") in which "
      + "'\(version.score.labelledName)' lost most against the oracle (kW, \(currency)/kWh)"
  }

  private var partsTable: TextTable { Self.filled(partsMeasures, study.versions, currency) }

  private var perfectTable: TextTable { Self.filled(perfectMeasures, study.versions, currency) }

  /// The columns of quantities that the site has.
  var partsMeasures: MeasureList<ExplainedVersion> {
    ExplainedVersion.measures.filtered { key in
      key == "version" || key == "regret" || key == "planning_part"
        || causes.contains { key == "\($0.rawValue)_part" }
    }
  }

  var perfectMeasures: MeasureList<ExplainedVersion> {
    ExplainedVersion.measures.filtered { key in
      key == "version" || causes.contains { key == "perfect_\($0.rawValue)_saving_per_year" }
    }
  }

  private static func filled(
    _ measures: MeasureList<ExplainedVersion>, _ versions: [ExplainedVersion], _ currency: String
  ) -> TextTable {
    measures.table(versions, currency: currency)
  }

  private func hoursTable(_ version: ExplainedVersion) -> TextTable {
    var table = TextTable([("hour", .left)] + ExpensiveHour.measures.columns(currency: currency))
    for row in hoursRows(version) { table.add(row) }
    return table
  }

  var hoursHeader: [String] {
    ["hour"] + ExpensiveHour.measures.columns(currency: currency).map(\.header)
  }

  func hoursRows(_ version: ExplainedVersion) -> [[String]] {
    version.hours.map {
      [Instant.localText($0.start, zone: zone)] + ExpensiveHour.measures.row($0)
    }
  }

  // MARK: Sentences

  /// The quantities that plans at the site read a forecast of.
  var causes: [ForecastCause] {
    ForecastCause.allCases.filter { study.versions.first?.parts[$0] != nil }
  }

  /// The version that sentences and hours are about: the reference of the comparison, else the cheapest.
  var leading: ExplainedVersion? {
    study.versions.first { $0.score.outcome.name == comparison.reference?.outcome.name }
      ?? study.versions.first
  }

  private var span: String {
    study.versions.contains { $0.perfect.contains { $0.perYear != nil } }
      ? "a year" : comparison.noBattery.trace.grid.overDays
  }

  private func money(_ amount: Double) -> String {
    NumberText.fixed(amount, decimals: 2) + " \(currency)"
  }

  /// Where most of the regret comes from, and what no forecast brings.
  var sentences: [String] {
    var lines: [String] = []
    if let version = leading {
      let name = "'\(version.score.labelledName)'"
      if version.score.regret < PairedInterval.cent {
        lines.append("\(name) costs no more than the oracle.")
      } else if let largest = version.largest {
        lines.append(
          "Of the \(money(version.score.regret)) that \(name) costs more than the oracle, "
            + "\(money(largest.amount)) come from the \(largest.cause.name) forecast"
            + (causes.count > 1 ? ", more than from any other." : "."))
      } else {
        lines.append(
          "None of the \(money(version.score.regret)) that \(name) costs more than the oracle comes from a "
            + "forecast.")
      }
    }
    if let beyond = study.beyondForecasts {
      lines.append(
        "No forecast can bring the \(money(beyond)) between the oracle and the foresight bound: horizon, worth "
          + "of energy at its end, the planner's model of battery and bill, recourse within the slot."
      )
      if let parts = study.beyond {
        lines.append(
          "Of that, \(money(parts.horizon)) come from a horizon that ends before a week and the worth of energy at its "
            + "end, \(money(parts.envelope)) from power and heat expected along another path than the plan's own, "
            + (parts.withinSlot.map {
              "\(money($0)) from what happens within a slot and is left to the recourse, "
            } ?? "") + "and \(money(parts.model)) from the planner's model of battery and bill."
        )
      }
    } else {
      lines.append(
        "What no forecast can bring is not known: plans know this tariff approximately, and the oracle "
          + "costs less than the foresight bound.")
    }
    return lines + [priceKnowledge, profile].compactMap(\.self)
  }

  /// Which unknown prices cost the leading version something; nothing where nobody asked.
  private var priceKnowledge: String? {
    guard let version = leading, let known = version.priceKnowledge else { return nil }
    return
      "Of the \(money(known.nextDay + known.beyond)) from prices, \(money(known.nextDay)) come from those of the "
      + "next day before they are published, and \(money(known.beyond)) from later days within the horizon."
  }

  /// When most is lost: in which four hours of the day, at weekends, in which month.
  private var profile: String? {
    guard let version = leading, version.score.regret > PairedInterval.cent else { return nil }
    let profile = version.profile
    let hours = profile.parts(by: .hour).map(\.regret)
    let months = profile.parts(by: .month)
    guard hours.count == 24, let dearest = months.max(by: { $0.regret < $1.regret }) else {
      return nil
    }
    let spans = (0...20).map { hours[$0..<$0 + 4].reduce(0, +) }
    guard let start = spans.indices.max(by: { spans[$0] < spans[$1] }), spans[start] > 0 else {
      return nil
    }
    let rest = profile.parts(by: .weekday).suffix(2).reduce(0) { $0 + $1.regret }
    func share(_ amount: Double) -> String {
      NumberText.percent(amount / version.score.regret, decimals: 0)
    }
    return
      "\(share(spans[start])) of the regret of '\(version.score.labelledName)' fall between \(start) and "
      + "\(start + 4) o'clock, \(share(rest)) on Saturday and Sunday"
      + (months.count > 1
        ? ", and \(money(dearest.regret)) in \(dearest.label), the dearest month." : ".")
  }

  // MARK: Leads

  var leadsTitle: String {
    "A perfect forecast of one quantity at some leads alone would save '\(leading?.score.labelledName ?? "")', in "
      + "\(currency) \(comparison.noBattery.trace.grid.overDays)"
  }

  /// One row per range of leads, one column per quantity; nothing where nobody asked.
  private var leadsTable: TextTable? {
    guard let leads = study.versions.first(where: { !$0.leads.isEmpty })?.leads else { return nil }
    let quantities = causes.filter { cause in leads.contains { $0.cause == cause } }
    var table = TextTable([("lead", .left)] + quantities.map { ($0.name, .right) })
    for hours in LeadValue.buckets where leads.contains(where: { $0.hours == hours }) {
      let end =
        hours.upperBound.isFinite
        ? NumberText.fixed(hours.upperBound, decimals: 0) + " h" : "the end"
      table.add(
        ["\(NumberText.fixed(hours.lowerBound, decimals: 0)) h to \(end)"]
          + quantities.map { cause in
            NumberText.fixed(
              leads.first { $0.cause == cause && $0.hours == hours }?.saving, decimals: 2)
          })
    }
    return table
  }

  /// What a better forecast is worth at most, one sentence per quantity.
  var values: [String] {
    guard let version = leading else { return [] }
    return version.perfect.map { value in
      let what = "a perfect \(value.cause.name) forecast"
      let scale = value.perYear ?? 1
      let amount = value.saving * scale
      let start = "Instead of that of '\(version.score.labelledName)', \(what) alone would save "
      guard amount >= PairedInterval.cent else {
        return start + "nothing here; do not pay for a better one."
      }
      return start + "\(money(amount)) \(value.perYear == nil ? span : "a year") here"
        + " (\(sureness(value, scale: scale))); do not pay more for a better one."
    }
  }

  private func sureness(_ value: PerfectForecast, scale: Double) -> String {
    let pair = value.pair
    if let reason = pair.undecidedReason { return "not sure: \(reason)" }
    guard let half = pair.total.halfWidth else { return "not sure" }
    let ends = [-1.0, 1].map {
      NumberText.fixed((pair.total.difference + $0 * half) * scale, decimals: 2)
    }
    return (pair.isSignificant ? "" : "may be luck, ") + "95 % interval \(ends[0]) to \(ends[1])"
  }

  /// What forecasts cost that are wrong by a tenth, and what the runs are.
  var notes: [String] {
    var lines: [String] = []
    for cause in causes {
      let costs = BiasCost.scales.compactMap { scale in
        study.biases.first { $0.cause == cause && $0.scale == scale }
      }
      guard costs.count == 2 else { continue }
      lines.append(
        "A \(cause.name) forecast 10 % too high costs \(money(costs[0].cost)) more than the oracle, one 10 % too "
          + "low \(money(costs[1].cost)), with all else known and no hedge.")
    }
    lines.append(
      "Replays that are told the truth of some quantities; each part is the mean over all orders of the causes, "
        + "and none of these runs is ranked.")
    return lines
  }

  func hoursNote(_ version: ExplainedVersion) -> String {
    let sum = version.hours.reduce(0) { $0 + $1.loss }
    return "Together \(money(sum)) of a regret of \(money(version.score.regret)), of which "
      + "\(money(version.hourless)) fall on no hour; 'by peak' is the month's peak, on the highest import; other "
      + "hours win some back."
  }
}

// MARK: - Files

extension ExplanationReport {
  /// The explanation as `wattif.explanation/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.explanation/1",
      "uses_truth": .boolean(true),
      "sentences": .array((sentences + values).map { .string($0) }),
      "beyond_forecasts": study.beyondForecasts.map { .number($0) } ?? .null,
      "beyond": study.beyond.map { BeyondForecasts.measures.json($0) } ?? .null,
      "versions": ExplainedVersion.measures.list(study.versions),
      "biases": BiasCost.measures.list(study.biases),
    ]
  }

  /// One line per version.
  package var csv: String { ExplainedVersion.measures.csv(study.versions) }

  /// One line per version and part of the day, the week and the year.
  package var profileCSV: String {
    ProfiledRegret.measures.csv(
      study.versions.flatMap { version in
        version.profile.parts.map {
          ProfiledRegret(version: version.score.outcome.name, part: $0)
        }
      })
  }

  /// One line per version and hour.
  package var hoursCSV: String {
    ExplainedHour.measures.csv(
      study.versions.flatMap { version in
        version.hours.map { ExplainedHour(version: version.score.outcome.name, hour: $0) }
      })
  }
}

/// An hour with the version that lost in it.
struct ExplainedHour: Sendable {
  let version: String
  let hour: ExpensiveHour

  static let measures =
    MeasureList<ExplainedHour>([
      Measure("version", unit: .words, in: .csv, "Name of the version.") { .text($0.version) }
    ]) + ExpensiveHour.measures.of { $0.hour }
}
