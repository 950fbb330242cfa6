import TimeSeries

/// What happened in one of several batteries, interval by interval.
package struct BatteryTrace: Sendable {
  /// Name of the battery.
  package let name: String
  /// The name as part of a column's name.
  package let key: String
  /// Price of wear per kWh discharged. [currency/kWh]
  package let wearPerKWh: Double
  /// Value of a kWh left in it at the end. [currency/kWh stored]
  package let endValuePerKWh: Double
  /// Stored energy at the start of the period. [kWh]
  package let startStoredKWh: Double
  /// First interval of the period in which it is there.
  package let firstSlot: Int
  /// Columns of the battery; those of the site have no values.
  package let columns: ReplayTrace
}

extension ReplayTrace {
  /// Price of the wear of several batteries in an interval. [currency/h]
  func wearPerHour(_ slot: Int) -> Double {
    batteries.reduce(0) {
      let power = $1.columns.batteryKW[slot]
      return power > 0 ? $0 + power * $1.wearPerKWh : $0
    }
  }

  /// Value of what the batteries store more at the end of an interval than at the end of another, or at the
  /// start. [currency]
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - before: The earlier interval; nothing for the start.
  ///   - startStoredKWh: Stored energy at the start of a site with one battery. [kWh]
  ///   - endValuePerKWh: Value of its kWh. [currency/kWh]
  /// - Returns: The sum over all batteries.
  func gainedWorth(
    _ slot: Int, since before: Int?, startStoredKWh: Double, endValuePerKWh: Double
  ) -> Double {
    func gained(_ columns: ReplayTrace, _ start: Double) -> Double {
      columns.storedKWh[slot] - (before.map { columns.storedKWh[$0] } ?? start)
    }
    if batteries.isEmpty { return gained(self, startStoredKWh) * endValuePerKWh }
    return batteries.reduce(0) {
      $0 + gained($1.columns, $1.startStoredKWh) * $1.endValuePerKWh
    }
  }
}
