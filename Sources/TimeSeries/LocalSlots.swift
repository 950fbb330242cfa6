/// The local calendar of every interval of a grid, computed once.
///
/// All columns have one value per interval and describe its first instant.
package struct LocalSlots: Sendable {
  /// The intervals described.
  package let grid: TimeGrid
  /// Minutes since local midnight on the clock. [min]
  package let minuteOfDay: [Int]
  /// 1 for Monday to 7 for Sunday.
  package let weekday: [Int]
  /// Year.
  package let year: [Int]
  /// 1…12.
  package let month: [Int]
  /// Days since 1970-01-01 on the local calendar.
  package let dayNumber: [Int]
  /// From 1.
  package let dayOfYear: [Int]

  /// Looks up the local calendar of each interval.
  package init(grid: TimeGrid, zone: Zone) {
    var minuteOfDay = [Int](repeating: 0, count: grid.count)
    var weekday = minuteOfDay
    var year = minuteOfDay
    var month = minuteOfDay
    var dayNumber = minuteOfDay
    var dayOfYear = minuteOfDay
    for i in grid.indices {
      let instant = grid.instant(i)
      let local = instant + zone.offsetSeconds(at: instant)
      let day = floorDivide(local, 86_400)
      minuteOfDay[i] = (local - day * 86_400) / 60
      dayNumber[i] = day
      if i > 0, dayNumber[i - 1] == day {
        weekday[i] = weekday[i - 1]
        year[i] = year[i - 1]
        month[i] = month[i - 1]
        dayOfYear[i] = dayOfYear[i - 1]
      } else {
        let date = CivilCalendar.date(fromDays: day)
        weekday[i] = CivilCalendar.weekday(ofDay: day)
        year[i] = date.year
        month[i] = date.month
        dayOfYear[i] = day - CivilCalendar.days(year: date.year, month: 1, day: 1) + 1
      }
    }
    self.grid = grid
    self.minuteOfDay = minuteOfDay
    self.weekday = weekday
    self.year = year
    self.month = month
    self.dayNumber = dayNumber
    self.dayOfYear = dayOfYear
  }

  /// The intervals of each local day, in order; the first and the last day may lie in the grid in part.
  package var days: [Range<Int>] {
    var days: [Range<Int>] = []
    var first = 0
    for i in grid.indices where i + 1 == grid.count || dayNumber[i + 1] != dayNumber[i] {
      days.append(first..<i + 1)
      first = i + 1
    }
    return days
  }
}
