#if canImport(Glibc)
import Documents
import Glibc
#else
import Foundation
#endif
import TimeSeries

/// A linear axis with ticks at round numbers, or at local dates.
struct ChartAxis: Sendable {
  /// A place with its name.
  struct Tick: Sendable, Hashable {
    var at: Double
    var text: String
  }

  let low: Double
  let high: Double
  let ticks: [Tick]

  /// Share of the axis at a value, 0 at the low end.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  /// Covers values up to the next round numbers.
  ///
  /// - Parameters:
  ///   - values: What has to be on the axis; those that are not finite are left out.
  ///   - includesZero: Whether zero has to be on it.
  ///   - parts: About how many parts it has.
  init(covering values: some Sequence<Double>, includesZero: Bool = false, parts: Int = 5) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    if includesZero || low > high {
      low = min(low, 0)
      high = max(high, 0)
    }
    if !low.isFinite || !high.isFinite || low == high {
      low = (low.isFinite ? low : 0) - 0.5
      high = low + 1
    }
    let rough = (high - low) / Double(max(1, parts))
    let magnitude = pow(10, floor(log10(rough)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= rough } ?? rough
    let first = floor(low / step)
    let last = ceil(high / step)
    self.low = first * step
    self.high = last * step
    let decimals =
      max(0, Int(-floor(log10(step) + 1e-9))) + (step == 2.5 * magnitude && magnitude < 10 ? 1 : 0)
    ticks = stride(from: first, through: last, by: 1).map {
      Tick(at: $0 * step, text: NumberText.fixed($0 * step, decimals: decimals))
    }
  }

  /// Takes names, one in the middle of each unit from zero on.
  init(names: [String]) {
    low = 0
    high = Double(max(1, names.count))
    ticks = names.enumerated().map { Tick(at: Double($0) + 0.5, text: $1) }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// Covers a stretch of time with ticks at local hours, days, months or years.
  ///
  /// - Parameters:
  ///   - from: First instant. [UTC epoch s]
  ///   - to: End. [UTC epoch s]
  ///   - zone: The clock of the site.
  ///   - most: Largest number of ticks.
  init(from: Int, to: Int, zone: Zone, most: Int) {
    low = Double(from)
    high = Double(max(to, from + 1))
    let hours = (high - low) / 3600
    let isFew = hours <= 10 * 24
    let count = Double(max(1, most))
    let first = zone.civil(at: from)
    let last = zone.civil(at: to)
    var ticks: [Tick] = []
    func dayText(_ day: Int) -> String {
      let date = CivilCalendar.date(fromDays: day)
      let text = "\(date.day) \(Self.months[date.month - 1])"
      return isFew ? "\(Self.weekdays[CivilCalendar.weekday(ofDay: day) - 1]) \(text)" : text
    }
    if let step = [1, 2, 3, 6, 12].first(where: { hours / Double($0) <= count }) {
      for day in first.dayNumber...last.dayNumber {
        for hour in stride(from: 0, to: 24, by: step) {
          // On the days of a change of the clock a tick says what the clock shows.
          let at = zone.startOfDay(day) + hour * 3600
          let shown = zone.civil(at: at)
          guard shown.dayNumber == day, at >= from, at <= to else { continue }
          ticks.append(
            Tick(at: Double(at), text: hour == 0 ? dayText(day) : shown.clockText))
        }
      }
    } else if let step = [1, 2, 7, 14].first(where: { hours / 24 / Double($0) <= count }) {
      // Weeks begin on Mondays; 1970-01-01 was a Thursday.
      for day in first.dayNumber...last.dayNumber where (day + (step >= 7 ? 3 : 0)) % step == 0 {
        let at = zone.startOfDay(day)
        if at >= from, at <= to { ticks.append(Tick(at: Double(at), text: dayText(day))) }
      }
    } else {
      let span = hours / 24 / 30.44
      let step = [1, 2, 3, 6, 12, 24, 60, 120].first { span / Double($0) <= count } ?? 240
      let begin = first.year * 12 + first.month - 1
      for month in begin...(last.year * 12 + last.month - 1) where month % step == 0 {
        let at = zone.startOfDay(
          CivilCalendar.days(year: month / 12, month: month % 12 + 1, day: 1))
        guard at >= from, at <= to else { continue }
        let name = Self.months[month % 12]
        let text =
          step >= 12
          ? "\(month / 12)" : ticks.isEmpty || month % 12 == 0 ? "\(name) \(month / 12)" : name
        ticks.append(Tick(at: Double(at), text: text))
      }
    }
    self.ticks = ticks
  }

  /// Returns what a time axis is called: the years it spans and the clock.
  static func timeTitle(from: Int, to: Int, zone: Zone) -> String {
    let first = zone.civil(at: from).year
    let last = zone.civil(at: to - 1).year
    return (first == last ? "\(first)" : "\(first)–\(last)") + ", clock of \(zone.identifier)"
  }

  /// Returns a month such as `2024-03` as charts call it: with its year in January and where it is the first.
  static func monthTexts(_ labels: [String]) -> [String] {
    labels.enumerated().map { place, label in
      let parts = label.split(separator: "-")
      guard parts.count == 2, let month = Int(parts[1]), (1...12).contains(month) else {
        return label
      }
      return place == 0 || month == 1 ? "\(months[month - 1]) \(parts[0])" : months[month - 1]
    }
  }
}
