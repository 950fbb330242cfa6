internal import Tariffs
internal import TimeSeries

extension PlanningModel {
  /// Price of one kW above a peak target in one slot, per kWh: twice the demand price, so that going
  /// above can never be the best plan at the best target.
  @inline(__always)
  func overPeakPrice(_ demand: DemandPrice) -> Double { 2 * demand.pricePerKW / stepHours }

  /// Price above the peak so far where a target is held, per kWh.
  @inline(__always)
  func linePrice(_ demand: DemandPrice, _ held: HeldPeak) -> Double {
    held.linePricePerKW / (stepHours * Double(demand.meteringSlots))
  }

  /// Returns the price of net power in a slot, with the production of the model or another. [kW]
  @inline(__always)
  func gridPrice(_ t: Int, targets: [Double], pvKW: Double? = nil) -> GridPrice {
    GridPrice(
      buy: buy[t], sell: sell[t], exportLimitKW: exportLimitKW[t], pvKW: pvKW ?? self.pvKW[t],
      caps: caps(t, targets: targets))
  }

  /// Returns the import levels above which a slot costs more.
  @inline(__always)
  func caps(_ t: Int, targets: [Double]) -> Caps {
    var caps = Caps()
    for k in 0..<targets.count where targets[k] < .infinity && demands[k].applies[t] {
      caps.insert(aboveKW: max(0, targets[k]), price: overPeakPrice(demands[k]))
      if let held = demands[k].held {
        caps.insert(aboveKW: max(0, held.meteredKW), price: linePrice(demands[k], held))
      }
    }
    let limitKW = importLimitKW[t]
    if limitKW < .infinity { caps.insert(aboveKW: limitKW, price: limitPenalty) }
    return caps
  }

  /// Returns the band of energies that a slot may begin in. [kWh]
  @inline(__always)
  func bandBefore(_ t: Int) -> (low: Double, high: Double) {
    t == 0
      ? (min(start, energyMin[0]), max(start, energyMax[0])) : (energyMin[t - 1], energyMax[t - 1])
  }

  /// Feeding in pays more than buying costs in a slot.
  @inline(__always)
  func isInverted(_ t: Int) -> Bool { sell[t] > buy[t] && exportLimitKW[t] > 0 }

  /// Buying is so cheap in a slot that losing energy in the battery earns money.
  @inline(__always)
  func gainsByLosing(_ t: Int) -> Bool { !(buy[t] >= -batterySlot(t).simultaneousThreshold) }

  /// Returns what fixes a slot besides prices; a ban closes one direction of the battery.
  @inline(__always)
  func batterySlot(_ t: Int, ban: SlotBan = .none) -> BatterySlot {
    BatterySlot(
      netKW: netKW[t], chargeKW: ban == .charging ? 0 : chargeKW[t],
      dischargeKW: ban == .discharging ? 0 : dischargeKW[t], stepHours: stepHours,
      chargeEfficiency: chargeEfficiency, dischargeEfficiency: dischargeEfficiency, wear: wear)
  }
}

/// A direction the battery may not use in a slot, so that it cannot charge and discharge at once.
enum SlotBan: UInt8, Sendable {
  case none
  case charging
  case discharging
}

/// Ways that power may take at the meter in a slot.
enum MeterWay: UInt8, Sendable {
  case both
  case importing
  case exporting
}

/// Powers of one slot that realise a change of the stored energy.
struct SlotFlows {
  var chargeKW = 0.0
  var dischargeKW = 0.0
  var importKW = 0.0
  var exportKW = 0.0
  var curtailKW = 0.0

  /// Settles net power at the grid: what is left over is fed in or thrown away.
  @inline(__always)
  mutating func settle(netKW: Double, pvKW: Double, curtailBelowKW: Double) {
    var power = netKW
    if power < curtailBelowKW {
      curtailKW = min(pvKW, curtailBelowKW - power)
      power += curtailKW
    }
    importKW = max(0, power)
    exportKW = max(0, -power)
  }
}
