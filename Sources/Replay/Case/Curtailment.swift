import Forecasting
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
  /// Peak power that steps of curtailment are shares of. [kW]
  var steppedPeakKW: Double { site.pvCapacityKW ?? 0 }

  /// Curtailment as plans reckon with it: production that no step can hold below a limit is as if none
  /// could be thrown away.
  private var plannedCurtailment: Curtailment {
    settings.curtailmentSteps.endsAtNothing ? settings.curtailment : .none
  }

  /// Returns load and production of a slot as plans are told of them.
  ///
  /// With steps a plan may throw away any power up to the largest step that can be needed, a problem in which every
  /// choice of steps is allowed; ``curtailmentKW(loadKW:pvKW:plannablePVKW:exportLimitKW:lowestPrice:)`` has the choices.
  ///
  /// - Parameters:
  ///   - loadKW: Load. [kW]
  ///   - pvKW: Production. [kW]
  ///   - exportLimitKW: Highest export. [kW]
  ///   - dischargeKW: What the battery may add to the export that the limit is for. [kW]
  /// - Returns: Load, with what may not be thrown away taken off, and production that may. [kW]
  func plannable(
    loadKW: Double, pvKW: Double, exportLimitKW: Double, dischargeKW: Double = 0
  ) -> (loadKW: Double, pvKW: Double) {
    let steps = settings.curtailmentSteps
    guard !steps.isFree else {
      return settings.curtailment.plannable(
        loadKW: loadKW, pvKW: pvKW, exportLimitKW: exportLimitKW)
    }
    let most: Double
    switch settings.curtailment {
    case .free: most = steps.amountsKW(pvKW: pvKW, peakKW: steppedPeakKW).last ?? 0
    case .exportLimit:
      let forced = max(0, min(pvKW, pvKW + dischargeKW - loadKW - exportLimitKW))
      most = steps.coveringKW(forced, pvKW: pvKW, peakKW: steppedPeakKW)
    case .none: most = 0
    }
    return (loadKW - (pvKW - most), most)
  }

  /// Returns the amounts that steps throw away of the production of a slot; empty where any amount can be, or where
  /// nothing calls for it. [kW]
  ///
  /// - Parameters:
  ///   - loadKW: Load. [kW]
  ///   - pvKW: Production. [kW]
  ///   - plannablePVKW: Production that a plan may throw away. [kW]
  ///   - exportLimitKW: Highest export that plans are told of. [kW]
  ///   - lowestPrice: The lower of the prices of buying and feeding in. [currency/kWh]
  /// - Returns: Rising amounts besides none.
  func curtailmentKW(
    loadKW: Double, pvKW: Double, plannablePVKW: Double, exportLimitKW: Double, lowestPrice: Double
  ) -> [Double] {
    guard !settings.curtailmentSteps.isFree, settings.curtailment != .none,
      pvKW - loadKW > exportLimitKW || settings.curtailment == .free && lowestPrice < 0
    else { return [] }
    return settings.curtailmentSteps.amountsKW(pvKW: pvKW, peakKW: steppedPeakKW).filter {
      $0 > 0 && $0 <= plannablePVKW + 1e-9
    }
  }

  /// Export limits that plans are told of. [kW]
  func plannable(exportLimitKW: PowerLimit) -> PowerLimit {
    plannedCurtailment.plannableExportLimitKW(exportLimitKW)
  }

  /// Works out the most that the battery may discharge without exceeding the export limit itself. [kW]
  func dischargeKW(_ limitKW: Double, netKW: Double, exportLimitKW: Double) -> Double {
    plannedCurtailment.dischargeKW(limitKW, netKW: netKW, exportLimitKW: exportLimitKW)
  }
}
