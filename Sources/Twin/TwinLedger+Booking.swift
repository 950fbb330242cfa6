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

  mutating func book(_ clips: ClipBook, hours: Double) {
    var heldBack = false
    for entry in clips.entries {
      clippedKWh[entry.cause, default: 0] += entry.kW * hours
      if entry.cause.isDerating {
        deratedKWh += entry.kW * hours
        heldBack = true
      }
    }
    if heldBack { derateSeconds += hours * 3600 }
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
