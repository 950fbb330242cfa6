internal import TimeSeries

/// Price of net power at the meter in one slot, as it is: it need not be convex.
///
/// Where feeding in pays more than buying costs, the cost bends down at zero, and neither a list of rising
/// slopes nor a linear program can hold it.
struct MeterPrice {
  var buy: Double
  var sell: Double
  var exportLimitKW: Double
  var pvKW: Double
  var caps: Caps

  /// Feeding in never costs and importing never earns: no production is thrown away below the limit.
  @inline(__always)
  var neverCurtails: Bool { buy >= 0 && sell >= 0 }

  /// Returns the cost of a power. [currency/h]
  @inline(__always)
  func cost(atKW power: Double) -> Double {
    guard power > 0 else { return sell * power }
    var sum = buy * power
    for k in 0..<caps.count where power > caps.above[k] {
      sum += caps.price[k] * (power - caps.above[k])
    }
    return sum
  }

  /// Returns the cheapest power that net power can be brought to by throwing production away.
  ///
  /// Of equal costs the least is thrown away.
  func cheapestKW(netKW: Double) -> Double {
    var best = max(netKW, -exportLimitKW)
    if neverCurtails { return best }
    let most = netKW + pvKW
    var least = cost(atKW: best)
    func consider(_ power: Double) {
      guard power > best, power <= most else { return }
      let money = cost(atKW: power)
      if money < least { (best, least) = (power, money) }
    }
    consider(0)
    for k in 0..<caps.count { consider(caps.above[k]) }
    consider(most)
    return best
  }
}

extension MeterPrice {
  /// Returns the cheapest power that net power can be brought to where production is thrown away by steps.
  ///
  /// Of the amounts that keep the export limit the cheapest counts, of equal costs the least; where none keeps it,
  /// the largest.
  ///
  /// - Parameters:
  ///   - netKW: Load less production and battery power. [kW]
  ///   - amountsKW: Rising amounts besides none; empty where any amount can be thrown away. [kW]
  /// - Returns: Power at the meter. [kW]
  func cheapestKW(netKW: Double, amountsKW: [Double]) -> Double {
    guard let most = amountsKW.last else { return cheapestKW(netKW: netKW) }
    var best: (power: Double, cost: Double)?
    func consider(_ amount: Double) {
      let power = netKW + amount
      guard power >= -exportLimitKW - 1e-9 else { return }
      let money = cost(atKW: power)
      if best.map({ money < $0.cost }) ?? true { best = (power, money) }
    }
    consider(0)
    for amount in amountsKW { consider(amount) }
    return best?.power ?? netKW + most
  }
}

extension PlanningModel {
  /// Returns the price of net power in a slot as it is.
  func meterPrice(_ t: Int, targets: [Double]) -> MeterPrice {
    MeterPrice(
      buy: buy[t], sell: sell[t], exportLimitKW: exportLimitKW[t], pvKW: pvKW[t],
      caps: caps(t, targets: targets))
  }
}

extension SlotFlows {
  /// Settles net power at the grid at a price that need not be convex.
  ///
  /// - Parameters:
  ///   - netKW: Load less production and battery power. [kW]
  ///   - price: Price at the meter.
  ///   - amountsKW: What can be thrown away besides nothing; empty for any amount. [kW]
  mutating func settle(netKW: Double, price: MeterPrice, amountsKW: [Double] = []) {
    let power = price.cheapestKW(netKW: netKW, amountsKW: amountsKW)
    curtailKW = power - netKW
    importKW = max(0, power)
    exportKW = max(0, -power)
  }
}
