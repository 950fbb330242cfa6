/// Candidates that were replayed before, so that none is replayed twice.
struct SizingLedger: Sendable {
  private let known: [Key: SizedRun]
  private let cells: SizingCells

  /// What tells candidates of one study apart.
  private struct Key: Hashable {
    var site: Int
    var product: String?
    var energyKWh: Double
    var powerKW: Double
  }

  init(_ cells: SizingCells) {
    var runs: [Key: SizedRun] = [:]
    for run in cells.known {
      let key = Key(
        site: run.site, product: run.product, energyKWh: run.energyKWh, powerKW: run.powerKW)
      runs[key] = run
    }
    known = runs
    self.cells = cells
  }

  /// Returns the runs of candidates; those that are not known are replayed.
  ///
  /// - Throws: `MissingCandidates` where others have to replay some of them; what replays throw.
  func runs(
    _ candidates: [SizingRunner.Candidate], by runner: SizingRunner
  ) throws -> [SizedRun] {
    let keys = candidates.map {
      Key(
        site: $0.site, product: $0.battery.name, energyKWh: $0.battery.energyKWh,
        powerKW: $0.battery.powerKW)
    }
    let fresh = candidates.indices.filter { known[keys[$0]] == nil }
    let own =
      switch cells.missing {
      case .replay: fresh
      case .share(let shard): fresh.filter { shard.holds($0) }
      case .refuse: [Int]()
      }
    runner.pass(over: candidates.count - own.count)
    let replayed = try runner.runs(own.map { candidates[$0] }, keep: cells.keep)
    guard own.count == fresh.count else {
      throw MissingCandidates(count: fresh.count - own.count)
    }
    var byPlace = Dictionary(uniqueKeysWithValues: zip(own, replayed))
    return candidates.indices.compactMap { known[keys[$0]] ?? byPlace.removeValue(forKey: $0) }
  }
}
