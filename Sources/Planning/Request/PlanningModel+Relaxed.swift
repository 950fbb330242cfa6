internal import TimeSeries

extension PlanningModel {
  /// Returns a model with convex prices that costs at most as much for any schedule.
  ///
  /// Where feeding in pays more than buying costs, one price replaces both, see ``chord(buy:sell:lowKW:highKW:)``.
  ///
  /// - Returns: The model, and what its cost leaves out of the bound. [currency]
  func relaxed() -> (model: PlanningModel, constant: Double) {
    var model = self
    var constant = 0.0
    model.invertedSlots = 0
    for t in 0..<count where isInverted(t) {
      let range = meterRangeKW(t, buyPerKWh: buy[t])
      let chord = Self.chord(buy: buy[t], sell: sell[t], lowKW: range.low, highKW: range.high)
      constant += stepHours * chord.perHour
      model.buy[t] = chord.pricePerKWh
      model.sell[t] = chord.pricePerKWh
    }
    return (model, constant)
  }

  /// Returns the lowest and the highest power that a slot can have at the meter. [kW]
  func meterRangeKW(_ t: Int, buyPerKWh: Double) -> (low: Double, high: Double) {
    let low = max(-exportLimitKW[t], netKW[t] - dischargeKW[t])
    // Production makes way for import only where import earns money.
    let most = (buyPerKWh < 0 ? loadKW[t] : netKW[t]) + chargeKW[t]
    return (low, max(-exportLimitKW[t], most))
  }

  /// Returns one price in place of a higher selling and a lower buying price.
  ///
  /// It is the chord of the cost between the lowest and the highest power at the meter, or the one price
  /// that counts where there is only import or only export. The cost lies above it everywhere between.
  ///
  /// - Returns: The price, and what its cost leaves out. [currency/kWh, currency/h]
  static func chord(
    buy: Double, sell: Double, lowKW: Double, highKW: Double
  ) -> (pricePerKWh: Double, perHour: Double) {
    guard lowKW < 0, highKW > 0 else { return (lowKW >= 0 ? buy : sell, 0) }
    let price = (buy * highKW - sell * lowKW) / (highKW - lowKW)
    return (price, (sell - price) * lowKW)
  }
}
