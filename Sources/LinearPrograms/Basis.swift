/// Where a variable or a constraint stands in a basic solution; the codes are GLPK's.
///
/// A structure rather than an enumeration, so that an array of them lies in memory as GLPK's codes.
package struct BasisStatus: RawRepresentable, Sendable, Hashable {
  /// GLPK's code.
  package let rawValue: UInt8

  /// Takes a code of GLPK, 1 to 5.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Free to move: its value follows from the others.
  package static let basic = BasisStatus(rawValue: 1)
  /// At its lower bound.
  package static let lower = BasisStatus(rawValue: 2)
  /// At its upper bound.
  package static let upper = BasisStatus(rawValue: 3)
  /// Without bounds, at zero.
  package static let free = BasisStatus(rawValue: 4)
  /// Its bounds are equal.
  package static let fixed = BasisStatus(rawValue: 5)
}

/// A starting point for the simplex method: as many basic members as there are rows.
package struct Basis: Sendable, Hashable {
  /// Status of each row.
  package var rows: [BasisStatus]
  /// Status of each column.
  package var columns: [BasisStatus]

  /// Creates a basis.
  package init(rows: [BasisStatus], columns: [BasisStatus]) {
    self.rows = rows
    self.columns = columns
  }

  /// Basic members beyond the number of rows; zero in every basis that can be factorised.
  package var excess: Int {
    var basic = 0
    for status in rows where status == .basic { basic += 1 }
    for status in columns where status == .basic { basic += 1 }
    return basic - rows.count
  }
}
