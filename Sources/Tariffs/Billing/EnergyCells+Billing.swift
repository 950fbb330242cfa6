/// Prices of the units of a grid that follow the spot market.
struct UnitPrices {
  /// Spot price of each unit. [currency/kWh]
  let spotPerKWh: [Double]?
  /// Price of the first block with everything added, for a charge that follows the market.
  /// [currency/kWh]
  let firstTierPerKWh: [Double]?
}

/// Energy of a month by cell and block, as one charge counts it.
struct CellEnergy {
  /// Energy of each block. [kWh]
  var kWh: [Double]
  /// Amount of each block, taxes included. [currency]
  var amount: [Double]
}

extension EnergyCells {
  /// Prices a month's energy and returns one entry per cell of the month.
  ///
  /// - Parameters:
  ///   - energyKWh: Energy of each unit of the grid. [kWh]
  ///   - range: Units of the month.
  ///   - month: The month's position.
  ///   - spot: Prices that follow the spot market.
  ///   - limitFactor: Converts the charge's tier basis into kilowatt-hours of the month.
  ///   - countedKWh: Energy that tiers have counted before the month. [kWh]
  /// - Returns: Energy and amount of every block, one entry per cell of the month.
  func priced(
    _ energyKWh: [Double], range: Range<Int>, month: Int, spot: UnitPrices, limitFactor: Double,
    countedKWh: Double = 0
  ) -> [CellEnergy] {
    let first = ofMonth[month].lowerBound
    var result = ofMonth[month].map { cell in
      CellEnergy(
        kWh: [Double](repeating: 0, count: cells[cell].prices.count),
        amount: [Double](repeating: 0, count: cells[cell].prices.count))
    }
    if result.isEmpty { return result }
    if isTiered, charge.tierConvention == .chronological {
      countChronologically(
        energyKWh, range: range, spot: spot, limitFactor: limitFactor, countedKWh: countedKWh
      ) {
        result[Int(ofUnit[$0.unit]) - first].kWh[$0.tier] += $0.kWh
        result[Int(ofUnit[$0.unit]) - first].amount[$0.tier] += $0.amount
      }
      return result
    }
    let (total, value) = totals(
      energyKWh, range: range, month: month, prices: spot.firstTierPerKWh)
    if !isTiered {
      for index in result.indices {
        result[index].kWh[0] = total[index]
        result[index].amount[0] =
          usesSpot ? value[index] : total[index] * cells[first + index].price(spot: 0)
      }
      return result
    }
    shareTiers(total, first: first, limitFactor: limitFactor, into: &result)
    return result
  }

  /// Returns energy of each cell of a month, and its amount at the first block's price.
  func totals(
    _ energyKWh: [Double], range: Range<Int>, month: Int, prices: [Double]?
  ) -> (kWh: [Double], amount: [Double]) {
    let first = ofMonth[month].lowerBound
    var total = [Double](repeating: 0, count: ofMonth[month].count)
    var value = total
    if let prices {
      for unit in range {
        let cell = Int(ofUnit[unit])
        if cell < 0 { continue }
        total[cell - first] += energyKWh[unit]
        value[cell - first] += energyKWh[unit] * prices[unit]
      }
    } else {
      for unit in range {
        let cell = Int(ofUnit[unit])
        if cell < 0 { continue }
        total[cell - first] += energyKWh[unit]
      }
    }
    return (total, value)
  }

  /// Part of a unit's energy in one block.
  struct BlockPart {
    let unit: Int
    let tier: Int
    let kWh: Double
    let amount: Double
  }

  /// Counts a month's energy into blocks in the order of time, and tells of each part.
  func countChronologically(
    _ energyKWh: [Double], range: Range<Int>, spot: UnitPrices, limitFactor: Double,
    countedKWh: Double, booked: (BlockPart) -> Void
  ) {
    var counter = countedKWh
    for unit in range {
      let cell = Int(ofUnit[unit])
      var left = energyKWh[unit]
      if cell < 0 || left == 0 { continue }
      let limits = cells[cell].limits
      var tier = 0
      while left > 0 {
        while tier < limits.count, counter >= limits[tier] * limitFactor { tier += 1 }
        let room = tier < limits.count ? limits[tier] * limitFactor - counter : .infinity
        let part = min(left, room)
        let price = cells[cell].price(tier: tier, spot: spot.spotPerKWh?[unit] ?? 0)
        booked(BlockPart(unit: unit, tier: tier, kWh: part, amount: part * price))
        counter += part
        left -= part
      }
    }
  }

  /// Shares each block over the cells it is common to, by energy.
  func shareTiers(
    _ total: [Double], first: Int, limitFactor: Double, into result: inout [CellEnergy]
  ) {
    let month = total.reduce(0, +)
    var ofPeriod: [Int: Double] = [:]
    for index in total.indices { ofPeriod[cells[first + index].period, default: 0] += total[index] }
    for index in total.indices where total[index] != 0 {
      let cell = cells[first + index]
      let counted =
        charge.tierConvention == .proRata ? month : (ofPeriod[cell.period] ?? total[index])
      let share = counted == 0 ? 0 : total[index] / counted
      var lower = 0.0
      for tier in cell.prices.indices {
        let upper = tier < cell.limits.count ? cell.limits[tier] * limitFactor : .infinity
        let part = max(0, min(counted, upper) - lower) * share
        // Surplus (negative) energy stays in the first block.
        let billed = counted < 0 ? (tier == 0 ? total[index] : 0) : part
        result[index].kWh[tier] = billed
        result[index].amount[tier] = billed * cell.price(tier: tier, spot: 0)
        lower = upper
      }
    }
  }
}
