import Planning
import TimeSeries
package import Twin

/// One of several batteries of a site, each with an inverter of its own.
package struct SiteBattery: Sendable {
  /// Name in every result.
  package var name: String
  /// The battery system.
  package var system: TwinSpecification
  /// State of charge at the first instant; the lowest of its window when absent.
  package var initialSOCFraction: Double?
  /// Price of wear per kWh discharged at the AC terminals; that of the settings when absent. [currency/kWh]
  package var wearPerKWh: Double?
  /// Instant from which it is there; from the start of the period when absent. [UTC epoch s]
  package var since: Int?
  /// What its maker promises of its life.
  package var warranty: Warranty?

  /// Names a battery.
  package init(
    name: String, system: TwinSpecification, initialSOCFraction: Double? = nil,
    wearPerKWh: Double? = nil, since: Int? = nil, warranty: Warranty? = nil
  ) {
    self.name = name
    self.system = system
    self.initialSOCFraction = initialSOCFraction
    self.wearPerKWh = wearPerKWh
    self.since = since
    self.warranty = warranty
  }

  /// The name as part of a column's name.
  package var key: String {
    String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }
}

extension ReplayCase {
  /// Whether the site has several batteries.
  package var hasSeveralBatteries: Bool { !fleet.isEmpty }

  /// Number of batteries.
  package var batteryCount: Int { max(1, fleet.count) }

  /// Energy of all batteries between empty and full. [kWh]
  package var nominalEnergyKWh: Double {
    fleet.isEmpty
      ? battery.nominalEnergyKWh : fleet.reduce(0) { $0 + $1.system.nominalEnergyKWh }
  }

  /// Rating of all inverters of batteries. [kW]
  package var ratedKW: Double {
    fleet.isEmpty
      ? battery.converter.ratedKW : fleet.reduce(0) { $0 + $1.system.converter.ratedKW }
  }

  /// Returns the same case with one of its batteries alone.
  package func alone(_ place: Int) -> ReplayCase {
    guard !fleet.isEmpty else { return self }
    let own = fleet[place]
    var alone = self
    alone.fleet = []
    alone = alone.with(battery: own.system)
    alone.settings.initialSOCFraction = own.initialSOCFraction
    alone.settings.wearPerKWh = own.wearPerKWh ?? settings.wearPerKWh
    alone.warranty = own.warranty
    return alone
  }

  /// First interval of the period in which a battery is there.
  func firstSlot(of place: Int) -> Int {
    guard let since = fleet[place].since, since > period.start else { return 0 }
    return min(period.count, (since - period.start + period.stepSeconds - 1) / period.stepSeconds)
  }
}

extension ReplayCase {
  /// Returns what several batteries may charge and discharge together in a plan; nothing without such a limit.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts, production as on the AC side.
  ///   - request: What each battery can.
  ///   - exportLimitKW: Highest export in each slot. [kW]
  /// - Returns: The limits.
  func jointPower(
    _ outlook: HorizonForecast, _ request: PlanRequest, exportLimitKW: PowerLimit
  ) -> JointPower? {
    guard !settings.rights.isFree || settings.curtailment == .none else { return nil }
    let envelope = request.joined().envelope
    var joint = JointPower(chargeKW: envelope.chargeKW, dischargeKW: envelope.dischargeKW)
    for t in outlook.grid.indices {
      let netKW = outlook.loadKW[t] - outlook.pvKW[t]
      joint.chargeKW[t] = settings.rights.chargeKW(joint.chargeKW[t], netKW: netKW)
      joint.dischargeKW[t] = settings.rights.dischargeKW(
        dischargeKW(joint.dischargeKW[t], netKW: netKW, exportLimitKW: exportLimitKW[t]),
        netKW: netKW)
    }
    return joint
  }
}

extension TrailingTarget.Battery {
  /// Several batteries as one: sums of powers and energies, means of efficiencies and wear by power.
  static func joining(_ batteries: [PlannedBattery]) -> TrailingTarget.Battery {
    var sum = TrailingTarget.Battery(
      chargeKW: 0, dischargeKW: 0, capacityKWh: 0, chargeEfficiency: 0, dischargeEfficiency: 0,
      wearPerKWh: 0)
    for battery in batteries {
      let envelope = battery.envelope
      let power = envelope.chargeKW.max() ?? 0
      let discharge = envelope.dischargeKW.max() ?? 0
      sum.chargeKW += power
      sum.dischargeKW += discharge
      sum.capacityKWh += max(
        0,
        (envelope.energyMaxKWh.max() ?? 0)
          - max(
            envelope.energyMinKWh.min() ?? 0, battery.reservesKWh.first ?? battery.reserveKWh))
      sum.chargeEfficiency += power * envelope.chargeEfficiency
      sum.dischargeEfficiency += discharge * envelope.dischargeEfficiency
      sum.wearPerKWh += discharge * battery.wearPerKWh
    }
    sum.chargeEfficiency = sum.chargeKW > 0 ? sum.chargeEfficiency / sum.chargeKW : 1
    sum.dischargeEfficiency = sum.dischargeKW > 0 ? sum.dischargeEfficiency / sum.dischargeKW : 1
    sum.wearPerKWh = sum.dischargeKW > 0 ? sum.wearPerKWh / sum.dischargeKW : 0
    return sum
  }
}
