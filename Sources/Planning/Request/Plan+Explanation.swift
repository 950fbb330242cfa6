internal import Tariffs
internal import TimeSeries

/// A limit that decides what happens in a slot.
public enum BindingLimit: String, Sendable, Hashable, CaseIterable, Codable {
  /// The battery charges as hard as it may.
  case charge
  /// The battery discharges as hard as it may.
  case discharge
  /// The battery is as empty as it may be at the end of the slot.
  case empty
  /// The battery is as full as it may be at the end of the slot.
  case full
  /// The import lies at the site's limit or above.
  case importLimit = "import_limit"
  /// The export lies at the site's limit.
  case exportLimit = "export_limit"
  /// The import lies at the peak target.
  case peak
  /// Photovoltaic power is thrown away.
  case curtailment
}

/// Why a slot of a plan is as it is.
public struct SlotExplanation: Sendable, Hashable {
  /// Slot of the plan.
  public var slot: Int
  /// Worth of one more stored kWh at its end. [currency/kWh]
  public var energyValuePerKWh: Double
  /// Price below which a charged kWh pays: the worth after the loss of charging. [currency/kWh]
  public var chargeBelowPerKWh: Double
  /// Price above which a discharged kWh pays: the worth after loss and wear. [currency/kWh]
  public var dischargeAbovePerKWh: Double
  /// Limits that bind.
  public var limits: [BindingLimit]
}

extension Plan {
  /// Returns for each slot the worth of energy and the limits that bind.
  ///
  /// - Parameter request: The request the plan was made for.
  /// - Returns: One explanation per slot.
  public func explanation(of request: PlanRequest) -> [SlotExplanation] {
    let envelope = request.envelope
    // Of several batteries what they can do together.
    let all = request.joined()
    return grid.indices.map { t in
      var limits: [BindingLimit] = []
      func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * max(1, abs(b)) }
      if chargeKW[t] > 0, near(chargeKW[t], all.envelope.chargeKW[t]) { limits.append(.charge) }
      if dischargeKW[t] > 0, near(dischargeKW[t], all.envelope.dischargeKW[t]) {
        limits.append(.discharge)
      }
      if near(energyKWh[t], max(all.envelope.energyMinKWh[t], all.reserveKWh(after: t))) {
        limits.append(.empty)
      }
      if near(energyKWh[t], all.envelope.energyMaxKWh[t]) { limits.append(.full) }
      if importKW[t] >= request.importLimitKW[t] - 1e-6 { limits.append(.importLimit) }
      if exportKW[t] > 0, exportKW[t] >= request.exportLimitKW[t] - 1e-6 {
        limits.append(.exportLimit)
      }
      let isAtPeak = request.prices.demands.enumerated().contains { k, demand in
        demand.applies[t] && demand.pricePerKW > 0 && importKW[t] > 0
          && near(importKW[t], peakTargetKW[k])
      }
      if isAtPeak { limits.append(.peak) }
      if curtailKW[t] > 1e-9 { limits.append(.curtailment) }
      return SlotExplanation(
        slot: t, energyValuePerKWh: energyValuePerKWh[t],
        chargeBelowPerKWh: energyValuePerKWh[t] * envelope.chargeEfficiency,
        dischargeAbovePerKWh: energyValuePerKWh[t] / envelope.dischargeEfficiency
          + request.wearPerKWh, limits: limits)
    }
  }
}
