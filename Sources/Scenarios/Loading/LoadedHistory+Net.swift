import Diagnostics
import TimeSeries

extension LoadedHistory {
  /// Loads this far below zero are rounding. [kW]
  private static let roundingKW = 1e-6

  /// Puts the load together from a signed meter: what comes in, what the plant gives and what the battery
  /// gives is what is consumed.
  ///
  /// Without production, the meter is the load, which is then negative where the site exports; there is no
  /// plant whose output could be forecast or curtailed. With it, a load below zero is raised to zero and
  /// counted.
  mutating func deriveLoad() {
    guard history[.load] == nil, let net = history[.net] else { return }
    var load = net
    for quantity in [Quantity.pv, .batteryPower] {
      guard let power = history[quantity] else { continue }
      for i in load.indices { load[i] += power[i] }
    }
    if history[.pv] != nil {
      let negative = load.indices.filter { load[$0] < 0 }
      let counted = negative.count { load[$0] < -Self.roundingKW }
      for i in negative { load[i] = 0 }
      if counted > 0 {
        warnings.append(
          .warning(
            "'net' and 'pv' leave a load below 0 in \(counted) of \(load.count) slots, raised to 0")
        )
      }
    }
    history[.load] = load
  }
}
