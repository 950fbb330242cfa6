import Replay
import SiteSupport
import Studies
import TestSupport
import Testing
import TimeSeries

@Suite("Audit of accuracy measures") struct MeasureAuditTests {
  private func audits(
    _ versions: [(name: String, cost: Double, errors: [Quantity: [Double]])]
  ) throws -> [MeasureAudit] {
    let none = try PaperSite.outcome("none", cost: 20)
    return ForecastComparison(
      noBattery: none, selfConsumption: none, oracle: none,
      foresight: try ForesightBound(PaperSite.idleDay()),
      planned: try versions.map {
        ForecastComparison.PlannedRun(
          forecast: $0.name,
          outcome: try PaperSite.outcome($0.name, cost: $0.cost, errors: $0.errors))
      }
    ).audits
  }

  // MAE: a 0.3, b 0.25, c 0.4; RMSE: a 0.3, b √(0.25/2) = 0.354, c 0.4. Costs rank a, c, b.
  // Spearman 1 − 6·Σd²/(n·(n² − 1)): MAE ranks 2, 1, 3 against 1, 3, 2: d² = 1, 4, 1: −0.5.
  // RMSE ranks 1, 2, 3 against 1, 3, 2: d² = 0, 1, 1: 0.5.
  @Test("each measure picks the version with the smallest error and pays for its choice")
  func picks() throws {
    let audits = try audits([
      ("b", 12, [.load: [0, 0.5]]), ("a", 10, [.load: [0.3, -0.3]]),
      ("c", 11, [.load: [0.4, 0.4]]),
    ])
    #expect(audits.map(\.measure) == ["load MAE", "load RMSE"])
    #expect(audits.map(\.picked) == ["b", "a"])
    #expect(audits.map(\.extraCost) == [2, 0])
    #expect(isClose(try #require(audits[0].rankCorrelation), -0.5, absolute: 1e-12))
    #expect(isClose(try #require(audits[1].rankCorrelation), 0.5, absolute: 1e-12))
  }

  @Test("two versions have no rank correlation")
  func twoVersions() throws {
    let audits = try audits([("a", 10, [.load: [0.3]]), ("b", 12, [.load: [0.2]])])
    #expect(audits.map(\.picked) == ["b", "b"])
    #expect(audits.allSatisfy { $0.rankCorrelation == nil })
  }

  @Test("a measure that does not tell the versions apart picks none")
  func indifferent() throws {
    #expect(try audits([("a", 10, [.load: [0.3]]), ("b", 12, [.load: [-0.3]])]).isEmpty)
  }

  @Test("equal smallest errors give the cheaper of the versions the benefit of the doubt")
  func ties() throws {
    let audits = try audits([
      ("b", 12, [.load: [0.2]]), ("a", 10, [.load: [0.2]]), ("c", 11, [.load: [0.4]]),
    ])
    #expect(audits.map(\.picked) == ["a", "a"])
    #expect(audits.map(\.extraCost) == [0, 0])
    // MAE ranks 1.5, 1.5, 3 against the costs' 3, 1, 2: Pearson 0.
    #expect(isClose(try #require(audits[0].rankCorrelation), 0, absolute: 1e-12))
  }

  @Test("a quantity that one version does not forecast is not audited")
  func missing() throws {
    let audits = try audits([
      ("a", 10, [.load: [0.3], .pv: [1]]), ("b", 12, [.load: [0.2]]),
    ])
    #expect(audits.map(\.measure) == ["load MAE", "load RMSE"])
    let all = try self.audits([
      ("a", 10, [.load: [0.3], .pv: [1], .price: [0.01]]),
      ("b", 12, [.load: [0.2], .pv: [2], .price: [0.02]]),
    ])
    #expect(
      all.map(\.measure) == [
        "load MAE", "load RMSE", "pv MAE", "pv RMSE", "price MAE", "price RMSE",
      ])
    #expect(all.map(\.picked) == ["b", "b", "a", "a", "a", "a"])
  }
}
