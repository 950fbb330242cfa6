import Numerics
package import TimeSeries

/// Consumption of a home or a business.
///
/// A base that wanders, a rhythm of day and week, seasons by light and temperature, and appliances or
/// processes that switch on and off at random. The year is scaled to the energy asked for; more energy
/// means more events, so that large sites are smoother.
package struct SyntheticLoad: Sendable, Hashable {
  /// Kind of site.
  package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// A household: mornings, evenings, weekends at home.
    case home
    /// An office, shop or workshop: working hours, batches, closed on Sundays.
    case business
  }

  /// Kind of site.
  package var kind: Kind
  /// Energy of a calendar year. [kWh]
  package var annualKWh: Double
  /// Days that are like Sundays.
  package var holidays: [MonthDay]
  /// Electric heating below 15 °C, before scaling to the energy of the year. [kW/K]
  package var heatingKWPerK: Double
  /// Electric cooling above 22 °C, before scaling to the energy of the year. [kW/K]
  package var coolingKWPerK: Double
  /// Share of the yearly energy that is always on.
  package var baseFraction: Double

  /// Creates a load with the usual habits of its kind.
  package init(
    kind: Kind, annualKWh: Double, holidays: [MonthDay] = [], heatingKWPerK: Double = 0,
    coolingKWPerK: Double? = nil, baseFraction: Double? = nil
  ) {
    self.kind = kind
    self.annualKWh = annualKWh
    self.holidays = holidays
    self.heatingKWPerK = heatingKWPerK
    let meanKW = annualKWh / 8760
    self.coolingKWPerK = coolingKWPerK ?? (kind == .business ? 0.025 * meanKW : 0)
    self.baseFraction = baseFraction ?? (kind == .business ? 0.35 : 0.3)
  }
}

extension SyntheticLoad {
  func powerKW(
    _ block: YearBlock, weather: Weather, place: GeographicPosition
  ) -> [Double] {
    var power = rhythm(block, weather: weather)
    var events = block.stream("events")
    for day in 0..<block.dayCount {
      let free = isFree(block.firstDay + day)
      let start = block.zone.startOfDay(block.firstDay + day)
      for appliance in appliances(free: free) {
        var left = appliance.perDay
        // A Poisson number of events, drawn one waiting time after another.
        left -= events.exponential(mean: 1)
        while left > 0 {
          let centre = appliance.hours[events.index(below: appliance.hours.count)]
          let hour = centre + appliance.spreadHours * events.normal()
          let minutes = events.uniform(appliance.minutes.lowerBound, appliance.minutes.upperBound)
          let strength = appliance.powerKW * events.uniform(0.8, 1.2)
          let from = start + Int(limited(hour, 0, 23.9) * 3600)
          add(strength, from: from, seconds: Int(minutes * 60), to: &power, grid: block.grid)
          left -= events.exponential(mean: 1)
        }
      }
    }
    var energy = 0.0
    for value in power { energy += value * block.stepHours }
    let scale = energy > 0 ? annualKWh / energy : 0
    return power.map { $0 * scale }
  }

  /// Everything but the events. [kW]
  private func rhythm(_ block: YearBlock, weather: Weather) -> [Double] {
    let meanKW = annualKWh / 8760
    var noise = block.stream("load")
    var wander = Wandering(
      stepHours: block.stepHours, memoryHours: kind == .home ? 0.7 : 2, generator: &noise)
    var weekly = Wandering(stepHours: block.stepHours, memoryHours: 100, generator: &noise)
    return (0..<block.grid.count).map { i in
      let hour = Double(block.slots.minuteOfDay[i]) / 60
      let free = isFree(block.slots.dayNumber[i])
      let dark = limited(1 - (weather.sunElevationDeg[i] + 4) / 12, 0, 1)
      let active = activity(hour: hour, free: free, weekday: block.slots.weekday[i])
      let rhythm: Double
      switch kind {
      case .home: rhythm = active * (0.22 + 0.28 * dark)
      case .business: rhythm = active * (0.75 + 0.12 * dark)
      }
      let heat = max(0, 15 - weather.ambientC[i]) * heatingKWPerK
      let cool = max(0, weather.ambientC[i] - 22) * coolingKWPerK * (kind == .home ? 1 : active)
      let factor = exponential(
        (kind == .home ? 0.2 : 0.05) * wander.next(&noise) + 0.05 * weekly.next(&noise))
      return (meanKW * (baseFraction + rhythm) * factor) + heat + cool
    }
  }

