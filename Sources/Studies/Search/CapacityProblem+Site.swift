import Forecasting
import Planning
package import Replay
import Tariffs
import TimeSeries
import Twin

extension CapacityProblem {
  /// Hours that a slot of the program lasts at least: a year of hours is solved in seconds.
  private static let leastStepHours = 1.0

  /// Puts a site and the prices of a study into a program.
  ///
  /// Slots are hours, so a peak of a shorter metering interval is not seen in full; a charge that several months
  /// decide is shared among them. Both make a battery look a little different from what the bill says.
  ///
  /// - Parameters:
  ///   - replay: The site; its battery lends the efficiencies.
  ///   - settings: Sizes and money.
  ///   - yearFactor: Factor by which the period's money is scaled to a year.
  /// - Throws: What the site's prices or its battery throw.
  package init(_ replay: ReplayCase, settings: SizingSettings, yearFactor: Double) throws {
    let prices = replay.knownPrices()
    let grid = replay.period
    let slots = max(1, Int((Self.leastStepHours / grid.stepHours).rounded()))
    let local = LocalSlots(grid: grid, zone: replay.history.zone)
    func column(_ quantity: Quantity) -> [Double] {
      replay.history[quantity].map {
        Array($0[replay.firstSlot..<replay.firstSlot + grid.count])
      } ?? [Double](repeating: 0, count: grid.count)
    }
    let load = column(.load)
    let pv = column(.pv)
    func mean(_ values: [Double], _ range: Range<Int>) -> Double {
      let known = range.map { values[$0] }.filter(\.isFinite)
      return known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
    }
    var hours: [(month: Int, slots: Range<Int>)] = []
    for start in stride(from: 0, to: grid.count, by: slots) {
      hours.append((local.month[start], start..<min(grid.count, start + slots)))
    }
    var months: [Range<Int>] = []
    for i in hours.indices {
      if let last = months.last, hours[last.lowerBound].month == hours[i].month {
        months[months.count - 1] = last.lowerBound..<i + 1
      } else {
        months.append(i..<i + 1)
      }
    }
    let monthsOfDemand = prices.demands.map { demand in
      months.count { month in
        hours[month].contains { $0.slots.contains { demand.applies[$0] } }
      }
    }
    let parts = months.map { month in
      let spans = hours[month].map(\.slots)
      let demands = zip(prices.demands, monthsOfDemand).compactMap { demand, count in
        let applies = spans.map { $0.contains { demand.applies[$0] } }
        guard applies.contains(true), demand.pricePerKW > 0 else { return Demand?.none }
        return Demand(pricePerKW: demand.pricePerKW / Double(count), applies: applies)
      }
      return Part(
        netKW: spans.map { mean(load, $0) - mean(pv, $0) },
        pvKW: spans.map { max(0, mean(pv, $0)) },
        buyPerKWh: spans.map { mean(prices.buyPerKWh, $0) },
        sellPerKWh: spans.map { mean(prices.sellPerKWh, $0) }, demands: demands)
    }
    let limits = try replay.storageLimits
    let terms = settings.finance
    let mostKWh = settings.energiesKWh.max() ?? 0
    let mostKW = settings.powersKW.max() ?? 0
    let weights = terms.savingWeights
    self.init(
      parts: parts, stepHours: grid.stepHours * Double(slots),
      usableShare: replay.battery.limits.maximumSOC - replay.battery.limits.minimumSOC,
      chargeEfficiency: limits.chargeEfficiency, dischargeEfficiency: limits.dischargeEfficiency,
      exportLimitKW: replay.exportLimitKW.mostKW, billWeight: yearFactor * weights.reduce(0, +),
      pricePerKWh: 0, pricePerKW: 0, mostKWh: mostKWh, mostKW: mostKW)
    // Prices run straight from the smallest size to the largest; steps and grants with limits bend them.
    func value(_ energyKWh: Double, _ powerKW: Double) -> Double {
      let empty = [Double](repeating: 0, count: terms.years)
      let facts = ProjectFacts(
        energyKWh: energyKWh, powerKW: powerKW, savings: empty, replacedKWh: empty,
        dischargedKWh: empty, chargingCosts: empty, solarShare: 1)
      return ProjectAccounts(facts, terms: terms).flow.netPresentValue(
        discountRate: terms.nominalDiscountRate)
    }
    let leastKWh = settings.energiesKWh.min() ?? 0
    let leastKW = settings.powersKW.min() ?? 0
    pricePerKWh =
      mostKWh > leastKWh
      ? (value(leastKWh, mostKW) - value(mostKWh, mostKW)) / (mostKWh - leastKWh)
      : -value(mostKWh, 0) / max(mostKWh, 1e-9)
    pricePerKW =
      mostKW > leastKW
      ? (value(mostKWh, leastKW) - value(mostKWh, mostKW)) / (mostKW - leastKW) : 0
  }
}
