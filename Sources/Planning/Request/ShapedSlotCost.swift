/// Cost of changing the stored energy in one slot as it is, whether convex or not.
///
/// Pieces lie from the strongest discharge to the strongest charge. The battery never charges and
/// discharges at once. [kWh, currency/kWh of stored energy]
struct ShapedSlotCost {
  private(set) var width: [Double] = []
  private(set) var slope: [Double] = []
  /// Change at the strongest discharge, not positive.
  private(set) var lowest = 0.0
  /// Change at the strongest charge, not negative.
  private(set) var highest = 0.0
  private var corners: [Double] = []

  /// A stretch of net power over which all ways to settle it have one price each.
  private struct Choice {
    /// Cost at the beginning. [currency/h]
    var cost: Double
    /// Change of the cost per power. [currency/kWh]
    var slope: Double
  }
  private var choices: [Choice] = []

  /// Replaces the cost, keeping the memory.
  mutating func build(_ battery: BatterySlot, price: MeterPrice) {
    width.removeAll(keepingCapacity: true)
    slope.removeAll(keepingCapacity: true)
    lowest = -battery.dischargeKW * battery.stepHours / battery.dischargeEfficiency
    highest = battery.chargeKW * battery.stepHours * battery.chargeEfficiency
    listCorners(battery, price)
    for k in corners.indices.dropFirst() where corners[k] > corners[k - 1] {
      append(from: corners[k - 1], to: corners[k], battery, price)
    }
  }

  /// Replaces the pieces.
  mutating func replace(width: [Double], slope: [Double], lowest: Double) {
    self.width = width
    self.slope = slope
    self.lowest = lowest
  }

  /// Lists the net powers at which the price of any way to settle them changes.
  private mutating func listCorners(_ battery: BatterySlot, _ price: MeterPrice) {
    let first = battery.netKW - battery.dischargeKW
    let last = battery.netKW + battery.chargeKW
    corners.removeAll(keepingCapacity: true)
    func add(_ power: Double) {
      if power > first, power < last { corners.append(power) }
    }
    func addBend(_ power: Double) {
      add(power)
      if !price.neverCurtails { add(power - price.pvKW) }
    }
    addBend(0)
    addBend(-price.exportLimitKW)
    for k in 0..<price.caps.count { addBend(price.caps.above[k]) }
    corners.append(first)
    corners.append(battery.netKW)
    corners.append(last)
    corners.sort()
  }

  /// Appends the cheapest way to settle each net power of a stretch without corners.
  private mutating func append(
    from: Double, to: Double, _ battery: BatterySlot, _ price: MeterPrice
  ) {
    listChoices(from: from, to: to, price)
    // Lines cross at most once each: from the lowest at the beginning to ever falling ones.
    var best = 0
    for k in choices.indices
    where (choices[k].cost, choices[k].slope) < (choices[best].cost, choices[best].slope) {
      best = k
    }
    let end = to - from
    var passed = 0.0
    while true {
      var next = (choice: best, at: end)
      for k in choices.indices where choices[k].slope < choices[best].slope {
        let crossing =
          (choices[k].cost - choices[best].cost) / (choices[best].slope - choices[k].slope)
        if (crossing, choices[k].slope) < (next.at, choices[next.choice].slope) {
          next = (k, max(passed, crossing))
        }
      }
      append(
        kW: next.at - passed, isCharging: from >= battery.netKW, choices[best].slope, battery)
      if next.choice == best { break }
      (best, passed) = next
    }
  }

  /// Lists what a stretch costs with the least thrown away, the most, and just enough for each bend.
  private mutating func listChoices(from: Double, to: Double, _ price: MeterPrice) {
    choices.removeAll(keepingCapacity: true)
    func choice(_ a: Double, _ b: Double) -> Choice {
      let cost = price.cost(atKW: a)
      return Choice(cost: cost, slope: slope(price, a, b))
    }
    choices.append(choice(max(from, -price.exportLimitKW), max(to, -price.exportLimitKW)))
    if price.neverCurtails { return }
    choices.append(choice(from + price.pvKW, to + price.pvKW))
    let middle = 0.5 * (from + to)
    func addLevel(_ power: Double) {
      guard power > middle, power < middle + price.pvKW else { return }
      choices.append(Choice(cost: price.cost(atKW: power), slope: 0))
    }
    addLevel(0)
    for k in 0..<price.caps.count { addLevel(price.caps.above[k]) }
  }

  /// Price between two powers without a bend between them; read off the tariff, so that equal prices
  /// stay equal.
  private func slope(_ price: MeterPrice, _ a: Double, _ b: Double) -> Double {
    guard b > a else { return 0 }
    let middle = 0.5 * (a + b)
    guard middle > 0 else { return price.sell }
    var sum = price.buy
    for k in 0..<price.caps.count where middle > price.caps.above[k] { sum += price.caps.price[k] }
    return sum
  }

  private mutating func append(
    kW: Double, isCharging: Bool, _ pricePerKWh: Double, _ battery: BatterySlot
  ) {
    guard kW > 0 else { return }
    let w: Double
    let s: Double
    if isCharging {
      w = kW * battery.stepHours * battery.chargeEfficiency
      s = pricePerKWh / battery.chargeEfficiency
    } else {
      w = kW * battery.stepHours / battery.dischargeEfficiency
      s = battery.dischargeEfficiency * (pricePerKWh - battery.wear)
    }
    if let last = slope.last, last == s {
      width[width.count - 1] += w
    } else {
      width.append(w)
      slope.append(s)
    }
  }
}
