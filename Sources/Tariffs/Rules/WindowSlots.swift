package import TimeSeries

/// Returns which of several windows holds in each slot, by the slot's first instant.
///
/// - Parameters:
///   - windows: The windows; where two hold, the first counts.
///   - grid: The slots.
///   - zone: The local clock.
///   - holidays: Days that are no weekdays.
/// - Returns: The window's position for each slot, nothing where none holds.
package func firstWindow(
  _ windows: [CalendarWindow], over grid: TimeGrid, zone: Zone, holidays: HolidayCalendar
) -> [Int?] {
  var table = PeriodTable(windows.map { [$0] })
  let calendar = SlotCalendar(grid: grid, zone: zone, holidays: holidays, kinds: [])
  return table.periods(of: calendar).map { $0 == PeriodTable.none ? nil : Int($0) }
}
