import Diagnostics
package import Documents
package import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

/// The words and numbers of a campaign of random faulted days.
package struct CampaignReport: Sendable {
  private let campaign: StressCampaign
  private let replay: ReplayCase
  private let versionName: String
  private let seed: UInt64

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - campaign: The campaign.
  ///   - replay: The case whose days were taken.
  ///   - versionName: The forecasts that the plan without faults was made with.
  ///   - seed: Seed of the days.
  package init(
    _ campaign: StressCampaign, of replay: ReplayCase, versionName: String, seed: UInt64
  ) {
    self.campaign = campaign
    self.replay = replay
    self.versionName = versionName
    self.seed = seed
  }

  /// Days that are shown in the text.
  private static let shownDays = 10

  private var currency: String { replay.tariff.currency }

  private var rows: [CampaignRow] {
    campaign.runs.flatMap { run in
      campaign.policies.enumerated().map { CampaignRow(run: run, policy: $1, place: $0) }
    }
  }

  private var ranking: [StressCampaign.Score] { campaign.scores.sorted { $0.rank < $1.rank } }

  /// The sentence that says what came out.
  private var verdict: String {
    guard let choice = campaign.choice else { return "No policy was tried." }
    let limit = "\(NumberText.rounded(replay.battery.limits.cutOffC, decimals: 1)) °C"
    let worse = campaign.scores.filter { $0.cutOffs > choice.cutOffs }
    let protection =
      choice.cutOffs == 0
      ? "no cell reaches the \(limit) of the battery's protection"
      : "the battery's protection opens the circuit at \(limit) in \(days(choice.cutOffDays))"
    let against =
      worse.isEmpty
      ? " under any policy that does best"
      : ", against "
        + listed(worse.map { "\(days($0.cutOffDays)) under '\($0.policy)'" }, "and")
    let cost =
      choice.policy == campaign.policies.first
      ? "it is the reference of all costs"
      : "a day costs \(NumberText.fixed(abs(choice.meanCostDelta), decimals: 3)) \(currency) "
        + "\(choice.meanCostDelta < 0 ? "less" : "more") than under '\(campaign.policies[0])'"
        + (choice.halfWidth.map { " (± \(NumberText.fixed($0, decimals: 3)))" } ?? "")
    return
      "Take '\(choice.policy)': over \(campaign.runs.count) random faulted days \(protection)\(against); "
      + cost + "."
  }

  private func days(_ count: Int) -> String { count == 1 ? "1 day" : "\(count) days" }

  /// The days with the hottest cells under the policy to take.
  private var worst: [CampaignRow] {
    guard let choice = campaign.choice else { return [] }
    return Array(
      rows.filter { $0.policy == choice.policy }.enumerated().sorted {
        ($0.element.hottestC, -$0.offset) > ($1.element.hottestC, -$1.offset)
      }.prefix(Self.shownDays).map(\.element))
  }

  /// The verdict, every policy and the worst days.
  package var text: String {
    let table = StressCampaign.Score.measures.table(ranking, currency: currency)
    let days = CampaignRow.measures.table(worst, currency: currency)
    return verdict + "\n\n" + table.text
      + "\nThe hottest days under '\(campaign.choice?.policy ?? "")':\n"
      + days.text + "\n" + conventions + "\n"
  }

  private var conventions: String {
    "Days of the replay without faults under '\(campaign.policies.first ?? "")', planned with '\(versionName)', seed "
      + "\(seed); the battery is asked for the same in steps of at most "
      + "\(StressCampaign.usualStepSeconds) s and nobody plans anew. Costs are without peaks and life. Largest energy "
      + "that the books do not explain: "
      + "\(NumberText.shortest(campaign.scores.map(\.balanceError).max() ?? 0)) of what was moved."
  }

  /// The campaign as `wattif.stress_campaign/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.stress_campaign/1",
      "verdict": .string(verdict),
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "version": .string(versionName),
      "seed": .string("\(seed)"),
      "step_s": .integer(StressCampaign.usualStepSeconds),
      "policies": StressCampaign.Score.measures.list(campaign.scores),
      "days": CampaignRow.measures.list(rows),
    ]
  }

  /// Every day under every policy as CSV.
  package var csv: String { CampaignRow.measures.csv(rows) }
}

extension CampaignRow {
  fileprivate var hottestC: Double { run.outcomes[place].ledger.hottestCellC }
}
