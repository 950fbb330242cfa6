/// What a used-up life of the battery costs.
package struct LifePrice: Sendable, Equatable {
  /// Price of new cells for the whole battery. [currency]
  package var replacement: Double
  /// Years of the project.
  package var years: Int

  /// Puts a price on a life.
  package init(replacement: Double, years: Int) {
    self.replacement = replacement
    self.years = years
  }

  /// Money of a share of the life. [currency]
  func cost(ofLifeFraction share: Double) -> Double { replacement * share }

  /// Money over the project when each of its years holds one such period. [currency]
  func projectCost(ofLifeFraction share: Double) -> Double {
    Double(years) * cost(ofLifeFraction: share)
  }
}
