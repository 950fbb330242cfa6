import Numerics

/// Yearly amounts of money, the first one at the time of the investment.
package struct CashFlow: Sendable, Hashable {
  /// Amount at the end of year 0, 1, 2 …; year 0 is the investment. [currency]
  package let amounts: [Double]

  /// Lists yearly amounts.
  package init(amounts: [Double]) {
    precondition(!amounts.isEmpty, "a cash flow has a year 0")
    self.amounts = amounts
  }

  /// Returns the net present value: the amounts discounted to year 0.
  package func netPresentValue(discountRate: Double) -> Double {
    var value = 0.0
    var factor = 1.0
    for amount in amounts {
      value += amount * factor
      factor /= 1 + discountRate
    }
    return value
  }

  /// Returns the internal rate of return, or nothing when no single rate makes the value zero.
  ///
  /// Searched by bisection between −99 % and 1000 %; flows that change sign more than once have no
  /// unique rate and give nothing.
  package var internalRateOfReturn: Double? {
    let signs = amounts.filter { $0 != 0 }.map { $0 > 0 }
    guard zip(signs, signs.dropFirst()).filter({ $0 != $1 }).count == 1 else { return nil }
    var low = -0.99
    var high = 10.0
    let atLow = netPresentValue(discountRate: low)
    guard atLow * netPresentValue(discountRate: high) < 0 else { return nil }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if netPresentValue(discountRate: middle) * atLow > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Returns the modified internal rate of return, or nothing where money only goes out or only comes in.
  ///
  /// What goes out is discounted to year 0 and what comes in is carried to the last year, both at one rate; the result
  /// is the yearly growth from one to the other.
  ///
  /// - Parameter rate: Rate at which money is borrowed and lent, above −1.
  /// - Returns: The rate as a fraction.
  package func modifiedRateOfReturn(rate: Double) -> Double? {
    var paid = 0.0
    var earned = 0.0
    var factor = 1.0
    for amount in amounts {
      if amount < 0 { paid -= amount / factor } else { earned += amount / factor }
      factor *= 1 + rate
    }
    let years = Double(amounts.count - 1)
    guard paid > 0, earned > 0, years > 0 else { return nil }
    // `factor` has one year more than the last amount.
    return raise(earned * (factor / (1 + rate)) / paid, to: 1 / years) - 1
  }

  /// Returns the years until the sum of the discounted amounts turns positive for good, or nothing
  /// when it never does.
  ///
  /// Within the year of the turn the amount is taken to come evenly.
  ///
  /// - Parameter discountRate: 0 gives the simple payback.
  /// - Returns: Years with their fraction.
  package func paybackYears(discountRate: Double = 0) -> Double? {
    var cumulative = amounts[0]
    var payback: Double? = cumulative >= 0 ? 0 : nil
    var factor = 1.0
    for year in amounts.indices.dropFirst() {
      factor /= 1 + discountRate
      let amount = amounts[year] * factor
      let before = cumulative
      cumulative += amount
      if cumulative < 0 {
        // A later expense, such as new cells, has undone an earlier turn.
        payback = nil
      } else if before < 0 {
        payback = Double(year - 1) - before / amount
      }
    }
    return payback
  }
}
