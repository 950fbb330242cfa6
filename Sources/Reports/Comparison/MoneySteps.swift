import Replay
import Studies
import Tariffs

/// Costs in steps from one to the next.
enum MoneySteps {
  /// Returns the steps from the cost without a battery to that of a run, by part of the bill.
  ///
  /// Parts below a cent are left out.
  static func byPart(
    _ score: VersionScore, from noBattery: ReplayOutcome, currency: String
  ) -> WaterfallChart {
    let outcome = score.outcome
    func change(_ part: (MonthBill) -> Double) -> Double {
      outcome.bill.months.reduce(0) { $0 + part($1) }
        - noBattery.bill.months.reduce(0) { $0 + part($1) }
    }
    let parts: [(String, Double)] = [
      ("energy bought", change(\.energy)), ("energy sold", change(\.export)),
      ("peaks", change(\.demand)), ("fixed charges", change(\.fixed)),
      ("minimum charges", change(\.minimumAdjustment)),
      ("wear of the battery", outcome.wearCost - noBattery.wearCost),
      ("energy left in the battery", noBattery.endEnergyValue - outcome.endEnergyValue),
      ("unmet loads", outcome.unmetCost - noBattery.unmetCost),
      ("left in stores of loads", noBattery.waitingEndValue - outcome.waitingEndValue),
    ]
    return WaterfallChart(
      title: "From the cost without a battery to that with '\(score.labelledName)', \(currency)",
      unit: currency,
      steps: [.amount("without a battery", noBattery.cost)]
        + parts.filter { abs($0.1) >= PairedInterval.cent }.map { .change($0.0, $0.1) }
        + [.amount(score.labelledName, outcome.cost)])
  }

  /// Returns the steps from no battery over the rule and a run to the oracle and the bound.
  static func byControl(
    _ score: VersionScore, in comparison: ForecastComparison, currency: String
  ) -> WaterfallChart {
    let rule = comparison.selfConsumption.cost
    let oracle = comparison.oracle.outcome.cost
    return WaterfallChart(
      title: "What control is worth, \(currency)",
      note: "The oracle plans with the truth; nobody could have had it.", unit: currency,
      steps: [
        .amount("without a battery", comparison.noBattery.cost),
        .change("the self-consumption rule", rule - comparison.noBattery.cost),
        .amount("with the rule", rule),
        .change("plans with '\(score.labelledName)'", score.outcome.cost - rule),
        .amount(score.labelledName, score.outcome.cost),
        .change("perfect forecasts", oracle - score.outcome.cost),
        .amount("oracle", oracle),
        .change("what no forecast can bring", comparison.foresight.cost - oracle),
        .amount("foresight bound", comparison.foresight.cost),
      ])
  }
}
