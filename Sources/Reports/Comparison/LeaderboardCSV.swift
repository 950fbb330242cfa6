import Documents
import Forecasting
import Planning
import Replay
package import Studies

/// The leaderboard of a comparison as CSV, and the daily costs behind its intervals.
package enum LeaderboardCSV {
  /// Returns one line per version and counterfactual.
  package static func text(_ comparison: ForecastComparison) -> String {
    VersionScore.measures.csv(comparison.scores)
  }

  /// Returns one line per version and day, so that others can repeat the significance test.
  package static func dailyCosts(_ comparison: ForecastComparison) -> String {
    var text = "version,day,cost\n"
    for score in comparison.versions + [comparison.oracle] {
      for (day, cost) in score.outcome.dailyCosts.enumerated() {
        text += "\(CSVWriter.cell(score.outcome.name)),\(day),\(CSVWriter.cell(cost))\n"
      }
    }
    return text
  }
}
