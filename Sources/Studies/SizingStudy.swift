import Numerics
package import Replay
import TimeSeries

/// Replays a grid of battery sizes and counts what each earns.
///
/// The savings of the replayed period are scaled to a year of 365 days. The fade of capacity does
/// not lower later savings; cells are replaced when the twin's share of life used says so.
package struct SizingStudy: Sendable {
  /// One per pair of energy and power, energies in the outer order.
  package let candidates: [SizingCandidate]
  /// Position of the candidate with the highest net present value.
  package let bestIndex: Int
  /// Positions of the candidates whose p10…p90 range reaches the best one's value.
  package let flatRegion: [Int]
  /// Factor by which the period's savings are scaled to a year.
  package let yearFactor: Double

  /// Replays every candidate.
  ///
  /// - Parameters:
  ///   - replay: The case; its twin is replaced by each candidate's.
  ///   - version: The forecasts that plans are made with.
  ///   - settings: Sizes and money.
  ///   - twinOfSize: Builds the battery system of a candidate.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done.
  /// - Throws: What building a candidate or a replay throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, version: ForecastVersion, settings: SizingSettings,
    twinOfSize: @escaping TwinOfSize, threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let noBattery = try Replayer(replay).run(.noBattery, monitor: monitor)
    let factor = 365 * 86_400 / Double(replay.period.end - replay.period.start)
    let sizes = settings.energiesKWh.flatMap { energy in
      settings.powersKW.map { (energyKWh: energy, powerKW: $0) }
    }
    struct Run: Sendable {
      let planned: ReplayOutcome
      let oracle: ReplayOutcome?
    }
    let runs = try parallelMap(sizes.map { [$0.energyKWh, $0.powerKW] }, threads: threads) {
      size in
      let candidate = try replay.with(twin: try twinOfSize(size[0], size[1]))
      let replayer = Replayer(candidate)
      return Run(
        planned: try replayer.run(.planned(version), monitor: monitor),
        oracle: settings.withOracle ? try replayer.run(.oracle, monitor: monitor) : nil)
    }
    let candidates = try zip(sizes, runs).map { size, run in
      try SizingCandidate(
        energyKWh: size.energyKWh, powerKW: size.powerKW, planned: run.planned,
        oracle: run.oracle, noBattery: noBattery, yearFactor: factor, settings: settings,
        seed: replay.settings.seed)
    }
    let best =
      candidates.indices.max {
        (candidates[$0].netPresentValue, -$0) < (candidates[$1].netPresentValue, -$1)
      } ?? 0
    self.candidates = candidates
    bestIndex = best
    yearFactor = factor
    let reach = candidates.isEmpty ? 0 : candidates[best].netPresentValue
    flatRegion = candidates.indices.filter { candidates[$0].netPresentValueP90 >= reach }
  }

  /// Returns how many intervals a study reports to its monitor.
  package static func intervalCount(_ replay: ReplayCase, settings: SizingSettings) -> Int {
    let sizes = settings.energiesKWh.count * settings.powersKW.count
    return (1 + sizes * (settings.withOracle ? 2 : 1)) * replay.period.count
  }
}
