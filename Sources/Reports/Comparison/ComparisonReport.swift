import Diagnostics
import Documents
import Forecasting
import Planning
package import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

/// The words and numbers of a forecast comparison.
package struct ComparisonReport: Sendable {
  let comparison: ForecastComparison
  let replay: ReplayCase
  let currency: String
  /// Why the versions cost more than the oracle, where that was asked for.
  package let explanation: ExplanationReport?

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - comparison: The comparison.
  ///   - replay: Its case.
  ///   - study: Why its versions cost more than the oracle; nothing where nobody asked.
  package init(
    _ comparison: ForecastComparison, of replay: ReplayCase, explained study: RegretStudy? = nil
  ) {
    self.comparison = comparison
    self.replay = replay
    explanation = study.map { ExplanationReport($0, comparison, of: replay) }
    currency = replay.tariff.currency
  }

  /// The leaderboard and what has to be known to read it.
  package var text: String {
    var text = verdict + "\n\n" + heading + "\n" + leaderboard + "\n"
    if !comparison.planners.isEmpty { text += plannerTable + "\n" }
    let loads = loadTable(of: loadScores).text(currency: currency)
    if !loads.isEmpty { text += loads + "\n" }
    let batteries = batteryTable(of: loadScores).text(currency: currency)
    if !batteries.isEmpty { text += batteries + "\n" }
    if let explanation { text += explanation.text + "\n" }
    for audit in audits { text += audit.text + "\n" }
    for pairs in pairReports {
      text += pairs.title + "\n" + pairs.table
      text += TextLayout.current.notes(pairs.notes) + "\n"
    }
    return text + TextLayout.current.notes(remarks)
  }

  /// How accuracy goes with cost, where that was asked for.
  private var audits: [AuditReport] {
    comparison.accuracyAudits.map { AuditReport($0, currency: currency) }
  }

  /// The audits in JSON; empty where none was asked for.
  var auditsJSON: [JSONValue] { audits.map(\.json) }

  /// The sentence that says what came out.
  var verdict: String { ComparisonVerdict(comparison, currency: currency).sentence }

  /// The cheapest honest version against the others, and planners on the same forecast.
  var pairReports: [PairReport] {
    PairReport.reports(of: comparison, currency: currency)
  }

  var heading: String {
    let zone = replay.history.zone
    let settings = replay.settings
    let days = Double(replay.period.end - replay.period.start) / 86_400
    let averaged = replay.period.stepSeconds > 60 ? ", slot-averaged" : ""
    return """
      \(Instant.localText(replay.period.start, zone: zone)) to \
      \(Instant.localText(replay.period.end, zone: zone)) (\(NumberText.fixed(days, decimals: 0)) days), \
      \(replay.period.stepSeconds / 60) min metering\(averaged)
      plans of \(NumberText.fixed(settings.horizonHours, decimals: 0)) h every \
      \(NumberText.fixed(Double(settings.replanSeconds) / 3600, decimals: 2)) h, \
      recourse '\(settings.recourse.rawValue)', planner '\(settings.engine.rawValue)', \
      peak pricing '\(settings.peakPricing.rawValue)', hedge '\(settings.hedge.hedge.name)', \
      heat '\(settings.heat.rawValue)'

      """
  }

  /// Regret of each forecast under each way of planning.
  private var plannerTable: String {
    var table = TextTable(
      [("regret \(currency)", .left)] + comparison.planners.map { ($0.name, .right) })
    for row in plannerRows { table.add(row) }
    return table.text
  }

  /// One row per forecast version in the order of the cheapest, one column per way of planning.
  var plannerRows: [[String]] {
    var forecasts: [String] = []
    for score in comparison.versions where !forecasts.contains(score.forecast) {
      forecasts.append(score.forecast)
    }
    return forecasts.map { forecast in
      [forecast]
        + comparison.planners.map { planner in
          NumberText.fixed(
            comparison.versions.first {
              $0.forecast == forecast && $0.planner == planner.name
            }?.regret, decimals: 2)
        }
    }
  }

  /// Runs whose loads that can wait are shown: the cheapest version, the rule and the oracle.
  var loadScores: [VersionScore] {
    [comparison.reference, comparison.score(comparison.selfConsumption), comparison.oracle]
      .compactMap(\.self)
  }

  private var leaderboard: String {
    var table = TextTable(Self.measures.columns(currency: currency))
    for (i, row) in rows.enumerated() {
      if i == comparison.versions.count { table.addRule() }
      table.add(row)
    }
    return table.text
  }

  static let measures = VersionScore.measures

  /// The versions, cheapest first, then the counterfactuals.
  var rows: [[String]] {
    let bound = Self.measures.row(cells: [
      "version": "foresight bound",
      "cost": NumberText.fixed(comparison.foresight.cost, decimals: 2),
      "savings_vs_no_battery": NumberText.fixed(
        comparison.noBattery.cost - comparison.foresight.cost, decimals: 2),
    ])
    return comparison.scores.map { Self.measures.row($0) } + [bound]
  }

  var remarks: [String] {
    var lines: [String] = []
    lines += [comparison.rolling?.sentence(currency: currency)].compactMap(\.self)
    lines += comparison.versions.compactMap { score in
      score.outcome.followed.map { "\(score.outcome.name): \($0.sentence)." }
    }
    lines += comparison.scores.compactMap { score in
      score.outcome.outages.map { "\(score.outcome.name): \($0.sentence)." }
    }
    lines += comparison.audits.map(picking)
    lines.append(
      "Model gap (the foresight plan run in the twin, less its plan): "
        + "\(NumberText.fixed(comparison.foresight.modelGap, decimals: 2)) \(currency).")
    lines += comparison.noBattery.curtailmentRemarks(
      replay.settings.curtailment, currency: currency)
    if let reference = comparison.reference {
      let warranty = WarrantyReport(
        replay.warranty, reference.outcome.ledger, capacityLostFraction: nil)
      lines +=
        (LimitReport.remarks(reference.outcome) + reference.outcome.ageingRemarks
        + reference.outcome.warrantyRemarks + [warranty?.sentence].compactMap(\.self)).map {
          "\(reference.outcome.name): \($0)."
        }
    }
    lines += MeasuredBattery.remarks(of: replay)
    lines += counts
    return lines
  }

  /// What an accuracy measure would have picked, and what that costs.
  private func picking(_ audit: MeasureAudit) -> String {
    let among = audit.planner.map { " with planner '\($0)'" } ?? ""
    let pick = "Picking by \(audit.measure) takes '\(audit.picked)'"
    return audit.extraCost < PairedInterval.cent
      ? "\(pick), the cheapest\(among)."
      : "\(pick) and costs \(NumberText.fixed(audit.extraCost, decimals: 2)) \(currency) more than the "
        + "cheapest\(among)."
  }

  /// Everything that was filled, clamped, softened or left out, one line per kind.
  private var counts: [String] {
    var lines: [String] = []
    let unmeasured = comparison.noBattery.trace.unmeasuredCount
    if unmeasured > 0 {
      lines.append(
        "\(unmeasured) of \(replay.period.count) intervals have no measurement; nobody is billed "
          + "for them.")
    }
    let held = comparison.noBattery.heldAmbientSlots
    if held > 0 { lines.append("\(held) intervals hold an earlier air temperature.") }
    for score in comparison.versions + [comparison.oracle] {
      let outcome = score.outcome
      let parts =
        outcome.forecastCounts.remarks() + outcome.planning.remarks + outcome.stepRemarks
      if !parts.isEmpty {
        lines.append("\(outcome.name): " + parts.joined(separator: ", ") + ".")
      }
    }
    return lines
  }
}
