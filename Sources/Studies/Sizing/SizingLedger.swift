/// Candidates that were replayed before, so that none is replayed twice.
struct SizingLedger: Sendable {
  private let known: [Key: SizedRun]
  private let keep: @Sendable (SizedRun) throws -> Void

  /// What tells candidates of one study apart.
  private struct Key: Hashable {
    var site: Int
    var product: String?
    var energyKWh: Double
    var powerKW: Double
  }

  init(_ known: [SizedRun], keep: @escaping @Sendable (SizedRun) throws -> Void) {
    var runs: [Key: SizedRun] = [:]
    for run in known {
      let key = Key(
        site: run.site, product: run.product, energyKWh: run.energyKWh, powerKW: run.powerKW)
      runs[key] = run
    }
    self.known = runs
    self.keep = keep
  }

  /// Returns the runs of candidates; those that are not known are replayed.
  func runs(
    _ candidates: [SizingRunner.Candidate], by runner: SizingRunner
  ) throws -> [SizedRun] {
    let keys = candidates.map {
      Key(
        site: $0.site, product: $0.battery.name, energyKWh: $0.battery.energyKWh,
        powerKW: $0.battery.powerKW)
    }
    let fresh = candidates.indices.filter { known[keys[$0]] == nil }
    let replayed = try runner.runs(fresh.map { candidates[$0] }, keep: keep)
    var byPlace = Dictionary(uniqueKeysWithValues: zip(fresh, replayed))
    return candidates.indices.compactMap { known[keys[$0]] ?? byPlace.removeValue(forKey: $0) }
  }
}
