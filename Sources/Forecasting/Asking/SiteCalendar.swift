import Numerics
import TimeSeries

/// The local calendar and the sun over a site's slots, looked up once per slot.
///
/// Positions count from the first slot of the history and run on into the future as far as anyone
/// asks: a calendar is known ahead.
struct SiteCalendar: Sendable {
  let site: SiteContext
  let start: Int
  let stepSeconds: Int
  let slotsPerDay: Int
  /// Slot of the day on the local clock, 0…slotsPerDay − 1.
  private(set) var slot: [Int] = []
  /// 1 for Monday to 7 for Sunday.
  private(set) var weekday: [Int] = []
  /// 1…12.
  private(set) var month: [Int] = []
  /// True on Saturdays, Sundays and the site's holidays.
  private(set) var isRest: [Bool] = []
  /// Hours since local midnight at the begin of the slot.
  private(set) var hour: [Double] = []
  /// Local time less UTC at the begin of the slot, in whole slots.
  private(set) var offsetSlots: [Int] = []
  /// True when the sun's rim is up at some time in the slot; empty without a location.
  private(set) var daylight: [Bool] = []
  /// Cosine of the zenith angle in the middle of the slot, at least 0; empty without a location.
  private(set) var cosineZenith: [Double] = []
  /// Haurwitz irradiance in the middle of the slot, or what several planes make of it; empty without a location.
  /// [W/m²]
  private(set) var clearSky: [Double] = []
  /// sin(m·angle), cos(m·angle) of the slot of day for m = 1…6, 12 values per slot.
  let harmonics: [Double]
  /// Position of the first local midnight, where the schedule of training issues begins.
  let firstMidnight: Int

  /// Whether the sun is followed: where the site has a location and somebody asks.
  let isLocated: Bool

  init(site: SiteContext, start: Int, stepSeconds: Int, hasSun: Bool) {
    self.site = site
    isLocated = hasSun && site.place != nil
    self.start = start
    self.stepSeconds = stepSeconds
    slotsPerDay = 86_400 / stepSeconds
    harmonics = (0..<slotsPerDay).flatMap { slot in
      (1...6).flatMap { m in
        let angle = 2 * Double.pi * Double(m) * Double(slot) / Double(86_400 / stepSeconds)
        return [sine(angle), cosine(angle)]
      }
    }
    let local = start + site.zone.offsetSeconds(at: start)
    let sinceMidnight = ((local % 86_400) + 86_400) % 86_400
    firstMidnight = (86_400 - sinceMidnight) % 86_400 / stepSeconds
  }

  /// True when the sun is down all through a slot; false without a location.
  func isNight(_ index: Int) -> Bool { isLocated && !daylight[index] }

  /// Makes the calendar reach `count` slots.
  mutating func extend(to count: Int) {
    guard count > slot.count else { return }
    let from = slot.count
    let target = max(count, from + 14 * slotsPerDay)
    let grid = TimeGrid(
      start: start + from * stepSeconds, stepSeconds: stepSeconds, count: target - from)
    let local = LocalSlots(grid: grid, zone: site.zone)
    var holidays = HolidayLookup(site.holidays)
    for i in grid.indices {
      slot.append(local.minuteOfDay[i] * 60 / stepSeconds)
      weekday.append(local.weekday[i])
      month.append(local.month[i])
      isRest.append(local.weekday[i] >= 6 || holidays.contains(local.dayNumber[i]))
      hour.append(Double(local.minuteOfDay[i]) / 60)
      offsetSlots.append(
        Int((Double(site.zone.offsetSeconds(at: grid.instant(i))) / Double(stepSeconds)).rounded()))
    }
    guard isLocated, let place = site.place else { return }
    let planes = site.plantOfPlanes
    var before = SunPosition(at: grid.start, place: place)
    for i in grid.indices {
      let middle = SunPosition(at: grid.instant(i) + stepSeconds / 2, place: place)
      let after = SunPosition(at: grid.instant(i + 1), place: place)
      let highest = max(before.elevationDeg, middle.elevationDeg, after.elevationDeg)
      daylight.append(highest > ForecastGuards.horizonDeg)
      cosineZenith.append(max(0, middle.cosZenith))
      clearSky.append(planes?.clearSkyWM2(middle) ?? middle.clearSkyWM2)
      before = after
    }
  }
}
