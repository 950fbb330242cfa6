import TimeSeries
package import Twin

/// Pulses of load that a battery has to follow.
package struct LoadSpikes: Sendable, Equatable {
  /// Height of a pulse. [kW]
  package var heightKW: Double
  /// Time between the beginnings of two pulses, and length of one. [s]
  package var everySeconds: Int
  package var lengthSeconds: Int
  /// When they begin and end, counted from the start of the period. [s]
  package var startSeconds: Double
  package var endSeconds: Double

  /// Describes a train of pulses.
  package init(
    heightKW: Double, everySeconds: Int, lengthSeconds: Int, startSeconds: Double = 0,
    endSeconds: Double = .infinity
  ) {
    self.heightKW = heightKW
    self.everySeconds = everySeconds
    self.lengthSeconds = lengthSeconds
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
  }

  /// Returns the mean height over a stretch of time since the start of the period. [kW]
  package func meanKW(from: Double, to: Double) -> Double {
    /// Time under pulses from the first one to an instant. [s]
    func covered(_ seconds: Double) -> Double {
      let since = max(0, min(seconds, endSeconds) - startSeconds)
      let whole = (since / Double(everySeconds)).rounded(.down)
      let rest = min(since - whole * Double(everySeconds), Double(lengthSeconds))
      return whole * Double(lengthSeconds) + rest
    }
    return heightKW * (covered(to) - covered(from)) / (to - from)
  }
}

/// Times in which the site's logger and the sensors of control are silent.
package struct LoggerGap: Sendable, Equatable {
  /// A silence that comes again and again.
  package struct Train: Sendable, Equatable {
    /// Time between the beginnings of two silences, and length of one. [s]
    package var everySeconds: Double
    package var lengthSeconds: Double

    /// Describes a train.
    package init(everySeconds: Double, lengthSeconds: Double) {
      self.everySeconds = everySeconds
      self.lengthSeconds = lengthSeconds
    }
  }

  /// When it begins and ends, counted from the start of the period. [s]
  package var startSeconds: Double
  package var endSeconds: Double
  /// Silences in between; one throughout where nil.
  package var train: Train?

  /// Describes one silence, or a train of them.
  package init(startSeconds: Double, endSeconds: Double, train: Train? = nil) {
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.train = train
  }

  /// Returns every silence that begins before an end; one that never ends where there is no train. [s]
  package func spans(until end: Double) -> [Range<Double>] {
    guard let train else { return [startSeconds..<endSeconds] }
    let last = min(endSeconds, end)
    return stride(from: startSeconds, to: max(last, startSeconds), by: train.everySeconds).map {
      $0..<min($0 + train.lengthSeconds, endSeconds)
    }
  }

  /// Returns whether any of an interval falls into a silence; both ends count from the start of the period. [s]
  func touches(_ from: Double, _ to: Double) -> Bool {
    guard from < endSeconds, to > startSeconds else { return false }
    guard let train else { return true }
    let since = max(0, from - startSeconds)
    let place = since - (since / train.everySeconds).rounded(.down) * train.everySeconds
    // In a silence, or the next one begins before the interval ends.
    return place < train.lengthSeconds
      || (min(to, endSeconds) - startSeconds) - since > train.everySeconds - place
  }
}

/// A named set of things that go wrong together in a stress study.
package struct StressFault: Sendable {
  /// Name shown in results.
  package var name: String
  /// What goes wrong with the battery; empty for the healthy one.
  package var battery: [FaultSpecification]
  /// Pulses of the site's load.
  package var spikes: [LoadSpikes]
  /// Times that nobody logs.
  package var gaps: [LoggerGap]

  /// Names a set of faults.
  package init(
    name: String, battery: [FaultSpecification] = [], spikes: [LoadSpikes] = [],
    gaps: [LoggerGap] = []
  ) {
    self.name = name
    self.battery = battery
    self.spikes = spikes
    self.gaps = gaps
  }

  /// True when nothing goes wrong.
  package var isNone: Bool { battery.isEmpty && spikes.isEmpty && gaps.isEmpty }

  /// Returns how much of a period nobody logs: intervals of its grid with any of a silence in them. [s]
  func unloggedSeconds(of period: TimeGrid) -> Double {
    guard !gaps.isEmpty else { return 0 }
    let step = Double(period.stepSeconds)
    return step * Double(period.indices.count { isSilent(Double($0) * step, length: step) })
  }

  private func isSilent(_ from: Double, length: Double) -> Bool {
    gaps.contains { $0.touches(from, from + length) }
  }

  /// The fault on a day of its own, at other times: what of it has a time begins and ends there. [s]
  func moved(to span: Range<Double>) -> StressFault {
    var moved = self
    for k in moved.battery.indices {
      moved.battery[k].startSeconds = span.lowerBound
      moved.battery[k].endSeconds = span.upperBound
    }
    for k in moved.spikes.indices {
      moved.spikes[k].startSeconds = span.lowerBound
      moved.spikes[k].endSeconds = span.upperBound
    }
    return moved
  }

  /// Returns the history with the pulses in its load, and without a record of what nobody logs.
  ///
  /// - Parameters:
  ///   - history: Measurements.
  ///   - start: First instant of the period. [UTC epoch s]
  /// - Returns: The history; means over its slots.
  func applied(to history: SiteHistory, from start: Int) -> SiteHistory {
    var stressed = history
    let grid = history.grid
    guard let load = history[.load], !spikes.isEmpty else { return unlogged(stressed, from: start) }
    stressed[.load] = load.enumerated().map { i, power in
      let from = Double(grid.instant(i) - start)
      return spikes.reduce(power) {
        $0 + $1.meanKW(from: from, to: from + Double(grid.stepSeconds))
      }
    }
    return unlogged(stressed, from: start)
  }

  private func unlogged(_ history: SiteHistory, from start: Int) -> SiteHistory {
    guard !gaps.isEmpty else { return history }
    var history = history
    let grid = history.grid
    history.setUnlogged(
      grid.indices.map { i in
        let from = Double(grid.instant(i) - start)
        return from >= 0 && isSilent(from, length: Double(grid.stepSeconds))
      })
    return history
  }
}
