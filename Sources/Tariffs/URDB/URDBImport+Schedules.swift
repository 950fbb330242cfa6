import Diagnostics

extension URDBImport {
  /// Reads two 12 × 24 schedules as windows of each period; nothing when they are refused.
  ///
  /// Without schedules a single period applies always; several periods are refused.
  mutating func scheduledWindows(
    _ weekday: String, _ weekend: String, periods: Int, structure: String
  ) -> [[CalendarWindow]]? {
    guard record[weekday] != nil || record[weekend] != nil else {
      guard periods == 1 else {
        refuse(weekday, "'\(structure)' has \(periods) periods but the record has no '\(weekday)'")
        return nil
      }
      warn("the record has no '\(weekday)'; its only period is applied at all times")
      fields.append(
        FieldReport(
          field: weekday, outcome: .assumed, text: "missing; the only period applies always"))
      return [[.always]]
    }
    guard let week = matrix(weekday, periods: periods, structure: structure),
      let end = matrix(weekend, periods: periods, structure: structure)
    else { return nil }
    note(weekday, .honoured, "12 months by 24 local hours")
    note(weekend, .honoured, "12 months by 24 local hours; holidays are billed as their weekday")
    return (0..<periods).map { URDBImport.windows(of: $0, week: week, end: end) }
  }

  private mutating func matrix(_ name: String, periods: Int, structure: String) -> [[Int]]? {
    guard let rows = record[name]?.list, rows.count == 12 else {
      refuse(
        name, "'\(name)' must have 12 months, found \(record[name]?.list?.count ?? 0)",
        at: record[name])
      return nil
    }
    var result: [[Int]] = []
    for row in rows {
      let cells = row.list?.map { $0.wholeNumber } ?? []
      guard cells.count == 24, !cells.contains(nil) else {
        refuse(name, "'\(row.path)' must have 24 whole numbers", at: row)
        return nil
      }
      let numbers = cells.compactMap { $0 }
      for (hour, period) in numbers.enumerated() where !(0..<periods).contains(period) {
        refuse(
          name,
          "'\(row.path)[\(hour)]' names period \(period), but '\(structure)' has periods"
            + " 0 to \(periods - 1)", at: row.list?[hour])
        return nil
      }
      result.append(numbers)
    }
    return result
  }

  /// Turns the hours of a period into few windows: months with the same hours are taken together.
  static func windows(of period: Int, week: [[Int]], end: [[Int]]) -> [CalendarWindow] {
    func hours(_ row: [Int]) -> [Bool] { row.map { $0 == period } }
    var groups: [(week: [Bool], end: [Bool], months: [Int])] = []
    for month in 0..<12 {
      let key = (hours(week[month]), hours(end[month]))
      if let index = groups.firstIndex(where: { $0.week == key.0 && $0.end == key.1 }) {
        groups[index].months.append(month + 1)
      } else {
        groups.append((key.0, key.1, [month + 1]))
      }
    }
    var result: [CalendarWindow] = []
    for group in groups {
      let dates = group.months.count == 12 ? [] : monthSpans(group.months)
      if group.week == group.end {
        result += window(dates, .all, group.week)
      } else {
        result += window(dates, [.weekday, .holiday], group.week)
        result += window(dates, .weekend, group.end)
      }
    }
    return result
  }

  private static func window(
    _ dates: [DateSpan], _ days: DayTypes, _ hours: [Bool]
  ) -> [CalendarWindow] {
    guard hours.contains(true) else { return [] }
    var times: [ClockSpan] = []
    if hours.contains(false) {
      var hour = 0
      while hour < 24 {
        if hours[hour] {
          var last = hour
          while last < 23, hours[last + 1] { last += 1 }
          times.append(ClockSpan(hours: hour, to: last + 1))
          hour = last
        }
        hour += 1
      }
    }
    return [CalendarWindow(dates: dates, days: days, times: times)]
  }

  private static func monthSpans(_ months: [Int]) -> [DateSpan] {
    var spans: [DateSpan] = []
    var index = 0
    while index < months.count {
      var last = index
      while last + 1 < months.count, months[last + 1] == months[last] + 1 { last += 1 }
      spans.append(DateSpan(months: months[index], through: months[last]))
      index = last + 1
    }
    return spans
  }
}
