/// How an investment is written off for tax.
package struct Depreciation: Sendable, Hashable {
  /// The rule by which years get their shares.
  package enum Method: Sendable, Hashable {
    /// Nothing is written off.
    case none
    /// Equal shares over a number of years.
    case straightLine(years: Int)
    /// The half-year tables of the United States for 3, 5, 7, 10, 15 or 20 years.
    case macrs(years: Int)
  }

  /// The rule.
  package var method: Method
  /// Share that is written off in the first year, before the rule takes the rest, 0…1.
  package var bonus: Double

  /// Creates a rule.
  package init(_ method: Method = .none, bonus: Double = 0) {
    self.method = method
    self.bonus = bonus
  }

  /// Recovery periods that have a table. [years]
  package static let macrsYears = [3, 5, 7, 10, 15, 20]

  /// Percentages by year, half-year convention.
  ///
  /// Source: IRS Publication 946, Table A-1. Each table adds up to 100.
  private static let macrs: [Int: [Double]] = [
    3: [33.33, 44.45, 14.81, 7.41],
    5: [20, 32, 19.2, 11.52, 11.52, 5.76],
    7: [14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46],
    10: [10, 18, 14.4, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28],
    15: [
      5, 9.5, 8.55, 7.7, 6.93, 6.23, 5.9, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 2.95,
    ],
    20: [
      3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461, 4.462, 4.461, 4.462,
      4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 2.231,
    ],
  ]

  /// Share of the basis that each year writes off, bonus included, from the first year on; empty for none.
  package var shares: [Double] {
    let plain: [Double]
    switch method {
    case .none: return []
    case .straightLine(let years):
      plain = [Double](repeating: 1 / Double(years), count: years)
    case .macrs(let years): plain = (Self.macrs[years] ?? []).map { $0 / 100 }
    }
    return plain.indices.map { plain[$0] * (1 - bonus) + ($0 == 0 ? bonus : 0) }
  }
}