  /// How much is going on, 0…1.
  private func activity(hour: Double, free: Bool, weekday: Int) -> Double {
    switch kind {
    case .home:
      let morning = hump(hour: hour, at: free ? 9.5 : 7, width: 1.4)
      let evening = hump(hour: hour, at: 20, width: 2.4)
      let daytime = hump(hour: hour, at: 14, width: 3) * (free ? 0.6 : 0.25)
      return limited(0.6 * morning + evening + daytime, 0, 1)
    case .business:
      if free && weekday != 6 { return 0.04 }
      let open = weekday == 6 ? 8.5 : 6.5
      let close = weekday == 6 ? 14.0 : 18.5
      let rise = 1 / (1 + exponential(-(hour - open) * 3))
      let fall = 1 / (1 + exponential((hour - close) * 2.2))
      let lunch = 1 - 0.18 * hump(hour: hour, at: 12.5, width: 0.6)
      return rise * fall * lunch * (weekday == 6 ? 0.5 : 1)
    }
  }

  private func isFree(_ dayNumber: Int) -> Bool {
    if CivilCalendar.weekday(ofDay: dayNumber) >= 6 { return true }
    guard !holidays.isEmpty else { return false }
    let date = CivilCalendar.date(fromDays: dayNumber)
    return holidays.contains(MonthDay(month: date.month, day: date.day))
  }

  /// Households whose events are drawn one by one; that of a thousand differs little from a smooth curve.
  private static let mostHomes = 1000.0

  private struct Appliance {
    var perDay: Double
    var hours: [Double]
    var spreadHours: Double
    var powerKW: Double
    var minutes: ClosedRange<Double>
  }

  private func appliances(free: Bool) -> [Appliance] {
    switch kind {
    case .home:
      // An average household of 3500 kWh a year; events of very many households are put together.
      let homes = annualKWh / 3500
      let counted = min(homes, SyntheticLoad.mostHomes)
      func item(
        _ work: Double, _ home: Double, _ hours: [Double], _ spread: Double, _ kW: Double,
        _ minutes: ClosedRange<Double>
      ) -> Appliance {
        Appliance(
          perDay: (free ? home : work) * counted, hours: hours, spreadHours: spread,
          powerKW: kW * (homes / counted), minutes: minutes)
      }
      return [
        item(2.5, 3.5, [7, 13, 17, 21], 0.8, 2, 3...6),  // kettle
        item(0.7, 0.8, [free ? 9.2 : 6.9], 0.5, 1.2, 8...20),  // breakfast
        item(0.3, 0.8, [12.6], 0.5, 1.8, 20...45),  // lunch
        item(0.9, 0.9, [18.6], 0.7, 2.2, 30...60),  // dinner
        item(0.6, 0.7, [20.3], 1.2, 1.1, 70...110),  // dishwasher
        item(0.4, 0.8, [10, 18], 1.5, 0.9, 60...90),  // washing machine
        item(0.25, 0.45, [12, 19.5], 1.5, 1.9, 50...80),  // dryer
        item(0.1, 0.4, [11], 2, 0.8, 15...30),  // vacuum cleaner
      ]
    case .business:
      guard !free else { return [] }
      // Batches of a workshop, relative to the mean power of the site.
      let meanKW = annualKWh / 8760
      return [
        Appliance(
          perDay: 9, hours: [8, 10, 11.5, 14, 16], spreadHours: 0.9, powerKW: 0.22 * meanKW,
          minutes: 12...55),
        Appliance(
          perDay: 1.3, hours: [9, 15], spreadHours: 1.2, powerKW: 0.8 * meanKW, minutes: 18...45),
      ]
    }
  }

  /// Adds a stretch of constant power by its energy per slot.
  private func add(
    _ kW: Double, from: Int, seconds: Int, to power: inout [Double], grid: TimeGrid
  ) {
    var at = max(from, grid.start)
    let end = min(from + seconds, grid.end)
    while at < end {
      let slot = (at - grid.start) / grid.stepSeconds
      let next = min(end, grid.instant(slot + 1))
      power[slot] += kW * Double(next - at) / Double(grid.stepSeconds)
      at = next
    }
  }
}
