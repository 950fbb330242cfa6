import Documents
import TimeSeries

extension TimeGrid {
  /// How long the intervals last together, as sentences say it: `over 366 days`.
  var overDays: String {
    let days = Double(end - start) / 86_400
    return "over \(NumberText.rounded(days, decimals: 1)) \(days == 1 ? "day" : "days")"
  }
}
