import Replay
import Reports
import SiteSupport
import Testing

@testable import Studies
@testable import Twin

@Suite("Verdict of a stress study") struct StressVerdictTests {
  /// A policy with the cost of each month in each case, the hours above the limit and the life used.
  private struct Policy {
    var name: String
    var monthlyCosts: [[Double]]
    var hours = 0.0
    var life = 0.0
  }

  /// The first line of a study whose cells cost what is stated.
  private func verdict(_ policies: [Policy]) throws -> String {
    let cells = try policies.flatMap { policy in
      try policy.monthlyCosts.enumerated().map { index, costs in
        let months = costs.enumerated().map { month, cost in
          MonthCosts(
            label: "2025-\(month < 9 ? "0" : "")\(month + 1)", month: month + 1,
            energyByDay: [Double](repeating: cost / 30, count: 30))
        }
        let cost = costs.reduce(0, +)
        var outcome = try PaperSite.outcome(policy.name, cost: cost, months: months)
        var ledger = TwinLedger()
        ledger.secondsAboveLimit = policy.hours * 3600
        ledger.lifeUsedFraction = policy.life
        outcome.ledger = ledger
        return StressCell(
          policy: policy.name, fault: "none", weather: "\(index)", outcome: outcome,
          costDelta: cost,
          violations: 0)
      }
    }
    let study = StressStudy(cells: cells, policies: policies.map(\.name))
    let text = StressReport(study, of: try PaperSite.idleDay(), versionName: "v").text
    return String(text.prefix { $0 != "\n" })
  }

  private func year(_ cost: Double) -> [Double] { [Double](repeating: cost, count: 12) }

  // 12 months of 1 more, in both cases.
  @Test("the cheapest policy that protects as much as any is to be taken") func take() throws {
    #expect(
      try verdict([
        Policy(name: "a", monthlyCosts: [year(10), year(12)]),
        Policy(name: "b", monthlyCosts: [year(11), year(13)]),
      ])
        == "Take 'a': no policy lets a cell above its limit of 45 °C, and it is the cheapest; over 1 day, on the "
        + "mean of 2 cases of fault and weather, it costs 12.00 EUR less than 'b' (95 % interval 12.00 to 12.00)."
    )
  }

  // 12 more for half a hundredth of the life: 2400.
  @Test("the price of a battery from which a dearer policy pays is told") func batteryPrice() throws
  {
    let found = try verdict([
      Policy(name: "a", monthlyCosts: [year(10)], life: 0.02),
      Policy(name: "b", monthlyCosts: [year(11)], life: 0.015),
    ])
    #expect(
      found.hasPrefix("Take 'a', or 'b' where a battery costs more than 2400 EUR: no policy lets"))
    #expect(found.hasSuffix("; life used 2.0 % against 1.5 % under 'b'."))
  }

  // 24 more in one case and nothing in the other: 12 on the mean, for half a hundredth of the life: 2400. The
  // late policy costs 6 for a fifth of a hundredth: 3000.
  @Test("a policy that protects and costs more is told with its price and what it spares")
  func price() throws {
    #expect(
      try verdict([
        Policy(name: "none", monthlyCosts: [year(8), year(10)], hours: 6, life: 0.02),
        Policy(name: "late", monthlyCosts: [year(9), year(10)], hours: 1, life: 0.018),
        Policy(name: "early", monthlyCosts: [year(10), year(10)], life: 0.015),
      ])
        == "Protection has a price: under 'early' cells stay within their limit of 45 °C, against 12.0 h under "
        + "'none' and 2.0 h under 'late'; over 1 day, on the mean of 2 cases of fault and weather, it costs 12.00 "
        + "EUR more than 'none' (95 % interval 12.00 to 12.00) and 6.00 EUR more than 'late' (95 % interval 6.00 "
        + "to 6.00); life used 1.5 % against 2.0 % under 'none' and 1.8 % under 'late'; what 'early' spares "
        + "of it is worth its price where a battery costs more than 2400 EUR.")
  }

  // Months are 2 below and 1 above in turn: ± 13.57, as in `VerdictTests`.
  @Test("a difference that may be luck is told as such") func luck() throws {
    let found = try verdict([
      Policy(name: "a", monthlyCosts: [(0..<12).map { $0 % 2 == 0 ? 8 : 11 }]),
      Policy(name: "b", monthlyCosts: [year(10)]),
    ])
    #expect(
      found.hasSuffix(
        "; over 1 day it costs 6.00 EUR less than 'b' (may be luck, 95 % interval -7.57 to 19.57).")
    )
  }

  @Test("policies that do the same cannot be told apart, and one alone is told as such")
  func alike() throws {
    #expect(
      try verdict([
        Policy(name: "a", monthlyCosts: [year(10)], hours: 2),
        Policy(name: "b", monthlyCosts: [year(10)], hours: 2),
      ])
        == "The policies cannot be told apart: over 1 day all cost the same, and cells are above their limit of "
        + "45 °C for 2.0 h under each.")
    #expect(
      try verdict([Policy(name: "a", monthlyCosts: [year(10)])])
        == "'a' alone was tried: cells stay within their limit of 45 °C; there is no policy to compare it with."
    )
  }
}
