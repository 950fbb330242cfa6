import Documents
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
    if !settings.rights.gridCharging { words.append("the battery charges from production alone") }
    if !settings.rights.batteryExport { words.append("the battery feeds nothing in") }
    return words.joined(separator: "; ")
  }
}
