import Diagnostics
package import Documents
import Forecasting
import Planning
package import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

/// The words and numbers of one replay.
package struct ReplayReport: Sendable {
  let comparison: ForecastComparison
  let score: VersionScore
  let replay: ReplayCase

  /// Prepares the report of one score of a comparison.
  package init(
    _ score: VersionScore, in comparison: ForecastComparison, of replay: ReplayCase
  ) {
    self.comparison = comparison
    self.score = score
    self.replay = replay
  }

  /// What the run takes of the battery's warranty.
  private var warranty: WarrantyReport? {
    WarrantyReport(replay.warranty, score.outcome.ledger, capacityLostFraction: nil)
  }

  /// The sentence that says what came out.
  var verdict: String {
    ComparisonVerdict(comparison, currency: replay.tariff.currency).sentence
  }

  /// The bill month by month and what the battery met.
  package var text: String {
    let currency = replay.tariff.currency
    let table = MonthBill.measures.table(score.outcome.bill.months, currency: currency)
    let layout = TextLayout.current
    var text = verdict + "\n\n" + table.text + "\n" + layout.notes(notes)
    for pairs in PairReport.reports(of: comparison, currency: currency) {
      text += "\n" + pairs.title + "\n" + pairs.table + layout.notes(pairs.notes)
    }
    let loads = loadTable(of: loadScores).text(currency: currency)
    if !loads.isEmpty { text += "\n" + loads }
    let batteries = batteryTable(of: loadScores).text(currency: currency)
    if !batteries.isEmpty { text += "\n" + batteries }
    if let limits = LimitReport([score]).table {
      text += "\n" + LimitReport.title + ":\n" + limits.text
    }
    return text
  }

  /// The run and the rule, side by side for loads that can wait.
  var loadScores: [VersionScore] { [score, comparison.score(comparison.selfConsumption)] }

  /// What the cost is made of, what the battery met, and everything that stood in for something.
  var notes: [String] {
    let outcome = score.outcome
    let currency = replay.tariff.currency
    var lines = [
      "bill \(money(outcome.bill.total)), wear \(money(outcome.wearCost)), energy left "
        + "\(money(outcome.endEnergyValue))"
        + (outcome.waiting.isEmpty
          ? ""
          : ", unmet \(money(outcome.unmetCost)), left in stores of loads "
            + money(outcome.waitingEndValue)) + ", cost \(money(outcome.cost))",
      "saving against no battery \(money(score.savingsVsNoBattery)), against self-consumption "
        + "\(money(score.savingsVsSelfConsumption)); regret against the oracle "
        + "\(money(score.regret)); captured \(NumberText.percent(score.shareCaptured))",
    ]
    if let ledger = outcome.ledger {
      lines.append(
        "hottest cell \(NumberText.fixed(ledger.hottestCellC, decimals: 1)) °C, "
          + "\(NumberText.fixed(ledger.equivalentFullCycles, decimals: 1)) full cycles, life used "
          + NumberText.percent(ledger.lifeUsedFraction, decimals: 2))
    }
    lines += LimitReport.remarks(outcome) + outcome.ageingRemarks + outcome.warrantyRemarks
    if let warranty { lines.append(warranty.sentence) }
    if let budget = outcome.budget { lines.append(budget.sentence(currency: currency)) }
    if let outages = outcome.outages { lines.append(outages.sentence) }
    if let measured = comparison.asMeasured {
      lines.append(
        "as measured: bill \(money(measured.bill.total)), wear \(money(measured.wearCost)), energy "
          + "left \(money(measured.endEnergyValue)), cost \(money(measured.cost))")
    }
    lines += MeasuredBattery.remarks(of: replay)
    if outcome.curtailedKWh > 0 {
      lines.append("curtailed \(NumberText.fixed(outcome.curtailedKWh, decimals: 2)) kWh")
    }
    lines += comparison.noBattery.curtailmentRemarks(
      replay.settings.curtailment, currency: currency)
    for (cause, energy) in outcome.interventionsKWh.sorted(by: { $0.key < $1.key }) {
      lines.append("changed by \(cause): \(NumberText.fixed(energy, decimals: 2)) kWh")
    }
    for score in outcome.batteryPowerScores {
      lines.append(
        "battery power by \(score.method.rawValue): MAE "
          + "\(NumberText.fixed(finite(score.quiet.mae), decimals: 2)) kW at rest, "
          + "\(NumberText.fixed(finite(score.cycling.mae), decimals: 2)) kW cycling; right sign "
          + "\(NumberText.percent(finite(score.battery.signAccuracy))), throughput error "
          + NumberText.percent(finite(score.battery.throughputErrorFraction)))
    }
    if outcome.batteryPowerStandIns > 0 {
      lines.append(
        "\(outcome.batteryPowerStandIns) plans had no battery power by "
          + "'\(replay.settings.batteryPowerMethod.rawValue)'; the rule stood in")
    }
    let planning = outcome.planning
    lines.append(
      "\(planning.plans) plans: \(planning.valueFunction) by value function, \(planning.glpk) by "
        + "GLPK, \(planning.certified) by both, \(planning.failed) failed")
    lines += outcome.forecastCounts.remarks() + planning.remarks
    return lines
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private func money(_ amount: Double) -> String {
    NumberText.fixed(amount, decimals: 2) + " " + replay.tariff.currency
  }

  /// How far planning prices are from the exact bill, month by month.
  private var surrogateGaps: [SurrogateGap] {
    let range = replay.firstSlot..<replay.firstSlot + replay.period.count
    let trace = score.outcome.trace
    let schedule = try? BillingSchedule(
      replay.tariff, grid: replay.period, zone: replay.history.zone,
      spotPerKWh: replay.history[.price].map { Array($0[range]) })
    return schedule?.surrogateGaps(
      importKW: trace.importKW, exportKW: trace.exportKW, bill: score.outcome.bill) ?? []
  }

  /// The replay as `wattif.replay/1`: one result with its months.
  package var json: JSONValue {
    let gaps = surrogateGaps
    let months = score.outcome.bill.months.map { month in
      ReplayMonth(bill: month, surrogateGap: gaps.first { $0.month == month.month }?.gap)
    }
    let about: JSONValue = [
      "schema": "wattif.replay/1",
      "verdict": .string(verdict),
      "currency": .string(replay.tariff.currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "months": ReplayMonth.measures.list(months),
      "pairs": PairedInterval.measures.list(comparison.pairs),
      "as_measured": comparison.asMeasured.map {
        VersionScore.measures.json(comparison.score($0))
      } ?? .null,
      "measured_battery": replay.measuredBattery.map { MeasuredBattery.measures.json($0) } ?? .null,
      "unmeasured_slots": .integer(score.outcome.trace.unmeasuredCount),
    ]
    let whole = VersionScore.measures.json(score).adding(about)
    return warranty.map { whole.adding("warranty", $0.json) } ?? whole
  }
}
