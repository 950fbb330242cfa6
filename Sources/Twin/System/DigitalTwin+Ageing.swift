/// How far a pack has aged.
public struct AgeingSummary: Sendable {
  /// The model and how cycles were counted.
  public var model: AgeingModel
  public var counting: AgeingSpecification.Counting
  /// Mean share of capacity lost with time, and with cycles and use.
  public var calendarFraction: Double
  public var cycleFraction: Double
  /// Mean resistance over that of new cells.
  public var resistanceFactor: Double
  /// Capacity left in the mean and in the most aged cell, as a share of the new one.
  public var capacityFactor: Double
  public var lowestCapacityFactor: Double
  /// Capacity that the other models of the chemistry say is left of the mean cell; empty where cells have a past.
  public var others: [(model: AgeingModel, capacityFactor: Double)]
  /// Time outside of what the model was measured under, and all of it. [s]
  public var outside: AgeingOutside
  public var seconds: Double

  /// Share of the time outside of what the model was measured under.
  public var outsideFraction: Double { seconds > 0 ? outside.seconds / seconds : 0 }
}

extension DigitalTwin {
  /// How far the pack has aged, up to the last full day; nil when it does not age.
  public var ageingSummary: AgeingSummary? {
    guard isAgeing else { return nil }
    let model = ageing.model
    let count = Double(ageing.states.count)
    func mean(_ value: (AgeingState) -> Double) -> Double {
      ageing.states.reduce(0) { $0 + value($1) } / count
    }
    return AgeingSummary(
      model: model, counting: ageing.specification.counting,
      calendarFraction: mean(\.calendarLoss),
      cycleFraction: mean { 1 - $0.capacityFactor(model) - $0.calendarLoss },
      resistanceFactor: mean { $0.resistanceFactor(model) },
      capacityFactor: mean { $0.capacityFactor(model) },
      lowestCapacityFactor: ageing.lowestCapacityFactor,
      others: ageing.otherCapacityFactors(since: specification.starts), outside: ageing.outside,
      seconds: ageing.seconds)
  }

  /// Brings the cells' capacity and resistance to what the days so far have left of them.
  ///
  /// The state of charge of a cell stays, so fading loses stored energy; the ledger books it.
  mutating func applyAgeing() {
    guard isAgeing else { return }
    ageing.advance(capacityAh: freshCapacityAh)
    for j in ageing.states.indices {
      let capacity =
        freshCapacityAh[j]
        * max(
          PackAgeing.leastCapacity, ageing.states[j].capacityFactor(ageing.model))
      pack[.capacity, j] = capacity
      pack[.inverseCapacity, j] = 1 / capacity
      pack[.scale, j] = freshScale[j] * ageing.states[j].resistanceFactor(ageing.model)
      pack[.bleed, j] =
        capacity * specification.cell.selfDischargePerMonth / (30 * 24)
    }
    pack.refreshSummary()
    refreshFloor()
    let now = pack.energyWh
    ledger.fadedKWh += (energyWh - now) / 1000
    energyWh = now
    ledger.releasedKWh = (startWh - now) / 1000
    ledger.lifeUsedFraction = ageing.lifeUsedFraction(since: specification.starts)
    ledger.leftLifeUsedFraction = ageing.leftLifeUsedFraction(since: specification.starts)
    let life = 1 - ageing.specification.endOfLifeFraction
    let others = ageing.otherCapacityFactors(since: specification.starts).map {
      max(0, (1 - $0.capacityFactor) / life)
    }
    ledger.leastLifeUsedFraction = min(ledger.lifeUsedFraction, others.min() ?? .infinity)
    ledger.mostLifeUsedFraction = max(ledger.lifeUsedFraction, others.max() ?? 0)
    ledger.beyondAgeingModelSeconds = ageing.outside.seconds
  }
}
