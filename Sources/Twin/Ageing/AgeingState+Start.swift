extension AgeingState {
  /// Ages a new cell by years and cycles at one temperature and half charge.
  ///
  /// Cycles are of 80 % depth, spread evenly over the years. As growth follows its exact path, a cell that
  /// goes on under the same conditions ages as if it had not been divided.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - age: How long and how much it has worked.
  init(_ model: AgeingModel, after age: CellAge) {
    self.init(model)
    let days = age.years * 365.25
    let rates = model.rates(kelvin: age.temperatureC + 273.15, socFraction: 0.5)
    addTime(model, days: days, averages: rates, continuation: .exact)
    addCycles(
      model,
      CycleStress(
        equivalentFullCycles: age.fullCycles, depth: 0.8, cRate: 2 * age.fullCycles / (days * 24),
        perDay: age.fullCycles / days), averages: rates, continuation: .exact)
  }

  /// Scales what was lost to a measured capacity; the causes keep their shares.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - factor: Capacity left, as a share of the new one. [0…1]
  mutating func setCapacity(_ model: AgeingModel, factor: Double) {
    let lost = 1 - factor
    let sum: Double
    switch model {
    case .nmcKokam75:
      // Active material is lost beside the rest; the larger loss counts, a hundredth later.
      activeLoss = min(activeLoss, lost + 0.01)
      sum = calendarLoss + cycleLoss
    default: sum = calendarLoss + cycleLoss + activeLoss
    }
    let scale = lost / sum
    calendarLoss *= scale
    cycleLoss *= scale
    if model != .nmcKokam75 { activeLoss *= scale }
  }

  /// Scales the growth of the resistance to a sum; the causes keep their shares.
  mutating func setGrowth(to growth: Double) {
    let sum = calendarGrowth + cycleGrowth
    guard sum > 0 else {
      calendarGrowth = growth
      return
    }
    calendarGrowth *= growth / sum
    cycleGrowth *= growth / sum
  }
}
