extension TwinLedger {
  /// Returns the books of several batteries as one.
  ///
  /// Energies add up; temperatures, voltages and states of charge are extremes; full cycles are weighted by nominal
  /// energy. Times and the life used are those of the battery that has most of it.
  ///
  /// - Parameter parts: Ledgers with the nominal energy of their batteries. [kWh]
  /// - Returns: One ledger; an empty one of nothing.
  package static func joined(
    _ parts: [(ledger: TwinLedger, nominalKWh: Double)]
  ) -> TwinLedger {
    guard var sum = parts.first?.ledger else { return TwinLedger() }
    for (ledger, _) in parts.dropFirst() { sum.join(ledger) }
    let nominal = parts.reduce(0) { $0 + $1.nominalKWh }
    if nominal > 0 {
      sum.equivalentFullCycles =
        parts.reduce(0) { $0 + $1.ledger.equivalentFullCycles * $1.nominalKWh } / nominal
    }
    return sum
  }

  private mutating func join(_ other: TwinLedger) {
    refused.charge.values += other.refused.charge.values
    refused.discharge.values += other.refused.discharge.values
    withheld.charge.values += other.withheld.charge.values
    withheld.discharge.values += other.withheld.discharge.values
    withheldTime.charge.join(other.withheldTime.charge)
    withheldTime.discharge.join(other.withheldTime.discharge)
    chargedKWh += other.chargedKWh
    dischargedKWh += other.dischargedKWh
    pvUsedKWh += other.pvUsedKWh
    pvUnused.values += other.pvUnused.values
    cellLossKWh += other.cellLossKWh
    converterLossKWh += other.converterLossKWh
    lagLossKWh += other.lagLossKWh
    parts += other.parts
    balancingKWh += other.balancingKWh
    fadedKWh += other.fadedKWh
    auxiliaryKWh += other.auxiliaryKWh
    releasedKWh += other.releasedKWh
    derateSeconds = max(derateSeconds, other.derateSeconds)
    coldSeconds = max(coldSeconds, other.coldSeconds)
    heatSeconds = max(heatSeconds, other.heatSeconds)
    hottestCellC = max(hottestCellC, other.hottestCellC)
    coldestCellC = min(coldestCellC, other.coldestCellC)
    largestSpreadK = max(largestSpreadK, other.largestSpreadK)
    secondsAboveLimit = max(secondsAboveLimit, other.secondsAboveLimit)
    cutOffs += other.cutOffs
    cutOffSeconds = max(cutOffSeconds, other.cutOffSeconds)
    unforeseenSeconds = max(unforeseenSeconds, other.unforeseenSeconds)
    protectedSeconds = max(protectedSeconds, other.protectedSeconds)
    lowestCellV = min(lowestCellV, other.lowestCellV)
    highestCellV = max(highestCellV, other.highestCellV)
    lowestSOC = min(lowestSOC, other.lowestSOC)
    highestSOC = max(highestSOC, other.highestSOC)
    lifeUsedFraction = max(lifeUsedFraction, other.lifeUsedFraction)
    leftLifeUsedFraction = [leftLifeUsedFraction, other.leftLifeUsedFraction].compactMap { $0 }
      .max()
    leastLifeUsedFraction = max(leastLifeUsedFraction, other.leastLifeUsedFraction)
    mostLifeUsedFraction = max(mostLifeUsedFraction, other.mostLifeUsedFraction)
    beyondAgeingModelSeconds = max(beyondAgeingModelSeconds, other.beyondAgeingModelSeconds)
    steps += other.steps
    seconds = max(seconds, other.seconds)
  }
}

extension ClipTally {
  /// Keeps the larger number of each cause.
  fileprivate mutating func join(_ other: ClipTally) {
    values = pointwiseMax(values, other.values)
  }
}
