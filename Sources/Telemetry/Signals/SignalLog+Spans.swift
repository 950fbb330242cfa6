extension SignalLog {
  /// The current of the battery, by which rest is told: the only one in ampere that does not alternate, or of several
  /// the one whose name says `pack`, `battery` or `dc`.
  package var packCurrent: Signal? {
    let currents = signals.filter { $0.unit == "A" && !$0.alternates }
    return currents.count == 1
      ? currents[0]
      : currents.first { signal in
        ["pack", "battery", "batt", "dc"].contains { signal.name.contains($0) }
      }
  }

  /// Stretches in which a current stays below a limit.
  ///
  /// - Parameters:
  ///   - signal: The current.
  ///   - limit: Largest magnitude of a sample that is still rest. [A]
  ///   - seconds: Shortest stretch that counts. [s]
  /// - Returns: Positions of steps; a stretch ends at a gap, and where the current is not known.
  package func idleSpans(_ signal: Signal, limit: Double, seconds: Int) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    var first: Int?
    let breaks = Set(restarts)
    for k in 0...instants.count {
      let isIdle =
        k < instants.count && signal.count[k] > 0 && signal.minimum[k] >= -limit
        && signal.maximum[k] <= limit
      if let start = first, !isIdle || breaks.contains(k) {
        if instants[k - 1] - instants[start] + stepSeconds >= seconds { spans.append(start..<k) }
        first = nil
      }
      if isIdle, first == nil { first = k }
    }
    return spans
  }

  /// Signals of temperature, which a logger's filter lets climb after a restart.
  package var temperatures: [Signal] {
    signals.filter { $0.unit == "°C" || $0.name.hasSuffix("_temp") }
  }

  /// Steps in which some temperature still climbs from the start-up of the logger.
  package var rampSteps: Set<Int> {
    Set(temperatures.flatMap { restartRamps($0.name).flatMap(Array.init) })
  }
}
