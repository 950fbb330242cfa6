import Documents
import Replay

extension ReplayOutcome {
  /// What throwing production away is worth to the site without a battery; empty where nothing is thrown away.
  func curtailmentRemarks(_ setting: Curtailment, currency: String) -> [String] {
    guard let curtailmentValue, curtailedKWh > 0 else { return [] }
    let energy = NumberText.fixed(curtailedKWh, decimals: 2)
    let value = NumberText.fixed(abs(curtailmentValue), decimals: 2) + " " + currency
    return [
      "Without a battery \(energy) kWh of production are curtailed ('\(setting.rawValue)'), which "
        + (curtailmentValue < 0 ? "costs" : "saves") + " \(value); no part of a battery's saving."
    ]
  }
}
