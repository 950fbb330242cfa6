package import Diagnostics
package import Replay
package import TimeSeries

/// Replays batteries and counts what each earns.
///
/// The savings are those of an average replayed year; a period that is not whole years is scaled to 365
/// days where the settings say so, and refused otherwise. How later years differ from it is told by
/// ``LifetimeSettings``.
package struct SizingStudy: Sendable {
  /// The sites by the positions that candidates name, the one as it is first.
  package let sites: [SizingSite]
  /// Nothing first; then, site by site, none of the batteries and every battery that was tried, sizes by energy and
  /// power before products.
  package let candidates: [SizingCandidate]
  /// Position of the candidate with the highest net present value; that of nothing where none pays.
  package let bestIndex: Int
  /// Positions of the best candidate and of those that pay and whose net present value differs from the
  /// best one's by no more than the 95 % interval of the paired months.
  package let flatRegion: [Int]
  /// Whole years that were replayed; nothing where a part of a year stands for one.
  package let wholeYears: Int?
  /// Factor by which the period's savings are scaled to a year.
  package let yearFactor: Double
  /// Cells of the grids that were not tried, because others around them did better.
  package let skippedCells: Int
  /// What a linear program over the year finds, where it was asked.
  package let continuous: CapacityOptimum?

  /// The best candidate, or the battery that loses least where none pays; nothing where no battery was tried.
  package var bestBattery: SizingCandidate? {
    let best = candidates[bestIndex]
    guard best.isNoBattery else { return best }
    return candidates.filter { !$0.isNoBattery }.max { $0.netPresentValue < $1.netPresentValue }
  }

  /// Replays every candidate, or those that a search leads to.
  ///
  /// - Parameters:
  ///   - work: What is replayed.
  ///   - cells: Candidates that were replayed before, and what becomes of the others.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done.
  /// - Throws: What building a candidate or a replay throws; `MissingCandidates` where `cells` refuses to replay what
  ///   is missing; `CancellationError`.
  package init(
    _ work: SizingWork, cells: SizingCells = SizingCells(), threads: Int,
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let runner = try work.runner(threads: threads, monitor: monitor)
    let ledger = SizingLedger(cells)
    let fixed = try work.fixed()
    var replayed = try ledger.runs(fixed.flatMap { $0 }, by: runner)[...]
    let continuous = try work.continuous()
    var runs: [SizedRun] = []
    var skipped = 0
    for place in work.sites.indices {
      if let none = runner.none(site: place) { runs.append(none) }
      let searched = try work.searched(place, hint: continuous, ledger: ledger, runner: runner)
      if work.settings.search == .refine { skipped += work.grid(place).count - searched.count }
      runs += searched
      runs += replayed.prefix(fixed[place].count)
      replayed = replayed.dropFirst(fixed[place].count)
    }
    try self.init(
      runs: runs, sites: work.sites, period: work.replay.period, settings: work.settings,
      seed: work.replay.settings.seed, skippedCells: skipped, continuous: continuous)
  }

  /// Counts the money of candidates that were replayed.
  ///
  /// - Parameters:
  ///   - runs: The runs, that of doing nothing first.
  ///   - sites: The sites by the positions that runs have.
  ///   - period: The replayed period.
  ///   - settings: How money is counted.
  ///   - seed: Seed of the draws.
  ///   - skippedCells: Cells of the grids that were not tried.
  ///   - continuous: What a linear program finds.
  /// - Throws: `InputError` when a life is used up more than 365 times a year.
  package init(
    runs: [SizedRun], sites: [SizingSite], period: TimeGrid, settings: SizingSettings,
    seed: UInt64, skippedCells: Int = 0, continuous: CapacityOptimum? = nil
  ) throws(InputError) {
    let factor = Self.yearFactor(of: period)
    let whole = SizingSettings.wholeYears(in: period)
    let none = runs[0]
    var candidates: [SizingCandidate] = []
    for (place, run) in runs.enumerated() {
      candidates.append(
        try SizingCandidate(
          run, none: none, isNothing: place == 0, price: sites[run.site].price,
          yearFactor: factor, settings: settings, seed: seed))
    }
    // Of equal values the first one, so that a battery has to earn something.
    let best =
      candidates.indices.filter { candidates[$0].isOffered }.max {
        (candidates[$0].netPresentValue, -$0) < (candidates[$1].netPresentValue, -$1)
      } ?? 0
    for i in candidates.indices {
      candidates[i].againstBest = Self.difference(
        candidates[i], candidates[best], days: whole == nil ? nil : period, yearFactor: factor)
    }
    self.sites = sites
    self.candidates = candidates
    self.skippedCells = skippedCells
    self.continuous = continuous
    wholeYears = whole
    bestIndex = best
    yearFactor = factor
    flatRegion = candidates.indices.filter { place in
      guard place != best, candidates[best].pays else { return place == best }
      guard candidates[place].pays, let part = candidates[place].againstBest else { return false }
      return abs(part.difference) <= part.halfWidth ?? 0
    }
  }

  /// Returns the factor by which a period's savings are scaled to a year.
  package static func yearFactor(of period: TimeGrid) -> Double {
    SizingSettings.wholeYears(in: period).map { 1 / Double($0) }
      ?? 365 * 86_400 / Double(period.end - period.start)
  }

  /// Returns the net present value less that of another candidate, with the half-width of the paired months.
  ///
  /// - Parameters:
  ///   - a: The candidate.
  ///   - b: The candidate whose value is taken off.
  ///   - days: The replayed period; nothing for a part of a year, which has no interval.
  ///   - yearFactor: Factor by which its savings are scaled to a year.
  /// - Returns: The difference. [currency]
  private static func difference(
    _ a: SizingCandidate, _ b: SizingCandidate, days: TimeGrid?, yearFactor: Double
  ) -> PairedInterval.Part {
    let difference = a.netPresentValue - b.netPresentValue
    guard let days else { return PairedInterval.Part(difference: difference, halfWidth: nil) }
    let pair = PairedInterval(a.run.versionCosts, b.run.versionCosts)
    let annuity = max(a.annuity, b.annuity)
    let paired = Double(days.end - days.start) / 86_400 / Double(max(1, pair.days))
    return PairedInterval.Part(
      difference: difference,
      halfWidth: pair.total.halfWidth.map { $0 * yearFactor * paired * annuity })
  }
}
