/// What a cycle of a test protocol came to at the terminals of the pack.
public struct TestCycle: Sendable, Equatable {
  /// Its number, counted from 1.
  public var number: Int
  /// Charge in and out. [Ah]
  public var chargedAh = 0.0
  public var dischargedAh = 0.0
  /// Energy in and out. [kWh]
  public var chargedKWh = 0.0
  public var dischargedKWh = 0.0
  /// Hottest cell. [°C]
  public var hottestC = -Double.infinity

  /// Sums the steps of each cycle up.
  ///
  /// - Parameter records: Steps in the order in which they were run.
  /// - Returns: The cycles; none where the protocol repeats nothing.
  public static func cycles(_ records: [TestRecord]) -> [TestCycle] {
    var cycles: [TestCycle] = []
    for record in records {
      guard let number = record.place.cycle else { continue }
      if cycles.last?.number != number { cycles.append(TestCycle(number: number)) }
      let last = cycles.count - 1
      cycles[last].hottestC = max(cycles[last].hottestC, record.hottestC)
      switch record.place.step.kind {
      case .charge:
        cycles[last].chargedAh -= record.chargeAh
        cycles[last].chargedKWh -= record.packKWh
      case .discharge:
        cycles[last].dischargedAh += record.chargeAh
        cycles[last].dischargedKWh += record.packKWh
      case .rest: break
      }
    }
    return cycles
  }
}
