import TimeSeries

/// Prices below what a charge by hours of use comes to.
///
/// What a year costs per kW of its peak is a function of its hours of use, which bends or jumps at the switch.
/// Its convex floor between the least and the most hours that can be metered is met by a line at the hours of
/// the series that the floor is laid at: a price of energy and one of the peak.
struct HoursOfUseFloor {
  /// Price of a kWh in the year. [currency/kWh]
  let perKWh: Double
  /// Price of a kW of the year's peak. [currency/kW]
  let perKW: Double

  /// Lays the floor.
  ///
  /// - Parameters:
  ///   - sides: Lowest prices of energy and of the year's peak, below the switch and from it on.
  ///   - switchHours: The switch in hours of the months on the grid. [h]
  ///   - hours: Hours of use that can be metered. [h]
  ///   - reference: Hours of use of the series. [h]
  init(
    sides: [(perKWh: Double, perKW: Double)], switchHours: Double, hours: ClosedRange<Double>,
    at reference: Double
  ) {
    func cost(_ hours: Double) -> Double {
      let side = sides[hours <= switchHours ? 0 : 1]
      return side.perKW + side.perKWh * hours
    }
    let floor = ConvexFloor(breaks: [switchHours], over: hours, cost)
    let at = min(max(reference, hours.lowerBound), hours.upperBound)
    let slope =
      hours.lowerBound < hours.upperBound
      ? floor.slope(at: at) : sides[at <= switchHours ? 0 : 1].perKWh
    let atZero = floor.value(at: at) - slope * at
    if atZero >= 0 {
      (perKWh, perKW) = (slope, atZero)
    } else {
      // A line through nothing: the least that an hour costs.
      let ends = [hours.lowerBound, switchHours, switchHours.nextUp, hours.upperBound]
      let inside = ends.filter { hours.contains($0) && $0 > 0 }
      (perKWh, perKW) = (inside.map { cost($0) / $0 }.min() ?? 0, 0)
    }
  }
}

extension BillingSchedule {
  /// Lays floors of charges by hours of use, year by year: adds energy to the price of import of every slot, and
  /// tells of each row with the month of its peak.
  func addHoursOfUseFloor(
    at reference: FloorReference, reach: MeterReach, splitsMonths: Bool, to buy: inout [Double],
    row: (_ month: Int, DemandPrice) -> Void
  ) {
    let hours = grid.stepHours
    for cells in hoursOfUse {
      let map = maps[cells.map]
      let means = map.means(of: reference.importKW)
      let metering = max(1, map.seconds / grid.stepSeconds)
      for year in cells.monthsOfYears {
        let slots =
          calendar.months[year.lowerBound].slots
          .lowerBound..<calendar.months[year.upperBound - 1]
          .slots.upperBound
        var (leastKWh, leastKW) = (0.0, 0.0)
        for month in year {
          let own = calendar.months[month].slots
          leastKWh += reach.leastKWh(own, own.map { _ in true })
          let counts = plannedSlots(of: map.ofMonth[month], map: cells.map, splitsMonths: true)
          leastKW = max(leastKW, reach.leastKW(own, Array(counts[own]), meteringSlots: metering))
        }
        let mostKWh = slots.reduce(0) { $0 + reach.mostKW[$1] } * hours
        let mostKW = slots.map { reach.mostKW[$0] }.max() ?? 0
        guard mostKW > 0 else { continue }
        let whole = Double(slots.count) * hours
        let most = leastKW > 0 ? min(whole, mostKWh / leastKW) : whole
        let least = min(leastKWh / mostKW, most)
        let peaks = year.map { month in map.ofMonth[month].map { means[$0] }.max() ?? 0 }
        let peak = peaks.max() ?? 0
        let energy = slots.reduce(0) { $0 + reference.importKW[$1] } * hours
        let floor = HoursOfUseFloor(
          sides: [0, 1].map { side in
            (
              perKWh: year.map { cells.perKWh[$0][side] }.min() ?? 0,
              perKW: year.reduce(0) { $0 + cells.perKW[$1][side] }
            )
          },
          switchHours: cells.charge.switchHours * year.reduce(0) { $0 + cells.yearShare[$1] },
          hours: least...most, at: peak > 0 ? energy / peak : most)
        for slot in slots { buy[slot] += floor.perKWh }
        let highest = year.lowerBound + (peaks.firstIndex(of: peak) ?? 0)
        let counted = splitsMonths ? highest..<highest + 1 : year
        let applies = plannedSlots(
          of: counted.flatMap { map.ofMonth[$0] }, map: cells.map, splitsMonths: splitsMonths)
        if floor.perKW > 0, applies.contains(true) {
          row(
            counted.lowerBound,
            DemandPrice(
              label: "\(cells.charge.name) \(calendar.months[counted.lowerBound].label)",
              pricePerKW: floor.perKW, applies: applies, meteringSlots: metering))
        }
      }
    }
  }
}
