import Documents
import Replay
package import Studies
import TimeSeries
import Twin

extension StressCampaign.Score {
  /// A policy over the random days of a campaign.
  package static let measures = MeasureList<StressCampaign.Score>([
    Measure("policy", header: "policy", unit: .words, "Derating policy.") { .text($0.policy) },
    Measure("rank", header: "rank", "Place: the fewest cut-offs first, then by cost.") {
      .integer($0.rank)
    },
    Measure(
      "mean_cost_delta", header: "Δ none a day", unit: .currency,
      "Mean cost of a day less that under `none`; energy at the prices of its intervals and the value of what is left, without peaks and life.",
      words: { score in
        let half = score.halfWidth.map { " ± \(NumberText.fixed($0, decimals: 3))" } ?? ""
        return NumberText.fixed(score.meanCostDelta, decimals: 3) + half
      }
    ) { .number($0.meanCostDelta) },
    Measure(
      "mean_cost_delta_half_width", unit: .currency, "Half of its 95 % interval over days."
    ) { .number($0.halfWidth) },
    Measure(
      "derated_kwh", header: "refused a day", unit: .kWh,
      "Mean energy asked for in a day that the policy refused."
    ) { .number($0.deratedKWh) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell of any day."
    ) { .number($0.hottestCellC) },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time with a cell above its temperature limit, over all days."
    ) { .number($0.hoursAboveLimit) },
    Measure(
      "cut_offs", header: "cut-offs", "Times that the battery's own protection opened the circuit."
    ) { .integer($0.cutOffs) },
    Measure("cut_off_days", header: "in days", "Days in which it did.") { .integer($0.cutOffDays) },
    Measure(
      "balance_error", in: .json,
      "Largest energy of a day that the books do not explain, over what the battery moved in it (1 kWh at least)."
    ) { .number($0.balanceError) },
  ])
}

/// One day of a campaign under one policy.
package struct CampaignRow: Sendable {
  let run: StressCampaign.Run
  let policy: String
  let place: Int

  private var outcome: PlannedDays.Outcome { run.outcomes[place] }

  /// One day of a campaign under one policy.
  package static let measures = MeasureList<CampaignRow>([
    Measure("run", header: "day", "Number of the random day.") { .integer($0.run.number) },
    Measure("start", header: "starts", unit: .instant, "First instant of the day in the period.") {
      .text(Instant.utcText($0.run.start))
    },
    Measure("faults", header: "faults", unit: .words, "What goes wrong.") {
      .text($0.run.day.fault.name)
    },
    Measure(
      "ambient_offset_k", header: "air K", namesUnit: false, decimals: 1,
      "What is added to the air, in kelvin."
    ) { .number($0.run.day.ambientOffsetK) },
    Measure("policy", header: "policy", unit: .words, "Derating policy.") { .text($0.policy) },
    Measure(
      "cost_delta", header: "Δ none", namesUnit: false, unit: .currency,
      "Cost of the day less that under `none`."
    ) { .number($0.run.costDelta($0.place)) },
    Measure(
      "derated_kwh", header: "refused", unit: .kWh, decimals: 1,
      "Energy asked for that the policy refused."
    ) { .number($0.outcome.ledger.deratedKWh) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell."
    ) { .number($0.outcome.ledger.hottestCellC) },
    Measure(
      "hours_above_limit", header: "h above limit", namesUnit: false, unit: .hours,
      "Time with a cell above its temperature limit."
    ) { .number($0.outcome.ledger.secondsAboveLimit / 3600) },
    Measure(
      "cut_offs", header: "cut-offs", "Times that the battery's own protection opened the circuit."
    ) { .integer($0.outcome.ledger.cutOffs) },
    Measure("peak_kw", unit: .kW, "Highest mean import of an interval of the day.") {
      .number($0.outcome.peakKW)
    },
  ])
}
