import Numerics
package import Replay

/// One leaderboard over many sites.
///
/// The unit is the share of the oracle's saving that a version captures at a site, which is free of currency and size.
/// Sites of one place share weather and market: they are averaged first, and means, intervals, ranks and tests are
/// over places. A reference that was fixed beforehand is what every other version is tested against, by the exact
/// signed-rank test with Holm's correction over the versions that can be tested.
package struct BenchmarkStudy: Sendable {
  /// The sites, in the order given.
  package let sites: [BenchmarkSite]
  /// The version that the others are tested against.
  package let reference: String
  /// Versions by the mean share they capture, those of all sites first.
  package let rows: [BenchmarkRow]
  /// Places that shares exist at.
  package let places: [String]

  /// Replays sites.
  ///
  /// - Parameters:
  ///   - tasks: The sites.
  ///   - reference: Name of a version of every site.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done; there are `intervalCount(…)` in all.
  /// - Throws: What a replay throws, or `CancellationError`.
  package init(
    _ tasks: [BenchmarkSite.Task], reference: String, threads: Int,
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    // The longest first, so that no thread waits long for the last one.
    let order = tasks.indices.sorted { a, b in
      let (one, other) = (Self.intervalCount(tasks[a]), Self.intervalCount(tasks[b]))
      return one > other || (one == other && a < b)
    }
    let found = try parallelMap(order, threads: threads) { place in
      try BenchmarkSite(tasks[place], monitor: monitor)
    }
    var sites: [BenchmarkSite?] = tasks.map { _ in nil }
    for (place, site) in zip(order, found) { sites[place] = site }
    self.init(sites.compactMap { $0 }, reference: reference)
  }

  /// Pools sites that were replayed.
  package init(_ sites: [BenchmarkSite], reference: String) {
    self.sites = sites
    self.reference = reference
    var names: [String] = []
    for site in sites {
      for result in site.versions + [site.rule]
      where result.label.isEmpty && !names.contains(result.version) {
        names.append(result.version)
      }
    }
    var places: [String] = []
    for site in sites where site.rule.share != nil && !places.contains(site.place) {
      places.append(site.place)
    }
    self.places = places
    let everywhere = names.filter { name in
      sites.allSatisfy { $0.rule.share == nil || $0.result(name)?.share != nil }
    }
    var rows = names.compactMap { name in
      BenchmarkRow(
        name, sites, places: places, reference: reference,
        ranked: everywhere.contains(name) ? everywhere : nil)
    }
    let tested = rows.indices.filter { rows[$0].canBeTested }
    let probabilities = HolmCorrection.adjusted(tested.map { rows[$0].alone })
    for (place, probability) in zip(tested, probabilities) { rows[place].probability = probability }
    self.rows = rows.enumerated().sorted { one, other in
      let (a, b) = (one.element, other.element)
      if (a.meanRank != nil) != (b.meanRank != nil) { return a.meanRank != nil }
      return a.share > b.share || (a.share == b.share && one.offset < other.offset)
    }.map(\.element)
  }

  /// Returns how many intervals a site reports to its monitor.
  package static func intervalCount(_ task: BenchmarkSite.Task) -> Int {
    ForecastComparison.intervalCount(
      task.replay, versionCount: task.versions.count, plannerCount: task.planners.count)
  }
}
