import Diagnostics
import Forecasting
package import Replay
import TimeSeries
import Twin

/// What a sizing study replays: the site, what it may become, and the batteries that are tried there.
package struct SizingWork: Sendable {
  /// The sites by the positions that candidates name, the one as it is first.
  let sites: [SizingSite]
  let settings: SizingSettings
  let yearFactor: Double
  let version: ForecastVersion
  let others: [ForecastVersion]
  private let batteries: [BatteryChoice]
  private let twinOfSize: TwinOfSize

  /// Describes what is to be replayed.
  ///
  /// - Parameters:
  ///   - replay: The case; its twin is replaced by each candidate's.
  ///   - version: The forecasts that plans are made with.
  ///   - settings: Sizes and money.
  ///   - twinOfSize: Builds the battery system of a candidate.
  ///   - batteries: Batteries that are tried besides sizes.
  ///   - sites: What the site may become besides.
  ///   - others: Other forecasts that candidates are replayed with.
  /// - Throws: `InputError` when the period cannot stand for a year.
  package init(
    _ replay: ReplayCase, version: ForecastVersion, settings: SizingSettings,
    twinOfSize: @escaping TwinOfSize, batteries: [BatteryChoice] = [], sites: [SizingSite] = [],
    others: [ForecastVersion] = []
  ) throws {
    if let refusal = settings.refusal(of: replay.period) { throw InputError(refusal) }
    self.sites = [SizingSite(replay)] + sites
    self.settings = settings
    self.version = version
    self.others = others
    self.batteries = batteries
    self.twinOfSize = twinOfSize
    yearFactor = SizingStudy.yearFactor(of: replay.period)
  }

  /// The site as it is.
  var replay: ReplayCase { sites[0].replay }

  /// How many intervals the replays report to a monitor, at most where the study searches.
  package var intervalCount: Int {
    let each = SizingRunner.intervals(replay, settings: settings, others: others.count)
    let sizes = settings.energiesKWh.count * settings.powersKW.count + batteries.count
    return sites.count * (replay.period.count + sizes * each)
  }

  /// Prepares the replays of the sites without a battery, which all others are measured against.
  func runner(threads: Int, monitor: ReplayMonitor) throws -> SizingRunner {
    try SizingRunner(self, threads: threads, monitor: monitor)
  }

  /// What a linear program over the year finds, where it was asked.
  func continuous() throws -> CapacityOptimum? {
    guard settings.search == .refine else { return nil }
    return try CapacityOptimum(
      CapacityProblem(replay, settings: settings, yearFactor: yearFactor))
  }

  /// The candidates that are tried whatever others are worth, by site.
  func fixed() throws -> [[SizingRunner.Candidate]] {
    try sites.indices.map { place in
      (settings.search == .all ? try grid(place).all : [])
        + batteries.map { SizingRunner.Candidate(site: place, battery: $0) }
    }
  }

  /// The sizes at a site.
  func grid(_ place: Int) -> SizeGrid {
    SizeGrid(settings, site: place, twinOfSize: twinOfSize)
  }

  /// Replays the sizes at a site that a search leads to, in the order of results; nothing where it does not search.
  func searched(
    _ place: Int, hint: CapacityOptimum?, ledger: SizingLedger, runner: SizingRunner
  ) throws -> [SizedRun] {
    guard settings.search == .refine, let none = runner.none(site: 0) else { return [] }
    return try grid(place).searched(hint: hint) { cells in
      try ledger.runs(cells, by: runner)
    } value: {
      try SizingCandidate(
        $0, none: none, price: sites[place].price, yearFactor: yearFactor, settings: settings,
        seed: replay.settings.seed
      ).netPresentValue
    }
  }

  /// Replays a part of the candidates, for a study that is made of all parts.
  ///
  /// A search asks for candidates in rounds, each of which depends on the one before. A part replays its share of every
  /// round whose values are there; what the last of these lacks is for the other parts to do.
  ///
  /// - Parameters:
  ///   - cells: What was replayed before, and which part this is.
  ///   - threads: Largest number of threads.
  ///   - monitor: Told about intervals done.
  /// - Returns: Number of candidates that other parts have to replay, as far as it is known; 0 where a study can be made.
  /// - Throws: What building a candidate or a replay throws, or `CancellationError`.
  package func replayShare(
    _ cells: SizingCells, threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> Int {
    let runner = try runner(threads: threads, monitor: monitor)
    let ledger = SizingLedger(cells)
    var missing = 0
    func share(_ work: () throws -> [SizedRun]) throws {
      do { _ = try work() } catch let error as MissingCandidates { missing += error.count }
    }
    try share { try ledger.runs(try fixed().flatMap { $0 }, by: runner) }
    let hint = try continuous()
    for place in sites.indices {
      try share { try searched(place, hint: hint, ledger: ledger, runner: runner) }
    }
    return missing
  }
}
