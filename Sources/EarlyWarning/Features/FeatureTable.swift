/// Values of features for the steps of a frame.
package struct FeatureTable: Sendable {
  /// The features, in order of columns.
  package let features: [WarningFeature]
  /// One row per step of the frame; NaN where a value cannot be computed.
  private(set) var values: [Double]

  /// Computes all features; those of the twin need one.
  ///
  /// Rows of steps before the first that is wanted stay without values.
  ///
  /// A row uses steps up to its own only, besides what a plan sets. Stretches of the past are whole: a
  /// window that reaches out of the steps without a gap gives no value.
  package init(
    _ frame: TelemetryFrame, features: [WarningFeature], task: WarningTask,
    twin: OneNodeTwin? = nil,
    from first: Int = 0
  ) {
    self.features = features
    let width = features.count
    values = [Double](repeating: .nan, count: frame.instants.count * width)
    let now = frame.temperatureC
    let square = frame.held(frame.columns.current)?.map { $0 * $0 }
    let planned = frame.held(frame.columns.plannedCurrent)?.map { $0 * $0 } ?? square
    for (place, stretch) in frame.stretches.enumerated() {
      let start = frame.runStartC[frame.runOfStretch[place]]
      for (column, feature) in features.enumerated() {
        let series: (Int) -> Double
        switch feature.source {
        case .temperature: series = { now[$0] }
        case .rise:
          let around = frame.held(frame.columns.surroundings)
          series = { now[$0] - (around?[$0] ?? start) }
        case .heat: series = { square?[$0] ?? .nan }
        case .meanHeat(let window):
          series = Self.mean(frame, stretch, square, window)
        case .change(let window):
          series = Self.change(frame, stretch, now, window)
        case .held(let name):
          let held = frame.held(name)
          series = { held?[$0] ?? .nan }
        case .mean(let name, let window):
          series = Self.mean(frame, stretch, frame.held(name), window)
        case .spread(let names):
          let spread = Self.spread(frame, names)
          series = { spread[$0] }
        case .spreadChange(let names, let window):
          series = Self.change(frame, stretch, Self.spread(frame, names), window)
        case .excess(let names):
          let excess = Self.excess(frame, names)
          series = { excess[$0] }
        case .excessDrift(let names, let window):
          series = Self.change(frame, stretch, Self.excess(frame, names), window)
        case .twinExcess:
          let path = twin?.path(frame, stretch, startC: start)
          series = { k in path.map { now[k] - $0[k - stretch.lowerBound] } ?? .nan }
        case .plannedHeat(let share):
          let integral = planned.map { HeldIntegral(frame, frame.planned[place], $0) }
          let lead = task.leadSeconds
          series = { k in
            let from = frame.instants[k] + Int(Double(lead) * share)
            return integral?.mean(from, frame.instants[k] + lead) ?? .nan
          }
        }
        for k in stretch where k >= first { values[k * width + column] = series(k) }
      }
    }
  }

  /// The row of a step.
  func row(_ step: Int) -> ArraySlice<Double> {
    values[step * features.count..<(step + 1) * features.count]
  }

  private static func mean(
    _ frame: TelemetryFrame, _ stretch: Range<Int>, _ signal: [Double]?, _ window: Int
  ) -> (Int) -> Double {
    guard let signal else { return { _ in .nan } }
    let integral = HeldIntegral(frame, stretch, signal)
    return { integral.mean(frame.instants[$0] - window, frame.instants[$0]) }
  }

  private static func change(
    _ frame: TelemetryFrame, _ stretch: Range<Int>, _ signal: [Double], _ window: Int
  ) -> (Int) -> Double {
    { k in
      let before = frame.position(at: frame.instants[k] - window, in: stretch)
      return before.map { signal[k] - signal[$0] } ?? .nan
    }
  }

  private static func spread(_ frame: TelemetryFrame, _ names: [String]) -> [Double] {
    let columns = names.compactMap { frame.held($0) }
    return frame.instants.indices.map { k in
      var low = Double.infinity
      var high = -Double.infinity
      for column in columns {
        guard column[k].isFinite else { return .nan }
        low = min(low, column[k])
        high = max(high, column[k])
      }
      return high - low
    }
  }

  private static func excess(_ frame: TelemetryFrame, _ names: [String]) -> [Double] {
    let columns = names.compactMap { frame.held($0) }
    let now = frame.temperatureC
    return frame.instants.indices.map { k in
      now[k] - columns.reduce(0) { $0 + $1[k] } / Double(columns.count)
    }
  }
}
