package import Telemetry
import TimeSeries

/// Signals of a log on its own steps, held over short holes, in stretches that no gap interrupts.
///
/// A signal keeps its newest value for at most the largest age; steps in which one that is named has none
/// end a stretch, as gaps do. The climb of a
/// temperature out of the start-up of a logger's filter is left out, because it is no heat.
package struct TelemetryFrame: Sendable {
  /// One signal, one value per step.
  struct Channel: Sendable {
    /// Unit that the log keeps it in.
    var unit: String
    /// Newest value at or before each step; NaN where there is none of an allowed age.
    var held: [Double]
    /// Value measured in each step; NaN where there is none.
    var measured: [Double]
  }

  /// What was held, left out and missing.
  package struct Counts: Sendable, Equatable {
    /// Steps of the log.
    package var steps = 0
    /// Gaps within runs.
    package var gaps = 0
    /// Steps whose temperature is that of an earlier step.
    package var heldSteps = 0
    /// Steps in which a named signal has no value of an allowed age.
    package var unknownSteps = 0
    /// Steps left out after restarts, while the logger's filter climbs.
    package var rampSteps = 0
  }

  /// Name for people, such as the end of a path.
  package let name: String
  /// Instants of the steps. [UTC epoch s, or s since the start of the run on its own day]
  package let instants: [Int]
  /// Most frequent distance of steps. [s]
  package let typicalSeconds: Int
  /// Positions of steps that follow each other without a gap.
  package let stretches: [Range<Int>]
  /// For each stretch the steps from its start through which a plan is known, which go on where a plan is longer
  /// than what was measured.
  let planned: [Range<Int>]
  /// Names of the runs.
  package let runNames: [String]
  /// First step of each run.
  let runFirstSteps: [Int]
  /// Run of each stretch.
  let runOfStretch: [Int]
  /// First temperature of each run; NaN for a run without any. [°C]
  let runStartC: [Double]
  /// Which signal plays which part.
  package internal(set) var columns: WarningColumns
  var channels: [String: Channel]
  /// What was held and left out.
  package let counts: Counts

  /// Prepares the signals of a log.
  ///
  /// - Parameters:
  ///   - log: The log.
  ///   - name: Name for people.
  ///   - columns: Which signal plays which part, with names that the log has.
  ///   - maxAgeSeconds: Longest time that a value is held; three steps, but 5 s at least, when absent. [s]
  package init(
    _ log: SignalLog, name: String, columns: WarningColumns, maxAgeSeconds: Int? = nil
  ) {
    self.name = name
    self.columns = columns
    instants = log.instants
    typicalSeconds = log.typicalSeconds
    let age = maxAgeSeconds ?? max(5, 3 * log.typicalSeconds)
    let restarts = log.restarts
    let ramps = log.restartRamps(columns.temperature)
    let starts = Set(log.runs.map(\.position))
    var counts = Counts()
    counts.steps = log.instants.count
    counts.gaps = restarts.count { $0 > 0 && !starts.contains($0) }
    var channels: [String: Channel] = [:]
    var isKnown = [Bool](repeating: true, count: log.instants.count)
    let bounds = Array(zip(restarts, restarts.dropFirst() + [log.instants.count]))
    for name in columns.all {
      guard let signal = log[name] else { continue }
      var held = [Double](repeating: .nan, count: log.instants.count)
      for (start, end) in bounds {
        var newest: Int?
        for k in start..<end {
          if !signal.mean[k].isNaN { newest = k }
          if let newest, log.instants[k] - log.instants[newest] <= age {
            held[k] = signal.mean[newest]
          } else {
            isKnown[k] = false
          }
        }
      }
      channels[name] = Channel(unit: signal.unit, held: held, measured: signal.mean)
    }
    let measured = log[columns.temperature]?.mean ?? []
    let plan = columns.plannedCurrent.flatMap { channels[$0]?.held }
    var stretches: [Range<Int>] = []
    var planned: [Range<Int>] = []
    var runs: [Int] = []
    for (start, end) in bounds {
      let ramp = ramps.first { $0.lowerBound == start }
      let from = min(end, ramp?.upperBound ?? start)
      counts.rampSteps += from - start
      let run = max(0, log.runs.lastIndex { $0.position <= start } ?? 0)
      var first = from
      for k in from...end where k == end || !isKnown[k] {
        if first < k {
          stretches.append(first..<k)
          var reach = k
          while let plan, reach < end, plan[reach].isFinite { reach += 1 }
          planned.append(first..<reach)
          runs.append(run)
        }
        first = k + 1
        counts.unknownSteps += k < end ? 1 : 0
      }
    }
    counts.heldSteps = stretches.reduce(0) { $0 + $1.count { measured[$0].isNaN } }
    self.stretches = stretches
    self.planned = planned
    runOfStretch = runs
    runNames = log.runs.isEmpty ? [name] : log.runs.map(\.name)
    runFirstSteps = log.runs.isEmpty ? [0] : log.runs.map(\.position)
    var firstC = [Double](repeating: .nan, count: runNames.count)
    let temperature = channels[columns.temperature]?.held ?? []
    for (stretch, run) in zip(stretches, runs) where firstC[run].isNaN {
      firstC[run] = stretch.first.map { temperature[$0] } ?? .nan
    }
    runStartC = firstC
    self.channels = channels
    self.counts = counts
  }

  private init(_ frame: TelemetryFrame, through last: Int) {
    name = frame.name
    instants = Array(frame.instants[...last])
    typicalSeconds = frame.typicalSeconds
    stretches = frame.stretches.filter { $0.lowerBound <= last }
      .map { $0.lowerBound..<min($0.upperBound, last + 1) }
    planned = stretches
    runNames = frame.runNames
    runFirstSteps = frame.runFirstSteps
    runOfStretch = frame.runOfStretch
    runStartC = frame.runStartC
    columns = frame.columns
    channels = frame.channels.mapValues {
      Channel(unit: $0.unit, held: Array($0.held[...last]), measured: Array($0.measured[...last]))
    }
    counts = frame.counts
  }

  /// Puts a single stretch together, of which only the first steps are measured.
  init(
    instants: [Int], known: Int, channels: [String: Channel], columns: WarningColumns,
    typicalSeconds: Int, startC: Double
  ) {
    name = ""
    self.instants = instants
    self.typicalSeconds = typicalSeconds
    stretches = [0..<known]
    planned = [0..<instants.count]
    runNames = [""]
    runFirstSteps = [0]
    runOfStretch = [0]
    runStartC = [startC]
    self.columns = columns
    self.channels = channels
    counts = Counts()
  }

  /// Returns the frame as it was known at a step: nothing after it exists.
  func cut(through last: Int) -> TelemetryFrame { TelemetryFrame(self, through: last) }

  /// When a step is: an instant in UTC, or seconds since the first step of the run where times are such.
  package func timeText(_ step: Int) -> String {
    // Runs with times of their own begin at 1970 and are a day apart.
    if let start = instants.first, start >= 100_000_000 {
      return Instant.utcText(instants[step])
    }
    let first = runFirstSteps.last { $0 <= step } ?? 0
    return "\(instants[step] - instants[first])"
  }

  /// Newest value of a signal at each step; NaN where there is none.
  func held(_ name: String?) -> [Double]? { name.flatMap { channels[$0]?.held } }

  /// The temperature with the limit at each step. [°C]
  var temperatureC: [Double] {
    held(columns.temperature) ?? [Double](repeating: .nan, count: instants.count)
  }

  /// The position of the newest step at or before an instant, within a stretch.
  func position(at instant: Int, in stretch: Range<Int>) -> Int? {
    guard let first = stretch.first, instants[first] <= instant else { return nil }
    var low = first
    var high = stretch.upperBound - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if instants[middle] <= instant { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
