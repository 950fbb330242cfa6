package import TimeSeries

/// Returns which of several windows holds in each slot, by the slot's first instant.
///
/// - Parameters:
///   - windows: The windows; where two hold, the first counts.
///   - slots: The slots on the local calendar.
///   - holidays: Days that are no weekdays.
/// - Returns: The window's position for each slot, nothing where none holds.
package func firstWindow(
  _ windows: [CalendarWindow], over slots: LocalSlots, holidays: HolidayCalendar
) -> [Int?] {
  var table = PeriodTable(windows.map { [$0] })
  return table.periods(of: slots, dayTypes: dayTypes(of: slots, holidays: holidays)).map {
    $0 == PeriodTable.none ? nil : Int($0)
  }
}
