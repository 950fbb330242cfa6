import Numerics
package import TimeSeries

/// A made-up site whose history follows from a seed.
///
/// The value of a quantity at an instant depends on the site, the seed and the calendar year, not on the
/// grid asked for: a week cut from a year equals the week asked for alone. Each quantity draws from its
/// own stream, so that a change of the PV plant does not move the load.
///
/// The models are statistical sketches with the structure that planning reacts to (weekdays, seasons,
/// appliances, clouds that last, prices that fall when sun and wind are plenty). They are not fitted to
/// one real site.
package struct SyntheticSite: Sendable, Hashable {
  /// Where the site lies.
  package var place: GeographicPosition
  /// Consumption.
  package var load: SyntheticLoad
  /// Photovoltaic plant, nothing when the site has none.
  package var pv: SyntheticPV?
  /// Weather.
  package var climate: SyntheticClimate
  /// Spot price, nothing when the site needs none.
  package var price: SyntheticPrice?
  /// Deliberate disturbances, applied in order.
  package var disturbances: [Disturbance]

  /// Creates a site.
  package init(
    place: GeographicPosition, load: SyntheticLoad, pv: SyntheticPV?,
    climate: SyntheticClimate = SyntheticClimate(), price: SyntheticPrice? = SyntheticPrice(),
    disturbances: [Disturbance] = []
  ) {
    self.place = place
    self.load = load
    self.pv = pv
    self.climate = climate
    self.price = price
    self.disturbances = disturbances
  }

  /// Makes the history of the site.
  ///
  /// Works at 5 min, or at 1 min when 5 min do not divide the step of the grid, and averages to the grid.
  ///
  /// - Parameters:
  ///   - grid: Slots of the history.
  ///   - zone: The site's clock.
  ///   - seed: Equal seeds give equal histories.
  /// - Returns: Columns load, ambient, irradiance, cloud cover and wind speed, and pv and price when the
  ///   site has them; nothing is missing. Planes with a name have their production beside.
  package func history(grid: TimeGrid, zone: Zone, seed: UInt64) -> SiteHistory {
    var columns: [Quantity: [Double]] = [:]
    var planes: [String: [Double]] = [:]
    let firstYear = zone.civil(at: grid.start).year
    let lastYear = zone.civil(at: max(grid.start, grid.end - 1)).year
    for year in firstYear...lastYear {
      let block = YearBlock(year: year, stepSeconds: grid.stepSeconds, zone: zone, seed: seed)
      let made = values(of: block)
      for (quantity, values) in made.columns {
        let fine = Series(grid: block.grid, values: values)
        let part = mean(of: fine, on: grid)
        columns[quantity] = columns[quantity].map { joined($0, part) } ?? part
      }
      for (name, values) in made.planes {
        let part = mean(of: Series(grid: block.grid, values: values), on: grid)
        planes[name] = planes[name].map { joined($0, part) } ?? part
      }
    }
    var history = SiteHistory(grid: grid, zone: zone, columns: columns)
    for (name, values) in planes { history[plane: name] = values }
    for (k, disturbance) in disturbances.enumerated() {
      disturbance.apply(to: &history, site: self, seed: seed, position: k)
    }
    return history
  }

  private func values(
    of block: YearBlock
  ) -> (columns: [Quantity: [Double]], planes: [String: [Double]]) {
    let weather = climate.weather(block, place: place)
    var columns: [Quantity: [Double]] = [
      .ambient: weather.ambientC, .irradiance: weather.irradianceWM2,
      .cloudCover: weather.cloudFraction, .windSpeed: weather.windMS,
      .load: load.powerKW(block, weather: weather, place: place),
    ]
    var planes: [String: [Double]] = [:]
    if let pv {
      let made = pv.powerKW(block, weather: weather)
      columns[.pv] = made.plant
      for (plane, values) in zip(pv.planes, made.planes) {
        if let name = plane.name { planes[name] = values }
      }
    }
    if let price { columns[.price] = price.perKWh(block, weather: weather) }
    return (columns, planes)
  }

  /// Mean over each slot of what the fine series covers, missing where it covers nothing.
  private func mean(of fine: Series, on grid: TimeGrid) -> [Double] {
    if grid.stepSeconds % fine.grid.stepSeconds == 0,
      (grid.start - fine.grid.start) % fine.grid.stepSeconds == 0
    {
      return aligned(fine, grid)
    }
    var output = [Double](repeating: .nan, count: grid.count)
    for i in grid.indices {
      if let k = fine.grid.index(containing: grid.instant(i)) { output[i] = fine.values[k] }
    }
    return output
  }

  private func aligned(_ fine: Series, _ grid: TimeGrid) -> [Double] {
    var output = [Double](repeating: .nan, count: grid.count)
    let parts = grid.stepSeconds / fine.grid.stepSeconds
    let offset = (grid.start - fine.grid.start) / fine.grid.stepSeconds
    for i in grid.indices {
      let low = max(0, offset + i * parts)
      let high = min(fine.grid.count, offset + (i + 1) * parts)
      guard low < high else { continue }
      var sum = 0.0
      for k in low..<high { sum += fine.values[k] }
      output[i] = sum / Double(high - low)
    }
    return output
  }

  private func joined(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { $0.isNaN ? $1 : $0 }
  }
}

/// One local calendar year on a fine grid, with everything that depends on the clock alone.
struct YearBlock {
  let year: Int
  let grid: TimeGrid
  let zone: Zone
  let seed: UInt64
  let slots: LocalSlots
  /// Local day number of 1 January.
  let firstDay: Int
  /// Number of local days.
  let dayCount: Int

  init(year: Int, stepSeconds: Int, zone: Zone, seed: UInt64) {
    let step = stepSeconds % 300 == 0 ? 300 : 60
    firstDay = CivilCalendar.days(year: year, month: 1, day: 1)
    dayCount = CivilCalendar.days(year: year + 1, month: 1, day: 1) - firstDay
    let start = zone.startOfDay(firstDay)
    let end = zone.startOfDay(firstDay + dayCount)
    // Start on a multiple of the step, so that slots of any grid with that step agree.
    let from = start - ((start % step) + step) % step
    grid = TimeGrid(start: from, stepSeconds: step, count: (end - from + step - 1) / step)
    slots = LocalSlots(grid: grid, zone: zone)
    self.year = year
    self.zone = zone
    self.seed = seed
  }

  /// The stream of random numbers that belongs to a label in this year.
  func stream(_ label: String) -> SeededGenerator {
    SeededGenerator(seed: seed, label: "\(label)/\(year)")
  }

  /// Local day of slot `i`, from 0; slots at the ends belong to the first and last day.
  func day(_ i: Int) -> Int { min(dayCount - 1, max(0, slots.dayNumber[i] - firstDay)) }

  /// Length of a slot. [h]
  var stepHours: Double { grid.stepHours }
}

/// A stationary process that forgets its past exponentially, with mean 0 and standard deviation 1.
struct Wandering {
  private let keep: Double
  private let renew: Double
  private var state: Double

  /// - Parameters:
  ///   - stepHours: Time between values. [h]
  ///   - memoryHours: Time after which the correlation has fallen to 1/e. [h]
  ///   - generator: Source of the starting value.
  init(stepHours: Double, memoryHours: Double, generator: inout SeededGenerator) {
    keep = exponential(-stepHours / memoryHours)
    renew = (1 - keep * keep).squareRoot()
    state = generator.normal()
  }

  mutating func next(_ generator: inout SeededGenerator) -> Double {
    let value = state
    state = keep * state + renew * generator.normal()
    return value
  }
}
