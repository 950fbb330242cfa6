/// Price of net power in one slot as a convex function: a few slopes between breakpoints.
///
/// Net power is load less photovoltaic power less battery power. Segment `k` ends at `end[k]`, the last
/// is endless; slopes rise. Free curtailment is folded in as a piece of slope zero and the width of the
/// photovoltaic power, placed where the slopes turn positive.
struct GridPrice {
  var end: InlineArray<10, Double> = .init(repeating: .infinity)
  var slope: InlineArray<10, Double> = .init(repeating: 0)
  var count = 0
  /// Grid power at which surplus is thrown away rather than fed in; `-infinity` for never.
  var curtailBelowKW = -Double.infinity
  /// Pieces, from the first, whose end production moves down.
  private(set) var movedCount = 0

  /// Builds the price of one slot.
  @inline(__always)
  init(buy: Double, sell: Double, exportLimitKW: Double, pvKW: Double, caps: borrowing Caps) {
    var price = sell
    if exportLimitKW == 0 {
      // Nothing may be fed in: the export piece has no width.
    } else {
      append(upTo: 0, price)
    }
    price = buy
    for k in 0..<caps.count {
      append(upTo: caps.above[k], price)
      price += caps.price[k]
    }
    append(upTo: .infinity, price)
    insertCurtailment(pvKW: pvKW, lowest: -exportLimitKW)
  }

  @inline(__always)
  private mutating func append(upTo power: Double, _ price: Double) {
    end[count] = power
    slope[count] = price
    count += 1
  }

  /// Puts the curtailment piece where the first slope is not negative.
  @inline(__always)
  private mutating func insertCurtailment(pvKW: Double, lowest: Double) {
    var at = 0
    while at < count, slope[at] < 0 { at += 1 }
    let below = at == 0 ? lowest : end[at - 1]
    curtailBelowKW = below
    // Always feeding in, or nothing to throw away.
    if below == -.infinity || pvKW <= 0 { return }
    if below == .infinity {
      // Importing pays at every level: all of it is thrown away.
      for j in 0..<count { end[j] -= pvKW }
      movedCount = count
      return
    }
    var k = count
    while k > at {
      end[k] = end[k - 1]
      slope[k] = slope[k - 1]
      k -= 1
    }
    end[at] = below
    slope[at] = 0
    for j in 0..<at { end[j] -= pvKW }
    movedCount = at
    count += 1
  }
}

/// Import levels above which a slot costs more, sorted.
struct Caps {
  var above: InlineArray<6, Double> = .init(repeating: 0)
  var price: InlineArray<6, Double> = .init(repeating: 0)
  var count = 0

  /// Caps closer than this are one. [kW]
  static let rounding = 1e-9

  /// Adds a cap in its place; a cap at the same power joins the one there.
  @inline(__always)
  mutating func insert(aboveKW: Double, price added: Double) {
    var k = 0
    while k < count, above[k] < aboveKW - Self.rounding { k += 1 }
    if k < count, above[k] <= aboveKW + Self.rounding {
      price[k] += added
      return
    }
    // More levels than fit: the dearer of the two last ones keeps the price convex.
    guard count < 6 else {
      price[5] += added
      return
    }
    var j = count
    while j > k {
      above[j] = above[j - 1]
      price[j] = price[j - 1]
      j -= 1
    }
    above[k] = aboveKW
    price[k] = added
    count += 1
  }
}

/// Cost of changing the stored energy in one slot as a convex function of the change.
///
/// Pieces lie from the strongest discharge to the strongest charge with rising slopes.
/// [kWh, currency/kWh of stored energy]
struct SlotCost {
  var width: InlineArray<24, Double> = .init(repeating: 0)
  var slope: InlineArray<24, Double> = .init(repeating: 0)
  var count = 0
  /// Change at the strongest discharge, not positive.
  var lowest = 0.0
  /// Change at the strongest charge, not negative.
  var highest = 0.0
  /// The optimum may charge and discharge at once somewhere.
  var isSimultaneous = false
  /// Width left by pieces too narrow to count. [kWh]
  private var crumbs = 0.0

  @inline(__always)
  mutating func append(width w: Double, slope s: Double) {
    // A piece made by a rounding would hide the worth on its other side.
    if w < 1e-10 {
      if w > 0 { if count > 0 { width[count - 1] += w } else { crumbs += w } }
      return
    }
    if count > 0, slope[count - 1] == s {
      width[count - 1] += w
      return
    }
    width[count] = w + crumbs
    crumbs = 0
    slope[count] = s
    count += 1
  }
}

/// What fixes the cost of a slot besides its prices.
struct BatterySlot {
  var netKW: Double
  var chargeKW: Double
  var dischargeKW: Double
  var stepHours: Double
  var chargeEfficiency: Double
  var dischargeEfficiency: Double
  var wear: Double

  /// Price per kWh below which drawing power only to lose it pays.
  @inline(__always)
  var simultaneousThreshold: Double {
    let roundTrip = chargeEfficiency * dischargeEfficiency
    if roundTrip >= 1 || chargeKW <= 0 || dischargeKW <= 0 { return .infinity }
    return wear * roundTrip / (1 - roundTrip)
  }
}

extension SlotCost {
  /// Folds the price of net power and the battery's losses into one convex function.
  @inline(__always)
  init(_ battery: BatterySlot, price: borrowing GridPrice) {
    self.init()
    let h = battery.stepHours
    let perDischarge = h / battery.dischargeEfficiency
    let perCharge = h * battery.chargeEfficiency
    lowest = -battery.dischargeKW * perDischarge
    highest = battery.chargeKW * perCharge
    let first = battery.netKW - battery.dischargeKW
    let last = battery.netKW + battery.chargeKW
    var k = 0
    let pieces = price.count
    while k < pieces - 1, price.end[k] <= first { k += 1 }
    if price.slope[k] < -battery.simultaneousThreshold {
      self = SlotCost(simultaneous: battery, price: price)
      return
    }
    // Discharging: from the strongest down to rest.
    var at = first
    while at < battery.netKW {
      let end = min(price.end[k], battery.netKW)
      append(
        width: (end - at) * perDischarge,
        slope: battery.dischargeEfficiency * (price.slope[k] - battery.wear))
      at = end
      if k < pieces - 1, price.end[k] <= at { k += 1 }
    }
    // Charging: from rest up to the strongest.
    at = battery.netKW
    while at < last {
      let end = min(price.end[k], last)
      append(
        width: (end - at) * perCharge,
        slope: price.slope[k] / battery.chargeEfficiency)
      at = end
      if k < pieces - 1, price.end[k] <= at { k += 1 }
    }
  }
}
