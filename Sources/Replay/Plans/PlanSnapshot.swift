import Forecasting
package import Planning
import Tariffs
import TimeSeries
import Twin

/// One plan of a replay, with all that it was made from.
package struct PlanSnapshot: Sendable {
  /// The plan.
  package let plan: Plan
  /// What the planner was told.
  package let request: PlanRequest
  /// Name of the forecast version.
  package let version: String
  /// Names of several batteries, in the order of the plan; empty for one.
  package let batteryNames: [String]
}

extension Replayer {
  /// Replays a case up to the last plan that is made at or before an instant, and returns that plan.
  ///
  /// - Parameters:
  ///   - version: The forecasts.
  ///   - instant: An instant of the period. [UTC epoch s]
  ///   - monitor: Told about intervals done and asked whether to stop.
  /// - Returns: The plan in force at the instant; nothing outside the period.
  /// - Throws: What `run` throws.
  package func plan(
    _ version: ForecastVersion, at instant: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> PlanSnapshot? {
    let replay = replay.planned(by: version)
    guard let slot = replay.period.index(containing: instant) else { return nil }
    let context = try MeteringContext(replay)
    var forecasts = try ForecastIssuer(
      replay, planningHistory: replay.planningHistory, version: version)
    var rolling = try RollingReplay(replay, context: context)
    var first = 0
    while true {
      let made = try rolling.makePlan(forecasts.issue(horizon: replay.planHorizon(at: first)))
      let slots = rolling.slots(from: first)
      if slots.contains(slot) {
        return PlanSnapshot(
          plan: made.plan, request: made.request, version: version.name,
          batteryNames: replay.fleet.map(\.name))
      }
      try rolling.follow(made, through: slots)
      monitor.advanced(slots.count)
      if monitor.isCancelled() { throw CancellationError() }
      first = slots.upperBound
    }
  }
}
