import TimeSeries

/// Finds the period of each slot from windows on the local calendar.
///
/// Days with the same set of active windows share one table of minutes, so the cost per slot is a
/// look-up.
struct PeriodTable {
  /// Marks a slot that lies in no period.
  static let none: UInt8 = 255

  private let windows: [CalendarWindow]
  /// The period that each window belongs to.
  private let owner: [UInt8]
  private let rest: UInt8
  private var patterns: [[Int]: [UInt8]] = [:]

  /// Takes the windows of each period, in the order of the periods.
  init(_ periods: [[CalendarWindow]]) {
    windows = periods.flatMap { $0 }
    owner = periods.enumerated().flatMap { index, windows in
      [UInt8](repeating: UInt8(index), count: windows.count)
    }
    rest =
      periods.firstIndex { $0.contains { $0.isRest } }.map { UInt8($0) } ?? PeriodTable.none
  }

  /// Returns the period of each minute of a date of a kind.
  mutating func minutes(of date: MonthDay, type: DayTypes) -> [UInt8] {
    let active = windows.indices.filter {
      !windows[$0].isRest && windows[$0].kinds.isEmpty
        && windows[$0].contains(date: date, type: type)
    }
    if let known = patterns[active] { return known }
    var table = [UInt8](repeating: rest, count: 1440)
    for index in active.reversed() {
      for minute in 0..<1440 where windows[index].contains(minute: minute) {
        table[minute] = owner[index]
      }
    }
    patterns[active] = table
    return table
  }

  /// Returns the period of every slot, by the slot's first instant.
  mutating func periods(of calendar: SlotCalendar) -> [UInt8] {
    let (slots, dayTypes) = (calendar.slots, calendar.dayTypes)
    var result = [UInt8](repeating: PeriodTable.none, count: slots.grid.count)
    var day = Int.min
    var table: [UInt8] = []
    for i in slots.grid.indices {
      if slots.dayNumber[i] != day {
        day = slots.dayNumber[i]
        let date = CivilCalendar.date(fromDays: day)
        table = minutes(
          of: MonthDay(month: date.month, day: date.day), type: dayTypes[i])
      }
      result[i] = table[slots.minuteOfDay[i]]
    }
    for (position, kind) in calendar.kinds.kinds.enumerated() {
      let own = windows.indices.filter { windows[$0].kinds.contains(kind.name) }
      if own.isEmpty { continue }
      for i in slots.grid.indices where calendar.kinds.ofSlot[i] == UInt8(position) {
        let date = CivilCalendar.date(fromDays: slots.dayNumber[i])
        let window = own.first {
          windows[$0].contains(minute: slots.minuteOfDay[i])
            && windows[$0].contains(
              date: MonthDay(month: date.month, day: date.day), type: dayTypes[i])
        }
        if let window { result[i] = owner[window] }
      }
    }
    return result
  }

  /// True when a window begins or ends inside a slot of the given length.
  func cutsSlots(ofMinutes minutes: Int) -> Bool {
    windows.contains { window in
      window.times.contains { $0.fromMinute % minutes != 0 || $0.toMinute % minutes != 0 }
    }
  }
}

/// The kind of day of every slot.
func dayTypes(of slots: LocalSlots, holidays: HolidayCalendar) -> [DayTypes] {
  var result: [DayTypes] = []
  result.reserveCapacity(slots.grid.count)
  var holidays = HolidayLookup(holidays)
  var day = Int.min
  var type = DayTypes.weekday
  for i in slots.grid.indices {
    if slots.dayNumber[i] != day {
      day = slots.dayNumber[i]
      if holidays.contains(day) {
        type = .holiday
      } else {
        type = slots.weekday[i] <= 5 ? .weekday : slots.weekday[i] == 6 ? .saturday : .sunday
      }
    }
    result.append(type)
  }
  return result
}
