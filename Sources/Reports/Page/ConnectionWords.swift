import Documents
import Planning
package import Replay
import TimeSeries

extension ReplayCase {
  /// What the connection lets through and what the battery may do there, for people.
  package var connectionWords: String {
    func number(_ kW: Double) -> String {
      kW.isFinite ? "\(NumberText.rounded(kW, decimals: 2)) kW" : "unlimited"
    }
    func limit(_ limit: PowerLimit) -> String {
      limit.isConstant
        ? number(limit.leastKW)
        : "\(number(limit.mostKW)), at times down to \(number(limit.leastKW))"
    }
    var words = ["import \(limit(importLimitKW)), export \(limit(exportLimitKW))"]
    if let usualLimits {
      let hours = NumberText.rounded(Double(usualLimits.knownSeconds) / 3600, decimals: 2)
      words.append("limits in the history are known \(hours) h ahead")
    }
    switch settings.curtailment {
    case .free: break
    case .exportLimit: words.append("production is thrown away for the export limit alone")
    case .none: words.append("production is never thrown away")
    }
    if !settings.curtailmentSteps.isFree {
      let levels = settings.curtailmentSteps.levels.map { NumberText.percent($0, decimals: 0) }
      words.append("it can be held to \(levels.joined(separator: ", ")) of its peak power alone")
    }
    for place in 0..<batteryCount {
      let inverter =
        hasSeveralBatteries ? "the inverter of '\(fleet[place].name)'" : "the inverter"
      let steps = alone(place).powerSteps
      if !steps.stepsKW.isEmpty {
        let powers = steps.stepsKW.map { NumberText.rounded($0, decimals: 2) }
        words.append("\(inverter) runs at \(powers.joined(separator: ", ")) kW alone")
      } else if steps.minimumKW > 0 {
        words.append("\(inverter) rests below \(number(steps.minimumKW))")
      }
    }
    if !settings.rights.gridCharging { words.append("the battery charges from production alone") }
    if !settings.rights.batteryExport { words.append("the battery feeds nothing in") }
    words += reserveWords
    return words.joined(separator: "; ")
  }

  /// What stays in the battery for outages, for people.
  private var reserveWords: [String] {
    let reserve = settings.reserve
    var words: [String] = []
    let shares = reserve.windows.map(\.fraction)
    let most = max(reserve.fraction, shares.max() ?? 0)
    let least = min(reserve.fraction, shares.min() ?? reserve.fraction)
    if most > 0 {
      words.append(
        "the battery keeps \(NumberText.percent(least, decimals: 0))"
          + (most > least ? ", at times \(NumberText.percent(most, decimals: 0))" : "")
          + " for outages")
    }
    if let expected = reserve.outages {
      let count = expected.outages(in: period, seed: settings.seed).count
      let load =
        expected.criticalKW.map { "\(NumberText.rounded($0, decimals: 2)) kW" }
        ?? "\(NumberText.percent(expected.criticalShare, decimals: 0)) of the load"
      words.append(
        "\(count) outage\(count == 1 ? " is" : "s are") expected, in which \(load) is to be served")
    }
    return words
  }
}
