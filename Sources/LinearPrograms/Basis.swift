/// Where a variable or a constraint stands in a basic solution; the codes are GLPK's.
///
/// A structure rather than an enumeration, so that an array of them lies in memory as GLPK's codes.
public struct BasisStatus: RawRepresentable, Sendable, Hashable {
  /// GLPK's code.
  public let rawValue: UInt8

  /// Takes a code of GLPK, 1 to 5.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Free to move: its value follows from the others.
  public static let basic = BasisStatus(rawValue: 1)
  /// At its lower bound.
  public static let lower = BasisStatus(rawValue: 2)
  /// At its upper bound.
  public static let upper = BasisStatus(rawValue: 3)
  /// Without bounds, at zero.
  public static let free = BasisStatus(rawValue: 4)
  /// Its bounds are equal.
  public static let fixed = BasisStatus(rawValue: 5)
}

/// A starting point for the simplex method: as many basic members as there are rows.
public struct Basis: Sendable, Hashable {
  /// Status of each row.
  public var rows: [BasisStatus]
  /// Status of each column.
  public var columns: [BasisStatus]

  /// States a basis.
  public init(rows: [BasisStatus], columns: [BasisStatus]) {
    self.rows = rows
    self.columns = columns
  }

  /// Basic members beyond the number of rows; zero in every basis that can be factorised.
  public var excess: Int {
    var basic = 0
    for status in rows where status == .basic { basic += 1 }
    for status in columns where status == .basic { basic += 1 }
    return basic - rows.count
  }
}
