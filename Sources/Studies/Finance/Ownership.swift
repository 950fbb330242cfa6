/// A third party that buys the battery and is paid by the site that uses it.
package struct Ownership: Sendable, Hashable {
  /// Rent of the first year. [currency]
  package var rentPerYear: Double
  /// Rent of the first year as a share of the capital, on top.
  package var rentCapitalShare: Double
  /// Yearly growth of the rent from the second year on, as a fraction.
  package var rentGrowth: Double
  /// Share of the saving that the site hands over, 0…1.
  package var savingShare: Double
  /// The owner's rate of tax, 0…1.
  package var taxRate: Double
  /// The owner's yearly discount rate, nominal; that of the site when nil.
  package var discountRate: Double?

  /// Creates an agreement.
  package init(
    rentPerYear: Double = 0, rentCapitalShare: Double = 0, rentGrowth: Double = 0,
    savingShare: Double = 0, taxRate: Double = 0, discountRate: Double? = nil
  ) {
    self.rentPerYear = rentPerYear
    self.rentCapitalShare = rentCapitalShare
    self.rentGrowth = rentGrowth
    self.savingShare = savingShare
    self.taxRate = taxRate
    self.discountRate = discountRate
  }
}
