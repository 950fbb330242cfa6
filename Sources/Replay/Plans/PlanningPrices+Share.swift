import Tariffs

extension PlanningPrices {
  /// Returns prices of which a share is paid.
  func scaled(by share: Double) -> PlanningPrices {
    scaled(in: [buyPerKWh.indices], by: [share])
  }

  /// Returns prices of which each range of slots pays a share; what is charged in several ranges pays the
  /// share of the first.
  func scaled(in ranges: [Range<Int>], by shares: [Double]) -> PlanningPrices {
    var scaled = self
    for (slots, share) in zip(ranges, shares) where share != 1 {
      for t in slots {
        scaled.buyPerKWh[t] *= share
        scaled.sellPerKWh[t] *= share
      }
      for k in demands.indices where demands[k].applies[slots].contains(true) {
        scaled.demands[k].pricePerKW *= share
      }
      for k in importBlocks.indices where importBlocks[k].applies[slots].contains(true) {
        scaled.importBlocks[k].surchargePerKWh *= share
      }
    }
    return scaled
  }
}
