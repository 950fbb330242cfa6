package import Replay
import TimeSeries
import Twin

/// How a policy's actions against heat stand to the heat that comes when nothing is done.
package struct ActionTiming: Sendable, Equatable {
  /// Time by which the first action comes before the first cell above its limit under `none`, negative after it;
  /// nothing where there is no action or no such heat. [h]
  package var leadHours: Double?
  /// Of the intervals with an action while no cell was above its limit, the share that was followed under `none` by a
  /// cell above its limit within `reachHours`; nothing where there was no such action.
  package var precision: Double?

  /// How soon heat must follow under `none` for an action to have been right. [h]
  package static let reachHours = 1.0

  /// Knows of no action.
  package init() {}

  /// Compares actions with the heat under `none`.
  ///
  /// - Parameters:
  ///   - trace: What happened under the policy.
  ///   - none: What happened under `none` in the same case.
  ///   - limitC: Temperature of a cell that is to be avoided. [°C]
  package init(of trace: ReplayTrace, against none: ReplayTrace, limitC: Double) {
    let hours = trace.grid.stepHours
    let acts = trace.withheldBy.map { $0 == .heat || $0 == .inverterTemperature }
    let isHot = none.hottestCellC.map { $0 > limitC }
    if let first = acts.firstIndex(of: true), let onset = isHot.firstIndex(of: true) {
      leadHours = Double(onset - first) * hours
    }
    let reach = max(1, Int((ActionTiming.reachHours / hours).rounded()))
    /// First slot at or after each one that is hot under `none`.
    var next = [Int](repeating: .max, count: isHot.count)
    var coming = Int.max
    for i in isHot.indices.reversed() {
      if isHot[i] { coming = i }
      next[i] = coming
    }
    var early = 0
    var right = 0
    for i in acts.indices where acts[i] && !(trace.hottestCellC[i] > limitC) {
      early += 1
      if next[i] != .max, next[i] - i <= reach { right += 1 }
    }
    if early > 0 { precision = Double(right) / Double(early) }
  }
}
