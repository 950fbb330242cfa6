/// Convex prices at which no metered series costs more than its bill.
///
/// The floor of a bill is `monthly.sum + prices.cost(…)`, minimums left out. Where a bill is convex itself the
/// floor meets it; elsewhere it is a line or a chord below it, which meets the bill near the series that it was
/// laid at.
package struct BillFloor: Sendable {
  /// Prices over the grid.
  package var prices: PlanningPrices
  /// What each month comes to beside its prices. [currency]
  package var monthly: [Double]

  /// Returns the mean of floors, which is a floor as well.
  package static func mean(of floors: [BillFloor]) -> BillFloor {
    guard var sum = floors.first else {
      return BillFloor(prices: PlanningPrices(buyPerKWh: [], sellPerKWh: []), monthly: [])
    }
    if floors.count == 1 { return sum }
    let share = 1 / Double(floors.count)
    sum.scale(by: share)
    var demands: [RowKey: Int] = [:]
    for (k, row) in sum.prices.demands.enumerated() { demands[RowKey(row)] = k }
    var blocks: [RowKey: Int] = [:]
    for (k, block) in sum.prices.importBlocks.enumerated() { blocks[RowKey(block)] = k }
    for var floor in floors.dropFirst() {
      floor.scale(by: share)
      for i in sum.monthly.indices { sum.monthly[i] += floor.monthly[i] }
      for t in sum.prices.buyPerKWh.indices {
        sum.prices.buyPerKWh[t] += floor.prices.buyPerKWh[t]
        sum.prices.sellPerKWh[t] += floor.prices.sellPerKWh[t]
      }
      for row in floor.prices.demands {
        if let k = demands[RowKey(row)] {
          sum.prices.demands[k].pricePerKW += row.pricePerKW
        } else {
          demands[RowKey(row)] = sum.prices.demands.count
          sum.prices.demands.append(row)
        }
      }
      for block in floor.prices.importBlocks {
        if let k = blocks[RowKey(block)] {
          sum.prices.importBlocks[k].surchargePerKWh += block.surchargePerKWh
        } else {
          blocks[RowKey(block)] = sum.prices.importBlocks.count
          sum.prices.importBlocks.append(block)
        }
      }
    }
    return sum
  }

  private mutating func scale(by share: Double) {
    for i in monthly.indices { monthly[i] *= share }
    for t in prices.buyPerKWh.indices {
      prices.buyPerKWh[t] *= share
      prices.sellPerKWh[t] *= share
    }
    for k in prices.demands.indices { prices.demands[k].pricePerKW *= share }
    for k in prices.importBlocks.indices { prices.importBlocks[k].surchargePerKWh *= share }
  }

  /// What makes two rows of floors at different series the same.
  private struct RowKey: Hashable {
    let label: String
    let from: Double
    let first: Int?
    let count: Int

    init(_ row: DemandPrice) {
      label = row.label
      from = row.incurredKW
      first = row.applies.firstIndex(of: true)
      count = row.applies.count { $0 }
    }

    init(_ block: ImportBlock) {
      label = block.label
      from = block.limitKWh
      first = block.applies.firstIndex(of: true)
      count = block.applies.count { $0 }
    }
  }

  /// Whether prices agree with others within rounding, names left out.
  package func agrees(with other: PlanningPrices) -> Bool {
    func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(a)) }
    return prices.demands.count == other.demands.count
      && prices.importBlocks.count == other.importBlocks.count
      && zip(prices.buyPerKWh, other.buyPerKWh).allSatisfy(isNear)
      && zip(prices.sellPerKWh, other.sellPerKWh).allSatisfy(isNear)
      && zip(prices.demands, other.demands).allSatisfy {
        isNear($0.pricePerKW, $1.pricePerKW) && isNear($0.incurredKW, $1.incurredKW)
          && $0.meteringSlots == $1.meteringSlots && $0.applies == $1.applies
          && $1.elapsedSlots == 0
      }
      && zip(prices.importBlocks, other.importBlocks).allSatisfy {
        isNear($0.limitKWh, $1.limitKWh) && isNear($0.surchargePerKWh, $1.surchargePerKWh)
          && $0.applies == $1.applies
      }
  }
}
