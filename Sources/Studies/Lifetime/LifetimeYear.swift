/// What a battery does in one year of a project.
package struct LifetimeYear: Sendable, Hashable {
  /// Year from 1.
  package var year: Int
  /// Whether it was replayed.
  package var isReplayed: Bool
  /// Capacity at its start and its end, as a share of the nominal one, new cells included.
  package var startCapacity: Double
  package var endCapacity: Double
  /// Mean capacity over the year.
  package var meanCapacity: Double
  /// Resistance at its end over that of new cells.
  package var resistance: Double
  /// Saving at the prices of the replay. [currency]
  package var saving: Double
  /// Energy let out. [kWh]
  package var dischargedKWh: Double
  /// What the energy for charging costs, at the prices of the replay. [currency]
  package var chargingCost: Double
  /// How often the cells were replaced or added to.
  package var replacements: Int
  /// Energy of the cells bought. [kWh]
  package var replacedKWh: Double
}
