import Planning
import TimeSeries

/// What rules of the connection let the battery do at the meter, besides what its inverter can.
///
/// Some support schemes pay only for energy that the site produced itself: the battery may then not charge from the
/// grid, or not feed in what it stored. The rule is one of the site, so it binds every run alike.
package struct BatteryRights: Sendable, Hashable {
  /// Whether the battery may charge with more than the production that the load leaves.
  package var gridCharging: Bool
  /// Whether the battery may discharge more than the load that production leaves.
  package var batteryExport: Bool

  /// Everything is allowed unless said otherwise.
  package init(gridCharging: Bool = true, batteryExport: Bool = true) {
    self.gridCharging = gridCharging
    self.batteryExport = batteryExport
  }

  /// True when there is nothing to keep to.
  package var isFree: Bool { gridCharging && batteryExport }

  /// Highest charge at a net load. [kW]
  ///
  /// - Parameters:
  ///   - limitKW: What the battery can charge. [kW]
  ///   - netKW: Load less production. [kW]
  /// - Returns: Highest charge. [kW]
  package func chargeKW(_ limitKW: Double, netKW: Double) -> Double {
    gridCharging ? limitKW : min(limitKW, max(0, -netKW))
  }

  /// Highest discharge at a net load. [kW]
  ///
  /// - Parameters:
  ///   - limitKW: What the battery can discharge. [kW]
  ///   - netKW: Load less production. [kW]
  /// - Returns: Highest discharge. [kW]
  package func dischargeKW(_ limitKW: Double, netKW: Double) -> Double {
    batteryExport ? limitKW : min(limitKW, max(0, netKW))
  }
}

extension PlanRequest {
  /// Returns the request with the power that rights leave at the net load it expects.
  ///
  /// Loads that can wait may run or not: the most that is left with either.
  func keeping(_ rights: BatteryRights) -> PlanRequest {
    guard !rights.isFree else { return self }
    var kept = self
    for t in grid.indices {
      let netKW = loadKW[t] - pvKW[t]
      let waitingKW = waitingLoads.reduce(0) { $0 + $1.powerKW[t] }
      kept.envelope.chargeKW[t] = rights.chargeKW(envelope.chargeKW[t], netKW: netKW)
      kept.envelope.dischargeKW[t] = rights.dischargeKW(
        envelope.dischargeKW[t], netKW: netKW + waitingKW)
    }
    return kept
  }
}
