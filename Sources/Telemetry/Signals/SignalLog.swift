import Documents
import Numerics
package import TimeSeries

/// Signals of several files on one clock: distinct steps, and per signal the mean, extremes and count.
///
/// A step exists when any file has a sample in it; a signal without samples in a step is NaN there, with
/// count 0. Steps that no file has do not exist: they are gaps.
package struct SignalLog: Sendable {
  /// One signal, one value per step.
  package struct Signal: Sendable {
    /// Canonical name: lower case, words joined by underscores.
    package let name: String
    /// Unit in which values are kept, empty when the file names none.
    package let unit: String
    /// File it came from.
    package let file: String
    /// Mean of the samples of each step; NaN without samples.
    package internal(set) var mean: [Double]
    /// Smallest sample of each step.
    package internal(set) var minimum: [Double]
    /// Largest sample of each step.
    package internal(set) var maximum: [Double]
    /// Root of the mean square of the samples of each step; NaN without samples.
    package internal(set) var rms: [Double] = []
    /// Mean magnitude of the samples of each step; NaN without samples.
    package internal(set) var absoluteMean: [Double] = []
    /// Number of samples of each step.
    package internal(set) var count: [Int]
  }

  /// Length of a step. [s]
  package let stepSeconds: Int
  /// First instants of the steps that exist, in order. [UTC epoch s]
  package let instants: [Int]
  /// The signals, in order of files and columns.
  package internal(set) var signals: [Signal]
  /// Rows per step of each file, in order of files.
  package let samplesPerFile: [(name: String, count: [Int])]
  /// Names of the runs and the position of the first step of each; empty when nothing names runs.
  package internal(set) var runs: [(name: String, position: Int)] = []

  /// The signal of a name, nothing when there is none.
  package subscript(name: String) -> Signal? { signals.first { $0.name == name } }

  /// Most frequent distance of steps that exist: 1 s for a fast log, 20 s for a slow one. [s]
  package var typicalSeconds: Int {
    var counts: [Int: Int] = [:]
    for (before, after) in zip(instants, instants.dropFirst()) {
      counts[after - before, default: 0] += 1
    }
    return Statistics.mode(counts) ?? stepSeconds
  }

  /// Stretches without any row for more than one and a half of the typical distance, as the missing instants.
  package var gaps: [Range<Int>] {
    let typical = typicalSeconds
    var gaps: [Range<Int>] = []
    for (before, after) in zip(instants, instants.dropFirst())
    where 2 * (after - before) > 3 * typical {
      gaps.append(before + typical..<after)
    }
    return gaps
  }

  /// Positions of the first step of each stretch without gaps; a run begins one.
  package var restarts: [Int] {
    let typical = typicalSeconds
    let begun = Set(runs.map(\.position))
    return instants.indices.filter {
      $0 == 0 || 2 * (instants[$0] - instants[$0 - 1]) > 3 * typical || begun.contains($0)
    }
  }

  /// Stretches of consecutive steps in which the mean of a signal reaches a limit.
  ///
  /// - Parameters:
  ///   - name: Name of the signal.
  ///   - limit: Least value, in the unit of the signal.
  /// - Returns: Positions of steps; a stretch ends at a gap.
  package func events(_ name: String, atLeast limit: Double) -> [Range<Int>] {
    guard let mean = self[name]?.mean else { return [] }
    var events: [Range<Int>] = []
    var first: Int?
    let breaks = Set(restarts)
    for k in 0...instants.count {
      let goesOn = k < instants.count && mean[k] >= limit
      if let start = first, !goesOn || breaks.contains(k) {
        events.append(start..<k)
        first = nil
      }
      if goesOn, first == nil { first = k }
    }
    return events
  }

  /// Change of the mean of a signal until a lead later, by time and never across a gap.
  ///
  /// - Parameters:
  ///   - name: Name of the signal.
  ///   - leadSeconds: How far ahead. [s]
  /// - Returns: One value per step; NaN where a value is missing, a gap lies between, or no step lies within
  ///   half the typical distance of the lead.
  package func change(_ name: String, leadSeconds: Int) -> [Double] {
    guard let mean = self[name]?.mean else { return [] }
    let typical = typicalSeconds
    let bounds = restarts + [instants.count]
    var output = [Double](repeating: .nan, count: instants.count)
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      var later = start
      for k in start..<end {
        let target = instants[k] + leadSeconds
        func distance(_ j: Int) -> Int { abs(instants[j] - target) }
        while later + 1 < end, distance(later + 1) <= distance(later) { later += 1 }
        if 2 * distance(later) <= typical { output[k] = mean[later] - mean[k] }
      }
    }
    return output
  }

  /// Steps after a restart in which a signal still climbs from the start-up of the logger's filter.
  ///
  /// A ramp is taken to be there when the first value after a restart is below 30 % of the value
  /// 10 s later; it ends when the signal has reached 95 % of its median between 25 s and 60 s after the
  /// restart, or after 60 s, or at the next gap.
  ///
  /// - Parameter name: Name of the signal.
  /// - Returns: Positions of steps.
  package func restartRamps(_ name: String) -> [Range<Int>] {
    guard let mean = self[name]?.mean else { return [] }
    let bounds = restarts + [instants.count]
    var ramps: [Range<Int>] = []
    for (start, end) in zip(bounds, bounds.dropFirst()) {
      let seconds = { (k: Int) in instants[k] - instants[start] }
      let known = (start..<end).filter { !mean[$0].isNaN && seconds($0) <= 60 }
      guard let first = known.first, let later = known.first(where: { seconds($0) >= 10 }),
        mean[first] < 0.3 * mean[later]
      else { continue }
      let settled = known.filter { seconds($0) >= 25 }.map { mean[$0] }.sorted()
      let target = settled.isEmpty ? Double.infinity : settled[settled.count / 2]
      let last = known.first { mean[$0] >= 0.95 * target } ?? (known.last ?? start) + 1
      ramps.append(start..<last)
    }
    return ramps
  }

  /// Means of a signal held on a grid, with the age of each value.
  ///
  /// - Parameters:
  ///   - name: Name of the signal.
  ///   - grid: Slots; a slot takes the newest value at or before its first instant.
  ///   - maxAgeSeconds: Older values are missing. [s]
  /// - Returns: One value (NaN when missing) and one age per slot. [s]
  package func held(
    _ name: String, on grid: TimeGrid, maxAgeSeconds: Int
  ) -> (values: [Double], ageSeconds: [Int]) {
    var values = [Double](repeating: .nan, count: grid.count)
    var ages = [Int](repeating: 0, count: grid.count)
    guard let mean = self[name]?.mean else { return (values, ages) }
    var position = 0
    var newest: Int?
    for slot in grid.indices {
      let instant = grid.instant(slot)
      while position < instants.count, instants[position] <= instant {
        if !mean[position].isNaN { newest = position }
        position += 1
      }
      guard let newest else { continue }
      ages[slot] = instant - instants[newest]
      if ages[slot] <= maxAgeSeconds { values[slot] = mean[newest] }
    }
    return (values, ages)
  }
}

extension SignalLog {
  /// Returns the name that a signal has when its column is called so.
  package static func canonicalName(_ header: String) -> String {
    SignalTable.canonicalName(header)
  }
}
