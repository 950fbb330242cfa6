extension PlanningModel {
  /// Returns a model with convex prices that costs at most as much for any schedule.
  ///
  /// Where feeding in pays more than buying costs, one price replaces both: the chord of the cost between
  /// the lowest and the highest power the slot can have at the meter, or the one price that counts where
  /// the slot can only import or only feed in.
  ///
  /// - Returns: The model, and what its cost leaves out of the bound. [currency]
  func relaxed() -> (model: PlanningModel, constant: Double) {
    var model = self
    var constant = 0.0
    model.invertedSlots = 0
    for t in 0..<count where isInverted(t) {
      let low = max(-exportLimitKW, netKW[t] - dischargeKW[t])
      // Production makes way for import only where import earns money.
      let most = (buy[t] < 0 ? loadKW[t] : netKW[t]) + chargeKW[t]
      let high = max(-exportLimitKW, most)
      var price = low >= 0 ? buy[t] : sell[t]
      if low < 0, high > 0 {
        price = (buy[t] * high - sell[t] * low) / (high - low)
        constant += stepHours * (sell[t] - price) * low
      }
      model.buy[t] = price
      model.sell[t] = price
    }
    return (model, constant)
  }
}
