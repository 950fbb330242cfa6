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
  ///   - seen: What the column was seen to hold.
  ///   - quantity: What it measures.
  ///   - isSigned: Whether negative values may be meant, as for parts of a sum.
  /// - Returns: The codes that stand for no value.
  static func among(_ seen: Seen, quantity: Quantity, isSigned: Bool) -> Set<Double> {
    Set(
      seen.found.filter { code in
        if code < 0, quantity.isNonNegative, !isSigned { return true }
        if let range = quantity.possibleRange, !range.contains(code) { return true }
        return abs(code) > 3 * seen.largest && seen.largest > 0
      })
  }

  /// Codes among the values of a column, and how large everything else is.
  struct Seen {
    private let codes: [Double]
    /// The size that no code goes below.
    private let smallest: Double
    /// Codes that occur.
    private(set) var found: [Double] = []
    /// Size of the largest other value.
    private(set) var largest = 0.0

    /// - Parameter codes: What the codes become in the column, in kept units.
    init(codes: [Double]) {
      self.codes = codes
      smallest = codes.map { abs($0) }.min() ?? .infinity
    }

    /// Adds every `width`th value from `column` on.
    mutating func add(_ values: [Double], column: Int, width: Int) {
      guard !codes.isEmpty else { return }
      var i = column
      while i < values.count {
        let value = values[i]
        let size = abs(value)
        if size >= smallest, codes.contains(value) {
          if !found.contains(value) { found.append(value) }
        } else if size > largest {
          largest = size
        }
        i += width
      }
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
