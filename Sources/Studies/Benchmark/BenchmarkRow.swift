import Numerics

/// One version over all sites of a benchmark that have it.
package struct BenchmarkRow: Sendable {
  /// Name of the version.
  package let version: String
  /// Sites that have it and a saving to take a share of.
  package let sites: Int
  /// Places of these sites.
  package let places: Int
  /// Mean share of the oracle's saving, over places.
  package let share: Double
  /// Half of the 95 % interval of the share, Student's over places; nothing for fewer than three.
  package let halfWidth: Double?
  /// Sites at which it is cheaper than the reference.
  package let wins: Int
  /// Sites at which it is dearer.
  package let losses: Int
  /// Sites at which it costs the same.
  package let ties: Int
  /// Median over sites of its share less that of the reference.
  package let median: Double?
  /// Smallest and largest of these differences.
  package let range: ClosedRange<Double>?
  /// Mean rank among the versions of all sites, over places, 1 for the cheapest; nothing for a version of some sites.
  package let meanRank: Double?
  /// Probability of ranks as one-sided if it were as good as the reference, corrected for the number of versions;
  /// nothing where so few places can show nothing, and for the reference.
  package internal(set) var probability: Double?
  /// Mean over sites and quantities of its mean absolute error over that of the reference.
  package let relativeError: Double?

  /// The probability before correction.
  let alone: Double

  /// Places from which the signed-rank test can show anything at 5 % before correction.
  package static let leastPlaces = 6

  /// Gathers a version; nothing where no site has a share of it.
  ///
  /// - Parameters:
  ///   - version: Name of the version.
  ///   - sites: All sites.
  ///   - places: Places that have shares.
  ///   - reference: Name of the reference.
  ///   - ranked: Versions of all sites, of which it is one; nothing otherwise.
  init?(
    _ version: String, _ sites: [BenchmarkSite], places: [String], reference: String,
    ranked: [String]?
  ) {
    let own = sites.filter { $0.result(version)?.share != nil }
    guard !own.isEmpty else { return nil }
    func byPlace(_ value: (BenchmarkSite) -> Double?) -> [Double] {
      places.compactMap { place in
        let found = own.filter { $0.place == place }.compactMap(value)
        return found.isEmpty ? nil : Statistics.mean(found)
      }
    }
    let shares = byPlace { $0.result(version)?.share }
    self.version = version
    self.sites = own.count
    self.places = shares.count
    share = Statistics.mean(shares)
    let spread = StudentSpread(
      scale: Statistics.standardDeviation(shares) / Double(shares.count).squareRoot(),
      degreesOfFreedom: shares.count - 1)
    halfWidth = shares.count >= 3 ? spread.halfWidth(level: 0.95) : nil
    let paired = own.compactMap { site -> (money: Double, share: Double)? in
      guard let mine = site.result(version), let other = site.result(reference),
        let share = mine.share, let otherShare = other.share
      else { return nil }
      return (mine.cost - other.cost, share - otherShare)
    }
    let isReference = version == reference
    wins = paired.count { $0.money < -PairedInterval.cent }
    losses = paired.count { $0.money > PairedInterval.cent }
    ties = paired.count - wins - losses
    let differences = paired.map(\.share).sorted()
    median =
      differences.isEmpty || isReference
      ? nil : Statistics.quantile(sorted: differences, probability: 0.5)
    range = differences.first.flatMap { low in
      isReference ? nil : differences.last.map { low...$0 }
    }
    alone = SignedRankTest.probability(
      byPlace { site in
        guard let mine = site.result(version)?.share, let other = site.result(reference)?.share
        else { return nil }
        return mine - other
      }, tolerance: 1e-9)
    meanRank = ranked.map { names in
      Statistics.mean(
        byPlace { site in
          let costs = names.map { site.result($0)?.cost ?? .nan }
          let ranks = Statistics.ranks(costs)
          return names.firstIndex(of: version).map { ranks[$0] }
        })
    }
    let errors = own.flatMap { site -> [Double] in
      guard let mine = site.result(version), let other = site.result(reference) else { return [] }
      return mine.errors.compactMap { quantity, error in
        other.errors[quantity].flatMap { $0 > 0 ? error / $0 : nil }
      }
    }
    relativeError = errors.isEmpty ? nil : Statistics.mean(errors.sorted())
    self.isReference = isReference
  }

  private let isReference: Bool

  /// Whether the signed-rank test of it can show anything.
  var canBeTested: Bool {
    !isReference && places >= Self.leastPlaces
  }
}
