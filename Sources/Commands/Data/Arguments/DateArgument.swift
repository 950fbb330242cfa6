import Documents
import CommandLine
import TimeSeries

/// A date on the command line.
struct DateArgument: ArgumentValue, Sendable {
  var dayNumber: Int
  var year: Int

  init?(argument: String) {
    guard case .time(let day) = CivilText.date(argument) else { return nil }
    year = day.year
    dayNumber = day.dayNumber
  }

  static var phrase: String { "a date such as 2024-03-31" }
}
