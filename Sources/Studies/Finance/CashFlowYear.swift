/// The money of one party in one year; what it pays is negative.
package struct CashFlowYear: Sendable, Hashable {
  /// Year from 0, the time of the investment.
  package var year: Int
  /// Price of the system. [currency]
  package var capital = 0.0
  /// What the battery saves at the prices of the year. [currency]
  package var saving = 0.0
  /// Rent and shares of the saving between the site and a third party. [currency]
  package var rent = 0.0
  /// Operation and maintenance. [currency]
  package var operation = 0.0
  /// New cells. [currency]
  package var replacement = 0.0
  /// Grants. [currency]
  package var grants = 0.0
  /// The credit for the investment. [currency]
  package var credit = 0.0
  /// What is written off; it moves no money but tax. [currency]
  package var depreciation = 0.0
  /// Tax; positive where other income is taxed less. [currency]
  package var tax = 0.0
  /// What is borrowed, interest and what is paid back. [currency]
  package var loan = 0.0
  /// Value of the system at the end. [currency]
  package var salvage = 0.0
  /// Sum of all years to this one. [currency]
  package var cumulative = 0.0
  /// The same discounted to year 0. [currency]
  package var discountedCumulative = 0.0

  /// Starts a year without money.
  package init(year: Int) { self.year = year }

  /// What is left of the year. [currency]
  package var net: Double {
    let earned = saving + rent + grants + credit + salvage
    let paid = capital + operation + replacement
    return earned + paid + tax + loan
  }
}
