/// Shares a power among batteries that no plan tells apart.
///
/// Each gives in proportion to the energy it has, or takes in proportion to the room it has, so that they come to
/// their ends together; what is beyond the limits of one the others take over.
enum SharingRule {
  /// What a battery has and can.
  struct Battery {
    var storedKWh: Double
    var mostKWh: Double
    var limitsKW: ClosedRange<Double>
  }

  /// Returns the power of each battery, positive when discharging. [kW]
  ///
  /// - Parameters:
  ///   - powerKW: What all are asked for. [kW]
  ///   - batteries: What each has and can.
  /// - Returns: Powers that sum up to what is asked for, or to what there is.
  static func powers(_ powerKW: Double, among batteries: [Battery]) -> [Double] {
    var powers = [Double](repeating: 0, count: batteries.count)
    let isDischarging = powerKW > 0
    var missing = abs(powerKW)
    var open = Array(batteries.indices)
    func most(_ b: Int) -> Double {
      let limits = batteries[b].limitsKW
      return max(0, isDischarging ? limits.upperBound : -limits.lowerBound)
    }
    while missing > 1e-12, !open.isEmpty {
      var weights = open.map { b in
        max(
          0,
          isDischarging
            ? batteries[b].storedKWh : batteries[b].mostKWh - batteries[b].storedKWh)
      }
      // Empty or full ones share by power: the inverter decides, as it does for one battery.
      if weights.reduce(0, +) <= 1e-9 { weights = open.map(most) }
      let sum = weights.reduce(0, +)
      guard sum > 0 else { break }
      var full: [Int] = []
      for (k, b) in open.enumerated() where missing * weights[k] / sum >= most(b) - 1e-12 {
        full.append(b)
      }
      if full.isEmpty {
        for (k, b) in open.enumerated() { powers[b] = missing * weights[k] / sum }
        break
      }
      for b in full {
        powers[b] = most(b)
        missing -= most(b)
      }
      missing = max(0, missing)
      open.removeAll { full.contains($0) }
    }
    return isDischarging ? powers : powers.map { -$0 }
  }
}
