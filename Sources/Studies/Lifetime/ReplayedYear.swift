import Numerics
package import Replay
import Tariffs
import TimeSeries
import Twin

/// What the replay of one year says of a battery, scaled to a year.
package struct ReplayedYear: Sendable, Hashable, Codable {
  /// Saving against no battery, wear not counted. [currency]
  package var saving: Double
  /// Energy let out. [kWh]
  package var dischargedKWh: Double
  /// What the energy for charging costs. [currency]
  package var chargingCost: Double
  /// Equivalent full cycles.
  package var fullCycles: Double
  /// Mean temperature of the hottest cell. [°C]
  package var temperatureC: Double
  /// Capacity left at the end of the replay, as a share of the new one; nothing where cells do not age.
  package var capacityFactor: Double?
  /// The same of the weakest cell.
  package var lowestCapacityFactor: Double?
  /// Resistance at the end of the replay over that of new cells.
  package var resistanceFactor: Double?

  /// States what a year does.
  package init(
    saving: Double, dischargedKWh: Double = 0, chargingCost: Double = 0, fullCycles: Double = 0,
    temperatureC: Double = 25, capacityFactor: Double? = nil, lowestCapacityFactor: Double? = nil,
    resistanceFactor: Double? = nil
  ) {
    self.saving = saving
    self.dischargedKWh = dischargedKWh
    self.chargingCost = chargingCost
    self.fullCycles = fullCycles
    self.temperatureC = temperatureC
    self.capacityFactor = capacityFactor
    self.lowestCapacityFactor = lowestCapacityFactor ?? capacityFactor
    self.resistanceFactor = resistanceFactor
  }

  /// Takes a year from its replays.
  ///
  /// - Parameters:
  ///   - battery: The site with the battery.
  ///   - none: The same site without.
  ///   - yearFactor: Factor by which the period's money is scaled to a year.
  package init(_ battery: ReplayOutcome, without none: ReplayOutcome, yearFactor: Double) {
    let split = BenefitSplit(battery, without: none, yearFactor: yearFactor)
    let warm = battery.trace.hottestCellC.filter(\.isFinite)
    self.init(
      saving: (none.cost - (battery.cost - battery.wearCost)) * yearFactor,
      dischargedKWh: (battery.ledger?.dischargedKWh ?? 0) * yearFactor,
      chargingCost: split.chargingCost,
      fullCycles: (battery.ledger?.equivalentFullCycles ?? 0) * yearFactor,
      temperatureC: warm.isEmpty ? 25 : Statistics.mean(warm),
      capacityFactor: battery.ageing?.capacityFactor,
      lowestCapacityFactor: battery.ageing?.lowestCapacityFactor,
      resistanceFactor: battery.ageing?.resistanceFactor)
  }
}
