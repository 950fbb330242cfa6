/// How a time column is written.
package enum StampFormat: String, Sendable, Hashable, CaseIterable, Codable {
  /// Year first (`2024-03-31T02:15:00+01:00`, `2024/03/31 02:15`, `202403310215`), `31.03.2024 02:15`,
  /// `31 Mar 2024 02:15`, or epoch seconds or milliseconds by their size.
  case automatic
  /// Seconds since 1970-01-01 UTC.
  case epochSeconds = "epoch_s"
  /// Milliseconds since 1970-01-01 UTC.
  case epochMilliseconds = "epoch_ms"
  /// `31/03/2024 02:15`.
  case dayMonthYear = "day_month_year"
  /// `3/31/24 2:15`, also `3/31/24 2:15 AM`.
  case monthDayYear = "month_day_year"
  /// Days since the end of 1899 on the local clock, as a spreadsheet counts them: `45809.0104`.
  case spreadsheetDays = "spreadsheet_days"
}
