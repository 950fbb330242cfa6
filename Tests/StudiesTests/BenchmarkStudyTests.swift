import Replay
import Studies
import TestSupport
import Testing

@Suite("Benchmark over sites") struct BenchmarkStudyTests {
  /// A site at which the oracle saves 100 of 1000, so that a share of 0.8 costs 920.
  private func site(
    _ name: String, at place: String, shares: [String: Double], oracle: String? = nil
  ) -> BenchmarkSite {
    func result(_ version: String, _ share: Double, label: String = "") -> BenchmarkSite.Result {
      BenchmarkSite.Result(
        version: version, cost: 1000 - 100 * share, share: share, label: label,
        errors: [.load: version == "ref" ? 2 : 3])
    }
    var versions = shares.sorted { $0.value > $1.value }.map { result($0.key, $0.value) }
    if let oracle { versions.insert(result(oracle, 1, label: "oracle"), at: 0) }
    return BenchmarkSite(
      name: name, place: place, currency: "EUR", start: 0, end: 86_400, noBattery: 1000,
      oracle: 900, rule: result(BenchmarkSite.ruleName, 0.4), versions: versions)
  }

  // Two sites of one place and one of another. v captures (0.8 + 0.6) / 2 = 0.7 and 0.9: 0.8; at the first place
  // it is the first of three versions twice, at the other as well. w has 0.3, 0.5 and 0.1: ranks with the rule
  // (0.4) 4, 2.5 against the reference's equal 0.5, and 4; the mean of 3.25 and 4.
  @Test("sites of a place are averaged first") func places() throws {
    let study = BenchmarkStudy(
      [
        site("a", at: "p", shares: ["v": 0.8, "ref": 0.5, "w": 0.3]),
        site("b", at: "p", shares: ["v": 0.6, "ref": 0.5, "w": 0.5]),
        site("c", at: "q", shares: ["v": 0.9, "ref": 0.5, "w": 0.1], oracle: "told"),
      ], reference: "ref")
    #expect(study.places == ["p", "q"])
    #expect(study.rows.map(\.version) == ["v", "ref", "self-consumption", "w"])
    let v = study.rows[0]
    #expect((v.sites, v.places) == (3, 2))
    #expect(isClose(v.share, 0.8, absolute: 1e-12))
    #expect(v.halfWidth == nil)
    #expect((v.wins, v.losses, v.ties) == (3, 0, 0))
    #expect(isClose(try #require(v.median), 0.3, absolute: 1e-12))
    #expect(isClose(try #require(v.range).lowerBound, 0.1, absolute: 1e-12))
    #expect(isClose(try #require(v.range).upperBound, 0.4, absolute: 1e-12))
    #expect(v.meanRank == 1)
    #expect(v.probability == nil)
    #expect(isClose(try #require(v.relativeError), 1.5, absolute: 1e-12))
    let w = try #require(study.rows.last)
    #expect((w.wins, w.losses, w.ties) == (0, 2, 1))
    #expect(isClose(try #require(w.meanRank), 3.625, absolute: 1e-12))
    let reference = study.rows[1]
    #expect(reference.ties == 3 && reference.median == nil && reference.probability == nil)
  }

  // Seven places, at each of which v is better and w worse than the reference, and the rule worse by 0.1: alone
  // each has 2 / 2⁷ = 0.015625; three are tested, so each has 0.046875 after Holm. The shares of v are 0.6 to 0.9
  // in steps of 0.05: mean 0.75, deviation 0.108012, t(6) 2.446912: ± 0.099895.
  @Test("enough places are tested with Holm's correction") func tested() throws {
    let sites = (0..<7).map { n in
      site(
        "s\(n)", at: "p\(n)",
        shares: ["v": 0.6 + 0.05 * Double(n), "ref": 0.5, "w": 0.3 - 0.01 * Double(n)])
    }
    let study = BenchmarkStudy(sites, reference: "ref")
    let v = try #require(study.rows.first)
    #expect(v.version == "v")
    #expect(isClose(try #require(v.probability), 0.046875, absolute: 1e-12))
    #expect(isClose(try #require(v.halfWidth), 0.099895, absolute: 1e-6))
    #expect(study.rows.filter { $0.probability != nil }.count == 3)
    let few = BenchmarkStudy(Array(sites.prefix(5)), reference: "ref")
    #expect(few.rows.allSatisfy { $0.probability == nil })
  }

  @Test("versions of some sites stand below, without a rank") func partial() {
    let study = BenchmarkStudy(
      [
        site("a", at: "p", shares: ["ref": 0.5, "own": 0.99]),
        site("b", at: "q", shares: ["ref": 0.5]),
      ], reference: "ref")
    #expect(study.rows.map(\.version) == ["ref", "self-consumption", "own"])
    #expect(study.rows[2].meanRank == nil && study.rows[2].sites == 1)
  }

  @Test("where perfect forecasts save nothing there is no share") func nothing() {
    let result = BenchmarkSite.Result(version: "ref", cost: 10, share: nil)
    let idle = BenchmarkSite(
      name: "idle", place: "r", currency: "EUR", start: 0, end: 86_400, noBattery: 10, oracle: 10,
      rule: BenchmarkSite.Result(version: BenchmarkSite.ruleName, cost: 10, share: nil),
      versions: [result])
    let study = BenchmarkStudy(
      [site("a", at: "p", shares: ["ref": 0.5]), idle], reference: "ref")
    #expect(study.places == ["p"])
    #expect(study.rows.map(\.sites) == [1, 1])
    #expect(study.rows[0].meanRank == 1)
  }
}
