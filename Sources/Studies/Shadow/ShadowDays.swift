package import Replay

/// Days of one calendar month, replayed with every version and with the rule that does without a plan.
package struct ShadowDays: Sendable {
  /// What they cost; nothing where the case has no day.
  package let month: ShadowLedger.Month?
  /// Versions that were told what nobody could know.
  package let labelled: Set<String>

  /// Replays the days.
  ///
  /// - Parameters:
  ///   - replay: The days as a case, within one calendar month.
  ///   - versions: Forecast versions with distinct names.
  ///   - firstDay: First day, in days since 1970-01-01.
  ///   - lastDay: Last day.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done, one lot per version and one for the rule.
  /// - Throws: What a replay throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, versions: [ForecastVersion], firstDay: Int, lastDay: Int, threads: Int,
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let controllers = versions.map(Controller.planned) + [.selfConsumption]
    let outcomes = try parallelMap(controllers, threads: threads) {
      try Replayer(replay).run($0, monitor: monitor)
    }
    labelled = Set(outcomes.filter { !$0.label.isEmpty }.map(\.name))
    var costs: [String: MonthCosts] = [:]
    for outcome in outcomes {
      if let month = outcome.monthCosts.first { costs[outcome.name] = month }
    }
    month = costs.values.first.map {
      ShadowLedger.Month(label: $0.label, firstDay: firstDay, lastDay: lastDay, costs: costs)
    }
  }
}
