internal import TimeSeries

/// A battery beside the first one of a site, as a planner is told of it.
///
/// The first battery of a request stands in the request itself; each further one has an envelope, a state and an
/// end of its own. They share load, production, prices and the connection.
public struct PlannedBattery: Sendable {
  /// Name of the battery.
  public var name: String
  /// What it can do, one value per slot of the request.
  public var envelope: PowerEnvelope
  /// Stored energy now. [kWh]
  public var initialEnergyKWh: Double
  /// Wear per discharged AC energy. [currency/kWh]
  public var wearPerKWh: Double
  /// Value of the energy left at the end.
  public var terminal: TerminalValue
  /// Energy kept for outages, on top of the envelope's lowest energy. [kWh]
  public var reserveKWh: Double
  /// The same at the end of each slot, in place of it; empty for that. [kWh]
  public var reservesKWh: [Double] = []
  /// Powers at which its inverter can run.
  public var powerSteps = PowerSteps.free
  /// Stored energy that may be lost for nothing in each slot; empty for none. [kWh]
  package var losableKWh: [Double] = []

  /// Creates a battery.
  public init(
    name: String, envelope: PowerEnvelope, initialEnergyKWh: Double, wearPerKWh: Double = 0,
    terminal: TerminalValue = .none, reserveKWh: Double = 0
  ) {
    self.name = name
    self.envelope = envelope
    self.initialEnergyKWh = initialEnergyKWh
    self.wearPerKWh = wearPerKWh
    self.terminal = terminal
    self.reserveKWh = reserveKWh
  }
}

/// Power that all batteries of a site may have together, one value per slot. [kW]
public struct JointPower: Sendable, Hashable {
  /// Most that they charge.
  public var chargeKW: [Double]
  /// Most that they discharge.
  public var dischargeKW: [Double]

  /// Sets both.
  public init(chargeKW: [Double], dischargeKW: [Double]) {
    self.chargeKW = chargeKW
    self.dischargeKW = dischargeKW
  }
}

extension PlanRequest {
  /// Number of batteries.
  public var batteryCount: Int { 1 + others.count }

  /// Returns what one of the batteries can do; the first is 0.
  public func envelope(of battery: Int) -> PowerEnvelope {
    battery == 0 ? envelope : others[battery - 1].envelope
  }

  /// Returns the request of one of the batteries as if it stood alone.
  ///
  /// - Parameter battery: Its place; the first is 0.
  /// - Returns: The request.
  public func alone(_ battery: Int) -> PlanRequest {
    var alone = self
    alone.others = []
    alone.jointPower = nil
    guard battery > 0 else { return alone }
    let other = others[battery - 1]
    alone.envelope = other.envelope
    alone.initialEnergyKWh = other.initialEnergyKWh
    alone.wearPerKWh = other.wearPerKWh
    alone.terminal = other.terminal
    alone.reserveKWh = other.reserveKWh
    alone.reservesKWh = other.reservesKWh
    alone.losableKWh = other.losableKWh
    alone.powerSteps = other.powerSteps
    return alone
  }

  /// Returns the request of one battery in place of all.
  ///
  /// Powers and energies are sums. It has the best efficiencies, retention and wear of any, so a plan of all costs
  /// no less than one of it, as long as energy that it has too much may be lost (`losableKWh`).
  package func joined() -> PlanRequest {
    guard !others.isEmpty else { return self }
    var joined = alone(0)
    func add(_ values: inout [Double], _ more: [Double]) {
      for t in values.indices { values[t] += more[t] }
    }
    for other in others {
      add(&joined.envelope.chargeKW, other.envelope.chargeKW)
      add(&joined.envelope.dischargeKW, other.envelope.dischargeKW)
      add(&joined.envelope.energyMinKWh, other.envelope.energyMinKWh)
      add(&joined.envelope.energyMaxKWh, other.envelope.energyMaxKWh)
      joined.envelope.chargeEfficiency = max(
        joined.envelope.chargeEfficiency, other.envelope.chargeEfficiency)
      joined.envelope.dischargeEfficiency = max(
        joined.envelope.dischargeEfficiency, other.envelope.dischargeEfficiency)
      joined.envelope.retentionPerStep = max(
        joined.envelope.retentionPerStep, other.envelope.retentionPerStep)
      joined.initialEnergyKWh += other.initialEnergyKWh
      joined.wearPerKWh = min(joined.wearPerKWh, other.wearPerKWh)
      if !joined.reservesKWh.isEmpty || !other.reservesKWh.isEmpty {
        joined.reservesKWh = grid.indices.map {
          joined.reserveKWh(after: $0)
            + (other.reservesKWh.isEmpty ? other.reserveKWh : other.reservesKWh[$0])
        }
      }
      joined.reserveKWh += other.reserveKWh
      if case .perKWh(let own) = joined.terminal, case .perKWh(let its) = other.terminal {
        joined.terminal = .perKWh(max(own, its))
      }
    }
    guard let jointPower else { return joined }
    for t in grid.indices {
      joined.envelope.chargeKW[t] = min(joined.envelope.chargeKW[t], jointPower.chargeKW[t])
      joined.envelope.dischargeKW[t] = min(
        joined.envelope.dischargeKW[t], jointPower.dischargeKW[t])
    }
    return joined
  }

  /// The same as a bound: it may lose any energy for nothing.
  package func joinedBound() -> PlanRequest {
    guard !others.isEmpty else { return self }
    var bound = joined()
    let most = (bound.envelope.energyMaxKWh.max() ?? 0) + bound.initialEnergyKWh
    bound.losableKWh = [Double](repeating: most, count: grid.count)
    bound.envelope.energyMinKWh = [Double](repeating: 0, count: grid.count)
    return bound
  }
}

extension PlannedBattery {
  /// Returns the battery over a part of the slots.
  func part(_ slots: Range<Int>) -> PlannedBattery {
    var part = self
    part.envelope = envelope.part(slots)
    part.losableKWh = losableKWh.isEmpty ? [] : Array(losableKWh[slots])
    part.reservesKWh = reservesKWh.isEmpty ? [] : Array(reservesKWh[slots])
    return part
  }
}

extension PowerEnvelope {
  /// Returns the envelope of a part of the slots.
  func part(_ slots: Range<Int>) -> PowerEnvelope {
    var part = self
    part.chargeKW = Array(chargeKW[slots])
    part.dischargeKW = Array(dischargeKW[slots])
    part.energyMinKWh = Array(energyMinKWh[slots])
    part.energyMaxKWh = Array(energyMaxKWh[slots])
    return part
  }
}

extension JointPower {
  /// Returns the limits of a part of the slots.
  func part(_ slots: Range<Int>) -> JointPower {
    JointPower(chargeKW: Array(chargeKW[slots]), dischargeKW: Array(dischargeKW[slots]))
  }
}
