import TimeSeries

/// A billing month as far as a grid covers it.
struct BillingMonth {
  /// For example `2024-01`.
  let label: String
  let year: Int
  /// 1…12.
  let month: Int
  /// First local day of the calendar month.
  let firstDay: Int
  /// First local day that is billed.
  let firstBilledDay: Int
  /// Days of the calendar month.
  let days: Int
  /// Share of the calendar month's hours that the grid covers.
  let coveredFraction: Double
  let slots: Range<Int>

  /// Splits a grid into local calendar months.
  static func all(of slots: LocalSlots, zone: Zone) -> [BillingMonth] {
    var result: [BillingMonth] = []
    var start = 0
    let count = slots.grid.count
    while start < count {
      var end = start + 1
      while end < count, slots.month[end] == slots.month[start],
        slots.year[end] == slots.year[start]
      {
        end += 1
      }
      let year = slots.year[start]
      let month = slots.month[start]
      let first = CivilCalendar.days(year: year, month: month, day: 1)
      let days = CivilCalendar.daysInMonth(year: year, month: month)
      let seconds = zone.startOfDay(first + days) - zone.startOfDay(first)
      let covered = (end - start) * slots.grid.stepSeconds
      result.append(
        BillingMonth(
          label: "\(year)-\(month < 10 ? "0" : "")\(month)", year: year, month: month,
          firstDay: first, firstBilledDay: slots.dayNumber[start], days: days,
          coveredFraction: min(1, Double(covered) / Double(seconds)), slots: start..<end))
      start = end
    }
    return result
  }
}
