import TimeSeries

/// Hours from 2023-01-01 in UTC, a Sunday.
func hours2023(days: Int) -> TimeGrid {
  TimeGrid(
    start: CivilCalendar.days(year: 2023, month: 1, day: 1) * 86_400, stepSeconds: 3600,
    count: days * 24)
}

/// 1 kW always, with the given hours at other powers.
func evenLoadKW(_ grid: TimeGrid, _ peaks: [Int: Double]) -> [Double] {
  grid.indices.map { peaks[$0] ?? 1 }
}
