extension AgeingModel {
  /// Returns what cells lose over years of the same use, by the model's own law.
  ///
  /// One temperature, half charge and cycles of 80 % depth stand for the use; a caller that knows what the cells
  /// really lost in some time takes the course over time from here, not the amount.
  ///
  /// - Parameters:
  ///   - years: Time since the cells were new; none or less loses nothing. [a]
  ///   - fullCyclesPerYear: Equivalent full cycles in a year.
  ///   - temperatureC: Temperature of the cells. [°C]
  /// - Returns: Shares of the new capacity lost and of the new resistance gained.
  package func losses(
    years: Double, fullCyclesPerYear: Double, temperatureC: Double
  ) -> (capacity: Double, resistance: Double) {
    guard years > 0 else { return (0, 0) }
    let state = AgeingState(
      self,
      after: CellAge(
        years: years, fullCycles: years * fullCyclesPerYear, temperatureC: temperatureC))
    return (max(0, 1 - state.capacityFactor(self)), max(0, state.resistanceFactor(self) - 1))
  }
}
