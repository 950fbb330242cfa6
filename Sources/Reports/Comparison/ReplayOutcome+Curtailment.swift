import Documents
import Replay

extension Curtailment {
  /// What throwing production away is worth to the site without a battery; empty where nothing is thrown away.
  ///
  /// - Parameters:
  ///   - curtailedKWh: Production that is thrown away. [kWh]
  ///   - value: Bill with all of it fed in less the bill. [currency]
  ///   - currency: Code of the currency.
  /// - Returns: A sentence, or nothing.
  func remarks(curtailedKWh: Double, value: Double, currency: String) -> [String] {
    guard curtailedKWh > 0 else { return [] }
    return [
      "Without a battery \(NumberText.fixed(curtailedKWh, decimals: 2)) kWh of production are curtailed "
        + "('\(rawValue)'), which \(value < 0 ? "costs" : "saves") "
        + "\(NumberText.fixed(abs(value), decimals: 2)) \(currency); no part of a battery's saving."
    ]
  }
}

extension ReplayOutcome {
  /// What throwing production away is worth to the site without a battery; empty where nothing is thrown away.
  func curtailmentRemarks(_ setting: Curtailment, currency: String) -> [String] {
    curtailmentValue.map {
      setting.remarks(curtailedKWh: curtailedKWh, value: $0, currency: currency)
    } ?? []
  }
}
