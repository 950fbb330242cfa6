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

/// A named set of things that go wrong together in a stress study.
package struct StressFault: Sendable {
  /// Name shown in results.
  package var name: String
  /// What goes wrong with the battery; empty for the healthy one.
  package var battery: [FaultSpecification]
  /// Pulses of the site's load.
  package var spikes: [LoadSpikes]

  /// Names a set of faults.
  package init(name: String, battery: [FaultSpecification] = [], spikes: [LoadSpikes] = []) {
    self.name = name
    self.battery = battery
    self.spikes = spikes
  }

  /// True when nothing goes wrong.
  package var isNone: Bool { battery.isEmpty && spikes.isEmpty }

  /// Returns the history with the pulses in its load.
  ///
  /// - Parameters:
  ///   - history: Measurements.
  ///   - start: First instant of the period. [UTC epoch s]
  /// - Returns: The history; means over its slots.
  func applied(to history: SiteHistory, from start: Int) -> SiteHistory {
    guard !spikes.isEmpty, let load = history[.load] else { return history }
    var stressed = history
    let grid = history.grid
    stressed[.load] = load.enumerated().map { i, power in
      let from = Double(grid.instant(i) - start)
      return spikes.reduce(power) {
        $0 + $1.meanKW(from: from, to: from + Double(grid.stepSeconds))
      }
    }
    return stressed
  }
}
