import Numerics
import TimeSeries

/// Day-ahead spot price, constant over each hour.
///
/// The price rises with the residual load of the market: demand by hour, weekday and season, less sun
/// (the site's region, cleared by its weather) and wind (a process of its own). Where sun and wind
/// nearly cover demand, it falls below zero; where they are scarce, it steepens and now and then spikes.
package struct SyntheticPrice: Sendable, Hashable {
  /// Mean of a calendar year. [currency/kWh]
  package var meanPerKWh: Double
  /// Size of all movements; 1 is a market with much sun and wind.
  package var volatility: Double
  /// Share of demand that the sun can cover at noon of a clear summer day.
  package var solarShare: Double
  /// Share of demand that strong wind can cover.
  package var windShare: Double
  /// Hours with a scarcity spike in a year.
  package var spikesPerYear: Double

  /// Creates a market; the defaults resemble central Europe.
  package init(
    meanPerKWh: Double = 0.085, volatility: Double = 1, solarShare: Double = 0.8,
    windShare: Double = 0.55, spikesPerYear: Double = 12
  ) {
    self.meanPerKWh = meanPerKWh
    self.volatility = volatility
    self.solarShare = solarShare
    self.windShare = windShare
    self.spikesPerYear = spikesPerYear
  }

  func perKWh(_ block: YearBlock, weather: Weather) -> [Double] {
    var market = block.stream("market")
    var spikes = block.stream("spikes")
    var wind = Wandering(stepHours: 1, memoryHours: 36, generator: &market)
    var fuel = Wandering(stepHours: 1, memoryHours: 480, generator: &market)
    var noise = Wandering(stepHours: 1, memoryHours: 5, generator: &market)
    let perHour = 3600 / block.grid.stepSeconds
    var output = [Double](repeating: 0, count: block.grid.count)
    var sum = 0.0
    var slot = 0
    while slot < block.grid.count {
      // Hours of the market begin on whole hours of UTC.
      let instant = block.grid.instant(slot)
      let intoHour = ((instant % 3600) + 3600) % 3600
      let last = min(block.grid.count, slot + perHour - intoHour / block.grid.stepSeconds)
      let middle = (slot + last) / 2
      let windCover =
        windShare
        / (1 + exponential(-1.5 * (wind.next(&market) - 0.35 * weather.season[middle] - 0.3)))
      let sunCover = solarShare * weather.clearSkyWM2[middle] / 900
      let residual =
        demand(block, middle, weather) - windCover - sunCover * weather.regionalClearness[middle]
      var relative = merit(residual) * exponential(0.18 * fuel.next(&market))
      relative += 0.07 * noise.next(&market)
      let chance = spikesPerYear / 8760 * (residual > 0.75 ? 6 : 0)
      let height = spikes.exponential(mean: 2.5)
      if spikes.uniform() < chance { relative += 1 + height }
      for k in slot..<last {
        output[k] = relative
        sum += relative
      }
      slot = last
    }
    // Movements are scaled around the mean, which is met exactly up to rounding to 0.01 per MWh.
    let mean = sum / Double(max(1, output.count))
    return output.map {
      ((meanPerKWh * (1 + volatility * ($0 - mean))) * 100_000).rounded() / 100_000
    }
  }

  /// Demand of the market relative to its weekday peak.
  private func demand(_ block: YearBlock, _ i: Int, _ weather: Weather) -> Double {
    let hour = Double(block.slots.minuteOfDay[i]) / 60
    let day =
      hump(hour: hour, at: 8.5, width: 2.2) * 0.16 + hump(hour: hour, at: 19, width: 2.4) * 0.24
    let noon = hump(hour: hour, at: 13, width: 3.5) * 0.14
    let week = [1, 1, 1, 1, 0.98, 0.88, 0.82][block.slots.weekday[i] - 1]
    return (0.66 + day + noon) * week * (1 - 0.09 * weather.season[i])
  }

  /// Price over its usual level by residual load: negative below 0, flat in the middle, steep at the top.
  private func merit(_ residual: Double) -> Double {
    let middle = 0.35 + 1.3 * residual
    let scarce = max(0, residual - 0.72)
    let surplus = max(0, 0.1 - residual)
    return middle + 5 * scarce * scarce - 2.6 * surplus
  }
}
