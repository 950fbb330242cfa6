/// Powers that production can be held to, where it cannot be throttled freely.
///
/// The ripple control receivers of German plants hold it to 60, 30 or 0 % of the plant's peak power. Production below a
/// level is not touched by it.
package struct CurtailmentSteps: Sendable, Hashable {
  /// Shares of the plant's peak power, in falling order; without one production is throttled freely.
  package let levels: [Double]

  /// Lists the levels, in any order.
  package init(levels: [Double] = []) { self.levels = Set(levels).sorted(by: >) }

  /// Whether production is throttled freely.
  package var isFree: Bool { levels.isEmpty }

  /// Whether production can be switched off.
  package var endsAtNothing: Bool { levels.last.map { $0 <= 0 } ?? true }

  /// Works out what can be thrown away of a production.
  ///
  /// - Parameters:
  ///   - pvKW: Production. [kW]
  ///   - peakKW: Peak power of the plant. [kW]
  /// - Returns: Nothing first, then amounts in rising order. [kW]
  package func amountsKW(pvKW: Double, peakKW: Double) -> [Double] {
    var amounts = [0.0]
    for level in levels where pvKW - level * peakKW > amounts[amounts.count - 1] {
      amounts.append(pvKW - max(0, level) * peakKW)
    }
    return amounts
  }

  /// Returns the smallest amount that is thrown away where some power has to be, or all that can be. [kW]
  package func coveringKW(_ neededKW: Double, pvKW: Double, peakKW: Double) -> Double {
    let amounts = amountsKW(pvKW: pvKW, peakKW: peakKW)
    return amounts.first { $0 >= neededKW - 1e-9 } ?? amounts[amounts.count - 1]
  }
}
