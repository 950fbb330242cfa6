import TimeSeries

/// Numbers that loggers and weather services write where they have no value.
enum MissingCode {
  /// As written, before any unit: nines with a sign, nines without one, and the ends of whole numbers of 16 and 32
  /// bits.
  static let written: [Double] = [
    -999, -999.9, -9999, -9999.9, -99_999, -999_999, 9999, 9999.9, 99_999, 99_999.9,
    999_999, 999_999.9, 32_767, -32_768, 65_535, 2_147_483_647, -2_147_483_648, 4_294_967_295,
  ]

  /// The codes among the values of a column.
  ///
  /// A code of a quantity that cannot be negative, or that lies outside what is possible, is no value. Another one is
  /// none when it is more than three times as large as everything else in the column.
  ///
  /// - Parameters:
  ///   - values: The column, in kept units.
  ///   - codes: What the codes become there.
  ///   - quantity: What it measures.
  ///   - isSigned: Whether negative values may be meant, as for parts of a sum.
  /// - Returns: The codes that stand for no value.
  static func among(
    _ values: some Sequence<Double>, codes: [Double], quantity: Quantity, isSigned: Bool
  ) -> Set<Double> {
    let known = Set(codes)
    guard !known.isEmpty else { return [] }
    var found: Set<Double> = []
    var largest = 0.0
    for value in values {
      if known.contains(value) { found.insert(value) } else { largest = max(largest, abs(value)) }
    }
    return found.filter { code in
      if code < 0, quantity.isNonNegative, !isSigned { return true }
      if let range = quantity.possibleRange, !range.contains(code) { return true }
      return abs(code) > 3 * largest && largest > 0
    }
  }
}

extension Quantity {
  /// What can be on Earth; nothing where the size of the site decides.
  package var possibleRange: ClosedRange<Double>? {
    switch self {
    // The records of air near the ground are −89.2 °C and 56.7 °C; a sensor in the sun reads more. [°C]
    case .ambient: -90...70
    // The solar constant is 1361 W/m²; edges of clouds and short means add to it. Zero of a sensor drifts. [W/m²]
    case .irradiance: -50...2000
    case .cloudCover, .stateOfCharge: -0.1...1.1
    case .windSpeed: -5...120
    case .load, .pv, .price, .batteryPower, .net, .importLimit, .exportLimit: nil
    }
  }
}
