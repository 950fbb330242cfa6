package import Twin

/// What the cells of a battery have behind them at the start of a year.
package struct PackCondition: Sendable, Hashable {
  /// Capacity left over the nominal one.
  package var capacityFactor: Double
  /// Resistance over that of new cells.
  package var resistanceFactor: Double
  /// Time since the cells were new. [a]
  package var years: Double
  /// Equivalent full cycles since then.
  package var fullCycles: Double
  /// Temperature at which they spent that time. [°C]
  package var temperatureC: Double

  /// The condition as a part of a pack that is all of it.
  package var module: ModuleCondition {
    ModuleCondition(
      name: "pack", capacityFactor: min(1, max(0.05, capacityFactor)),
      resistanceFactor: min(20, max(1, resistanceFactor)),
      age: years > 0
        ? CellAge(
          years: min(50, years), fullCycles: min(fullCycles, years * 8766),
          temperatureC: min(60, max(-20, temperatureC))) : nil)
  }
}
