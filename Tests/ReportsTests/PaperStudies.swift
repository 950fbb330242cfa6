import Documents
import Foundation
import Replay
import Reports
import SiteSupport
import Studies
import Testing

/// Studies of sites on paper, whose figures reports must show.
enum PaperStudies {
  /// Two days of 1 kW, of which yesterday's forecast sees only the second.
  ///
  /// Without a battery they cost 9.6, planned with yesterday 8.4, with the truth 7.2; the arithmetic
  /// is in `ComparisonTests`.
  static func twoDays() throws -> ReplayCase {
    try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
  }

  /// The comparison of yesterday's forecast with the truth on the two days.
  static func comparison(naiveName: String = "naive_day") throws -> ForecastComparison {
    try ForecastComparison(
      twoDays(),
      versions: [PaperSite.version(.naiveDay, name: naiveName), PaperSite.version(.perfect)],
      threads: 1)
  }
}

/// Reads what a report printed, as another program would.
func object(_ json: JSONValue) throws -> [String: Any] {
  try #require(
    try JSONSerialization.jsonObject(with: Data(json.text().utf8)) as? [String: Any])
}
