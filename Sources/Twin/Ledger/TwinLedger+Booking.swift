internal import CTwinKernels

extension TwinLedger {
  mutating func book(
    deliveredKW: Double, auxiliaryKW: Double, converterLossKW: Double, cellLossKW: Double,
    hours: Double
  ) {
    if deliveredKW > 0 {
      dischargedKWh += deliveredKW * hours
    } else {
      chargedKWh -= deliveredKW * hours
    }
    self.auxiliaryKWh += auxiliaryKW * hours
    self.converterLossKWh += converterLossKW * hours
    self.cellLossKWh += cellLossKW * hours
  }

  mutating func book(_ losses: twin_losses, hours: Double) {
    parts +=
      SIMD8(
        losses.series_w, losses.pairs_w, losses.bleed_w, losses.link_w, losses.entropic_w,
        losses.hysteresis_w, losses.charge_w, losses.sharing_w)
      * (hours / 1000)
    lagLossKWh += losses.lag_w * (hours / 1000)
  }

  @inline(__always)
  mutating func book(
    coldestC: Double, hottestC: Double, lowestV: Double, highestV: Double, soc: Double,
    seconds: Double, limitC: Double
  ) {
    steps += 1
    self.seconds += seconds
    hottestCellC = max(hottestCellC, hottestC)
    coldestCellC = min(coldestCellC, coldestC)
    largestSpreadK = max(largestSpreadK, hottestC - coldestC)
    if hottestC > limitC { secondsAboveLimit += seconds }
    lowestCellV = min(lowestCellV, lowestV)
    highestCellV = max(highestCellV, highestV)
    lowestSOC = min(lowestSOC, soc)
    highestSOC = max(highestSOC, soc)
  }
}
