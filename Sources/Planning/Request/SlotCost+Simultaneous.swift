/// A corner of the box of charging and discharging power, with its cost.
struct BoxCorner {
  /// Change of the stored energy. [kWh]
  var change: Double
  var cost: Double
  var chargeKW: Double
  var dischargeKW: Double
}

extension SlotCost {
  /// Builds the cost where energy may be wasted: the lower hull over charging *and* discharging.
  ///
  /// At a price below zero a linear program charges and discharges at once. The cost over the box of
  /// both powers has its corners where the edges of the box meet the breakpoints of the grid price,
  /// and its best value for each change of energy is their lower convex hull.
  init(simultaneous battery: BatterySlot, price: GridPrice) {
    self.init()
    isSimultaneous = true
    lowest = -battery.dischargeKW * battery.stepHours / battery.dischargeEfficiency
    highest = battery.chargeKW * battery.stepHours * battery.chargeEfficiency
    let hull = Self.simultaneousHull(battery, price: price)
    for k in hull.indices.dropFirst() {
      let w = hull[k].change - hull[k - 1].change
      append(width: w, slope: (hull[k].cost - hull[k - 1].cost) / w)
    }
  }

  /// Returns the corners of the lower hull, by rising change of energy.
  static func simultaneousHull(
    _ battery: BatterySlot, price: GridPrice
  ) -> [BoxCorner] {
    let most = (charge: battery.chargeKW, discharge: battery.dischargeKW)
    let net = battery.netKW
    let h = battery.stepHours
    let perCharge = h * battery.chargeEfficiency
    let perDischarge = h / battery.dischargeEfficiency
    let dischargeCost = h * battery.wear
    var points: [BoxCorner] = []
    func add(_ charge: Double, _ discharge: Double, _ gridCost: Double) {
      points.append(
        BoxCorner(
          change: charge * perCharge - discharge * perDischarge,
          cost: gridCost + dischargeCost * discharge, chargeKW: charge,
          dischargeKW: discharge))
    }
    let corners = [
      (0, 0), (most.charge, 0), (0, most.discharge), (most.charge, most.discharge),
    ]
    for (charge, discharge) in corners {
      add(charge, discharge, h * price.cost(atKW: net + charge - discharge))
    }
    for k in 0..<(price.count - 1) {
      let level = price.end[k]
      let lift = level - net
      guard lift > -most.discharge, lift < most.charge else { continue }
      let cost = h * price.cost(atKW: level)
      add(max(0, lift), max(0, -lift), cost)
      let discharge = min(most.discharge, most.charge - lift)
      add(discharge + lift, discharge, cost)
    }
    points.sort { ($0.change, $0.cost) < ($1.change, $1.cost) }
    var hull: [BoxCorner] = []
    for point in points {
      if let last = hull.last, point.change - last.change <= 1e-12 { continue }
      while hull.count >= 2 {
        let a = hull[hull.count - 2]
        let b = hull[hull.count - 1]
        let isAbove =
          (b.cost - a.cost) * (point.change - a.change)
          >= (point.cost - a.cost) * (b.change - a.change)
        if !isAbove { break }
        hull.removeLast()
      }
      hull.append(point)
    }
    return hull
  }
}

extension GridPrice {
  /// Returns the cost of net power up to a constant that is the same for all powers. [currency/h]
  func cost(atKW power: Double) -> Double {
    // Integrate from the end of the first piece, or from zero where there is only one.
    var reference = end[0]
    if count == 1 { reference = 0 }
    if power <= reference { return slope[0] * (power - reference) }
    var sum = 0.0
    var at = reference
    var k = count == 1 ? 0 : 1
    while at < power {
      let stop = k == count - 1 ? power : min(power, end[k])
      sum += slope[k] * (stop - at)
      at = stop
      k += 1
      if k == count { break }
    }
    return sum
  }
}
