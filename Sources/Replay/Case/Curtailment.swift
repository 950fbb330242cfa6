package import TimeSeries

/// When production may be thrown away; it binds every run of a case alike, with and without a battery.
package enum Curtailment: String, Sendable, Hashable, CaseIterable, Codable {
  /// Whenever that is cheaper than feeding it in.
  case free
  /// As far as the export limit demands it, whatever the prices.
  case exportLimit = "export_limit"
  /// Never; what exceeds the export limit is counted.
  case none
}

extension Curtailment {
  /// Returns load and production as plans are told of them.
  ///
  /// A plan throws production away where that pays. What it may not throw away is told to it as a load
  /// below zero, so that it meets the price of feeding it in.
  package func plannable(
    loadKW: Double, pvKW: Double, exportLimitKW: Double
  ) -> (loadKW: Double, pvKW: Double) {
    let most: Double
    switch self {
    case .free: return (loadKW, pvKW)
    case .exportLimit: most = max(0, min(pvKW, pvKW - loadKW - exportLimitKW))
    case .none: most = 0
    }
    return (loadKW - (pvKW - most), most)
  }

  /// Returns the export limit that plans are told of; none where production above it is fed in all the
  /// same. [kW]
  package func plannableExportLimitKW(_ exportLimitKW: PowerLimit) -> PowerLimit {
    self == .none ? .infinity : exportLimitKW
  }

  /// Works out the most that the battery may discharge without exceeding the export limit itself.
  ///
  /// - Parameters:
  ///   - limitKW: What it can discharge. [kW]
  ///   - netKW: Load less production. [kW]
  ///   - exportLimitKW: Highest export. [kW]
  /// - Returns: Highest discharge. [kW]
  package func dischargeKW(_ limitKW: Double, netKW: Double, exportLimitKW: Double) -> Double {
    self == .none ? max(0, min(limitKW, netKW + exportLimitKW)) : limitKW
  }
}

extension ReplayCase {
  /// Returns load and production of a slot as plans are told of them.
  func plannable(
    loadKW: Double, pvKW: Double, exportLimitKW: Double
  ) -> (loadKW: Double, pvKW: Double) {
    settings.curtailment.plannable(loadKW: loadKW, pvKW: pvKW, exportLimitKW: exportLimitKW)
  }

  /// Export limits that plans are told of. [kW]
  func plannable(exportLimitKW: PowerLimit) -> PowerLimit {
    settings.curtailment.plannableExportLimitKW(exportLimitKW)
  }

  /// Works out the most that the battery may discharge without exceeding the export limit itself. [kW]
  func dischargeKW(_ limitKW: Double, netKW: Double, exportLimitKW: Double) -> Double {
    settings.curtailment.dischargeKW(limitKW, netKW: netKW, exportLimitKW: exportLimitKW)
  }
}
