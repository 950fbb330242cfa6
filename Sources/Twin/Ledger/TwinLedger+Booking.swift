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

  mutating func book(_ extremes: twin_summary, soc: Double, seconds: Double, limitC: Double) {
    steps += 1
    self.seconds += seconds
    hottestCellC = max(hottestCellC, extremes.hottest_c)
    coldestCellC = min(coldestCellC, extremes.coldest_c)
    largestSpreadK = max(largestSpreadK, extremes.hottest_c - extremes.coldest_c)
    if extremes.hottest_c > limitC { secondsAboveLimit += seconds }
    lowestCellV = min(lowestCellV, extremes.lowest_v)
    highestCellV = max(highestCellV, extremes.highest_v)
    lowestSOC = min(lowestSOC, soc)
    highestSOC = max(highestSOC, soc)
  }
}
