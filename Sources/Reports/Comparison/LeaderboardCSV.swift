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

  /// Returns one line per pair of versions.
  package static func pairs(_ comparison: ForecastComparison) -> String {
    PairedInterval.measures.csv(comparison.pairs + comparison.plannerPairs)
  }

  /// Returns one line per version and day, with the rule, the oracle and no battery, so that others can
  /// repeat the comparison: `energy` is the part of the cost that adds up over intervals.
  package static func dailyCosts(_ comparison: ForecastComparison) -> String {
    var text = "version,day,cost,energy\n"
    for score in comparison.scores {
      let energy = score.outcome.monthCosts.flatMap(\.energyByDay)
      for (day, cost) in score.outcome.dailyCosts.enumerated() {
        text += "\(CSVWriter.cell(score.outcome.name)),\(day),\(CSVWriter.cell(cost)),"
        text += "\(CSVWriter.cell(day < energy.count ? energy[day] : nil))\n"
      }
    }
    return text
  }
}
