/// Money that is borrowed for the investment.
package struct Loan: Sendable, Hashable {
  /// How it is paid back.
  package enum Kind: String, Sendable, CaseIterable {
    /// The same amount every year, interest and principal together.
    case annuity
    /// Interest every year, the principal at the end.
    case bullet
  }

  /// Share of the capital, less grants at the time of the investment, that is borrowed, 0…1.
  package var fraction: Double
  /// Yearly interest as a fraction.
  package var rate: Double
  /// Years until it is paid back.
  package var years: Int
  /// How it is paid back.
  package var kind: Kind

  /// Creates a loan.
  package init(fraction: Double, rate: Double, years: Int, kind: Kind = .annuity) {
    self.fraction = fraction
    self.rate = rate
    self.years = years
    self.kind = kind
  }

  /// What is due in a year. [currency]
  package struct Payment: Sendable, Hashable {
    /// Price of the money. [currency]
    package var interest: Double
    /// What is paid back. [currency]
    package var principal: Double

    /// Lists what is due.
    package init(interest: Double, principal: Double) {
      self.interest = interest
      self.principal = principal
    }
  }

  /// Returns what is due at the end of each year.
  ///
  /// - Parameter principal: What was borrowed. [currency]
  /// - Returns: One payment per year of the loan.
  package func payments(of principal: Double) -> [Payment] {
    var left = principal
    return (1...max(1, years)).map { year in
      let interest = left * rate
      let remaining = Double(years - year + 1)
      let paid: Double
      switch kind {
      case .bullet: paid = year == years ? left : 0
      case .annuity where rate == 0: paid = left / remaining
      case .annuity:
        var growth = 1.0
        for _ in 0..<Int(remaining) { growth *= 1 + rate }
        paid = interest / (growth - 1)
      }
      left -= paid
      return Payment(interest: interest, principal: paid)
    }
  }
}
