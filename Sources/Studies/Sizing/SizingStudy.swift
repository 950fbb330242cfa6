import Diagnostics
package import Replay
import TimeSeries
import Twin

/// Replays a grid of battery sizes and counts what each earns.
///
/// The savings are those of an average replayed year; a period that is not whole years is scaled to 365
/// days where the settings say so, and refused otherwise. The fade of capacity does not lower later
/// savings; cells are replaced when the twin's share of life used says so: the first ones when what they had left is
/// used up, those after them when a whole life is.
package struct SizingStudy: Sendable {
  /// No battery, then one per pair of energy and power, energies in the outer order.
  package let candidates: [SizingCandidate]
  /// Position of the candidate with the highest net present value; that of no battery where none pays.
  package let bestIndex: Int
  /// Positions of the best candidate and of those that pay and whose net present value differs from the
  /// best one's by no more than the 95 % interval of the paired months.
  package let flatRegion: [Int]
  /// Whole years that were replayed; nothing where a part of a year stands for one.
  package let wholeYears: Int?
  /// Factor by which the period's savings are scaled to a year.
  package let yearFactor: Double

  /// The best candidate, or the battery that loses least where none pays; nothing where no battery was tried.
  package var bestBattery: SizingCandidate? {
    let best = candidates[bestIndex]
    guard best.isNoBattery else { return best }
    return candidates.dropFirst().max { $0.netPresentValue < $1.netPresentValue }
  }

  /// Replays every candidate.
  ///
  /// - Parameters:
  ///   - replay: The case; its twin is replaced by each candidate's.
  ///   - version: The forecasts that plans are made with.
  ///   - settings: Sizes and money.
  ///   - twinOfSize: Builds the battery system of a candidate.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done.
  /// - Throws: `InputError` when the period cannot stand for a year; what building a candidate or a replay
  ///   throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, version: ForecastVersion, settings: SizingSettings,
    twinOfSize: @escaping TwinOfSize, threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    if let refusal = settings.refusal(of: replay.period) { throw InputError(refusal) }
    let noBattery = try Replayer(replay).run(.noBattery, monitor: monitor)
    let wholeYears = SizingSettings.wholeYears(in: replay.period)
    let factor =
      wholeYears.map { 1 / Double($0) }
      ?? 365 * 86_400 / Double(replay.period.end - replay.period.start)
    let sizes = settings.energiesKWh.flatMap { energy in
      settings.powersKW.map { (energyKWh: energy, powerKW: $0) }
    }
    struct Run: Sendable {
      let planned: ReplayOutcome
      let oracle: ReplayOutcome?
    }
    let runs = try parallelMap(sizes.map { [$0.energyKWh, $0.powerKW] }, threads: threads) {
      size in
      let battery = try twinOfSize(size[0], size[1])
      guard battery.hasLifeLeft else {
        throw InputError(
          "cells of the battery start at or below 'end_of_life_fraction', so 'size' has no life to count; "
            + "lower it")
      }
      let candidate = try replay.with(battery: battery)
      let replayer = Replayer(candidate)
      return Run(
        planned: try replayer.run(.planned(version), monitor: monitor),
        oracle: settings.withOracle ? try replayer.run(.oracle, monitor: monitor) : nil)
    }
    let batteries = try zip(sizes, runs).map { size, run in
      try SizingCandidate(
        energyKWh: size.energyKWh, powerKW: size.powerKW, planned: run.planned,
        oracle: run.oracle, noBattery: noBattery, yearFactor: factor, settings: settings,
        seed: replay.settings.seed)
    }
    var candidates =
      [SizingCandidate(noBattery: noBattery, yearFactor: factor, settings: settings)] + batteries
    // Of equal values the first one, so that a battery has to earn something.
    let best =
      candidates.indices.filter { candidates[$0].isOffered }.max {
        (candidates[$0].netPresentValue, -$0) < (candidates[$1].netPresentValue, -$1)
      } ?? 0
    for i in candidates.indices {
      candidates[i].againstBest = SizingStudy.difference(
        candidates[i], candidates[best], days: wholeYears == nil ? nil : replay.period)
    }
    self.candidates = candidates
    self.wholeYears = wholeYears
    bestIndex = best
    yearFactor = factor
    flatRegion = candidates.indices.filter { place in
      guard place != best, candidates[best].pays else { return place == best }
      guard candidates[place].pays, let part = candidates[place].againstBest else { return false }
      return abs(part.difference) <= part.halfWidth ?? 0
    }
  }

  /// Returns the net present value less that of another candidate, with the half-width of the paired months.
  ///
  /// - Parameters:
  ///   - a: The candidate.
  ///   - b: The candidate whose value is taken off.
  ///   - days: The replayed period; nothing for a part of a year, which has no interval.
  /// - Returns: The difference. [currency]
  private static func difference(
    _ a: SizingCandidate, _ b: SizingCandidate, days: TimeGrid?
  ) -> PairedInterval.Part {
    let difference = a.netPresentValue - b.netPresentValue
    guard let days else { return PairedInterval.Part(difference: difference, halfWidth: nil) }
    let pair = PairedInterval(
      VersionCosts(a.outcome, withWear: false), VersionCosts(b.outcome, withWear: false))
    let annuity = max(a.annuity, b.annuity)
    let paired = Double(days.end - days.start) / 86_400 / Double(max(1, pair.days))
    return PairedInterval.Part(
      difference: difference,
      halfWidth: pair.total.halfWidth.map { $0 * a.yearFactor * paired * annuity })
  }

  /// Returns how many intervals a study reports to its monitor.
  package static func intervalCount(_ replay: ReplayCase, settings: SizingSettings) -> Int {
    let sizes = settings.energiesKWh.count * settings.powersKW.count
    return (1 + sizes * (settings.withOracle ? 2 : 1)) * replay.period.count
  }
}
