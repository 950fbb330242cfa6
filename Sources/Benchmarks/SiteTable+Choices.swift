import Documents
import Replay
import Studies

extension SiteTable {
  /// What it would be worth to plan each month as was cheapest over the months before, without knowing
  /// more: the mean share captured by each version.
  ///
  /// The months are those of the replays of each planner; what a battery brings from one month into the next
  /// under another planner is left out. The first month is planned as by default.
  static func choices(_ sites: [[Row]]) -> String {
    var text =
      line(["version", "each month as was cheapest before", "sites", "mean captured", "least"])
      + line([String](repeating: "---", count: 5))
    for version in versions {
      let shares = sites.compactMap { rows in share(rows.filter { $0.version == version }) }
      if shares.isEmpty { continue }
      let mean = shares.reduce(0, +) / Double(shares.count)
      text += line([
        version, "all planners of the table", String(shares.count), NumberText.percent(mean),
        NumberText.percent(shares.min()),
      ])
    }
    return text
  }

  /// Share of the oracle's saving that the choice captures at a site.
  private static func share(_ rows: [Row]) -> Double? {
    guard let first = rows.first, let captured = first.score.shareCaptured, captured != 0 else {
      return nil
    }
    let months = rows.map { $0.score.outcome.monthCosts.map(\.cost) }
    var sums = [Double](repeating: 0, count: rows.count)
    var cost = 0.0
    for month in months[0].indices {
      let cheapest = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
      cost += months[cheapest][month]
      for planner in rows.indices { sums[planner] += months[planner][month] }
    }
    let saved = first.score.savingsVsNoBattery
    return (saved + first.score.outcome.cost - cost) / (saved / captured)
  }
}
