/// When production may be thrown away; it binds every run of a case alike, with and without a battery.
package enum Curtailment: String, Sendable, Hashable, CaseIterable, Codable {
  /// Whenever that is cheaper than feeding it in.
  case free
  /// As far as the export limit demands it, whatever the prices.
  case exportLimit = "export_limit"
  /// Never; what exceeds the export limit is counted.
  case none
}

extension ReplayCase {
  /// Returns load and production of a slot as plans are told of them.
  ///
  /// A plan throws production away where that pays. What it may not throw away is told to it as a load
  /// below zero, so that it meets the price of feeding it in.
  func plannable(loadKW: Double, pvKW: Double) -> (loadKW: Double, pvKW: Double) {
    let most: Double
    switch settings.curtailment {
    case .free: return (loadKW, pvKW)
    case .exportLimit: most = max(0, min(pvKW, pvKW - loadKW - exportLimitKW))
    case .none: most = 0
    }
    return (loadKW - (pvKW - most), most)
  }

  /// Export limit that plans are told of; none where production above it is fed in all the same. [kW]
  var plannableExportLimitKW: Double {
    settings.curtailment == .none ? .infinity : exportLimitKW
  }

  /// Works out the most that the battery may discharge without exceeding the export limit itself.
  ///
  /// - Parameters:
  ///   - limitKW: What it can discharge. [kW]
  ///   - netKW: Load less production. [kW]
  /// - Returns: Highest discharge. [kW]
  func dischargeKW(_ limitKW: Double, netKW: Double) -> Double {
    settings.curtailment == .none ? max(0, min(limitKW, netKW + exportLimitKW)) : limitKW
  }
}
